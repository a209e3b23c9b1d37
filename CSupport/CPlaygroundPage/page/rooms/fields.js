// A number that is typed, dragged, or moved by a slider or by keys.
import { element, numeral, showNumber } from '../elements.js';
import { all, read } from '../numbers.js';

// The end of the slider for a number: 1, 2 or 5 times a power of ten, at least twice the number.
function sizeFor(x) {
  const least = 2 * Math.abs(x);
  if (least === 0 || !Number.isFinite(least)) return 5;
  const power = 10 ** Math.floor(Math.log10(least));
  return Number(([1, 2, 5, 10].find((m) => m * power >= least) * power).toPrecision(1));
}

// A key moves by this much: a tenth for numbers from 1 to 5.
function stepOf(size) { return Number((10 ** (Math.floor(Math.log10(size / 2) + 1e-9) - 1)).toPrecision(1)); }

// Without the digits that only rounding makes.
function rounded(x) { return Number(x.toPrecision(12)); }

// {row, value, set(value), showGradient(x)}. onchange(value) is called with each number.
export function numberField({ name, id, label, hint, onchange, hasGradient }) {
  let value = 0, size = 5;
  const field = element('input', { type: 'text', inputmode: 'decimal', class: 'scrub', id, 'aria-label': label, 'data-hint': hint, autocomplete: 'off' });
  const slider = element('input', { type: 'range', step: 'any', 'aria-label': `${label}, slider`, 'data-hint': hint });
  const note = element('p', { class: 'quiet note', role: 'status' });
  const gradient = hasGradient ? numeral(null, { class: 'number gradient', 'aria-label': `gradient of ${name}` }) : null;
  const row = element('div', { class: 'leaf', 'data-name': name },
    element('span', { class: 'leaf-name', title: name }, name), field,
    hasGradient ? element('span', { class: 'quiet' }, 'grad') : null, gradient, slider, note);

  function show(isTyping) {
    if (!isTyping) field.value = all(value);
    slider.min = -size;
    slider.max = size;
    slider.value = value;
    slider.setAttribute('aria-valuetext', all(value));
  }
  function take(next, isTyping) {
    value = next;
    if (Math.abs(value) > size) size = sizeFor(value);
    show(isTyping);
    problem(null);
    onchange(value);
  }
  function problem(text) {
    field.setAttribute('aria-invalid', Boolean(text));
    note.textContent = text ?? '';
    note.classList.toggle('error', Boolean(text));
  }
  function move(steps) { take(rounded(value + steps * stepOf(size))); }

  field.oninput = () => {
    const typed = read(field.value);
    if (typed.error) return problem(typed.error);
    size = sizeFor(typed.value);
    take(typed.value, true);
    if (typed.note) note.textContent = typed.note;
  };
  field.onblur = () => { show(false); if (field.getAttribute('aria-invalid') === 'true') problem(null); };
  slider.oninput = () => {
    const unit = stepOf(size) / 10;
    take(rounded(Math.round(Number(slider.value) / unit) * unit));
  };
  slider.onchange = () => {
    if (Math.abs(value) < 0.95 * size) return;
    size = sizeFor(value);
    show(false);
  };
  const keys = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 };
  for (const place of [field, slider]) {
    place.addEventListener('keydown', (event) => {
      const steps = keys[event.key] ?? (place === slider ? { ArrowRight: 1, ArrowLeft: -1 }[event.key] : undefined);
      if (steps === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      move(event.shiftKey ? steps / 10 : steps);
    });
  }
  drag(field, () => ({ start: value, unit: stepOf(size) }), (next) => take(next));

  return {
    row, field, slider,
    get value() { return value; },
    set(next) {
      if (next === value && field.value !== '') return;
      value = next;
      size = sizeFor(value);
      show(document.activeElement === field);
    },
    showGradient(x) { if (gradient) showNumber(gradient, x); },
  };
}

// Drags a number to the left and right, by a mouse or a pen; a finger scrolls.
function drag(field, begin, take) {
  let from = null;
  field.addEventListener('pointerdown', (event) => {
    if (event.pointerType === 'touch' || event.button !== 0 || document.activeElement === field) return;
    from = { x: event.clientX, isMoved: false, ...begin() };
  });
  field.addEventListener('pointermove', (event) => {
    if (!from) return;
    const distance = event.clientX - from.x;
    if (!from.isMoved && Math.abs(distance) < 4) return;
    if (!from.isMoved) field.setPointerCapture(event.pointerId);
    from.isMoved = true;
    take(rounded(from.start + Math.round(distance / 4) * from.unit * (event.shiftKey ? 0.1 : 1)));
    event.preventDefault();
  });
  for (const kind of ['pointerup', 'pointercancel']) {
    field.addEventListener(kind, () => {
      if (from?.isMoved) field.blur();
      from = null;
    });
  }
}
