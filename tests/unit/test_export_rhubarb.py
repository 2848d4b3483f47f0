import json
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest
from takes import SPEECH, phones_of, spoken

from animator.core.phones import PHONES
from animator.errors import InputError
from animator.exporters.cues import Cue
from animator.exporters.mouths import ALLOWED, mouths
from animator.exporters.rhubarb import Rhubarb

MOHO = {"A": "MBP", "B": "etc", "C": "E", "D": "AI", "E": "O", "F": "U", "G": "FV", "H": "L", "X": "rest"}


def written(given, suffix, tmp_path, **settings):
    path = tmp_path / f"clip{suffix}"
    Rhubarb(**settings).export(given, path)
    return path.read_text(encoding="utf-8")


def cues(given, tmp_path, **settings):
    read = json.loads(written(given, ".json", tmp_path, **settings))
    return [(cue["start"], cue["end"], cue["value"]) for cue in read["mouthCues"]]


def shapes(script):
    return [cue.mark for cue in mouths([Cue(*phone) for phone in phones_of(script)])]


@pytest.mark.parametrize(
    ("phone", "shape"),
    [
        *((phone, "A") for phone in "PBM"), *((phone, "G") for phone in "FV"),
        *((phone, "B") for phone in ("K", "S", "T", "IY", "IH", "CH", "N", "TH")),
        *((phone, "C") for phone in ("EH", "AE", "AH")), ("AA", "D"), ("AO", "E"), ("ER", "E"),
        ("UW", "F"), ("UH", "F"), ("W", "F"), ("SIL", "X"),
    ],
)  # fmt: skip
def test_each_sound_has_the_shape_that_is_documented_for_it(phone, shape):
    assert shapes(f"SIL:200 {phone}:100 SIL:200") == (
        ["X", shape, "X"] if shape not in "DX" else ["X"] if shape == "X" else ["X", "D", "X"]
    )


def test_every_phone_has_a_shape():
    assert set(ALLOWED) == set(PHONES)


def test_a_long_l_raises_the_tongue_and_a_short_one_does_not():
    assert shapes("SIL:100 L:200 SIL:100") == ["X", "H", "X"]
    assert "H" not in shapes("SIL:100 L:100 IY:100 SIL:100")


def test_a_diphthong_takes_two_shapes():
    assert shapes("SIL:100 OW:150 SIL:100") == ["X", "E", "F", "X"]
    assert shapes("SIL:100 EY:150 SIL:100") == ["X", "C", "B", "X"]
    assert shapes("SIL:100 AY:250 SIL:100")[:3] == ["X", "D", "C"], "a long one opens wide, and closes by way of C"


@pytest.mark.parametrize(("vowel", "shape"), [("UW", "F"), ("IY", "B")])
def test_consonants_that_leave_the_lips_free_stay_near_the_vowel_that_follows(vowel, shape):
    for consonant in ("T", "S", "SH", "N", "Y", "HH"):
        assert shapes(f"SIL:200 {consonant}:100 {vowel}:100 SIL:200") == ["X", shape, "X"], consonant


@pytest.mark.parametrize(
    ("script", "expected"),
    [("AA:200 M:80", "DCA"), ("AA:200 UW:200", "DEF"), ("EH:200 UW:200", "CEF"), ("M:80 AA:200", "AD"), ("AA:100 M:80", "DA")],
)
def test_mouths_pop_open_but_close_and_round_by_a_shape_between(script, expected):
    assert "".join(shapes(script)) == expected


def test_json_tiles_the_sound_and_names_it(tmp_path):
    given = spoken(sound='"täglich".wav')
    read = json.loads(written(given, ".json", tmp_path))
    assert read["metadata"] == {"soundFile": '"täglich".wav', "duration": pytest.approx(float(given.audio.seconds), abs=0.005)}
    found = cues(given, tmp_path)
    assert found[0][0] == 0
    assert found[-1][1] == read["metadata"]["duration"]
    assert all(a[1] == b[0] and a[2] != b[2] and a[0] < a[1] for a, b in pairwise(found))


def test_all_four_files_tell_the_same_cues(tmp_path):
    given = spoken()
    found = cues(given, tmp_path)
    rows = [line.split("\t") for line in written(given, ".tsv", tmp_path).splitlines()]
    assert [(float(time), shape) for time, shape in rows] == [*((a, shape) for a, _, shape in found), (found[-1][1], "X")]
    assert all(len(time.partition(".")[2]) == 2 for time, _ in rows)
    root = ElementTree.fromstring(written(given, ".xml", tmp_path).encode())
    assert root.tag == "rhubarbResult"
    assert root.findtext("metadata/soundFile") == "clip.wav"
    assert [(float(c.get("start")), float(c.get("end")), c.text) for c in root.findall("mouthCues/mouthCue")] == found
    header, *lines = written(given, ".dat", tmp_path, frame_rate=100).splitlines()
    assert header == "MohoSwitch1"
    moho = [(int(frame), name) for frame, name in map(str.split, lines)]
    assert moho == [*((round(a * 100) + 1, MOHO[shape]) for a, _, shape in found), (round(found[-1][1] * 100) + 1, "rest")]


@pytest.mark.parametrize("frame_rate", [12, 24, 25, 30000 / 1001, 60])
def test_no_closure_is_lost_between_two_frames_of_moho(frame_rate, tmp_path):
    given = spoken(repeat=3)
    lines = written(given, ".dat", tmp_path, frame_rate=float(frame_rate)).splitlines()[1:]
    changes = [(int(frame), name) for frame, name in map(str.split, lines)]
    assert all(a[0] < b[0] for a, b in pairwise(changes))
    shown = {frame: name for (first, name), (stop, _) in pairwise(changes) for frame in range(first, stop)}
    for shape, phones in (("MBP", "PBM"), ("FV", "FV")):
        for start, end, phone in phones_of(SPEECH, 3):
            if phone in phones:
                near = range(int(np.floor(start * frame_rate)), int(np.ceil(end * frame_rate)) + 2)
                assert shape in {shown.get(frame) for frame in near}, (phone, start)


def test_closures_keep_their_exact_times(tmp_path):
    found = cues(spoken(), tmp_path)
    for start, end, phone in phones_of():
        if phone in "PBM":
            assert any(a == start and b == end and shape == "A" for a, b, shape in found), (phone, start)


def test_shapes_that_are_not_drawn_are_replaced(tmp_path):
    basic = cues(spoken("SIL:200 F:100 AA:100 L:300 SIL:200"), tmp_path, shapes="")
    assert [shape for _, _, shape in basic] == ["A", "D", "C", "A"]
    assert written(spoken("SIL:200"), ".dat", tmp_path, shapes="").splitlines()[-1].endswith(" MBP")
    assert written(spoken("SIL:200"), ".dat", tmp_path, moho_names=False).splitlines()[1] == "1 X"


@pytest.mark.parametrize("settings", [{"shapes": "GHZ"}, {"frame_rate": 5.0}])
def test_wrong_settings_are_refused(settings):
    with pytest.raises(InputError, match=next(iter(settings)).replace("_", " ")):
        Rhubarb(**settings)


def test_ten_minutes(tmp_path):
    given = spoken("SIL:100 P:60 AA:140", repeat=2000)
    found = cues(given, tmp_path)
    assert sum(shape == "A" for _, _, shape in found) == 2000
    assert found[-1][1] == 600.0
