// Where sound comes from: the microphone, or speech that is played, which is then heard as late as its face is seen.

const MICROPHONE = { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: true };

const REFUSED = {
  NotAllowedError: "The microphone is not allowed here: let this page use it in the browser's address bar, or play a sample.",
  NotFoundError: "No microphone was found: connect one, or play a sample.",
  NotReadableError: "The microphone is in use by another program: close that one, or play a sample.",
};

/** Sound that runs, handed on in chunks. */
export class Sound {
  /**
   * The microphone, or the speech in `file` (the bytes of a sound file).
   *
   * @throws {Error} It cannot be had; the message is a sentence for people.
   */
  static async open(file = null) {
    const context = new AudioContext();
    try {
      await context.audioWorklet.addModule(new URL("samples.js", import.meta.url));
      return new Sound(context, file ? await played(context, file) : await microphone(context));
    } catch (error) {
      await context.close();
      throw error;
    }
  }

  constructor(context, { node, stream }) {
    this._context = context;
    this._node = node;
    this._stream = stream;
    /** Samples a second. */
    this.rate = context.sampleRate;
    /** Called with each chunk: 16-bit samples, and the count of samples at its end since some instant. */
    this.onchunk = () => {};
    /** Called when no more comes. */
    this.onend = () => {};
  }

  /** Begin; what is played is heard so many seconds later. */
  run(later) {
    const heard = new AudioWorkletNode(this._context, "samples", { channelCount: 1, channelCountMode: "explicit" });
    heard.port.onmessage = ({ data }) => this.onchunk(data.samples, data.end);
    this._node.connect(heard);
    heard.connect(this._context.destination); // nothing comes out of it, but it is only asked if it leads somewhere
    if (this._stream) {
      this._stream.getAudioTracks()[0].onended = () => this.onend();
      return;
    }
    const wait = new DelayNode(this._context, { delayTime: later, maxDelayTime: 5 });
    this._node.connect(wait).connect(this._context.destination);
    this._node.onended = () => this.onend();
    this._node.start();
  }

  /** Let go of the microphone, and be silent. */
  async close() {
    this.onchunk = this.onend = () => {};
    this._stream?.getTracks().forEach((track) => track.stop());
    if (this._context.state !== "closed") await this._context.close();
  }
}

async function microphone(context) {
  try {
    if (!navigator.mediaDevices) throw new Error("this page may use no microphone");
    const stream = await navigator.mediaDevices.getUserMedia({ audio: MICROPHONE });
    return { node: new MediaStreamAudioSourceNode(context, { mediaStream: stream }), stream };
  } catch (error) {
    throw new Error(REFUSED[error.name] ?? `The microphone cannot be used: ${error.message}.`);
  }
}

async function played(context, file) {
  try {
    return { node: new AudioBufferSourceNode(context, { buffer: await context.decodeAudioData(file) }), stream: null };
  } catch {
    throw new Error("This file holds no sound that the browser can read: choose a WAV, FLAC, MP3 or OGG file.");
  }
}
