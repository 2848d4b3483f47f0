// The other end of `animator live websocket` (schema animator.Live/1): sound and feelings go there, frames come back.

const FULL = 1013;

/** Parts of the face that may feel something besides. */
export const REGIONS = ["brows", "eyes", "gaze", "nose", "cheeks", "mouth", "jaw", "head"];

/** Feelings in which nothing is felt, by the whole face and by every region. */
const RESTING = Object.fromEntries(["neutral", ...REGIONS.map((region) => `${region}:neutral`)].map((name) => [name, 1]));

/** One face at the server. */
export class Agent {
  /** Connect. `onready(message)`, `onframe(message)`, `onstats(message)` and `onend(sentence or null)` may be set before that answers. */
  constructor(address) {
    this.onready = this.onframe = this.onstats = this.onend = () => {};
    this._told = null;
    this._left = false;
    this._socket = new WebSocket(address);
    this._socket.onmessage = ({ data }) => this._hear(JSON.parse(data));
    this._socket.onclose = ({ code }) => {
      if (this._left) return;
      this._left = true;
      if (code === FULL) this.onend("All faces are taken by other visitors: try again when one of them has stopped.");
      else this.onend(this._told ? `The face has left: ${this._told}.` : "The connection to the face was lost: start it again.");
    };
  }

  /** Begin: samples a second of the sound, feelings by name, and milliseconds that the ear waits for; then comes `onready`. */
  start(rate, feelings, ahead) {
    this._socket.onopen = () => this._say({ type: "start", rate, mood: feelings, look_ahead: ahead });
  }

  /** 16-bit samples. */
  say(samples) {
    if (this._socket.readyState === WebSocket.OPEN) this._socket.send(samples);
  }

  /** From here on, and when nothing is said, feel this and nothing else; a region's is called `brows:angry`. */
  feel(feelings, ease = 0.4) {
    this._say({ type: "mood", feelings, ease });
    this._say({ type: "feel", feelings: { ...RESTING, ...feelings }, ease });
  }

  /** Do this once, now. */
  gesture(name) {
    this._say({ type: "gesture", gesture: name });
  }

  /** No more sound comes for now. */
  end() {
    this._say({ type: "end" });
  }

  /** Ask how it goes. */
  ask() {
    this._say({ type: "stats" });
  }

  /** Leave. */
  close() {
    this._left = true;
    this._socket.close();
  }

  _say(message) {
    if (this._socket.readyState === WebSocket.OPEN) this._socket.send(JSON.stringify(message));
  }

  _hear(message) {
    if (message.type === "ready") this.onready(message);
    else if (message.type === "frame") this.onframe(message);
    else if (message.type === "stats") this.onstats(message);
    else if (message.type === "error") this._told = message.message;
  }
}
