// The clerk's bar in the recorded window: what is being shown now, the sample's values, and the end.
// `BAR` is {phases: [[name, caption], …], done, values, rows: [[name, text], …]}.

const STYLE = `
  .bar { position: fixed; left: 0; right: 0; bottom: 0; z-index: 2147483647; display: flex;
    gap: 8px; align-items: center; padding: 6px 12px; font: 14px sans-serif; color: #fff;
    background: #1d3557; }
  .bar.up { bottom: auto; top: 0; }
  button { font: inherit; padding: 4px 10px; border: 1px solid #fff; border-radius: 4px;
    background: transparent; color: #fff; cursor: pointer; }
  button.now { background: #fff; color: #1d3557; font-weight: bold; }
  .dot { color: #ff6b6b; }
  .rest { flex: 1; }
  dl { position: fixed; right: 8px; bottom: 44px; max-height: 60vh; overflow: auto; margin: 0;
    padding: 8px 12px; background: #f1faee; color: #222; border: 1px solid #1d3557; display: none; }
  .bar.up dl { bottom: auto; top: 44px; }
  .open dl { display: block; }
  dt { font-weight: bold; } dd { margin: 0 0 4px 12px; user-select: all; }
`;

function made(kind, text, ...classes) {
  const element = document.createElement(kind);
  element.textContent = text;
  element.classList.add(...classes);
  return element;
}

function phaseButton(name, caption, all_) {
  const button = made('button', caption);
  button.dataset.phase = name;
  button.onclick = () => {
    window.__rpaRecord({ kind: 'phase', phase: name, url: location.href });
    mark(all_, name);
  };
  return button;
}

const mark = (all_, now) =>
  all_.forEach((one) => one.classList.toggle('now', one.dataset.phase === now));

function valueList() {
  const list = made('dl', '');
  for (const [name, text] of BAR.rows) list.append(made('dt', name), made('dd', text));
  return list;
}

async function show() {
  if (document.querySelector('[data-rpa-bar]') || !document.documentElement) return;
  const host = document.createElement('div');
  host.dataset.rpaBar = '';
  const root = host.attachShadow({ mode: 'closed' });
  const bar = made('div', '', 'bar');
  const buttons = [];
  for (const [name, caption] of BAR.phases) buttons.push(phaseButton(name, caption, buttons));
  const values = made('button', BAR.values);
  values.onclick = () => bar.classList.toggle('open');
  const move = made('button', '⇅');
  move.onclick = () => bar.classList.toggle('up');
  const done = phaseButton('done', BAR.done, buttons);
  bar.append(made('span', '', 'rest'), made('span', '●', 'dot'), ...buttons, made('span', '', 'rest'), values, move, done);
  bar.append(valueList());
  root.append(made('style', STYLE), bar);
  document.documentElement.append(host);
  mark(buttons, await window.__rpaPhase());
}

if (window === window.top && !window.opener) {
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', show);
  else show();
  setInterval(show, 1000); // pages that write themselves anew lose the bar
}
