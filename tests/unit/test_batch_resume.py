import os
from dataclasses import replace
from functools import partial

import pytest

from animator.batch.fingerprint import digest, sound_of
from animator.batch.formats import known_formats
from animator.batch.journal import DRAFTS, FOLDER, JOURNAL, Origin, keeping, recall
from animator.batch.lists import read_list
from animator.batch.plan import Defaults, plan
from animator.batch.resume import ASKED, GONE, NEW, ROW, SOUND, STOPPED, forgotten, standings
from animator.cli.batch import assembled
from animator.errors import FormatError, InputError


@pytest.fixture
def jobs(tmp_path):
    """Two lines, of which nothing is made."""
    (tmp_path / "lines.csv").write_text("file,formats\na.wav,csv motion\nb.wav,csv\n")
    for name in ("a.wav", "b.wav"):
        (tmp_path / name).write_bytes(name.encode())
    rows = read_list(tmp_path / "lines.csv")
    return plan(rows, tmp_path, tmp_path / "out", known_formats({}), Defaults(), partial(assembled, {}, tmp_path))


def made(jobs, folder):
    """Make them, as far as the journal can see."""
    with keeping(folder) as journal:
        for job in jobs:
            journal.begin(output.key for output in job.outputs)
            for output in job.outputs:
                output.path.parent.mkdir(parents=True, exist_ok=True)
                output.path.write_text("made")
            journal.finish({output.key: Origin(output.settings, sound_of(job)) for output in job.outputs})


def reasons(jobs, folder, **asked):
    return [each.why for each in standings(jobs, recall(folder), **asked)]


def test_what_is_finished_is_kept(jobs, tmp_path):
    out = tmp_path / "out"
    assert reasons(jobs, out) == [(NEW,), (NEW,)]
    made(jobs, out)
    assert all(each.finished for each in standings(jobs, recall(out)))
    assert reasons(jobs, out, again=True) == [(ASKED,), (ASKED,)]


def test_what_changed_is_made_again_and_the_reason_told(jobs, tmp_path):
    out = tmp_path / "out"
    made(jobs, out)
    (tmp_path / "b.wav").write_bytes(b"another take")
    assert reasons(jobs, out) == [(), (SOUND,)]
    changed = replace(jobs[0], outputs=(replace(jobs[0].outputs[0], settings="other"), jobs[0].outputs[1]))
    (found, _) = standings((changed, jobs[1]), recall(out))
    assert found.why == (ROW,)
    assert [output.key for output in found.job.outputs] == ["a.csv"]
    assert [output.key for output in found.kept] == ["a.motion.npz"]
    (out / "a.motion.npz").unlink()
    assert reasons(jobs, out) == [(GONE,), (SOUND,)]
    (tmp_path / "a.wav").unlink()
    assert reasons(jobs, out) == [(SOUND, GONE), (SOUND,)]


def test_what_was_begun_is_made_again_and_may_be_written_over(jobs, tmp_path):
    out = tmp_path / "out"
    with keeping(out) as journal:
        journal.begin(["a.csv"])
    (out / "a.csv").write_text("moved into place, but the kill came before the journal knew")
    first, second = standings(jobs, recall(out))
    assert first.why == (STOPPED, NEW)
    assert [output.replace for output in first.job.outputs] == [True, False]
    assert second.why == (NEW,)


def test_what_is_being_made_again_is_not_finished_until_it_is(jobs, tmp_path):
    out = tmp_path / "out"
    made(jobs, out)
    with keeping(out) as journal:
        journal.begin(["b.csv"])
    assert reasons(jobs, out) == [(), (STOPPED,)]


def test_files_of_others_are_in_the_way_until_they_may_be_replaced(jobs, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    for name in ("a.csv", "b.csv"):
        (out / name).write_text("precious")
    with pytest.raises(InputError, match=r"a\.csv' and 1 more were made by no batch .* --overwrite"):
        standings(jobs, recall(out))
    assert all(output.replace for each in standings(jobs, recall(out), overwrite=True) for output in each.job.outputs)


def test_what_no_line_makes_any_more_is_known(jobs, tmp_path):
    out = tmp_path / "out"
    made(jobs, out)
    assert forgotten(jobs[:1], recall(out)) == ["b.csv"]
    assert forgotten(jobs, recall(out)) == []


# --- the journal ---


def test_a_journal_cut_off_anywhere_forgets_no_line_before_the_cut(jobs, tmp_path):
    out = tmp_path / "out"
    made(jobs, out)
    path = out / FOLDER / JOURNAL
    whole = path.read_bytes()
    kept = []
    for length in range(whole.index(b"\n") + 1, len(whole) + 1):
        path.write_bytes(whole[:length])
        kept.append(len(recall(out).finished))
    assert kept == sorted(kept)
    assert (kept[0], kept[-1]) == (0, 3)
    path.write_bytes(whole[:-5])
    with keeping(out) as journal:
        journal.finish({"b.csv": Origin("s", "s")})
    assert recall(out).finished.keys() == {"a.csv", "a.motion.npz", "b.csv"}


@pytest.mark.parametrize("content", ["", "notes\n", '{"schema": "animator.Batch/9"}\n', '{"schema": "animator.Batch/1"}\nnull\n'])
def test_what_is_no_journal_is_told_and_not_written_over(jobs, tmp_path, content):
    path = tmp_path / "out" / FOLDER / JOURNAL
    path.parent.mkdir(parents=True)
    path.write_text(content)
    with pytest.raises(FormatError, match=r"journal\.jsonl' is no journal"):
        recall(tmp_path / "out")
    with pytest.raises(FormatError), keeping(tmp_path / "out"):
        pass
    assert path.read_text() == content


@pytest.mark.skipif(os.name != "posix", reason="the lock is POSIX's")
def test_two_batches_are_never_at_work_in_one_folder(tmp_path):
    with keeping(tmp_path), pytest.raises(InputError, match="another batch is at work"), keeping(tmp_path):
        pass
    with keeping(tmp_path):
        pass


def test_drafts_of_a_batch_that_was_killed_are_cleared_away(tmp_path):
    left = tmp_path / FOLDER / DRAFTS / "half"
    left.mkdir(parents=True)
    with keeping(tmp_path) as journal:
        assert not left.exists()
        assert journal.drafts.is_dir()
    assert {path.name for path in (tmp_path / FOLDER).iterdir()} == {JOURNAL}


def test_a_digest_tells_files_and_folders_apart_by_what_they_hold(tmp_path):
    (tmp_path / "look").mkdir()
    empty = digest(tmp_path / "look")
    (tmp_path / "look" / "skin.txt").write_text("pale")
    pale = digest(tmp_path / "look")
    (tmp_path / "look" / "skin.txt").rename(tmp_path / "look" / "hair.txt")
    assert (
        len({empty, pale, digest(tmp_path / "look"), digest(tmp_path / "look" / "hair.txt"), digest(tmp_path / "nowhere")}) == 5
    )
    assert digest(tmp_path / "nowhere") == ""
