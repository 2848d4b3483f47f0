"""The Live tab in a browser: a microphone that plays a reading moves the head in the page, and what fails is told."""

import io
import json
from contextlib import ExitStack, suppress
from urllib.request import Request, urlopen

import numpy as np
import pytest
from PIL import Image
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from animator.io.rig import load_rig

JAW = load_rig("arkit").column("jawOpen")
SMILE = load_rig("arkit").column("mouthSmileLeft")

KEEP = """canvas => {
  window.shown = [];
  canvas.addEventListener("shown", ({ detail }) => window.shown.push(detail));
}"""


class Live:
    """The tab as a visitor has it before them, with all frames that the server sends and all that the page shows."""

    def __init__(self, page):
        self.page, self.sent = page, {}
        page.on("websocket", lambda socket: socket.on("framereceived", self._keep))
        page.get_by_role("tab", name="Live", exact=True).click()
        self.inside = page.frame_locator("iframe.live")
        self.inside.get_by_role("button", name="Start").and_(self.inside.locator(":enabled")).wait_for()
        self.frame = next(frame for frame in page.frames if frame.url.endswith("/live/"))
        self.frame.locator("canvas").evaluate(KEEP)

    def _keep(self, text):
        message = json.loads(text)
        if message["type"] == "frame":
            self.sent[message["seq"]] = message

    def picture(self):
        """The head as it is seen, linear in nothing: bytes of sRGB."""
        return np.asarray(Image.open(io.BytesIO(self.frame.locator("canvas").screenshot())).convert("RGB"), dtype=np.int16)

    def until(self, holds):
        """Wait until what is shown is such."""
        self.frame.wait_for_function(f"() => window.shown.some((frame) => {holds})")

    def shown(self):
        return self.frame.evaluate("window.shown")


@pytest.fixture(scope="module")
def live(demo, chromium):
    """One visit, in which the microphone is spoken into, happily; what was seen is looked at by several tests."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, permissions=["microphone"])
    context.set_default_timeout(180_000)
    errors, asked = [], []
    context.on("console", lambda said: errors.append(said.text) if said.type == "error" or "INVALID" in said.text else None)
    context.on("weberror", lambda told: errors.append(str(told.error)))
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.goto(demo.url)
    live = Live(page)
    live.still = live.picture()
    live.inside.get_by_role("button", name="Start").click()
    live.until(f"frame.at !== null && frame.w[{JAW}] > 0.1")
    live.one = live.picture()
    live.inside.get_by_role("button", name="happy").click()
    live.until(f"frame.w[{SMILE}] > 0.2")
    live.other = live.picture()
    live.inside.get_by_text("ms (at most").wait_for()
    live.numbers = {name: live.frame.locator(f"#{name}").inner_text() for name in ("lateness", "meant", "rate", "late")}
    live.frame.wait_for_function("document.getElementById('level').value > 0")
    yield live, errors, asked
    context.close()


def test_the_head_in_the_page_moves_with_the_microphone(live):
    (live, _, _) = live
    high, wide = live.still.shape[:2]
    face = np.s_[high // 4 : 3 * high // 4, wide // 4 : 3 * wide // 4]
    assert live.still[face].std() > 20, "there is a face to be seen, not a wall"
    assert (np.abs(live.other - live.one)[face].max(axis=2) > 30).mean() > 0.005, (
        "a mouth that moves and smiles changes many pixels"
    )


def test_the_page_shows_what_the_server_sends_and_nothing_twice(live):
    (live, _, _) = live
    shown = live.shown()
    numbers = [frame["seq"] for frame in shown]
    assert len(shown) > 5
    assert numbers == sorted(set(numbers))
    for frame in shown:
        assert frame["w"] == live.sent[frame["seq"]]["w"]


def test_how_late_the_picture_is_stands_there(live):
    (live, _, _) = live
    median = int(live.numbers["lateness"].split()[0])
    assert live.numbers["meant"] == "149 ms"
    assert 100 < median < 20_000
    assert float(live.numbers["rate"]) > 0


def test_nothing_is_asked_of_others_and_no_error_told(live):
    _, errors, asked = live
    assert [url for url in asked if not url.startswith(("http://127.0.0.1:", "data:", "blob:"))] == []
    assert errors == []


def test_who_goes_to_another_tab_is_not_listened_to_any_more(live):
    (live, _, _) = live
    live.page.get_by_role("tab", name="Perform", exact=True).click()
    live.page.get_by_role("tab", name="Live", exact=True).click()
    live.inside.get_by_text("Stopped, since the page was left.").wait_for()
    live.inside.get_by_role("button", name="Start").wait_for()


def test_who_comes_when_all_faces_are_taken_is_told_so(live, demo):
    (live, _, _) = live
    if (stop := live.inside.get_by_role("button", name="Stop")).is_visible():
        stop.click()
    with urlopen(Request(f"{demo.url}/live/enter", b"", {"Origin": demo.url})) as answer, ExitStack() as others:
        address = json.load(answer)["address"]
        held = 0
        while held < 4:
            other = others.enter_context(connect(address))
            with suppress(ConnectionClosed):  # while the face of the visit before is on its way out
                other.send('{"type": "start"}')
                held += json.loads(other.recv())["type"] == "ready"
        live.inside.get_by_role("button", name="Start").click()
        live.inside.get_by_role("alert").filter(has_text="All faces are taken by other visitors").wait_for()


def test_a_sample_is_said_to_its_end_what_is_no_sound_is_told_and_the_head_may_be_that_of_the_line(visitor, tmp_path):
    live = Live(visitor(width=390, height=800).open())
    live.inside.get_by_label("A file of yours").check()
    live.inside.get_by_role("button", name="Start").click()
    live.inside.get_by_text("Choose a sound file first.").wait_for()
    (tmp_path / "no_sound.wav").write_text("this is no sound")
    live.inside.get_by_label("Sound file").set_input_files(tmp_path / "no_sound.wav")
    live.inside.get_by_role("button", name="Start").click()
    live.inside.get_by_text("holds no sound that the browser can read").wait_for()
    live.inside.get_by_label("A sample").check()
    live.inside.get_by_role("button", name="Start").click()
    live.inside.get_by_text("It has been said.").wait_for()
    assert max(frame["w"][JAW] for frame in live.sent.values()) > 0.1
    width, room = live.frame.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert width <= room
    live.page.get_by_role("button", name="Show the head of Perform here").click()
    live.page.locator("iframe.live[src*='desk-']").wait_for()
    live.inside.get_by_text("Ready.").wait_for()


@pytest.mark.parametrize(
    ("flag", "sentence"),
    [
        ("--use-angle=swiftshader", "The microphone is not allowed here"),
        ("--disable-3d-apis", "this browser has no WebGL 2"),
    ],
)
def test_what_a_browser_refuses_is_told_in_a_sentence(flag, sentence, demo, chromium):
    flags = ["--no-sandbox", "--disable-quic", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]
    flags += ["--use-fake-device-for-media-stream", flag]
    browser = chromium.browser_type.launch(executable_path="/usr/bin/chromium", args=flags)
    try:
        page = browser.new_page()
        page.set_default_timeout(180_000)
        page.goto(f"{demo.url}/live/")
        page.get_by_text("Ready.").or_(page.get_by_role("alert").filter(has_text="head")).wait_for()
        start = page.get_by_role("button", name="Start")
        if start.is_enabled():
            start.click()
        page.get_by_role("alert").filter(has_text=sentence).wait_for()
        assert start.is_enabled() == (flag != "--disable-3d-apis")
    finally:
        browser.close()
