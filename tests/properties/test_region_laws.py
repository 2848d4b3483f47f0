"""Laws of feelings and of regions of a face, for any feeling and any intensity, whoever moves the face."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from said import SENTENCE, feeling, said

from animator.core.emotion import ALL
from animator.core.rig import REGIONS
from animator.generators.learned import Learned
from animator.generators.visemes import Visemes
from animator.io.rig import load_rig

RIG = load_rig("arkit")
FEELINGS = [name for name in RIG.emotions if name != "neutral"]
WITH = {"mouth": ("mouth", "jaw"), "jaw": ("mouth", "jaw"), "head": ("head", "gaze")}
"""What moves with a region: lips and jaw make contacts together, and eyes that look at something turn against the head."""

STILL = {"blink": 0.0, "gaze": 0.0, "head_motion": 0.0, "breath": 0.0}
MUTE = ("brows", "eyes", "nose", "cheeks")
"""Regions in which nothing gives way to what the lips must do."""

regions, names, shares = st.sampled_from(REGIONS), st.sampled_from(FEELINGS), st.floats(0, 1, width=32)
laws = settings(max_examples=8, deadline=None)
whoever = pytest.mark.parametrize("kind", [Visemes, Learned])


def move(kind, sound, felt, **dials):
    return kind(**dials).generate(said(sound), feeling(**felt), RIG, np.random.default_rng(3)).values


def of(region, name):
    return name if region == ALL else f"{region}/{name}"


@whoever
@laws
@given(regions, names, shares, st.dictionaries(names, shares, max_size=2))
def test_what_a_region_feels_touches_no_other_region(kind, region, name, share, everywhere):
    plain, felt = move(kind, SENTENCE, everywhere), move(kind, SENTENCE, everywhere | {of(region, name): share})
    others = ~RIG.region(*WITH.get(region, (region,)))
    np.testing.assert_array_equal(plain[:, others], felt[:, others])


@whoever
@pytest.mark.parametrize("name", FEELINGS)
@settings(max_examples=2, deadline=None)
@given(region=st.sampled_from(REGIONS), one=shares, other=shares)
@example(region=ALL, one=0.3, other=0.7)
def test_a_face_shows_the_more_of_a_feeling_the_stronger_it_is(kind, name, region, one, other):
    less, more, most = (move(kind, "SIL:600", {of(region, name): share}, **STILL) for share in (*sorted((one, other)), 1.0))
    here = RIG.region(*(REGIONS if region == ALL else (region,)))
    towards = np.sign(most - move(kind, "SIL:600", {}, **STILL))
    pose = np.sign(RIG.row(RIG.emotions[name]) - RIG.rest)
    assert ((more - less) * towards >= 0.0)[:, here].all()
    assert ((more - less) * pose >= 0.0)[:, here].all(), "and towards its pose"
    assert (towards[:, here] != 0).any() == (pose[here] != 0).any()


@whoever
@pytest.mark.parametrize("turn", range(len(FEELINGS)))
def test_each_region_shows_the_more_of_each_feeling_the_stronger_it_is(kind, turn):
    """Each region feels another feeling at once; after as many turns as there are feelings, each region has felt each."""
    felt = {region: FEELINGS[(k + turn) % len(FEELINGS)] for k, region in enumerate(REGIONS)}
    less, more = (move(kind, "SIL:600", {of(*each): share for each in felt.items()}, **STILL) for share in (0.4, 0.8))
    for region, name in felt.items():
        pose, here = np.sign(RIG.row(RIG.emotions[name]) - RIG.rest), RIG.region(region)
        gain = (more - less) * pose
        assert (gain[:, here] >= 0.0).all(), (region, name)
        assert (gain[:, here & (pose != 0)] > 0.0).any(axis=0).all(), (region, name)


@whoever
@laws
@given(st.sampled_from([ALL, *MUTE]), names, shares, shares)
def test_so_it_is_while_it_speaks_where_nothing_gives_way_to_lips(kind, region, name, one, other):
    less, more = (move(kind, SENTENCE, {of(region, name): share}, **STILL) for share in sorted((one, other)))
    pose = np.sign(RIG.row(RIG.emotions[name]) - RIG.rest) * RIG.region(*(MUTE if region == ALL else (region,)))
    assert ((more - less) * pose >= -1e-6).all()


@whoever
@laws
@given(names, shares)
def test_a_feeling_in_all_regions_is_that_of_the_whole_face(kind, name, share):
    np.testing.assert_array_equal(
        move(kind, SENTENCE, {name: share}),
        move(kind, SENTENCE, {of(region, name): share for region in REGIONS} | {name: 0.0}),
    )


@whoever
@laws
@given(st.sampled_from([ALL, *REGIONS]), names, st.dictionaries(names, shares, max_size=2))
def test_a_feeling_of_strength_zero_is_none_to_the_byte(kind, region, name, everywhere):
    plain, zero = move(kind, SENTENCE, everywhere), move(kind, SENTENCE, {of(region, name): 0.0} | everywhere)
    assert plain.tobytes() == zero.tobytes()
