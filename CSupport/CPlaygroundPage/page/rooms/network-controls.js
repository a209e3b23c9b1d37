// What can be set in the room of networks.
import { element, showError } from '../elements.js';
import { all, read } from '../numbers.js';

export const first = {
  data: {
    kind: 'moons', count: 200, noise: 0.1, seed: 1337, validation: 0.2, formula: 'sin(2*x)', points: [],
    names: ['x', 'y'], classes: ['0', '1'], standardise: false,
  },
  hidden: [{ neurons: 16, activation: 'relu' }, { neurons: 16, activation: 'relu' }], output: 'identity',
  initializer: 'micrograd', seed: 1337, loss: 'hinge',
  optimizer: { kind: 'sgd', momentum: 0, beta1: 0.9, beta2: 0.999, alpha: 0.99, decay: 0.01, memory: 6 },
  rate: 0.5, fall: 0, penalty: 0.0001, batch: 0, python: false,
};

// micrograd's demo notebook.
const notebook = (points) => ({ ...first, data: { ...first.data, points, count: 100, validation: 0 }, rate: 1, fall: 100, python: true });

const same = (...names) => Object.fromEntries(names.map((name) => [name, name]));
const activations = same('relu', 'tanh', 'sigmoid', 'identity', 'leaky-relu', 'elu', 'gelu', 'gelu-tanh', 'silu', 'mish', 'softplus', 'softsign');
const kinds = { moons: 'moons', circles: 'circles', spirals: 'spirals', xor: 'xor', function: 'above a function', points: 'my own points' };
const initializers = {
  micrograd: 'uniform ±1 (micrograd)', lecture: 'uniform ±1, biases too (lecture)', glorotUniform: 'Glorot uniform',
  glorotNormal: 'Glorot normal', heUniform: 'He uniform', heNormal: 'He normal', torchLinear: 'as PyTorch', zeros: 'zeros',
};
const losses = { hinge: 'max-margin', squaredHinge: 'squared max-margin', meanSquared: 'mean squared error', binaryCrossEntropy: 'cross-entropy' };
const optimizers = { sgd: 'SGD', adam: 'Adam', adamw: 'AdamW', rmsprop: 'RMSProp', adagrad: 'Adagrad', lbfgs: 'L-BFGS' };
const rates = { sgd: 0.5, adam: 0.01, adamw: 0.01, rmsprop: 0.01, adagrad: 0.1, lbfgs: 1 };
const numbersOf = {
  sgd: ['momentum'], adam: ['beta1', 'beta2'], adamw: ['beta1', 'beta2', 'decay'], rmsprop: ['alpha', 'momentum'], adagrad: [], lbfgs: ['memory'],
};
const numberHints = {
  momentum: 'The share of the last move that goes on.', beta1: 'How slowly the mean of the gradients changes.',
  beta2: 'How slowly the mean of their squares changes.', alpha: 'How slowly the mean of the squares changes.',
  decay: 'How fast weights shrink, times the rate.', memory: 'The number of steps that it remembers.',
};

// apply(settings) is called with new settings; table(request) asks for a table's points; ownPoints() is what is shown.
export function createControls({ apply, table, ownPoints }) {
  let settings = first, csv = null, key = null, controls = new Map();
  const box = element('div', { class: 'settings' });

  const get = (path) => path.split('.').reduce((part, name) => part[name], settings);
  // Sets what is at a path, and what follows from it.
  function set(path, value, then = () => {}) {
    const next = structuredClone(settings), names = path.split('.'), last = names.pop();
    names.reduce((part, name) => part[name], next)[last] = value;
    then(next, settings);
    apply(next);
  }

  // A control with its label, its error, and how it shows what is at its path.
  function row(id, label, control, hint, update) {
    const error = element('p', { role: 'alert', id: `network-${id}-error` });
    control.id = `network-${id}`;
    control.dataset.hint = hint;
    control.setAttribute('aria-describedby', error.id);
    controls.set(id, { control, error, update });
    update();
    return element('div', { class: 'setting' }, element('label', { for: control.id }, label), control, error);
  }

  function choice(id, label, path, list, hint, then) {
    const control = element('select', { onchange: () => set(path, control.value, then) },
      ...Object.entries(list).map(([name, title]) => element('option', { value: name }, title)));
    return row(id, label, control, hint, () => { control.value = get(path); });
  }

  function tick(id, label, path, hint, then) {
    const control = element('input', { type: 'checkbox', onchange: () => set(path, control.checked, then) });
    const made = row(id, label, control, hint, () => { control.checked = get(path); });
    made.classList.add('tick');
    return made;
  }

  function slider(id, label, path, [min, max, step], hint) {
    const shown = element('output');
    const control = element('input', { type: 'range', min, max, step, oninput: () => set(path, Number(control.value)) });
    const made = row(id, label, control, hint, () => { control.value = get(path); shown.textContent = all(get(path)); });
    control.after(shown);
    return made;
  }

  // A number that is typed. Arrow keys add a step, or multiply by a factor.
  function typed(id, label, path, hint, { step = 1, factor = null, isWhole = step === 1 && !factor } = {}) {
    const take = () => {
      const given = read(control.value), { error } = controls.get(id);
      const problem = given.error ?? (isWhole && !Number.isInteger(given.value) ? 'give a whole number' : null);
      fail(id, problem ? new Error(problem) : null);
      if (problem) return;
      error.textContent = given.note ?? '';
      set(path, given.value);
    };
    const control = element('input', {
      type: 'text', inputmode: 'decimal', autocomplete: 'off', onchange: take,
      onkeydown: (event) => {
        const up = { ArrowUp: 1, ArrowDown: -1 }[event.key], now = read(control.value).value;
        if (!up || now === undefined) return;
        event.preventDefault();
        const next = factor ? (now || 0.001) * factor ** up : now + up * step;
        control.value = all(Math.max(0, Number(next.toPrecision(3))));
        take();
      },
    });
    return row(id, label, control, hint, () => { control.value = all(get(path)); });
  }

  const button = (label, hint, onclick, more = {}) => element('button', { 'data-hint': hint, onclick, ...more }, label);

  function dataPart() {
    const { kind } = settings.data, parts = [choice('kind', 'data', 'data.kind', kinds, 'The points of the plane that the network learns to separate.',
      (next) => { if (next.data.kind === 'points' && !next.data.points.length) next.data.points = ownPoints(); })];
    if (kind === 'function') {
      const control = element('input', { type: 'text', spellcheck: false, oninput: () => set('data.formula', control.value) });
      parts.push(row('formula', 'f(x) =', control, 'Points above f have class 1, points below it class 0.', () => { control.value = settings.data.formula; }));
    }
    if (kind === 'points') parts.push(...pointsPart());
    else {
      parts.push(slider('count', 'points', 'data.count', [10, 1000, 10], 'The number of points.'),
        slider('noise', 'noise', 'data.noise', [0, 0.5, 0.01], 'Standard deviation of the noise on each coordinate.'));
    }
    return [...parts, slider('validation', 'held out', 'data.validation', [0, 0.8, 0.05], 'Share of the points that is not trained on; they have a ring.'),
      typed('dataSeed', 'seed', 'data.seed', 'Seed of the points: the same points as scikit-learn’s with this seed.')];
  }

  function pointsPart() {
    const text = element('textarea', { rows: 3, placeholder: 'x,y,class\n0.5,1.2,a\n…', spellcheck: false, onchange: () => load({ text: text.value }) });
    const hint = 'Paste a CSV, or drop a file: two columns of numbers and one with two classes. Or click points into the picture.';
    const file = element('input', {
      type: 'file', accept: '.csv,.tsv,.txt,text/csv', 'aria-label': 'CSV file', 'data-hint': hint,
      onchange: () => readFile(file.files[0]),
    });
    const note = element('p', { class: 'quiet', id: 'network-table-note' });
    const columns = (csv ? ['x', 'y', 'label'] : []).map((part) => {
      const control = element('select', { 'aria-label': part === 'label' ? 'class' : part, 'data-hint': 'The column of the table.', onchange: () => load({ ...csv.request, [part]: control.value }) },
        ...csv.columns.map((name) => element('option', { value: name }, name)));
      control.value = csv.request[part];
      return control;
    });
    return [
      row('table', 'table', text, hint, () => {
        const { length } = settings.data.points;
        note.textContent = `${length} points${csv?.count === length ? csv.note : ''}`;
      }),
      file, element('div', { class: 'row' }, ...columns), note,
      tick('standardise', 'standardise', 'data.standardise', 'The network gets inputs of mean 0 and standard deviation 1.'),
      button('clear points', 'Removes all points but one of each class.', () => {
        const { points } = settings.data;
        set('data.points', [0, 1].map((label) => points.find((point) => point[2] === label)).filter(Boolean));
      }),
    ];
  }

  async function load(request) {
    try {
      const { points, names, classes, columns, label, note } = await table(request);
      csv = { request: { ...request, x: names[0], y: names[1], label }, columns, count: points.length, note: note ? `: ${note}` : '' };
      set('data', { ...settings.data, kind: 'points', points, names, classes, standardise: true });
    } catch (error) {
      showProblem(error);
    }
  }
  const readFile = async (file) => { if (file) load({ text: await file.text() }); };
  box.addEventListener('dragover', (event) => event.preventDefault());
  box.addEventListener('drop', (event) => { event.preventDefault(); readFile(event.dataTransfer.files[0]); });

  function networkPart() {
    const layers = settings.hidden;
    return [
      ...layers.map((_, k) => element('div', { class: 'layer-row' },
        typed(`neurons${k}`, `layer ${k + 1}`, `hidden.${k}.neurons`, 'The number of neurons, 1 to 64.'),
        choice(`activation${k}`, 'activation', `hidden.${k}.activation`, activations, 'What each neuron does to its weighted sum.'),
        button('×', 'Removes this layer.', () => set('hidden', settings.hidden.filter((_, j) => j !== k)), { 'aria-label': `Remove layer ${k + 1}` }))),
      button('+ layer', 'Adds a layer before the output.', () => set('hidden', [...settings.hidden, settings.hidden.at(-1) ?? { neurons: 8, activation: 'relu' }]),
        { id: 'network-layers', disabled: layers.length >= 6 }),
      choice('output', 'output', 'output', activations, 'The activation of the output; most losses want none: identity.'),
      choice('initializer', 'weights', 'initializer', initializers, 'How the first weights are drawn.'),
      typed('seed', 'seed', 'seed', 'Seed of the weights and of the order of batches, as Python’s random.seed.'),
    ];
  }

  function trainingPart() {
    return [
      choice('loss', 'loss', 'loss', losses, 'What is minimised.'),
      choice('optimizer', 'optimiser', 'optimizer.kind', optimizers, 'How gradients move the weights.', (next, old) => {
        next.rate = old.rate === rates[old.optimizer.kind] || next.optimizer.kind === 'lbfgs' ? rates[next.optimizer.kind] : old.rate;
        if (next.optimizer.kind === 'lbfgs') next.batch = 0;
      }),
      ...numbersOf[settings.optimizer.kind].map((name) => typed(name, name, `optimizer.${name}`, numberHints[name], { step: name === 'memory' ? 1 : 0.01 })),
      typed('rate', 'learning rate', 'rate', 'How far a step goes; arrow keys multiply it. The weights are kept.', { factor: 1.25 }),
      typed('fall', 'falls in steps', 'fall', 'The rate falls linearly to a tenth in so many steps; 0: it is constant.', { step: 10, isWhole: true }),
      typed('penalty', 'L2 penalty', 'penalty', 'Times the sum of all squared weights, is added to the loss.', { factor: 2 }),
      typed('batch', 'batch', 'batch', 'Points of a step, in a new order each epoch; 0: all of them.'),
    ];
  }

  function show(given) {
    settings = given;
    // What decides which controls there are.
    const newKey = [settings.data.kind, csv?.columns, settings.hidden.length, settings.optimizer.kind].join();
    const active = box.contains(document.activeElement) ? document.activeElement : null;
    if (key === newKey) {
      for (const { control, update } of controls.values()) if (control !== active || control.type === 'range') update();
      return;
    }
    key = newKey;
    controls = new Map();
    box.replaceChildren(
      tick('python', 'same numbers as Python', 'python', 'The lecture’s moons and seeds; every operation in micrograd’s order, so losses are Python’s to the last bit.',
        (next) => { if (next.python) Object.assign(next, notebook(next.data.points)); }),
      element('h2', {}, 'Data'), ...dataPart(), element('h2', {}, 'Network'), ...networkPart(), element('h2', {}, 'Training'), ...trainingPart());
    if (active) document.getElementById(active.id)?.focus({ preventScroll: true });
  }

  function fail(id, error, text) {
    const place = controls.get(id);
    showError(place.error, error, text);
    place.error.classList.toggle('error', error !== null);
    if (error) place.control.setAttribute('aria-invalid', true);
    else place.control.removeAttribute('aria-invalid');
  }

  // An error of the engine, at the control that it names.
  function showProblem(error) {
    fail(controls.has(error.field) ? error.field : 'kind', error, error.field === 'formula' ? settings.data.formula : undefined);
  }

  function clear() { for (const [id, { control }] of controls) if (control.hasAttribute('aria-invalid')) fail(id, null); }

  return { element: box, show, fail: showProblem, clear };
}
