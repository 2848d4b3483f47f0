"""The Live tab in a browser: parts of the face feel apart and gestures are made while somebody speaks."""

import json

import pytest

from animator.io.rig import load_rig

RIG = load_rig("arkit")
BROW, SMILE = RIG.column("browDownLeft"), RIG.column("mouthSmileLeft")


@pytest.fixture
def live(demo, chromium):
    """The page, spoken into; the frames that come; and what the server complained of."""
    context = chromium.new_context(viewport={"width": 390, "height": 800}, permissions=["microphone"])
    context.set_default_timeout(180_000)
    page, frames, complaints = context.new_page(), [], []

    def hear(text):
        message = json.loads(text)
        if message["type"] == "frame":
            frames.append(message["w"])
        elif message["type"] == "error":
            complaints.append(message["message"])

    page.on("websocket", lambda socket: socket.on("framereceived", hear))
    page.goto(f"{demo.url}/live/")
    page.get_by_text("Ready.").wait_for()
    yield page, frames, complaints
    context.close()


def until(page, frames, holds):
    """Wait for a frame from now on that is such."""
    begun = len(frames)
    while not any(map(holds, frames[begun:])):
        page.wait_for_timeout(50)


def test_parts_of_the_face_feel_and_gestures_are_made(live):
    page, frames, complaints = live
    assert page.get_by_role("button", name="nod").is_disabled()
    page.get_by_text("Parts of the face feel something besides").click()
    assert page.get_by_role("slider", name="brows: strength").is_disabled()
    page.get_by_role("button", name="Start").click()
    page.get_by_role("button", name="nod").and_(page.locator(":enabled")).wait_for()
    page.get_by_label("brows: feeling").select_option("angry")
    until(page, frames, lambda w: w[BROW] > 0.5)
    page.get_by_role("button", name="smile flash").click()
    until(page, frames, lambda w: w[SMILE] > 0.45 and w[BROW] > 0.5)
    page.get_by_role("slider", name="brows: strength").fill("0.2")
    until(page, frames, lambda w: 0.02 < w[BROW] < 0.35)
    page.get_by_label("brows: feeling").select_option("as the face")
    until(page, frames, lambda w: w[BROW] < 0.15)
    assert complaints == []
    width, room = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert width <= room
