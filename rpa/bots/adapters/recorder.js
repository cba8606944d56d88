// Tells what a person does in this frame, as it happens: `__rpaRecord(event)` is told before the
// page is left. What is typed into a password field is never told. Stands after showing.js, in the
// same function.

const CLICKABLE =
  'a, area, button, summary, input, select, textarea, option, label, ' +
  '[role=button], [role=link], [role=menuitem], [role=tab], [onclick]';
const SECRET = /passw|pwd|mdp|mot.?de.?passe|secret(?!a)|\bnip\b|\bpin\b/i;

const tell = (event) => {
  const frame = { url: location.href, name: window.name || '' };
  if (window.__rpaRecord) window.__rpaRecord({ ...frame, ...event });
};

const unseen = new WeakSet();
const dirty = new Set();
const lastTold = new WeakMap();
const toldSecrets = new WeakSet();
const LATER_MS = [700, 2500];
const ENTER_MS = 2000;
// When Enter was last pressed in a field, and of which form.
let enter = { at: -ENTER_MS, form: null };

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
