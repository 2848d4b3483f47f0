"""Every exporter writes what it promises, at every rate and length; every importer gives back what was exported."""

import functools
import inspect
import warnings
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from dummy_head import dummy_head
from said import said

from animator import pipeline, registry
from animator.core.audio import Audio
from animator.core.motion import Motion, retime
from animator.core.track import crop
from animator.errors import InputError, LossWarning, MissingDependencyError
from animator.io.rig import load_rig
from animator.recipe import Recipe

RATES = [Fraction(24), Fraction(25), Fraction(30000, 1001), Fraction(30), Fraction(60)]
RIG = load_rig("arkit")
EXPORTERS = registry.names("exporters")
IMPORTERS = registry.names("importers")
BOTH = [name for name in IMPORTERS if name in EXPORTERS]
WEIGHTS = np.array([control.unit == "weight" for control in RIG.controls])

WITHIN = 2e-3
"""How far a control may come back from what it was: what formats of few digits or sparse keys take, and some rounding."""


@functools.cache
def performed(seconds):
    """Every control moves through its whole range, each at its own pace; with a hum for its sound."""
    rng = np.random.default_rng(3)
    frames = max(1, round(seconds * 50))
    slower = (
        10 if seconds > 60 else 1
    )  # so that sparse keys are few, as in speech, and the long test is no longer than it must be
    pace, phase = rng.uniform(0.5, 3.0, len(RIG.names)) / slower, rng.uniform(0, 6.3, len(RIG.names))
    wave = 0.5 + 0.5 * np.sin(phase + np.arange(frames)[:, None] / 50 * pace * 6.3)
    motion = Motion(RIG.names, (RIG.low + wave * (RIG.high - RIG.low)).astype(np.float32), Fraction(50))
    samples = 0.2 * np.sin(2 * np.pi * 150 * np.arange(round(frames / 50 * 16000)) / 16000)
    return motion, Audio(samples.astype(np.float32), 16000)


@functools.cache
def heard(seconds):
    """What is heard in as long a sound: lips that close, two frames at times, and open."""
    script = "SIL:50 P:20 AE:80 M:50 OW:100"
    return crop(said(script, repeat=max(1, round(seconds / 0.3))), 0, round(seconds * 100))


@functools.cache
def small_head():
    """A head of balls that every weight moves, each in its own measure."""
    head, names = dummy_head(8), [control.name for control in RIG.controls if control.unit == "weight"]
    measure = np.linspace(0.1, 1, len(names), dtype=np.float32)[:, None, None]
    return replace(head, controls=tuple(names), displacements=measure * head.displacements)


def exported(name, seconds, fps, path):
    """What was taken, exported to a file of this path, less its suffix."""
    motion, audio = performed(seconds)
    exporter = registry.find("exporters", name)()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LossWarning)  # what a format cannot hold is told; how, its own tests say
        take = pipeline.take("clip", motion, Recipe(), exporter, fps, audio, "clip.wav", heard(seconds), head=small_head())
        whole = path.with_name(path.name + exporter.suffixes[0])
        try:
            exporter.export(take, whole)
        except MissingDependencyError as absent:
            pytest.skip(str(absent))
    return take, whole


def returned(name, path):
    importer = registry.find("importers", name)()
    assert importer.recognises(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LossWarning)
        return importer.read(path)


@functools.cache
def retimed(seconds, fps):
    return retime(performed(seconds)[0], fps, RIG)


def assert_the_same(back, seconds, fps):
    """Every weight comes back; an angle comes back too, or rests because the format has no place for it."""
    motion = retimed(seconds, fps)
    assert back.names == motion.names
    assert back.fps == motion.fps
    assert len(back) == len(motion)
    rests = (back.values == RIG.rest).all(axis=0)
    kept = WEIGHTS | ~rests
    np.testing.assert_allclose(back.values[:, kept], motion.values[:, kept], atol=WITHIN)


@pytest.mark.parametrize("name", EXPORTERS)
def test_an_exporter_says_what_it_loses_in_its_docstring(name):
    assert "\nLoses: " in inspect.getdoc(registry.find("exporters", name))


@pytest.mark.parametrize("name", EXPORTERS)
def test_suffixes_are_what_a_file_name_may_end_in(name):
    suffixes = registry.find("exporters", name).suffixes
    assert suffixes
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in suffixes)


@pytest.mark.parametrize("fps", RATES, ids=str)
@pytest.mark.parametrize("seconds", [0.1, 1.5])
@pytest.mark.parametrize("name", EXPORTERS)
def test_the_same_take_gives_the_same_bytes(name, seconds, fps, tmp_path):
    for folder in ("first", "second"):
        (tmp_path / folder).mkdir()
    _, first = exported(name, seconds, fps, tmp_path / "first" / "clip")
    _, second = exported(name, seconds, fps, tmp_path / "second" / "clip")
    assert first.read_bytes()
    assert first.read_bytes() == second.read_bytes()
    assert {path.name for path in (tmp_path / "first").iterdir()} == {first.name}


@pytest.mark.parametrize("fps", RATES, ids=str)
@pytest.mark.parametrize("seconds", [0.1, 1.5])
@pytest.mark.parametrize("name", BOTH)
def test_what_is_exported_and_imported_is_the_same_performance(name, seconds, fps, tmp_path):
    _, path = exported(name, seconds, fps, tmp_path / "clip")
    assert_the_same(returned(name, path), seconds, fps)


@pytest.mark.parametrize("name", EXPORTERS)
def test_ten_minutes_are_exported_and_come_back(name, tmp_path):
    take, path = exported(name, 600, Fraction(30000, 1001), tmp_path / "long")
    assert len(take.motion) == 17983
    if name in BOTH:
        assert_the_same(returned(name, path), 600, take.motion.fps)


@pytest.mark.parametrize("name", BOTH)
def test_a_file_is_read_by_the_importer_it_is_meant_for(name, tmp_path):
    _, path = exported(name, 0.1, Fraction(30), tmp_path / "clip")
    assert [other for other in IMPORTERS if registry.find("importers", other)().recognises(path)] == [name]


@pytest.mark.parametrize("name", IMPORTERS)
@pytest.mark.parametrize("content", [b"", b"\x00" * 300, b"time", "täglich,1\n".encode("latin-1"), b'{"weightMat": ['])
def test_what_is_not_a_performance_is_told_in_one_sentence(name, content, tmp_path):
    path = tmp_path / f"bad{registry.find('importers', name).suffixes[0]}"
    path.write_bytes(content)
    with pytest.raises(InputError, match="bad"):
        pipeline.read_performance(path)
    with pytest.raises(InputError, match="bad"):
        registry.find("importers", name)().read(path)


@pytest.mark.parametrize("name", BOTH)
def test_a_file_that_is_cut_short_anywhere_is_told_or_is_a_shorter_performance(name, tmp_path):
    take, path = exported(name, 1.5, Fraction(25), tmp_path / "clip")
    whole = path.read_bytes()
    for share in (0.1, 0.4, 0.8, 0.99):
        path.write_bytes(whole[: int(share * len(whole))])
        try:
            assert len(returned(name, path)) <= len(take.motion)
        except InputError as error:
            assert "clip" in str(error)


@pytest.mark.parametrize("name", IMPORTERS)
def test_a_file_that_is_not_there_is_told(name, tmp_path):
    with pytest.raises(InputError, match="nowhere"):
        registry.find("importers", name)().read(tmp_path / f"nowhere{registry.find('importers', name).suffixes[0]}")
