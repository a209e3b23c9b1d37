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
const notebook = (settings) => ({
  ...first, data: { ...first.data, count: 100, validation: 0, points: settings.data.points }, rate: 1, fall: 100, python: true,
});

const activations = ['relu', 'tanh', 'sigmoid', 'identity', 'leaky-relu', 'elu', 'gelu', 'gelu-tanh', 'silu', 'mish', 'softplus', 'softsign'];
const rates = { sgd: 0.5, adam: 0.01, adamw: 0.01, rmsprop: 0.01, adagrad: 0.1, lbfgs: 1 };
const options = {
  kind: { moons: 'moons', circles: 'circles', spirals: 'spirals', xor: 'xor', function: 'above a function', points: 'my own points' },
  initializer: {
    micrograd: 'uniform ±1 (micrograd)', lecture: 'uniform ±1, biases too (lecture)', glorotUniform: 'Glorot uniform',
    glorotNormal: 'Glorot normal', heUniform: 'He uniform', heNormal: 'He normal', torchLinear: 'as PyTorch', zeros: 'zeros',
  },
  loss: { hinge: 'max-margin', squaredHinge: 'squared max-margin', meanSquared: 'mean squared error', binaryCrossEntropy: 'cross-entropy' },
  optimizer: { sgd: 'SGD', adam: 'Adam', adamw: 'AdamW', rmsprop: 'RMSProp', adagrad: 'Adagrad', lbfgs: 'L-BFGS' },
  activation: Object.fromEntries(activations.map((name) => [name, name])),
};

// apply(settings) is called with new settings. table(request) asks for a table's points.
export function createControls({ apply, table, ownPoints }) {
  let settings = first, csv = null;
  const errors = new Map(), controls = new Map();
  const box = element('div', { class: 'settings' });

  const set = (change) => { const next = structuredClone(settings); change(next); apply(next); };

  function row(id, label, control, hint) {
    Object.assign(control, { id: `network-${id}` });
    control.dataset.hint = hint;
    const error = element('p', { role: 'alert', id: `network-${id}-error` });
    control.setAttribute('aria-describedby', error.id);
    errors.set(id, error);
    controls.set(id, control);
    return element('div', { class: 'setting' }, element('label', { for: control.id }, label), control, error);
  }

  function choice(id, label, list, value, change, hint) {
    const control = element('select', { onchange: () => set((s) => change(s, control.value)) },
      ...Object.entries(list).map(([name, title]) => element('option', { value: name }, title)));
    control.value = value;
    return row(id, label, control, hint);
  }

  // A number that is typed; the arrow keys change it by a step, or by a factor.
  function typed(id, label, value, change, hint, { step = 1, factor = null, least = 0 } = {}) {
    const control = element('input', { type: 'text', inputmode: 'decimal', value: all(value), autocomplete: 'off' });
    const take = () => {
      const given = read(control.value);
      if (given.error || (Number.isInteger(step) && !factor && !Number.isInteger(given.value))) {
        showError(errors.get(id), new Error(given.error ?? 'give a whole number'));
        control.setAttribute('aria-invalid', true);
        return;
      }
      showError(errors.get(id), null);
      control.removeAttribute('aria-invalid');
      if (given.note) errors.get(id).textContent = given.note;
      set((s) => change(s, given.value));
    };
    control.addEventListener('change', take);
    control.addEventListener('keydown', (event) => {
      const up = { ArrowUp: 1, ArrowDown: -1 }[event.key], now = read(control.value).value;
      if (!up || now === undefined) return;
      event.preventDefault();
      const next = factor ? (now || 0.001) * factor ** up : now + up * step;
      control.value = String(Math.max(least, Number(next.toPrecision(3))));
      take();
    });
    return row(id, label, control, hint);
  }

  function slider(id, label, value, change, hint, [min, max, step]) {
    const shown = element('output', {}, all(value));
    const control = element('input', {
      type: 'range', min, max, step, value,
      oninput: () => { shown.textContent = control.value; set((s) => change(s, Number(control.value))); },
    });
    const made = row(id, label, control, hint);
    control.after(shown);
    return made;
  }

  const tick = (id, label, value, change, hint) => {
    const control = element('input', { type: 'checkbox', onchange: () => set((s) => change(s, control.checked)) });
    control.checked = value;
    const made = row(id, label, control, hint);
    made.classList.add('tick');
    return made;
  };

  function dataPart() {
    const { data } = settings, parts = [choice('kind', 'data', options.kind, data.kind, (s, x) => {
      if (x === 'points' && !s.data.points.length) s.data.points = ownPoints();
      s.data.kind = x;
    }, 'The points of the plane that the network learns to separate.')];
    if (data.kind === 'function') {
      const control = element('input', { type: 'text', value: data.formula, spellcheck: false, oninput: () => set((s) => { s.data.formula = control.value; }) });
      parts.push(row('formula', 'f(x) =', control, 'Points above f have class 1, points below it class 0.'));
    }
    if (data.kind === 'points') parts.push(...pointsPart());
    else {
      parts.push(
        slider('count', 'points', data.count, (s, x) => { s.data.count = x; }, 'The number of points.', [10, 1000, 10]),
        slider('noise', 'noise', data.noise, (s, x) => { s.data.noise = x; }, 'Standard deviation of the noise on each coordinate.', [0, 0.5, 0.01]));
    }
    parts.push(
      slider('validation', 'held out', data.validation, (s, x) => { s.data.validation = x; }, 'Share of the points that is not trained on; they have a ring.', [0, 0.8, 0.05]),
      typed('dataSeed', 'seed', data.seed, (s, x) => { s.data.seed = x; }, 'Seed of the points: the same points as scikit-learn’s with this seed.'));
    return parts;
  }

  function pointsPart() {
    const text = element('textarea', {
      rows: 3, placeholder: 'x,y,class\n0.5,1.2,a\n…', spellcheck: false,
      onchange: () => load({ text: text.value }),
    });
    const file = element('input', { type: 'file', accept: '.csv,.tsv,.txt,text/csv', 'aria-label': 'CSV file', 'data-hint': 'Reads two columns of numbers and one with two classes.',
      onchange: async () => { if (file.files[0]) load({ text: await file.files[0].text() }); } });
    const note = element('p', { class: 'quiet', id: 'network-table-note' }, `${settings.data.points.length} points${csv?.count === settings.data.points.length ? csv.note : ''}`);
    const columns = csv?.columns.length ? element('div', { class: 'row' }, ...['x', 'y', 'label'].map((part) => {
      const control = element('select', { 'aria-label': part === 'label' ? 'class' : part, 'data-hint': 'The column of the table.',
        onchange: () => load({ ...csv.request, [part]: control.value }) },
      ...csv.columns.map((name) => element('option', { value: name }, name)));
      control.value = csv.request[part];
      return control;
    })) : null;
    return [
      row('table', 'table', text, 'Paste a CSV, or drop a file: two columns of numbers and one with two classes. Or click points into the picture.'),
      file, ...(columns ? [columns] : []), note,
      tick('standardise', 'standardise', settings.data.standardise, (s, x) => { s.data.standardise = x; }, 'The network gets inputs of mean 0 and standard deviation 1.'),
      element('button', { 'data-hint': 'Removes all points but one of each class.', onclick: () => { csv = null; set((s) => {
        const p = s.data.points;
        s.data.points = [p.find((q) => q[2] === 0), p.find((q) => q[2] === 1)].filter(Boolean);
      }); } }, 'clear points'),
    ];
  }

  async function load(request) {
    try {
      const answer = await table(request);
      csv = { request: { ...request, x: answer.names[0], y: answer.names[1], label: answer.label }, columns: answer.columns, count: answer.points.length, note: answer.note ? `: ${answer.note}` : '' };
      set((s) => Object.assign(s.data, { kind: 'points', points: answer.points, names: answer.names, classes: answer.classes, standardise: true }));
    } catch (error) {
      fail(error);
    }
  }
  box.addEventListener('dragover', (event) => event.preventDefault());
  box.addEventListener('drop', async (event) => {
    event.preventDefault();
    const file = event.dataTransfer.files[0];
    if (file) load({ text: await file.text() });
  });

  function networkPart() {
    return [
      ...settings.hidden.map((layer, k) => element('div', { class: 'layer-row' },
        typed(`neurons${k}`, `layer ${k + 1}`, layer.neurons, (s, x) => { s.hidden[k].neurons = x; }, 'The number of neurons, 1 to 64.', { least: 1 }),
        choice(`activation${k}`, 'activation', options.activation, layer.activation, (s, x) => { s.hidden[k].activation = x; }, 'What each neuron does to its weighted sum.'),
        element('button', { 'aria-label': `Remove layer ${k + 1}`, 'data-hint': 'Removes this layer.', onclick: () => set((s) => { s.hidden.splice(k, 1); }) }, '×'))),
      element('button', { id: 'network-layers', disabled: settings.hidden.length >= 6, 'data-hint': 'Adds a layer before the output.',
        onclick: () => set((s) => { s.hidden.push(structuredClone(s.hidden.at(-1) ?? { neurons: 8, activation: 'relu' })); }) }, '+ layer'),
      choice('output', 'output', options.activation, settings.output, (s, x) => { s.output = x; }, 'The activation of the output; most losses want none: identity.'),
      choice('initializer', 'weights', options.initializer, settings.initializer, (s, x) => { s.initializer = x; }, 'How the first weights are drawn.'),
      typed('seed', 'seed', settings.seed, (s, x) => { s.seed = x; }, 'Seed of the weights and of the order of batches, as Python’s random.seed.'),
    ];
  }

  function trainingPart() {
    const rule = settings.optimizer, extra = {
      sgd: ['momentum'], adam: ['beta1', 'beta2'], adamw: ['beta1', 'beta2', 'decay'], rmsprop: ['alpha', 'momentum'], lbfgs: ['memory'],
    }[rule.kind] ?? [];
    const hints = {
      momentum: 'The share of the last move that goes on.', beta1: 'How slowly the mean of the gradients changes.', beta2: 'How slowly the mean of their squares changes.',
      alpha: 'How slowly the mean of the squares changes.', decay: 'How fast weights shrink, times the rate.', memory: 'The number of steps that it remembers.',
    };
    return [
      choice('loss', 'loss', options.loss, settings.loss, (s, x) => { s.loss = x; }, 'What is minimised.'),
      choice('optimizer', 'optimiser', options.optimizer, rule.kind, (s, x) => {
        if (s.rate === rates[s.optimizer.kind] || s.optimizer.kind === 'lbfgs' || x === 'lbfgs') s.rate = rates[x];
        s.optimizer.kind = x;
        if (x === 'lbfgs') s.batch = 0;
      }, 'How gradients move the weights.'),
      ...extra.map((name) => typed(name, name, rule[name], (s, x) => { s.optimizer[name] = x; }, hints[name], { step: name === 'memory' ? 1 : 0.01 })),
      typed('rate', 'learning rate', settings.rate, (s, x) => { s.rate = x; }, 'How far a step goes; arrow keys multiply it. The weights are kept.', { factor: 1.25, step: 0.1 }),
      typed('fall', 'falls in steps', settings.fall, (s, x) => { s.fall = x; }, 'The rate falls linearly to a tenth in so many steps; 0: it is constant.', { step: 10 }),
      typed('penalty', 'L2 penalty', settings.penalty, (s, x) => { s.penalty = x; }, 'Times the sum of all squared weights, is added to the loss.', { factor: 2, step: 0.1 }),
      typed('batch', 'batch', settings.batch, (s, x) => { s.batch = x; }, 'Points of a step, in a new order each epoch; 0: all of them.'),
    ];
  }

  function show(given) {
    settings = given;
    const active = box.contains(document.activeElement) ? document.activeElement.id : null;
    const selection = active ? [document.activeElement.selectionStart, document.activeElement.selectionEnd] : null;
    const isSame = box.dataset.key === key();
    if (isSame && active) return; // a slider that is being dragged, a text that is being typed
    box.dataset.key = key();
    errors.clear();
    box.replaceChildren(
      tick('python', 'same numbers as Python', settings.python, (s, x) => Object.assign(s, x ? notebook(s) : { python: false }),
        'The lecture’s moons and seeds; every operation in micrograd’s order, so losses are Python’s to the last bit.'),
      element('h2', {}, 'Data'), ...dataPart(),
      element('h2', {}, 'Network'), ...networkPart(),
      element('h2', {}, 'Training'), ...trainingPart());
    if (active && document.getElementById(active)) {
      const control = document.getElementById(active);
      control.focus({ preventScroll: true });
      if (control.type === 'text' && selection[0] !== null) control.setSelectionRange(...selection);
    }
  }

  // What decides which controls there are.
  const key = () => [settings.data.kind, settings.data.points.length, csv?.columns, settings.hidden.length, settings.optimizer.kind, settings.python, settings.rate, settings.batch,
    settings.data.kind === 'points' ? settings.data.standardise : ''].join();

  function fail(error) {
    for (const place of errors.values()) showError(place, null);
    const place = errors.get(error.field) ?? errors.get('kind');
    showError(place, error, error.field === 'formula' ? settings.data.formula : undefined);
    controls.get(error.field)?.setAttribute('aria-invalid', true);
  }

  function clear() {
    for (const [id, place] of errors) {
      if (place.textContent.startsWith('read as')) continue;
      showError(place, null);
      place.classList.remove('error');
      controls.get(id)?.removeAttribute('aria-invalid');
    }
  }

  return { element: box, show, fail, clear };
}
