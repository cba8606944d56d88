// Does the steps that put values into a page, several in one go. `rpaRun(orders)` carries out
// orders one by one until one does not succeed, or one may have set the page in motion.
//
// order: {do, spec, …}; returns one answer an order done: {state, count, used, kept, listens}
// state: ok, none, many, disabled, read-only, no-option, many-options, not-kept, bad-selector

const bareValue = (text) => (text || '').replace(/[^\p{L}\p{N}]/gu, '');
const SETTERS = {
  input: Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set,
  textarea: Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set,
};
// Types whose text a person does not edit letter by letter.
const WHOLE = ['date', 'time', 'month', 'week', 'datetime-local', 'color', 'range', 'number'];

function fire(element, kind, how) {
  const options = { bubbles: true, cancelable: true, ...how };
  const isKey = kind.startsWith('key');
  element.dispatchEvent(isKey ? new KeyboardEvent(kind, options) : new Event(kind, options));
}

const listens = (element) =>
  ['onchange', 'onblur', 'oninput', 'onclick', 'onkeyup', 'onkeypress'].some(
    (name) => typeof element[name] === 'function'
  ) || !!(element.form && typeof element.form.onchange === 'function');

function typed(element, text) {
  let changed = false;
  const note = () => (changed = true);
  element.addEventListener('change', note, { capture: true, once: true });
  element.focus();
  fire(element, 'keydown', { key: text.slice(-1) });
  const isWhole = WHOLE.includes(element.type);
  if (!isWhole) {
    element.select();
    const order = text ? 'insertText' : 'delete';
    if (element.value !== text) element.ownerDocument.execCommand(order, false, text);
  }
  if (isWhole) {
    SETTERS.input.call(element, text);
    fire(element, 'input');
  }
  fire(element, 'keyup', { key: text.slice(-1) });
  element.blur();
  element.removeEventListener('change', note, { capture: true });
  if (!changed) fire(element, 'change');
}

// An editor for rich text: an element whose content is typed over, often a frame's whole body.
const isEditor = (element) => element.isContentEditable && element.value === undefined;
const heldBy = (element) => (isEditor(element) ? element.innerText : element.value);

function writeOver(editor, text) {
  editor.focus();
  const range = editor.ownerDocument.createRange();
  range.selectNodeContents(editor);
  const selection = editor.ownerDocument.getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
  const [first, ...others] = text.split('\n');
  editor.ownerDocument.execCommand(first ? 'insertText' : 'delete', false, first);
  for (const line of others) {
    editor.ownerDocument.execCommand('insertParagraph');
    if (line) editor.ownerDocument.execCommand('insertText', false, line);
  }
  editor.blur();
}

const shownIn = (element) =>
  element.localName === 'select'
    ? clean(Array.from(element.selectedOptions, (one) => one.label).join(', '))
    : element.value !== undefined && element.localName !== 'li' && element.localName !== 'button'
      ? element.value
      : clean(element.innerText);

const DOING = {
  fill(element, order) {
    if (element.readOnly) return { state: 'read-only' };
    if (isEditor(element)) {
      writeOver(element, order.text);
      return { state: bareValue(element.innerText) === bareValue(order.text) ? 'ok' : 'not-kept' };
    }
    if (!('select' in element) || element.localName === 'select') return { state: 'read-only' };
    typed(element, order.text);
    const isKept = bareValue(element.value) === bareValue(order.text);
    return { state: isKept ? 'ok' : 'not-kept' };
  },
  select(element, order) {
    if (element.localName !== 'select') return { state: 'read-only' };
    const wanted = clean(order.text);
    const is = order.by === 'value' ? (one) => one.value === order.text : (one) => clean(one.label) === wanted;
    const fitting = Array.from(element.options).filter((one) => is(one) && !one.disabled);
    if (!fitting.length) return { state: 'no-option' };
    if (new Set(fitting.map((one) => one.value)).size > 1) return { state: 'many-options' };
    if (fitting[0].selected && !element.multiple) return { state: 'ok', unchanged: true };
    for (const option of element.options) option.selected = option === fitting[0];
    element.focus();
    fire(element, 'input');
    fire(element, 'change');
    element.blur();
    return { state: fitting[0].selected ? 'ok' : 'not-kept' };
  },
  // A day, month or year in a list or a field of its own: 3, 03, mars or March.
  date_part(element, order) {
    if (element.localName !== 'select') return DOING.fill(element, order);
    const number = Number(order.text);
    const said = (one) => [one.value, clean(one.label)];
    const names = order.names.map((name) => name.toLowerCase());
    const is = (text) =>
      (order.text === '' ? text === '' : /^\d+$/.test(text) && Number(text) === number) ||
      (text !== '' && names.includes(text.toLowerCase().replace(/\.$/, '')));
    const options = Array.from(element.options);
    const byLabel = options.filter((one) => is(clean(one.label)));
    const fitting = byLabel.length ? byLabel : options.filter((one) => is(one.value));
    if (!fitting.length) return { state: 'no-option' };
    return DOING.select(element, { by: 'value', text: fitting[0].value });
  },
  check(element, order) {
    if (element.checked === order.on) return { state: 'ok', unchanged: true };
    element.click();
    return { state: element.checked === order.on ? 'ok' : 'not-kept' };
  },
  press_script(element) {
    element.click();
    return { state: 'ok' };
  },
  see(element) {
    return { state: 'ok', shown: shownIn(element) };
  },
  ready(element) {
    return { state: 'ok' };
  },
  aim(element) {
    return { state: 'ok', at: aimAt(element) };
  },
};
const LOOKING = ['see'];

function chosen(found, order) {
  if (order.do !== 'choose') return found;
  const marks = found.filter(FITS.mark);
  if (order.value === null) return marks;
  const wanted = clean(order.value);
  const byValue = marks.filter((one) => one.value === order.value);
  return byValue.length
    ? byValue
    : marks.filter((one) => [...declaredLabels(one), seenLabel(one)].includes(bare(wanted)));
}

function carriedOut(order) {
  let located;
  try {
    located = rpaLocate(document, order.spec);
  } catch (problem) {
    return { state: 'bad-selector', count: 0, used: 0 };
  }
  const found = chosen(located.found, order);
  const answer = { count: found.length, used: located.used };
  if (!found.length) return { ...answer, state: order.do === 'choose' && located.found.length ? 'no-option' : 'none' };
  if (found.length > 1 && !order.any) return { ...answer, state: 'many' };
  const element = found[0];
  const isOff = element.disabled || element.closest('fieldset:disabled');
  if (isOff && !LOOKING.includes(order.do)) return { ...answer, state: 'disabled' };
  const verb = order.do === 'choose' ? 'check' : order.do;
  const done = DOING[verb](element, order.do === 'choose' ? { on: true } : order);
  return { ...answer, ...done, listens: !done.unchanged && listens(element) };
}

function rpaRun(orders) {
  const answers = [];
  for (const order of orders) {
    const answer = carriedOut(order);
    answers.push(answer);
    if (answer.state !== 'ok' || answer.listens) break;
  }
  return answers;
}

// Do the fields still hold what was put into them? Looked at right before something is clicked.
function rpaKept(orders) {
  return orders.map((order) => {
    const found = chosen(rpaLocate(document, order.spec).found, order);
    if (found.length !== 1) return false;
    const [element] = found;
    if (order.do === 'fill') return bareValue(heldBy(element)) === bareValue(order.text);
    if (order.do === 'select')
      return Array.from(element.selectedOptions).some((one) =>
        order.by === 'value' ? one.value === order.text : clean(one.label) === clean(order.text)
      );
    return element.checked === (order.do === 'choose' ? true : order.on);
  });
}
