"""Laws of directed lips, for any speech, any feeling and any setting: contacts hold, 1 is as it is, nothing else moves."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from said import SENTENCE, feeling, said

from animator.core.lips import DIALS, Lips
from animator.core.motion import CLOSED
from animator.core.phones import PHONES
from animator.core.spoken import phones, targets
from animator.generators.learned import Learned
from animator.generators.speech.articulation import REACH, articulated, gains
from animator.generators.speech.contacts import closure_spans
from animator.generators.visemes import Visemes
from animator.io.rig import load_rig

RIG = load_rig("arkit")
SPOKEN = RIG.region("mouth", "jaw", "tongue", "cheeks")
FEELINGS = [name for name in RIG.emotions if name != "neutral"]

sounds = st.lists(
    st.tuples(st.sampled_from([*PHONES, "P", "B", "M", "AA", "SIL"]), st.integers(2, 30)), min_size=1, max_size=20
).map(lambda words: " ".join(f"{phone}:{10 * frames}" for phone, frames in words))
dials = st.fixed_dictionaries({}, optional={name: st.floats(0, high) for name, high in DIALS.items()}).filter(bool)
spans = st.tuples(st.floats(0, 0.015), st.floats(0.02, 3)).map(lambda ends: {"start": ends[0], "stop": ends[1]})
ways = st.lists(st.builds(lambda turned, span: {**turned, **span}, dials, st.one_of(st.just({}), spans)), min_size=1, max_size=3)
felt = st.dictionaries(st.sampled_from(FEELINGS), st.floats(0, 1, width=32), max_size=2)
laws = settings(max_examples=30, deadline=None)


def move(kind, script, emotion=None, **dials):
    features = said(script)
    felt = feeling(seconds=features.seconds, **(emotion or {}))
    return kind(**dials).generate(features, felt, RIG, np.random.default_rng(0))


def assert_contacts_hold(motion, script):
    times = np.arange(len(motion)) / 50
    for a, b in closure_spans(targets(phones(said(script)))):
        inside = (times >= a - 1e-9) & (times <= b + 1e-9)
        if b <= times[-1]:
            assert inside.sum() >= 3
            assert (motion.values[inside] @ RIG.opening_row <= CLOSED / 2).all()


@laws
@given(sounds, felt, ways)
def test_every_closure_survives_every_setting(script, emotion, ways):
    motion = move(Visemes, script, emotion, articulation=ways)
    assert (motion.values >= RIG.low).all()
    assert (motion.values <= RIG.high).all()
    assert_contacts_hold(motion, script)


@settings(max_examples=6, deadline=None)
@given(felt, ways)
def test_every_closure_of_the_learned_face_survives_every_setting(emotion, ways):
    assert_contacts_hold(move(Learned, SENTENCE, emotion, articulation=ways), SENTENCE)


@laws
@given(sounds, ways)
def test_what_is_not_speech_stays_as_it_was(script, ways):
    plain, directed = (move(Visemes, script, {"happy": 0.7}, articulation=each).values for each in ((), ways))
    np.testing.assert_array_equal(directed[:, ~SPOKEN], plain[:, ~SPOKEN])


@laws
@given(ways)
def test_what_is_felt_stays_where_nothing_is_said(ways):
    plain, directed = (move(Visemes, "SIL:1500", {"happy": 0.7}, articulation=each).values for each in ((), ways))
    np.testing.assert_array_equal(directed, plain)


@laws
@given(ways)
def test_dials_move_smoothly_from_where_they_stand(ways):
    given = tuple(Lips(**way) for way in ways)
    turned = gains(given, (), np.arange(200) / 50)
    steepest = sum(1.5 * abs(getattr(way, name) - 1.0) * 0.02 / way.ease for way in given for name in DIALS)
    assert np.abs(np.diff(turned, axis=0)).max() <= 9 * steepest + 1e-9  # two other ways may hold too, at most 3 each


@laws
@given(dials, st.floats(0.1, 1.5), st.floats(0.1, 1.0), st.integers(0, 50))
def test_a_span_that_is_shifted_shifts_what_it_does(turned, start, length, frames):
    times = np.arange(250) / 50
    at, moved = (Lips(**turned, start=start + by, stop=start + length + by) for by in (0.0, frames / 50))
    np.testing.assert_allclose(gains([at], (), times)[: 250 - frames], gains([moved], (), times)[frames:], atol=1e-9)


@laws
@given(st.lists(st.integers(REACH, 60), min_size=1, max_size=5), st.integers(0, 2**32 - 1), ways)
def test_pieces_are_articulated_as_the_whole_is(lengths, seed, ways):
    rng, frames = np.random.default_rng(seed), sum(lengths)
    face, spoken = rng.uniform(0, 1, (2, frames, len(RIG.controls))) * SPOKEN
    cuts = np.cumsum(lengths)[:-1]
    pieces = zip(np.split(face, cuts), np.split(spoken, cuts), strict=True)
    given, times = tuple(Lips(**way) for way in ways), np.arange(frames) / 50
    mouth = targets(phones(said(f"AA:{10 * frames} UW:{10 * frames}")))
    ((whole, speech),) = articulated(iter([(face, spoken)]), given, (), times, mouth, RIG)
    parts = list(articulated(pieces, given, (), times, mouth, RIG))
    np.testing.assert_allclose(np.concatenate([part for part, _ in parts]), whole, atol=1e-12)
    np.testing.assert_allclose(np.concatenate([part for _, part in parts]), speech, atol=1e-12)


@pytest.mark.parametrize("kind", [Visemes, Learned])
def test_dials_at_one_are_the_same_face_to_the_byte(kind):
    ones = [dict.fromkeys(DIALS, 1.0), {"open": 1.0, "start": 0.3, "stop": 0.9}, {"scale": 1, "words": "unsaid"}]
    assert move(kind, SENTENCE, articulation=ones).values.tobytes() == move(kind, SENTENCE).values.tobytes()
