"""Every rig and every map that is shipped keeps the laws of rigs and maps."""

import tomllib
from fractions import Fraction

import numpy as np
import pytest
import tomli_w

from animator import pipeline
from animator.core.motion import Motion, limit, mirror
from animator.core.rig_map import retarget
from animator.io.rig import BETWEEN, load_rig, parse_rig, rig_names, shipped
from animator.io.rig_map import load_maps, parse_map

MAPS = sorted(name for name in shipped() if BETWEEN in name)
ARKIT = load_rig("arkit")
pytestmark = pytest.mark.filterwarnings("ignore::animator.errors.LossWarning")


def shipped_map(name):
    (only,) = load_maps(*name.split(BETWEEN))
    return only


def moving(rig, frames=12, seed=0):
    """Frames in which a fifth of the controls have left their rest, each by any part of its range."""
    rng = np.random.default_rng(seed)
    share = rng.uniform(0, 1, (frames, len(rig.names))) * (rng.uniform(size=(frames, len(rig.names))) < 0.2)
    end = np.where(rng.uniform(size=len(rig.names)) < 0.5, rig.high, rig.low)
    return Motion(rig.names, (rig.rest + share * (end - rig.rest)).astype(np.float32), Fraction(50))


@pytest.mark.parametrize("name", rig_names())
def test_a_rig_is_called_as_its_file_and_is_mirrored_twice_to_itself(name):
    rig = load_rig(name)
    assert rig.name == name
    motion = moving(rig)
    assert np.array_equal(mirror(mirror(motion, rig), rig).values, motion.values)


@pytest.mark.parametrize("name", rig_names())
def test_a_dial_that_changes_sides_with_its_sign_has_a_range_that_does(name):
    for control in load_rig(name).controls:
        twin = load_rig(name).control(control.mirror)
        assert control.flips == twin.flips
        assert (control.low, control.high) == ((-twin.high, -twin.low) if control.flips else (twin.low, twin.high))


@pytest.mark.parametrize("name", rig_names())
def test_every_rig_is_reached_from_the_canonical_one(name):
    at_rest = Motion(ARKIT.names, ARKIT.rest[None], Fraction(50))
    assert pipeline.retarget(at_rest, "arkit", name).names == load_rig(name).names


@pytest.mark.parametrize("name", MAPS)
def test_a_map_says_what_it_cannot_carry(name):
    text = shipped()[name].read_text(encoding="utf-8")
    assert "\nlost = [" in text, "and what it says is checked when it is read"


@pytest.mark.parametrize("name", shipped())
def test_a_file_that_another_program_writes_anew_says_the_same(name):
    text = shipped()[name].read_text(encoding="utf-8")
    anew = tomli_w.dumps(tomllib.loads(text))
    if BETWEEN in name:
        one, other = parse_map(text, name), parse_map(anew, name)
        assert (one.shares, one.poses, one.unshown) == (other.shares, other.poses, other.unshown)
        assert (one.lost, one.implied, one.remainder) == (other.lost, other.implied, other.remainder)
    else:
        one_rig, other_rig = parse_rig(text, name), parse_rig(anew, name)
        assert one_rig.controls == other_rig.controls
        assert (one_rig.visemes, one_rig.emotions, one_rig.gestures) == (
            other_rig.visemes,
            other_rig.emotions,
            other_rig.gestures,
        )


@pytest.mark.parametrize("name", MAPS)
def test_rest_is_carried_to_rest(name):
    found = shipped_map(name)
    at_rest = Motion(found.source.names, found.source.rest[None], Fraction(50))
    assert np.array_equal(retarget(at_rest, found).values[0], found.target.rest)


@pytest.mark.parametrize("name", MAPS)
def test_what_is_carried_stays_in_the_range_of_its_controls(name):
    found = shipped_map(name)
    for seed in range(3):
        carried = retarget(moving(found.source, seed=seed), found)
        assert np.array_equal(limit(carried, found.target).values, carried.values)


@pytest.mark.parametrize("name", MAPS)
def test_a_face_and_its_mirror_are_carried_to_mirrors(name):
    found = shipped_map(name)
    motion = moving(found.source)
    one = retarget(mirror(motion, found.source), found).values
    other = mirror(retarget(motion, found), found.target).values
    assert np.abs(one - other).max() < 1e-4


@pytest.mark.parametrize("name", [name for name in MAPS if not shipped_map(name).poses])
def test_every_control_that_is_not_lost_or_implied_moves_something(name):
    found = shipped_map(name)
    half = found.source.rest + 0.5 * (found.source.high - found.source.rest)
    heard = [k for k, c in enumerate(found.source.controls) if c.name not in (*found.lost, *found.implied)]
    frames = np.tile(
        np.stack([found.source.rest, half]), (len(heard), 1, 1)
    )  # from rest, or from others if it only takes from them
    ends = []
    for limits in (found.source.low, found.source.high):
        ended = frames.copy()
        ended[np.arange(len(heard)), :, heard] = limits[heard, None]
        ends.append(retarget(Motion(found.source.names, ended.reshape(-1, len(half)), Fraction(50)), found).values)
    moves = np.abs(ends[1] - ends[0]).reshape(len(heard), -1).max(axis=1)
    assert moves.min() > 0.05, found.source.names[heard[int(np.argmin(moves))]]


@pytest.mark.parametrize("there", [name for name in MAPS if not shipped_map(name).poses])
def test_what_is_carried_there_and_back_is_told_there_as_before(there):
    back = BETWEEN.join(reversed(there.split(BETWEEN)))
    if back not in MAPS:
        pytest.skip("no map leads back")
    first, second = shipped_map(there), shipped_map(back)
    single = np.tile(first.source.rest, (len(first.source.names), 1))
    np.fill_diagonal(single, first.source.rest + 0.5 * (first.source.high - first.source.rest))
    once = retarget(Motion(first.source.names, single, Fraction(50)), first)
    again = retarget(retarget(once, second), first)
    assert np.abs(again.values - once.values).max() < 0.03
