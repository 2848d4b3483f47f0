"""Two faces talk in the demo: a scene is opened, changed, drawn and taken away, on a phone; what cannot be is told."""

import re
import zipfile
from pathlib import Path

import pytest

import animator

AXE = Path(__file__).parents[1] / "readers" / "node_modules" / "axe-core" / "axe.min.js"


def choose(page, label, option):
    page.get_by_label(label, exact=True).click()
    page.get_by_role("option", name=option, exact=True).click()


def told(page, words):
    """Wait until the command that makes the same dialogue says so."""
    page.wait_for_function("words => document.querySelector('#talk-command textarea').value.includes(words)", arg=words)


@pytest.fixture
def page(visitor):
    """The shipped scene, opened with one click on a phone."""
    page = visitor(width=390).open("Direct")
    page.get_by_role("button", name="Dialogue: faces").click()
    page.get_by_role("button", name="Begin with the example").click()
    page.locator("#talk-turns table").wait_for()
    page.locator("#talk-faces img").nth(1).wait_for()
    return page


def test_a_scene_is_opened_changed_drawn_and_taken_away_on_a_phone(page, tmp_path):
    page.get_by_label("Begins at (s) of turn 2").fill("1.2")
    page.get_by_label("Begins at (s) of turn 2").press("Enter")
    page.locator("#talk-timeline [data-cue='1'][data-start='1.2000']").wait_for()
    page.get_by_label("Feeling of turn 2").fill("hapy")
    page.get_by_label("Feeling of turn 2").press("Enter")
    complaint = page.get_by_test_id("toast-text").first
    assert "did you mean 'happy'" in complaint.inner_text()
    page.get_by_test_id("toast-close").first.click()
    page.wait_for_function("document.querySelector('[aria-label=\"Feeling of turn 2\"]').value === 'sad:0.7'")
    page.get_by_label("Agreeableness of Bea").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("document.querySelector('[aria-label=\"Agreeableness of Bea\"]').getAttribute('value') === '0.65'")

    page.locator("#talk-draw").click()
    page.locator("#talk-clip .progress-level-inner").filter(has_text=re.compile("drawing [0-9]+ of")).wait_for()
    page.locator("#talk-stop").click()
    page.locator("#talk-clip .progress-level-inner").wait_for(state="detached")
    assert page.locator("#talk-clip video").count() == 0

    choose(page, "Pixels of a face", "64")
    choose(page, "Pictures a second", "5")
    told(page, "--size 64x64 --fps 5")
    page.locator("#talk-draw").click()
    page.wait_for_function("document.querySelector('#talk-clip video')?.readyState >= 2")
    size = page.locator("#talk-clip video").evaluate("video => [video.videoWidth, video.videoHeight]")
    assert size == [128, 64]

    page.locator("#talk-make").click()
    with page.expect_download() as download:
        page.locator("#talk-file a").first.click()
    download.value.save_as(tmp_path / "scene.zip")
    with zipfile.ZipFile(tmp_path / "scene.zip") as packed:
        packed.extractall(tmp_path)
    scene = animator.read_scene(tmp_path / "scene.toml")
    assert [(turn.who, turn.at, turn.emotion) for turn in scene.turns] == [("Ana", 0.8, "happy:0.8"), ("Bea", 1.2, "sad:0.7")]
    assert scene.faces[1].traits.agreeableness == 0.65
    assert animator.plan_scene(scene, animator.Recipe()).roles[1].recipe.head.settings["style"] == "bob"

    width, room = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert width <= room
    if not AXE.exists():
        pytest.skip("axe-core is not installed; 'sh run test' does that")
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run('#dialogue', { resultTypes: ['violations'] })")["violations"]
    assert [
        (each["id"], node["html"]) for each in found if each["impact"] in ("serious", "critical") for node in each["nodes"]
    ] == []
