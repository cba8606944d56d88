// Finds elements the way a person sees them. Everything is inside one function, so that the page
// sees no name of ours; `rpaLocate(root, spec)` is what the other scripts call.
//
// spec: {any: [{label, button, link, text, placeholder, title, name, id, selector,
//               row, column, near, position, hidden}, …]}
// spec.kind: text, mark, list or file, where only such a control can be meant
// returns {used: index of the first of `any` that found something, found: [elements]}

const CONTROLS =
  'input:not([type=hidden]):not([type=submit]):not([type=button]):not([type=reset])' +
  ':not([type=image]), select, textarea';
const BUTTONS =
  'button, input[type=submit], input[type=button], input[type=reset], input[type=image], ' +
  '[role=button]';
const LINKS = 'a, area, [role=link]';
const CELLS = 'td, th';
const BLOCKS = 'td, th, li, p, div, fieldset, dd, dt, form, body, center, blockquote';

const clean = (text) =>
  (text || '').replace(/[\u2018\u2019]/g, "'").replace(/[\s\u00a0\u200b]+/g, ' ').trim();
// A label's text without its colon, its star for "required", and dots that lead to the field.
const bare = (text) => clean(text).replace(/[\s:*.…]+$/, '').replace(/^[\s*]+/, '');

function rpaVisible(element) {
  if (element.localName === 'area') return true;
  if (element.localName === 'option') return rpaVisible(element.parentElement);
  if (!element.checkVisibility({ checkVisibilityCSS: true, visibilityProperty: true }))
    return false;
  const box = element.getBoundingClientRect();
  return box.width > 0 && box.height > 0;
}

const all = (root, selector) => Array.from(root.querySelectorAll(selector));
const top_ = (root) => root.body || root.documentElement || root;

// The text of an element without that of controls in it: a list's options are no label.
function textOf(element) {
  if (!element.querySelector('select, textarea, script, style, button'))
    return clean(element.textContent);
  const copy = element.cloneNode(true);
  for (const inner of copy.querySelectorAll('select, textarea, script, style, button'))
    inner.remove();
  return clean(copy.textContent);
}

function captionOf(button) {
  if (button.localName === 'input') {
    const defaults = { submit: 'Submit', reset: 'Reset' };
    const shown = button.type === 'image' ? '' : button.value || defaults[button.type] || '';
    return clean(shown || button.alt || button.title || button.getAttribute('aria-label'));
  }
  const picture = button.querySelector('img[alt]');
  return (
    clean(button.innerText) ||
    clean(picture && picture.alt) ||
    clean(button.getAttribute('aria-label') || button.title)
  );
}

// ---- labels --------------------------------------------------------------------------------

function declaredLabels(control) {
  const told = Array.from(control.labels || []).map(textOf);
  const ids = (control.getAttribute('aria-labelledby') || '').split(/\s+/).filter(Boolean);
  for (const id of ids) {
    const other = control.ownerDocument.getElementById(id);
    if (other) told.push(textOf(other));
  }
  told.push(control.getAttribute('aria-label') || '');
  return told.map(bare).filter(Boolean);
}

const isControl = (node) => node.nodeType === 1 && node.matches(CONTROLS);
const holdsControl = (node) => isControl(node) || !!node.querySelector(CONTROLS);

// Text beside a control in its own block, up to the next control or line break.
function textBeside(control, isBefore) {
  const block = control.parentElement.closest(BLOCKS);
  const step = isBefore ? 'previousSibling' : 'nextSibling';
  let node = control;
  let text = '';
  let breaks = 0;
  while (node && node !== block) {
    let next = node[step];
    while (next) {
      const isElement = next.nodeType === 1;
      const isBreak = isElement && next.localName === 'br';
      if (isBreak && isBefore && !clean(text) && !breaks) {
        breaks = 1; // a label that stands above the field, on a line of its own
        next = next[step];
        continue;
      }
      if (isBreak || (isElement && (holdsControl(next) || next.matches(BUTTONS))))
        return clean(text);
      if (isElement && next.matches(BLOCKS) && clean(text)) return clean(text);
      const said = isElement ? textOf(next) : next.nodeType === 3 ? next.data : '';
      text = isBefore ? said + ' ' + text : text + ' ' + said;
      if (isElement && next.matches(BLOCKS) && clean(text)) return clean(text);
      next = next[step];
    }
    node = node.parentElement;
  }
  return clean(text);
}

function columnOf(cell) {
  let place = 0;
  for (const other of cell.parentElement.cells) {
    if (other === cell) return place;
    place += other.colSpan;
  }
  return place;
}

function cellAt(row, place) {
  let start = 0;
  for (const cell of row.cells) {
    if (place >= start && place < start + cell.colSpan) return cell;
    start += cell.colSpan;
  }
  return null;
}

function leftCell(cell) {
  for (let left = cell.previousElementSibling; left; left = left.previousElementSibling) {
    if (holdsControl(left)) return '';
    if (textOf(left)) return textOf(left);
  }
  return '';
}

function cellAbove(cell) {
  const place = columnOf(cell);
  const rows = Array.from(cell.closest('table').rows);
  for (let at = rows.indexOf(cell.parentElement) - 1; at >= 0; at--) {
    const above = cellAt(rows[at], place);
    if (!above) return '';
    if (holdsControl(above)) continue;
    return textOf(above);
  }
  return '';
}

function blockBefore(control) {
  let block = control.parentElement;
  for (let level = 0; level < 3 && block && !block.matches('td, th, form, body'); level++) {
    const before = block.previousElementSibling;
    if (before && textOf(before)) return holdsControl(before) ? '' : textOf(before);
    block = block.parentElement;
  }
  return '';
}

// The text that stands for a label where none is declared: beside, to the left, or above.
function seenLabel(control) {
  const isMark = control.type === 'radio' || control.type === 'checkbox';
  if (isMark) {
    const after = textBeside(control, false);
    if (after) return bare(after);
  }
  const before = textBeside(control, true);
  if (before) return bare(before);
  const cell = control.closest(CELLS);
  if (cell && cell.closest('table')) {
    if (isMark && cell.nextElementSibling && !holdsControl(cell.nextElementSibling)) {
      const right = textOf(cell.nextElementSibling);
      if (right) return bare(right);
    }
    const beside = leftCell(cell) || cellAbove(cell);
    if (beside) return bare(beside);
  }
  return bare(blockBefore(control));
}

// What can be typed into, ticked, chosen from: two controls may share a label.
const MARKS = ['checkbox', 'radio'];
const FITS = {
  text: (one) => one.matches(CONTROLS) && one.localName !== 'select' && !MARKS.includes(one.type) && one.type !== 'file',
  mark: (one) => MARKS.includes(one.type),
  list: (one) => one.localName === 'select',
  file: (one) => one.type === 'file',
};
const fitting = (elements, kind) => {
  const fit = kind ? elements.filter(FITS[kind]) : elements;
  return fit.length ? fit : elements;
};

function byLabel(root, wanted, kind) {
  const text = bare(wanted);
  const controls = fitting(all(root, CONTROLS), kind);
  const tiers = [
    (control) => declaredLabels(control).includes(text),
    (control) => bare(control.placeholder) === text || bare(control.title) === text,
    (control) => seenLabel(control) === text,
  ];
  return firstTier(controls, tiers);
}

// ---- what else elements are told by --------------------------------------------------------

// The first question that some element answers with yes, and all that do.
function firstTier(elements, tiers) {
  for (const tier of tiers) {
    const found = elements.filter(tier);
    if (found.length) return found;
  }
  return [];
}

function byButton(root, wanted) {
  const text = clean(wanted);
  const low = text.toLowerCase();
  const found = firstTier(all(root, BUTTONS).filter(rpaVisible), [
    (one) => captionOf(one) === text,
    (one) => captionOf(one).toLowerCase() === low,
  ]);
  if (found.length) return found;
  return firstTier(all(root, BUTTONS + ', a, [onclick]'), [(one) => captionOf(one) === text]);
}

function linkTexts(link) {
  const picture = link.querySelector('img[alt]');
  return [link.textContent, picture && picture.alt, link.title, link.alt].map(clean);
}

function byLink(root, wanted) {
  const text = clean(wanted);
  const is = (link) => linkTexts(link).includes(text);
  const found = all(root, LINKS).filter(is);
  return found.length ? found : innermost(all(root, '[onclick]').filter(is));
}

const innermost = (elements) =>
  elements.filter((one) => !elements.some((other) => other !== one && one.contains(other)));

function byText(root, wanted) {
  const text = clean(wanted);
  const low = text.toLowerCase();
  const smallest = [];
  const descend = (element) => {
    let isIn = false;
    for (const child of element.children) {
      if (child.matches('script, style, noscript')) continue;
      if (clean(child.textContent).toLowerCase().includes(low)) {
        descend(child);
        isIn = true;
      }
    }
    if (!isIn) smallest.push(element);
  };
  const from = top_(root);
  if (clean(from.textContent).toLowerCase().includes(low)) descend(from);
  const buttons = all(root, BUTTONS).filter((one) => one.localName === 'input');
  const shown = [...smallest, ...buttons].filter((one) => one.localName !== 'option');
  const said = (one) => (one.localName === 'input' ? captionOf(one) : clean(one.textContent));
  return firstTier(shown, [
    (one) => rpaVisible(one) && said(one) === text,
    (one) => rpaVisible(one) && said(one).includes(text),
    (one) => rpaVisible(one) && said(one).toLowerCase().includes(low),
    (one) => said(one).includes(text),
  ]);
}

const attribute = (name) => (root, wanted) =>
  all(root, `[${name}]`).filter((one) => one.getAttribute(name) === wanted);

const byTitle = (root, wanted) =>
  all(root, '[title], [alt]').filter(
    (one) => clean(one.title) === clean(wanted) || clean(one.alt) === clean(wanted)
  );

const WAYS = {
  label: byLabel,
  button: byButton,
  link: byLink,
  text: byText,
  placeholder: (root, wanted) =>
    all(root, '[placeholder]').filter((one) => clean(one.placeholder) === clean(wanted)),
  title: byTitle,
  name: attribute('name'),
  id: attribute('id'),
  selector: all,
};

// ---- what tells which of several -----------------------------------------------------------

const rowsAround = (element) => {
  const rows = [];
  for (let row = element.closest('tr'); row; row = row.parentElement.closest('tr')) rows.push(row);
  return rows;
};

function inRow(elements, wanted) {
  const text = clean(wanted);
  const hasCell = (test) => (element) =>
    rowsAround(element).some((row) =>
      Array.from(row.cells).some((cell) => test(textOf(cell)) && !holdsControl(cell))
    );
  return firstTier(elements, [hasCell((said) => said === text), hasCell((t) => t.includes(text))]);
}

function headOf(cell) {
  const table = cell.closest('table');
  const heads = Array.from(table.rows).filter(
    (row) => row.closest('table') === table && (row.closest('thead') || row.querySelector('th'))
  );
  const row = heads.find((head) => head.cells.length > 1) || table.rows[0];
  const head = row && row !== cell.parentElement ? cellAt(row, columnOf(cell)) : null;
  return head ? bare(textOf(head)) : '';
}

function inColumn(elements, wanted) {
  const text = bare(wanted);
  return elements.filter((element) => {
    for (let cell = element.closest(CELLS); cell; cell = cell.parentElement.closest(CELLS))
      if (cell.closest('table') && headOf(cell) === text) return true;
    return false;
  });
}

function distance(from, to) {
  const a = from.getBoundingClientRect();
  const b = to.getBoundingClientRect();
  const right = b.left - a.right;
  const below = b.top - a.bottom;
  const isLevel = b.top < a.bottom && b.bottom > a.top;
  const isUnder = b.left < a.right && b.right > a.left;
  if (isLevel && right >= -2) return right;
  if (isUnder && below >= -2) return 20 + below;
  return 3 * Math.hypot(b.left - a.left, b.top - a.top) + 100;
}

function nearest(root, elements, wanted) {
  const anchors = byText(root, wanted).filter(rpaVisible);
  if (!anchors.length || !elements.length) return [];
  const far = elements.map((one) => Math.min(...anchors.map((from) => distance(from, one))));
  const least = Math.min(...far);
  return elements.filter((_, at) => far[at] - least < 1);
}

// ---- the whole -----------------------------------------------------------------------------

function startingSet(root, told, kind) {
  const ways = Object.keys(WAYS).filter((way) => told[way] !== undefined);
  if (ways.length) {
    const sets = ways.map((way) => new Set(WAYS[way](root, told[way], kind)));
    return [...sets[0]].filter((one) => sets.every((set) => set.has(one)));
  }
  return null;
}

function narrowed(root, elements, told) {
  let left = elements;
  if (told.row !== undefined) left = inRow(left, told.row);
  if (told.column !== undefined) left = inColumn(left, told.column);
  return left;
}

function locateOne(root, told, kind) {
  let found = startingSet(root, told, kind);
  if (found === null) {
    const controls = fitting(all(root, CONTROLS), kind);
    found = narrowed(root, controls, told).filter(rpaVisible);
    if (!found.length) found = innermost(narrowed(root, all(root, CELLS), told));
  } else {
    found = narrowed(root, found, told);
  }
  if (!told.hidden) found = found.filter(rpaVisible);
  found = fitting(found, kind);
  if (told.near !== undefined) found = nearest(root, found, told.near);
  if (told.position !== undefined) found = found.slice(told.position - 1, told.position);
  return found;
}

function rpaLocate(root, spec) {
  for (const [used, told] of spec.any.entries()) {
    const found = locateOne(root, told, spec.kind);
    if (found.length) return { used, found };
  }
  return { used: 0, found: [] };
}
