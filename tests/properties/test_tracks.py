"""Laws of tracks and motion, for any input."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from animator.core.motion import CLOSED, GENERATOR_FPS, Motion, limit, mirror, retime
from animator.core.track import Track, crop, frame_count, join, resample, sample
from animator.errors import InputError
from animator.io.rig import load_rig

RIG = load_rig("arkit")
RATES = [Fraction(24), Fraction(25), Fraction(30000, 1001), Fraction(30), Fraction(60)]
VALUES = st.floats(-4, 4, width=32)


@st.composite
def tracks(draw, shortest=1):
    shape = (draw(st.integers(shortest, 12)), draw(st.integers(0, 3)))
    fps = draw(st.sampled_from([*RATES, GENERATOR_FPS, Fraction(1, 3)]))
    values = draw(arrays.arrays(np.float32, shape, elements=VALUES))
    return Track(names=tuple("abc"[: shape[1]]), values=values, fps=fps)


@st.composite
def motions(draw):
    """Any values at all in every control: beyond the limits too."""
    frames = draw(st.integers(1, 8))
    seed = draw(st.integers(0, 2**32 - 1))
    values = np.random.default_rng(seed).normal(0.3, 1.0, (frames, len(RIG.names))).astype(np.float32)
    return Motion(names=RIG.names, values=values, fps=GENERATOR_FPS)


@st.composite
def talking(draw):
    """The mouth opens and shuts at random, for one frame or for many, at 50 Hz."""
    runs = draw(st.lists(st.tuples(st.sampled_from([0.0, 0.3, 1.0]), st.integers(1, 7)), min_size=1, max_size=20))
    jaw = np.repeat([level for level, _ in runs], [length for _, length in runs])
    values = np.tile(RIG.rest, (len(jaw), 1))
    values[:, RIG.column("jawOpen")] = jaw
    return Motion(names=RIG.names, values=values, fps=GENERATOR_FPS)


@given(tracks(shortest=0))
def test_resampling_to_the_same_clock_is_the_identity(track):
    assert resample(track, track.fps) is track
    assert resample(track, track.fps, len(track)) is track


@given(tracks(), st.sampled_from(RATES))
def test_resampling_covers_the_same_span_within_one_frame_and_stays_within_the_values(track, fps):
    out = resample(track, fps)
    assert len(out) == frame_count(Fraction(len(track)) / track.fps, fps)
    assert 0 <= Fraction(len(out)) / fps - Fraction(len(track)) / track.fps < 1 / fps
    if track.names:
        slack = 1e-6 * np.abs(track.values).max()
        assert (out.values >= track.values.min(axis=0) - slack).all()
        assert (out.values <= track.values.max(axis=0) + slack).all()


@given(tracks(), st.integers(2, 5))
def test_a_faster_multiple_of_the_clock_passes_through_every_frame(track, times):
    np.testing.assert_allclose(resample(track, track.fps * times).values[::times], track.values, atol=1e-5)


@given(tracks())
def test_sampling_at_the_frames_gives_the_frames_and_beyond_the_ends_holds_them(track):
    times = np.arange(-2, len(track) + 2) / float(track.fps)
    expected = track.values[np.clip(np.arange(-2, len(track) + 2), 0, len(track) - 1)]
    np.testing.assert_allclose(sample(track, times), expected, atol=1e-5)


@given(tracks(shortest=0), st.data())
def test_crop_then_join_gives_back(track, data):
    cut = data.draw(st.integers(0, len(track)))
    back = join([crop(track, 0, cut), crop(track, cut, len(track))])
    assert (back.names, back.fps) == (track.names, track.fps)
    np.testing.assert_array_equal(back.values, track.values)


@given(motions())
def test_mirror_twice_is_the_identity(motion):
    np.testing.assert_array_equal(mirror(mirror(motion, RIG), RIG).values, motion.values)


@given(motions())
def test_limits_hold_are_reached_once_and_mirror_alike(motion):
    limited = limit(motion, RIG)
    assert (limited.values >= RIG.low).all()
    assert (limited.values <= RIG.high).all()
    np.testing.assert_array_equal(limit(limited, RIG).values, limited.values)
    np.testing.assert_array_equal(limit(mirror(motion, RIG), RIG).values, mirror(limited, RIG).values)


@given(motions())
def test_retiming_to_the_same_clock_is_the_identity(motion):
    assert retime(motion, motion.fps, RIG) is motion


@given(motions(), st.sampled_from([*RATES, GENERATOR_FPS]), st.fractions(Fraction(1, 100), 1))
def test_retiming_gives_as_many_frames_as_the_wanted_span_has(motion, fps, seconds):
    assert len(retime(motion, fps, RIG, seconds)) == frame_count(seconds, fps)


@pytest.mark.parametrize("fps", [GENERATOR_FPS, Fraction(30)])
def test_a_motion_without_a_frame_is_refused_at_any_rate(fps):
    with pytest.raises(InputError, match="without a frame"):
        retime(Motion(RIG.names, np.zeros((0, len(RIG.names)), np.float32), GENERATOR_FPS), fps, RIG)


@pytest.mark.parametrize("fps", RATES, ids=lambda fps: f"{float(fps):g}")
@given(motion=talking())
def test_retiming_keeps_every_closure_within_half_a_frame(fps, motion):
    shown = retime(motion, fps, RIG)
    shut = np.flatnonzero(shown.values @ RIG.opening_row <= CLOSED + 1e-6) / float(fps)
    for frame in np.flatnonzero(motion.values @ RIG.opening_row <= CLOSED):
        instant = frame / float(motion.fps)
        if instant > (len(shown) - 0.5) / float(fps):
            continue  # after the last picture has had its time, there is none left to show it
        assert len(shut), f"the closure at {instant:.2f} s is lost"
        assert np.abs(shut - instant).min() <= 0.5 / float(fps) + 1e-6, f"the closure at {instant:.2f} s is lost"


@given(st.sampled_from(RATES), arrays.arrays(np.float32, st.integers(1, 40), elements=st.floats(0, 0.01953125, width=32)))
def test_retiming_never_opens_a_mouth_that_stays_shut(fps, jaw):
    values = np.tile(RIG.rest, (len(jaw), 1))
    values[:, RIG.column("jawOpen")] = jaw
    motion = Motion(names=RIG.names, values=values, fps=GENERATOR_FPS)
    assert (retime(motion, fps, RIG).values @ RIG.opening_row <= CLOSED + 1e-6).all()
