// The room of networks.
export function createRoom(services) {
  return {
    name: 'network', title: 'Network',
    mount() {}, state: () => ({}), restore() {}, connected() {}, back() {}, step() {}, reset() {}, run() {},
    position: () => ({ at: 0, of: 0, unit: 'step', canBack: false, canStep: false }),
    exports: {},
  };
}
