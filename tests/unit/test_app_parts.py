"""A clip in parts: only what changed is drawn again, and the joined clip is the one drawn whole."""

import shutil
from fractions import Fraction

import numpy as np
import pytest

import animator
from animator.app import parts as module
from animator.app.cues import changed, cued
from animator.app.desk import Desk
from animator.app.line import Line, choosing, draft
from animator.app.parts import parts
from animator.app.studio import Studio
from animator.io.probe import probe, read_frames

FPS = Fraction(12)
PLAIN = {"ambient_sides": 0, "shadow_size": 16}  # quickly drawn


class Painter:
    """Draws a picture of each row, and remembers which it drew."""

    def __init__(self, rows):
        self.rows, self.drawn = rows, []

    def __call__(self, wanted):
        return animator.Frames(32, 32, FPS, len(wanted), (self.paint(i) for i in wanted), opaque=True)

    def paint(self, i):
        self.drawn.append(int(i))
        return np.full((32, 32, 4), [*(255 * self.rows[i]).astype(np.uint8), 255], dtype=np.uint8)


def performed(count=76):
    return np.linspace(0, 1, 3 * count, dtype=np.float32).reshape(count, 3)


def make(rows, folder, **others):
    painter = Painter(rows)
    return parts(rows, "somebody", painter, FPS, folder, **others), painter


def states(paths):
    return {path.name: (path.read_bytes(), path.stat().st_ino) for path in paths}


def test_a_change_at_four_seconds_leaves_earlier_parts_untouched_and_the_joined_clip_is_the_one_drawn_whole(tmp_path):
    kept, fresh = tmp_path / "kept", tmp_path / "fresh"
    kept.mkdir(), fresh.mkdir()
    before, _ = make(performed(), kept)
    untouched = states(before)
    changed = performed()
    changed[48:] = changed[48:][::-1]
    after, painter = make(changed, kept)
    assert before[:4] == after[:4]
    assert not set(before[4:]) & set(after[4:])
    assert states(after[:4]) == {path.name: untouched[path.name] for path in after[:4]}
    assert painter.drawn == list(range(48, 76))
    whole, other = make(changed, fresh)
    assert other.drawn == list(range(76))
    sound = animator.Audio(np.zeros(16000 * 76 // 12, dtype=np.float32), 16000)
    for paths, name in ((after, "after.mp4"), (whole, "whole.mp4")):
        animator.join_video(paths, sound, tmp_path / name)
    assert probe(tmp_path / "after.mp4").only("video").packets == 76
    pictures = [list(read_frames(tmp_path / name)) for name in ("after.mp4", "whole.mp4")]
    assert np.array_equal(*pictures)
    wanted = (255 * changed).astype(int)
    assert np.abs(np.stack(pictures[0])[:, 16, 16, :3].astype(int) - wanted).max() <= 6


def test_nothing_is_drawn_twice(tmp_path):
    first, _ = make(performed(), tmp_path)
    second, painter = make(performed(), tmp_path)
    assert (first, painter.drawn) == (second, [])


@pytest.mark.parametrize(("count", "wanted"), [(1, [1]), (11, [11]), (12, [12]), (23, [23]), (24, [12, 12]), (30, [12, 18])])
def test_no_part_is_shorter_than_a_second_unless_the_clip_is(tmp_path, count, wanted):
    made, _ = make(performed(count), tmp_path)
    assert [probe(path).only("video").packets for path in made] == wanted


def test_what_is_whole_when_a_job_is_stopped_is_kept_and_nothing_else(tmp_path):
    def stop(done, of):
        assert of == 76
        if done == 30:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make(performed(), tmp_path, on_frame=stop)
    assert len(list(tmp_path.iterdir())) == 2
    _, painter = make(performed(), tmp_path)
    assert painter.drawn == list(range(24, 76))


def test_another_face_or_rate_is_another_part(tmp_path):
    rows = performed(12)
    first = parts(rows, "Ana", Painter(rows), FPS, tmp_path)
    assert first != parts(rows, "Ben", Painter(rows), FPS, tmp_path)
    assert first == parts(rows, "Ana", Painter(rows), FPS, tmp_path)


def test_parts_used_last_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "KEPT", 3)
    old, _ = make(performed(24), tmp_path)
    new, _ = make(1 - performed(24), tmp_path)
    assert not old[0].exists()
    assert set(tmp_path.iterdir()) == {old[1], *new}


def test_a_cue_of_a_line_changed_at_four_seconds_leaves_earlier_parts_of_its_clip_untouched(tmp_path, assets):
    studio = Studio(Desk(tmp_path))
    line = choosing(choosing(Line(assets / "sample_sad.wav"), "generator", "visemes"), "renderer", "soft", **PLAIN)
    line = draft(line, side=16, fps=3)
    before = cued(line, (animator.Cue(0.0, "sad"), animator.Cue(4.0, "happy")))
    after = changed(before, 1, feeling="angry")
    studio.clip(before)
    kept = {path: path.read_bytes() for path in (studio.desk.folder / "parts").iterdir()}
    told = []
    clip = studio.clip(after, progress=lambda share, what: told.append(what))
    made = set((studio.desk.folder / "parts").iterdir()) - set(kept)
    assert (len(kept), len(made)) == (7, 4), "6.7 s in parts of a second; a face changes a little before the cue"
    assert {path: path.read_bytes() for path in kept} == kept
    assert told[-1] == "drawing 12 of 12"
    shutil.rmtree(studio.desk.folder / "parts")
    whole = studio.clip(after, seconds=60, progress=lambda share, what: told.append(what))
    assert told[-1] == "drawing 21 of 21"
    assert np.array_equal(list(read_frames(clip)), list(read_frames(whole)))
    assert probe(clip).only("video").seconds == 7
