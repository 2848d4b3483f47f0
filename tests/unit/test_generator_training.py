"""What the generator learns from: exchanges keep their sound, real faces teach near speech, and losses mean what they say."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from animator.core.motion import CLOSED
from animator.core.phones import PHONES, SILENCE
from animator.generators.acting.hearing import EACH, PROSODY, SPEECH
from animator.generators.acting.prior import columns
from animator.io.rig import load_rig
from animator.training.motion.features import Hearing, told
from animator.training.motion.lessons import NEAR, STRETCH, batch, source_of
from animator.training.motion.losses import Critic, Weights, unanswered
from animator.training.motion.store import HOP, REAL, STYLE, TEACHER, Clip, collect

RIG = load_rig("arkit")
MOVED = columns(RIG)
SIL, P, AA = (PHONES.index(phone) for phone in (SILENCE, "P", "AA"))
FRAMES = 200
SPEECH_AT = slice(60, 150)


def clip(name, kind, feeling, sound):
    rng = np.random.default_rng(abs(hash(name)) % 1000)
    phones = np.full(FRAMES, SIL, dtype=np.int8)
    phones[SPEECH_AT] = AA
    phones[100:110] = P
    felt = np.zeros((FRAMES, 8), np.float16)
    felt[:, 2] = feeling
    return Clip(
        name=name,
        person=f"of {sound}",
        kind=kind,
        held=False,
        motion=rng.uniform(0, 1, (FRAMES, len(RIG.controls))).astype(np.float16),
        known=~RIG.region("tongue"),
        felt=felt,
        style=np.full(len(STYLE), np.nan if kind == REAL else 0.5, dtype=np.float32),
        phones=phones,
        words=(),
        sound=sound,
        samples=np.zeros(FRAMES * HOP, dtype=np.int16),
    )


def source(kind, clips):
    pack = collect(("grid",), RIG, clips)
    frames = np.zeros((FRAMES * len(pack.sounds), SPEECH + PROSODY), np.float16)
    frames += np.repeat(np.arange(len(pack.sounds)), FRAMES)[:, None]
    return source_of(pack, Hearing(frames), ("of a", "of b", "of real"), RIG)


@pytest.fixture(scope="module")
def sources():
    taught = [clip(f"{sound}{feeling}", TEACHER, feeling, sound) for sound in "ab" for feeling in (0.0, 0.5, 1.0)]
    return [source(REAL, [clip("r", REAL, 0.0, "real")]), source(TEACHER, taught)]


def test_each_second_example_keeps_its_sound_and_takes_another_feeling(sources):
    lessons = batch(sources, (0.0, 1.0), 40, np.random.default_rng(0))
    assert lessons.heard.shape == (40, STRETCH, SPEECH + PROSODY)
    torch.testing.assert_close(lessons.heard[0::2, :, SPEECH:], lessons.heard[1::2, :, SPEECH:])
    torch.testing.assert_close(lessons.phones[0::2], lessons.phones[1::2])
    assert (lessons.wanted[0::2] != lessons.wanted[1::2]).any(dim=(1, 2)).all()
    assert (lessons.curves[0::2] != lessons.curves[1::2]).any(dim=(1, 2)).all(), "each as it was performed"


def test_an_exchange_that_nobody_performed_has_a_feeling_and_no_target(sources):
    lessons = batch(sources, (1.0, 0.0), 20, np.random.default_rng(0))
    assert lessons.known[0::2].any(dim=(1, 2)).all()
    assert not lessons.known[1::2].any()
    assert lessons.wanted[1::2].any()
    assert not lessons.wanted[0::2].any()
    assert lessons.style.isnan().all()


def test_a_real_face_teaches_near_speech_alone(sources):
    lessons = batch(sources, (1.0, 0.0), 40, np.random.default_rng(1))
    teaches, sounding = lessons.there[..., 0].bool(), lessons.phones != SIL
    assert teaches[sounding].all()
    assert teaches.sum(dim=1).max() <= SPEECH_AT.stop - SPEECH_AT.start + 2 * NEAR
    assert batch(sources, (0.0, 1.0), 8, np.random.default_rng(1)).there.all()


def test_known_words_take_the_place_of_what_is_heard():
    hears = np.random.default_rng(0).uniform(0, 1, (3, SPEECH + PROSODY)).astype(np.float16)
    phones = np.array([AA, -1, P], dtype=np.int8)
    sure = told(hears, phones)
    said = sure[:, :SPEECH].reshape(3, EACH, -1)
    for frame, phone in ((0, AA), (2, P)):
        np.testing.assert_array_equal(said[frame, :, : len(PHONES)], np.eye(len(PHONES))[[phone] * EACH])
    np.testing.assert_array_equal(sure[1], hears[1])
    np.testing.assert_array_equal(sure[:, SPEECH:], hears[:, SPEECH:])
    np.testing.assert_array_equal(said[..., -1], hears[:, :SPEECH].reshape(3, EACH, -1)[..., -1])


def test_the_performance_that_was_wanted_costs_nothing_but_an_open_bilabial(sources):
    critic = Critic(RIG, Weights(), None, None)
    lessons = batch(sources, (0.0, 1.0), 4, np.random.default_rng(0))
    shut = lessons._replace(phones=torch.full_like(lessons.phones, SIL))
    assert critic.judge(lessons.curves, lessons.curves, shut) == 0
    row = torch.from_numpy(RIG.opening_row[MOVED])
    if (lessons.curves @ row > CLOSED).any():
        assert critic.judge(lessons.curves, lessons.curves, lessons) > 0
    off = lessons.curves + 0.1
    assert critic.judge(off, lessons.curves, shut) > 0.1
    blind = shut._replace(known=torch.zeros_like(shut.known))
    assert critic.judge(off, lessons.curves, blind) == 0, "what nobody knows costs nothing"


def test_lips_count_more_than_brows(sources):
    critic = Critic(RIG, replace(Weights(), velocity=0.0, opening=0.0, closure=0.0), None, None)
    lessons = batch(sources, (0.0, 1.0), 4, np.random.default_rng(0))
    costs = {}
    for name in ("mouthPucker", "browInnerUp"):
        off = lessons.curves.clone()
        off[..., MOVED.tolist().index(RIG.column(name))] += 0.1
        costs[name] = float(critic.judge(off, lessons.curves, lessons))
    assert costs["mouthPucker"] == pytest.approx(3 * costs["browInnerUp"], rel=1e-4)


def test_a_face_that_answers_nothing_holds_the_mean_of_its_upper_half():
    upper = RIG.region("brows")[MOVED]
    curves = torch.rand(2, 8, len(MOVED))
    still = unanswered(curves, upper)
    torch.testing.assert_close(still[..., ~upper], curves[..., ~upper])
    torch.testing.assert_close(still[:, 3, upper], curves.mean(dim=1)[:, upper])
