// Says what a page shows, for the recorder: headings, texts with numbers, rows of lists, alarms.
// Stands after describing.js, in the same function.

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
