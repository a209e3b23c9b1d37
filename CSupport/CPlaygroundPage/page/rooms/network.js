// The room of networks: points, layers, training, and the decision boundary.
import { element, numeral } from '../elements.js';
import { all, six } from '../numbers.js';
import { createControls, first } from './network-controls.js';
import { createCurves } from './curves.js';
import { createField } from './field.js';
import { createLayers } from './layers.js';
import { bytes, doubles } from './packed.js';
import { acts, describe, linesOf, numbersOf, unpack } from './walk.js';

// Steps a frame by the bar's speed: below 1, a step in some frames.
const speeds = [0.05, 0.1, 0.2, 0.33, 0.5, 1, 2, 5, 20, 100, 400];
const mostFrames = 300;

export function createRoom(services) {
  let settings = first, snapshot = null, opened = null, frame = null, weights = null, gradients = null;
  let looks = { gradients: false, logarithmic: false, acts: false, sample: null, neuron: null };
  let act = 0, walk = null, isNew = true, isMounted = false, isLooping = false, wanted = null, asking = false, recorded = [];

  const field = createField({
    pick(row) { looks.sample = row === looks.sample ? null : row; field.choose(looks.sample); services.changed(); if (act) { walk = null; enter(act); } },
    place(x, y, isSecond) { change({ ...settings, data: { ...settings.data, points: [...settings.data.points, [x, y, isSecond ? 0 : 1]] } }); },
    remove(row) { change({ ...settings, data: { ...settings.data, points: settings.data.points.filter((_, k) => k !== row) } }); },
  });
  const layers = createLayers({
    choose(neuron) { looks.neuron = neuron; services.changed(); if (act) showAct(); if (opened && !services.isRunning()) look(); },
  });
  const curves = createCurves();
  const controls = createControls({
    apply: change, table: (request) => services.ask('table', request),
    ownPoints: () => [...(opened?.labels ?? [])].map((label, k) => [opened.points[2 * k], opened.points[2 * k + 1], label]),
  });
  const facts = element('dl', { class: 'facts' }), trouble = element('div', { role: 'alert', class: 'trouble' });
  const pages = element('div', { class: 'act' }), problem = element('p', { role: 'alert' });
  const values = Object.fromEntries(['loss', 'penalty', 'accuracy', 'held', 'heldAccuracy', 'gradient', 'rate'].map((name) => [name, numeral(null, { id: `network-now-${name}` })]));
  const titles = { loss: 'loss', penalty: 'penalty, in the loss', accuracy: 'accuracy', held: 'loss, held out', heldAccuracy: 'accuracy, held out', gradient: 'largest gradient', rate: 'learning rate' };
  for (const [name, title] of Object.entries(titles)) facts.append(element('dt', {}, title), element('dd', {}, values[name]));
  const summary = element('p', { class: 'quiet', id: 'network-summary' });
  const toggles = [
    toggle('gradients', 'lines show gradients', 'Lines show the gradients of the loss by the weights, instead of the weights.', () => show(frame)),
    toggle('logarithmic', 'logarithmic losses', 'The axis of the losses is logarithmic.', () => curves.setLogarithmic(looks.logarithmic)),
    toggle('acts', 'open each step', 'A step is three acts, walked by → and ←: forward, backward, update.', () => { leave(); if (looks.acts) enter(1); }),
  ];

  function toggle(name, label, hint, then) {
    const control = element('input', { type: 'checkbox', id: `network-show-${name}`, 'data-hint': hint, onchange: () => { looks[name] = control.checked; services.changed(); then(); } });
    return Object.assign(element('label', { class: 'tick' }, control, ` ${label}`), { update() { control.checked = looks[name]; } });
  }

  const view = () => ({ size: services.isRunning() ? 80 : 160, ...(looks.neuron === null ? {} : { neuron: looks.neuron }) });

  // One question at a time; of several new settings the last one counts.
  async function change(next) {
    settings = next;
    controls.show(settings);
    services.changed();
    wanted = next;
    if (asking) return;
    asking = true;
    try {
      while (wanted && services.isConnected()) {
        const given = wanted;
        wanted = null;
        try {
          take(await services.ask('open', { settings: given, view: view() }));
          controls.clear();
          await keep();
        } catch (error) {
          if (error.field === undefined && error.name !== 'Error') throw error;
          if (!services.isConnected()) throw error;
          controls.fail(error);
        }
      }
    } finally {
      asking = false;
    }
  }

  // A new run, or the old one with changes.
  function take(answer) {
    const labels = bytes(answer.labels);
    opened = { ...answer, points: doubles(answer.points), labels };
    if (answer.isNew) { curves.clear(); recorded = []; }
    leave();
    field.open(opened, settings.data.kind === 'points' ? settings.data.names : ['x', 'y']);
    field.setEdits(settings.data.kind === 'points');
    field.choose(looks.sample);
    layers.open(answer.sizes, settings.data.names);
    if (looks.neuron !== null && looks.neuron < answer.sizes.slice(1).reduce((a, b) => a + b, 0)) layers.choose(looks.neuron);
    summary.textContent = `${answer.sizes.join('–')}: ${answer.parameterCount} parameters, ${labels.length - answer.validation.length} points trained on`;
    problem.textContent = answer.note ?? '';
    show(answer.frame);
    if (looks.acts) enter(1);
  }

  function show(given) {
    if (!given) return;
    frame = given;
    [weights, gradients] = [doubles(frame.weights), doubles(frame.gradients)];
    curves.cut(frame.losses.from);
    const totals = doubles(frame.losses.total), held = frame.losses.validation ? doubles(frame.losses.validation) : null;
    totals.forEach((total, k) => curves.add([frame.losses.from + k, total, held ? held[k] : null]));
    curves.drawSoon();
    const { now } = frame;
    const text = `Step ${frame.step}: loss ${six(now.total)}, ${percent(now.accuracy)} of the points right`;
    const neuron = layers.chosen();
    field.show(frame.field, `${neuron === null ? 'Decision boundary' : `What ${layers.name(neuron)} computes`}. ${text}`,
      neuron === null ? '' : `${layers.name(neuron)}: full colour at ±${six(frame.field.scale)}`);
    layers.show(frame.units, bytes(frame.units.bytes), lines());
    const list = { loss: now.total, penalty: now.penalty, accuracy: now.accuracy, held: now.validation, heldAccuracy: now.validationAccuracy, gradient: now.largestGradient, rate: now.rate };
    for (const [name, place] of Object.entries(values)) {
      place.textContent = name.toLowerCase().includes('accuracy') ? percent(list[name]) : six(list[name]);
      place.title = place.dataset.value = all(list[name] ?? null);
      place.classList.toggle('error', list[name] === 'nan' || list[name] === 'inf');
    }
    values.gradient.title = `${now.largestPlace}: ${all(now.largestGradient)}`;
    showTrouble();
    services.moved();
  }

  const percent = (share) => (share === null || share === undefined ? '–' : `${(100 * share).toFixed(1)} %`);
  const lines = () => (act && walk ? linesOf(walk, act) : looks.gradients ? gradients : weights);

  function showTrouble() {
    const what = frame.trouble, text = what ? `${what.step} ${what.rate} ${what.what}` : '';
    if (what) services.stop();
    if (trouble.dataset.shown === text) return;
    trouble.dataset.shown = text;
    trouble.hidden = !what;
    if (!what) { trouble.replaceChildren(); return; }
    const rate = Number((what.rate / 10).toPrecision(2));
    const back = async (slower) => {
      if (what.goodStep !== null) show(await services.ask('back', { to: what.goodStep, view: view() }));
      if (slower) await change({ ...settings, rate });
      await keep();
    };
    trouble.replaceChildren(
      element('h2', {}, `It diverges at step ${what.step}`), element('p', {}, what.what),
      what.gradient === null ? null : element('p', {}, 'The largest gradient of the step before was ', numeral(what.gradient), `, of ${what.parameter}; the rate is ${six(what.rate)}.`),
      element('div', { class: 'row' },
        what.goodStep === null ? null : element('button', { id: 'network-good', 'data-hint': 'Goes to the step where the loss had not begun to rise.', onclick: () => back(false) }, `back to step ${what.goodStep}`),
        element('button', { id: 'network-slower', 'data-hint': 'Goes back, and on from there with a tenth of the learning rate.', onclick: () => back(true) }, `${what.goodStep === null ? '' : 'back, and '}set the rate to ${six(rate)}`)));
  }

  // What a reload goes on from.
  async function keep() {
    snapshot = await services.ask('snapshot');
    services.changed();
  }

  async function look() { show(await services.ask('look', { view: view() })); }

  function record() {
    recorded.push({ ...field.last(), step: frame.step, now: frame.now });
    if (recorded.length > mostFrames) recorded.shift();
  }

  async function train(steps) {
    leave();
    show(await services.ask('train', { steps: Math.min(steps, opened.mostSteps), view: view() }));
    record();
  }

  async function loop() {
    if (isLooping || !opened) return;
    isLooping = true;
    let due = 0, keptAt = performance.now();
    try {
      while (services.isRunning()) {
        due += speeds[services.speed()] ?? 1;
        if (due >= 1 && !asking) {
          await train(Math.floor(due));
          due = 0;
          if (performance.now() - keptAt > 1000) { await keep(); keptAt = performance.now(); }
        }
        await new Promise((next) => requestAnimationFrame(next));
      }
      await look();
      await keep();
      if (looks.acts && !frame.trouble) await enter(1);
      services.say(`Paused at step ${frame.step}, loss ${six(frame.now.total)}`);
    } catch (error) {
      services.stop();
      throw error;
    } finally {
      isLooping = false;
    }
  }

  // MARK: acts

  function leave() {
    [act, walk] = [0, null];
    layers.setWalk(null);
    field.choose(looks.sample);
    pages.replaceChildren();
  }

  async function enter(next) {
    if (looks.sample >= opened.labels.length) looks.sample = null;
    // Without a choice, the point with the largest loss.
    if (walk?.step !== frame.step) walk = unpack(await services.ask('walk', looks.sample === null ? {} : { sample: looks.sample }));
    act = next;
    field.choose(walk.sample);
    showAct();
    services.say(`Step ${frame.step}, ${acts[act]}`);
    if (act < 3) layers.run(act === 1);
    services.moved();
  }

  function showAct() {
    const neuron = layers.chosen() ?? opened.sizes.slice(1).reduce((a, b) => a + b, 0) - 1;
    pages.replaceChildren(
      element('h2', {}, `Step ${frame.step}, act ${act} of 3: ${acts[act]}`),
      ...describe(walk, act, opened.sizes, [...settings.hidden.map((layer) => layer.activation), settings.output], layers.split(neuron), neuron));
    layers.setWalk(numbersOf(walk, act));
    layers.setLines(lines());
  }

  async function step() {
    if (!opened) return;
    if (looks.acts && act > 0 && act < 3) return enter(act + 1);
    await train(1);
    await keep();
    if (looks.acts) await enter(1);
  }

  async function back() {
    if (!opened) return;
    if (act > 1) return enter(act - 1);
    leave();
    show(await services.ask('back', { view: view() }));
    await keep();
    if (looks.acts) await enter(3);
  }

  async function connected() {
    const target = frame?.step ?? 0, old = snapshot;
    const answer = await services.ask('open', { settings, ...(old ? { snapshot: old } : {}), view: view() }).catch((error) => {
      if (error.field === undefined && !services.isConnected()) throw error;
      controls.fail(error);
      return null;
    });
    if (!answer) return;
    const kept = curves.points();
    take({ ...answer, isNew: false });
    curves.cut(frame.step);
    if (!kept.length) recorded = [];
    // Steps since the snapshot are taken again; they are the same.
    while (old && target > frame.step) await train(Math.min(target - frame.step, opened.mostSteps));
    begin();
  }

  // The first time, moons are moving already.
  function begin() {
    if (!isMounted || !isNew || !opened) return;
    isNew = false;
    if (!matchMedia('(prefers-reduced-motion: reduce)').matches) queueMicrotask(() => services.start());
  }

  // Canvases do not follow another theme by themselves.
  const repaint = () => show(frame);
  new MutationObserver(repaint).observe(document.documentElement, { attributeFilter: ['data-theme'] });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', repaint);

  return {
    name: 'network', title: 'Network',
    mount(left, middle, right) {
      isMounted = true;
      left.append(controls.element);
      middle.append(element('div', { class: 'network' }, layers.element, element('div', { class: 'plane' }, ...field.elements), curves.element));
      right.append(trouble, summary, problem, facts, ...toggles, pages);
      setTimeout(begin);
    },
    state: () => ({ settings, snapshot, looks, isNew, curve: curves.some(150) }),
    restore(state) {
      const given = state?.settings ?? first;
      settings = { ...first, ...given, data: { ...first.data, ...given.data }, optimizer: { ...first.optimizer, ...given.optimizer } };
      snapshot = state?.snapshot ?? null;
      isNew = state?.isNew ?? true;
      if (state?.looks) looks = { ...looks, ...state.looks };
      curves.clear();
      for (const point of state?.curve ?? []) curves.add(point);
      curves.setLogarithmic(looks.logarithmic);
      for (const control of toggles) control.update();
      frame = null;
      controls.show(settings);
    },
    connected, step, back,
    async reset() { if (!opened) return; curves.clear(); recorded = []; leave(); show(await services.ask('reset', { view: view() })); await keep(); if (looks.acts) await enter(1); },
    run: loop,
    position: () => ({ at: act ? `${frame.step}, ${acts[act]}` : frame?.step ?? 0, of: null, unit: 'step', canBack: act > 1 || (frame?.past ?? 0) > 0, canStep: opened !== null }),
    exports: {
      svg: () => field.picture(undefined, `step ${frame.step}, loss ${six(frame.now.total)}`),
      csv: () => `step,loss,held_out\n${curves.points().map((p) => `${p[0]},${all(p[1])},${p[2] === null ? '' : all(p[2])}\n`).join('')}`,
      swift: async () => (await services.ask('swift', { steps: Math.max(frame.step, 1) })).text,
      frames: () => recorded.map((f) => ({
        picture: field.picture(f, ''), says: `<p>step ${f.step}: loss ${six(f.now.total)}, accuracy ${percent(f.now.accuracy)}</p>`,
      })),
    },
  };
}
