import shutil
import subprocess
from itertools import pairwise

import numpy as np
import pytest
from praatio import textgrid
from takes import phones_of, spoken

from animator.core.features import Word
from animator.exporters.textgrid import TextGrid

WORDS = (Word("pat", 0.5, 0.77), Word('"bee"', 0.77, 0.95), Word("moo", 0.95, 1.11))


def grid(given, tmp_path):
    TextGrid().export(given, tmp_path / "clip.textgrid")
    return textgrid.openTextgrid(str(tmp_path / "clip.textgrid"), includeEmptyIntervals=True)


def entries(found, tier):
    return [tuple(entry) for entry in found.getTier(tier).entries]


def test_phones_are_read_back_with_their_exact_times(tmp_path):
    given = spoken()
    found = grid(given, tmp_path)
    assert found.tierNames == ("phones",)
    assert entries(found, "phones") == [(a, b, "" if phone == "SIL" else phone) for a, b, phone in phones_of()]
    assert found.maxTimestamp == float(given.audio.seconds)


def test_words_and_the_silence_around_them_tile_their_tier(tmp_path):
    given = spoken(words=WORDS)
    found = grid(given, tmp_path)
    assert found.tierNames == ("words", "phones")
    tier = entries(found, "words")
    assert [entry for entry in tier if entry[2]] == [(word.start, word.end, word.text) for word in WORDS]
    assert tier[0][0] == 0
    assert tier[-1][1] == found.maxTimestamp
    assert all(a[1] == b[0] for a, b in pairwise(tier))


def test_ten_minutes(tmp_path):
    tier = entries(grid(spoken("SIL:100 P:60 AA:140", repeat=2000), tmp_path), "phones")
    assert len(tier) == 6000
    np.testing.assert_allclose([entry[0] for entry in tier[1::3]], 0.1 + 0.3 * np.arange(2000), atol=1e-9)


def test_praat_reads_it(tmp_path):
    if shutil.which("praat") is None:
        pytest.skip("praat is not installed")
    TextGrid().export(spoken(words=WORDS), tmp_path / "clip.textgrid")
    script = tmp_path / "read.praat"
    script.write_text(
        f'Read from file: "{tmp_path / "clip.textgrid"}"\n'
        "for tier to 2\n  n = Get number of intervals: tier\n  for k to n\n    label$ = Get label of interval: tier, k\n"
        "    start = Get start time of interval: tier, k\n    end = Get end time of interval: tier, k\n"
        "    appendInfoLine: tier, tab$, fixed$(start, 3), tab$, fixed$(end, 3), tab$, label$\n  endfor\nendfor\n"
    )
    told = subprocess.run(["praat", "--run", script], capture_output=True, text=True, check=True).stdout
    rows = [line.split("\t") for line in told.splitlines()]
    assert [row[3] for row in rows if row[0] == "1" and row[3]] == [word.text for word in WORDS]
    phones = [(float(a), float(b), label) for tier, a, b, label in rows if tier == "2"]
    assert phones == [(round(a, 3), round(b, 3), "" if phone == "SIL" else phone) for a, b, phone in phones_of()]
