// The page: its controls, a sound, a face at the server, and the head that shows it.

import { Agent, REGIONS } from "./agent.js";
import { readHead } from "./glb.js";
import { Lateness } from "./lateness.js";
import { Painter, unpack } from "./painter.js";
import { Pose } from "./pose.js";
import { Sound } from "./sound.js";

const FEELINGS = ["calm", "happy", "sad", "angry", "fear", "disgusted", "surprised", "contempt"];
const GESTURES = [
  "nod", "shake", "tilt", "wink", "blink", "brow_flash", "frown", "look_left", "look_right", "look_up", "look_down", "smile_flash", "sigh",
];
const USUAL = 0.7; // of a feeling, when its button is pressed
const SLOW = 40; // milliseconds; where a picture takes longer, those that move are smaller and plainer
const LARGEST = 960, SMALL = 256; // pixels a side
const FALL = 0.92; // of the sound's level from chunk to chunk, at least, so that peaks can be seen
const RELAX = 1200; // milliseconds in which the face falls silent

const at = (id) => document.getElementById(id);
const canvas = at("head");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const seconds = () => performance.now() / 1000;

let stage = null; // painter and head, once there are any
let show = null; // what is going on, if anything is

class Show {
  constructor(sound, agent) {
    Object.assign(this, { sound, agent, pose: null, next: null, lateness: new Lateness(sound.rate), drawn: [], passed: 0 });
  }
}

async function prepare() {
  build();
  try {
    const answer = await fetch(new URLSearchParams(location.search).get("head") ?? "head.glb");
    if (!answer.ok) throw new Error("the head could not be made; the terminal says why");
    const head = readHead(await answer.arrayBuffer());
    const painter = new Painter(canvas, head, await unpack(head));
    stage = { head, painter, still: new Pose(head, []), slow: false };
    fit();
    stage.slow = painter.time(stage.still) > SLOW;
    new ResizeObserver(() => { if (fit()) painter.draw(show?.pose ?? stage.still); }).observe(canvas);
    at("run").disabled = false;
    tell("Ready.");
  } catch (error) {
    tell("");
    warn(`${error.message[0].toUpperCase()}${error.message.slice(1)}.`);
  }
}

/** Give the canvas as many pixels as it fills, or fewer while pictures have to be quick and are not; whether that changed it. */
function fit() {
  stage.painter.thrifty = stage.slow && show !== null;
  const filled = Math.min(canvas.clientWidth * devicePixelRatio, LARGEST);
  const wanted = Math.max(Math.round(stage.painter.thrifty ? SMALL : filled), 1);
  if (canvas.width === wanted && canvas.height === wanted) return false;
  canvas.width = canvas.height = wanted;
  return true;
}

function build() {
  const buttons = document.querySelector(".feelings"), mix = document.querySelector(".mix");
  for (const name of ["neutral", ...FEELINGS]) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: name, value: name });
    button.onclick = () => feel({ [name]: USUAL });
    buttons.append(button);
  }
  for (const name of FEELINGS) {
    const label = document.createElement("label"), slider = document.createElement("input");
    Object.assign(slider, { type: "range", min: 0, max: 1, step: 0.05, value: 0, name, oninput: felt });
    label.append(name, slider);
    mix.append(label);
  }
  for (const region of REGIONS) document.querySelector(".regions").append(row(region));
  for (const name of GESTURES) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: name.replace("_", " "), value: name });
    button.onclick = () => show?.agent.gesture(name);
    document.querySelector(".gestures").append(button);
  }
  at("turns").checked = !calm.matches;
  at("controls").onsubmit = (event) => {
    event.preventDefault();
    if (show) stop("Stopped.");
    else start();
  };
  for (const radio of document.querySelectorAll("[name=source]")) radio.onchange = choose;
  choose();
  felt();
  if (frameElement) new ResizeObserver(() => { frameElement.style.height = `${document.body.scrollHeight + 8}px`; }).observe(document.body);
  addEventListener("pagehide", () => show && stop(""));
  document.addEventListener("visibilitychange", () => document.hidden && show && stop("Stopped, since the page was left."));
  new IntersectionObserver(([seen]) => !seen.isIntersecting && !canvas.clientWidth && show && stop("Stopped, since the page was left."))
    .observe(canvas);
  canvas.addEventListener("webglcontextlost", (event) => {
    event.preventDefault();
    if (show) stop("");
    at("run").disabled = true;
    warn("The graphics card let the head go: load the page again.");
  });
}

/** What a region feels besides, and how strongly. */
function row(region) {
  const line = Object.assign(document.createElement("div"), { className: "region" });
  const name = Object.assign(document.createElement("span"), { textContent: region });
  const select = Object.assign(document.createElement("select"), { name: region, ariaLabel: `${region}: feeling` });
  const slider = Object.assign(document.createElement("input"), {
    type: "range", min: 0, max: 1, step: 0.05, value: USUAL, ariaLabel: `${region}: strength`, disabled: true,
  });
  select.append(new Option("as the face", ""), ...FEELINGS.map((feeling) => new Option(feeling)));
  select.onchange = slider.oninput = () => {
    slider.disabled = !select.value;
    felt();
  };
  line.append(name, select, slider);
  return line;
}

function choose() {
  for (const more of document.querySelectorAll(".more")) more.hidden = more.dataset.for !== source();
}

const source = () => document.querySelector("[name=source]:checked").value;
const sliders = () => [...document.querySelectorAll(".mix input")];
const mixed = () => sliders().filter(({ value }) => value > 0).map(({ name, value }) => [name, Number(value)]);
const apart = () => [...document.querySelectorAll(".region")].map((line) => line.children).filter(([, select]) => select.value)
  .map(([, select, slider]) => [`${select.name}:${select.value}`, Number(slider.value)]);
const feelings = () => Object.fromEntries([...mixed(), ...apart()]);

function feel(wanted) {
  for (const slider of sliders()) slider.value = wanted[slider.name] ?? 0;
  felt();
}

function felt() {
  const names = mixed().map(([name]) => name);
  for (const button of document.querySelectorAll(".feelings button"))
    button.setAttribute("aria-pressed", names.length ? names.includes(button.value) : button.value === "neutral");
  show?.agent?.feel(feelings());
}

async function start() {
  warn("");
  at("run").disabled = true;
  tell("The face is waking up; the first time takes some seconds.");
  let sound = null;
  try {
    sound = await Sound.open(await speech());
    const answer = await (await fetch("enter", { method: "POST" })).json();
    if (!answer.address) throw new Error(`The face cannot come: ${answer.message}.`);
    perform(sound, new Agent(answer.address));
  } catch (error) {
    await sound?.close();
    tell("");
    warn(error.name === "TypeError" ? "The demo does not answer any more: is it still running?" : error.message);
  }
  at("run").disabled = false;
}

/** The bytes of a sound file, or null for the microphone. */
async function speech() {
  if (source() === "microphone") return null;
  if (source() === "sample") return (await fetch(`samples/${at("sample").value}`)).arrayBuffer();
  const [file] = at("file").files;
  if (!file) throw new Error("Choose a sound file first.");
  return file.arrayBuffer();
}

function perform(sound, agent) {
  const mine = new Show(sound, agent);
  show = mine;
  if (fit()) stage.painter.draw(stage.still);
  at("run").textContent = "Stop";
  at("gestures").disabled = false;
  agent.onready = ({ controls, delay }) => {
    mine.names = controls.map(({ name }) => name);
    mine.pose = new Pose(stage.head, mine.names);
    at("meant").textContent = `${Math.round(1000 * delay)} ms`;
    sound.onchunk = (samples, end) => {
      mine.lateness.heard(samples.length, end, seconds());
      agent.say(samples);
      const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0) / 32768;
      at("level").value = Math.max(peak, FALL * at("level").value);
    };
    sound.onend = () => stop("It has been said.");
    sound.run(delay);
    agent.feel(feelings());
    tell(source() === "microphone" ? "Speak: the face says what you say." : "The face says what is played.");
    mine.asking = setInterval(() => report(mine), 1000);
    requestAnimationFrame(() => draw(mine));
  };
  agent.onframe = (frame) => {
    mine.passed += mine.next !== null;
    mine.next = frame;
  };
  agent.onstats = ({ late, dropped }) => { at("late").textContent = `${late}, ${dropped + mine.passed}`; };
  agent.onend = (sentence) => { stop(""); warn(sentence); };
  agent.start(sound.rate, feelings(), Number(at("ahead").value));
}

/** Show the newest frame, once. */
function draw(mine) {
  if (mine.over) return;
  requestAnimationFrame(() => draw(mine));
  const frame = mine.next;
  if (!frame) return;
  mine.next = null;
  mine.pose.set(at("turns").checked ? frame.w : frame.w.map((value, c) => (mine.names[c].startsWith("head") ? 0 : value)));
  stage.painter.draw(mine.pose);
  mine.drawn.push(seconds());
  if (frame.at !== null) mine.lateness.shown(frame.at, seconds());
  canvas.dispatchEvent(new CustomEvent("shown", { detail: frame }));
}

function report(mine) {
  mine.agent.ask();
  mine.drawn = mine.drawn.filter((when) => when > seconds() - 2);
  at("rate").textContent = Math.round(mine.drawn.length / 2);
  const told = mine.lateness.told;
  if (told) at("lateness").textContent = `${Math.round(1000 * told.median)} ms (at most ${Math.round(1000 * told.worst)})`;
}

/** Let the sound go at once, and the face when it has fallen silent. */
function stop(sentence) {
  const mine = show;
  show = null;
  at("run").textContent = "Start";
  at("gestures").disabled = true;
  at("level").value = 0;
  tell(sentence);
  mine.sound.close();
  mine.agent.onend = () => {};
  mine.agent.end();
  clearInterval(mine.asking);
  setTimeout(() => {
    mine.over = true;
    mine.agent.close();
    if (!show && fit()) stage.painter.draw(mine.pose ?? stage.still);
  }, RELAX);
}

function tell(sentence) {
  at("status").textContent = sentence;
}

function warn(sentence) {
  at("alert").textContent = sentence;
  at("alert").hidden = !sentence;
}

prepare();
