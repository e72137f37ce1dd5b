// The connection of a page to its room on the server. It comes back by itself, and what was not yet
// confirmed is sent again: the server does every numbered message once, and says when one is late.

const RETRY_MS = [300, 800, 1500, 3000];
const KEYS = "foedus-room-"; // keys are kept for this tab alone, and never in an address

export function remembered(code) {
  try { return sessionStorage.getItem(KEYS + code) ?? ""; } catch { return ""; }
}

export function remember(code, key) {
  try { sessionStorage.setItem(KEYS + code, key); } catch { /* a browser that keeps nothing */ }
}

export class Link {
  #outbox = new Map();
  #tries = 0;
  #sent = 0;
  #name = Array.from(crypto.getRandomValues(new Uint32Array(2)), (n) => n.toString(36)).join("");

  /** `first` is what the page asks for when it connects; `told` gets messages, `state` the state. */
  constructor(first, { told, state }) {
    Object.assign(this, { first, told, state });
    this.#connect();
  }

  close() {
    this.closed = true;
    this.socket.close();
  }

  /** Send now or when the connection is back. */
  send(asked) {
    const number = `${this.#name}.${++this.#sent}`;
    this.#outbox.set(number, { ...asked, number });
    if (this.isOpen) this.socket.send(JSON.stringify({ ...asked, number }));
  }

  get isOpen() {
    return this.inside && this.socket.readyState === WebSocket.OPEN;
  }

  #connect() {
    this.socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/room`);
    this.socket.onopen = () => this.socket.send(JSON.stringify(this.#entering()));
    this.socket.onmessage = (event) => this.#received(JSON.parse(event.data));
    this.socket.onclose = () => this.#lost();
  }

  #entering() {
    return this.code ? { do: "enter", code: this.code, key: remembered(this.code) } : this.first;
  }

  #received(told) {
    if (told.you) {
      this.code = told.you.code;
      remember(this.code, told.you.key);
      this.inside = true;
      this.#tries = 0;
      for (const asked of this.#outbox.values()) this.socket.send(JSON.stringify(asked));
      this.state("there");
    }
    this.#outbox.delete(told.done ?? told.number);
    if (told.problem && !told.inside) this.close(); // another try would bring the same answer
    this.told(told);
  }

  #lost() {
    this.inside = false;
    if (this.closed) return;
    this.state("lost");
    setTimeout(() => this.closed || this.#connect(), RETRY_MS[Math.min(this.#tries++, RETRY_MS.length - 1)]);
  }
}
