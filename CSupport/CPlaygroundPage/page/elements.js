// Elements of the page: small functions that rooms share.
import { six, all, number } from './numbers.js';

// element('button', {id: 'x', onclick: f, class: 'row', 'aria-label': 'X'}, 'text', child, …)
export function element(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

const svgSpace = 'http://www.w3.org/2000/svg';
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(svgSpace, tag), attributes, children);
}

function fill(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else if (name === 'value' && made.tagName !== 'OPTION' && !(made instanceof SVGElement)) made.value = value;
    else made.setAttribute(name, value === true && !name.startsWith('aria-') ? '' : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

// A number: six digits, all of them on hover and when copied.
export function numeral(x, attributes = {}) {
  return showNumber(element('span', { class: 'number', ...attributes }), x);
}

export function showNumber(place, x) {
  place.textContent = six(x);
  place.title = all(x);
  place.dataset.value = all(x);
  const value = number(x);
  place.classList.toggle('error', typeof value === 'number' && !Number.isFinite(value));
  return place;
}

document.addEventListener('copy', (event) => {
  const place = document.getSelection()?.anchorNode?.parentElement?.closest?.('[data-value]');
  if (!place || document.getSelection().toString().trim() !== place.textContent) return;
  event.clipboardData.setData('text/plain', place.dataset.value);
  event.preventDefault();
});

// Shows an error of the engine below a field, with a caret under its place.
export function showError(place, error, text) {
  place.replaceChildren();
  place.classList.add('error');
  if (!error) return;
  if (Number.isInteger(error.place) && typeof text === 'string') {
    const start = Math.max(0, error.place - 24), cut = start > 0 ? '…' : '';
    const line = text.slice(start, error.place + 24).replace(/\s/g, ' ');
    place.append(element('span', { class: 'caret' }, `${cut}${line}\n${' '.repeat(cut.length + error.place - start)}^`));
  }
  place.append(error.message);
}

// Saves a text as a file of the user.
export function download(name, text, type) {
  const link = element('a', { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
