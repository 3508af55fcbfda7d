// The table of findings, a page of it at a time.
const COLUMNS = [
  ['number', w('column.number'), 'n lo', (i) => [number(rows.number[i])]],
  ['ticket', w('column.ticket'), 'whole', ticketCell],
  ['clause', w('column.clause'), 'whole', (i) => [el('span', { class: 'title' }, titleOf(name('clause', i))), ' ', el('code', null, name('clause', i))]],
  ['verdict', w('column.verdict'), '', verdictCell],
  ...FACTS.ranked.map((x) => [`ranked.${x}`, said('html.ranked', x), 'lo', (i) => [given(name(`ranked.${x}`, i) ?? w('none'))]]),
  ['due', w('html.due'), 'moment lo', (i) => momentCell('due', i)],
  ['done', w('html.done'), 'moment lo', (i) => momentCell('done', i)],
  ['late', w('column.late'), 'labelled', lateCell],
  [null, w('column.reason'), 'whole', reasonCell],
];

function ticketCell(i) {
  const link = el('a', { href: linked({ open: String(rows.number[i]) }) }, given(rows.ticket[i] || w('html.whole_agreement')));
  return [link, el('br'), el('span', { class: 'dim' }, given(name('agreement', i)))];
}

function verdictCell(i) {
  return [...verdict(name('verdict', i), rows.contested[i], name('strength', i)), el('br'), el('span', { class: 'dim' }, said('strength', name('strength', i)))];
}

// The day and, in a line of its own, the time.
function momentCell(column, i) {
  const [day, ...time] = moment(column, i).split(', ');
  return [day, time.length ? [' ', el('span', { class: 'time' }, time.join(', '))] : null].flat();
}

function lateCell(i) {
  if (!Number.isNaN(rows.whole.late_s[i])) return [duration(rows.whole.late_s[i])];
  if (name('verdict', i) === 'breached' && !Number.isNaN(rows.at.due[i]) && Number.isNaN(rows.at.done[i])) return [w('findings.not_done')];
  return [w('none')];
}

function reasonCell(i) {
  const because = name('because', i);
  return [because === null ? el('span', { class: 'dim' }, w('findings.no_reason')) : el('span', { class: 'cut' }, english(because))];
}

function headed() {
  const row = byId('table').tHead.rows[0];
  for (const [key, text, kind] of COLUMNS) {
    const cell = el('th', { scope: 'col', class: kind || null, 'data-sort': key });
    if (key === null) cell.append(text);
    else {
      const button = el('button', { type: 'button' }, text);
      button.addEventListener('click', () => go({ sort: asked.sort === key ? `-${key}` : key, page: '1' }));
      cell.append(button);
    }
    row.append(cell);
  }
}

let shown = null;
let found = [];
let order = [];

function draw(state) {
  const before = shown;
  const same = before && Object.keys(ASKED).every((key) => ['page', 'open', 'size', 'sort'].includes(key) || before[key] === state[key]);
  if (!same) {
    const fresh = sifted(state);
    found = fresh.found;
    choices(state, fresh.left);
    order = sorted(found, state.sort);
  } else if (before.sort !== state.sort) order = sorted(found, state.sort);
  shown = { ...state };
  const size = Number(state.size);
  const pages = Math.max(1, Math.ceil(order.length / size));
  const page = Math.min(Number(state.page), pages);
  const start = (page - 1) * size;
  const body = byId('table').tBodies[0];
  body.replaceChildren(...order.slice(start, start + size).map(line));
  for (const cell of byId('table').tHead.rows[0].cells) {
    const down = state.sort === `-${cell.dataset.sort}`;
    if (state.sort === cell.dataset.sort || down) cell.setAttribute('aria-sort', down ? 'descending' : 'ascending');
    else cell.removeAttribute('aria-sort');
  }
  byId('page').textContent = w('html.page_of', { page: number(page), pages: number(pages) });
  for (const [id, to, off] of [['first', 1, page === 1], ['before', page - 1, page === 1], ['after', page + 1, page === pages], ['last', pages, page === pages]]) {
    byId(id).disabled = off;
    byId(id).dataset.to = String(to);
  }
  const from = order.length ? start + 1 : 0;
  byId('status').textContent = `${w('count.findings', order.length)}. ${w('html.rows_shown', { from: number(from), to: number(Math.min(start + size, order.length)) })}`;
}

function line(i) {
  return el('tr', null, COLUMNS.map(([key, text, kind, cells]) => el(key === 'ticket' ? 'th' : 'td',
    { scope: key === 'ticket' ? 'row' : null, class: kind || null, 'data-label': kind === 'labelled' ? text : null }, cells(i))));
}

// The values of each facet with how many rows they leave; those that leave none are not offered, unless chosen.
function choices(state, left) {
  for (const facet of FACETS) {
    const select = byId('sieve').elements[facet];
    const names = rows.names[facet];
    const codes = [...names.keys()].filter((code) => left[facet][code] || keyOf(names[code]) === state[facet]);
    codes.sort((a, b) => (facet === 'month' ? String(names[b]).localeCompare(String(names[a])) : COLLATOR.compare(shownAs(facet, names[a]), shownAs(facet, names[b]))));
    const options = codes.map((code) => el('option', { value: keyOf(names[code]) }, `${shownAs(facet, names[code])} (${number(left[facet][code])})`));
    if (state[facet] && !codes.some((code) => keyOf(names[code]) === state[facet])) options.push(el('option', { value: state[facet] }, `${state[facet]} (0)`));
    select.replaceChildren(el('option', { value: '' }, w('html.any')), ...options);
    select.value = state[facet];
  }
  const form = byId('sieve').elements;
  for (const [field, value] of [['list', state.list], ['q', state.q], ['agreement', state.agreement || state.agreements]]) {
    if (form[field].value !== value) form[field].value = value;
  }
  if (byId('size').value !== state.size) byId('size').value = state.size;
  const out = FACTS.left_out ? w('html.left_out', FACTS.left_out) : '';
  byId('left-out').textContent = out;
  byId('left-out').hidden = !out;
}
