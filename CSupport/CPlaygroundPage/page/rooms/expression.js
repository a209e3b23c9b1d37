// The room of expressions.
import { element, showError, showNumber } from '../elements.js';

const first = { formula: 'e = a*b; d = e + c; L = d*f', values: { a: 2, b: -3, c: 10, f: -2 } };

export function createRoom(services) {
  let kept = first;
  const formula = element('input', { type: 'text', class: 'wide', id: 'formula', 'aria-label': 'Formula', spellcheck: false });
  const problem = element('p', { role: 'alert', id: 'formula-error' });
  const value = element('output', { id: 'value' });
  formula.oninput = () => { kept = { ...kept, formula: formula.value }; services.changed(); open(); };

  async function open() {
    if (!services.isConnected()) return;
    try {
      const answer = await services.ask('open', kept);
      showError(problem, null);
      showNumber(value, answer.value);
    } catch (error) {
      if (error.field === 'formula') showError(problem, error, kept.formula);
      else throw error;
    }
  }

  return {
    name: 'expression', title: 'Expression',
    mount(left, middle, right) { left.append(formula, problem); right.append(value); },
    state: () => kept,
    restore(state) { kept = state ?? first; formula.value = kept.formula; },
    connected: open,
    back() {}, step() {}, reset() {}, run() {},
    position: () => ({ at: 0, of: 0, unit: 'step', canBack: false, canStep: false }),
    exports: {},
  };
}
