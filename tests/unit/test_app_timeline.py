"""The timeline and the table of cues: the same data, on one axis, with nothing that a visitor writes taken for HTML."""

from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser

import numpy as np
import pytest

import animator
from animator.app.cues import Spot
from animator.app.plot import POINTS, area, line
from animator.app.rows import FIELDS, read, rows
from animator.app.timeline import curves, feelings, felt, gestures, phones, timeline, waveform, words
from animator.core.features import Word

SECONDS = 9.6


class Elements(HTMLParser):
    """Every element with its attributes and its own text."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.found.append({"tag": tag, "text": "", **dict(attributes)})

    def handle_data(self, data):
        if self.found:
            self.found[-1]["text"] += data

    def of(self, **wanted):
        return [each for each in self.found if all(each.get(key) == value for key, value in wanted.items())]


def share(style, name):
    return float(style.partition(f"{name}:")[2].partition("%")[0]) / 100


def cues(*told):
    return [animator.Cue(float(start), feeling) for start, feeling in told]


def spots(*told):
    return [Spot(k, cue.start, cue) for k, cue in enumerate(cues(*told))]


@pytest.fixture
def features():
    values = np.repeat(np.float32([[1, 0], [0, 1]]), [80, 20], axis=0)
    return animator.Features(("phone/SIL", "phone/AA"), values, Fraction(100), (Word("so <b>", 0.2, 0.4), Word("glad", 0.4, 0.8)))


def test_a_cue_lies_where_it_holds_and_tells_all_of_itself():
    (track,) = feelings(spots((0, "sad:0.4"), (2.4, "happy")), SECONDS)
    first, second = (each for each in Elements(track).found if each["tag"] == "button")
    assert (share(first["style"], "left"), share(first["style"], "width")) == (0.0, 0.25)
    assert (share(second["style"], "left"), share(second["style"], "width")) == (0.25, 0.75)
    assert first["aria-label"].startswith("Cue 1: sad 0.4, from 0.00 s")
    assert (second["data-cue"], second["data-start"], second["class"]) == ("1", "2.4000", "tl-cue feels-happy")


def test_a_region_that_is_named_has_a_track_in_which_its_cues_last_until_its_next():
    whole, brows = feelings(spots((0, "happy:0.5,brows:sad:0.8"), (2.4, "calm"), (4.8, "brows:fear")), SECONDS)
    assert [each["data-cue"] for each in Elements(whole).of(tag="button")] == ["0", "1"]
    found = Elements(brows).of(tag="button")
    assert [each["data-cue"] for each in found] == ["0", "2"]
    assert share(found[0]["style"], "width") == 0.5
    assert "sad 0.8 of the brows" in found[0]["aria-label"]


def test_a_gesture_lasts_as_long_as_its_move_and_its_hold():
    nod = animator.Cue(2.4, gesture="nod", hold=0.96)
    track = gestures([Spot(3, 2.4, nod)], SECONDS, {"nod": ((0.3, {}), (0.96, {}))})
    (shown,) = Elements(track).of(tag="button")
    assert (share(shown["style"], "left"), share(shown["style"], "width")) == (0.25, 0.2)
    assert shown["aria-label"] == "Cue 4: nod 1, from 2.40 s"


def test_words_and_phones_share_the_axis_and_text_stays_text(features):
    shown = Elements(words(features, 1.0))
    first, second = (each for each in shown.found if "style" in each)
    assert (share(first["style"], "left"), share(second["style"], "width")) == (0.2, 0.4)
    assert (first["text"], second["text"]) == ("so <b>", "glad")
    assert not shown.of(tag="b")
    assert "transcript" in words(replace(features, words=()), 1.0)
    (phone,) = (each for each in Elements(phones(features, 1.0)).found if "style" in each)
    assert (phone["text"], share(phone["style"], "left")) == ("AA", 0.8), "silence is no phone"


def test_a_curve_goes_from_bottom_to_top_over_the_whole_width():
    path = Elements(line(np.array([0.0, 0.5, 2.0, 1.0]), 0.0, 1.0, "a & b")).of(tag="path")[0]["d"]
    assert path == "M0.0,100.0 250.0,50.0 500.0,0.0 750.0,0.0"
    assert line(np.zeros(100 * POINTS), 0.0, 1.0, "long").count(",") <= POINTS
    assert "M0.0,0.0 L0.0,100.0Z" in area(np.zeros(1), np.ones(1), 0.0, 1.0)


def test_any_sound_has_a_waveform():
    for samples in (np.zeros(0), np.zeros(5), np.ones(3), np.sin(np.arange(100000.0))):
        assert 'd="M' in waveform(animator.Audio(samples.astype(np.float32), 16000))


def test_what_is_felt_and_moves_has_a_curve_and_what_rests_has_none():
    rig = animator.load_rig("arkit")
    values = np.tile(rig.rest, (50, 1)).astype(np.float32)
    for name in ("jawOpen", "browDownLeft", "browDownRight"):
        values[25:, rig.names.index(name)] = 0.6
    motion = animator.Motion(rig.names, values, Fraction(50))
    assert "jawOpen" in curves("jaw", motion, rig)
    assert "jawForward" not in curves("jaw", motion, rig)
    brows = Elements(curves("brows", motion, rig))
    assert [each["text"] for each in brows.of(tag="li")] == ["browDownLeft"], "one of a mirrored pair"
    assert "nothing moves" in curves("mouth", motion, rig)
    emotion = animator.Emotion(("happy", "sad"), np.tile(np.float32([0.7, 0.0]), (10, 1)), Fraction(50))
    assert [each["text"] for each in Elements(felt(emotion)).of(tag="li")] == ["happy"]


def test_the_timeline_can_be_read_and_moved_by_keyboard():
    shown = Elements(timeline(SECONDS, feelings(spots((0, "sad")), SECONDS), "#clip", 7))
    (ruler,) = shown.of(role="slider")
    assert (ruler["tabindex"], ruler["aria-valuemax"]) == ("0", "9.60")
    (cue,) = (each for each in shown.of(tag="button") if "data-cue" in each)
    assert shown.of(id=cue["aria-describedby"])
    assert shown.of(tag="div", role="region")[0]["tabindex"] == "0"


def test_the_table_has_a_labelled_field_for_each_value_of_each_cue():
    shown = Elements(rows(cues((0, "sad:0.4"), (2.4, "happy")), {"feelings": ["happy", "sad"]}, 1))
    inputs = shown.of(tag="input")
    assert [each["value"] for each in inputs] == ["0", "", "sad:0.4", "", "1", "0.5", "", "2.4", "", "happy", "", "1", "0.5", ""]
    assert [each["aria-label"] for each in inputs[: len(FIELDS)]] == [f"{field.title} of cue 1" for field in FIELDS]
    assert len({each["aria-label"] for each in inputs}) == len(inputs)
    assert [each["value"] for each in shown.of(tag="option")] == ["happy", "sad"]
    assert "No cue yet" in rows([], {}, 1)


def test_what_is_written_into_a_number_is_one():
    assert (read("start", "1.5"), read("feeling", "1.5"), read("hold", " ")) == (1.5, "1.5", None)
    with pytest.raises(animator.InputError, match=r"Ease \(s\) of a cue is a number, not 'soon'"):
        read("ease", "soon")
