// The socket to the engine: questions with answers, and a new connection when the server was away.
const firstWait = 250, longestWait = 4000;

export class Connection {
  // onState('connecting' | 'open' | 'lost' | 'refused')
  constructor(token, onState) {
    this.token = token;
    this.onState = onState;
    this.pending = new Map();
    this.nextId = 1;
    this.wait = firstWait;
    this.connect();
  }

  connect() {
    this.onState('connecting');
    const socket = new WebSocket(`ws://${location.host}/socket?token=${encodeURIComponent(this.token)}`);
    let wasOpen = false;
    socket.onopen = () => {
      wasOpen = true;
      this.wait = firstWait;
      this.socket = socket;
      this.onState('open');
    };
    socket.onmessage = (event) => this.receive(event.data);
    socket.onclose = () => {
      this.socket = null;
      const pending = [...this.pending.values()];
      this.pending.clear();
      for (const question of pending) question.reject(new Lost());
      this.onState(wasOpen ? 'lost' : 'refused');
      setTimeout(() => this.connect(), this.wait);
      this.wait = Math.min(2 * this.wait, longestWait);
    };
  }

  get isOpen() { return this.socket !== null && this.socket !== undefined; }

  // Asks the engine. Resolves to its answer, or to the list of its answers where there are several;
  // rejects with an EngineError, or with Lost if the connection ends first.
  ask(room, action, content = {}) {
    if (!this.isOpen) return Promise.reject(new Lost());
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve, reject });
      this.socket.send(JSON.stringify({ ...content, id, room, action }));
    });
  }

  receive(text) {
    const answer = JSON.parse(text);
    const question = this.pending.get(answer.id);
    if (!question) return;
    this.pending.delete(answer.id);
    if (answer.kind === 'error') question.reject(new EngineError(answer));
    else question.resolve(answer);
  }
}

// What is wrong with something typed: message, field, place.
export class EngineError extends Error {
  constructor(answer) {
    super(answer.message);
    this.field = answer.field;
    this.place = answer.place;
  }
}

// The connection ended before the answer. The room asks again when it is back.
export class Lost extends Error {
  constructor() { super('the engine is not reached'); }
}
