import json
from itertools import pairwise

from takes import SPEECH, phones_of, spoken

from animator.core.phones import PHONES
from animator.exporters.azure import VISEMES, Azure


def events(given, tmp_path):
    Azure().export(given, tmp_path / "clip.json")
    return [(event["audio_offset"], event["viseme_id"]) for event in json.loads((tmp_path / "clip.json").read_text())]


def test_every_phone_has_an_id():
    assert set(VISEMES) == set(PHONES)
    assert {int(viseme) for viseme in VISEMES.values()} == set(range(22))


def test_an_event_for_each_change_at_its_exact_tick(tmp_path):
    expected = [(round(start * 1000) * 10_000, int(VISEMES[phone])) for start, _, phone in phones_of()]
    expected = [expected[0], *(after for before, after in pairwise(expected) if before[1] != after[1])]
    found = events(spoken(), tmp_path)
    assert found[:-1] == expected
    assert found[-1] == (round(phones_of()[-1][1] * 1000) * 10_000, 0), "silence at the end of the sound"
    assert all(isinstance(tick, int) for tick, _ in found)


def test_a_sound_that_ends_in_silence_gets_no_second_one(tmp_path):
    assert events(spoken("SIL:100 P:50 SIL:100"), tmp_path) == [(0, 0), (1_000_000, 21), (1_500_000, 0)]


def test_no_closure_is_lost(tmp_path):
    closures = sum(phone in "PBM" for _, _, phone in phones_of())
    assert sum(viseme == 21 for _, viseme in events(spoken(), tmp_path)) == closures
    assert sum(viseme == 21 for _, viseme in events(spoken(SPEECH, repeat=100), tmp_path)) == 100 * closures
