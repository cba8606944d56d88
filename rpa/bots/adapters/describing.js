// Describes an element in the ways that find exactly this one again: the inverse of locating.js, in
// the same function with it.

const PRESSABLE = 'input[type=submit], input[type=button], input[type=image], input[type=reset], button';
const LONGEST = 80;

const isMark = (element) => element.type === 'checkbox' || element.type === 'radio';
const isShort = (text) => text.length > 0 && text.length <= LONGEST;
const quoted = (text) => JSON.stringify(text);
const distinct = (told) =>
  told.filter((one, at) => told.findIndex((other) => quoted(other) === quoted(one)) === at);
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
