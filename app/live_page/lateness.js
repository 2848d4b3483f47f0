// How late the picture is: from the instant at which the browser has a sound to the one at which its picture has been drawn.

const DRIFT = 1e-3;
// Seconds a second by which the clocks of sound and page may part.

const KEPT = 100;
// Frames over which it is told: two seconds of speech.

/** Knows when each sample was heard. All instants are seconds of one clock. */
export class Lateness {
  /** @param {number} rate Samples a second. */
  constructor(rate) {
    this._rate = rate;
    this._first = null;
    this._offset = Infinity;
    this._last = 0;
    this._kept = [];
  }

  /**
   * A chunk of sound came `now`, which ends with sample `end` of the sound's own clock.
   *
   * Chunks come when the page has time for them. The one that came soonest tells how the two clocks lie; others came late.
   */
  heard(count, end, now) {
    this._first ??= end - count;
    this._offset = Math.min(this._offset + DRIFT * (now - this._last), now - end / this._rate);
    this._last = now;
  }

  /** A picture that shows the sound `at` seconds after its beginning was drawn `now`. */
  shown(at, now) {
    if (this._first === null) return;
    this._kept.push(now - (this._offset + this._first / this._rate + at));
    if (this._kept.length > KEPT) this._kept.shift();
  }

  /** The median of the last pictures, and the latest of them; null before there are any. */
  get told() {
    if (!this._kept.length) return null;
    const sorted = [...this._kept].sort((a, b) => a - b);
    return { median: sorted[sorted.length >> 1], worst: sorted.at(-1) };
  }
}
