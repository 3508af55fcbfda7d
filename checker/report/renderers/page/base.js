// Words, elements, numbers, lengths and instants. Every text reaches the page as a text node, so none of it is ever markup.
const island = (id) => JSON.parse(document.getElementById(id).textContent);
const byId = (id) => document.getElementById(id);
const WORDS = island('words');
const FACTS = island('facts');
const LANGUAGE = FACTS.language;
const PLURALS = new Intl.PluralRules(LANGUAGE);
const COLLATOR = new Intl.Collator(LANGUAGE, { numeric: true });

function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(values, name) ? String(values[name]) : whole));
}

// The text of a key; with a number, the form that goes with it, in which {n} is that number.
function w(key, n, values = {}) {
  let entry = WORDS[key];
  if (typeof n === 'object' && n !== null) [values, n] = [n, undefined];
  if (typeof entry === 'object') {
    const form = PLURALS.select(Math.abs(n));
    entry = entry[form] ?? entry.many;
  }
  return filled(entry, n === undefined ? values : { n: number(n), ...values });
}

const said = (key, code) => (typeof WORDS[`${key}.${code}`] === 'string' ? WORDS[`${key}.${code}`] : code);

function number(n) {
  const digits = String(Math.abs(n));
  if (LANGUAGE === 'pl' && digits.length < 5) return String(n);
  const grouped = digits.replace(/\B(?=(\d{3})+$)/g, LANGUAGE === 'pl' ? '\u00a0' : ',');
  return n < 0 ? `-${grouped}` : grouped;
}

function duration(seconds) {
  if (seconds === null || Number.isNaN(seconds)) return w('none');
  let rest = Math.abs(seconds);
  const out = [];
  for (const [unit, size] of [['d', 86400], ['h', 3600], ['min', 60], ['s', 1]]) {
    const n = Math.floor(rest / size);
    rest -= n * size;
    if (n) out.push(w(`unit.${unit}`, { n_text: number(n) }));
  }
  return out.length ? (seconds < 0 ? '\u2212' : '') + out.join(' ') : w('unit.s', { n_text: '0' });
}

const two = (n) => String(n).padStart(2, '0');

// Local seconds since 1970 and an offset, as the date and the time that a clock on the wall shows.
function instant(at, offset) {
  if (at === null || Number.isNaN(at)) return w('none');
  const d = new Date(at * 1000);
  const day = `${d.getUTCDate()} ${w(`month_of_date.${d.getUTCMonth() + 1}`)} ${d.getUTCFullYear()}`;
  return `${day}, ${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())} ${offset}`.trim();
}

// The seconds of an offset as it is written: `+01:00`; none for an empty one.
function secondsOf(offset) {
  const found = /^([+-])(\d\d):(\d\d)$/.exec(offset);
  return found ? (found[1] === '-' ? -1 : 1) * (Number(found[2]) * 3600 + Number(found[3]) * 60) : 0;
}

function instantOf(text) {
  const found = /^(\d{4,}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?/.exec(text ?? '');
  return found ? instant(Date.parse(`${found[1]}T${found[2]}Z`) / 1000, found[3] ?? '') : text || w('none');
}

// A word of a command as a shell (POSIX, 2.2.2) takes it: all that could mean something to it stands between quotation marks.
const quoted = (text) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

function month(text) {
  const [year, n] = text.split('-');
  return `${w(`month.${Number(n)}`)} ${year}`;
}

// An element with attributes and children; a child that is no node is text, and null is nothing.
function el(name, given, ...children) {
  const out = document.createElement(name);
  for (const [key, value] of Object.entries(given ?? {})) {
    if (value !== null && value !== undefined && value !== false) out.setAttribute(key, value === true ? '' : value);
  }
  out.append(...children.flat().filter((c) => c !== null && c !== undefined));
  return out;
}

// What a record gave, apart from the direction of writing around it; what the judge said, in English.
const given = (text) => el('bdi', null, text);
const english = (text) => el('span', { lang: 'en' }, el('bdi', null, text));

// A verdict with its sign. What is only aimed at or expected is missed, which is no breach of contract.
function verdict(name, contested, strength) {
  const missed = name === 'breached' && (strength === 'target' || strength === 'estimate');
  const text = missed ? w('html.missed') : said('verdict', name);
  const out = [el('span', { class: missed ? 'v v-missed' : `v v-${name}` }, el('span', { 'aria-hidden': 'true' }, w(`sign.${name}`)), ` ${text}`)];
  if (contested) out.push(' ', el('span', { class: 'v v-contested' }, el('span', { 'aria-hidden': 'true' }, w('sign.contested')), ` ${w('html.contested')}`));
  return out;
}

const titleOf = (clause) => FACTS.clauses[clause]?.[0] ?? clause;
