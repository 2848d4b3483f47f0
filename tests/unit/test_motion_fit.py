import numpy as np
import pytest

from animator.core.phones import VISEMES
from animator.core.spoken import Targets
from animator.io.rig import load_rig
from animator.training.motion.fit import FAR, SILENT, Coarticulation, fit, lesson

RIG = load_rig("arkit")
CONTROLS = ("jawOpen", "mouthPucker")
SPOKEN = ("PP", "aa", "ou", "SS")


def _truth() -> Coarticulation:
    shape = (len(VISEMES), len(CONTROLS))
    target, strength = np.zeros(shape), np.ones(shape)
    for viseme, row in {"PP": (0.0, 0.1), "aa": (0.6, 0.0), "ou": (0.2, 0.8), "SS": (0.05, 0.1)}.items():
        target[VISEMES.index(viseme)] = row
    before, after = np.full(shape, 0.06), np.full(shape, 0.06)
    before[VISEMES.index("ou"), 1] = 0.14
    strength[VISEMES.index("PP")] = 2.0
    flat = np.full(len(VISEMES), 0.3)
    return Coarticulation(CONTROLS, target, 0 * target, 0 * target, strength, before, after, flat, 0 * flat, 1.8)


def _said(rng: np.random.Generator) -> Targets:
    visemes = [VISEMES.index(str(v)) for v in rng.choice(SPOKEN, 12)]
    visemes = [v for k, v in enumerate(visemes) if k == 0 or v != visemes[k - 1]]
    order = np.array([SILENT, *visemes, SILENT])
    lengths = np.concatenate([[0.4], rng.uniform(0.06, 0.2, len(visemes)), [0.4]])
    ends = np.cumsum(lengths)
    return Targets(ends - lengths, ends, order, np.ones(len(order)), np.ones(len(order)))


def _lessons(truth: Coarticulation, seed: int, count: int) -> list:
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        said = _said(rng)
        times = np.arange(int(said.end[-1] * 50)) / 50
        found.append(lesson(said, truth.mouth(times, said)))
    return found


@pytest.fixture(scope="module")
def fitted() -> Coarticulation:
    return fit(_lessons(_truth(), 0, 60), CONTROLS, RIG, steps=300)


def test_the_fit_finds_the_targets_and_the_early_rounding_that_made_the_curves(fitted):
    truth = _truth()
    spoken = [VISEMES.index(v) for v in SPOKEN]
    assert np.abs(fitted.target[spoken] - truth.target[spoken]).max() < 0.06
    ou, aa = VISEMES.index("ou"), VISEMES.index("aa")
    assert fitted.before[ou, 1] > 1.4 * fitted.before[aa, 0]


def test_the_fit_foretells_curves_that_it_did_not_see(fitted):
    for each in _lessons(_truth(), 1, 8):
        times = np.arange(len(each.values)) / 50
        missed = fitted.mouth(times, each.said)[each.taught] - each.values[each.taught]
        assert np.sqrt((missed**2).mean()) < 0.08 * each.values.std()


def test_silence_asks_for_rest_and_far_from_speech_teaches_nothing(fitted):
    said = _said(np.random.default_rng(2))
    times = np.arange(int(said.end[-1] * 50)) / 50
    assert np.abs(fitted.mouth(times, said)[[0, -1]]).max() < 1e-3
    taught = lesson(said, np.zeros((len(times), 2))).taught
    assert np.array_equal(taught, (times > said.start[1] - FAR) & (times < said.end[-2] + FAR))


def test_the_same_seed_fits_the_same_tables(fitted):
    again = fit(_lessons(_truth(), 0, 60), CONTROLS, RIG, steps=20)
    once_more = fit(_lessons(_truth(), 0, 60), CONTROLS, RIG, steps=20)
    assert np.array_equal(again.target, once_more.target)
