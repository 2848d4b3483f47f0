from fractions import Fraction

import numpy as np
import pytest
from takes import FEW, RATES, take, ten_minutes, turned
from unityparser import UnityDocument

from animator.errors import InputError
from animator.exporters.unity import Unity


def read(given, tmp_path, **settings):
    path = tmp_path / "clip.anim"
    Unity(**settings).export(given, path)
    return UnityDocument.load_yaml(str(path)).entry, path


def numbers(keys):
    """Keys with numbers where the reader gives text."""
    return [
        {name: {a: float(v) for a, v in x.items()} if isinstance(x, dict) else float(x) for name, x in k.items()} for k in keys
    ]


def played(keys, times, part=lambda value: value):
    """What Unity plays: cubic Hermite pieces with the keys' slopes, held at both ends."""
    at = np.array([key["time"] for key in keys])
    value, arrive, leave = (np.array([part(key[name]) for key in keys]) for name in ("value", "inSlope", "outSlope"))
    if len(at) == 1:
        return np.full(len(times), value[0])
    i = np.clip(np.searchsorted(at, times, side="right") - 1, 0, len(at) - 2)
    step = at[i + 1] - at[i]
    u = np.clip((times - at[i]) / step, 0, 1)
    return (
        (2 * u**3 - 3 * u**2 + 1) * value[i]
        + (u**3 - 2 * u**2 + u) * step * leave[i]
        + (3 * u**2 - 2 * u**3) * value[i + 1]
        + (u**3 - u**2) * step * arrive[i + 1]
    )


def weights(clip):
    """Keys of each blend shape."""
    return {curve["attribute"].removeprefix("blendShape."): numbers(curve["curve"]["m_Curve"]) for curve in clip.m_FloatCurves}


@pytest.mark.parametrize("fps", RATES, ids=str)
@pytest.mark.parametrize(("seconds", "tolerance"), [(0.1, 0.0), (0.7, 0.001)])
def test_unity_plays_every_weight_within_the_tolerance(fps, seconds, tolerance, tmp_path):
    given = take(seconds, fps, face=FEW)
    clip, _ = read(given, tmp_path, tolerance=tolerance)
    curves = weights(clip)
    assert list(curves) == [c.name for c in given.rig.controls if c.unit == "weight"]
    times = np.arange(len(given.motion)) / float(fps)
    for name, keys in curves.items():
        assert np.abs(played(keys, times) / 100 - given.motion[name]).max() <= tolerance + 2e-5, name
    assert float(clip.m_SampleRate) == pytest.approx(float(fps))
    assert float(clip.m_AnimationClipSettings["m_StopTime"]) == pytest.approx(times[-1])


def test_between_two_keys_unity_plays_a_straight_line(tmp_path):
    given = take(face=FEW)
    clip, _ = read(given, tmp_path, tolerance=0.01)
    times = np.linspace(0, 1.4, 300)
    for keys in weights(clip).values():
        straight = np.interp(times, [key["time"] for key in keys], [key["value"] for key in keys])
        np.testing.assert_allclose(played(keys, times), straight, atol=1e-3)


def unity_euler(x, y, z):
    """Unity's rotation by Euler degrees: about z, then x, then y, each clockwise for who looks along the axis, left-handed."""
    x, y, z = np.radians([x, y, z])
    about_x = [[1, 0, 0], [0, np.cos(x), -np.sin(x)], [0, np.sin(x), np.cos(x)]]
    about_y = [[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]]
    about_z = [[np.cos(z), -np.sin(z), 0], [np.sin(z), np.cos(z), 0], [0, 0, 1]]
    return np.array(about_y) @ about_x @ about_z


@pytest.mark.parametrize("tolerance", [0.0, 0.001])
def test_head_and_eyes_turn_as_in_the_mirrored_space_of_unity(tolerance, tmp_path):
    given = take(0.7, face=FEW)
    clip, _ = read(given, tmp_path, tolerance=tolerance)
    curves = {curve["path"]: numbers(curve["curve"]["m_Curve"]) for curve in clip.m_EulerCurves}
    assert list(curves) == ["Shoulders/Head", "Shoulders/Head/LeftEye", "Shoulders/Head/RightEye"]
    times = np.arange(len(given.motion)) / 30
    mirror = np.diag([-1.0, 1.0, 1.0])
    for path, start in (
        ("Shoulders/Head", "head"),
        ("Shoulders/Head/LeftEye", "leftEye"),
        ("Shoulders/Head/RightEye", "rightEye"),
    ):
        angles = np.stack([played(curves[path], times, lambda value, axis=axis: value[axis]) for axis in "xyz"], axis=1)
        for shown, ours in zip(angles, turned(given, start), strict=True):
            np.testing.assert_allclose(unity_euler(*shown), mirror @ ours @ mirror, atol=2 * tolerance + 1e-5)


def test_a_positive_pitch_looks_down_and_a_positive_yaw_to_the_left_which_is_minus_x(tmp_path):
    given = take(0.1, face=FEW)
    clip, _ = read(given, tmp_path)
    first = numbers(clip.m_EulerCurves[0]["curve"]["m_Curve"])[0]["value"]
    ahead = unity_euler(first["x"], first["y"], first["z"]) @ [0, 0, 1]
    assert np.sign(ahead[1]) == -np.sign(given.motion["headPitch"][0])
    assert np.sign(ahead[0]) == -np.sign(given.motion["headYaw"][0])


def test_paths_and_names_may_hold_any_letter(tmp_path):
    given = take(0.1, name="yes: # «ja» 'täglich'")
    clip, path = read(given, tmp_path, face="Körper/Gesicht: A", head="", left_eye="", right_eye="")
    assert given.name == clip.m_Name
    assert {curve["path"] for curve in clip.m_FloatCurves} == {"Körper/Gesicht: A"}
    assert clip.m_EulerCurves == []
    assert b"\r" not in path.read_bytes()


def test_the_clip_is_read_and_written_back_byte_for_byte(tmp_path):
    _, path = read(take(0.1, face=FEW), tmp_path, tolerance=0.05)
    before = path.read_bytes()
    UnityDocument.load_yaml(str(path)).dump_yaml(str(tmp_path / "again.anim"))
    assert (tmp_path / "again.anim").read_bytes() == before


def test_a_face_at_rest_for_ten_minutes_takes_three_keys_a_curve(tmp_path):
    given = ten_minutes(Fraction(25), FEW)
    clip, _ = read(given, tmp_path)
    for name, keys in weights(clip).items():
        assert [key["time"] for key in keys] == pytest.approx([0, 14998 / 25, 14999 / 25], abs=1e-4), name
        assert keys[-1]["value"] == pytest.approx(100 * given.motion[name][-1])


def test_a_negative_tolerance_is_refused():
    with pytest.raises(InputError, match="tolerance"):
        Unity(tolerance=-1.0)
