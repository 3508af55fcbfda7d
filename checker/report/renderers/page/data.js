// The findings, unpacked into columns: names as places in lists that hold each name once, instants and lengths as numbers (NaN: none).
const NAMED = ['agreement', 'clause', 'verdict', 'strength', 'party', 'month', 'zone', 'file', 'because', 'turns', 'missing']
  .concat(FACTS.ranked.map((name) => `ranked.${name}`));
const INSTANTS = ['opened', 'due', 'done'];
const LENGTHS = ['margin_s', 'late_s', 'line'];

const rows = { count: 0, ticket: [], names: {}, of: {}, at: {}, offset: {}, offsets: [], whole: {}, number: null, contested: null, explained: null };

function bytesOf(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const plain = atob(text);
  const out = new Uint8Array(plain.length);
  for (let i = 0; i < plain.length; i += 1) out[i] = plain.charCodeAt(i);
  return out;
}

async function inflated(text) {
  const stream = new Blob([bytesOf(text)]).stream().pipeThrough(new DecompressionStream('deflate'));
  return JSON.parse(await new Response(stream).text());
}

function list(known, names, value) {
  const key = typeof value === 'string' ? value : JSON.stringify(value);
  let at = known.get(key);
  if (at === undefined) {
    at = names.length;
    known.set(key, at);
    names.push(value);
  }
  return at;
}

async function unpack() {
  const pieces = [...document.querySelectorAll('script.findings')];
  const total = pieces.reduce((sum, piece) => sum + Number(piece.dataset.count), 0);
  const known = { offset: new Map() };
  for (const name of NAMED) {
    known[name] = new Map();
    rows.names[name] = [];
    rows.of[name] = new Uint32Array(total);
  }
  for (const name of INSTANTS) {
    rows.at[name] = new Float64Array(total).fill(NaN);
    rows.offset[name] = new Uint16Array(total);
  }
  for (const name of LENGTHS) rows.whole[name] = new Float64Array(total).fill(NaN);
  rows.number = new Uint32Array(total);
  for (const name of ['contested', 'explained']) rows[name] = new Uint8Array(total);
  for (const piece of pieces) {
    add(await inflated(piece.textContent), known);
    piece.remove();
  }
}

function add(piece, known) {
  const base = rows.count;
  const { count } = piece;
  for (const name of NAMED) {
    const codes = piece.names[name].map((value) => list(known[name], rows.names[name], value));
    const from = piece.of[name];
    const to = rows.of[name];
    for (let i = 0; i < count; i += 1) to[base + i] = codes[from[i]];
  }
  const offsets = piece.names.offset.map((value) => list(known.offset, rows.offsets, value));
  for (const name of INSTANTS) {
    const from = piece.at[name];
    for (let i = 0; i < count; i += 1) {
      if (from[i] === null) continue;
      const opened = name === 'opened' ? 0 : piece.at.opened[i] ?? 0;
      rows.at[name][base + i] = from[i] + opened;
      rows.offset[name][base + i] = offsets[piece.offset[name][i]];
    }
  }
  for (const name of ['margin_s', 'late_s']) {
    for (let i = 0; i < count; i += 1) rows.whole[name][base + i] = piece.whole[name][i] ?? NaN;
  }
  let line = 0;
  let at = 0;
  for (let i = 0; i < count; i += 1) {
    at += piece.whole.number[i];
    rows.number[base + i] = at;
    if (piece.whole.line[i] !== null) {
      line += piece.whole.line[i];
      rows.whole.line[base + i] = line;
    }
    rows.contested[base + i] = piece.whole.contested[i];
    rows.explained[base + i] = piece.whole.explained[i];
    rows.ticket.push(piece.text.ticket[i]);
  }
  rows.count += count;
}

const name = (column, i) => rows.names[column][rows.of[column][i]];
const moment = (column, i) => instant(rows.at[column][i], rows.offsets[rows.offset[column][i]] ?? '');

function place(i) {
  const line = rows.whole.line[i];
  return Number.isNaN(line) ? name('file', i) : `${name('file', i)}:${line}`;
}

// The row of a finding by its number, which grows from row to row; undefined where the page has none.
function rowOf(of) {
  let from = 0;
  let to = rows.count - 1;
  while (from <= to) {
    const middle = (from + to) >> 1;
    if (rows.number[middle] === of) return middle;
    if (rows.number[middle] < of) from = middle + 1;
    else to = middle - 1;
  }
  return undefined;
}

// The explanation of a finding by its number, or null where the page has none.
async function explanation(of) {
  for (const piece of document.querySelectorAll('script.explanations')) {
    const at = piece.dataset.numbers.split(' ').indexOf(String(of));
    if (at >= 0) return (await inflated(piece.textContent))[at];
  }
  return null;
}
