// What survives a reload, and what a link holds: {room, rooms: {expression: …, network: …, fit: …}}.
const key = 'micrograd.state', tokenKey = 'micrograd.token';

// The token of the address. A shared link has none: then that of the last visit.
export function token() {
  const given = new URLSearchParams(location.search).get('token');
  try {
    if (given) localStorage.setItem(tokenKey, given);
    return given ?? localStorage.getItem(tokenKey) ?? '';
  } catch {
    return given ?? '';
  }
}

// Each tab has its own state.
export function save(state) {
  try {
    sessionStorage.setItem(key, JSON.stringify(state));
    return true;
  } catch {
    return false; // no storage, or more than it holds: the page goes on
  }
}

export function saved() {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null;
  }
}

// A link with the whole state in its fragment, which browsers do not send.
export async function link(state) {
  const packed = await through(new CompressionStream('deflate-raw'), new TextEncoder().encode(JSON.stringify(state)));
  let text = '';
  for (const byte of packed) text += String.fromCharCode(byte);
  const base = btoa(text).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  return `${location.origin}/#s=${base}`;
}

// The state of the fragment, or null. Throws if it is damaged.
export async function linked(fragment) {
  const match = /^#s=([\w-]+)$/.exec(fragment);
  if (!match) return null;
  try {
    const text = atob(match[1].replace(/-/g, '+').replace(/_/g, '/'));
    const bytes = Uint8Array.from(text, (c) => c.charCodeAt(0));
    const state = JSON.parse(new TextDecoder().decode(await through(new DecompressionStream('deflate-raw'), bytes)));
    if (typeof state !== 'object' || state === null || typeof state.rooms !== 'object') throw new Error();
    return state;
  } catch {
    throw new Error('the link is damaged: copy it again, whole');
  }
}

async function through(stream, bytes) {
  const whole = new Response(new Blob([bytes]).stream().pipeThrough(stream));
  return new Uint8Array(await whole.arrayBuffer());
}
