// The plane: the field as a smooth image, the boundary, and the points in two shapes.
import { element, svg } from '../elements.js';
import { standaloneSVG } from '../export.js';
import { bytes, paint } from './packed.js';

const side = 1000, triangle = 'm0 -14l13 23h-26z', circle = 'm-11 0a11 11 0 1 0 22 0a11 11 0 1 0 -22 0';
const ring = 'm-21 0a21 21 0 1 0 42 0a21 21 0 1 0 -42 0';

// events: pick(row), place(x, y, isSecond), remove(row)
export function createField(events) {
  const canvas = element('canvas', { width: 1, height: 1, 'aria-hidden': true });
  const boundary = svg('path', { class: 'boundary' }), marks = svg('g'), ticks = svg('g', { class: 'ticks' });
  const chosen = svg('circle', { class: 'chosen', r: 26, visibility: 'hidden' });
  const cursor = svg('path', { class: 'cursor', visibility: 'hidden', d: 'M-30 0H30M0 -30V30' });
  // What moves and what stands still are two layers, so that the points are not painted in each frame.
  const moving = svg('svg', { viewBox: `0 0 ${side} ${side}`, 'aria-hidden': true }, boundary);
  const plane = svg('svg', { class: 'still', viewBox: `0 0 ${side} ${side}`, 'aria-hidden': true }, ticks, marks, chosen, cursor);
  const box = element('div', {
    class: 'field', tabindex: 0, role: 'application', 'aria-label': 'Decision boundary',
    'data-hint': 'Click a point to follow it through a step. Arrow keys move a cross, Enter chooses.',
  }, canvas, moving, plane);
  const legend = element('p', { class: 'legend quiet' }), caption = element('p', { class: 'legend', id: 'network-caption' });
  let data = null, edits = false, place = [500, 500], last = null;

  const at = (k) => [
    side * (data.points[2 * k] - data.box.x[0]) / (data.box.x[1] - data.box.x[0]),
    side * (data.box.y[1] - data.points[2 * k + 1]) / (data.box.y[1] - data.box.y[0]),
  ];

  function nearest([x, y]) {
    let best = null, distance = 50 * 50;
    for (let k = 0; k < data.labels.length; k++) {
      const [px, py] = at(k), d = (px - x) ** 2 + (py - y) ** 2;
      if (d < distance) [best, distance] = [k, d];
    }
    return best;
  }

  function use(spot, isSecond, removes) {
    if (!data) return;
    const row = nearest(spot);
    if (edits && removes) { if (row !== null) events.remove(row); return; }
    if (!edits) { if (row !== null) events.pick(row); return; }
    const [x, y] = [spot[0] / side, spot[1] / side];
    events.place(
      data.box.x[0] + x * (data.box.x[1] - data.box.x[0]), data.box.y[1] - y * (data.box.y[1] - data.box.y[0]), isSecond);
  }

  function spot(event) {
    const frame = box.getBoundingClientRect();
    return [side * (event.clientX - frame.left) / frame.width, side * (event.clientY - frame.top) / frame.height];
  }
  box.addEventListener('click', (event) => { if (event.detail) use(spot(event), event.shiftKey, event.altKey); });
  box.addEventListener('contextmenu', (event) => {
    if (edits) { event.preventDefault(); use(spot(event), true, false); }
  });
  box.addEventListener('keydown', (event) => {
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (move) {
      const size = event.shiftKey ? 5 : 25;
      place = place.map((x, k) => Math.max(0, Math.min(side, x + size * move[k])));
      cursor.setAttribute('transform', `translate(${place})`);
      cursor.setAttribute('visibility', 'visible');
    } else if (event.key === 'Enter' || event.key === ' ') use(place, event.shiftKey, false);
    else if (event.key === 'Delete' || event.key === 'Backspace') use(place, false, true);
    else return;
    event.preventDefault();
  });
  box.addEventListener('blur', () => cursor.setAttribute('visibility', 'hidden'));

  const shapes = (rows, shape) => rows.map((k) => `M${at(k).map((x) => Math.round(x))}${shape}`).join('');

  function open(answer, names) {
    data = answer;
    const rows = [[], []];
    data.labels.forEach((label, k) => rows[label].push(k));
    marks.replaceChildren(
      svg('path', { class: 'ring', d: shapes(data.validation, ring) }),
      svg('path', { class: 'minus', d: shapes(rows[0], triangle) }),
      svg('path', { class: 'plus', d: shapes(rows[1], circle) }));
    ticks.replaceChildren(
      ...data.ticks.x.map((t) => svg('text', { x: side * t.at, y: side - 10, 'text-anchor': 'middle' }, t.text)),
      ...data.ticks.y.slice(1).map((t) => svg('text', { x: 10, y: side * (1 - t.at) + 9 }, t.text)));
    legend.replaceChildren(
      element('span', { class: 'minus' }, '▲'), ` ${data.classes[0]}  `, element('span', { class: 'plus' }, '●'),
      ` ${data.classes[1]}${data.validation.length ? '  ◯ held out' : ''}  ·  → ${names[0]}  ↑ ${names[1]}`);
  }

  function show(field, text, note) {
    last = { ...field, list: bytes(field.bytes) };
    paint(canvas, last.list, field.size);
    boundary.setAttribute('d', field.boundary ?? '');
    box.setAttribute('aria-label', text);
    caption.textContent = note;
  }

  function choose(row) {
    chosen.setAttribute('visibility', row === null || !data || row >= data.labels.length ? 'hidden' : 'visible');
    if (chosen.getAttribute('visibility') === 'visible') {
      const [x, y] = at(row);
      chosen.setAttribute('cx', x);
      chosen.setAttribute('cy', y);
    }
  }

  // The picture of a frame: {list, size, boundary}.
  function picture(frame = last, title = '') {
    const image = element('canvas');
    paint(image, frame.list, frame.size);
    const drawing = svg('svg', { viewBox: `0 -50 ${side} ${side + 110}`, width: 640, height: 742 },
      svg('image', { href: image.toDataURL(), width: side, height: side, preserveAspectRatio: 'none' }),
      svg('path', { d: frame.boundary ?? '', fill: 'none', stroke: 'var(--text)', 'stroke-width': 4 }),
      ticks.cloneNode(true), marks.cloneNode(true),
      svg('text', { x: 0, y: -16, 'font-size': 32 }, title),
      svg('text', { x: 0, y: side + 42, 'font-size': 30 }, legend.textContent));
    drawing.querySelector('.plus').setAttribute('fill', 'var(--plus)');
    drawing.querySelector('.minus').setAttribute('fill', 'var(--minus)');
    for (const path of drawing.querySelectorAll('.plus, .minus')) {
      path.setAttribute('stroke', 'var(--field)');
      path.setAttribute('stroke-width', 4);
    }
    const rings = drawing.querySelector('.ring');
    rings.setAttribute('fill', 'none');
    rings.setAttribute('stroke', 'var(--text)');
    rings.setAttribute('stroke-width', 3);
    drawing.querySelector('.ticks').setAttribute('font-size', 26);
    return standaloneSVG(drawing);
  }

  return {
    elements: [box, legend, caption], open, show, choose, picture,
    last: () => last,
    setEdits(value) {
      edits = value;
      box.dataset.hint = value
        ? 'Click: a blue point; with shift or the right button: an orange one; with alt: remove. Keys: arrows, Enter, Delete.'
        : 'Click a point to follow it through a step. Arrow keys move a cross, Enter chooses.';
    },
  };
}
