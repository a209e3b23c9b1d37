// What a small change of an input does: the true change beside the one that the gradient predicts.
import { element, numeral, svg } from '../elements.js';
import { number, six } from '../numbers.js';

// Fills a place with an answer of the engine.
export function showNudge(place, nudge, result) {
  const row = (title, x, mark) => element('tr', {}, element('th', { scope: 'row' }, mark ? element('span', { class: `mark ${mark}`, 'aria-hidden': true }) : null, title), element('td', {}, numeral(x)));
  place.replaceChildren(
    element('table', { class: 'nudge' },
      element('caption', {}, `${nudge.input} changes by h = ${six(nudge.by)}`),
      row(`${result} before`, nudge.before), row(`${result} after`, nudge.after),
      row('true change', nudge.change, 'solid'), row(`grad · h = ${six(nudge.gradient)} · ${six(nudge.by)}`, nudge.predicted, 'dashed'),
      row('difference in %', nudge.percent)),
    plot(nudge, result), element('p', {}, nudge.reach));
}

const width = 300, height = 150, margin = 10;

function plot(nudge, result) {
  const points = nudge.points.map((p) => ({ by: number(p.by), change: number(p.change), predicted: number(p.predicted) }));
  const numbers = points.flatMap((p) => [p.change, p.predicted]).filter(Number.isFinite);
  const most = Math.max(...numbers.map(Math.abs), 0) || 1, wide = Math.max(...points.map((p) => Math.abs(p.by))) || 1;
  const x = (by) => width / 2 + (by / wide) * (width / 2 - margin), y = (change) => height / 2 - (change / most) * (height / 2 - margin);
  const line = (key) => points.reduce((path, p, k) => {
    if (!Number.isFinite(p[key])) return path;
    const isStart = k === 0 || !Number.isFinite(points[k - 1][key]);
    return `${path}${isStart ? 'M' : 'L'}${x(p.by).toFixed(1)} ${y(p[key]).toFixed(1)}`;
  }, '');
  const change = number(nudge.change), by = number(nudge.by);
  return svg('svg', { class: 'nudge-plot', viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': `Change of ${result} over the change of ${nudge.input}: true ${six(nudge.change)}, predicted ${six(nudge.predicted)}` },
    svg('path', { class: 'axis', d: `M0 ${height / 2}H${width}M${width / 2} 0V${height}` }),
    svg('path', { class: 'true', d: line('change') }), svg('path', { class: 'predicted', d: line('predicted') }),
    Number.isFinite(change) ? svg('path', { class: 'gap', d: `M${x(by)} ${y(change)}V${y(number(nudge.predicted))}` }) : null,
    Number.isFinite(change) ? svg('circle', { class: 'now', cx: x(by), cy: y(change), r: 4 }) : null,
    svg('text', { x: width - 4, y: height / 2 - 4, 'text-anchor': 'end' }, `h = ${six(wide)}`),
    svg('text', { x: width / 2 + 4, y: 12 }, `${six(most)}`));
}
