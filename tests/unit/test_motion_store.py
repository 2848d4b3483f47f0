from dataclasses import fields, replace

import numpy as np
import pytest

from animator.core.script import felt
from animator.errors import FormatError, InputError
from animator.io.rig import load_rig
from animator.training.motion.store import (
    HOP,
    REAL,
    STYLE,
    TEACHER,
    Clip,
    Word,
    at_motion_rate,
    collect,
    read_motion_pack,
    write_motion_pack,
)
from animator.training.phones.store import UNKNOWN

RIG = load_rig("arkit")


def _clip(name: str, frames: int, sound: str, seed: int) -> Clip:
    rng = np.random.default_rng(seed)
    heard = np.random.default_rng(frames).integers(-9, 9, frames * HOP).astype(np.int16)
    return Clip(
        name,
        f"person {seed}",
        TEACHER if seed else REAL,
        seed == 2,
        rng.uniform(0, 1, (frames, len(RIG.controls))).astype(np.float16),
        rng.uniform(0, 1, len(RIG.controls)) > 0.5,
        rng.uniform(0, 1, (frames, len(felt(RIG.emotions)))).astype(np.float16),
        np.where(seed, rng.uniform(0, 1, len(STYLE)), np.nan).astype(np.float32),
        rng.integers(-1, 40, frames).astype(np.int8),
        (Word("bin", 0.1, 0.25), Word("blå", 0.25, 0.5))[:seed],
        sound,
        heard,
    )


CLIPS = [_clip("a", 7, "one", 0), _clip("b", 7, "one", 1), _clip("c", 4, "two", 2)]


def test_what_is_packed_comes_back_bit_for_bit_from_the_file(tmp_path):
    write_motion_pack(collect(("grid",), RIG, CLIPS), tmp_path / "pack.npz")
    pack = read_motion_pack(tmp_path / "pack.npz", RIG)
    assert pack.corpora == ("grid",) and len(pack) == 3
    for before, after in zip(CLIPS, pack, strict=True):
        for field in fields(Clip):
            was, now = getattr(before, field.name), getattr(after, field.name)
            if isinstance(was, np.ndarray):
                assert was.dtype == now.dtype and np.array_equal(was, now, equal_nan=was.dtype.kind == "f"), field.name
            elif field.name == "words":
                assert [w.text for w in was] == [w.text for w in now]
                assert np.allclose([w[1:] for w in was], [w[1:] for w in now]) or not was
            else:
                assert was == now


def test_a_sound_that_two_performances_share_is_kept_once():
    pack = collect(("grid",), RIG, CLIPS)
    assert pack.heard.tolist() == [0, 0, 1]
    assert len(pack.samples) == (7 + 4) * HOP


def test_a_sound_of_another_length_than_its_motion_and_a_name_given_twice_are_refused():
    with pytest.raises(InputError, match="not as long"):
        collect(("grid",), RIG, [replace(CLIPS[0], samples=CLIPS[0].samples[:-1])])
    with pytest.raises(InputError, match="one name"):
        collect(("grid",), RIG, [CLIPS[0], CLIPS[0]])
    with pytest.raises(InputError, match="no motion"):
        collect(("grid",), RIG, [])


def test_another_file_is_refused(tmp_path):
    np.savez(tmp_path / "other.npz", schema=np.array("animator.Pack/1"), vocabulary=np.array("x"))
    with pytest.raises(FormatError, match=r"MotionPack/1"):
        read_motion_pack(tmp_path / "other.npz", RIG)
    (tmp_path / "torn.npz").write_bytes(b"torn")
    with pytest.raises(FormatError, match="no motion pack"):
        read_motion_pack(tmp_path / "torn.npz", RIG)


def test_labels_at_the_motion_rate_say_what_is_said_at_each_instant():
    labels = np.array([3, 4, 5, 6, 7], dtype=np.int8)
    assert at_motion_rate(labels, 5).tolist() == [3, 5, 7, UNKNOWN, UNKNOWN]
    assert at_motion_rate(labels, 2).tolist() == [3, 5]
