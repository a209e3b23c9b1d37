// Curves of the losses by step, with the numbers under the pointer.
import { element, svg } from '../elements.js';
import { six } from '../numbers.js';

const width = 600, height = 200, left = 64, right = 8, top = 8, bottom = 24, most = 20000;

export function createCurves() {
  // [step, loss, loss on what is held out]; where there are too many, every second, fourth … step.
  let points = [], stride = 1, isLogarithmic = false, pointed = null, isDue = false;
  const training = svg('path', { class: 'training' }), validation = svg('path', { class: 'validation' });
  const rule = svg('path', { class: 'rule' }), axes = svg('g', { class: 'ticks' });
  const picture = svg('svg', { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', 'aria-hidden': true },
    axes, training, validation, rule);
  const labels = element('div', { class: 'labels', 'aria-hidden': true });
  const readout = element('output', { class: 'readout' });
  const box = element('div', {
    class: 'curves', tabindex: 0, role: 'slider', 'aria-label': 'Losses by step', 'aria-valuemin': 0,
    'data-hint': 'The loss of each step before its update. Point at a step, or use the arrow keys, to read its numbers.',
  }, picture, labels);
  const area = element('div', { class: 'curve-area' }, box, readout);

  function add([step, total, held]) {
    if (step % stride) return;
    points.push([step, total, held]);
    if (points.length < most) return;
    stride *= 2;
    points = points.filter(([s]) => s % stride === 0);
  }

  function cut(step) { while (points.length && points.at(-1)[0] >= step) points.pop(); }

  const level = (x) => (isLogarithmic ? Math.log10(x) : x);
  const isShown = (x) => Number.isFinite(x) && (!isLogarithmic || x > 0);

  function draw() {
    isDue = false;
    const thin = Math.max(1, Math.floor(points.length / 1200)), list = points.filter((p, k) => k % thin === 0 || k === points.length - 1);
    const levels = list.flatMap((p) => [p[1], p[2]]).filter(isShown).map(level);
    labels.replaceChildren();
    axes.replaceChildren();
    if (!levels.length) { for (const path of [training, validation, rule]) path.setAttribute('d', ''); readout.replaceChildren(); return; }
    let low = Math.min(...levels), high = Math.max(...levels);
    if (!isLogarithmic) low = Math.min(0, low);
    if (high - low < 1e-12) high = low + (Math.abs(low) || 1);
    const first = list[0][0], last = Math.max(list.at(-1)[0], first + 1);
    const x = (step) => left + (width - left - right) * (step - first) / (last - first);
    const y = (number) => top + (height - top - bottom) * (high - level(number)) / (high - low);
    const path = (column) => {
      let text = '', pen = 'M';
      for (const p of list) {
        if (isShown(p[column])) { text += `${pen}${x(p[0]).toFixed(1)} ${y(p[column]).toFixed(1)}`; pen = 'L'; } else pen = 'M';
      }
      return text;
    };
    training.setAttribute('d', path(1));
    validation.setAttribute('d', path(2));
    for (const at of roundNumbers(low, high)) {
      const place = top + (height - top - bottom) * (high - at) / (high - low);
      axes.append(svg('path', { d: `M${left} ${place}H${width - right}` }));
      labels.append(label(isLogarithmic ? 10 ** at : at, 0, place));
    }
    labels.append(label(first, left, null), label(last, width - right, null));
    const under = pointed === null ? null : list.reduce((a, b) => (Math.abs(b[0] - pointed) < Math.abs(a[0] - pointed) ? b : a));
    rule.setAttribute('d', under ? `M${x(under[0])} ${top}V${height - bottom}` : '');
    const [step, total, held] = under ?? list.at(-1);
    readout.replaceChildren(
      element('span', {}, `step ${step}`), element('span', {}, `━ loss ${six(total)}`),
      ...(held === null ? [] : [element('span', {}, `┅ held out ${six(held)}`)]));
    box.setAttribute('aria-valuemax', last);
    box.setAttribute('aria-valuenow', step);
    box.setAttribute('aria-valuetext', [...readout.children].map((part) => part.textContent).join(', '));
  }

  // Some numbers in a range: multiples of 1, 2 or 5 times a power of ten; whole exponents, if the range is long.
  function roundNumbers(low, high) {
    const wanted = (high - low) / 4, power = 10 ** Math.floor(Math.log10(wanted));
    let size = [1, 2, 5, 10].find((m) => m * power >= wanted) * power;
    if (isLogarithmic && high - low > 2) size = Math.max(1, Math.round(size));
    const list = [];
    for (let k = Math.ceil(low / size); k * size <= high; k++) list.push(k * size);
    return list;
  }

  function label(number, x, y) {
    const made = element('span', {}, y === null ? String(number) : Number(number.toPrecision(2)).toString());
    made.style.left = `${100 * x / width}%`;
    if (y === null) made.className = x > width / 2 ? 'end' : 'start';
    else made.style.top = `${100 * y / height}%`;
    return made;
  }

  function drawSoon() {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(draw);
  }

  const range = () => [points[0]?.[0] ?? 0, points.at(-1)?.[0] ?? 0];
  box.addEventListener('pointermove', (event) => {
    const frame = box.getBoundingClientRect(), [first, last] = range();
    const share = (width * (event.clientX - frame.left) / frame.width - left) / (width - left - right);
    pointed = first + Math.max(0, Math.min(1, share)) * (last - first);
    drawSoon();
  });
  box.addEventListener('pointerleave', () => { pointed = null; drawSoon(); });
  box.addEventListener('keydown', (event) => {
    const [first, last] = range(), size = (event.shiftKey ? 10 : 1) * stride;
    const next = { ArrowLeft: (pointed ?? last) - size, ArrowRight: (pointed ?? last) + size, Home: first, End: last }[event.key];
    if (next === undefined) return;
    pointed = Math.max(first, Math.min(last, next));
    event.preventDefault();
    drawSoon();
  });

  return {
    element: area, add, cut, drawSoon,
    clear() { [points, stride, pointed] = [[], 1, null]; },
    setLogarithmic(value) { isLogarithmic = value; drawSoon(); },
    points: () => points,
    // At most so many points, for what is kept.
    some(count) { const thin = Math.ceil(points.length / count); return points.filter((_, k) => k % thin === 0); },
  };
}
