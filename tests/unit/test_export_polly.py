import json

from takes import phones_of, spoken

from animator.core.features import Word
from animator.core.phones import PHONES
from animator.exporters.polly import VISEMES, Polly


def marks(given, tmp_path):
    Polly().export(given, tmp_path / "clip.marks")
    return [json.loads(line) for line in (tmp_path / "clip.marks").read_text(encoding="utf-8").splitlines()]


def test_every_phone_has_a_viseme_of_pollys():
    assert set(VISEMES) == set(PHONES)
    assert set(VISEMES.values()) == {"sil", *"ptSTfkrsiuaeEoO@"}


def test_visemes_stand_at_their_milliseconds(tmp_path):
    found = [(mark["time"], mark["value"]) for mark in marks(spoken("SIL:90 P:20 AA:140 M:60 UW:70"), tmp_path)]
    assert found == [(0, "sil"), (90, "p"), (110, "a"), (250, "p"), (310, "u"), (380, "sil")]


def test_no_closure_is_lost(tmp_path):
    starts = {mark["time"] for mark in marks(spoken(), tmp_path) if mark["value"] == "p"}
    assert starts == {round(1000 * start) for start, _, phone in phones_of() if phone in "PBM"}


def test_words_stand_before_their_first_viseme_and_count_bytes(tmp_path):
    given = spoken("SIL:100 P:100 AA:100 SIL:100 M:100", (Word("pä", 0.1, 0.3), Word("m", 0.4, 0.5)))
    found = marks(given, tmp_path)
    assert [mark for mark in found if mark["type"] == "word"] == [
        {"time": 100, "type": "word", "start": 0, "end": 3, "value": "pä"},
        {"time": 400, "type": "word", "start": 4, "end": 5, "value": "m"},
    ]
    assert [mark["type"] for mark in found] == ["viseme", "word", "viseme", "viseme", "viseme", "word", "viseme", "viseme"]
    assert [mark["time"] for mark in found] == sorted(mark["time"] for mark in found)


def test_without_a_transcript_there_are_only_visemes(tmp_path):
    assert {mark["type"] for mark in marks(spoken(), tmp_path)} == {"viseme"}
