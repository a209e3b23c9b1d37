// Files of what is shown: a picture, numbers, a Swift program, and a page that replays what was recorded.
import { download } from './elements.js';

// A drawing with the page's colours in it, so that it looks the same elsewhere.
export function standaloneSVG(drawing) {
  const copy = drawing.cloneNode(true);
  const style = getComputedStyle(document.documentElement);
  const names = ['text', 'quiet', 'line', 'ground', 'panel', 'field', 'plus', 'minus', 'attention', 'plus-soft', 'minus-soft', 'numbers'];
  const rules = names.map((name) => `--${name}:${style.getPropertyValue(`--${name}`).trim()}`).join(';');
  const sheet = document.createElementNS('http://www.w3.org/2000/svg', 'style');
  sheet.textContent = `svg{${rules};background:var(--ground);color:var(--text);font:13px system-ui,sans-serif}svg text{fill:currentColor}`;
  copy.prepend(sheet);
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return new XMLSerializer().serializeToString(copy);
}

export const kinds = [
  { id: 'svg', title: 'Picture (SVG)', type: 'image/svg+xml', suffix: 'svg' },
  { id: 'csv', title: 'Numbers (CSV)', type: 'text/csv', suffix: 'csv' },
  { id: 'swift', title: 'Swift program', type: 'text/plain', suffix: 'swift' },
  { id: 'replay', title: 'Replay (one page)', type: 'text/html', suffix: 'html' },
];

// Writes a file of a room: room.exports[kind]() returns its text, or a promise of it.
export async function exportFile(room, kind) {
  const text = kind.id === 'replay' ? replay(room.title, await room.exports.frames()) : await room.exports[kind.id]();
  download(`micrograd-${room.name}.${kind.suffix}`, text, kind.type);
}

// A page on its own. A frame is {picture: text of an SVG, says: HTML text}.
export function replay(title, frames) {
  const data = JSON.stringify(frames).replace(/</g, '\\u003c');
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>micrograd: ${title}</title>
<style>body{font:15px/1.4 system-ui,sans-serif;margin:1rem;max-width:80rem}#p svg,#p img{max-width:100%;height:auto}
input{width:100%}table{border-collapse:collapse}td,th{padding:.1rem .5rem;text-align:right;font-family:ui-monospace,monospace}</style>
<h1>micrograd: ${title}</h1>
<p><button id="b" aria-label="Back">◀</button> <button id="n" aria-label="Next">▶</button> <button id="r">▶▶ run</button> <output id="o"></output></p>
<input id="s" type="range" min="0" value="0" aria-label="Frame"><div id="p"></div><div id="t"></div>
<script>const f=${data};let k=0,t=null;const e=i=>document.getElementById(i);
function show(i){k=Math.max(0,Math.min(f.length-1,i));e('p').innerHTML=f[k].picture;e('t').innerHTML=f[k].says;
e('s').value=k;e('o').textContent=(k+1)+' / '+f.length}
function stop(){clearInterval(t);t=null;e('r').textContent='▶▶ run'}
e('s').max=f.length-1;e('s').oninput=()=>show(+e('s').value);e('b').onclick=()=>show(k-1);e('n').onclick=()=>show(k+1);
e('r').onclick=()=>{if(t)return stop();if(k===f.length-1)k=-1;e('r').textContent='❚❚ pause';t=setInterval(()=>{if(k>=f.length-1)stop();else show(k+1)},120)};
onkeydown=v=>{if(v.target===e('s'))return;if(v.key==='ArrowLeft')show(k-1);if(v.key==='ArrowRight')show(k+1)};show(0)</script></html>`;
}
