// The beginning: what needs a script appears, the findings are unpacked, and the address says what is shown.
let ready = false;

function show(state) {
  const before = asked;
  asked = state;
  if (!ready) return;
  const other = Object.keys(ASKED).some((key) => key !== 'open' && (!shown || before[key] !== state[key]));
  if (other) draw(state);
  if (state.open && before.open !== state.open) opened(state.open);
  else if (!state.open) closed();
}

// Of the addresses of this page, those with #? and the bare one are views; the others are places in it.
const isView = (hash) => hash === '' || hash.startsWith('#?');

function arrived() {
  if (!isView(window.location.hash)) return;
  const before = asked;
  show(parsed(window.location.hash));
  const moved = Object.keys(ASKED).some((key) => key !== 'open' && before[key] !== asked[key]);
  if (moved && window.location.hash && !asked.open) byId('findings').scrollIntoView();
}

// A link to a view leads to the findings, also where it is the view that is shown.
function followed(event) {
  const link = event.target.closest?.('a[href^="#?"]');
  if (!link || link.closest('#table')) return;
  setTimeout(() => {
    if (asked.open) return;
    byId('findings').scrollIntoView();
    byId('h-findings').focus({ preventScroll: true });
  });
}

// What a field asks for: the whole name of an agreement means that one alone, also where it is a part of another's.
function typed(field, value) {
  if (field !== 'agreement') return { [field]: value };
  return rows.names.agreement.includes(value) ? { agreement: value, agreements: '' } : { agreement: '', agreements: value };
}

function listening() {
  const form = byId('sieve');
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', (event) => {
    event.preventDefault();
    go({ ...ASKED, list: asked.list, size: asked.size });
  });
  form.addEventListener('change', (event) => {
    if (event.target.tagName === 'SELECT') go({ [event.target.name]: event.target.value, page: '1' });
  });
  let typing = 0;
  let first = true;
  form.addEventListener('input', (event) => {
    if (event.target.tagName !== 'INPUT') return;
    clearTimeout(typing);
    typing = setTimeout(() => {
      go({ ...typed(event.target.name, event.target.value), page: '1' }, !first);
      first = false;
    }, 150);
  });
  form.addEventListener('focusin', () => { first = true; });
  byId('size').addEventListener('change', (event) => go({ size: event.target.value, page: '1' }));
  for (const id of ['first', 'before', 'after', 'last']) {
    byId(id).addEventListener('click', (event) => {
      go({ page: event.currentTarget.dataset.to });
      byId('table').parentElement.scrollIntoView({ block: 'start' });
      if (event.currentTarget?.disabled || byId(id).disabled) byId('h-findings').focus({ preventScroll: true });
    });
  }
  byId('detail').addEventListener('close', () => {
    // Told a moment later: by then another finding may have been opened.
    if (asked.open && !byId('detail').open) go({ open: '' });
  });
  byId('detail').addEventListener('click', (event) => {
    if (event.target === byId('detail')) byId('detail').close();
  });
  document.addEventListener('click', followed);
  window.addEventListener('popstate', arrived);
}

function looks() {
  const select = byId('appearance');
  select.parentElement.hidden = false;
  select.addEventListener('change', () => {
    if (select.value) document.documentElement.dataset.theme = select.value;
    else delete document.documentElement.dataset.theme;
  });
}

// The tables of the page's own text, sorted by a column; what cannot be compared stays in its order.
function sortable(table) {
  const heads = [...table.tHead.rows[0].cells];
  const body = table.tBodies[0];
  const first = [...body.rows];
  const value = (row, at) => {
    const text = row.cells[at].dataset.v ?? row.cells[at].textContent.trim();
    const n = text === '' ? NaN : Number(text.replace(/[,\u00a0]/g, ''));
    return row.cells[at].classList.contains('n') || row.cells[at].dataset.v !== undefined ? n : text;
  };
  heads.forEach((head, at) => {
    const button = el('button', { type: 'button' });
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      const down = head.getAttribute('aria-sort') === 'descending' ? 'ascending' : head.getAttribute('aria-sort') === 'ascending' ? null : 'descending';
      for (const other of heads) other.removeAttribute('aria-sort');
      let sortedRows = first;
      if (down) {
        head.setAttribute('aria-sort', down);
        const sign = down === 'descending' ? -1 : 1;
        sortedRows = first.map((row, i) => [value(row, at), i, row]).sort(([a, i], [b, j]) => {
          if (typeof a === 'string') return sign * COLLATOR.compare(a, b) || i - j;
          if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) - Number.isNaN(b) || i - j;
          return sign * (a - b) || i - j;
        }).map(([, , row]) => row);
      }
      body.append(...sortedRows);
    });
  });
}

async function begin() {
  looks();
  document.querySelectorAll('table.sortable').forEach(sortable);
  if (!('DecompressionStream' in window)) return;
  document.querySelectorAll('.scripted').forEach((node) => { node.hidden = false; });
  headed();
  listening();
  const state = isView(window.location.hash) ? parsed(window.location.hash) : { ...ASKED };
  if (window.location.hash.startsWith('#?') && !state.open) byId('findings').scrollIntoView();
  await unpack();
  byId('agreements').replaceChildren(...rows.names.agreement.slice(0, 500).sort(COLLATOR.compare).map((value) => el('option', { value })));
  ready = true;
  asked = { ...ASKED };
  show(isView(window.location.hash) ? parsed(window.location.hash) : asked);
  document.documentElement.dataset.ready = 'yes';
}

begin();
