// The room of fits.
export function createRoom(services) {
  return {
    name: 'fit', title: 'Fit',
    mount() {}, state: () => ({}), restore() {}, connected() {}, back() {}, step() {}, reset() {}, run() {},
    position: () => ({ at: 0, of: 0, unit: 'step', canBack: false, canStep: false }),
    exports: {},
  };
}
