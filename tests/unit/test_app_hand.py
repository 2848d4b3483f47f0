"""Direct, by hand: scripts that are opened, looks and curves, each as another line that others can make again."""

import shlex
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import animator
from animator.app.cues import cues, removed
from animator.app.desk import Desk
from animator.app.hand import MODES, freed, looking, looks_of, opened, overlaid, shifts, tell
from animator.app.line import RECIPE_FILE, SCRIPT_FILE, Line, command, companions, dialled, having, script
from animator.app.lips import said
from animator.app.studio import Studio
from animator.app.voices import with_sample
from animator.cli.main import animator as command_line


@pytest.fixture
def studio(tmp_path):
    return Studio(Desk(tmp_path))


@pytest.fixture
def line(studio):
    return dialled(with_sample(Line(), "sample_story", studio), "generator", blink=0.5)


@pytest.fixture
def curves(tmp_path):
    path = tmp_path / "fix.csv"
    path.write_text("time,browInnerUp\n1.0,0.8\n1.5,0.8\n")
    return path


def test_a_script_that_is_opened_directs_all_that_it_tells(line, assets):
    new = opened(line, assets / "directed_all_at_once.toml")
    told = animator.read_script(assets / "directed_all_at_once.toml")
    assert cues(new) == told.cues
    assert (new.recipe.transcript, looks_of(new)) == (told.transcript, told.looks)
    assert new.recipe.generator.settings["blink"] == 0.5
    with pytest.raises(animator.UnknownNameError, match="did you mean 'happy'"):
        path = Path(line.sound).with_name("wrong.toml")
        path.write_text('schema = "animator.Script/1"\n[[cue]]\nstart = 0.0\nfeeling = "hapy"\n')
        opened(line, path)


def test_looks_stand_in_order_are_told_and_shown_when_they_hold(line, studio):
    new = looking(looking(looking(line, "0.3,-0.1,word=party,hold=1"), "0.4,0,1,from=2,to=3.5"), "-0.4,0,from=1")
    assert [look.begins for look in looks_of(new)[:2]] == [1.0, 2.0]
    assert tell(new).splitlines()[1:] == [
        "- Looks at **0.4, 0, 1**, from 2 s to 3.5 s",
        "- Looks at **0.3, -0.1**, at “party”, for 1 s",
    ]
    assert shifts(line, studio.heard(line), 10.0) == []
    spans = shifts(new, studio.heard(new), 10.0)
    assert [(start, end) for start, end, _ in spans[:2]] == [(1.0, 2.0), (2.0, 3.5)]
    assert spans[2][1] - spans[2][0] == pytest.approx(1.0)
    with pytest.raises(animator.InputError, match="'left'"):
        looking(line, "left")
    assert freed(new) == line


def test_curves_of_one_name_take_each_others_place(line, curves):
    one = overlaid(line, animator.Layer(str(curves)))
    two = overlaid(one, animator.Layer(str(curves), "blend", 0.5, 1.0, 2.0))
    assert [layer.mode for layer in two.recipe.layers] == ["blend"]
    assert tell(two) == "- **fix.csv**, blend, from 1 s to 2 s"
    assert freed(two) == line
    for mode in MODES.values():
        animator.Layer(str(curves), mode)


def typed(line, folder, monkeypatch):
    """The motion that the command of a line makes, beside the line's files."""
    for name, text in companions(line).items():
        (folder / name).write_text(text)
    monkeypatch.chdir(folder)
    (folder / line.sound.name).write_bytes(line.sound.read_bytes())
    words = shlex.split(command(line, "typed.motion.npz"))
    assert (
        CliRunner().invoke(command_line, [*words[1:], "--overwrite"], obj={"debug": False}, catch_exceptions=False).exit_code == 0
    )
    return animator.read_motion(folder / "typed.motion.npz")[0].values


def test_the_command_of_a_line_directed_by_hand_makes_the_same_motion(line, studio, curves, assets, tmp_path, monkeypatch):
    scripted = said(looking(opened(line, assets / "directed_all_at_once.toml"), "0.2,0,from=1"), "party", open=1.5)
    assert list(companions(scripted)) == [SCRIPT_FILE]
    assert "generator.looks" not in command(scripted)
    np.testing.assert_array_equal(typed(scripted, tmp_path, monkeypatch), studio.moved(scripted).values)
    laid = overlaid(scripted, animator.Layer(str(curves)))
    assert str(tmp_path) not in companions(laid)[RECIPE_FILE], "no path of the desk is told"
    np.testing.assert_array_equal(typed(laid, tmp_path, monkeypatch), studio.moved(laid).values)
    np.testing.assert_allclose(studio.moved(laid)["browInnerUp"][55:70], 0.8, atol=1e-6)


def test_a_line_without_its_last_cue_needs_no_script(line):
    bare = removed(having(line, embedder=animator.Choice("script", {"cues": [{"start": 0.0, "feeling": "sad"}]})), 0)
    assert (script(bare), dict(companions(bare))) == ("", {})
    assert "--script" not in command(bare) and "--emotion" not in command(bare)
