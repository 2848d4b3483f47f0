"""The quality benchmark's own parts: labels read aright, baselines as trivial as they say."""

from fractions import Fraction

import numpy as np
import pytest

from animator.core.features import LOUDNESS, Features
from animator.core.motion import GENERATOR_FPS, Motion
from animator.io.rig import load_rig
from animator.metrics.spans import Span
from animator.training.phones.emodb import SAMPA, read_lablaut
from benchmarks.quality import loudness_jaw, mean_face
from benchmarks.speech import clips

LABELS = """signal x
nfields 1
#
    0.080000   -1 _t
    0.120000   -1 !t\t+asp
    0.140000   -1 E6
    0.200000   -1 \t+lar
    0.240000   -1 p
    0.300000   -1 !p\t+na
    0.320000   -1 pasp
    0.350000  125 B
    0.400000  125 m\t+sil
    0.500000  125 .
    0.600000  125 .\t-eng
"""


def test_label_times_are_starts_and_the_parts_of_a_stop_are_one(tmp_path):
    path = tmp_path / "x.lablaut"
    path.write_text(LABELS, encoding="latin-1")
    assert read_lablaut(path) == [
        Span(0.0, 0.08, "SIL"),
        Span(0.08, 0.14, "T"),
        Span(0.14, 0.24, "EH"),
        Span(0.24, 0.35, "P"),
        Span(0.35, 0.4, ""),
        Span(0.4, 0.5, "M"),
        Span(0.5, 0.6, "SIL"),
    ]


def test_an_empty_label_file_holds_no_phones(tmp_path):
    path = tmp_path / "x.lablaut"
    path.write_text("signal x\n#\n")
    assert read_lablaut(path) == []


def test_labels_stand_for_phones_once():
    assert SAMPA["Y"] == "UW"
    assert SAMPA["j"] == "Y"
    assert "B" not in SAMPA


def test_shipped_speech_has_known_phones_and_words():
    found = list(clips(None, quick=True))
    assert len(found) >= 2
    for clip in found:
        assert clip.transcript
        assert clip.known[-1].stop == pytest.approx(float(clip.audio.seconds), abs=0.011)


def test_the_baselines_are_trivial():
    rig = load_rig("arkit")
    rng = np.random.default_rng(0)
    held = mean_face(Motion(rig.names, rng.random((30, len(rig.names)), dtype=np.float32), GENERATOR_FPS))
    assert np.ptp(held.values, axis=0).max() == 0.0
    features = Features((LOUDNESS,), np.linspace(0, 3, 100, dtype=np.float32)[:, None], Fraction(100))
    jaw = loudness_jaw(features, rig)
    assert len(jaw) == 50
    assert (np.diff(jaw["jawOpen"]) >= 0).all()
    assert jaw["jawOpen"][0] == 0.0
    assert jaw["jawOpen"][-1] == 1.0
    others = [i for i, name in enumerate(rig.names) if name != "jawOpen"]
    np.testing.assert_array_equal(jaw.values[:, others], np.tile(rig.rest[others], (50, 1)))
