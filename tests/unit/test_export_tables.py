"""Curve tables and plain tables, as those who read them see them."""

import json
import re
import runpy
import sys
import types
from fractions import Fraction

import numpy as np
import pandas
import pyarrow.parquet
import pytest

from animator.core.motion import Motion
from animator.core.take import Take
from animator.errors import FormatError, InputError, LossWarning, UnknownNameError
from animator.exporters.csv import Csv
from animator.exporters.curvetable import CurveTable
from animator.exporters.metahuman import MetaHuman
from animator.exporters.npz import Npz
from animator.exporters.parquet import Parquet
from animator.importers.csv import Csv as CsvReader
from animator.io.rig import load_rig
from animator.io.track import read_motion

NTSC = Fraction(30000, 1001)


def take(rig="arkit", frames=75, fps=NTSC, recipe='seed = 1\nname = "Ana\'s \\"\\"\\""\n'):
    """Smooth curves, half of which rest for a while."""
    controls = load_rig(rig)
    at = np.arange(frames)[:, None] / float(fps)
    wave = np.maximum(0, np.sin(at * np.linspace(1, 9, len(controls.names)) + np.arange(len(controls.names))))
    values = (controls.rest + wave * (controls.high - controls.rest)).astype(np.float32)
    return Take("line 1", Motion(controls.names, values, fps), controls, sound="line 1.wav", recipe=recipe)


# --- plain tables ---


def test_pandas_reads_plain_curves_to_the_last_bit(tmp_path):
    given = take()
    Csv().export(given, tmp_path / "clip.csv")
    table = pandas.read_csv(tmp_path / "clip.csv", dtype=np.float32)
    assert list(table) == ["time", *given.motion.names]
    np.testing.assert_array_equal(table[list(given.motion.names)], given.motion.values)
    np.testing.assert_allclose(pandas.read_csv(tmp_path / "clip.csv")["time"], np.arange(75) * 1001 / 30000, atol=1e-9)


@pytest.mark.parametrize("compression", ["zstd", "snappy", "gzip", "none"])
def test_pandas_reads_parquet_and_its_metadata_tell_the_rest(compression, tmp_path):
    given = take()
    Parquet(compression=compression).export(given, tmp_path / "clip.parquet")
    table = pandas.read_parquet(tmp_path / "clip.parquet")
    assert list(table) == ["time", *given.motion.names]
    assert table.dtypes.astype(str).tolist() == ["float64", *["float32"] * 59]
    np.testing.assert_array_equal(table.drop(columns="time"), given.motion.values)
    np.testing.assert_allclose(table["time"], np.arange(75) * 1001 / 30000, atol=1e-12)
    about = {k.decode(): v.decode() for k, v in pyarrow.parquet.read_schema(tmp_path / "clip.parquet").metadata.items()}
    assert (about["fps"], about["rig"], about["recipe"]) == ("30000/1001", "arkit", given.recipe)
    assert about["digitalSourceType"].startswith("http://cv.iptc.org/")


def test_a_compression_that_is_unknown_is_told():
    with pytest.raises(InputError, match="zstd, snappy, gzip or none"):
        Parquet(compression="rar")


def test_numpy_reads_the_arrays_and_so_do_we(tmp_path):
    given = take()
    Npz().export(given, tmp_path / "clip.npz")
    arrays = np.load(tmp_path / "clip.npz", allow_pickle=False)
    assert arrays["names"].tolist() == list(given.motion.names)
    np.testing.assert_array_equal(arrays["values"], given.motion.values)
    assert Fraction(*arrays["fps"].tolist()) == NTSC
    assert read_motion(tmp_path / "clip.npz")[1] == given.recipe


def test_curves_of_other_programs_are_read_in_any_case_and_with_gaps(tmp_path):
    path = tmp_path / "other.csv"
    rows = [f"{i / 25:.3f},{i / 100}" for i in range(40) if i not in (5, 6)]
    path.write_bytes("\ufeffTime,JawOpen\r\n".encode() + "\r\n".join(rows).encode())
    assert CsvReader().recognises(path)
    with pytest.warns(LossWarning, match="lacks 2 of its frames"):
        motion = CsvReader().read(path)
    assert motion.fps == 25
    np.testing.assert_allclose(motion["jawOpen"], np.arange(40) / 100, atol=1e-6)


@pytest.mark.parametrize(
    ("text", "kind", "told"),
    [
        ("time,jawOpne\n0,0\n0.1,0\n", UnknownNameError, "did you mean 'jawOpen'"),
        ("time,jawOpen\n0,0\n0.1,0,0\n", FormatError, "line 3: 2 columns"),
        ("time,jawOpen\n0,0\n0.1,x\n", FormatError, "line 3, 'jawOpen'"),
        ("time,jawOpen\n0,0\n\n0,0\n", FormatError, "line 4: times rise"),
        ("time,jawOpen\n0,0\n", FormatError, "1 rows"),
        ("jawOpen,time\n0,0\n1,1\n", FormatError, "line 1"),
        ('time,jawOpen\n0,"0\n', FormatError, "comma-separated"),
    ],
)
def test_a_bad_table_is_told_with_its_line(text, kind, told, tmp_path):
    (tmp_path / "bad.csv").write_text(text)
    with pytest.raises(kind, match=re.escape(told)) as caught:
        CsvReader().read(tmp_path / "bad.csv")
    assert "bad.csv" in str(caught.value)


# --- Unreal ---


def unreal_curve_table(path):
    """Curves by name as Unreal's table importer takes them: the first cell is passed over, times are unique, rows are whole."""
    first, *rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    assert rows
    times = np.array([float(cell) for cell in first[1:]])
    assert len(set(times)) == len(times)
    assert all(len(row) == len(first) and all(row) for row in rows)
    assert len({row[0] for row in rows}) == len(rows)
    return times, {row[0]: np.array([float(cell) for cell in row[1:]]) for row in rows}


@pytest.mark.parametrize("rig", ["arkit", "metahuman"])
@pytest.mark.parametrize("frames", [1, 75])
def test_a_curve_table_holds_every_curve_on_one_time_axis(rig, frames, tmp_path):
    given = take(rig, frames)
    CurveTable().export(given, tmp_path / "clip.csv")
    times, curves = unreal_curve_table(tmp_path / "clip.csv")
    np.testing.assert_allclose(times, np.arange(frames) * 1001 / 30000, atol=1e-6)
    assert tuple(curves) == given.motion.names
    np.testing.assert_allclose(np.stack(list(curves.values()), axis=1), given.motion.values, rtol=1e-5)


class Editor(types.ModuleType):
    """Unreal's scripting interface as far as the script uses it, by its documented rules: a curve exists before it has keys."""

    class AnimSequence:
        def __init__(self, seconds, curves):
            self.seconds, self.curves, self.saved = seconds, curves, False

        def get_name(self):
            return "AS_Face"

    def __init__(self, *selected):
        super().__init__("unreal")
        self.told = []
        self.log = self.log_warning = self.log_error = self.told.append
        self.RawCurveTrackTypes = types.SimpleNamespace(RCT_FLOAT="float")
        self.EditorUtilityLibrary = types.SimpleNamespace(get_selected_assets=lambda: list(selected))
        self.EditorAssetLibrary = types.SimpleNamespace(save_loaded_asset=lambda sequence: setattr(sequence, "saved", True))
        self.AnimationLibrary = self

    def does_curve_exist(self, sequence, name, kind):
        assert kind == "float"
        return name in sequence.curves

    def remove_curve(self, sequence, name):
        del sequence.curves[name]

    def add_curve(self, sequence, name, kind, metadata):
        assert kind == "float"
        assert not metadata
        assert name not in sequence.curves
        sequence.curves[name] = []

    def add_float_curve_keys(self, sequence, name, times, values):
        assert len(times) == len(values)
        assert (np.diff(times) > 0).all()
        sequence.curves[name] += zip(times, values, strict=True)

    def get_sequence_length(self, sequence):
        return sequence.seconds


def run_in(editor, script, monkeypatch):
    monkeypatch.setitem(sys.modules, "unreal", editor)
    runpy.run_path(str(script), run_name="__main__")
    return editor.told


def assert_within(keys, motion, tolerance):
    frames = np.arange(len(motion)) / float(motion.fps)
    for name in motion.names:
        times, values = keys(name)
        assert np.abs(np.interp(frames, times, values) - motion[name]).max() <= tolerance + 2e-5, name


@pytest.mark.parametrize("tolerance", [0.0, 0.001, 0.02])
def test_curves_of_a_metahuman_are_sparse_and_within_the_tolerance(tolerance, tmp_path):
    given = take("metahuman")
    MetaHuman(tolerance=tolerance).export(given, tmp_path / "line.json")
    table = json.loads((tmp_path / "line.json").read_text(encoding="utf-8"))
    assert table["frameRate"] == [30000, 1001]
    assert (table["name"], table["sound"], table["recipe"]) == ("line 1", "line 1.wav", given.recipe)
    assert set(table["curves"]) == set(given.motion.names)
    assert all(name.startswith("CTRL_expressions_") for name in table["curves"])
    assert_within(lambda name: tuple(table["curves"][name].values()), given.motion, tolerance)
    keys = sum(len(curve["times"]) for curve in table["curves"].values())
    assert keys < {0.0: 1, 0.001: 0.7, 0.02: 0.4}[tolerance] * given.motion.values.size


def test_the_script_adds_the_curves_to_the_sequences_that_are_selected(tmp_path, monkeypatch):
    given, name = take("metahuman"), "CTRL_expressions_jawOpen"
    MetaHuman().export(given, tmp_path / "line.py")
    first = Editor.AnimSequence(10.0, {name: [(0.0, 1.0)], "Mine": [(0.0, 0.5)]})
    second = Editor.AnimSequence(1.0, {})
    told = run_in(Editor(first, "a texture", second), tmp_path / "line.py", monkeypatch)
    assert first.curves["Mine"] == [(0.0, 0.5)]
    for sequence in (first, second):
        assert sequence.saved
        assert_within(lambda name, of=sequence: tuple(zip(*of.curves[name], strict=True)), given.motion, 0.001)
    assert sum("251 curves for AS_Face" in line for line in told) == 2
    assert sum("lengthen" in line for line in told) == 1, "the second lasts 1 s, and the curves 2.5 s"


def test_the_script_says_what_to_select(tmp_path, monkeypatch):
    MetaHuman().export(take("metahuman"), tmp_path / "line.py")
    (told,) = run_in(Editor("a texture"), tmp_path / "line.py", monkeypatch)
    assert "select an animation sequence" in told


def test_a_tolerance_that_bounds_nothing_is_refused():
    with pytest.raises(InputError, match="0 or more"):
        MetaHuman(tolerance=-1.0)
