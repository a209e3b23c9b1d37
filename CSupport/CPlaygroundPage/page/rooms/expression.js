// The room of expressions.
import { element, numeral, showError, showNumber } from '../elements.js';
import { Lost } from '../connection.js';
import { six } from '../numbers.js';
import { numberField } from './fields.js';
import { GraphView } from './graph.js';
import { showNudge } from './nudge.js';

const lecture = { formula: 'e = a*b; d = e + c; L = d*f', values: { a: 2, b: -3, c: 10, f: -2 } };
const examples = [
  { title: 'The lecture’s expression', ...lecture },
  { title: 'A neuron', formula: 'n = x1*w1 + x2*w2 + b; o = tanh(n)', values: { x1: 2, w1: -3, x2: 0, w2: 1, b: 6.8813735870195432 } },
  { title: 'One name, two paths', formula: 'y = x**2; z = sin(x); y*z', values: { x: 2 } },
  { title: 'A neuron that is off', formula: 'relu(w*x + b)', values: { w: 0.5, x: 2, b: -3 } },
  { title: 'Logistic loss', formula: 's = w*x + b\np = sigmoid(s)\nloss = -(y*log(p) + (1 - y)*log(1 - p))', values: { w: 0.5, x: 2, b: -0.25, y: 1 } },
  { title: 'Softmax of three', formula: 'm = logsumexp(u, v, w); exp(u - m)', values: { u: 1, v: 2, w: 0.5 } },
  { title: 'Air pressure', formula: 'p = p0*exp(-h/8435); 100*(1 - p/p0)', values: { p0: 101325, h: 8848 } },
  { title: 'A choice', formula: 'if(x > 0, sqrt(x), 0)', values: { x: 2 } },
];
// The first names that a message may have, so that it stays small.
const mostValues = 1000, mostFields = 500, mostFrames = 300, mostFrameBytes = 30e6;

export function createRoom(services) {
  let kept = structuredClone(lecture), opened = null, numbers = null;
  let view = { at: null, box: null }, pinned = null, isNudging = false, nudge = { input: null, by: 0.1 };
  let leaves = new Map(), rows = [];

  // MARK: Left

  const formula = element('textarea', {
    id: 'formula', rows: 2, 'aria-label': 'Formula', 'aria-describedby': 'formula-error', spellcheck: false, autocapitalize: 'off', autocomplete: 'off',
    'data-hint': 'A formula. Several statements are separated by ; or stand in lines: e = a*b; d = e + c; d*f',
  });
  const problem = element('div', { role: 'alert', id: 'formula-error' });
  const choice = element('select', { id: 'example', 'aria-label': 'Examples', 'data-hint': 'Puts an example into the formula.' },
    element('option', { value: '' }, 'examples …'), ...examples.map((example, k) => element('option', { value: k }, example.title)));
  const fields = element('div', { class: 'leaves' });
  const fieldNote = element('p', { class: 'quiet' });
  const nudgeSwitch = element('input', { type: 'checkbox', id: 'nudge', 'data-hint': 'Change one input by h, and compare the true change with grad · h.' });
  const nudgeInput = element('select', { id: 'nudge-input', 'aria-label': 'Input to nudge', 'data-hint': 'The input that is changed.' });
  const nudgeBy = numberField({ name: 'h', id: 'nudge-by', label: 'h', hint: 'The change: drag it, type it, or press ↑ ↓ (shift: tenths).', onchange: (by) => { nudge.by = by; changed(); } });
  const nudgeFields = element('div', {}, element('label', { class: 'row' }, 'input ', nudgeInput), nudgeBy.row);
  nudgeFields.hidden = true;

  formula.oninput = () => { kept.formula = formula.value; grow(); unwalk(); changed(true); };
  choice.onchange = () => {
    const example = examples[choice.value];
    choice.value = '';
    if (!example) return;
    kept = { formula: example.formula, values: { ...kept.values, ...example.values } };
    formula.value = kept.formula;
    grow();
    unwalk();
    changed(true);
  };
  nudgeSwitch.onchange = () => { isNudging = nudgeSwitch.checked; nudgeFields.hidden = !isNudging; changed(); };
  nudgeInput.onchange = () => { nudge.input = nudgeInput.value; changed(); };

  function grow() {
    formula.style.height = 'auto';
    formula.style.height = `${Math.min(formula.scrollHeight + 2, 240)}px`;
  }

  function showFields(inputs) {
    const before = leaves;
    leaves = new Map(inputs.slice(0, mostFields).map(({ name }) => [name, before.get(name) ?? numberField({
      name, label: name, hasGradient: true, hint: `${name}: drag the number, type it, or press ↑ ↓ (shift: tenths).`,
      onchange: (value) => { kept.values[name] = value; changed(); },
    })]));
    for (const { name, value } of inputs) leaves.get(name)?.set(value);
    const wanted = [...leaves.values()].map((leaf) => leaf.row);
    if (wanted.length !== fields.children.length || wanted.some((row, k) => row !== fields.children[k])) fields.replaceChildren(...wanted);
    for (const { name, isUsed } of inputs) leaves.get(name)?.row.classList.toggle('unused', !isUsed);
    const isCut = inputs.length > mostFields, unused = inputs.filter((input) => !input.isUsed).map((input) => input.name);
    fieldNote.textContent = isCut ? `${mostFields} of ${inputs.length} inputs are shown.` : inputs.length === 0 ? 'There are no inputs: the formula is a number.'
      : unused.length > 0 ? `The result does not depend on ${unused.slice(0, 5).join(', ')}.` : '';
    const names = inputs.slice(0, mostFields).map((input) => input.name);
    if (!names.includes(nudge.input)) nudge.input = names[0] ?? null;
    nudgeInput.replaceChildren(...names.map((name) => element('option', { value: name }, name)));
    nudgeInput.value = nudge.input ?? '';
    nudgeSwitch.disabled = names.length === 0;
  }

  // MARK: Middle

  const graph = new GraphView({ onPick: pick, onPin: (box) => { pinned = box === pinned ? null : box; pick(null); } });
  const folded = element('p', { class: 'quiet', id: 'folded' });
  const pathPlace = element('div', { id: 'paths', class: 'paths', 'aria-live': 'off' });

  function pick(box) {
    const next = box ?? pinned;
    if (next === view.box) return;
    view.box = next;
    refresh();
  }

  function showPaths(paths) {
    if (!paths) return pathPlace.replaceChildren(element('p', { class: 'quiet' }, 'Point at a node, or focus it, to see its paths to the result. A click keeps them.'));
    const name = opened.picture.boxes[paths.box].name, isOne = paths.count === '1';
    const lines = paths.paths.map((path) => element('tr', {}, element('td', {}, path.names), element('td', {}, path.product)));
    pathPlace.replaceChildren(
      element('p', {}, element('strong', {}, name), isOne ? ' reaches the result by one path' : ` reaches the result by ${paths.count} paths`,
        paths.sum ? `; their sum is ${name}.grad: ${paths.sum}` : isOne ? '; the product of its derivatives is the gradient' : `; ${lines.length} of them:`),
      element('table', {}, ...lines));
  }

  // MARK: Right

  const result = element('p', { class: 'headline' });
  const value = element('output', { id: 'value', class: 'number' });
  const valueName = element('span', {});
  const notFinite = element('p', { class: 'error', id: 'not-finite', role: 'status' });
  result.append(valueName, value);
  const acts = [['all', 'all numbers', 'All numbers, as they are after both passes.'], ['forward', 'forward', 'Walk the forward pass: numbers appear, operation by operation.'],
    ['backward', 'backward', 'Walk the backward pass: gradients go back, operation by operation.']].map(([act, title, hint]) => {
    const radio = element('input', { type: 'radio', name: 'act', value: act, id: `act-${act}`, 'data-hint': hint });
    radio.onchange = () => go(act === 'all' ? null : act === 'forward' ? 0 : numbers?.forwardSteps ?? 0);
    return { act, radio, label: element('label', { for: `act-${act}` }, radio, title) };
  });
  const actPlace = element('div', { class: 'acts', role: 'radiogroup', 'aria-label': 'What is shown' }, ...acts.map((act) => act.label));
  const stepPlace = element('div', { id: 'step-text', class: 'step' });
  const nudgePlace = element('div', { id: 'nudge-result' });
  const body = element('tbody', {});
  const caption = element('caption', {}, 'Nodes');
  const table = element('table', { class: 'nodes', id: 'nodes', 'data-hint': '↑ ↓ go from node to node.' }, caption,
    element('thead', {}, element('tr', {}, ...['node', 'operation', 'data', 'grad'].map((title) => element('th', { scope: 'col' }, title)))), body);

  body.addEventListener('keydown', (event) => {
    const move = { ArrowUp: 'previousElementSibling', ArrowDown: 'nextElementSibling' }[event.key], next = event.target[move];
    if (!next) return;
    event.target.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
    event.preventDefault();
  });

  function showTable(picture) {
    rows = [];
    picture.boxes.forEach((box, k) => {
      if (box.kind === 'more') return;
      const data = element('td', {}), grad = element('td', {});
      const row = element('tr', { tabindex: rows.length === 0 ? 0 : -1 }, element('th', { scope: 'row' }, box.name), element('td', {}, box.operation ?? ''), data, grad);
      row.onfocus = row.onpointerenter = () => pick(k);
      row.onblur = row.onpointerleave = () => pick(null);
      rows[k] = { row, data, grad };
    });
    body.replaceChildren(...rows.filter(Boolean).map(({ row }) => row));
    const isFolded = picture.shown < picture.nodes;
    folded.textContent = isFolded ? `The ${picture.shown} of ${picture.nodes} nodes that are nearest to the result. “… 3 more” stands for operands that are left out; the CSV has all nodes.` : '';
    caption.textContent = isFolded ? `${picture.shown} of ${picture.nodes} nodes` : 'Nodes';
  }

  function stepText({ step, forwardSteps }, isLive) {
    if (!step) return [element('p', { class: 'quiet' }, forwardSteps > 0 ? 'All numbers are shown. ▶ walks through the forward pass, and then the backward pass.' : 'There is nothing to walk through: no operation depends on an input.')];
    const title = element('p', { class: 'quiet' }, `${step.act} ${step.number} of ${step.of}`);
    const lines = [title, element('p', {}, element('strong', {}, step.heading))];
    if (step.arithmetic !== undefined) lines.push(element('p', { class: 'rule' }, step.arithmetic));
    for (const operand of step.operands) lines.push(element('p', { class: 'rule' }, operand.rule), element('p', { class: 'rule sum' }, operand.arithmetic));
    if (step.operandsLeftOut > 0) lines.push(element('p', { class: 'quiet' }, `… and ${step.operandsLeftOut} more operands`));
    if (step.note !== undefined) lines.push(element('p', {}, step.note));
    if (isLive && step.number > 0 && step.box === undefined) lines.push(element('p', { class: 'quiet' }, 'This node is not in the picture.'));
    return lines;
  }

  // MARK: Questions to the engine

  let wanted = null, isAsking = false;

  // Something changed that is to be kept.
  function changed(isFormula) {
    services.changed();
    refresh(isFormula);
  }

  // Asks for numbers, or opens the formula. At most one question is on the way; what comes meanwhile is asked together.
  async function refresh(isFormula) {
    wanted = wanted === 'open' || isFormula ? 'open' : 'set';
    if (isAsking || !services.isConnected()) return;
    isAsking = true;
    try {
      while (wanted) {
        const action = wanted === 'set' && opened ? 'set' : 'open';
        wanted = null;
        await ask(action, kept.formula);
      }
    } finally {
      isAsking = false;
    }
  }

  function question(more) {
    const question = { values: kept.values, ...view, ...more };
    if (isNudging && nudge.input !== null) question.nudge = nudge;
    return question;
  }

  async function ask(action, text) {
    try {
      if (action === 'open') {
        pinned = view.box = null;
        const answer = await services.ask('open', question({ formula: text, nudge: undefined }));
        open(answer, text);
        if (isNudging) wanted ??= 'set';
      } else {
        show(await services.ask('set', question()));
      }
    } catch (error) {
      if (error instanceof Lost) return;
      if (action === 'open') failed(error);
      else showError(problem, error);
    }
  }

  function open(answer, text) {
    opened = answer;
    kept.good = text;
    prune(answer.inputs);
    showFields(answer.inputs);
    graph.open(answer.picture);
    showTable(answer.picture);
    show(answer.numbers);
    formula.removeAttribute('aria-invalid');
    showError(problem, null);
    graph.dim(false);
  }

  function failed(error) {
    formula.setAttribute('aria-invalid', true);
    showError(problem, error, kept.formula);
    graph.dim(true);
  }

  // Forgets numbers of names that were typed on the way to others.
  function prune(inputs) {
    const names = Object.keys(kept.values), used = new Set(inputs.map((input) => input.name));
    for (const { name, value } of inputs) kept.values[name] ??= value;
    for (const name of names.slice(0, Math.max(0, names.length - mostValues))) if (!used.has(name)) delete kept.values[name];
  }

  function show(answer) {
    const isNewStep = answer.at !== numbers?.at;
    numbers = answer;
    view.at = answer.at ?? null;
    valueName.textContent = `${opened.picture.result} = `;
    showNumber(value, answer.data[answer.data.length - 1]);
    notFinite.textContent = answer.notFinite ?? '';
    opened.inputs.slice(0, mostFields).forEach(({ name }, k) => leaves.get(name)?.showGradient(answer.inputGradients[k]));
    graph.show(answer);
    for (const [k, row] of rows.entries()) {
      if (!row) continue;
      if (row.at !== answer.data[k] || row.slope !== answer.gradients[k]) {
        showNumber(row.data, row.at = answer.data[k]);
        showNumber(row.grad, row.slope = answer.gradients[k]);
      }
      row.row.classList.toggle('turn', answer.step?.box === k);
    }
    const act = answer.at === undefined ? 'all' : answer.at === answer.forwardSteps && acts[2].radio.checked ? 'backward' : answer.step?.act ?? 'all';
    for (const { act: name, radio } of acts) radio.checked = name === act;
    stepPlace.replaceChildren(...stepText(answer, true));
    stepPlace.classList.toggle('short', isNudging && !answer.step);
    if (isNewStep && answer.step) services.say(stepPlace.innerText);
    showPaths(answer.paths);
    if (answer.nudge && isNudging) showNudge(nudgePlace, answer.nudge, opened.picture.result);
    else nudgePlace.replaceChildren();
    services.moved();
  }

  // MARK: The walk

  const stepCount = () => (numbers ? numbers.forwardSteps + numbers.backwardSteps : 0);

  function go(at) {
    if (!opened) return;
    view.at = at;
    services.moved();
    return changed();
  }

  function unwalk() {
    view.at = null;
    services.stop();
  }

  function step() {
    const count = stepCount();
    if (count === 0) return;
    return go(view.at === null ? 1 : view.at >= count ? null : view.at + 1);
  }

  async function run() {
    if (view.at === null || view.at >= stepCount()) await go(0);
    while (services.isRunning() && view.at !== null && view.at < stepCount()) {
      await new Promise((done) => setTimeout(done, 2200 * 0.68 ** services.speed()));
      if (services.isRunning()) await step();
    }
    services.stop();
  }

  // MARK: Files

  async function file(action) {
    if (!opened) throw new Error('there is no formula to save: type one');
    return (await services.ask(action, { values: kept.values })).text;
  }

  // All steps of the walk.
  async function frames() {
    if (!opened) throw new Error('there is no formula to replay: type one');
    const drawing = new GraphView({ onlyLayout: graph.layout }), list = [];
    drawing.open(opened.picture);
    for (let at = 0, bytes = 0; at <= stepCount() && list.length < mostFrames && bytes < mostFrameBytes; at += 1) {
      const answer = await services.ask('set', { values: kept.values, at });
      drawing.show(answer);
      const says = element('div', {}, ...stepText(answer, false)).innerHTML, picture = drawing.text();
      list.push({ picture, says });
      bytes += picture.length;
    }
    return list;
  }

  return {
    name: 'expression', title: 'Expression',
    mount(left, middle, right) {
      left.append(formula, problem, choice, element('h2', {}, 'Inputs'), fields, fieldNote,
        element('label', { class: 'row nudge-switch' }, nudgeSwitch, 'nudge an input'), nudgeFields);
      middle.append(graph.place, folded, pathPlace);
      right.append(result, notFinite, actPlace, stepPlace, nudgePlace, table);
      grow();
    },
    state: () => ({ ...kept, at: view.at, nudge: { ...nudge, isOn: isNudging } }),
    restore(state) {
      const given = state ?? lecture;
      if (typeof given.formula !== 'string' || typeof given.values !== 'object') throw new Error('not a state of this room');
      kept = { formula: given.formula, good: given.good, values: { ...given.values } };
      view = { at: Number.isInteger(given.at) ? given.at : null, box: null };
      nudge = { input: given.nudge?.input ?? null, by: Number.isFinite(given.nudge?.by) ? given.nudge.by : 0.1 };
      isNudging = Boolean(given.nudge?.isOn);
      formula.value = kept.formula;
      nudgeSwitch.checked = isNudging;
      nudgeFields.hidden = !isNudging;
      nudgeBy.set(nudge.by);
      grow();
    },
    async connected() {
      if (typeof kept.good === 'string' && kept.good !== kept.formula) await ask('open', kept.good);
      await refresh(true);
    },
    back: () => go(view.at === null ? stepCount() : Math.max(view.at - 1, 0)),
    step, run,
    reset: () => go(null),
    position: () => ({ at: view.at ?? '–', of: stepCount(), unit: 'step', canBack: stepCount() > 0 && view.at !== 0, canStep: stepCount() > 0 }),
    exports: { svg: () => graph.text(), csv: () => file('csv'), swift: () => file('swift'), frames },
  };
}
