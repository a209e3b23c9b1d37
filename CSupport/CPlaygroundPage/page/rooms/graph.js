// The picture of a graph: boxes and edges where the engine lays them out, filled with the engine's numbers.
import { element, svg } from '../elements.js';
import { all, number, six } from '../numbers.js';
import { standaloneSVG } from '../export.js';

// For the page, and for pictures that stand alone.
const style = `
.graph text{font:12px system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:currentColor}
.graph .digits{font:11px var(--numbers);text-anchor:end}
.graph .caption{fill:var(--quiet);font-size:10px}
.graph .centered{text-anchor:middle}
.graph .frame{fill:var(--field);stroke:var(--quiet);stroke-width:1}
.graph .input .frame{fill:var(--panel)}
.graph .bar{fill:var(--quiet)}
.graph .result .frame{stroke:var(--text);stroke-width:2.5}
.graph .more .frame{stroke-dasharray:3 3}
.graph .operation{fill:var(--panel);stroke:var(--quiet);stroke-width:1}
.graph .plus{fill:var(--plus)}.graph .minus{fill:var(--minus)}.graph .odd{fill:var(--error);font-weight:700}
.graph .line{fill:none;stroke:var(--quiet);stroke-width:1.1}
.graph .head{fill:var(--quiet)}
.graph .slope{font:700 11px var(--numbers);fill:var(--attention);stroke:var(--ground);stroke-width:4;stroke-linejoin:round;paint-order:stroke}
.graph .reached .frame,.graph .reached .operation,.graph .turn .frame,.graph .turn .operation{stroke:var(--attention);stroke-width:2}
.graph .turn .frame,.graph .turn .operation{stroke-width:3.5}
.graph .turn .operation{fill:var(--attention)}.graph .turn .sign{fill:var(--ground);font-weight:700}
.graph .fed .frame{stroke:var(--attention);stroke-width:2;stroke-dasharray:5 3}
.graph .lit .line{stroke:var(--attention);stroke-width:2.4}.graph .lit .head{fill:var(--attention)}
.graph .faint{opacity:.3}
`;
const moving = `
.graph .node:focus{outline:none}.graph .node:focus-visible .frame{stroke:var(--focus);stroke-width:3.5}
.graph .node{cursor:pointer}
@keyframes forward{from{stroke-dashoffset:16}}@keyframes backward{to{stroke-dashoffset:16}}
.graph.forward .lit .line{stroke-dasharray:10 6;animation:forward .7s linear infinite}
.graph.backward .lit .line{stroke-dasharray:10 6;animation:backward .7s linear infinite}
@media (prefers-reduced-motion:reduce){.graph .lit .line{stroke-dasharray:none!important;animation:none!important}}
`;
const sheet = new CSSStyleSheet();
sheet.replaceSync(style + moving);
document.adoptedStyleSheets.push(sheet);

const largestScale = 1.6, smallestReadable = 0.62;

export class GraphView {
  // onPick(box or null): the pointer or the focus is on a box. onPin(box): it was clicked.
  constructor({ onPick, onPin }) {
    this.edgeLayer = svg('g');
    this.nodeLayer = svg('g', { role: 'list' });
    this.drawing = svg('svg', { class: 'graph', role: 'group', 'aria-label': 'Graph' }, this.edgeLayer, this.nodeLayer);
    const button = (text, label, act) => element('button', { 'aria-label': label, 'data-hint': `${label} (wheel: zoom; drag: move).`, onclick: act }, text);
    this.place = element('div', { class: 'graph-place' }, this.drawing,
      element('div', { class: 'graph-tools' }, button('−', 'Zoom out', () => this.zoom(1 / 1.3)), button('+', 'Zoom in', () => this.zoom(1.3)),
        button('fit', 'Show the whole graph', () => this.fit(true))));
    Object.assign(this, { onPick, onPin, nodes: [], edges: [], picture: null, scale: 1, x: 0, y: 0, isTouched: false });
    this.listen();
  }

  // MARK: Structure

  open(picture) {
    const before = new Map(this.nodes.map((node) => [node.box.name, node]));
    const focused = this.nodes.find((node) => node.place === document.activeElement)?.box.name;
    this.picture = picture;
    this.edges = picture.edges.map((edge) => {
      const slope = svg('text', { class: 'slope', x: edge.labelX, y: edge.labelY });
      const place = svg('g', { class: 'edge' }, svg('path', { class: 'line', d: edge.line }),
        svg('path', { class: 'head', d: `M${edge.endX} ${edge.endY}l-6 -3v6Z` }));
      return { edge, place, slope };
    });
    this.nodes = picture.boxes.map((box, k) => this.node(box, k));
    // Numbers on edges stand above all lines.
    this.edgeLayer.replaceChildren(...this.edges.map((edge) => edge.place), ...this.edges.map((edge) => edge.slope));
    this.nodeLayer.replaceChildren(...this.nodes.map((node) => node.place));
    this.drawing.setAttribute('aria-label', `Graph of ${picture.result}: ${picture.shown} of ${picture.nodes} nodes`);
    this.focusable = picture.boxes.length - 1;
    this.nodes[this.focusable]?.place.setAttribute('tabindex', 0);
    this.fit(!this.isTouched);
    this.nodes.find((node) => node.box.name === focused)?.place.focus();
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    // A node that was there moves to its new place.
    for (const { place, box } of this.nodes) {
      const old = before.get(box.name)?.box;
      if (!old || (old.x === box.x && old.y === box.y)) continue;
      place.animate([{ transform: `translate(${old.x}px, ${old.y}px)` }, { transform: `translate(${box.x}px, ${box.y}px)` }],
        { duration: 250, easing: 'ease-out' });
    }
  }

  node(box, k) {
    const { width, height } = box, left = box.operationX - box.x;
    const place = svg('g', { class: `node ${box.kind}`, transform: `translate(${box.x} ${box.y})`, role: 'listitem', tabindex: -1, 'data-box': k });
    if (box.operationText !== undefined) {
      place.append(svg('rect', { class: 'operation', x: left, y: box.operationY - box.y, width: box.operationWidth, height: box.operationHeight, rx: 13 }),
        svg('text', { class: 'sign centered', x: left + box.operationWidth / 2, y: height / 2 + 4 }, box.operationText),
        svg('path', { class: 'line', d: `M${left + box.operationWidth} ${height / 2}H0` }));
    }
    place.append(svg('rect', { class: 'frame', width, height, rx: 6 }));
    if (box.kind === 'input') place.append(svg('rect', { class: 'bar', width: 5, height, rx: 2 }));
    if (box.kind === 'more') {
      place.append(svg('text', { class: 'centered', x: width / 2, y: height / 2 + 4 }, box.text));
      return { box, place };
    }
    const column = width - 120;
    const data = svg('text', { class: 'digits', x: width - 7, y: 17 }), grad = svg('text', { class: 'digits', x: width - 7, y: 34 });
    place.append(svg('text', { x: 12, y: height / 2 + 4 }, box.text), svg('text', { class: 'caption', x: column, y: 17 }, 'data'),
      svg('text', { class: 'caption', x: column, y: 34 }, 'grad'), data, grad);
    return { box, place, data, grad };
  }

  // MARK: Numbers

  // Fills in an answer of the engine: {data, gradients, slopes, step, paths}.
  show(numbers) {
    const { step, paths } = numbers;
    for (const [k, node] of this.nodes.entries()) {
      if (!node.data) continue;
      const data = numbers.data[k], grad = numbers.gradients[k], { name, operation, kind } = node.box;
      digits(node.data, data, false);
      digits(node.grad, grad, true);
      node.place.setAttribute('aria-label', `${name}${operation ? `, ${operation}` : ''}${kind === 'result' ? ', result' : ''}: data ${six(data)}, grad ${six(grad)}`);
    }
    const reached = new Set(paths?.boxes), onPath = new Set(paths?.edges);
    const operands = new Map((step?.operands ?? []).map((operand) => [operand.index, operand]));
    const fed = new Set((step?.operands ?? []).map((operand) => operand.box));
    for (const [k, { place }] of this.nodes.entries()) {
      place.classList.toggle('turn', step?.box === k);
      place.classList.toggle('fed', fed.has(k));
      place.classList.toggle('reached', reached.has(k));
      place.classList.toggle('faint', Boolean(paths) && !reached.has(k));
    }
    for (const [k, { edge, place, slope }] of this.edges.entries()) {
      const isTurn = step && step.box === edge.to && edge.operand >= 0, operand = isTurn ? operands.get(edge.operand) : undefined;
      let text = '';
      if (step?.act === 'forward' && isTurn) text = six(numbers.data[edge.from]);
      else if (operand) text = operand.localDerivative === undefined ? `+ ${six(operand.contribution)}` : `× ${six(operand.localDerivative)} → ${six(operand.contribution)}`;
      else if (onPath.has(k) && numbers.slopes[k] !== null) text = `× ${six(numbers.slopes[k])}`;
      slope.textContent = text;
      const isLit = step ? Boolean(isTurn) && (step.act === 'forward' || Boolean(operand)) : onPath.has(k);
      place.classList.toggle('lit', isLit || onPath.has(k));
      place.classList.toggle('faint', Boolean(paths) && !onPath.has(k) && !isLit);
    }
    this.drawing.classList.toggle('forward', step?.act === 'forward');
    this.drawing.classList.toggle('backward', step?.act === 'backward');
    if (step && step.box !== undefined && step.box !== this.lastTurn) this.reveal(step.box);
    this.lastTurn = step?.box;
  }

  dim(isDim) { this.place.classList.toggle('dim', isDim); }

  // MARK: Place and size

  fit(isWanted) {
    const { clientWidth: width, clientHeight: height } = this.place;
    if (!this.picture || !width || !height) return;
    if (isWanted) {
      this.isTouched = false;
      this.scale = Math.min(width / this.picture.width, height / this.picture.height, largestScale);
      // Small graphs on small screens stay readable, and are moved by dragging.
      if (this.picture.boxes.length <= 40) this.scale = Math.max(this.scale, Math.min(smallestReadable, height / this.picture.height));
      this.x = Math.min(0, (this.picture.width - width / this.scale) / 2);
      if (this.picture.width * this.scale > width) this.x = 0;
      this.y = (this.picture.height - height / this.scale) / 2;
    }
    this.apply();
  }

  apply() {
    const { clientWidth: width, clientHeight: height } = this.place;
    if (width && height) this.drawing.setAttribute('viewBox', `${this.x} ${this.y} ${width / this.scale} ${height / this.scale}`);
  }

  // About a point of the screen, or the middle.
  zoom(factor, at) {
    const { clientWidth: width, clientHeight: height } = this.place, [px, py] = at ?? [width / 2, height / 2];
    const scale = Math.min(Math.max(this.scale * factor, 0.02), 6);
    this.x += px / this.scale - px / scale;
    this.y += py / this.scale - py / scale;
    this.scale = scale;
    this.isTouched = true;
    this.apply();
  }

  // Moves the picture so that a box can be seen.
  reveal(k) {
    const box = this.picture?.boxes[k], width = this.place.clientWidth / this.scale, height = this.place.clientHeight / this.scale;
    if (!box || !width) return;
    const left = box.operationText === undefined ? box.x : box.operationX, right = box.x + box.width;
    if (left - 130 < this.x) this.x = Math.max(left - 130, Math.min(0, this.x));
    else if (right + 10 > this.x + width) this.x = right + 10 - width;
    if (box.y - 20 < this.y || box.y + box.height + 20 > this.y + height) this.y = box.y + box.height / 2 - height / 2;
    this.apply();
  }

  listen() {
    new ResizeObserver(() => this.fit(!this.isTouched)).observe(this.place);
    const boxOf = (event) => {
      const k = event.target.closest?.('[data-box]')?.dataset.box;
      return k === undefined || this.picture.boxes[k].kind === 'more' ? null : Number(k);
    };
    this.nodeLayer.addEventListener('pointerover', (event) => { if (event.pointerType !== 'touch') this.onPick(boxOf(event)); });
    this.nodeLayer.addEventListener('pointerout', (event) => { if (event.pointerType !== 'touch') this.onPick(null); });
    this.nodeLayer.addEventListener('focusin', (event) => { if (event.target.matches(':focus-visible')) this.onPick(boxOf(event)); });
    this.nodeLayer.addEventListener('focusout', () => this.onPick(null));
    this.drawing.addEventListener('keydown', (event) => {
      const move = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (move) this.focusNext(move);
      else if (event.key === 'Enter' && boxOf(event) !== null) this.onPin(boxOf(event));
      else if (event.key === '+') this.zoom(1.3);
      else if (event.key === '-') this.zoom(1 / 1.3);
      else if (event.key === '0') this.fit(true);
      else return;
      event.preventDefault();
    });
    this.place.addEventListener('wheel', (event) => {
      // Where the page scrolls, the wheel scrolls.
      if (!event.ctrlKey && document.documentElement.scrollHeight > innerHeight + 1) return;
      const bounds = this.place.getBoundingClientRect();
      this.zoom(Math.exp(-event.deltaY / (event.deltaMode ? 10 : 300)), [event.clientX - bounds.left, event.clientY - bounds.top]);
      event.preventDefault();
    }, { passive: false });
    this.listenToPointers(boxOf);
  }

  // One pointer moves the picture, two zoom it. A pointer that did not move was a click.
  listenToPointers(boxOf) {
    const points = new Map();
    let isMoved = false;
    const distance = () => {
      const [a, b] = [...points.values()];
      return Math.hypot(a[0] - b[0], a[1] - b[1]);
    };
    this.drawing.addEventListener('pointerdown', (event) => {
      if (points.size === 0) isMoved = false;
      points.set(event.pointerId, [event.clientX, event.clientY]);
    });
    this.drawing.addEventListener('pointermove', (event) => {
      const last = points.get(event.pointerId);
      if (!last) return;
      const [dx, dy] = [event.clientX - last[0], event.clientY - last[1]];
      if (!isMoved && Math.hypot(dx, dy) < 4) return;
      isMoved = true;
      this.drawing.setPointerCapture(event.pointerId);
      const before = points.size === 2 ? distance() : 0;
      points.set(event.pointerId, [event.clientX, event.clientY]);
      if (points.size === 2) return this.zoom(distance() / Math.max(before, 1));
      this.x -= dx / this.scale;
      this.y -= dy / this.scale;
      this.isTouched = true;
      this.apply();
    });
    for (const kind of ['pointerup', 'pointercancel']) {
      this.drawing.addEventListener(kind, (event) => {
        if (points.delete(event.pointerId) && kind === 'pointerup' && !isMoved) {
          const box = boxOf(event);
          this.onPin(box);
        }
      });
    }
  }

  focusNext(move) {
    const count = this.nodes.length;
    let next = this.focusable;
    do next = (next + move + count) % count; while (this.nodes[next].box.kind === 'more' && next !== this.focusable);
    this.nodes[this.focusable].place.setAttribute('tabindex', -1);
    this.focusable = next;
    this.nodes[next].place.setAttribute('tabindex', 0);
    this.nodes[next].place.focus();
    this.reveal(next);
  }

  // The whole picture as a text.
  text() {
    const { width, height } = this.picture, copy = this.drawing.cloneNode(true);
    for (const [name, value] of [['viewBox', `0 0 ${width} ${height}`], ['width', width], ['height', height]]) copy.setAttribute(name, value);
    return standaloneSVG(copy).replace('</style>', `${style.replaceAll('\n', '').replaceAll('&', '&amp;')}</style>`);
  }
}

function digits(place, x, hasColor) {
  place.textContent = six(x);
  const value = number(x), isOdd = value !== null && value !== undefined && !Number.isFinite(value);
  place.setAttribute('class', `digits${isOdd ? ' odd' : hasColor && value > 0 ? ' plus' : hasColor && value < 0 ? ' minus' : ''}`);
  if (value === null || value === undefined) return;
  place.append(svg('title', {}, all(x)));
}
