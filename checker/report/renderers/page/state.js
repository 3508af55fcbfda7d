// What is asked for stands in the address, after #?, so that a link reproduces the view and the browser's back and forward work.
const FACETS = ['clause', 'verdict', 'strength', 'month'].concat(FACTS.ranked.map((x) => `ranked.${x}`));
// `agreement` is the whole name of one; `agreements` is a part of the names of some.
const ASKED = { list: 'exceptions', q: '', agreement: '', agreements: '', sort: 'number', page: '1', size: '50', open: '' };
for (const facet of FACETS) ASKED[facet] = '';
const LISTS = ['all', 'exceptions', 'contested', 'undetermined'];
const SIZES = ['50', '100', '500'];

let asked = { ...ASKED };

function parsed(hash) {
  const out = { ...ASKED };
  for (const [key, value] of new URLSearchParams(hash.slice(2))) {
    if (Object.hasOwn(ASKED, key)) out[key] = value;
  }
  if (!LISTS.includes(out.list)) out.list = ASKED.list;
  if (!SIZES.includes(out.size)) out.size = ASKED.size;
  if (!/^[1-9]\d{0,8}$/.test(out.page)) out.page = '1';
  if (!/^\d{0,9}$/.test(out.open)) out.open = '';
  if (!Object.hasOwn(ORDERS, out.sort.replace(/^-/, ''))) out.sort = ASKED.sort;
  return out;
}

function written(state) {
  const out = new URLSearchParams();
  for (const key of Object.keys(ASKED)) {
    if (state[key] !== ASKED[key] || key === 'list') out.set(key, state[key]);
  }
  return `#?${out}`;
}

const linked = (changes) => written({ ...asked, ...changes });

// Go to another view. `quietly`: in the place of this one, as when a word is still being typed.
function go(changes, quietly = false) {
  const next = linked(changes);
  if (next === written(asked)) return;
  window.history[quietly ? 'replaceState' : 'pushState'](null, '', next);
  show(parsed(next));
}

// --------------------------------------------------------------------------- sifting
const lower = (text) => text.toLowerCase();
let tickets = null;

// The rows that a view asks for, and, for each facet, how many rows each of its values would leave.
function sifted(state) {
  const out = [];
  const left = Object.fromEntries(FACETS.map((facet) => [facet, new Uint32Array(rows.names[facet].length)]));
  const chosen = FACETS.filter((facet) => state[facet] !== '');
  const codes = chosen.map((facet) => rows.names[facet].findIndex((value) => keyOf(value) === state[facet]));
  const columns = FACETS.map((facet) => rows.of[facet]);
  const asks = chosen.map((facet) => rows.of[facet]);
  const breached = rows.names.verdict.indexOf('breached');
  const undetermined = rows.names.verdict.indexOf('undetermined');
  const q = lower(state.q.trim());
  if (q && !tickets) tickets = rows.ticket.map(lower);
  const part = lower(state.agreements.trim());
  const agreements = state.agreement || part
    ? rows.names.agreement.map((value) => (!state.agreement || value === state.agreement) && lower(value).includes(part)) : null;
  for (let i = 0; i < rows.count; i += 1) {
    const is = rows.of.verdict[i];
    if (state.list === 'exceptions' && is !== breached) continue;
    if (state.list === 'undetermined' && is !== undetermined) continue;
    if (state.list === 'contested' && !rows.contested[i]) continue;
    if (agreements && !agreements[rows.of.agreement[i]]) continue;
    if (q && !tickets[i].includes(q)) continue;
    let missed = -1;
    let misses = 0;
    for (let k = 0; k < asks.length && misses < 2; k += 1) {
      if (asks[k][i] !== codes[k]) {
        misses += 1;
        missed = k;
      }
    }
    if (misses === 0) {
      out.push(i);
      for (let k = 0; k < FACETS.length; k += 1) left[FACETS[k]][columns[k][i]] += 1;
    } else if (misses === 1) {
      left[chosen[missed]][asks[missed][i]] += 1;
    }
  }
  return { found: out, left };
}

// A value of a facet as the address has it: what is not stated is a minus sign.
const keyOf = (value) => (value === null ? '-' : value);

// --------------------------------------------------------------------------- sorting
const ranks = new Map();

// Whole numbers in the order of texts; those within them by their size, so that T-9 comes before T-10.
function ranked(column) {
  if (ranks.has(column)) return ranks.get(column);
  let out;
  if (column === 'ticket') {
    const keys = rows.ticket.map((text) => text.replace(/\d+/g, (digits) => digits.padStart(12, '0')));
    const order = Uint32Array.from(keys.keys()).sort((a, b) => (keys[a] < keys[b] ? -1 : keys[a] > keys[b] ? 1 : 0));
    out = new Float64Array(order.length);
    let rank = 0;
    order.forEach((i, at) => {
      if (at && keys[i] !== keys[order[at - 1]]) rank += 1;
      out[i] = rank;
    });
  } else {
    const names = rows.names[column];
    const order = [...names.keys()].sort((a, b) => COLLATOR.compare(shownAs(column, names[a]), shownAs(column, names[b])));
    const of = new Float64Array(names.length);
    order.forEach((code, at) => { of[code] = names[code] === null ? NaN : at; });
    out = Float64Array.from(rows.of[column], (code) => of[code]);
  }
  ranks.set(column, out);
  return out;
}

// Seconds since 1970 in UTC: what clocks on walls of several zones show is in no order.
function passed(column) {
  if (!ranks.has(column)) {
    const ahead = rows.offsets.map(secondsOf);
    ranks.set(column, rows.at[column].map((at, i) => at - (ahead[rows.offset[column][i]] ?? 0)));
  }
  return ranks.get(column);
}

const ORDERS = {
  number: () => rows.number,
  ticket: () => ranked('ticket'),
  agreement: () => ranked('agreement'),
  clause: () => ranked('clause'),
  verdict: () => ranked('verdict'),
  strength: () => ranked('strength'),
  opened: () => passed('opened'),
  due: () => passed('due'),
  done: () => passed('done'),
  late: () => rows.whole.late_s,
};
for (const facet of FACTS.ranked) ORDERS[`ranked.${facet}`] = () => ranked(`ranked.${facet}`);

// Rows in the order that is asked for; those without a value come last either way, equals in the order of the record.
function sorted(found, sort) {
  if (sort === 'number') return found;
  const down = sort.startsWith('-');
  const by = ORDERS[sort.replace(/^-/, '')]();
  const sign = down ? -1 : 1;
  const some = found.filter((i) => !Number.isNaN(by[i]));
  const none = found.filter((i) => Number.isNaN(by[i]));
  some.sort((a, b) => sign * (by[a] - by[b]) || a - b);
  return some.concat(none);
}

// A name as a reader sees it.
function shownAs(column, value) {
  if (value === null) return w('html.not_stated');
  if (column === 'verdict' || column === 'strength' || column === 'party') return said(column, value);
  if (column === 'month') return month(value);
  if (column === 'clause') return `${titleOf(value)} (${value})`;
  return value;
}
