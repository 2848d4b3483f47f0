"""Speech that is still coming moves a face: in any pieces the same, soon enough, alive in silence, with lips that close."""

import numpy as np
import pytest

from animator.core.audio import resampled
from animator.core.motion import CLOSED
from animator.core.spoken import phones, targets
from animator.encoders.speech import Speech
from animator.errors import InputError, UnknownNameError
from animator.generators.life.living import Life
from animator.generators.life.ongoing import Ongoing
from animator.generators.speech.contacts import closure_spans
from animator.io.audio import read_audio
from animator.io.rig import load_rig
from animator.recipe import Choice, Recipe
from animator.session import RATE, Session

RECIPE = Recipe(generator=Choice("learned"))
RIG = load_rig("arkit")


@pytest.fixture(scope="module")
def speech():
    audio = read_audio("assets/sample_happy.wav")
    return resampled(audio.samples, audio.rate, RATE)[: 3 * RATE]


@pytest.fixture(scope="module")
def shown(speech):
    return Session(RECIPE).feed(speech)


@pytest.mark.parametrize("piece", [1, 320, 1777])
def test_what_comes_out_does_not_depend_on_the_pieces(piece, speech, shown):
    session = Session(RECIPE)
    cut = speech[: RATE // 5] if piece == 1 else speech
    rows = np.concatenate([session.feed(cut[i : i + piece]) for i in range(0, len(cut), piece)])
    np.testing.assert_array_equal(rows, shown[: len(rows)])
    assert len(rows) > 0


def test_a_frame_comes_out_no_later_than_the_latency_says(speech):
    session = Session(RECIPE)
    frames = 0
    for i in range(0, len(speech), 80):
        frames += len(session.feed(speech[i : i + 80]))
        assert frames >= (min(i + 80, len(speech)) / RATE - session.latency) * 50 - 1e-9
    assert session.latency <= 0.15


def test_nothing_jumps(shown):
    lips = RIG.region("mouth", "jaw", "head")
    assert np.abs(np.diff(shown[:, lips], axis=0)).max() < 0.35
    assert ((shown >= RIG.low - 1e-6) & (shown <= RIG.high + 1e-6)).all()


def test_lips_meet_for_the_bilabials_that_it_heard():
    met = []
    for sample in ("story", "happy", "angry", "sad"):
        audio = read_audio(f"assets/sample_{sample}.wav")
        opening = Session(RECIPE, 40).feed(resampled(audio.samples, audio.rate, RATE)) @ RIG.opening_row
        heard = Speech(look_ahead=40).encode(audio)  # what the session hears, all at once
        for start, stop in closure_spans(targets(phones(heard))):
            if stop * 50 + 2 < len(opening):
                met.append(opening[round(start * 50) : round(stop * 50) + 2].min() <= CLOSED)
    assert len(met) >= 8
    assert np.mean(met) >= 0.9


def test_silence_is_alive_and_shut():
    rows = Session(RECIPE).feed(np.zeros(20 * RATE, dtype=np.float32))
    assert ((rows @ RIG.opening_row)[20:] <= CLOSED).mean() > 0.98
    assert rows[:, RIG.column("eyeBlinkLeft")].max() > 0.9
    assert np.ptp(rows[:, RIG.column("headYaw")]) > 0.005


def test_a_feeling_comes_when_it_is_asked_for_and_goes(speech):
    session = Session(RECIPE)
    smile = RIG.column("mouthSmileLeft")
    quiet = np.zeros(RATE, dtype=np.float32)
    before = session.feed(quiet)[:, smile]
    session.feel({"happy": 1.0})
    felt = session.feed(quiet)[:, smile]
    session.feel({}, ease=0.0)
    after = session.feed(quiet)[:, smile]
    assert before.max() < 0.1
    assert felt[-1] > 0.4
    assert after[-1] < 0.1
    assert np.abs(np.diff(felt)).max() < 0.2


def test_the_seed_decides_the_life():
    quiet = np.zeros(2 * RATE, dtype=np.float32)
    one, same, other = (Session(Recipe(generator=Choice("learned"), seed=seed)).feed(quiet) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert np.abs(one - other).max() > 1e-3


def test_life_goes_on_without_a_seam():
    rng = np.random.default_rng(0)
    life = Ongoing(Life(1.0, 1.0, 1.0, 1.0), RIG, rng)
    values = np.tile(RIG.rest.astype(np.float64), (3000, 1))
    for k in range(0, 3000, 4):
        life.next(values[k : k + 4], k % 2000 > 1000, np.array([0.5]) if k % 120 == 0 else np.zeros(0), {})
    head = values[:, RIG.region("head")]
    assert np.abs(np.diff(head, axis=0)).max() < np.radians(1.5)
    shut = values[:, RIG.column("eyeBlinkLeft")] > 0.7
    blinks = np.count_nonzero(np.diff(shut.astype(int)) == 1)
    assert 8 <= blinks <= 40


def test_what_cannot_be_felt_or_used_live_is_told():
    session = Session(RECIPE)
    with pytest.raises(UnknownNameError, match="did you mean 'happy'"):
        session.feel({"hapy": 1.0})
    with pytest.raises(InputError, match="intensity"):
        session.feel({"happy": 1.5})
    with pytest.raises(InputError, match="seconds"):
        session.feel({"happy": 1.0}, ease=-1.0)
    with pytest.raises(InputError, match="needs the whole clip"):
        Session(Recipe(generator=Choice("visemes")))
    with pytest.raises(InputError, match="needs the whole clip"):
        Session(Recipe(encoder=Choice("phones"), generator=Choice("learned")))
