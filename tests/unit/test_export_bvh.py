from fractions import Fraction

import numpy as np
import pytest
from bvh import Bvh as Reader
from takes import RATES, take, ten_minutes, turned

from animator.core.motion import Motion
from animator.core.rig import Control, Rig
from animator.core.take import Take
from animator.errors import InputError
from animator.exporters.bvh import Bvh

JOINTS = {"Head": "head", "LeftEye": "leftEye", "RightEye": "rightEye"}


def read(given, tmp_path, **settings):
    Bvh(**settings).export(given, tmp_path / "clip.bvh")
    return Reader((tmp_path / "clip.bvh").read_text(encoding="ascii"))


def about(axis, degrees):
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    matrix = {
        "X": [[1, 0, 0], [0, c, -s], [0, s, c]],
        "Y": [[c, 0, s], [0, 1, 0], [-s, 0, c]],
        "Z": [[c, -s, 0], [s, c, 0], [0, 0, 1]],
    }
    return np.array(matrix[axis])


def posed(reader, joint, frame):
    """A joint's rotation: the product of its channels in their order."""
    matrix = np.eye(3)
    for channel in reader.joint_channels(joint):
        if channel.endswith("rotation"):
            matrix = matrix @ about(channel[0], reader.frame_joint_channel(frame, joint, channel))
    return matrix


@pytest.mark.parametrize("fps", RATES, ids=str)
@pytest.mark.parametrize("seconds", [0.1, 1.5])
def test_head_and_eyes_turn_as_performed(fps, seconds, tmp_path):
    given = take(seconds, fps)
    reader = read(given, tmp_path)
    assert reader.nframes == len(given.motion)
    assert reader.frame_time == pytest.approx(float(1 / fps), abs=1e-9)
    assert reader.get_joints_names() == list(JOINTS)
    for joint, start in JOINTS.items():
        shown = np.stack([posed(reader, joint, frame) for frame in range(reader.nframes)])
        np.testing.assert_allclose(shown, turned(given, start), atol=1e-6)


def test_the_head_stays_in_its_place_and_carries_the_eyes(tmp_path):
    reader = read(take(0.1), tmp_path)
    assert reader.joint_channels("Head")[:3] == ["Xposition", "Yposition", "Zposition"]
    assert [reader.frame_joint_channel(1, "Head", channel) for channel in reader.joint_channels("Head")[:3]] == [0, 0, 0]
    assert reader.joint_parent("LeftEye").name == reader.joint_parent("RightEye").name == "Head"
    left, right = reader.joint_offset("LeftEye"), reader.joint_offset("RightEye")
    assert left == (-right[0], right[1], right[2])
    assert left[0] > 0, "the subject's left is +X"


def test_at_29_97_the_frame_time_does_not_drift_in_ten_minutes(tmp_path):
    given = ten_minutes(Fraction(30000, 1001))
    reader = read(given, tmp_path)
    assert abs(reader.frame_time * reader.nframes - 600) < 0.04
    np.testing.assert_allclose(
        posed(reader, "Head", reader.nframes - 1),
        about("Y", 0.7 / np.pi * 180) @ about("X", 0.5 / np.pi * 180) @ about("Z", 0.4 / np.pi * 180),
        atol=1e-6,
    )


def test_a_rig_without_a_turning_head_is_refused(tmp_path):
    rig = Rig("flat", (Control("open", "mouth"),))
    with pytest.raises(InputError, match="'flat' has no control that turns"):
        Bvh().export(Take("clip", Motion(rig.names, np.zeros((3, 1), np.float32), Fraction(30)), rig), tmp_path / "clip.bvh")


def test_digits_round(tmp_path):
    given = take(0.1)
    reader = read(given, tmp_path, digits=1)
    np.testing.assert_allclose(posed(reader, "Head", 2), turned(given, "head")[2], atol=np.radians(0.1))
    with pytest.raises(InputError, match="digits"):
        Bvh(digits=0)
