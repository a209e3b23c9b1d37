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
.graph .kind-input .frame{fill:var(--panel)}
.graph .bar{fill:var(--quiet)}
.graph .kind-result .frame{stroke:var(--text);stroke-width:2.5}
.graph .kind-more .frame{stroke-dasharray:3 3}
.graph .oval{fill:var(--panel);stroke:var(--quiet);stroke-width:1}
.graph .plus{fill:var(--plus)}.graph .minus{fill:var(--minus)}.graph .odd{fill:var(--error);font-weight:700}
.graph .line{fill:none;stroke:var(--quiet);stroke-width:1.1}
.graph .head{fill:var(--quiet)}
.graph .slope{font:700 11px var(--numbers);fill:var(--attention);stroke:var(--ground);stroke-width:4;stroke-linejoin:round;paint-order:stroke}
.graph .reached .frame,.graph .reached .oval,.graph .turn .frame,.graph .turn .oval{stroke:var(--attention);stroke-width:2}
.graph .turn .frame,.graph .turn .oval{stroke-width:3.5}
.graph .turn .oval{fill:var(--attention)}.graph .turn .line{stroke:var(--attention);stroke-width:2.4}.graph .turn .sign{fill:var(--ground);font-weight:700}
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
  // onPick(box or null): the pointer or the focus is on a box. onPin(box): it was clicked. onlyLayout: not to be chosen.
  constructor({ onPick, onPin, onlyLayout }) {
    this.edgeLayer = svg('g');
    this.nodeLayer = svg('g', { role: 'list' });
    this.drawing = svg('svg', { class: 'graph', role: 'group', 'aria-label': 'Graph' }, this.edgeLayer, this.nodeLayer);
    const button = (text, label, act) => element('button', { 'aria-label': label, 'data-hint': `${label} (wheel: zoom; drag: move).`, onclick: act }, text);
    this.place = element('div', { class: 'graph-place' }, this.drawing,
      element('div', { class: 'graph-tools' }, button('−', 'Zoom out', () => this.zoom(1 / 1.3)), button('+', 'Zoom in', () => this.zoom(1.3)),
        button('fit', 'Show the whole graph', () => this.fit(true, true))));
    Object.assign(this, { onPick, onPin, onlyLayout, nodes: [], edges: [], picture: null, layout: null, numbers: null, scale: 1, x: 0, y: 0, isTouched: false });
    this.listen();
  }

  // MARK: Structure

  open(picture) {
    this.picture = picture;
    this.drawing.setAttribute('aria-label', `Graph of ${picture.result}: ${picture.shown} of ${picture.nodes} nodes`);
    this.layout = null;
    this.draw();
  }

  // Draws from left to right, or from above to below: what is larger in the room that there is.
  draw() {
    const { across, down, boxes, edges } = this.picture, room = (layout) => this.scaleOf(layout) * (layout === this.layout ? 1.15 : 1);
    const layout = this.onlyLayout ?? (room(down) > room(across) ? down : across);
    if (layout === this.layout) return;
    const before = new Map(this.nodes.map((node) => [node.box.name, node.at]));
    const focused = this.nodes.find((node) => node.place === document.activeElement)?.box.name;
    this.layout = layout;
    this.edges = edges.map((edge, k) => {
      const { line, x, y, labelX, labelY, labelEnds } = layout.edges[k];
      const slope = svg('text', { class: 'slope', x: labelX, y: labelY, 'text-anchor': labelEnds ? 'end' : 'start' });
      const place = svg('g', { class: 'edge' }, svg('path', { class: 'line', d: line }),
        svg('path', { class: 'head', d: layout === down ? `M${x} ${y}l-3 -6h6Z` : `M${x} ${y}l-6 -3v6Z` }));
      return { edge, place, slope };
    });
    this.nodes = boxes.map((box, k) => this.node(box, layout.boxes[k], k));
    // Numbers on edges stand above all lines.
    this.edgeLayer.replaceChildren(...this.edges.map((edge) => edge.place), ...this.edges.map((edge) => edge.slope));
    this.nodeLayer.replaceChildren(...this.nodes.map((node) => node.place));
    this.focusable = boxes.length - 1;
    this.nodes[this.focusable].place.setAttribute('tabindex', 0);
    this.fit(!this.isTouched);
    this.nodes.find((node) => node.box.name === focused)?.place.focus();
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    // A node that was there moves to its new place.
    for (const { place, box, at } of this.nodes) {
      const old = before.get(box.name);
      if (!old || (old.x === at.x && old.y === at.y)) continue;
      place.animate([{ transform: `translate(${old.x}px, ${old.y}px)` }, { transform: `translate(${at.x}px, ${at.y}px)` }],
        { duration: 250, easing: 'ease-out' });
    }
  }

  node(box, at, k) {
    const { width, height, operation } = at;
    const place = svg('g', { class: `node kind-${box.kind}`, transform: `translate(${at.x} ${at.y})`, role: 'listitem', tabindex: -1, 'data-box': k });
    if (operation) {
      const x = operation.x - at.x, y = operation.y - at.y, isAbove = y < 0;
      place.append(svg('path', { class: 'line', d: isAbove ? `M${width / 2} ${y + operation.height}V0` : `M${x + operation.width} ${height / 2}H0` }),
        svg('rect', { class: 'oval', x, y, width: operation.width, height: operation.height, rx: 13 }),
        svg('text', { class: 'sign centered', x: x + operation.width / 2, y: y + operation.height / 2 + 4 }, box.operationText));
    }
    place.append(svg('rect', { class: 'frame', width, height, rx: 6 }));
    if (box.kind === 'input') place.append(svg('rect', { class: 'bar', width: 5, height, rx: 2 }));
    if (box.kind === 'more') {
      place.append(svg('text', { class: 'centered', x: width / 2, y: height / 2 + 4 }, box.text));
      return { box, at, place };
    }
    const column = width - 120;
    const data = svg('text', { class: 'digits', x: width - 7, y: 17 }), grad = svg('text', { class: 'digits', x: width - 7, y: 34 });
    place.append(svg('text', { x: 12, y: height / 2 + 4 }, box.text), svg('text', { class: 'caption', x: column, y: 17 }, 'data'),
      svg('text', { class: 'caption', x: column, y: 34 }, 'grad'), data, grad);
    return { box, at, place, data, grad };
  }

  // MARK: Numbers

  // Fills in an answer of the engine: {data, gradients, slopes, step, paths}.
  show(numbers) {
    const { step, paths } = numbers;
    this.numbers = numbers;
    for (const [k, node] of this.nodes.entries()) {
      if (!node.data) continue;
      const data = numbers.data[k], grad = numbers.gradients[k], { name, operation, kind } = node.box;
      // Of a large graph, few numbers change.
      if (node.shown && Object.is(node.shown[0], data) && Object.is(node.shown[1], grad)) continue;
      node.shown = [data, grad];
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
      const isTurn = step && step.box === edge.to && edge.operand !== undefined, operand = isTurn ? operands.get(edge.operand) : undefined;
      let text = '';
      if (step?.act === 'forward' && isTurn) text = six(numbers.data[edge.from]);
      else if (operand) text = operand.localDerivative === undefined ? `+ ${six(operand.contribution)}` : `× ${six(operand.localDerivative)} → ${six(operand.contribution)}`;
      else if (onPath.has(k) && numbers.slopes[k] !== null) text = `× ${six(numbers.slopes[k])}`;
      if (slope.textContent !== text) slope.textContent = text;
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

  // How large a layout is shown as a whole.
  scaleOf({ width, height }) { return Math.min(this.place.clientWidth / width, this.place.clientHeight / height, largestScale); }

  // isWanted: else the scale stays. isWhole: however small it gets.
  fit(isWanted, isWhole) {
    const { clientWidth: width, clientHeight: height } = this.place;
    if (!this.picture || !width || !height) return;
    if (isWanted) {
      this.isTouched = false;
      const { layout } = this;
      this.scale = this.scaleOf(layout);
      // What is too large for the screen stays readable, and is moved by dragging.
      const isCut = this.scale < smallestReadable && !isWhole;
      if (isCut) this.scale = smallestReadable;
      // In the middle, or from its beginning.
      this.x = Math.min((layout.width - width / this.scale) / 2, 0);
      this.y = Math.min((layout.height - height / this.scale) / 2, 0);
      if (isCut && layout.boxes.length > 40) this.reveal(layout.boxes.length - 1);
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
    const at = this.layout?.boxes[k], width = this.place.clientWidth / this.scale, height = this.place.clientHeight / this.scale;
    if (!at || !width) return;
    // With its operation, and some room for its operands.
    const left = (at.operation?.x ?? at.x) - 20, top = (at.operation?.y ?? at.y) - 80, right = at.x + at.width + 20, bottom = at.y + at.height + 20;
    const isWhole = (start, room, size) => start <= 0 && start + room >= size;
    if (!isWhole(this.x, width, this.layout.width) && (left < this.x || right > this.x + width)) this.x = (left + right - width) / 2;
    if (!isWhole(this.y, height, this.layout.height) && (top < this.y || bottom > this.y + height)) this.y = (top + bottom - height) / 2;
    this.apply();
  }

  listen() {
    new ResizeObserver(() => {
      if (!this.picture || this.place.clientWidth === 0) return;
      const { layout } = this;
      if (!this.isTouched) this.draw();
      if (this.layout !== layout) this.show(this.numbers);
      else this.fit(!this.isTouched);
    }).observe(this.place);
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
      else if (event.key === '0') this.fit(true, true);
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
    const { width, height } = this.layout, copy = this.drawing.cloneNode(true);
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
