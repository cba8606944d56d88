// Where a mouse must click to hit an element, and a guard that lets the click hit nothing else.

const POINTED = ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click', 'auxclick', 'dblclick'];
let aim = null;

const belongs = (element, hit) =>
  !!hit && (element === hit || element.contains(hit) || hit.closest('label')?.control === element);

function guarded(element) {
  if (aim) aim.end();
  const guard = { isMissed: false };
  const stop = (event) => {
    if (!event.isTrusted || belongs(element, event.composedPath()[0])) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    guard.isMissed = true;
  };
  guard.end = () => POINTED.forEach((kind) => window.removeEventListener(kind, stop, true));
  POINTED.forEach((kind) => window.addEventListener(kind, stop, true));
  setTimeout(guard.end, 2000);
  return guard;
}

// The frame's place in the window; null where a frame of another host stands between.
function frameOffset() {
  let [x, y] = [0, 0];
  for (let at = window; at !== at.top; at = at.parent) {
    let frame = null;
    try {
      frame = at.frameElement;
    } catch (problem) {
      return null;
    }
    if (!frame) return null;
    const box = frame.getBoundingClientRect();
    x += box.left + frame.clientLeft;
    y += box.top + frame.clientTop;
  }
  return { x, y };
}

// Returns the point {x, y}; or {slow: covered, foreign, outside}: let a slower way try.
function aimAt(element) {
  const isIn = (box) =>
    box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight && box.right <= innerWidth;
  if (!isIn(element.getBoundingClientRect())) {
    element.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
  }
  const box = element.getClientRects()[0] || element.getBoundingClientRect();
  const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
  if (!belongs(element, document.elementFromPoint(x, y))) return { slow: 'covered' };
  const offset = frameOffset();
  if (!offset) return { slow: 'foreign' };
  const [left, top_] = [offset.x + x, offset.y + y];
  if (left < 0 || top_ < 0 || left > top.innerWidth || top_ > top.innerHeight)
    return { slow: 'outside' };
  aim = guarded(element);
  return { x: left, y: top_ };
}

const rpaMissed = () => !!aim && aim.isMissed;
