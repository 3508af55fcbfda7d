// What decided, from an explanation: gates with what they rest on, sentences with their limits and clocks.
const items = (found, cls) => (found.length ? el('ul', { class: cls ?? 'proof' }, found) : null);
const texts = (found) => (found ?? []).map((text) => el('li', null, english(text)));

function truth(value, labels) {
  const [sign, word] = labels[value];
  return el('span', { class: `truth truth-${value}` }, el('span', { 'aria-hidden': 'true' }, `${sign} `), `${word}: `);
}

const HOLDS = { true: ['\u2713', w('yes')], false: ['\u2717', w('no')], unknown: ['?', w('html.unknown')] };
const BITES = { true: ['\u2713', w('html.does_not_bite')], false: ['\u2717', w('html.bites')], unknown: ['?', w('html.unknown')] };
const SUPERSEDED = { true: ['\u2717', w('html.gives_way')], false: ['\u2713', w('html.gives_no_way')], unknown: ['?', w('html.unknown')] };

// The parts by which a condition is what it is: all of a true "all of", one of a false one, and so on.
function deciding(p) {
  const other = { true: 'false', false: 'true', unknown: 'unknown' };
  let is = p.negated ? other[p.truth] : p.truth;
  let joined = p.joined ?? 'all';
  if (joined === 'none' && is !== 'unknown') [joined, is] = ['any', other[is]];
  if (is === 'unknown') return p.parts.filter((x) => x.truth === 'unknown');
  const one = joined === 'any' ? 'true' : 'false';
  return is === one ? p.parts.filter((x) => x.truth === one).slice(0, 1) : p.parts;
}

function proof(p) {
  return el('li', null, truth(p.truth, HOLDS), english(p.text), items([...texts(p.rests_on), ...deciding(p).map(proof)]));
}

function inner(p) {
  return [...texts(p.rests_on), ...deciding(p).map(proof)];
}

function gate(g) {
  if (g.kind === 'superseded') {
    const others = (g.others ?? []).map((x) => el('li', null, truth(x.takes_over, SUPERSEDED), english(x.title || x.clause), ' ', el('code', null, x.clause),
      items([...(x.why ? texts([x.why]) : []), ...(x.gates ?? []).map(proof)])));
    return [...others, ...texts(g.causes)];
  }
  return [el('li', null, truth(g.passes, g.kind === 'save' ? BITES : HOLDS), english(g.text), items([...(g.proof ? inner(g.proof) : []), ...texts(g.causes)]))];
}

function between(m) {
  if (!m) return w('html.unknown');
  if ('at' in m) return instantOf(m.at);
  return w('html.between_instants', { first: instantOf(m.no_sooner_than), last: instantOf(m.no_later_than) });
}

function clock(c) {
  const limit = `${duration(c.limit_s)}, ${c.counts}`;
  const body = c.ledger.map((row) => el('tr', null,
    el('td', null, w(`picture.${row.kind}`)), el('td', null, instantOf(row.from)), el('td', null, instantOf(row.to)),
    el('td', { class: 'n' }, duration(row.seconds)), el('td', null, english(row.why ?? ''))));
  return el('div', null,
    el('p', null, `${w('column.limit')}: `, english(limit), `; ${w('picture.start')}: ${instantOf(c.start)}; ${w('picture.due')}: ${instantOf(c.due)}`),
    el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': w('html.clock') },
      el('table', null, el('caption', null, w('html.clock')),
        el('thead', null, el('tr', null, ['html.kind_of_time', 'html.from', 'html.to', 'html.length', 'column.reason'].map((key, i) => el('th', { scope: 'col', class: i === 3 ? 'n' : null }, w(key))))),
        el('tbody', null, body))));
}

function term(t) {
  const lines = [`${t.length}${t.law ? ` (${t.law})` : ''}${t.calendar ? ` (${t.calendar})` : ''}: ${t.first_day}`];
  for (const x of t.skipped ?? []) lines.push(`${x.day}: ${x.why}`);
  for (const x of t.moved_over ?? []) lines.push(`${x.day}: ${x.why}`);
  lines.push(`${t.ends_on ?? t.last_day} \u2192 ${t.last_day}: ${t.due}`);
  return items(texts(lines));
}

function limit(x) {
  const steps = x.steps.map((step) => el('li', null, english(step.text), `: ${between(step.to)}`, step.term ? term(step.term) : step.clock ? clock(step.clock) : null));
  return el('li', null, english(x.text), `: ${between(x.at)}`, items(steps));
}

function sentence(s) {
  const told = [
    el('li', null, english(s.finding)),
    ...texts(s.notes), ...texts(s.causes),
    ...(s.because_of ?? []).slice(0, 6).map((text) => el('li', null, `${w('html.rests_on')}: `, english(text))),
    ...(s.refusals ?? []).map((text) => el('li', null, `${w('html.refused_by')}: `, english(text))),
    ...(s.passed_over ?? []).map((text) => el('li', null, `${w('html.did_not_count')}: `, english(text))),
    ...(s.parts ?? []).map(proof),
  ];
  // A limit whose only step is the sentence's own clock is told by that clock, which goes on to what was done.
  const plain = (x) => s.clock && x.steps.length <= 1 && (!x.steps.length || 'clock' in x.steps[0]);
  const limits = s.limits.filter((x) => !plain(x)).map(limit);
  return el('li', null, english(s.text), items([...told, ...limits]), s.clock ? clock(s.clock) : null);
}

function occasion(o, decides) {
  return el('details', { open: decides },
    el('summary', null, verdict(o.verdict, false), ' ', o.start ? `${instantOf(o.start)}: ` : '', english(o.because), decides ? ` (${w('html.it_decides')})` : ''),
    items([...o.gates.flatMap(gate), ...o.sentences.map(sentence)]));
}
