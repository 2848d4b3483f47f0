"""The demo opens in a browser, on a phone too; by keyboard and by ear it is whole; strangers get nothing from it."""

import urllib.error
import urllib.request
from pathlib import Path

import pytest

TABS = ["Perform", "Direct", "Compare", "Live"]
AXE = Path(__file__).parents[1] / "readers" / "node_modules" / "axe-core" / "axe.min.js"

# Whoever of the controls that are seen and in use was not reached by the Tab key. Of a group of radio buttons one is enough:
# arrow keys do the rest. What is left out of the order on purpose says so.
UNREACHED = """() =>
  [...document.querySelectorAll("button, input, select, textarea, summary, a[href], video[controls], iframe, [role=slider]")]
  .filter((each) => each.checkVisibility({ opacityProperty: false, visibilityProperty: true }) && !each.disabled)
  .filter((each) => each.tabIndex >= 0 && !each.dataset.reached)
  .filter((each) => !(each.type === "radio" && document.querySelector(`[name="${each.name}"][data-reached]`)))
  .map((each) => each.outerHTML.slice(0, 200))"""
REACH = """() => {
  const now = document.activeElement;
  if (now.dataset.reached) return false;
  if (now !== document.body) now.dataset.reached = "yes"; // an open list that closes leaves the page itself for a step
  return true;
}"""


def at(visitor, tab, width=1280):
    """A tab whose first picture has come, and with it all that the page asks for by itself."""
    page = visitor(width=width).open(tab)
    if tab == "Perform":
        page.locator("#still img").wait_for()
    if tab == "Direct":
        page.locator("#direct-timeline [role=slider]").wait_for()
        page.wait_for_function("document.querySelector('#direct-clip video')?.readyState >= 2")
    if tab == "Live":
        page.frame_locator("iframe.live").get_by_text("Ready.").wait_for()
    return page


@pytest.mark.parametrize("tab", TABS)
def test_each_tab_can_be_read_by_anybody_and_fits_a_phone(visitor, tab):
    page = at(visitor, tab, width=390)
    assert page.title() == "animator"
    assert page.get_by_role("tablist").first.get_by_role("tab").all_inner_texts() == TABS
    width, room = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert width <= room
    if not AXE.exists():
        pytest.skip("axe-core is not installed; 'sh run test' does that")
    for frame in page.frames:
        frame.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
    wrong = [(each["id"], node["html"]) for each in found if each["impact"] in ("serious", "critical") for node in each["nodes"]]
    assert wrong == []


@pytest.mark.parametrize("tab", TABS[:3])
def test_the_tab_key_reaches_every_control(visitor, tab):
    page = at(visitor, tab)
    page.evaluate("document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')")
    steps = 0
    page.keyboard.press("Tab")
    while page.evaluate(REACH):
        page.keyboard.press("Tab")
        steps += 1
    assert steps > 15
    assert page.evaluate(UNREACHED) == []


def asked(demo, path, data=None, kind=None):
    """The status with which the demo answers."""
    request = urllib.request.Request(demo.url + path, data=data, headers={"Content-Type": kind} if kind else {})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def posted(name, size):
    """An upload as browsers send it."""
    head = f'--end\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\nContent-Type: audio/wav\r\n\r\n'
    return head.encode() + b"\0" * size + b"\r\n--end--\r\n"


def test_uploads_are_bounded_and_stay_in_their_folder_and_no_other_file_is_handed_out(demo):
    kind = "multipart/form-data; boundary=end"
    before = {path for path in demo.temporary.parent.rglob("*") if path.is_file()}
    assert asked(demo, "/gradio_api/upload", posted("../../../astray.wav", 10), kind)[0] == 200
    new = {path for path in demo.temporary.parent.rglob("*") if path.is_file()} - before
    assert [path.name for path in new] == ["astray.wav"]
    assert all(path.is_relative_to(demo.temporary) for path in new)
    assert asked(demo, "/gradio_api/upload", posted("large.wav", 25 * 2**20), kind)[0] == 413
    for path in (Path(__file__), Path("/etc/hostname"), demo.log):
        assert asked(demo, f"/gradio_api/file={path}")[0] == 403
    assert asked(demo, "/live/../../pyproject.toml")[0] in (403, 404)
