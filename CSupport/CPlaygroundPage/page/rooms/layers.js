// The network: neurons as small pictures of what they compute, weights as lines.
import { element } from '../elements.js';
import { colour, paint } from './packed.js';

const mostLines = 3000;
const rgb = (parts, alpha = 1) => `rgb(${parts.join(' ')} / ${alpha})`;

// events: choose(neuron or null)
export function createLayers(events) {
  const canvas = element('canvas', { 'aria-hidden': true }), buttons = element('div', { class: 'neurons', role: 'group', 'aria-label': 'Neurons' });
  const box = element('div', { class: 'layers' }, canvas, buttons), pictures = element('canvas');
  let sizes = [], numbers = null, units = null, chosen = null, focus = 0, places = [], pixels = [0, 0], walk = null, flow = null, names = ['x', 'y'];

  const count = () => sizes.slice(1).reduce((a, b) => a + b, 0);
  const place = (layer, k) => places[layer]?.[k];
  // The layer, from 1, and the place in it of a neuron.
  function split(neuron) {
    let layer = 1;
    while (neuron >= sizes[layer]) neuron -= sizes[layer++];
    return [layer, neuron];
  }

  function name(neuron) {
    const [layer, k] = split(neuron);
    return layer === sizes.length - 1 ? 'output' : `neuron ${k + 1} of layer ${layer}`;
  }

  function lay() {
    const frame = box.getBoundingClientRect(), ratio = window.devicePixelRatio || 1;
    if (!frame.width || !sizes.length) return;
    pixels = [frame.width, frame.height];
    canvas.width = Math.round(frame.width * ratio);
    canvas.height = Math.round(frame.height * ratio);
    const most = Math.max(...sizes), columns = sizes.length, [w, h] = pixels;
    const size = Math.max(6, Math.min(h > 900 ? 64 : 40, h / most - 5, w / columns * 0.55));
    places = sizes.map((n, layer) => {
      const pitch = Math.min(size * 1.8, (h - 4) / n), x = columns === 1 ? w / 2 : size / 2 + 2 + (w - size - 4) * layer / (columns - 1);
      return Array.from({ length: n }, (_, k) => ({ x, y: h / 2 + (k - (n - 1) / 2) * pitch, size: Math.min(size, pitch - 2) }));
    });
    for (const [neuron, button] of [...buttons.children].entries()) {
      const at = place(...split(neuron));
      Object.assign(button.style, { left: `${at.x - at.size / 2}px`, top: `${at.y - at.size / 2}px`, width: `${at.size}px`, height: `${at.size}px` });
    }
    draw();
  }
  new ResizeObserver(lay).observe(box);

  function open(newSizes, inputNames) {
    if (sizes.join() !== newSizes.join()) [chosen, focus] = [null, 0];
    sizes = newSizes;
    names = inputNames;
    buttons.replaceChildren(...Array.from({ length: count() }, (_, neuron) => {
      return element('button', {
        'aria-label': name(neuron), 'aria-pressed': false, tabindex: neuron === focus ? 0 : -1,
        'data-hint': 'Shows what this neuron computes over the plane. Arrow keys go to other neurons, Enter chooses.',
        onclick: () => { focus = neuron; choose(chosen === neuron || neuron === count() - 1 ? null : neuron); },
        onfocus: () => { focus = neuron; },
      });
    }));
    lay();
  }

  buttons.addEventListener('keydown', (event) => {
    let [layer, k] = split(focus);
    if (event.key === 'ArrowLeft') layer--;
    else if (event.key === 'ArrowRight') layer++;
    else if (event.key === 'ArrowUp') k--;
    else if (event.key === 'ArrowDown') k++;
    else return;
    event.preventDefault();
    if (layer < 1 || layer >= sizes.length) return;
    k = Math.max(0, Math.min(sizes[layer] - 1, k));
    focus = sizes.slice(1, layer).reduce((a, b) => a + b, 0) + k;
    [...buttons.children].forEach((button, n) => { button.tabIndex = n === focus ? 0 : -1; });
    buttons.children[focus].focus();
  });

  function choose(neuron) {
    chosen = neuron !== null && neuron < count() ? neuron : null;
    [...buttons.children].forEach((button, n) => button.setAttribute('aria-pressed', n === chosen));
    events.choose(chosen);
    draw();
  }

  function draw() {
    const context = canvas.getContext('2d'), ratio = canvas.width / pixels[0] || 1;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, pixels[0], pixels[1]);
    if (!places.length) return;
    const [plus, minus, quiet, ground, attention] = ['plus', 'minus', 'quiet', 'field', 'attention'].map(colour);
    if (numbers) drawLines(context, plus, minus);
    if (flow) drawFlow(context, attention);
    context.font = '600 13px system-ui, sans-serif';
    [context.textAlign, context.textBaseline] = ['center', 'middle'];
    for (let k = 0; k < 2; k++) {
      const at = place(0, k), half = at.size / 2;
      context.fillStyle = rgb(ground);
      context.fillRect(at.x - half, at.y - half, at.size, at.size);
      context.strokeStyle = rgb(quiet);
      context.lineWidth = 1;
      context.strokeRect(at.x - half, at.y - half, at.size, at.size);
      context.fillStyle = rgb(quiet);
      context.fillText(names[k].slice(0, 4), at.x, at.y, at.size);
      if (walk) tag(context, at, walk.inputs[k], quiet, ground);
    }
    for (let neuron = 0; neuron < count(); neuron++) {
      const at = place(...split(neuron)), half = at.size / 2, isChosen = neuron === (chosen ?? count() - 1);
      if (units) context.drawImage(pictures, 0, units.size * neuron, units.size, units.size, at.x - half, at.y - half, at.size, at.size);
      context.strokeStyle = isChosen ? rgb(attention) : rgb(quiet);
      context.lineWidth = isChosen ? 3 : 1;
      context.strokeRect(at.x - half, at.y - half, at.size, at.size);
      if (walk) tag(context, at, walk.units[neuron], quiet, ground);
    }
  }

  function tag(context, at, number, quiet, ground) {
    if (number === null || number === undefined || at.size < 18) return;
    const text = Number(number.toPrecision(2)).toString().replace('-', '−').replace(/^(−?)0\./, '$1.');
    context.font = '11px ui-monospace, monospace';
    const wide = context.measureText(text).width + 4;
    context.fillStyle = rgb(ground, 0.85);
    context.fillRect(at.x - wide / 2, at.y + at.size / 2 - 12, wide, 12);
    context.fillStyle = rgb(colour('text'));
    context.fillText(text, at.x, at.y + at.size / 2 - 5.5);
  }

  // Calls body(from, to, number) for each weight.
  function eachLine(list, body) {
    let start = 0;
    for (let layer = 1; layer < sizes.length; layer++) {
      const [ins, outs] = [sizes[layer - 1], sizes[layer]];
      for (let j = 0; j < outs; j++) for (let i = 0; i < ins; i++) body(place(layer - 1, i), place(layer, j), list[start + j * ins + i], layer);
      start += outs * (ins + 1);
    }
  }

  function drawLines(context, plus, minus) {
    let largest = 0, total = 0;
    eachLine(numbers, (a, b, x) => { total++; if (Number.isFinite(x)) largest = Math.max(largest, Math.abs(x)); });
    const least = total > mostLines ? 0.15 : 0.01;
    eachLine(numbers, (a, b, x) => {
      const share = largest ? Math.abs(x) / largest : 0;
      if (!(share >= least)) return;
      context.strokeStyle = rgb(x > 0 ? plus : minus, 0.08 + 0.85 * share ** 2);
      context.lineWidth = 0.3 + 3.2 * share ** 2;
      context.setLineDash(x > 0 ? [] : [5, 3]);
      line(context, a, b);
    });
    context.setLineDash([]);
  }

  function line(context, a, b) {
    context.beginPath();
    context.moveTo(a.x + a.size / 2, a.y);
    context.bezierCurveTo((a.x + b.x) / 2, a.y, (a.x + b.x) / 2, b.y, b.x - b.size / 2, b.y);
    context.stroke();
  }

  // Numbers run along the lines, layer after layer: forwards, or gradients backwards.
  function drawFlow(context, attention) {
    const layers = sizes.length - 1, at = flow.share * layers;
    context.fillStyle = rgb(attention);
    eachLine(numbers, (a, b, x, layer) => {
      const t = at - (flow.isForward ? layer - 1 : layers - layer);
      if (t < 0 || t > 1) return;
      const s = flow.isForward ? t : 1 - t, u = 1 - s;
      const [x0, x1, xm] = [a.x + a.size / 2, b.x - b.size / 2, (a.x + b.x) / 2];
      const px = u ** 3 * x0 + 3 * u * s * xm + s ** 3 * x1, py = (u ** 3 + 3 * u * u * s) * a.y + (3 * u * s * s + s ** 3) * b.y;
      context.fillRect(px - 1.5, py - 1.5, 3, 3);
    });
  }

  function run(isForward) {
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const start = performance.now();
    const tick = (now) => {
      const share = (now - start) / (450 * (sizes.length - 1));
      flow = share < 1 && walk ? { isForward, share } : null;
      draw();
      if (flow) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  return {
    element: box, open, choose, run, split,
    chosen: () => chosen,
    // fields of the neurons, and what the lines show
    show(fields, list, lines) {
      units = fields;
      paint(pictures, list, fields.size);
      numbers = lines;
      draw();
    },
    setLines(lines) { numbers = lines; draw(); },
    // numbers at the inputs and neurons, or null
    setWalk(value) { walk = value; draw(); },
    name,
  };
}
