// One step, opened: forward, backward, update; each act with its rule in words and numbers.
import { element, numeral } from '../elements.js';
import { doubles } from './packed.js';

export const acts = ['', 'forward', 'backward', 'update'];
const packed = ['sums', 'outputs', 'slopes', 'outputGradients', 'sumGradients', 'sampleGradients', 'gradients', 'before', 'after'];

export function unpack(answer) {
  return { ...answer, ...Object.fromEntries(packed.map((name) => [name, doubles(answer[name])])) };
}

// The numbers at inputs and neurons in an act; those of the update stand at the lines.
export function numbersOf(walk, act) {
  if (act === 1) return { inputs: walk.inputs, units: walk.outputs };
  if (act === 2) return { inputs: [], units: walk.outputGradients };
  return { inputs: [], units: [] };
}

export function linesOf(walk, act) {
  return [null, walk.before, walk.gradients, walk.after.map((w, k) => w - walk.before[k])][act];
}

// The text of an act for a neuron: sizes of layers, names of activations, [layer, place] of the neuron.
export function describe(walk, act, sizes, activations, [layer, k], neuron) {
  const ins = sizes[layer - 1], isOutput = layer === sizes.length - 1;
  let start = 0;
  for (let l = 1; l < layer; l++) start += sizes[l] * (sizes[l - 1] + 1);
  const weight = (i) => start + k * ins + i, bias = start + sizes[layer] * ins + k;
  const before = neuron - k - ins;
  const input = (i) => (layer === 1 ? walk.inputs[i] : walk.outputs[before + i]);
  const source = (i) => (layer === 1 ? ['x', 'y'][i] : `neuron ${i + 1}`);
  const name = isOutput ? 'the output' : `neuron ${k + 1} of layer ${layer}`, activation = activations[layer - 1];
  const n = (x) => numeral(x);
  const rows = (heads, cells) => element('table', {},
    element('tr', {}, ...heads.map((head) => element('th', { scope: 'col' }, head))),
    ...[...Array(ins).keys(), 'bias'].map((i) => element('tr', {}, element('td', {}, i === 'bias' ? 'bias' : source(i)),
      ...cells(i).map((x) => element('td', {}, x === '' ? '' : n(x))))));
  const at = (i) => (i === 'bias' ? bias : weight(i));
  if (act === 1) {
    return [
      element('p', {}, `Point ${walk.sample + 1} runs forwards. In ${name}, inputs times weights and the bias make a sum, and ${activation} makes the output.`),
      rows(['', 'input', 'weight'], (i) => [i === 'bias' ? '' : input(i), walk.before[at(i)]]),
      element('p', {}, 'sum ', n(walk.sums[neuron])), element('p', {}, `${activation}(sum) = output `, n(walk.outputs[neuron])),
      ...(isOutput ? [element('p', { class: 'quiet' }, walk.lossRule), element('p', {}, 'target ', n(walk.target), ' loss ', n(walk.loss))] : []),
    ];
  }
  if (act === 2) {
    return [
      element('p', {}, `The loss of point ${walk.sample + 1} runs backwards. ${isOutput ? 'It begins at the output: ' : 'Each neuron behind sends its gradient times its weight; together: '}`),
      element('p', {}, 'd loss / d output = ', n(walk.outputGradients[neuron])),
      ...(isOutput ? [element('p', { class: 'quiet' }, walk.lossRule)] : []),
      element('p', {}, `slope of ${activation} at the sum `, n(walk.slopes[neuron])),
      element('p', {}, 'd loss / d sum = output’s gradient · slope = ', n(walk.sumGradients[neuron])),
      element('p', {}, 'A weight’s gradient is that of the sum times its input:'),
      rows(['', 'input', 'gradient'], (i) => [i === 'bias' ? '' : input(i), walk.sampleGradients[at(i)]]),
    ];
  }
  return [
    element('p', {}, `The gradients g of all ${walk.batch} points of the batch (their mean, and the penalty’s) move the weights of ${name}.`),
    element('p', { class: 'quiet' }, walk.updateRule), element('p', {}, 'rate ', n(walk.rate)),
    rows(['', 'w', 'g', 'new w'], (i) => [walk.before[at(i)], walk.gradients[at(i)], walk.after[at(i)]]),
  ];
}
