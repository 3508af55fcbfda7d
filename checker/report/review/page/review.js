// The switch of languages, the look, and the sieve of clauses. Every text reaches the page as a text node.
const FACTS = JSON.parse(document.getElementById('facts').textContent);
const byId = (id) => document.getElementById(id);
const root = document.documentElement;
const say = () => root.dataset.say;
const word = (key) => FACTS.words[key][say()];

function counted(key, n) {
  const entry = word(key);
  const form = new Intl.PluralRules(say()).select(n);
  return (entry[form] ?? entry.many).replace('{n}', String(n));
}

function speak(language) {
  root.dataset.say = language;
  root.lang = language;
  for (const node of document.querySelectorAll('[data-en]')) {
    if (node.hasAttribute('aria-label')) node.setAttribute('aria-label', node.dataset[language]);
    else node.textContent = node.dataset[language];
  }
  for (const button of document.querySelectorAll('.say button')) {
    button.setAttribute('aria-pressed', String(button.dataset.to === language));
  }
  tell();
}

// --------------------------------------------------------------------------- the sieve
const ASKED = { party: '', answer: '', q: '' };
let asked = { ...ASKED };
let shown = FACTS.clauses.length;

function tell() {
  const status = byId('status');
  if (!status) return;
  status.textContent = shown ? `${counted('shown', shown)} / ${FACTS.clauses.length}` : word('nothing');
}

function matches(c) {
  const q = asked.q.trim().toLowerCase();
  if (q && !c.text.toLowerCase().includes(q)) return false;
  const views = Object.entries(c.views).filter(([party]) => !asked.party || party === asked.party).map(([, a]) => a);
  if (asked.party && !views.length) return false;
  if (!asked.answer) return true;
  if (asked.answer === 'not_proved' && c.open && !asked.party) return true;
  return views.includes(asked.answer) || (!asked.party && c.answer === asked.answer);
}

function sieve() {
  const kept = new Set(FACTS.clauses.filter(matches).map((c) => c.id));
  shown = kept.size;
  for (const node of document.querySelectorAll('[data-clauses]')) {
    const of = node.dataset.clauses.split(' ').filter(Boolean);
    node.hidden = of.length > 0 && !of.some((id) => kept.has(id));
  }
  tell();
}

const isView = (hash) => hash === '' || hash.startsWith('#?');

function parsed(hash) {
  const given = new URLSearchParams(hash.slice(2));
  return Object.fromEntries(Object.keys(ASKED).map((key) => [key, given.get(key) ?? '']));
}

function go(change) {
  asked = { ...asked, ...change };
  const told = new URLSearchParams(Object.entries(asked).filter(([, value]) => value));
  history.replaceState(null, '', String(told) ? `#?${told}` : window.location.pathname + window.location.search);
  sieve();
}

function fill() {
  for (const key of Object.keys(ASKED)) byId(`s-${key}`).value = asked[key];
}

// A link to what the sieve has hidden shows it again.
function arrived() {
  const hash = window.location.hash;
  if (isView(hash)) {
    asked = parsed(hash);
    fill();
    sieve();
    return;
  }
  const target = byId(decodeURIComponent(hash.slice(1)));
  if (!target) return;
  if (target.closest('[hidden]')) {
    asked = { ...ASKED };
    fill();
    sieve();
  }
  target.closest('details')?.setAttribute('open', '');
  if (target.tabIndex === -1) target.focus({ preventScroll: true });
  target.scrollIntoView();
}

function listening() {
  const form = byId('sieve');
  if (!form) return;
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', (event) => {
    event.preventDefault();
    go({ ...ASKED });
    fill();
  });
  form.addEventListener('input', (event) => go({ [event.target.name]: event.target.value }));
  window.addEventListener('hashchange', arrived);
}

document.querySelectorAll('.scripted').forEach((node) => { node.hidden = false; });
document.querySelectorAll('.say button').forEach((button) => button.addEventListener('click', () => speak(button.dataset.to)));
byId('appearance').addEventListener('change', (event) => {
  if (event.target.value) root.dataset.theme = event.target.value;
  else delete root.dataset.theme;
});
// On a narrow screen lines that are alike in both variants are folded, until they are asked for.
document.querySelectorAll('.fold button').forEach((button) => button.addEventListener('click', () => {
  const open = button.closest('tbody').nextElementSibling.classList.toggle('open');
  button.setAttribute('aria-expanded', String(open));
}));
listening();
tell();
if (window.location.hash && byId('sieve')) arrived();
root.dataset.ready = 'yes';
