// Tells what a person does in this frame, as it happens: `__rpaRecord(event)` is told before the
// page is left. What is typed into a password field is never told. Stands after locating.js, in
// the same function; each way in which an element is described finds exactly that one again.

const PRESSABLE = 'input[type=submit], input[type=button], input[type=image], input[type=reset], button';
const CLICKABLE =
  'a, area, button, summary, input, select, textarea, option, label, ' +
  '[role=button], [role=link], [role=menuitem], [role=tab], [onclick]';
const LONGEST = 80;
const SECRET = /passw|pwd|mdp|mot.?de.?passe|secret|\bnip\b|\bpin\b/i;

const tell = (event) => {
  const frame = { url: location.href, name: window.name || '' };
  if (window.__rpaRecord) window.__rpaRecord({ ...frame, ...event });
};

// ---- describing ----------------------------------------------------------------------------

const isShort = (text) => text.length > 0 && text.length <= LONGEST;
const quoted = (text) => JSON.stringify(text);
const distinct = (told) =>
  told.filter((one, at) => told.findIndex((other) => quoted(other) === quoted(one)) === at);
const LATER_MS = [700, 2500];
const isStable = (id) => /^[A-Za-z][\w-]*$/.test(id) && !/\d{3,}/.test(id);

function findsOnly(told, element) {
  try {
    const found = rpaLocate(document, { any: [told] }).found;
    return found.length === 1 && found[0] === element;
  } catch {
    return false;
  }
}

// Classes that a mouse or a choice puts there and takes away again.
const PASSING = /(over|hover|active|focus|focused|select|selected|current|open|opened|down)$/i;

function classSelector(element) {
  const names = Array.from(element.classList).filter((one) => isStable(one) && !PASSING.test(one));
  return names.length ? element.localName + names.map((name) => '.' + name).join('') : '';
}

function cssPath(element) {
  const steps = [];
  for (let at = element; at && at.nodeType === 1; at = at.parentElement) {
    if (at.id && isStable(at.id) && all(document, '#' + at.id).length === 1)
      return ['#' + at.id, ...steps].join(' > ');
    const same = at.parentElement
      ? Array.from(at.parentElement.children).filter((one) => one.localName === at.localName)
      : [at];
    const place = same.length > 1 ? `:nth-of-type(${same.indexOf(at) + 1})` : '';
    steps.unshift(at.localName + place);
    if (at.localName === 'body') break;
  }
  return steps.join(' > ');
}

// The parts of an address's query that may tell a link, the longest first; none of a session.
function addressPieces(href) {
  const parts = href.split(/(?<=[?&;])/).slice(1);
  const telling = parts.filter((one) => one.includes('=') && !/\d{3,}|^(jsession|sid|session|login|user)/i.test(one));
  return telling.sort((a, b) => b.length - a.length).map((one) => `a[href*=${quoted(one)}]`);
}

function selectors(element) {
  const name = element.getAttribute('name');
  const own = element.localName + (name ? `[name=${quoted(name)}]` : '');
  const value = element.matches(PRESSABLE) && element.getAttribute('value');
  const form = element.form && element.form.getAttribute('name');
  const picture = element.type === 'image' && element.getAttribute('src');
  const href = element.localName === 'a' && element.getAttribute('href');
  const offered = [];
  if (value) offered.push(`${own}[value=${quoted(value)}]`);
  if (picture) offered.push(`${own}[src=${quoted(picture)}]`);
  if (form && name) offered.push(`form[name=${quoted(form)}] ${own}`);
  if (href) offered.push(...addressPieces(href));
  if (href && href.length < 100 && !/^(#|javascript:)|\d{3,}|[?;&](jsession|sid|session|login|user)/i.test(href))
    offered.push(`a[href=${quoted(href)}]`);
  offered.push(classSelector(element));
  return offered.filter(Boolean).map((selector) => ({ selector }));
}

function rowTexts(element) {
  const row = element.closest('tr');
  if (!row || row.querySelector('tr')) return [];
  return Array.from(row.cells)
    .filter((cell) => !cell.contains(element) && !holdsControl(cell))
    .map(textOf)
    .filter(isShort);
}

// What a person sees of it, and what narrows that where several look alike.
function seenWays(element) {
  const said = [];
  if (element.matches(CONTROLS)) {
    const labels = declaredLabels(element);
    said.push(...(labels.length ? labels : [seenLabel(element)]).map((label) => ({ label })));
    if (element.placeholder) said.push({ placeholder: clean(element.placeholder) });
  } else if (element.matches(BUTTONS)) said.push({ button: captionOf(element) });
  else if (element.matches(LINKS + ', [onclick]'))
    said.push(...linkTexts(element).filter(Boolean).map((link) => ({ link })));
  else said.push({ text: clean(element.textContent) });
  return distinct(said.filter((told) => isShort(Object.values(told)[0] || '')));
}

// Ways that find exactly this element, the best first; where none does, a place among several.
function ways(element) {
  const hidden = unseen.has(element) ? { hidden: true } : {};
  const only = (told) => findsOnly({ ...told, ...hidden }, element);
  const seen = seenWays(element);
  const name = element.getAttribute('name');
  const title = element.title ? [{ title: clean(element.title) }] : [];
  const plain = [...seen, ...title].filter(only);
  if (!plain.length) plain.push(...narrowedWays(element, seen).filter(only).slice(0, 1));
  const attributes = [name && { name }, element.id && isStable(element.id) && { id: element.id }];
  plain.push(...attributes.filter(Boolean).filter(only));
  const firm = selectors(element).filter(only).slice(0, 1);
  if (!plain.length && seen.length) plain.push(...firm.map((told) => ({ ...seen[0], ...told })).filter(only));
  if (plain.length < 3) plain.push(...firm);
  if (plain.length < 2) plain.push(placed(element, seen));
  return distinct(plain).slice(0, 4);
}

// What is in the same row or column, where several look alike.
function narrowedWays(element, seen) {
  const rows = rowTexts(element);
  const cell = element.closest(CELLS);
  const column = element.matches(CONTROLS) && cell && cell.closest('table') ? headOf(cell) : '';
  const inGrid = isShort(column) ? rows.map((row) => ({ row, column })) : [];
  return [...inGrid, ...seen.flatMap((told) => rows.map((row) => ({ ...told, row })))];
}

// Its place among those that look alike, else its place in the page.
function placed(element, told) {
  for (const way of told) {
    const alike = rpaLocate(document, { any: [way] }).found;
    const at = alike.indexOf(element);
    if (at >= 0 && alike.length > 1) return { ...way, position: at + 1 };
  }
  return { selector: cssPath(element) };
}

// ---- what a page shows ---------------------------------------------------------------------

const HEADS = 'h1, h2, h3, h4, h5, h6, b, strong, legend, caption, .title, .titre';

function headings() {
  const found = all(document, HEADS).filter((one) => rpaVisible(one) && !holdsControl(one));
  return [...new Set(innermost(found).map(textOf).filter(isShort))].slice(0, 40);
}

// Where a text stands, told by something that is not likely to change from case to case.
function anchored(element) {
  const offered = [];
  for (let at = element, level = 0; at && level < 8 && !at.matches('body, html, form'); level++) {
    if (at.id && isStable(at.id)) offered.push({ selector: '#' + at.id });
    const own = classSelector(at);
    if (own) offered.push({ selector: own });
    at = at.parentElement;
  }
  const fits = (told) => {
    const found = all(document, told.selector).filter(rpaVisible);
    return found.length === 1 && found[0].contains(element);
  };
  const found = offered.filter(fits).slice(0, 2);
  return found.length ? found : [{ selector: cssPath(element) }];
}

function numbered() {
  const seen = new Map();
  const walker = document.createTreeWalker(top_(document), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node && seen.size < 80; node = walker.nextNode()) {
    const inside = node.parentElement;
    if (!inside || !/\d/.test(node.data) || inside.closest('script, style, select, textarea')) continue;
    if (seen.has(inside) || !rpaVisible(inside)) continue;
    const block = inside.closest(BLOCKS) || inside;
    seen.set(inside, {
      text: clean(inside.textContent).slice(0, 200),
      around: clean(block.innerText).slice(0, 300),
      ways: anchored(inside),
    });
  }
  return [...seen.values()];
}

const ALARMING = /(^|[-_])(err|warn|alert|invalid|danger|fault|avert)/i;

const isAlarming = (element) =>
  ALARMING.test(element.id) || Array.from(element.classList).some((name) => ALARMING.test(name));

function isRed(element) {
  const [red, green, blue] = getComputedStyle(element).color.match(/\d+/g).map(Number);
  return red > 140 && green < 90 && blue < 90;
}

// Texts that look like something was refused: in red, or of a class that says so.
function alarms() {
  const found = [];
  const walker = document.createTreeWalker(top_(document), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node && found.length < 20; node = walker.nextNode()) {
    const inside = node.parentElement;
    if (clean(node.data).length < 4 || !inside || !rpaVisible(inside)) continue;
    let at = inside;
    for (let level = 0; level < 4 && at && !isAlarming(at); level++) at = at.parentElement;
    const told = at && isAlarming(at) ? at : isRed(inside) ? inside : null;
    if (!told || told.matches(CONTROLS + ', label, a, body')) continue;
    const selector = classSelector(told) || anchored(told)[0].selector;
    found.push({ text: clean(told.innerText).slice(0, 200), selector });
  }
  return found;
}

function tableSelector(table) {
  const told = anchored(table)[0].selector;
  return all(document, told).length === 1 && document.querySelector(told) === table ? told : cssPath(table);
}

function rowTold(row, tables) {
  const table = row.closest('table');
  if (!tables.has(table)) tables.set(table, tableSelector(table));
  return {
    table: tables.get(table),
    row: classSelector(row),
    cells: Array.from(row.cells).map((cell, place) => ({
      text: clean(cell.innerText).slice(0, 200),
      selector: classSelector(cell) || `${cell.localName}:nth-child(${place + 1})`,
      column: headOf(cell),
    })),
    links: all(row, 'a[href]').map((link) => link.getAttribute('href')),
  };
}

function rowsShown() {
  const tables = new Map();
  const rows = all(document, 'tr').filter((row) => !row.querySelector('tr') && row.cells.length > 1);
  const isForm = (row) => all(row, CONTROLS).some((one) => !isMark(one));
  return rows.filter((row) => rpaVisible(row) && !isForm(row)).slice(0, 200)
    .map((row) => rowTold(row, tables));
}

const passwordSelector = (field) =>
  field.name ? `input[name=${quoted(field.name)}]` : field.id ? '#' + field.id : 'input[type=password]';

window.__rpaSnapshot = () => ({
  kind: 'page',
  url: location.href,
  name: window.name || '',
  password: all(document, 'input[type=password]').filter(rpaVisible).map(passwordSelector)[0] || '',
  headings: headings(),
  numbers: numbered(),
  rows: rowsShown(),
  alarms: alarms(),
});

// ---- what a person does --------------------------------------------------------------------

const unseen = new WeakSet();
const dirty = new Set();
const lastTold = new WeakMap();
const toldSecrets = new WeakSet();
const ENTER_MS = 2000;
let enter = { at: -ENTER_MS, form: null };

const isMark = (element) => element.type === 'checkbox' || element.type === 'radio';
const isTyped = (element) =>
  element.matches('textarea') || (element.matches('input') && !element.matches(PRESSABLE) &&
    !isMark(element) && element.type !== 'file');
const isSecret = (element) =>
  element.type === 'password' || SECRET.test(`${element.name} ${element.id} ${element.autocomplete}`);

const told = (element) => ({
  ways: ways(element),
  control: element.getAttribute('name') || element.id || '',
  label: element.matches(CONTROLS) ? declaredLabels(element)[0] || seenLabel(element) : '',
});

function tellTyped(element) {
  dirty.delete(element);
  if (isSecret(element)) {
    if (toldSecrets.has(element)) return;
    toldSecrets.add(element);
    tell({ kind: 'fill', ...told(element), secret: true });
    return;
  }
  if (lastTold.get(element) === element.value) return;
  lastTold.set(element, element.value);
  tell({ kind: 'fill', ...told(element), value: element.value });
}

const flush = (but) => [...dirty].filter((one) => one !== but && one.isConnected).forEach(tellTyped);

function tellSelected(list) {
  const options = Array.from(list.options).map((one) => ({ value: one.value, text: clean(one.label) }));
  const [chosenOne] = list.selectedOptions;
  if (!chosenOne) return;
  const value = { value: chosenOne.value, text: clean(chosenOne.label) };
  tell({ kind: 'select', ...told(list), ...value, options: options.slice(0, 400) });
}

function tellMarked(mark) {
  if (mark.type === 'checkbox') {
    tell({ kind: 'check', ...told(mark), checked: mark.checked, value: mark.value });
    return;
  }
  const group = mark.name ? all(mark.form || document, 'input[type=radio]') : [mark];
  const caption = (one) => declaredLabels(one)[0] || seenLabel(one);
  const options = group.filter((one) => one.name === mark.name)
    .map((one) => ({ value: one.value, text: caption(one) }));
  tell({ kind: 'choose', ...told(mark), group: mark.name, value: mark.value, text: caption(mark), options });
}

function changed(event) {
  const element = event.target;
  if (!(element instanceof Element) || isOurs(event)) return;
  flush(element);
  if (element.localName === 'select') tellSelected(element);
  else if (isMark(element)) tellMarked(element);
  else if (element.type === 'file')
    tell({ kind: 'upload', ...told(element), files: Array.from(element.files).map((one) => one.name) });
  else if (isTyped(element)) tellTyped(element);
}

function clickedElement(event) {
  const target = event.composedPath()[0];
  const inner = target instanceof Element ? target : target.parentElement;
  const found = inner && inner.closest(CLICKABLE);
  if (!found || found.matches('body, html, form, table, tr')) {
    const isPointed = inner && getComputedStyle(inner).cursor === 'pointer';
    return [inner, !isPointed || !inner.matches('body *')];
  }
  return [found, false];
}

const isDay = (link) => /^\d{1,2}$/.test(clean(link.innerText));

// Of a link in a calendar, what tells the calendar and the day; nothing of any other.
function calendarTold(element) {
  const table = element.closest('table');
  if (!table || !element.matches(LINKS + ', button, [onclick]')) return {};
  const own = all(table, 'a, button, td[onclick]').filter((one) => one.closest('table') === table);
  if (own.filter(isDay).length < 28) return {};
  const cell = table.parentElement.closest(CELLS);
  return {
    calendar: table.id && findsOnly({ id: table.id }, table) ? { id: table.id } : { selector: cssPath(table) },
    label: cell ? leftCell(cell) : '',
    value: isDay(element) ? clean(element.innerText) : '',
    text: clean(table.innerText).slice(0, 80),
  };
}

const isFocusOnly = (element) =>
  element.matches('select, option, label') || element.type === 'file';

function clicked(event) {
  if (!event.isTrusted || isOurs(event)) return;
  const [element, isVague] = clickedElement(event);
  if (!element || isFocusOnly(element)) return;
  flush();
  const isField = element.matches(CONTROLS) && isTyped(element);
  if (isField && !element.readOnly && !element.onclick) return;
  const isSoon = performance.now() - enter.at < ENTER_MS;
  const byEnter = event.detail === 0 && isSoon && !!element.form && element.form === enter.form;
  tell({
    kind: 'click',
    ...told(element),
    weak: isVague || isMark(element) || (isField && !element.readOnly),
    hidden: unseen.has(element),
    entered: byEnter,
    ...calendarTold(element),
  });
  lookLater();
}

// Pages that change by script alone tell what they show a little after a click.
function lookLater() {
  const before = top_(document).innerText;
  for (const wait of LATER_MS)
    setTimeout(() => {
      if (top_(document).innerText !== before) tell(window.__rpaSnapshot());
    }, wait);
}

const keyName = (event) =>
  [event.ctrlKey && 'Control', event.altKey && 'Alt', event.key].filter(Boolean).join('+');

function pressed(event) {
  if (!event.isTrusted || isOurs(event)) return;
  const element = event.target;
  const isCall = /^F\d+$/.test(event.key) || ((event.ctrlKey || event.altKey) && /^[a-z]$/.test(event.key));
  const isEnter = event.key === 'Enter' && element.matches && element.matches('input, select') &&
    !element.matches(PRESSABLE);
  if (!isEnter && !isCall) return;
  if (isCall && event.ctrlKey && 'cvxaz'.includes(event.key)) return;
  flush();
  if (isEnter) enter = { at: performance.now(), form: element.form };
  const where = element.matches && element.matches(CONTROLS) ? told(element) : {};
  tell({ kind: 'press', ...where, key: keyName(event) });
}

function entered(event) {
  if (!(event.target instanceof Element) || !isTyped(event.target) || isOurs(event)) return;
  flush(event.target);
  toldSecrets.delete(event.target);
  dirty.add(event.target);
}

const HEARD = [
  ['click', clicked], ['change', changed], ['input', entered], ['keydown', pressed],
  ['submit', () => flush()], ['pagehide', () => flush()],
];
const arm = () => HEARD.forEach(([kind, hear]) => window.addEventListener(kind, hear, true));
const isOurs = (event) => event.composedPath().some((one) => one.dataset && 'rpaBar' in one.dataset);

for (const kind of ['alert', 'confirm', 'prompt']) {
  const native = window[kind].bind(window);
  window[kind] = (message, preset) => {
    const answer = native(message, preset);
    const isYes = kind === 'alert' || (answer !== null && answer !== false);
    const typedIn = kind === 'prompt' && isYes ? { typed: answer } : {};
    tell({ kind: 'dialog', message: clean(String(message ?? '')), yes: isYes, ...typedIn });
    return answer;
  };
}

// Pages that write themselves anew lose every listener.
for (const name of ['open', 'write', 'writeln']) {
  const native = document[name].bind(document);
  document[name] = (...words) => {
    const answer = native(...words);
    arm();
    return answer;
  };
}

function loaded() {
  arm();
  const entries = all(document, LINKS + ', ' + BUTTONS + ', [onclick]');
  entries.filter((one) => !rpaVisible(one)).forEach((one) => unseen.add(one));
  tell(window.__rpaSnapshot());
}

arm();
if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', loaded);
else loaded();
