// Numbers and bytes of messages, which come as base64.
export function bytes(text) {
  const letters = atob(text), list = new Uint8Array(letters.length);
  for (let k = 0; k < letters.length; k++) list[k] = letters.charCodeAt(k);
  return list;
}

export const doubles = (text) => new Float64Array(bytes(text).buffer);

// The page's colour of a name such as 'plus', as [red, green, blue].
export function colour(name) {
  const text = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  return [1, 3, 5].map((k) => parseInt(text.slice(k, k + 2), 16));
}

// A palette for bytes: 1 is the minus colour, 128 the ground, 255 the plus colour, 0 what is not finite.
let kept = { key: '' };
export function palette() {
  const parts = ['minus', 'field', 'plus', 'attention'].map(colour), key = parts.join();
  if (kept.key === key) return kept.table;
  const [minus, ground, plus, attention] = parts, table = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    const share = (byte - 128) / 127, to = share < 0 ? minus : plus, part = 0.62 * Math.min(1, Math.abs(share));
    const [r, g, b] = byte === 0 ? attention : ground.map((c, k) => Math.round(c + part * (to[k] - c)));
    table[byte] = (255 << 24) | (b << 16) | (g << 8) | r;
  }
  kept = { key, table };
  return table;
}

// Paints bytes, a row of `width` after the other, into a canvas of that size.
export function paint(canvas, list, width) {
  const height = list.length / width;
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d'), image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer), table = palette();
  for (let k = 0; k < list.length; k++) pixels[k] = table[list[k]];
  context.putImageData(image, 0, 0);
}
