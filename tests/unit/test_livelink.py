"""Live Link Face: what Unreal's two parsers make of our file, and what we make of the app's files and their kin."""

import re
import warnings
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from animator.core.motion import Motion
from animator.core.take import Take
from animator.errors import FormatError, InputError, LossWarning, UnknownNameError
from animator.exporters.livelink import LiveLink
from animator.importers.livelink import LiveLink as Reader
from animator.io import livelink
from animator.io.rig import load_rig

RIG = load_rig("arkit")
RATES = [Fraction(24), Fraction(25), Fraction(30000, 1001), Fraction(30), Fraction(50), Fraction(60)]
APP_HEADER = (
    "Timecode,BlendShapeCount,EyeBlinkLeft,EyeLookDownLeft,EyeLookInLeft,EyeLookOutLeft,EyeLookUpLeft,EyeSquintLeft,EyeWideLeft,"
    "EyeBlinkRight,EyeLookDownRight,EyeLookInRight,EyeLookOutRight,EyeLookUpRight,EyeSquintRight,EyeWideRight,JawForward,"
    "JawRight,JawLeft,JawOpen,MouthClose,MouthFunnel,MouthPucker,MouthRight,MouthLeft,MouthSmileLeft,MouthSmileRight,"
    "MouthFrownLeft,MouthFrownRight,MouthDimpleLeft,MouthDimpleRight,MouthStretchLeft,MouthStretchRight,MouthRollLower,"
    "MouthRollUpper,MouthShrugLower,MouthShrugUpper,MouthPressLeft,MouthPressRight,MouthLowerDownLeft,MouthLowerDownRight,"
    "MouthUpperUpLeft,MouthUpperUpRight,BrowDownLeft,BrowDownRight,BrowInnerUp,BrowOuterUpLeft,BrowOuterUpRight,CheekPuff,"
    "CheekSquintLeft,CheekSquintRight,NoseSneerLeft,NoseSneerRight,TongueOut,HeadYaw,HeadPitch,HeadRoll,LeftEyeYaw,LeftEyePitch,"
    "LeftEyeRoll,RightEyeYaw,RightEyePitch,RightEyeRoll"
)


def unreal(path, newer):
    """What Unreal's importer makes of a file, by the rules of its two versions; the first row it cannot take ends the import."""
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) >= 2
    header = [cell for cell in lines[0].split(",") if cell]
    assert len(header) >= 3
    assert header[0].casefold() == "timecode"
    assert header[1].casefold() == "blendshapecount"
    rows = []
    for line in lines[1:]:
        cells = [cell for cell in line.split(",") if cell]
        if len(cells) != len(header) or len(cells[0].split(":")) != 4:
            break
        rows.append(cells)
    codes = [[float(field) for field in cells[0].split(":")] for cells in rows]
    rate = 60 if not newer or any(code[3] > 30.0 for code in codes) else 30
    times = np.array([h * 3600 + m * 60 + s + f / rate for h, m, s, f in codes])
    curves = {name: np.array([float(cells[k]) for cells in rows]) for k, name in enumerate(header[2:], start=2)}
    return SimpleNamespace(times=times, curves=curves, rate=rate)


def moving(seconds, fps, seed=0):
    rng = np.random.default_rng(seed)
    values = rng.uniform(RIG.low, RIG.high, (max(1, round(seconds * fps)), len(RIG.names))).astype(np.float32)
    return Motion(RIG.names, values, fps)


def written(folder, motion, start=0, **settings):
    path = folder / "story_1_Ana.csv"
    LiveLink(**settings).export(Take("story_1_Ana", motion, RIG, start=Fraction(start)), path)
    return path


def recorded(folder, times, columns, header=("Timecode", "BlendShapeCount"), name="MySlate_3_iPhone.csv"):
    """A file such as the app writes: timecodes from sixtieths on its clock, then columns by name."""
    path = folder / name
    rows = [[f"{t // 216000:02.0f}:{t // 3600 % 60:02.0f}:{t // 60 % 60:02.0f}:{t % 60:06.3f}", "61"] for t in times]
    for i, row in enumerate(rows):
        row += [f"{values[i]:.10f}" for values in columns.values()]
    path.write_text("\n".join(",".join(row) for row in [[*header, *columns], *rows]) + "\n", encoding="utf-8")
    return path


def read(path, **settings):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return Reader(**settings).read(path)


# --- what is written ---


def test_the_file_has_the_columns_and_the_form_of_the_app(tmp_path):
    lines = written(tmp_path, moving(1, Fraction(30)), start="47584.53").read_bytes().decode().split("\n")
    assert lines[0] == APP_HEADER
    assert lines[-1] == ""
    cells = lines[1].split(",")
    assert re.fullmatch(r"13:13:04:\d\d\.\d{3}", cells[0])
    assert cells[1] == "61"
    assert all(re.fullmatch(r"-?\d\.\d{10}", cell) for cell in cells[2:])
    assert len(cells) == 63


@pytest.mark.parametrize("fps", RATES, ids=str)
@pytest.mark.parametrize("start", ["0", "0.49", "0.9999", "86390"])
@pytest.mark.parametrize("frames", [1, 12, 40])
def test_either_unreal_reads_the_true_times_and_every_curve(frames, start, fps, tmp_path):
    motion = moving(Fraction(frames) / fps, fps)
    path = written(tmp_path, motion, start=start)
    for seen in (unreal(path, newer=False), unreal(path, newer=True)):
        assert seen.rate == 60
        np.testing.assert_allclose(seen.times - seen.times[0], np.arange(frames) / float(fps), atol=2e-5)
        assert 0 <= seen.times[0] - float(Fraction(start)) < 0.52, "only a take within the first half of a second is moved"
        assert list(seen.curves) == APP_HEADER.split(",")[2:]
        for name in livelink.weights(RIG):
            np.testing.assert_allclose(seen.curves[livelink.spelt(name)], motion[name], atol=1e-6)


def test_a_take_that_reaches_past_half_a_second_keeps_its_start(tmp_path):
    assert unreal(written(tmp_path, moving(1, Fraction(25)), start=7), newer=True).times[0] == 7.0


def test_a_field_never_reaches_sixty(tmp_path):
    codes = [line.split(",")[0] for line in written(tmp_path, moving(30, Fraction(60000, 1001))).read_text().splitlines()[1:]]
    assert max(float(code.split(":")[3]) for code in codes) < 60
    assert all(re.fullmatch(r"00:00:\d\d:\d\d\.\d{3}", code) for code in codes)


def test_rotations_have_the_signs_and_units_that_were_measured(tmp_path):
    turned = {"headYaw": 0.3, "headPitch": 0.2, "headRoll": 0.1, "leftEyeYaw": 0.4, "leftEyePitch": 0.25, "rightEyeYaw": 0.35}
    motion = Motion(RIG.names, np.tile(RIG.row(turned), (31, 1)), Fraction(30))
    curves = unreal(written(tmp_path, motion), newer=True).curves
    assert curves["HeadYaw"][0] == pytest.approx(0.3), "to the subject's left"
    assert curves["HeadPitch"][0] == pytest.approx(-0.2), "positive is up, and ours is down"
    assert curves["LeftEyeYaw"][0] == pytest.approx(-0.4), "positive is to the subject's right, and ours is left"
    assert curves["LeftEyePitch"][0] == pytest.approx(0.25), "down"
    assert curves["LeftEyeRoll"][0] == curves["RightEyeRoll"][0] == 0
    degrees = unreal(written(tmp_path, motion, rotation_unit="degrees", flip="HeadRoll, lefteyeyaw"), newer=True).curves
    assert degrees["HeadRoll"][0] == pytest.approx(-np.degrees(0.1))
    assert degrees["LeftEyeYaw"][0] == pytest.approx(np.degrees(0.4))
    assert degrees["RightEyeYaw"][0] == pytest.approx(-np.degrees(0.35))
    shares = unreal(written(tmp_path, motion, rotation_unit="deg180"), newer=True).curves
    assert shares["HeadYaw"][0] == pytest.approx(0.3 / np.pi)


def test_rest_is_written_without_a_sign(tmp_path):
    assert "-" not in written(tmp_path, Motion(RIG.names, np.zeros((40, 59), np.float32), Fraction(30))).read_text()


def test_weights_beyond_their_range_are_limited_and_told(tmp_path):
    values = np.tile(RIG.row({"jawOpen": 0.5}), (40, 1))
    values[:, RIG.columns["jawOpen"]] = 1.0533
    with pytest.warns(LossWarning, match=r"by up to 0\.053"):
        path = written(tmp_path, Motion(RIG.names, values, Fraction(30)))
    assert unreal(path, newer=True).curves["JawOpen"].max() == 1.0


@pytest.mark.parametrize(("setting", "known"), [({"rotation_unit": "turns"}, "radians"), ({"flip": "HeadJaw"}, "HeadYaw")])
def test_settings_that_are_unknown_are_told(setting, known):
    for part in (LiveLink, Reader):
        with pytest.raises(UnknownNameError, match=known):
            part(**setting)


def test_a_timecode_past_midnight_is_refused(tmp_path):
    with pytest.raises(InputError, match="24 hours"):
        written(tmp_path, moving(2, Fraction(30)), start=86399)


# --- what is read ---


@settings(deadline=None, max_examples=25)
@given(st.sampled_from(RATES), st.integers(2, 40), st.integers(0, 10**9))
def test_what_is_written_comes_back_at_its_rate(tmp_path_factory, fps, frames, seed):
    motion = moving(Fraction(frames) / fps, fps, seed)
    back = read(written(tmp_path_factory.mktemp("livelink"), motion, start=Fraction(seed % 80000, 7)))
    assert back.fps == fps
    np.testing.assert_allclose(back.values, motion.values, atol=2e-7)


@pytest.mark.parametrize("unit", list(livelink.UNITS))
def test_a_unit_that_is_named_is_believed_and_signs_can_be_turned(unit, tmp_path):
    motion, flip = moving(1, Fraction(30)), "HeadRoll,LeftEyePitch"
    back = read(written(tmp_path, motion, rotation_unit=unit, flip=flip), rotation_unit=unit, flip=flip)
    np.testing.assert_allclose(back.values, motion.values, atol=1e-6)


@pytest.mark.parametrize("seconds", ["BlendShapeCount", "BlendshapeCount", "blendshapecount"])
def test_recordings_are_read_by_name_in_any_case_and_either_spelling(seconds, tmp_path):
    jaw = np.linspace(0, 1.0533, 40)
    columns = {"jawopen": jaw, "eyeBlink_L": jaw / 2, "MOUTHUPPERUP_r": jaw / 3, "TongueOut": jaw / 4}
    motion = read(recorded(tmp_path, 2855000 + 2.0 * np.arange(40), columns, ("TIMECODE", seconds)))
    assert motion.fps == 30
    np.testing.assert_allclose(motion["jawOpen"], jaw, atol=1e-6)
    np.testing.assert_allclose(motion["eyeBlinkLeft"], jaw / 2, atol=1e-6)
    np.testing.assert_allclose(motion["mouthUpperUpRight"], jaw / 3, atol=1e-6)
    np.testing.assert_allclose(motion["tongueOut"], jaw / 4, atol=1e-6)
    assert not motion["headYaw"].any()


def test_frames_that_the_phone_dropped_are_filled_in_and_told(tmp_path):
    frames = np.delete(np.arange(60), [7, 8, 30])
    path = recorded(tmp_path, 60.0 + 2 * frames, {"JawOpen": frames / 60})
    with pytest.warns(LossWarning, match="lacks 3 of its frames"):
        motion = Reader().read(path)
    assert motion.fps == 30
    np.testing.assert_allclose(motion["jawOpen"], np.arange(60) / 60, atol=1e-6)


def test_the_clock_of_real_sixty_hertz_takes_is_kept(tmp_path):
    """Their rows are 1.001 to 1.002 sixtieths apart, which is 59.9 Hz and neither 60 nor 60000/1001."""
    steps = np.where(np.arange(6000) % 3, 1.002, 1.001)
    times = 36000 + np.concatenate([[0], np.cumsum(steps)])
    motion = read(recorded(tmp_path, times, {"JawOpen": np.arange(6001) / 6001}))
    assert len(motion) == 6001
    assert float((len(motion) - 1) / motion.fps) == pytest.approx((times[-1] - times[0]) / 60, abs=0.25 / 60)


def test_rows_that_keep_no_clock_are_read_off_at_one_and_told(tmp_path):
    times = np.cumsum(np.random.default_rng(1).uniform(1.2, 2.8, 90))
    with pytest.warns(LossWarning, match="no even clock"):
        motion = Reader().read(recorded(tmp_path, times, {"JawOpen": (times - times[0]) / 300}))
    at = np.arange(len(motion)) / float(motion.fps)
    np.testing.assert_allclose(motion["jawOpen"], at * 60 / 300, atol=1e-3)


def test_thirtieths_are_known_by_never_passing_thirty(tmp_path):
    path = tmp_path / "thirtieths.csv"
    codes = [f"10:00:{i // 30:02d}:{i % 30:02d}.000,61,{i / 90:.6f}" for i in range(90)]
    path.write_text("Timecode,BlendShapeCount,JawOpen\n" + "\n".join(codes) + "\n")
    assert read(path).fps == 30


def test_midnight_is_passed(tmp_path):
    times = (24 * 216000 - 20 + 2.0 * np.arange(40)) % (24 * 216000)
    motion = read(recorded(tmp_path, times, {"JawOpen": np.zeros(40)}))
    assert (motion.fps, len(motion)) == (30, 40)


def test_files_of_unreals_own_plug_in_are_read(tmp_path):
    path = tmp_path / "engine.csv"
    rows = [f"1:2:{3 + i // 60}:{i % 60}, 60, {i / 100:.3f}, {i / 1000:.3f}" for i in range(80)]
    path.write_bytes("\r\n".join(["Timecode, FrameRate, JawOpen, HeadYaw", *rows, ""]).encode())
    assert Reader().recognises(path)
    with pytest.warns(LossWarning, match="deg180"):
        motion = Reader().read(path)
    assert motion.fps == 60
    np.testing.assert_allclose(motion["jawOpen"], np.arange(80) / 100, atol=1e-6)
    np.testing.assert_allclose(motion["headYaw"], np.pi * np.arange(80) / 1000, atol=1e-6)


def test_columns_beyond_the_sixty_one_are_left_out_and_told(tmp_path):
    feelings = {str(k): np.full(40, 0.1) for k in range(1, 8)}
    with pytest.warns(LossWarning, match=r"also holds 1, 2, 3, 4, 5, 6 … \(7 in all\)"):
        motion = Reader().read(recorded(tmp_path, 2.0 * np.arange(40), {"JawOpen": np.full(40, 0.5)} | feelings))
    assert motion["jawOpen"].max() == 0.5


def test_fifty_one_columns_and_timecodes_from_zero_are_read(tmp_path):
    columns = {livelink.spelt(name): np.full(40, 0.25) for name in livelink.weights(RIG)[:-1]}
    motion = read(recorded(tmp_path, 2.0 * np.arange(40), columns))
    assert motion["noseSneerRight"].min() == 0.25
    assert not motion["tongueOut"].any()


def test_the_roll_of_eyes_is_left_out_and_told(tmp_path):
    with pytest.warns(LossWarning, match="LeftEyeRoll"):
        Reader().read(recorded(tmp_path, 2.0 * np.arange(40), {"LeftEyeRoll": np.full(40, 0.19), "RightEyeRoll": np.zeros(40)}))


def looking(unit):
    """A look to the subject's right and left; in recordings of the app a full one turns the eye by 0.6 radians."""
    look = np.sin(np.arange(80) / 8)
    yaw = 0.6 * livelink.UNITS[unit] * look
    return {"EyeLookInLeft": np.maximum(look, 0), "EyeLookOutLeft": np.maximum(-look, 0), "LeftEyeYaw": yaw, "HeadYaw": yaw / 2}


def test_a_unit_is_told_by_the_size_of_turns(tmp_path):
    expected = -0.6 * np.sin(np.arange(80) / 8)
    for unit in livelink.UNITS:
        path = recorded(tmp_path, 2.0 * np.arange(80), looking(unit))
        if unit == "radians":
            motion = read(path)
        else:
            with pytest.warns(LossWarning, match=unit):
                motion = Reader().read(path)
        np.testing.assert_allclose(motion["leftEyeYaw"], expected, atol=1e-6)
        np.testing.assert_allclose(motion["headYaw"], -expected / 2, atol=1e-6)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["Timecode,BlendShapeCount,JawOpen", "00:00:00:00.000,61,0"], "1 rows"),
        (["Timecode,BlendShapeCount,JawOpen", "00:00:00:00.000,61,0", "00:00:00:02.000,61"], "line 3: 3 columns"),
        (["Timecode,BlendShapeCount,JawOpen", "00:00:00:00.000,61,", "00:00:00:02.000,61,0"], "line 2, 'JawOpen'"),
        (["Timecode,BlendShapeCount,JawOpen", "00:00:00:00.000,61,0", "00:00:00:02.000,61,wide"], "line 3, 'JawOpen'"),
        (["Timecode,BlendShapeCount,JawOpen", "00:00:00:00.000,61,nan", "00:00:00:02.000,61,0"], "line 2, 'JawOpen'"),
        (["Timecode,BlendShapeCount,JawOpen", "00:00:00:00.000,61,0", "00:00:02,61,0"], "line 3: a timecode"),
        (["Timecode,BlendShapeCount,JawOpen", "00:00:01:00.000,61,0", "00:00:00:02.000,61,0"], "line 3: times rise"),
        (["Timecode,FrameRate,JawOpen", "0:0:0:0,fast,0", "0:0:0:1,60,0"], "line 2: a frame rate"),
        (["Timecode,BlendShapeCount,JawOpen,jawopen", "00:00:00:00.000,61,0,0", "00:00:00:02.000,61,0,0"], "'jawOpen' twice"),
        (["Timecode,BlendShapeCount", "00:00:00:00.000,61", "00:00:00:02.000,61"], "line 1"),
    ],
)
def test_a_bad_file_is_told_with_its_line(lines, told, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("\n".join(lines) + "\n")
    with pytest.raises(FormatError, match=re.escape(told)) as caught:
        Reader().read(path)
    assert "bad.csv" in str(caught.value)
