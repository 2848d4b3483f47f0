"""Every exporter writes what it promises, at every rate and length; every importer gives back what was exported."""

import inspect
from fractions import Fraction

import numpy as np
import pytest

from animator import pipeline, registry
from animator.core.audio import Audio
from animator.core.motion import Motion
from animator.errors import InputError
from animator.io.rig import load_rig
from animator.recipe import Recipe

# every control of the canonical rig moves here, and few formats' rigs have something for each
pytestmark = pytest.mark.filterwarnings("ignore::animator.errors.LossWarning")

RATES = [Fraction(24), Fraction(25), Fraction(30000, 1001), Fraction(30), Fraction(60)]
RIG = load_rig("arkit")
EXPORTERS = [registry.find("exporters", name) for name in registry.names("exporters")]
IMPORTERS = [registry.find("importers", name) for name in registry.names("importers")]


def performed(seconds):
    """Every control moves through its whole range, each at its own pace; with half a second of hum for its sound."""
    rng = np.random.default_rng(3)
    frames = max(1, round(seconds * 50))
    pace, phase = rng.uniform(0.5, 3.0, len(RIG.names)), rng.uniform(0, 6.3, len(RIG.names))
    wave = 0.5 + 0.5 * np.sin(phase + np.arange(frames)[:, None] / 50 * pace * 6.3)
    motion = Motion(RIG.names, (RIG.low + wave * (RIG.high - RIG.low)).astype(np.float32), Fraction(50))
    samples = 0.2 * np.sin(2 * np.pi * 150 * np.arange(round(frames / 50 * 16000)) / 16000)
    return motion, Audio(samples.astype(np.float32), 16000)


def taken(part, seconds, fps):
    motion, audio = performed(seconds)
    return pipeline.take("clip", motion, Recipe(), part, fps, audio, "clip.wav")


@pytest.fixture(scope="module", params=EXPORTERS, ids=lambda part: part.__module__.rpartition(".")[2] + "." + part.__name__)
def part(request):
    return request.param()


def test_an_exporter_says_what_it_loses(part):
    assert "Loses: " in inspect.getdoc(type(part))


@pytest.mark.parametrize("fps", RATES, ids=str)
@pytest.mark.parametrize("seconds", [0.1, 1.5])
def test_the_same_take_gives_the_same_bytes(part, seconds, fps, tmp_path):
    take = taken(part, seconds, fps)
    for folder in ("first", "second"):
        (tmp_path / folder).mkdir()
        part.export(take, tmp_path / folder / f"clip{part.suffixes[0]}")
    first, second = ((tmp_path / folder / f"clip{part.suffixes[0]}").read_bytes() for folder in ("first", "second"))
    assert first
    assert first == second


@pytest.mark.parametrize("importer", IMPORTERS, ids=lambda part: part.__module__)
@pytest.mark.parametrize("fps", RATES, ids=str)
def test_what_is_exported_and_imported_is_the_same_performance(importer, fps, tmp_path):
    name = next(name for name in registry.names("importers") if registry.find("importers", name) is importer)
    exporter = registry.find("exporters", name)()
    take = taken(exporter, 1.5, fps)
    path = tmp_path / f"clip{exporter.suffixes[0]}"
    exporter.export(take, path)
    assert importer().recognises(path)
    back = importer().read(path)
    assert back.fps == fps
    assert len(back) == len(take.motion)
    shared = [k for k, control in enumerate(RIG.controls) if control.region != "head"]
    assert np.abs(back.values - take.motion.values)[:, shared].max() < 2e-3


@pytest.mark.parametrize("importer", IMPORTERS, ids=lambda part: part.__module__)
@pytest.mark.parametrize("content", [b"", b"\x00" * 300, b"time", "täglich,1\n".encode("latin-1"), b'{"weightMat": ['])
def test_what_is_not_a_performance_is_told_in_one_sentence(importer, content, tmp_path):
    path = tmp_path / f"bad{importer.suffixes[0]}"
    path.write_bytes(content)
    with pytest.raises(InputError, match="bad"):
        pipeline.read_performance(path)
