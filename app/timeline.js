// The timeline's hands: clicks, drags and keys become the events put, move, drop and word; the clip moves the playhead.
// `element`, `trigger` and `watch` come from gr.HTML. The HTML inside is replaced piece by piece, so all listening is done here.
const STEP = 0.05, LEAP = 0.5, REST = 300, NEAR = 4; // seconds of a key, of one with Shift; milliseconds; pixels that are no drag yet
const root = () => element.querySelector(".tl");
const seconds = () => Number(root().dataset.seconds);
const clip = () => document.querySelector(root()?.dataset.clip + " video");
const within = (at) => Math.min(Math.max(at, 0), seconds() - 0.01);
let at = 0, loading = false, drag = null, resting = 0;

function show(time) {
    if (!root()) return;
    at = within(time);
    element.style.setProperty("--at", at / seconds());
    const told = at.toFixed(2), ruler = element.querySelector("[role=slider]");
    ruler.setAttribute("aria-valuenow", told);
    ruler.setAttribute("aria-valuetext", `${told} seconds`);
    for (const place of element.querySelectorAll(".tl-at")) place.textContent = told;
}

function seek(time) {
    show(time);
    if (clip()) clip().currentTime = at;
}

function follow() {
    if (!clip() || loading) return;
    show(clip().currentTime);
    if (!clip().paused) requestAnimationFrame(follow);
}

function instant(event, plot) {
    const box = plot.getBoundingClientRect();
    return within(((event.clientX - box.left) / box.width) * seconds());
}

// A clip that is drawn again goes on where the one before it stood.
const media = {
    emptied: () => { loading = true; },
    loadedmetadata: () => { loading = false; clip().currentTime = at; },
    play: () => { follow(); told("Pause"); },
    pause: () => told("Play"),
    seeked: follow,
    timeupdate: follow,
};
const told = (word) => { element.querySelector("[data-do=play]").textContent = word; };
for (const [name, act] of Object.entries(media))
    document.addEventListener(name, (event) => { if (root() && event.target === clip()) act(); }, true); // these do not bubble

element.addEventListener("click", (event) => {
    const tool = event.target.closest("[data-do]")?.dataset.do, plot = event.target.closest(".tl-plot");
    if (tool === "play") clip()?.[clip().paused ? "play" : "pause"]();
    else if (tool === "all" || tool === "gesture") trigger("put", { start: at, region: tool });
    else if (plot && !event.target.closest(".tl-cue")) {
        const region = plot.closest("[data-region]")?.dataset.region;
        const word = event.target.closest("[data-word]")?.dataset.word;
        if (word) trigger("word", { text: word });
        if (region) trigger("put", { start: instant(event, plot), region });
        else seek(instant(event, plot));
    } else if (event.target.closest(".tl-cue")) seek(Number(event.target.closest(".tl-cue").dataset.start));
});

element.addEventListener("input", (event) => {
    if (event.target.dataset.do === "zoom") element.style.setProperty("--zoom", `${event.target.value}px`);
});

// A cue goes along with each key; where it comes to rest is told once.
function place(cue, start) {
    cue.dataset.at = within(start);
    cue.style.left = `${(100 * cue.dataset.at) / seconds()}%`;
}

function tell(cue) {
    trigger("move", { number: Number(cue.dataset.cue), by: cue.dataset.at - cue.dataset.start });
}

function nudge(cue, by) {
    place(cue, Number(cue.dataset.at) + by);
    clearTimeout(resting);
    resting = setTimeout(() => tell(cue), REST);
}

element.addEventListener("keydown", (event) => {
    const cue = event.target.closest(".tl-cue"), ruler = event.target.closest("[role=slider]");
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!(cue || ruler)) return;
    if (way && cue) nudge(cue, way * (event.shiftKey ? LEAP : STEP));
    else if (way) seek(at + way * (event.shiftKey ? LEAP : STEP));
    else if (cue && (event.key === "Delete" || event.key === "Backspace")) trigger("drop", { number: Number(cue.dataset.cue) });
    else if (ruler && event.key === "Home") seek(0);
    else if (ruler && event.key === "End") seek(seconds());
    else return;
    event.preventDefault();
});

element.addEventListener("pointerdown", (event) => {
    const cue = event.target.closest(".tl-cue");
    if (cue && event.button === 0) drag = { cue, from: event.clientX, width: cue.parentElement.clientWidth, start: Number(cue.dataset.start) };
});
document.addEventListener("pointermove", (event) => {
    if (!drag || (!drag.going && Math.abs(event.clientX - drag.from) < NEAR)) return;
    drag.going = true;
    place(drag.cue, drag.start + ((event.clientX - drag.from) / drag.width) * seconds());
    drag.cue.classList.add("tl-dragged");
});
document.addEventListener("pointercancel", () => { drag = null; });
document.addEventListener("pointerup", () => {
    if (drag?.going) {
        drag.cue.classList.remove("tl-dragged");
        drag.cue.addEventListener("click", (event) => event.stopPropagation(), { once: true, capture: true });
        tell(drag.cue);
    }
    drag = null;
});

watch("value", () => show(at));
show(0);
