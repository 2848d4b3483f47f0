"""The demo in a browser does what it is for: a voice, a face and a feeling become a clip that plays; what cannot be is told."""

import os
import re
import time
from fractions import Fraction
from pathlib import Path

import pytest
import soundfile
from PIL import Image

from animator import compositor, registry
from animator.core.motion import Motion
from animator.core.stage import Stage
from animator.io.rig import load_rig

SECONDS = 1.2


@pytest.fixture(scope="module")
def reading(assets, tmp_path_factory):
    """The beginning of the shipped reading by Dashwood, as a WAV of somebody's own."""
    samples, rate = soundfile.read(assets / "librivox_dashwood.wav", stop=round(SECONDS * 16000))
    path = tmp_path_factory.mktemp("speech") / "reading.wav"
    soundfile.write(path, samples, rate)
    return path


@pytest.fixture(scope="module")
def face(tmp_path_factory):
    """A face that nobody has, as a photo."""
    pytest.importorskip("mediapipe")
    rig, side = load_rig("arkit"), 256
    frames = registry.find("renderers", "soft")().render(
        Motion(rig.names, rig.rest[None], Fraction(1)), registry.find("heads", "makehuman")().make(), Stage(side, side)
    )
    path = tmp_path_factory.mktemp("photo") / "nobody.png"
    Image.fromarray(next(iter(compositor.composite(frames, compositor.backdrop("#808890", side, side))))[..., :3]).save(path)
    return path


def say(page, speech):
    """Drop a sound where one's own voice goes; the command that makes the clip then names it."""
    page.get_by_role("tab", name="My voice").click()
    page.locator("#voice input[type=file]").set_input_files(speech)
    told(page, speech.name)


def told(page, words):
    """Wait until the command that makes the same clip says so."""
    page.wait_for_function("words => document.querySelector('#command textarea').value.includes(words)", arg=words)


def clip(page, where="#clip"):
    """The clip once it can be played: its length in seconds, and its height and width."""
    page.wait_for_function("where => document.querySelector(`${where} video`)?.readyState >= 2", arg=where)
    return page.locator(f"{where} video").evaluate("video => [video.duration, video.videoHeight, video.videoWidth]")


def complaint(page):
    """The sentence that is shown."""
    text = page.get_by_test_id("toast-text").first
    text.wait_for()
    return text.inner_text()


def test_a_voice_and_a_feeling_become_a_clip_that_plays_and_a_file_that_others_read(visitor, reading, read_with, tmp_path):
    page = visitor().open()
    say(page, reading)
    page.get_by_role("radio", name="happy").check()
    told(page, "--emotion happy:0.8")
    page.locator("#make").focus()
    page.keyboard.press("Enter")
    seconds, height, width = clip(page)
    assert abs(seconds - SECONDS) <= 1 / 30 + 1e-3
    assert (height, width) == (512, 512)
    page.locator("#clip video").evaluate("video => { video.currentTime = 0; return video.play(); }")
    page.wait_for_function("document.querySelector('#clip video').currentTime > 0.5")

    page.get_by_label("What to take").click()
    page.get_by_role("option", name=re.compile("^glb:")).click()
    page.get_by_role("button", name="Make the file").click()
    with page.expect_download() as download:
        page.locator("#file a").first.click()
    download.value.save_as(tmp_path / "taken.glb")
    assert download.value.suggested_filename == "reading.glb"
    report = read_with("gltf_validator", tmp_path / "taken.glb")
    assert (report["issues"]["numErrors"], report["issues"]["numWarnings"], report["info"]["animationCount"]) == (0, 0, 1)


def test_the_person_in_a_photo_speaks_once_somebody_says_that_they_agreed(visitor, reading, face):
    page = visitor().open()
    say(page, reading)
    page.get_by_role("tab", name="Photo").click()
    page.locator("#photo input[type=file]").set_input_files(face)
    page.locator("#fit img").wait_for()
    told(page, "--photo nobody.png")
    page.get_by_role("button", name="Preview").click()
    assert "yes" in complaint(page)
    assert page.locator("#clip video").count() == 0
    page.get_by_test_id("toast-close").first.click()
    page.get_by_label("Whoever is in this photo has said yes").check()
    page.get_by_role("button", name="Preview").click()
    seconds, height, width = clip(page)
    assert abs(seconds - SECONDS) <= 1 / 12
    assert (height, width) == (256, 256)


def test_what_is_no_sound_is_told_in_a_sentence_and_the_page_goes_on(demo, visitor, reading, tmp_path):
    somebody = visitor()
    page = somebody.open()
    page.get_by_role("tab", name="My voice").click()
    (tmp_path / "song.wav").write_text("la la la")
    page.locator("#voice input[type=file]").set_input_files(tmp_path / "song.wav")
    sentence = complaint(page)
    assert "song.wav" in sentence
    assert not re.search(r"Traceback|File \"|/tmp|Error:", sentence)
    assert "Traceback" not in demo.log.read_text()
    page.get_by_test_id("toast-close").first.click()
    say(page, reading)
    somebody.errors.clear()  # the browser could not play it either


def busy(process):
    """The share of a processor that a process takes during a second."""

    def spent():
        user, system = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    before = spent()
    time.sleep(1)
    return spent() - before


def test_cancel_ends_the_work_and_leaves_a_page_that_works(demo, visitor):
    page = visitor().open()
    told(page, "sample_story")
    page.get_by_role("button", name="Make the clip").click()
    page.locator("#clip .progress-level-inner").filter(has_text=re.compile(r"drawing \d+ of 289")).wait_for()
    page.locator("#cancel").click()
    page.locator("#clip .progress-level-inner").wait_for(state="detached")
    while busy(demo.process) > 0.1:
        pass
    assert page.locator("#clip video").count() == 0
    assert not list(demo.temporary.rglob("sample_story.mp4"))
    page.get_by_role("radio", name="A complaint").check()
    told(page, "sample_angry")


def test_two_visitors_at_once_get_what_each_asked_for(visitor, reading):
    one, other = visitor().open(), visitor().open()
    say(one, reading)
    other.get_by_role("radio", name="A reader, one sentence").check()
    told(other, "librivox_young_man")
    for page, feeling in ((one, "sad"), (other, "angry")):
        page.get_by_role("radio", name=feeling).check()
    for page in (one, other):
        page.get_by_role("button", name="Preview").click()
    for page, seconds, here, elsewhere in ((one, SECONDS, "sad", "angry"), (other, 2.99, "angry", "sad")):
        assert abs(clip(page)[0] - seconds) <= 1 / 12
        told(page, here)
        assert elsewhere not in page.locator("#command textarea").input_value()


def curves(page):
    """The curves of the mouth's controls, as they are drawn."""
    drawn = page.locator("#direct-timeline [aria-label^='Curves of the mouth'] :is(path, polyline)")
    return drawn.evaluate_all("all => all.map((each) => each.getAttribute('d') ?? each.getAttribute('points'))")


def test_a_cue_that_is_set_changed_and_undone_moves_the_curves_and_the_clip(visitor, reading):
    page = visitor().open()
    say(page, reading)
    page.get_by_role("tab", name="Direct").click()
    clip(page, "#direct-clip")
    plain, drawn = curves(page), page.locator("#direct-clip video").get_attribute("src")
    assert plain

    page.get_by_role("button", name="Add a feeling").click()
    page.locator("#direct-timeline .tl-cue.feels-happy").wait_for()
    happy = curves(page)
    assert happy != plain
    page.wait_for_function("before => document.querySelector('#direct-clip video').getAttribute('src') !== before", arg=drawn)

    page.get_by_label("Feeling of cue 1").fill("sad")
    page.get_by_label("Feeling of cue 1").press("Enter")
    page.locator("#direct-timeline .tl-cue.feels-sad").wait_for()
    assert curves(page) not in (plain, happy)
    page.get_by_role("button", name="Undo").click()
    page.locator("#direct-timeline .tl-cue.feels-happy").wait_for()
    assert curves(page) == happy
