// In the thread of sound: what is heard, as 16-bit samples, a few hundredths of a second at a time.

const CHUNK = 512;
// Samples that are handed on at once.

class Samples extends AudioWorkletProcessor {
  constructor() {
    super();
    this._chunk = new Int16Array(CHUNK);
    this._filled = 0;
  }

  process([[channel]]) {
    if (!channel) return true; // nothing is connected yet
    for (let i = 0; i < channel.length; i++) {
      this._chunk[this._filled++] = 32767 * Math.min(Math.max(channel[i], -1), 1);
      if (this._filled === CHUNK) {
        this.port.postMessage({ samples: this._chunk, end: currentFrame + i + 1 });
        this._filled = 0;
      }
    }
    return true;
  }
}

registerProcessor("samples", Samples);
