import json
import re
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from takes import phones_of, spoken

from animator.core.features import Word
from animator.core.phones import VISEMES
from animator.exporters.webvtt import WebVtt

CUE = re.compile(r"(\d\d+):([0-5]\d):([0-5]\d)\.(\d{3}) --> (\d\d+):([0-5]\d):([0-5]\d)\.(\d{3})")


def cues(given, tmp_path):
    """Start, end (ms) and what a cue says, by the grammar of WebVTT: blocks between blank lines after the signature."""
    WebVtt().export(given, tmp_path / "clip.vtt")
    signature, *blocks = (tmp_path / "clip.vtt").read_text(encoding="utf-8").rstrip("\n").split("\n\n")
    assert signature == "WEBVTT"
    out = []
    for block in blocks:
        timing, payload = block.split("\n")
        h, m, s, ms, h2, m2, s2, ms2 = map(int, CUE.fullmatch(timing).groups())
        assert "-->" not in payload
        out.append((((h * 60 + m) * 60 + s) * 1000 + ms, ((h2 * 60 + m2) * 60 + s2) * 1000 + ms2, json.loads(payload)))
    return out


def test_visemes_cover_the_sound_without_a_gap(tmp_path):
    given = spoken()
    found = cues(given, tmp_path)
    assert found[0][0] == 0
    assert found[-1][1] == round(1000 * float(given.audio.seconds))
    assert all(a[1] == b[0] and a[0] < a[1] and a[2]["viseme"] != b[2]["viseme"] for a, b in pairwise(found))
    assert all(said["viseme"] in VISEMES and 0 <= said["w"] <= 1 for _, _, said in found)


def test_closures_keep_their_exact_times(tmp_path):
    found = {(start, end) for start, end, said in cues(spoken(), tmp_path) if said["viseme"] == "PP"}
    assert found == {(round(1000 * a), round(1000 * b)) for a, b, phone in phones_of() if phone in "PBM"}


def test_words_stand_among_the_visemes_in_order(tmp_path):
    given = spoken("SIL:100 P:100 AA:100 SIL:100", (Word("“pa” <b>", 0.1, 0.3),))
    found = cues(given, tmp_path)
    assert (100, 300, {"word": "“pa” <b>"}) in found
    assert [start for start, _, _ in found] == sorted(start for start, _, _ in found)


def test_an_hour_is_written_as_one(tmp_path):
    given = spoken("SIL:6000 P:100", repeat=7)
    given = replace(given, features=replace(given.features, fps=Fraction(1)), audio=None)
    start, end, said = cues(given, tmp_path)[-1]
    assert (start, end, said["viseme"]) == (4_260_000, 4_270_000, "PP")
    assert "01:11:00.000 --> 01:11:10.000" in (tmp_path / "clip.vtt").read_text()
    assert said["w"] == pytest.approx(1.0)
