// One finding, in a dialog: who, what was owed, what was measured, by how much, and why.
const pictured = window.trustedTypes ? window.trustedTypes.createPolicy('picture', { createHTML: (text) => text }) : { createHTML: (text) => text };

// A picture of ours as an element; anything in it that is no drawing is left behind.
function drawing(text) {
  const parsedText = new DOMParser().parseFromString(pictured.createHTML(text), 'image/svg+xml');
  const root = parsedText.documentElement;
  return root.localName === 'svg' ? document.importNode(root, true) : null;
}

function facts(pairs) {
  return el('dl', { class: 'facts' }, pairs.filter(([, value]) => value !== null && value !== undefined).flatMap(([key, value]) => [el('dt', null, key), el('dd', null, value)]));
}

function measured(i) {
  if (!Number.isNaN(rows.at.done[i])) return moment('done', i);
  return Number.isNaN(rows.at.due[i]) ? null : w('findings.not_done');
}

function byHowMuch(i) {
  const left = rows.whole.margin_s[i];
  if (!Number.isNaN(rows.whole.late_s[i])) return w('findings.late', { duration: duration(rows.whole.late_s[i]) });
  return Number.isNaN(left) ? null : w('findings.left', { duration: duration(left) });
}

// Where the text says a clause: the place, and the lines of the source.
function ofText(clause) {
  const [, text, lines, foreign] = FACTS.clauses[clause] ?? [clause, '', '', false];
  return [foreign ? english(text) : given(text), lines];
}

function known(i) {
  const clause = name('clause', i);
  const strength = name('strength', i);
  const no = ['target', 'estimate'].includes(strength) && name('verdict', i) === 'breached' ? `; ${w('html.no_breach')}` : '';
  const turns = name('turns', i);
  const missing = name('missing', i);
  return facts([
    [w('column.ticket'), rows.ticket[i] ? given(rows.ticket[i]) : w('html.whole_agreement')],
    [w('column.agreement'), given(name('agreement', i))],
    [w('column.clause'), el('code', null, clause)],
    [w('column.cite'), ofText(clause)],
    [w('column.strength'), `${[said('strength', strength), name('party', i) ? said('party', name('party', i)) : ''].filter(Boolean).join(', ')}${no}`],
    ...FACTS.ranked.map((x) => [said('html.ranked', x), name(`ranked.${x}`, i) === null ? null : given(name(`ranked.${x}`, i))]),
    [w('column.opened'), Number.isNaN(rows.at.opened[i]) ? null : moment('opened', i)],
    [w('html.due'), Number.isNaN(rows.at.due[i]) ? null : moment('due', i)],
    [w('html.done'), measured(i)],
    [w('html.by_how_much'), byHowMuch(i)],
    [w('column.zone'), name('zone', i)],
    [w('column.reason'), name('because', i) === null ? w('findings.no_reason') : english(name('because', i))],
    [w('column.missing'), missing?.length ? el('ul', { class: 'plain' }, texts(missing)) : null],
    [w('column.turns'), turns?.length ? el('ul', { class: 'plain' }, turns.map(turn)) : null],
    [w('column.place'), given(place(i))],
  ]);
}

// A question of an ambiguity, or what a reading means: in the language of the page, where the contract has words in it.
const asks = (known, text) => (known?.foreign ?? true ? english(text) : given(text));
const means = (r, reading, text) => asks(FACTS.readings[r.ambiguity], FACTS.readings[r.ambiguity]?.means[reading] ?? text);

function turn(text) {
  const cut = text.lastIndexOf('=');
  const reading = text.slice(0, cut);
  const known = FACTS.readings[reading.split('.')[0]];
  return el('li', null, known ? [asks(known, known.question), ' '] : null, el('code', null, reading), ' \u2192 ', verdict(text.slice(cut + 1), false));
}

function timeline(line, svg) {
  const events = line.events.map((e) => {
    const saidOf = Object.entries(e.said).map(([key, value]) => `${key} = ${typeof value === 'string' ? value : JSON.stringify(value)}`).join(', ');
    return el('li', null, `${instantOf(e.at)} `, el('span', { class: e.cited ? 'cited' : null }, english(e.event)), saidOf ? [': ', english(saidOf)] : null,
      e.cited ? ` (${w('html.cited')})` : null);
  });
  return [
    el('h3', null, w('picture.timeline')),
    svg ? el('div', { class: 'picture', tabindex: '0', role: 'group', 'aria-label': w('picture.timeline') }, drawing(svg)) : null,
    el('details', { open: events.length <= 12 }, el('summary', null, w('count.events', events.length)), el('ol', { class: 'events' }, events)),
    line.events_left_out ? el('p', { class: 'dim' }, w('picture.left_out', line.events_left_out)) : null,
    line.gaps.length ? el('ul', null, line.gaps.map((g) => el('li', null, `${w('picture.gap')}: ${instantOf(g.from)} \u2013 ${instantOf(g.to)}`))) : null,
  ];
}

function readings(e) {
  const turning = e.readings.filter((r) => r.others.some((o) => o.turns));
  const silent = e.readings.filter((r) => !turning.includes(r));
  return [
    turning.length ? el('h3', null, w('html.both_readings')) : null,
    ...turning.map((r) => el('div', null, el('p', null, asks(FACTS.readings[r.ambiguity], FACTS.readings[r.ambiguity]?.question ?? r.question), ' ', el('code', null, r.ambiguity)),
      el('table', null, el('caption', { class: 'hush' }, w('html.both_readings')), el('thead', null, el('tr', null, ['column.reading', 'column.means', 'column.verdict'].map((key) => el('th', { scope: 'col' }, w(key))))),
        el('tbody', null,
          el('tr', null, el('th', { scope: 'row' }, el('code', null, r.taken), ` (${w('html.taken')})`), el('td', null, means(r, r.taken, r.means)), el('td', null, verdict(e.verdict, false))),
          r.others.map((o) => el('tr', null, el('th', { scope: 'row' }, el('code', null, o.reading)), el('td', null, means(r, o.reading, o.means)), el('td', null, verdict(o.verdict, false)))))))),
    silent.length ? el('p', { class: 'dim' }, `${w('html.without_effect')}: `, silent.map((r) => r.ambiguity).join(', ')) : null,
  ];
}

function because(e) {
  const occasions = e.occasions.map((o) => occasion(o, o.at - 1 === e.deciding));
  const more = e.occasions_in_all - e.occasions.length;
  const words = Object.entries(e.words ?? {});
  return [
    el('h3', null, w('html.what_decided')),
    FACTS.language === 'en' ? null : el('p', { class: 'dim' }, w('findings.in_english')),
    ...occasions,
    more > 0 ? el('p', { class: 'dim' }, w('html.more_occasions', more)) : null,
    (e.stands_for ?? []).length ? el('ul', null, e.stands_for.map((x) => el('li', null, el('code', null, x.clause), ': ', verdict(x.verdict, false), ', ', english(x.because)))) : null,
    ...readings(e),
    (e.would_turn ?? []).length ? [el('h3', null, w('html.would_turn')), el('ul', null, texts(e.would_turn))] : null,
    words.length ? el('details', null, el('summary', null, w('html.contract_words')),
      el('dl', { lang: 'en' }, words.flatMap(([key, lines]) => [el('dt', null, el('code', null, key)), el('dd', null, lines.map((text) => el('div', null, text)))]))) : null,
  ];
}

function command(i) {
  const asks = { contract: FACTS.contract, agreement: name('agreement', i), ticket: rows.ticket[i], clause: name('clause', i) };
  const words = Object.entries(asks).filter(([, value]) => value).map(([key, value]) => `--${key} ${quoted(value)}`);
  return `servanda explain ${words.join(' ')} \u2026`;
}

async function opened(of) {
  const dialog = byId('detail');
  const i = rowOf(Number(of));
  const close = el('button', { type: 'button' }, w('html.close'));
  close.addEventListener('click', () => dialog.close());
  const head = (title) => el('div', { class: 'head' }, el('h2', { id: 'detail-title', tabindex: '-1' }, title), close);
  if (i === undefined) dialog.replaceChildren(head(w('html.not_here')), el('p', null, w('html.not_here_means', { n: of })));
  else {
    const title = [given(rows.ticket[i] || name('agreement', i)), `: ${titleOf(name('clause', i))}`];
    const more = el('div', null, rows.explained[i] ? el('p', { role: 'status' }, w('html.loading')) : el('p', null, w('html.not_explained'), ' ',
      el('code', null, command(i))));
    dialog.replaceChildren(head(title), el('p', null, verdict(name('verdict', i), rows.contested[i], name('strength', i))), known(i), more);
    if (rows.explained[i]) {
      explanation(of).then((found) => {
        if (asked.open !== of) return;
        more.replaceChildren(...(found ? [...timeline(found.timeline, found.picture), ...because(found.explanation)].flat(3).filter(Boolean) : [el('p', null, w('html.not_explained'))]));
      });
    }
  }
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
  byId('detail-title').focus();
}

function closed() {
  if (byId('detail').open) byId('detail').close();
}
