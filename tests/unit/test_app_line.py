"""A line and the command that makes the same of it."""

import shlex
import shutil
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

import animator
from animator.app.desk import Desk
from animator.app.line import Line, choosing, command, companions, dialled, draft, having, saying, showing
from animator.app.studio import Studio
from animator.app.voices import worded
from animator.cli.main import animator as command_line

CUES = [{"start": 0.0, "feeling": "sad:0.4"}, {"start": 0.8, "feeling": "surprised:0.8", "ease": 0.3}]


@pytest.fixture
def line(tmp_path, assets):
    sound = tmp_path / "speech.wav"
    shutil.copy(assets / "librivox_young_man.wav", sound)
    return saying(Line(), sound, (assets / "librivox_young_man.txt").read_text().strip())


LINES = {
    "as it comes": lambda line: line,
    "felt": lambda line: choosing(line, "embedder", "label", feelings="happy:0.6,surprised:0.4"),
    "heard": lambda line: having(choosing(line, "embedder", "voice"), transcript=None),
    "directed": lambda line: choosing(line, "embedder", "script", cues=CUES),
    "directed at words": lambda line: choosing(line, "embedder", "script", cues=[{"feeling": "happy", "word": "young"}]),
    "directed in the transcript": lambda line: worded(line, "he was not [angry:0.8] an ill disposed young man"),
    "mannered": lambda line: dialled(having(line, seed=7), "generator", style="calm", style_amount=0.7, blink=0.5),
    "by other parts": lambda line: having(line, encoder=animator.Choice("phones"), generator=animator.Choice("visemes")),
    "with settings of who feels": lambda line: choosing(line, "embedder", "voice", strength=1.2),
}


@pytest.mark.parametrize("change", LINES.values(), ids=LINES)
def test_the_command_makes_the_same_motion(line, change, tmp_path, monkeypatch):
    line = change(line)
    for name, text in companions(line).items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    words = shlex.split(command(line, "typed.motion.npz"))
    done = CliRunner().invoke(command_line, words[1:], obj={"debug": False}, catch_exceptions=False)
    assert (words[0], done.exit_code) == ("animator", 0)
    typed, recipe = animator.read_motion(tmp_path / "typed.motion.npz")
    shown = Studio(Desk(tmp_path)).moved(line)
    assert typed.names == shown.names
    np.testing.assert_array_equal(typed.values, shown.values)
    assert animator.recipe_from_toml(recipe).seed == line.recipe.seed


def test_the_command_makes_the_same_picture(line, tmp_path, monkeypatch):
    line = dialled(draft(line, side=64, fps=2), "head", age=61.0, skin="olive", hair="dark brown", ancestry={"asian": 0.4})
    line = having(line, picture=replace(line.recipe.picture, camera="three-quarter", background="#2f5d50"))
    monkeypatch.chdir(tmp_path)
    words = shlex.split(command(line, "typed.mov"))
    assert CliRunner().invoke(command_line, words[1:], obj={"debug": False}, catch_exceptions=False).exit_code == 0
    assert (tmp_path / "typed.mov").read_bytes() == Studio(Desk(tmp_path)).clip(line, ".mov").read_bytes()


def test_a_line_is_a_value(line):
    again = having(line, seed=line.recipe.seed)
    assert (again, hash(again)) == (line, hash(line))
    assert having(line, seed=9) != line


def test_nobody_has_agreed_to_another_line_or_to_speak_in_anothers_photo(line, tmp_path):
    asked = replace(showing(line, tmp_path / "face.png"), agreed=True)
    assert not saying(asked, line.sound).agreed
    assert not showing(asked, tmp_path / "other.png").agreed
    assert choosing(asked, "embedder", "label", feelings="sad").agreed


def test_a_draft_performs_the_same_and_keeps_its_shape(line):
    wide = having(line, picture=replace(line.recipe.picture, width=720, height=480))
    small = draft(wide)
    assert (small.recipe.picture.width, small.recipe.picture.height, small.recipe.picture.fps) == (256, 170, 12)
    assert replace(small.recipe, picture=wide.recipe.picture) == wide.recipe
