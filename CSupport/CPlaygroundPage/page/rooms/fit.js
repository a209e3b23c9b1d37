// The room of fits: a table, a formula, and the curve with its parameters.
import { EngineError, Lost } from '../connection.js';
import { element, numeral, showError, showNumber, svg } from '../elements.js';
import { all, number, read, six } from '../numbers.js';
import { standaloneSVG } from '../export.js';
import { draw, pointAt } from './chart.js';
import { examples } from './fit-examples.js';
import { createParameters } from './fit-parameters.js';

// A longer table is not put into the field, nor kept over a reload.
const longestKept = 200000, longestFile = 30 << 20;
const empty = {
  header: '', starts: {}, held: {}, bounds: {}, leftOut: [], skipsMissing: false, scatter: 'unknown', scatterColumn: null,
  scatterNumber: 1, loss: 'squares', lossScale: null, level: 0.95, axis: null,
};
const blank = (example) => ({ ...structuredClone(empty), text: example.text, formula: example.formula });

export function createRoom(services) {
  let kept = blank(examples[0]);
  let columns = [], fit = null, view = null;
  let mode = 'fit', at = 0, hand = null; // what is shown: the fit, an iteration, or numbers set by hand
  let places = [], selected = null, size = { width: 700, height: 480 };

  // MARK: - Elements

  const labelled = (label, control) => element('label', {}, `${label} `, control);
  const option = ([value, title]) => element('option', { value }, title);
  const select = (id, label, hint, options, change) => element('select', { id, 'aria-label': label, 'data-hint': hint, onchange: change }, ...options.map(option));

  const example = select('fit-example', 'Example', 'A table and a formula to begin with.', [['', 'examples …'], ...examples.map((e, k) => [k, e.title])], () => {
    if (example.value === '') return;
    kept = blank(examples[example.value]);
    example.value = '';
    fillIn();
    openTable(true);
  });
  const table = element('textarea', { id: 'fit-table', rows: 5, spellcheck: false, wrap: 'off', 'aria-label': 'Table', 'data-hint': 'Paste columns from a spreadsheet or a CSV file, or drop a file here.' });
  const large = element('p', { class: 'quiet', hidden: true });
  const replace = element('button', { hidden: true, onclick: () => { setText(''); fillIn(); table.focus(); } }, 'paste another');
  const file = element('input', { type: 'file', id: 'fit-file', class: 'wide', accept: '.csv,.tsv,.txt,.dat,text/*', 'aria-label': 'Table from a file', 'data-hint': 'A CSV file. It does not leave this machine.' });
  const tableNote = element('p', { class: 'quiet', id: 'fit-table-note', role: 'status' });
  const tableError = element('p', { role: 'alert', id: 'fit-table-error' });
  const header = select('fit-header', 'First line', 'What the first line of the table is.', [['', 'found'], ['names', 'names'], ['data', 'data']], () => { kept.header = header.value; openTable(); });
  const skips = element('input', { type: 'checkbox', id: 'fit-skips', 'data-hint': 'Rows with an empty cell, or NA, in a column of the formula do not count.', onchange: () => { kept.skipsMissing = skips.checked; refit(); } });
  const reading = element('details', {}, element('summary', { 'data-hint': 'A file, the first line, missing values.' }, 'File, first line, missing values'),
    file, labelled('first line', header), element('label', {}, skips, ' leave out rows with missing values'));
  const formula = element('textarea', { rows: 2, id: 'fit-formula', spellcheck: false, autocomplete: 'off', 'aria-label': 'Formula', 'aria-describedby': 'fit-formula-error', 'data-hint': 'Response ~ formula. Names that are no columns are parameters, such as a and b in y ~ a*exp(-b*x).' });
  const formulaError = element('p', { role: 'alert', id: 'fit-formula-error' });
  const parametersError = element('p', { role: 'alert', id: 'fit-parameters-error' });
  const parametersNote = element('p', { class: 'quiet', role: 'status' });
  const guessNote = element('span', { class: 'quiet', id: 'fit-guess' }, 'in italics: guessed');
  const starts = element('p', { class: 'row fit-starts' }, 'starts',
    element('button', { id: 'fit-ones', 'data-hint': 'Start all at 1: a longer way to the fit.', onclick: () => { kept.starts = Object.fromEntries(fit?.parameters.map((p) => [p.name, 1]) ?? []); refit(); } }, 'all 1'),
    element('button', { id: 'fit-guess-again', 'data-hint': 'Guess all starts.', onclick: () => { kept.starts = {}; refit(); } }, 'guess'), guessNote);
  const parameters = createParameters({ hold, drag, start, bound, note });
  const scatter = select('fit-scatter', 'Scatter', 'What is known of the scatter of the response.', [['unknown', 'from the residuals'], ['deviation', 'a standard deviation'], ['deviations', 'column of deviations'], ['weights', 'column of weights']], () => { kept.scatter = scatter.value; fillIn(); refit(); });
  const scatterColumn = select('fit-scatter-column', 'Column of the scatter', 'The column of standard deviations or weights.', [], () => { kept.scatterColumn = scatterColumn.value; refit(); });
  const scatterNumber = numberField('fit-scatter-number', 'Standard deviation', 'The standard deviation of all responses.', 'scatterNumber');
  const loss = select('fit-loss', 'Loss', 'A robust loss gives outliers less weight.', [['squares', 'least squares'], ['huber', 'Huber'], ['soft-l1', 'soft L1'], ['cauchy', 'Cauchy']], () => { kept.loss = loss.value; fillIn(); refit(); });
  const lossScale = numberField('fit-loss-scale', 'Scale of the loss', 'The residual from which on weight falls. Empty: found from the residuals.', 'lossScale', true);
  const level = select('fit-level', 'Probability', 'The probability of intervals and bands.', [[0.6827, '68.27 %'], [0.9, '90 %'], [0.95, '95 %'], [0.99, '99 %']], () => { kept.level = Number(level.value); refit(); });
  const axis = select('fit-axis', 'Horizontal axis', 'The column over which points and predictions are shown.', [], () => { kept.axis = axis.value; refit(); });
  const axisRow = element('div', { class: 'row', hidden: true }, labelled('over', axis));
  const settingsError = element('p', { role: 'alert', id: 'fit-settings-error' });
  const settings = element('details', {}, element('summary', { 'data-hint': 'Scatter of the data, robust losses, probability of the bands.' }, 'Scatter, outliers, intervals'),
    labelled('scatter', scatter), scatterColumn, scatterNumber, labelled('loss', loss), lossScale, labelled('intervals', level), settingsError);

  const picture = svg('svg', { id: 'fit-picture', tabindex: 0, role: 'group', 'aria-roledescription': 'plot', 'data-hint': 'Arrow keys or the pointer show a point; Enter or a click leaves it out, or puts it back.' });
  const holder = element('div', { class: 'fit-holder' }, picture);
  const caption = element('p', { class: 'row fit-caption', id: 'fit-caption' });
  const legend = element('p', { class: 'quiet fit-legend' });

  const reason = element('p', { id: 'fit-reason' });
  const result = element('table', { id: 'fit-result' });
  const facts = element('table', { id: 'fit-facts' });
  const notes = element('p', { class: 'quiet', id: 'fit-notes' });
  const point = element('p', { id: 'fit-point', class: 'row' });
  const out = element('span', { id: 'fit-out', class: 'row' });
  const walk = element('table', { id: 'fit-walk' });
  const walkBox = element('div', { class: 'fit-walk' }, walk);
  const plain = element('pre', { id: 'fit-text', tabindex: 0, 'aria-label': 'Result as text' });

  const fitted = element('div', {}, reason, result, facts, notes, element('h2', {}, 'Iterations'), walkBox,
    element('details', {}, element('summary', {}, 'as text'), plain));

  const left = [
    element('h2', {}, 'Table'), example, table, large, replace, tableNote, tableError, reading,
    element('h2', {}, 'Formula'), formula, formulaError,
    element('h2', {}, 'Parameters'), starts, parameters.place, parametersNote, parametersError, settings,
  ];
  const right = [
    element('h2', {}, 'Fit'), fitted,
  ];

  function numberField(id, label, hint, key, mayBeEmpty = false) {
    const field = element('input', { type: 'text', id, inputmode: 'decimal', 'aria-label': label, placeholder: mayBeEmpty ? 'found' : '', 'data-hint': hint });
    field.onchange = () => {
      const { value, note, error } = mayBeEmpty && field.value.trim() === '' ? { value: null } : read(field.value);
      showError(settingsError, error ? { message: error } : null);
      if (error) return;
      services.say(note ?? '');
      kept[key] = value;
      refit();
    };
    return field;
  }

  // MARK: - What is set

  function setText(text) { kept = { ...kept, text, leftOut: [] }; }

  function fillIn() {
    const isLarge = kept.text.length > longestKept;
    table.hidden = isLarge;
    large.hidden = replace.hidden = !isLarge;
    if (isLarge) large.textContent = 'This table is too large for the field. It stays in memory, but not over a reload, nor in a link.';
    else if (table.value !== kept.text) table.value = kept.text;
    if (formula.value !== kept.formula) formula.value = kept.formula;
    [header.value, skips.checked, scatter.value, loss.value, level.value] = [kept.header, kept.skipsMissing, kept.scatter, kept.loss, String(kept.level)];
    scatterColumn.hidden = kept.scatter !== 'deviations' && kept.scatter !== 'weights';
    scatterNumber.hidden = kept.scatter !== 'deviation';
    lossScale.hidden = kept.loss === 'squares';
    scatterNumber.value = all(kept.scatterNumber);
    lossScale.value = kept.lossScale === null ? '' : all(kept.lossScale);
    scatterColumn.replaceChildren(...columns.map((name) => option([name, name])));
    if (!columns.includes(kept.scatterColumn)) kept.scatterColumn = columns.at(-1) ?? null;
    scatterColumn.value = kept.scatterColumn;
  }

  table.oninput = () => { setText(table.value); openTable(); };
  table.onpaste = (event) => {
    const text = event.clipboardData?.getData('text/plain') ?? '';
    if (text.length <= longestKept) return;
    event.preventDefault();
    setText(text);
    fillIn();
    openTable(true);
  };
  formula.oninput = () => { kept.formula = formula.value; refit(); };
  async function take(chosen) {
    if (!chosen) return;
    if (chosen.size > longestFile) {
      showError(tableError, { message: `${chosen.name} has ${chosen.size} bytes, and the most are ${longestFile}: run “micrograd fit” for it` });
      return;
    }
    setText(await chosen.text());
    fillIn();
    openTable(true);
  }
  file.onchange = () => { take(file.files[0]); };
  table.ondragover = (event) => { event.preventDefault(); table.classList.add('over'); };
  table.ondragleave = () => table.classList.remove('over');
  table.ondrop = (event) => {
    table.classList.remove('over');
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    take(event.dataTransfer.files[0]);
  };

  function note(text, isError = false) {
    parametersNote.textContent = text;
    parametersNote.classList.toggle('error', isError);
  }

  function hold(name, isHeld) {
    if (isHeld) kept.held[name] = number(shownValues()[indexOf(name)]);
    else delete kept.held[name];
    refit();
  }

  function start(name, value) {
    if (value === null) delete kept.starts[name];
    else kept.starts[name] = value;
    refit();
  }

  function bound(name, end, value, isDone) {
    const bounds = { ...kept.bounds[name] };
    if (value === null) delete bounds[end];
    else bounds[end] = value;
    if (Object.keys(bounds).length) kept.bounds[name] = bounds;
    else delete kept.bounds[name];
    refit(!isDone);
  }

  // A held parameter is held at the new number; the curve of a free one is shown for it, before any fit.
  function drag(name, value, isDone) {
    if (name in kept.held) {
      kept.held[name] = value;
      refit(!isDone);
      return;
    }
    services.stop();
    hand = [...shownValues()];
    hand[indexOf(name)] = value;
    mode = 'hand';
    showView();
  }

  const indexOf = (name) => fit.parameters.findIndex((p) => p.name === name);
  const shownValues = () => (mode === 'hand' ? hand : fit.iterations[at].values);

  function toggle(k) {
    const row = fit.plot.points[k].row;
    kept.leftOut = kept.leftOut.includes(row) ? kept.leftOut.filter((other) => other !== row) : [...kept.leftOut, row];
    services.say(`line ${fit.plot.points[k].line} ${kept.leftOut.includes(row) ? 'left out' : 'put back'}`);
    refit();
  }

  // MARK: - Asking the engine

  // Only the newest question counts: while one is answered, the next waits, and replaces those before it.
  function newest(work) {
    let isBusy = false, next = null;
    return async function ask(...given) {
      if (isBusy) { next = given; return; }
      isBusy = true;
      try {
        await work(...given);
      } finally {
        isBusy = false;
        const [again, waiting] = [next !== null, next];
        next = null;
        if (again) await ask(...waiting);
      }
    };
  }

  const errorPlaces = { table: tableError, formula: formulaError, parameters: parametersError };
  function showProblem(error) {
    for (const place of [...Object.values(errorPlaces), settingsError]) showError(place, null);
    formula.toggleAttribute('aria-invalid', false);
    for (const part of [holder, fitted, point]) part.classList.toggle('stale', error !== null);
    if (error?.field === 'table') tableNote.textContent = '';
    if (!error) return;
    const place = errorPlaces[error.field] ?? (error.field ? settingsError : parametersError);
    if (place === settingsError) settings.open = true;
    if (place === tableError) reading.open = true;
    if (place === formulaError) formula.setAttribute('aria-invalid', 'true');
    showError(place, error, { table: kept.text, formula: kept.formula }[error.field]);
  }

  // Runs a question; what is wrong with something typed is shown beside it.
  async function guarded(work) {
    try {
      await work();
    } catch (error) {
      if (error instanceof Lost) return; // everything is asked anew when the engine is back
      if (!(error instanceof EngineError)) throw error;
      showProblem(error);
    }
  }

  const openTable = newest((isNew) => guarded(async () => {
    services.changed();
    if (!services.isConnected()) return;
    const answer = await services.ask('table', { text: kept.text, header: kept.header || undefined });
    columns = answer.columns;
    tableNote.textContent = [`${answer.rows} rows: ${columns.slice(0, 12).join(', ')}${columns.length > 12 ? ', …' : ''}`, ...answer.notes].join('; ');
    fillIn();
    await requestFit(false);
    if (isNew) settle();
  }));

  const requestFit = newest((isQuick) => guarded(async () => {
    services.changed();
    if (!services.isConnected()) return;
    const { text, header: _, ...asked } = kept;
    if (isQuick && fit) asked.near = Object.fromEntries(fit.parameters.map((p) => [p.name, number(p.value)]));
    if (asked.lossScale === null) delete asked.lossScale;
    const answer = await services.ask('fit', asked);
    showProblem(null);
    [fit, view, mode, at, hand] = [answer, answer.view, 'fit', answer.iterations.length - 1, null];
    if (selected !== null && selected >= fit.plot.points.length) selected = null;
    show();
    if (!isQuick) services.say(`${fit.reason}; ${fit.parameters.map((p) => `${p.name} ${six(p.value)}`).join(', ')}`);
  }));

  function refit(isQuick = false) {
    services.stop();
    return requestFit(isQuick);
  }

  const showView = newest(() => guarded(async () => {
    if (!services.isConnected() || !fit) return;
    const isLast = mode !== 'hand' && at === fit.iterations.length - 1;
    view = isLast ? fit.view : await services.ask('view', { values: shownValues() });
    showPicture();
  }));

  function settle() { services.moved(); }

  // MARK: - Showing

  function show() {
    parameters.show(fit.parameters, kept);
    guessNote.hidden = !fit.parameters.some((p) => p.isGuessed);
    axisRow.hidden = fit.plot.choices.length < 2;
    axis.replaceChildren(...fit.plot.choices.map((name) => option([name, name])));
    axis.value = fit.plot.x.name;
    showResult();
    showWalk();
    showPicture();
  }

  function showResult() {
    reason.replaceChildren(element('b', {}, fit.isConverged ? '✓ ' : '✗ '), fit.reason);
    reason.classList.toggle('error', !fit.isConverged);
    const percent = level.selectedOptions[0]?.textContent ?? '';
    const rows = fit.parameters.flatMap((p) => [
      element('tr', { 'data-parameter': p.name }, element('th', { scope: 'row' }, p.name), element('td', {}, numeral(p.value)),
        element('td', {}, p.standardError === undefined ? element('span', { class: 'quiet' }, p.isHeld ? 'held' : p.isAtBound ? 'at its bound' : '–') : numeral(p.standardError))),
      p.interval ? element('tr', { class: 'interval' }, element('td', { colspan: 3 }, `${percent}: `, numeral(p.interval[0]), ' … ', numeral(p.interval[1]))) : null,
    ]);
    result.replaceChildren(element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, 'parameter'), element('th', { scope: 'col' }, 'value'), element('th', { scope: 'col' }, 'std. error'))),
      element('tbody', {}, ...rows.filter((row) => row)));
    const s = fit.statistics;
    const said = [['sum of squares', s.sum, 'sum'], ['R²', s.rSquared, 'rSquared'], ['residual std. deviation', s.deviation, 'deviation'], ['reduced χ²', s.reducedChiSquare, 'chi'],
      ['points', s.points, 'points'], ['degrees of freedom', s.degreesOfFreedom, 'freedom'], ['AIC', s.aic, 'aic'], ['BIC', s.bic, 'bic'], [s.loss ?? '', s.lossSum, 'loss']];
    facts.replaceChildren(...said.filter(([, value]) => value !== undefined && value !== null).map(([name, value, id]) => (
      element('tr', {}, element('th', { scope: 'row' }, name), element('td', {}, numeral(value, { 'data-fact': id }))))));
    const far = fit.plot.far.length ? [`${fit.plot.far.length} residual${fit.plot.far.length > 1 ? 's are' : ' is'} far larger than most: ringed`] : [];
    const some = fit.plot.points.length < fit.plot.rows ? [`${fit.plot.points.length} of ${fit.plot.rows} points are drawn`] : [];
    notes.textContent = [...(fit.withoutErrors ? [fit.withoutErrors] : []), ...far, ...some, ...fit.notes].join('. ');
    plain.textContent = fit.text;
    out.replaceChildren();
    if (!kept.leftOut.length) return;
    out.append(`${kept.leftOut.length} left out `, element('button', { id: 'fit-put-back', 'data-hint': 'All points count again.', onclick: () => { kept.leftOut = []; refit(); } }, 'put all back'));
  }

  function showWalk() {
    const shown = fit.iterations.slice(0, 500).map(({ sum }, k) => {
      const button = element('button', { class: 'plain', 'data-hint': 'Show this iteration.', onclick: () => go(k) }, k ? `${k}` : 'start');
      return element('tr', { 'data-iteration': k }, element('td', {}, button), element('td', {}, numeral(sum)));
    });
    walk.replaceChildren(element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, 'iteration'), element('th', { scope: 'col' }, 'sum of squares'))), element('tbody', {}, ...shown));
  }

  function go(k) {
    [mode, at] = ['iteration', Math.max(0, Math.min(k, fit.iterations.length - 1))];
    return showView();
  }

  function title() {
    const what = mode === 'hand' ? 'set by hand' : `iteration ${at} of ${fit.iterations.length - 1}`;
    return `${fit.plot.y.name} over ${fit.plot.x.name}: ${fit.statistics.points} points, ${what}`;
  }

  function showPicture() {
    if (!fit || !view) return;
    parameters.showValues(shownValues());
    const isHand = mode === 'hand';
    places = draw(picture, fit.plot, view, { ...size, isHand, selected, title: title() });
    picture.setAttribute('aria-label', title());
    const sum = mode === 'hand' || at < fit.iterations.length - 1 ? view.sum : fit.statistics.sum;
    caption.replaceChildren(isHand ? element('b', {}, 'by hand') : mode === 'fit' || at === fit.iterations.length - 1 ? 'fitted' : at ? `iteration ${at}` : 'start',
      ' · sum of squares ', showNumber(element('output', { id: 'fit-sum', class: 'number' }), sum));
    if (isHand) {
      caption.append(element('button', { id: 'fit-from-here', 'data-hint': 'Fit with these numbers as starts.', onclick: fromHere }, 'fit from here'),
        element('button', { id: 'fit-back', 'data-hint': 'Show the fit again.', onclick: () => go(fit.iterations.length - 1) }, 'back to the fit'));
    }
    caption.append(out);
    if (view.notFinite) caption.append(element('span', { class: 'error' }, view.notFinite));
    const parts = ['● data', fit.plot.isCurve ? '━ formula' : '◇ prediction'];
    if (view.curve?.confidence) parts.push('▒ confidence', '┄ prediction band');
    if (fit.plot.points.some((p) => p.isLeftOut)) parts.push('× left out');
    if (fit.plot.far.length) parts.push('◎ far from the formula');
    legend.textContent = [...parts, '▲▼ residuals'].join('   ');
    for (const row of walk.querySelectorAll('tr[data-iteration]')) {
      const isShown = mode !== 'hand' && Number(row.dataset.iteration) === at;
      row.toggleAttribute('aria-current', isShown);
      if (isShown && walkBox.matches(':not(:hover)')) walkBox.scrollTop = row.offsetTop - walkBox.clientHeight / 2;
    }
    showPoint();
    services.moved();
  }

  function showPoint() {
    const p = selected === null ? null : fit.plot.points[selected];
    const rows = p ? [[fit.plot.x.name, p.x, 'x'], [fit.plot.y.name, p.y, 'y'], ['predicted', view.predicted[selected], 'predicted'], ['residual', view.residuals[selected], 'residual']] : [];
    point.replaceChildren(p ? `line ${p.line}${p.isLeftOut ? ', left out' : ''}${p.isFar ? ', far from the formula' : ''}:` : 'Point at a point, or use the arrow keys in the picture.',
      ...rows.flatMap(([name, value, id]) => [` ${name} `, numeral(value, { 'data-point': id })]));
  }

  function choose(k) {
    if (selected === k) return;
    selected = k;
    showPicture();
  }

  function fromHere() {
    for (const [k, p] of fit.parameters.entries()) if (!(p.name in kept.held)) kept.starts[p.name] = number(hand[k]);
    return refit().then(() => services.say('fitted from the numbers set by hand'));
  }

  picture.onpointermove = (event) => {
    const box = picture.getBoundingClientRect();
    const found = pointAt(places, event.clientX - box.left, event.clientY - box.top);
    picture.style.cursor = found === null ? '' : 'pointer';
    if (found !== null) choose(found);
  };
  picture.onclick = (event) => {
    const box = picture.getBoundingClientRect();
    const found = pointAt(places, event.clientX - box.left, event.clientY - box.top);
    if (found === null) return;
    choose(found);
    toggle(found);
  };
  picture.onkeydown = (event) => {
    if (!fit || event.ctrlKey || event.metaKey || event.altKey) return;
    const count = fit.plot.points.length, step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (step) {
      choose(selected === null ? 0 : (selected + step + count) % count);
      const p = fit.plot.points[selected];
      services.say(`line ${p.line}: ${fit.plot.x.name} ${six(p.x)}, ${fit.plot.y.name} ${six(p.y)}, residual ${six(view.residuals[selected])}${p.isLeftOut ? ', left out' : ''}${p.isFar ? ', far from the formula' : ''}`);
    } else if ((event.key === 'Enter' || event.key === ' ') && selected !== null) {
      toggle(selected);
    } else return;
    event.preventDefault();
  };

  new ResizeObserver(([entry]) => {
    const { width, height } = entry.contentRect;
    if (width < 50 || height < 50) return;
    size = { width: Math.floor(width), height: Math.floor(height) };
    showPicture();
  }).observe(holder);

  // MARK: - Bar and files

  const pause = () => new Promise((resolve) => { setTimeout(resolve, 40 + 90 * (10 - services.speed())); });
  async function run() {
    if (!fit) return services.stop();
    if (mode === 'hand' || at >= fit.iterations.length - 1) await go(0);
    while (services.isRunning() && at < fit.iterations.length - 1) {
      await pause();
      if (services.isRunning()) await go(at + 1);
    }
    services.stop();
  }

  async function frames() {
    if (!fit) throw new Error('there is no fit to replay');
    const count = fit.iterations.length, most = Math.max(2, Math.min(300, Math.floor(60000 / fit.plot.points.length)));
    const chosen = [...Array(count).keys()].filter((k) => count <= most || k === count - 1 || k < most - 1);
    const made = [];
    for (const k of chosen) {
      const seen = k === count - 1 ? fit.view : await services.ask('view', { values: fit.iterations[k].values });
      const drawing = svg('svg');
      draw(drawing, fit.plot, seen, { width: 800, height: 560, isHand: false, title: `iteration ${k}` });
      const rows = fit.parameters.map((p, j) => `<tr><td>${escaped(p.name)}</td><td>${six(fit.iterations[k].values[j])}</td></tr>`).join('');
      made.push({ picture: standaloneSVG(drawing), says: `<p>iteration ${k} / ${count - 1}</p><table>${rows}<tr><td>sum of squares</td><td>${six(fit.iterations[k].sum)}</td></tr></table>` });
    }
    return made;
  }
  const escaped = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

  return {
    name: 'fit', title: 'Fit',
    mount(a, b, c) {
      a.append(...left);
      b.append(caption, axisRow, holder, point, legend);
      c.append(...right);
      fillIn();
    },
    state: () => ({ ...kept, text: kept.text.length > longestKept ? null : kept.text }),
    restore(state) {
      const given = state ?? blank(examples[0]);
      if (typeof given.formula !== 'string') throw new Error('no formula');
      kept = { ...structuredClone(empty), ...given, text: given.text ?? '' };
      [fit, view, selected] = [null, null, null];
      fillIn();
      if (given.text === null) tableNote.textContent = 'The table was too large to be kept: paste it again.';
    },
    connected: () => openTable(true),
    back: () => fit && go(mode === 'hand' ? fit.iterations.length - 1 : at - 1),
    step: () => fit && go(at + 1),
    reset: () => fit && go(0),
    run,
    position: () => {
      if (!fit) return { at: 0, of: 0, unit: 'iteration', canBack: false, canStep: false };
      if (mode === 'hand') return { at: 'hand', of: null, unit: 'by', canBack: true, canStep: false };
      return { at, of: fit.iterations.length - 1, unit: 'iteration', canBack: at > 0, canStep: at < fit.iterations.length - 1 };
    },
    exports: {
      svg: () => standaloneSVG(picture), csv: async () => (await services.ask('csv')).text,
      swift: async () => (await services.ask('swift')).text, frames,
    },
  };
}
