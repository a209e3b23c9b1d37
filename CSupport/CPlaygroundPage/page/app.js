// The page: rooms, the bar, keys, sharing. The page knows no mathematics: every number comes from the engine.
import { Connection, Lost } from './connection.js';
import { element } from './elements.js';
import { exportFile, kinds } from './export.js';
import { link, linked, save, saved, token } from './state.js';
import { createRoom as createExpression } from './rooms/expression.js';
import { createRoom as createNetwork } from './rooms/network.js';
import { createRoom as createFit } from './rooms/fit.js';

const at = (id) => document.getElementById(id);
const bar = { back: at('back'), step: at('step'), run: at('run'), reset: at('reset') };
const rooms = {};
let current = null, running = false;

// What a room may use of the page.
function services(name) {
  return {
    // Asks the engine: resolves to the answer, rejects with EngineError or Lost.
    ask: (action, content) => connection.ask(name, action, content),
    isConnected: () => connection.isOpen,
    // Says that the state changed, and is to be kept.
    changed: () => scheduleSave(),
    // Shows the room's position in the bar.
    moved: () => { if (current === rooms[name]) showBar(); },
    // Ends a run that the bar started.
    stop: () => { if (current === rooms[name]) setRunning(false); },
    // Starts a run, as the bar does.
    start: () => { if (current === rooms[name] && !running) toggleRun(); },
    isRunning: () => running && current === rooms[name],
    speed: () => Number(at('speed').value),
    // Says something to screen readers.
    say: (text) => { at('said').textContent = text; },
  };
}

// A room:
//   name, title
//   mount(left, middle, right)   puts its elements into the page; called whenever the room is shown
//   state(), restore(state)      a plain object that JSON holds; restore(null) is the first state
//   connected()                  the engine is there, or there again, with nothing in it: open everything anew
//   back(), step(), reset()      the bar; they may return a promise
//   run()                        called when a run starts; the room goes on by itself while services.isRunning()
//   position()                   {at, of, unit}; of may be null; canBack, canStep
//   exports                      {svg(), csv(), swift(), frames()}: texts, or promises of them
function add(create, name) { rooms[name] = create(services(name)); }

function show(name) {
  if (current?.name === name) return;
  setRunning(false);
  current = rooms[name];
  for (const tab of document.querySelectorAll('[role=tab]')) {
    const isSelected = tab.dataset.room === name;
    tab.setAttribute('aria-selected', isSelected);
    tab.tabIndex = isSelected ? 0 : -1;
  }
  at('room').setAttribute('aria-labelledby', `tab-${name}`);
  for (const id of ['left', 'middle', 'right']) at(id).replaceChildren();
  current.mount(at('left'), at('middle'), at('right'));
  document.title = `micrograd: ${current.title}`;
  showBar();
  scheduleSave();
}

function showBar() {
  const place = current.position();
  at('position').textContent = place.of === null ? `${place.unit} ${place.at}` : `${place.unit} ${place.at} / ${place.of}`;
  bar.back.disabled = place.canBack === false;
  bar.step.disabled = place.canStep === false;
}

function setRunning(value) {
  running = value;
  bar.run.firstChild.textContent = value ? '❚❚ ' : '▶▶ ';
  bar.run.lastElementChild.textContent = value ? 'pause' : 'run';
  bar.run.setAttribute('aria-label', value ? 'Pause' : 'Run');
}

function toggleRun() {
  setRunning(!running);
  if (running) guard(current.run());
}

// A lost connection is said in the header, and the room opens anew when it is back.
function guard(promise) {
  Promise.resolve(promise).catch((error) => { if (!(error instanceof Lost)) at('hint').textContent = error.message; });
}

for (const [name, act] of Object.entries({ back: 'back', step: 'step', reset: 'reset' })) {
  bar[name].onclick = () => { setRunning(false); guard(current[act]()); };
}
bar.run.onclick = toggleRun;

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const tag = event.target.tagName;
  if (tag === 'INPUT' || tag === 'TEXTAREA' || tag === 'SELECT' || event.target.isContentEditable) return;
  if (event.target.closest('[role=tablist], .menu') && event.key.startsWith('Arrow')) return;
  if (event.key === 'ArrowLeft' && !bar.back.disabled) bar.back.click();
  else if (event.key === 'ArrowRight' && !bar.step.disabled) bar.step.click();
  else if (event.key === ' ' && tag !== 'BUTTON' && tag !== 'SUMMARY') bar.run.click();
  else if (event.key === 'r') bar.reset.click();
  else return;
  event.preventDefault();
});

// Tabs by arrow keys, as ARIA's practices say.
const tabs = [...document.querySelectorAll('[role=tab]')];
for (const [index, tab] of tabs.entries()) {
  tab.onclick = () => show(tab.dataset.room);
  tab.onkeydown = (event) => {
    const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!move) return;
    const next = tabs[(index + move + tabs.length) % tabs.length];
    show(next.dataset.room);
    next.focus();
    event.preventDefault();
  };
}

// Each control explains itself in one line when it has the focus or the pointer: data-hint.
const hints = {
  share: 'Copy a link that holds everything set here. Nothing is sent anywhere.',
  export: 'Save the picture, the numbers, a Swift program, or a page that replays this.',
  theme: 'Light or dark.', help: 'Keys: ← → step, space run or pause, r reset.',
  back: 'One step back (←).', step: 'One step (→).', run: 'Run or pause (space).', reset: 'Back to the start (r).',
  speed: 'How much is done between two pictures.',
};
for (const kind of ['focusin', 'pointerover']) {
  document.addEventListener(kind, (event) => {
    const place = event.target.closest?.('[data-hint], [id]');
    const text = event.target.closest?.('[data-hint]')?.dataset.hint ?? hints[place?.id];
    if (text) at('hint').textContent = text;
  });
}

let saving = null;
function scheduleSave() {
  saving ??= setTimeout(() => { saving = null; save(state()); }, 200);
}
window.addEventListener('pagehide', () => { save(state()); });

function state() {
  const states = Object.fromEntries(Object.values(rooms).map((room) => [room.name, room.state()]));
  return { room: current.name, speed: at('speed').value, rooms: states };
}

async function restore(kept) {
  for (const room of Object.values(rooms)) {
    try {
      room.restore(kept?.rooms?.[room.name] ?? null);
    } catch {
      room.restore(null); // a state of another version, or a damaged one
    }
  }
  if (typeof kept?.speed === 'string') at('speed').value = kept.speed;
  current = null;
  show(rooms[kept?.room] ? kept.room : 'expression');
  if (connection.isOpen) for (const room of Object.values(rooms)) guard(room.connected());
}

function menu(button, items) {
  const open = button.parentElement.querySelector('.menu');
  open?.remove();
  for (const other of document.querySelectorAll('[aria-expanded=true]')) other.setAttribute('aria-expanded', 'false');
  if (open?.dataset.of === button.id) return;
  const list = element('div', { class: 'menu', 'data-of': button.id }, ...items);
  list.onkeydown = (event) => {
    if (event.key !== 'Escape') return;
    menu(button, []);
    button.focus();
  };
  button.after(list);
  button.setAttribute('aria-expanded', 'true');
  list.querySelector('button, input')?.focus();
}

at('share').onclick = async () => {
  const address = await link(state());
  const field = element('input', { type: 'text', readonly: true, value: address, 'aria-label': 'Link', class: 'wide' });
  const other = element('input', { type: 'text', 'aria-label': 'Link to open', placeholder: 'paste a link to open it', class: 'wide' });
  const note = element('p', { class: 'quiet', role: 'status' });
  other.onchange = async () => {
    try {
      const given = await linked(other.value.slice(other.value.indexOf('#')));
      if (!given) throw new Error('this is not a link of this page: it has #s= in it');
      await restore(given);
      note.textContent = 'opened';
    } catch (error) {
      note.textContent = error.message;
    }
  };
  menu(at('share'), [field, other, note]);
  field.select();
  try {
    await navigator.clipboard.writeText(address);
    note.textContent = 'copied';
  } catch {
    note.textContent = 'copy it from here';
  }
};

at('export').onclick = () => {
  const note = element('p', { class: 'quiet', role: 'status' });
  const items = kinds.map((kind) => element('button', {
    'data-export': kind.id,
    onclick: async () => {
      try {
        await exportFile(current, kind);
        note.textContent = 'saved';
      } catch (error) {
        note.textContent = error.message;
      }
    },
  }, kind.title));
  menu(at('export'), [...items, note]);
};

at('help').onclick = () => menu(at('help'), [
  element('p', {}, '← → step, space run or pause, r reset.'),
  element('p', {}, 'Numbers: six digits, all of them on hover and when copied.'),
  element('button', { onclick: () => menu(at('help'), []) }, 'close'),
]);

const themes = ['', 'light', 'dark'];
at('theme').onclick = () => {
  const root = document.documentElement;
  const next = themes[(themes.indexOf(root.dataset.theme ?? '') + 1) % themes.length];
  if (next) root.dataset.theme = next;
  else delete root.dataset.theme;
  at('theme').title = next || 'as the system';
};

add(createExpression, 'expression');
add(createNetwork, 'network');
add(createFit, 'fit');

const texts = { connecting: 'connecting …', open: '', lost: 'The engine is not reached. Your work is kept; trying again …' };
const connection = new Connection(token(), (state) => {
  const refused = 'The engine is not reached: run “micrograd play”, and open the address that it prints.';
  at('connection').textContent = state === 'refused' ? refused : texts[state];
  at('connection').classList.toggle('lost', state === 'lost' || state === 'refused');
  if (state === 'open' && current) for (const room of Object.values(rooms)) guard(room.connected());
  else if (state === 'lost') setRunning(false);
});

let problem = null, kept = null;
try {
  kept = await linked(location.hash);
  if (kept) history.replaceState(null, '', location.pathname + location.search);
} catch (error) {
  problem = error.message;
}
await restore(kept ?? saved());
if (problem) at('hint').textContent = problem;
at('speed').oninput = scheduleSave;
