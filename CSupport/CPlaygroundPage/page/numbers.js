// Numbers as text, and texts as numbers. Nothing is computed here: every number comes from the engine or from the keyboard.

// JSON has no infinities and no NaN: the engine sends them as text.
export function number(x) {
  return x === 'inf' ? Infinity : x === '-inf' ? -Infinity : x === 'nan' ? NaN : x;
}

// Six digits, for display.
export function six(x) {
  x = number(x);
  if (x === null || x === undefined) return '–';
  if (!Number.isFinite(x)) return Number.isNaN(x) ? 'NaN' : x > 0 ? '∞' : '−∞';
  const size = Math.abs(x);
  const text = size !== 0 && (size < 1e-4 || size >= 1e7) ? x.toExponential(5) : String(Number(x.toPrecision(6)));
  return text.replace(/^-/, '−').replace('e-', 'e−').replace('e+', 'e');
}

// All digits: the shortest text that is the same number.
export function all(x) { return String(number(x)); }

// Reads a number that was typed. A decimal comma is understood: note says so.
// Returns {value} or {value, note} or {error}.
export function read(text) {
  const typed = text.trim().replace(/−/g, '-');
  if (typed === '') return { error: 'type a number' };
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(typed)) {
    const value = Number(typed);
    return Number.isFinite(value) ? { value } : { error: `“${typed}” is too large; the largest number is about 1.8e308` };
  }
  if (/^[+-]?\d*,\d+(e[+-]?\d+)?$/i.test(typed)) {
    const point = typed.replace(',', '.');
    return { value: Number(point), note: `read as ${point}: a decimal number has a point` };
  }
  return { error: `“${typed.slice(0, 40)}” is not a number; write one such as −0.5 or 1e-3` };
}
