// A plot of points, a curve with bands, and residuals below. Positions are fractions that come from the engine.
import { svg } from '../elements.js';

// The two frames of a picture, one above the other. Letters and marks grow with a large picture: em.
function frames(width, height, hasTwoAxes) {
  const em = 12 * Math.max(1, Math.min(1.7, width / 900));
  const left = 5.4 * em, right = Math.max(width - em, left + 40), between = (hasTwoAxes ? 5.2 : 3.6) * em;
  const room = Math.max(height - between - 5.2 * em, 120), split = 1.8 * em + room * 0.7;
  return {
    main: { left, right, top: 1.8 * em, bottom: split, em },
    below: { left, right, top: split + between, bottom: split + between + room * 0.3, em },
  };
}

const across = (frame, x) => frame.left + x * (frame.right - frame.left);
const up = (frame, y) => frame.bottom - y * (frame.bottom - frame.top);
const text = (content, x, y, em, attributes) => svg('text', { x, y, 'font-size': em, ...attributes }, content);
// Paint as attributes: the page allows no inline styles.
const paint = (rules) => Object.fromEntries(rules.split(';').map((rule) => rule.split(':')));
const line = (x1, y1, x2, y2, rules) => svg('line', { x1, y1, x2, y2, ...paint(rules) });

// Leaves out labels that would run into the one before.
function roomy(ticks, length, size) {
  let last = -Infinity;
  return ticks.filter((tick) => {
    const at = tick.at * length;
    if (at - last < size(tick)) return false;
    last = at;
    return true;
  });
}

function grid(frame, x, y, xName) {
  const parts = [], { em } = frame;
  for (const tick of x.ticks) {
    parts.push(line(across(frame, tick.at), frame.top, across(frame, tick.at), frame.bottom, 'stroke:var(--line)'));
  }
  for (const tick of roomy(x.ticks, frame.right - frame.left, (t) => em * (0.65 * t.label.length + 0.8))) {
    parts.push(text(tick.label, across(frame, tick.at), frame.bottom + 1.3 * em, em, { 'text-anchor': 'middle' }));
  }
  for (const tick of roomy(y.ticks, frame.bottom - frame.top, () => 1.2 * em)) {
    const row = up(frame, tick.at);
    parts.push(line(frame.left, row, frame.right, row, 'stroke:var(--line)'));
    parts.push(text(tick.label, frame.left - 0.6 * em, row + 0.35 * em, em, { 'text-anchor': 'end' }));
  }
  parts.push(line(frame.left, frame.bottom, frame.right, frame.bottom, 'stroke:var(--quiet)'));
  if (xName) parts.push(text(xName, frame.right, frame.bottom + 2.8 * em, em, { 'text-anchor': 'end', 'font-weight': 600 }));
  parts.push(text(y.name, 4, frame.top - 0.6 * em, em, { 'font-weight': 600 }));
  return parts;
}

const path = (frame, x, y) => x.map((_, k) => `${k ? 'L' : 'M'}${across(frame, x[k]).toFixed(2)} ${up(frame, y[k]).toFixed(2)}`).join('');

function band(frame, { x, low, high }, rules) {
  const back = x.map((_, k) => k).reverse().map((k) => `L${across(frame, x[k]).toFixed(2)} ${up(frame, low[k]).toFixed(2)}`);
  return svg('path', { d: `${path(frame, x, high)}${back.join('')}Z`, ...paint(rules) });
}

function marker(kind, x, y, r, rules) {
  const d = {
    up: `M${x} ${y - r}l${r} ${1.7 * r}h${-2 * r}Z`, down: `M${x} ${y + r}l${r} ${-1.7 * r}h${-2 * r}Z`,
    cross: `M${x - r} ${y - r}l${2 * r} ${2 * r}M${x + r} ${y - r}l${-2 * r} ${2 * r}`,
    diamond: `M${x} ${y - r}l${r} ${r}l${-r} ${r}l${-r} ${-r}Z`,
  }[kind];
  return d ? svg('path', { d, ...paint(rules) }) : svg('circle', { cx: x, cy: y, r, ...paint(rules) });
}

// Draws into an SVG element. Returns the places of the points in pixels, for the pointer: [{main: [x, y], below: [x, y]}].
export function draw(place, plot, view, { width, height, isHand, selected = null, title }) {
  const residualX = view.residualPlot.x;
  const { main, below } = frames(width, height, residualX !== undefined);
  const many = plot.points.length > 400, r = main.em / (many ? 6 : 3);
  const parts = [svg('title', {}, title)];
  const clip = (id, f) => svg('clipPath', { id }, svg('rect', { x: f.left, y: f.top, width: f.right - f.left, height: f.bottom - f.top }));
  parts.push(svg('defs', {}, clip('fit-main', main), clip('fit-below', below)));
  parts.push(...grid(main, plot.x, plot.y, residualX ? plot.x.name : null));
  parts.push(...grid(below, residualX ?? plot.x, view.residualPlot.y, (residualX ?? plot.x).name));

  const curves = [];
  if (view.curve?.prediction) curves.push(band(main, view.curve.prediction, 'fill:var(--plus);fill-opacity:.07;stroke:var(--plus);stroke-opacity:.55;stroke-dasharray:4 4'));
  if (view.curve?.confidence) curves.push(band(main, view.curve.confidence, 'fill:var(--plus);fill-opacity:.25'));
  const colour = isHand ? 'var(--attention)' : 'var(--plus)';
  for (const run of view.curve?.runs ?? []) {
    curves.push(svg('path', { class: 'curve', d: path(main, run.x, run.y), ...paint(`fill:none;stroke:${colour};stroke-width:${main.em / 5};stroke-linejoin:round${isHand ? ';stroke-dasharray:9 4' : ''}`) }));
  }
  const residuals = [], data = [], places = [];
  if (view.residualPlot.zero !== null) {
    const row = up(below, view.residualPlot.zero);
    residuals.push(line(below.left, row, below.right, row, 'stroke:var(--quiet)'));
  }
  plot.points.forEach((point, k) => {
    const [x, y] = [across(main, point.at[0]), up(main, point.at[1])];
    const at = view.residualPlot.at[k];
    const found = { main: [x, y], below: at[0] === null || at[1] === null ? null : [across(below, at[0]), up(below, at[1])] };
    places.push(found);
    if (point.bar && point.bar[0] !== null && !many) {
      data.push(line(x, up(main, point.bar[0]), x, up(main, point.bar[1]), 'stroke:var(--text);stroke-width:1.2'));
    }
    if (!plot.isCurve && view.predictedAt[k] !== null) {
      const row = up(main, view.predictedAt[k]);
      if (!many) data.push(line(x, y, x, row, `stroke:${colour};stroke-opacity:.5`));
      data.push(marker('diamond', x, row, many ? 2 : 4, `fill:none;stroke:${colour};stroke-width:1.6`));
    }
    if (point.isLeftOut) data.push(marker('cross', x, y, r, 'fill:none;stroke:var(--quiet);stroke-width:1.6'));
    else data.push(marker('dot', x, y, r, 'fill:var(--text);stroke:var(--ground)'));
    if (point.isFar) data.push(marker('dot', x, y, r + 4, 'fill:none;stroke:var(--attention);stroke-width:2'));
    if (!found.below) return;
    const [a, b] = found.below, isUp = at[1] >= view.residualPlot.zero;
    const shade = point.isLeftOut ? 'var(--quiet)' : isUp ? 'var(--plus)' : 'var(--minus)';
    if (!many && view.residualPlot.zero !== null) residuals.push(line(a, up(below, view.residualPlot.zero), a, b, `stroke:${shade};stroke-opacity:.6`));
    residuals.push(point.isLeftOut ? marker('cross', a, b, r, `fill:none;stroke:${shade};stroke-width:1.6`) : marker(isUp ? 'up' : 'down', a, b, r, `fill:${shade}`));
    if (point.isFar) {
      residuals.push(marker('dot', a, b, r + 4, 'fill:none;stroke:var(--attention);stroke-width:2'));
      if (!many) residuals.push(text(`line ${point.line}`, a + r + 6, b + 4, main.em));
    }
  });
  const chosen = selected === null ? null : places[selected];
  if (chosen) {
    data.push(marker('dot', ...chosen.main, r + 5, 'fill:none;stroke:var(--text);stroke-width:1.6'));
    if (chosen.below) residuals.push(marker('dot', ...chosen.below, r + 5, 'fill:none;stroke:var(--text);stroke-width:1.6'));
  }
  parts.push(svg('g', { 'clip-path': 'url(#fit-main)' }, ...curves), svg('g', { class: 'data', 'clip-path': 'url(#fit-main)' }, ...data));
  parts.push(svg('g', { class: 'residuals', 'clip-path': 'url(#fit-below)' }, ...residuals));
  place.setAttribute('viewBox', `0 0 ${width} ${height}`);
  place.setAttribute('width', width);
  place.setAttribute('height', height);
  place.replaceChildren(...parts);
  return places;
}

// The point under the pointer, or null.
export function pointAt(places, x, y, reach = 14) {
  let best = null, least = reach * reach;
  places.forEach((place, k) => {
    for (const at of [place.main, place.below]) {
      if (!at) continue;
      const away = (at[0] - x) ** 2 + (at[1] - y) ** 2;
      if (away < least) [best, least] = [k, away];
    }
  });
  return best;
}
