"""Laws of feelings for regions of a face, for any feeling and any intensity."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from said import SENTENCE, feeling, said

from animator.core.rig import REGIONS
from animator.generators.visemes import Visemes
from animator.io.rig import load_rig

RIG = load_rig("arkit")
FEELINGS = [name for name in RIG.emotions if name != "neutral"]
WITH = {"mouth": ("mouth", "jaw"), "jaw": ("mouth", "jaw"), "head": ("head", "gaze")}
"""What moves with a region: lips and jaw make contacts together, and eyes that look at something turn against the head."""

regions, names, shares = st.sampled_from(REGIONS), st.sampled_from(FEELINGS), st.floats(0, 1, width=32)
laws = settings(max_examples=25, deadline=None)


def move(sound, felt, **dials):
    return Visemes(**dials).generate(said(sound), feeling(**felt), RIG, np.random.default_rng(3)).values


@laws
@given(regions, names, shares, st.dictionaries(names, shares, max_size=2))
def test_what_a_region_feels_touches_no_other_region(region, name, share, everywhere):
    plain, felt = move(SENTENCE, everywhere), move(SENTENCE, everywhere | {f"{region}/{name}": share})
    others = ~RIG.region(*WITH.get(region, (region,)))
    np.testing.assert_array_equal(plain[:, others], felt[:, others])


@laws
@given(regions, names, shares, shares)
def test_a_region_shows_the_more_of_a_feeling_the_stronger_it_is(region, name, one, other):
    less, more = (
        move("SIL:400", {f"{region}/{name}": share}, blink=0.0, gaze=0.0, head_motion=0.0, breath=0.0)
        for share in sorted((one, other))
    )
    here = RIG.region(region)
    pose = RIG.row(RIG.emotions[name]) - RIG.rest
    assert ((more - less)[:, here] * np.sign(pose[here]) >= -1e-6).all()


@laws
@given(names, shares)
def test_a_feeling_in_all_regions_is_that_of_the_whole_face(name, share):
    np.testing.assert_array_equal(
        move(SENTENCE, {name: share}), move(SENTENCE, {f"{region}/{name}": share for region in REGIONS} | {name: 0.0})
    )


@laws
@given(regions, names, st.dictionaries(names, shares, max_size=2))
def test_a_feeling_of_strength_zero_is_none_to_the_byte(region, name, everywhere):
    plain, zero = move(SENTENCE, everywhere), move(SENTENCE, everywhere | {f"{region}/{name}": 0.0})
    assert plain.tobytes() == zero.tobytes()
