// The parameters of a fit: each has a number, a switch to hold it, a start, and handles for its number and its bounds.
import { element } from '../elements.js';
import { all, read, six } from '../numbers.js';

// act: hold(name, isHeld), drag(name, value, isDone), start(name, value or null), bound(name, end, value or null, isDone),
// note(text): says what was understood, or what cannot be read
export function createParameters(act) {
  const place = element('div', { class: 'fit-parameters' });
  let rows = new Map();

  // A number that is typed: empty for none where that has a meaning.
  function field(label, hint, take, mayBeEmpty) {
    const input = element('input', { type: 'text', inputmode: 'decimal', 'aria-label': label, 'data-hint': hint, autocomplete: 'off' });
    input.onfocus = () => { input.value = input.dataset.all ?? input.value; input.select(); };
    input.onblur = () => { if (input.dataset.shown !== undefined && input.getAttribute('aria-invalid') !== 'true') input.value = input.dataset.shown; };
    input.onchange = () => {
      if (mayBeEmpty && input.value.trim() === '') {
        input.removeAttribute('aria-invalid');
        act.note('');
        return take(null);
      }
      const { value, note, error } = read(input.value);
      input.toggleAttribute('aria-invalid', error !== undefined);
      if (error !== undefined) input.setAttribute('aria-invalid', 'true');
      act.note(error ? `${label}: ${error}` : note ?? '', error !== undefined);
      if (error === undefined) take(value);
    };
    return input;
  }

  function setField(input, value) {
    const shown = value === null || value === undefined ? '' : six(value);
    input.dataset.shown = shown;
    input.dataset.all = value === null || value === undefined ? '' : all(value);
    input.title = input.dataset.all;
    if (document.activeElement === input) return;
    input.value = shown;
    input.removeAttribute('aria-invalid');
  }

  function handle(kind, label, hint, move) {
    const input = element('input', { type: 'range', class: kind, 'aria-label': label, 'data-hint': hint });
    input.oninput = () => { input.dataset.dragged = 'yes'; move(input, false); };
    input.onchange = () => { delete input.dataset.dragged; move(input, true); };
    return input;
  }

  function makeRow(name) {
    const value = field(name, `The number of ${name}: type one to see its curve, or to hold it there.`, (x) => act.drag(name, x, true));
    const hold = element('input', { type: 'checkbox', 'aria-label': `Hold ${name}`, 'data-hint': `Held, ${name} keeps its number; the others are fitted.` });
    hold.onchange = () => act.hold(name, hold.checked);
    const start = field(`Start of ${name}`, `Where the fit of ${name} starts. Empty: it is guessed.`, (x) => act.start(name, x), true);
    const low = field(`Lower bound of ${name}`, `The least number of ${name}. Empty: none.`, (x) => act.bound(name, 'low', x, true), true);
    const high = field(`Upper bound of ${name}`, `The largest number of ${name}. Empty: none.`, (x) => act.bound(name, 'high', x, true), true);
    // At the end of its track, a handle sets no bound.
    const bound = (end) => (input, isDone) => act.bound(name, end, input.value === (end === 'low' ? input.min : input.max) ? null : Number(input.value), isDone);
    const slide = handle('value', `Drag ${name}`, `Drag ${name}: the curve for each number, and its sum of squares.`, (input, isDone) => act.drag(name, Number(input.value), isDone));
    const lowHandle = handle('low', `Drag the lower bound of ${name}`, `The lower bound of ${name}: at the left end, none.`, bound('low'));
    const highHandle = handle('high', `Drag the upper bound of ${name}`, `The upper bound of ${name}: at the right end, none.`, bound('high'));
    const remark = element('span', { class: 'quiet remark' });
    const row = element('div', { class: 'fit-parameter', role: 'group', 'aria-label': name, 'data-parameter': name },
      element('div', { class: 'row' }, element('span', { class: 'name', title: name }, name), value,
        element('label', { class: 'hold' }, hold, ' hold'), remark),
      element('div', { class: 'handles' }, slide, lowHandle, highHandle),
      element('div', { class: 'row small' }, element('label', {}, 'start ', start), element('label', {}, '≥ ', low), element('label', {}, '≤ ', high)));
    return { row, value, hold, start, low, high, slide, lowHandle, highHandle, remark };
  }

  function setHandle(input, slider, value) {
    if (input.dataset.dragged) return;
    for (const [key, number] of [['min', slider.low], ['max', slider.high], ['step', slider.step]]) input[key] = number;
    input.value = value;
  }

  return {
    place,
    // The parameters of a fit, and what is set for them.
    show(parameters, kept) {
      const names = parameters.map((p) => p.name);
      if (names.join('\n') !== [...rows.keys()].join('\n')) {
        rows = new Map(names.map((name) => [name, rows.get(name) ?? makeRow(name)]));
        place.replaceChildren(...[...rows.values()].map((row) => row.row));
      }
      for (const parameter of parameters) {
        const row = rows.get(parameter.name), bounds = kept.bounds[parameter.name] ?? {};
        row.hold.checked = parameter.name in kept.held;
        setField(row.start, kept.starts[parameter.name]);
        row.start.placeholder = parameter.isGuessed ? `${six(parameter.start)}` : '';
        row.row.classList.toggle('guessed', parameter.isGuessed);
        setField(row.low, bounds.low);
        setField(row.high, bounds.high);
        for (const input of [row.start, row.low, row.high]) input.disabled = row.hold.checked;
        setHandle(row.lowHandle, parameter.slider, bounds.low ?? parameter.slider.low);
        setHandle(row.highHandle, parameter.slider, bounds.high ?? parameter.slider.high);
        for (const [input, end, text] of [[row.lowHandle, bounds.low, 'no lower bound'], [row.highHandle, bounds.high, 'no upper bound']]) {
          input.setAttribute('aria-valuetext', end === undefined ? text : six(end));
          input.classList.toggle('open', end === undefined);
          input.disabled = row.hold.checked;
        }
        row.slider = parameter.slider;
        row.remark.textContent = parameter.isHeld ? 'held' : parameter.isAtBound ? 'at its bound' : parameter.isUndetermined ? 'undetermined' : '';
      }
    },
    // The numbers of an iteration, or set by hand.
    showValues(values) {
      [...rows.values()].forEach((row, k) => {
        setField(row.value, values[k]);
        setHandle(row.slide, row.slider, values[k]);
        row.slide.setAttribute('aria-valuetext', six(values[k]));
      });
    },
  };
}
