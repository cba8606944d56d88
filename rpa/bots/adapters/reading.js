// Reads what a page shows: the signs of its state, lists of hits, calendars; and covers in
// pictures what must not be seen.

const firstVisible = (elements) => elements.find((one) => rpaVisible(one) && clean(one.innerText));

// signs: [{text | selector | url}]; returns for each the text that shows it, or null.
function rpaSigns(signs) {
  return signs.map((sign) => {
    if (sign.url) return location.href.includes(sign.url) ? sign.url : null;
    const from = top_(document);
    if (sign.text && !clean(from.textContent).toLowerCase().includes(clean(sign.text).toLowerCase())) {
      const buttons = all(document, BUTTONS);
      if (!buttons.some((one) => captionOf(one).includes(clean(sign.text)) && rpaVisible(one)))
        return null;
    }
    const found = sign.text ? byText(document, sign.text) : all(document, sign.selector);
    const shown = firstVisible(found) || found.find(rpaVisible);
    return shown ? clean(shown.innerText || captionOf(shown)) || sign.text || sign.selector : null;
  });
}

const rpaTexts = (selector) =>
  all(document, selector).filter(rpaVisible).map((one) => clean(one.innerText));

const rpaWholeText = () => clean(top_(document).innerText);

const rpaRows = (selector) =>
  all(document, selector)
    .filter((row) => row.cells && rpaVisible(row))
    .map((row) => Array.from(row.cells, (cell) => clean(cell.innerText)));

// ---- lists ---------------------------------------------------------------------------------

// An address as it is written, and as a person reads it.
function readable(address) {
  try {
    return [address, decodeURIComponent(address)];
  } catch (problem) {
    return [address];
  }
}

function firstFound(texts, pattern) {
  const found = texts.map((text) => new RegExp(pattern).exec(text)).find(Boolean);
  return found ? found[1] ?? found[0] : '';
}

function cellText(row, said) {
  const text = wholeCellText(row, said);
  return said.pattern && text !== null ? firstFound([text], said.pattern) : text;
}

function wholeCellText(row, said) {
  if (said.link) {
    const links = all(row, 'a[href], area[href], [onclick]');
    const told = links.map((one) => one.getAttribute('href') || one.getAttribute('onclick'));
    return firstFound(told.flatMap(readable), said.link);
  }
  if (said.selector) {
    const found = all(row, said.selector);
    return found.length === 1 ? shownIn(found[0]) : found.length ? null : '';
  }
  const cells = Array.from(row.cells || []).filter((cell) => headOf(cell) === bare(said.column));
  return cells.length === 1 ? shownInCell(cells[0]) : cells.length ? null : '';
}

function shownInCell(cell) {
  const control = cell.querySelectorAll(CONTROLS);
  return control.length === 1 && !textOf(cell) ? shownIn(control[0]) : clean(cell.innerText);
}

// Is this a column's head, or a CSS selector within the row?
const cellOf = (table, said) => {
  const heads = table ? Array.from(table.rows).flatMap((row) => Array.from(row.cells)) : [];
  return heads.some((head) => bare(textOf(head)) === bare(said)) ? { column: said } : { selector: said };
};

// Does a cell that should hold the key hold it, though the record is not equal? Then the target
// has changed what it was given, and nobody but a person can tell.
function holdsKey(shown, wanted, key) {
  if (shown === null || !key || !clean(wanted).includes(key)) return false;
  const whole = key.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\w./-])${whole}(?![\\w./-])`).test(clean(shown));
}

// What the cells of a row show, beside what they should show.
function pairsOf(row, where) {
  const table = row.closest('table');
  return Object.entries(where).map(([said, text]) => {
    try {
      return [cellText(row, cellOf(table, said)), text];
    } catch (problem) {
      return ['', text]; // the head of a column that this table has not
    }
  });
}

const isEqual = ([shown, wanted]) => shown !== null && clean(shown) === clean(wanted);

const comparedCells = (row, ask) =>
  ask.reference ? [[cellText(row, ask.reference), ask.key]] : pairsOf(row, ask.match);

// ask: {rows, match: {column: text}, reference: cell, key, number: cell, more: selector}
function rpaHits(ask) {
  const rows = all(document, ask.rows).filter(rpaVisible);
  const hits = rows.filter((row) => comparedCells(row, ask).every(isEqual));
  return {
    listed: rows.length,
    altered: rows.filter(
      (row) =>
        !hits.includes(row) &&
        comparedCells(row, ask).some(([shown, wanted]) => holdsKey(shown, wanted, clean(ask.key)))
    ).length,
    numbers: hits.map((row) => clean(cellText(row, ask.number) || '')),
    isCut: !!ask.more && all(document, ask.more).some(rpaVisible),
  };
}

// Marks the one row that equals what is asked, so that it can be clicked; returns how many do.
function rpaPick(ask) {
  const rows = all(document, ask.rows).filter(rpaVisible);
  const fitting = innermost(rows.filter((row) => pairsOf(row, ask.where).every(isEqual)));
  if (fitting.length !== 1) return { count: fitting.length };
  const [row] = fitting;
  const links = ask.click ? null : all(row, 'a, button, input[type=submit], input[type=image]');
  const target = ask.click ? rpaLocate(row, ask.click).found : links.filter(rpaVisible);
  if (target.length === 1) target[0].setAttribute('data-rpa-picked', '');
  return { count: 1, links: target.length };
}

// ---- calendars -----------------------------------------------------------------------------

// What a calendar of links shows: the text of its head, and its days in the page's order.
function rpaCalendar(spec) {
  const found = rpaLocate(document, spec).found;
  if (found.length !== 1) return { count: found.length };
  const links = all(found[0], 'a, button, td[onclick]').filter(rpaVisible);
  const isDay = (one) => /^\d{1,2}$/.test(clean(one.innerText));
  return {
    count: 1,
    text: clean(found[0].innerText),
    days: links.filter(isDay).map((one) => ({
      day: Number(clean(one.innerText)),
      title: one.title || '',
    })),
    others: links.filter((one) => !isDay(one)).length,
  };
}

// Clicks a link of the calendar: the n-th day, or the n-th that is no day.
function rpaClickInCalendar(spec, isDay, place) {
  const table = rpaLocate(document, spec).found[0];
  const links = all(table, 'a, button, td[onclick]').filter(rpaVisible);
  const kind = links.filter((one) => /^\d{1,2}$/.test(clean(one.innerText)) === isDay);
  const chosenOne = place < 0 ? kind[kind.length + place] : kind[place];
  if (chosenOne) chosenOne.click();
  return !!chosenOne;
}

// ---- what must not be seen -----------------------------------------------------------------

function rectanglesOf(node, start, end) {
  const range = document.createRange();
  range.setStart(node, start);
  range.setEnd(node, end);
  return Array.from(range.getClientRects());
}

// Controls that hold what must not be seen: passwords, those told by `specs`, those with a text.
function secretControls(texts, specs) {
  const told = new Set(specs.flatMap((spec) => rpaLocate(document, spec).found));
  const low = texts.map((text) => text.toLowerCase());
  const holds = (one) => low.some((text) => (one.value || '').toLowerCase().includes(text));
  return all(document, CONTROLS).filter(
    (one) => one.type === 'password' || told.has(one) || holds(one)
  );
}

function secretRectangles(texts, specs) {
  const found = [];
  const walker = document.createTreeWalker(top_(document), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const low = node.data.toLowerCase();
    for (const text of texts) {
      const wanted = text.toLowerCase();
      for (let at = low.indexOf(wanted); at >= 0; at = low.indexOf(wanted, at + wanted.length))
        found.push(...rectanglesOf(node, at, at + wanted.length));
    }
  }
  const fields = secretControls(texts, specs);
  return [...found, ...fields.filter(rpaVisible).map((one) => one.getBoundingClientRect())];
}

// Lays white boxes over passwords and over `texts`; returns how many.
function rpaCover(texts, specs) {
  const boxes = secretRectangles(texts, specs);
  const layer = document.createElement('div');
  layer.setAttribute('data-rpa-cover', '');
  for (const box of boxes) {
    const cover = document.createElement('div');
    const [x, y] = [box.left + scrollX, box.top + scrollY];
    cover.style.cssText =
      `position:absolute;z-index:2147483647;background:#fff;border:1px solid #999;` +
      `left:${x}px;top:${y}px;width:${box.width}px;height:${box.height}px`;
    layer.append(cover);
  }
  if (boxes.length) document.documentElement.append(layer);
  return boxes.length;
}

// The page's source as it is now, without what its secret controls hold.
function rpaSource(texts, specs) {
  const secret = secretControls(texts, specs);
  for (const one of secret) one.setAttribute('data-rpa-secret', '');
  const copy = document.documentElement.cloneNode(true);
  for (const one of secret) one.removeAttribute('data-rpa-secret');
  for (const one of copy.querySelectorAll('[data-rpa-secret]')) {
    for (const name of ['value', 'checked', 'data-rpa-secret']) one.removeAttribute(name);
    for (const option of one.querySelectorAll('option')) option.removeAttribute('selected');
    if (one.localName === 'textarea') one.textContent = '';
  }
  return copy.outerHTML;
}

const rpaUncover = () => all(document, '[data-rpa-cover]').forEach((one) => one.remove());
