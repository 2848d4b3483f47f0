"""Long speech is performed in chapters that nobody sees."""

import tracemalloc
from fractions import Fraction

import numpy as np
import pytest
import soundfile

from animator import pipeline
from animator.core import chapters
from animator.core.audio import Audio
from animator.core.motion import Motion
from animator.io.audio import audio_pieces, read_audio
from animator.io.rig import load_rig
from animator.recipe import Choice, Recipe

RATE = 8000


@pytest.fixture
def short(monkeypatch):
    """Chapters of ten seconds, so that a test is not long."""
    monkeypatch.setattr(chapters, "CHAPTER", 10)
    monkeypatch.setattr(chapters, "SEARCH", 6)


def noise(seconds, quiet):
    """Noise with quiet seconds."""
    samples = 0.3 * np.random.default_rng(0).standard_normal(round(seconds * RATE)).clip(-3, 3)
    for second in quiet:
        samples[second * RATE : (second + 1) * RATE] *= 0.001
    return Audio(samples.astype(np.float32), RATE)


def test_a_sound_read_in_pieces_is_the_sound(tmp_path):
    audio = noise(7.3, [])
    path = tmp_path / "long.wav"
    soundfile.write(path, audio.samples, RATE, subtype="FLOAT")
    for seconds in (1, 3, 7, 100):
        read = list(audio_pieces(path, seconds))
        assert all(piece.seconds == seconds for piece in read[:-1])
        assert 0 < read[-1].seconds <= seconds
        np.testing.assert_array_equal(np.concatenate([piece.samples for piece in read]), read_audio(path).samples)


def test_chapters_are_cut_at_the_quietest_second_and_cover_the_sound(short):
    audio = noise(27.4, [6, 15])
    told = list(chapters.chapters(chapters.pieces(audio)))
    assert [since for _, since in told] == [0, 6, 15]
    for (chapter, since), after in zip(told, [7, 16, 27.4], strict=True):
        assert float(since + chapter.seconds) == pytest.approx(after)
        first = since * RATE
        np.testing.assert_array_equal(chapter.samples, audio.samples[first : first + len(chapter.samples)])


def test_joined_chapters_are_as_long_as_the_sound_and_run_into_one_another():
    rig = load_rig("arkit")
    parts = [
        (Motion(rig.names, np.full((frames, len(rig.names)), level, np.float32), Fraction(50)), since)
        for frames, level, since in ((200, 0, 0), (150, 1, 3))
    ]
    whole = chapters.joined(parts, Fraction(6))
    assert len(whole) == 300
    assert (whole.values[:150] == 0).all()
    assert (whole.values[200:] == 1).all()
    assert 0 < np.diff(whole.values[149:201, 0]).max() < 0.04


def test_what_is_joined_is_held_once():
    names = tuple(f"c{k}" for k in range(50))
    chapter = Motion(names, np.zeros((5000, 50), np.float32), Fraction(50))
    tracemalloc.start()
    whole = chapters.joined(((chapter, 99 * k) for k in range(50)), Fraction(99 * 50 + 1))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert whole.values.shape == (247550, 50)
    assert peak < 1.5 * whole.values.nbytes


def test_a_single_chapter_is_the_performance_itself():
    audio = read_audio("assets/sample_happy.wav")
    recipe = Recipe(generator=Choice("visemes"))
    alone = pipeline.generate_long(chapters.pieces(audio), audio.seconds, recipe)
    np.testing.assert_array_equal(alone.values, pipeline.generate(audio, recipe).values)


def test_feelings_keep_their_time_through_chapters(short):
    audio = noise(25, [6, 14])
    cues = [{"start": 0.0, "feeling": "neutral"}, {"start": 18.0, "feeling": "happy", "ease": 0.2}]
    recipe = Recipe(generator=Choice("visemes"), embedder=Choice("script", {"cues": cues}))
    heard = []
    motion = pipeline.generate_long(chapters.pieces(audio), audio.seconds, recipe, lambda *told: heard.append(told))
    smile = motion["mouthSmileLeft"]
    assert [float(chapter.seconds) for chapter, _ in heard] == [7, 9, 11]
    assert [felt["happy"].max() > 0.9 for _, felt in heard] == [False, False, True]
    assert len(motion) == 1250
    assert np.median(smile[: 17 * 50]) < 0.05
    assert smile[20 * 50 :].mean() > 0.3


def test_what_is_told_of_the_whole_is_not_cut():
    assert pipeline.may_be_cut(Recipe())
    assert pipeline.may_be_cut(Recipe(embedder=Choice("voice")))
    assert not pipeline.may_be_cut(Recipe(transcript="All of it."))
    assert not pipeline.may_be_cut(Recipe(embedder=Choice("both", {"path": "face.npz"})))
