"""A law of scenes, for any faces and turns."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from animator.core.scene import Face, Scene, Traits, Turn
from animator.errors import InputError
from animator.io.scene import read_scene, scene_to_toml

shares = st.floats(0, 1)
feelings = st.sampled_from(["", "happy:0.7", "brows:angry:0.8,calm", "fear"])
names = st.from_regex(r"[\w-][\w -]{0,8}", fullmatch=True)
numbers = st.floats(allow_nan=False, allow_infinity=False)
plain = st.dictionaries(names, st.one_of(numbers, st.integers(-9, 9), st.booleans(), st.text(), st.lists(numbers, max_size=3)))
said = st.one_of(st.none(), st.text().filter(lambda text: not text.casefold().endswith(".txt")))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where scenes are written, with files in it, below it and beside it."""
    home = tmp_path_factory.mktemp("scenes") / "home"
    (home / "deep").mkdir(parents=True)
    for each in files(home):
        Path(each).touch()
    return home


def files(home):
    return [str(home / "here.x"), str(home / "deep" / "näher, #1.x"), str(home.parent / "beside.x")]


@st.composite
def scenes(draw, home):
    called = draw(st.lists(names, min_size=2, max_size=3, unique_by=str.casefold))
    one = st.sampled_from(files(home))
    faces = [
        Face(
            name,
            mood=draw(feelings),
            traits=draw(st.builds(Traits, *[shares] * 5)),
            inertia=draw(shares),
            contagion=draw(shares),
            feedback=draw(st.floats(0, 2)),
            generator=draw(plain),
            **draw(
                st.one_of(
                    st.just({}), one.map(lambda path: {"photo": path}), one.map(lambda path: {"head": path, "camera": "wide"})
                )
            ),
        )
        for name in called
    ]
    turns = []
    for _ in range(draw(st.integers(1, 3))):
        who = draw(st.sampled_from(called))
        begins = st.one_of(st.floats(0, 86400).map(lambda at: {"at": at}), st.floats(-60, 600).map(lambda gap: {"gap": gap}))
        felt = st.one_of(feelings.map(lambda text: {"emotion": text}), one.map(lambda path: {"script": path}))
        others = st.lists(st.sampled_from([name for name in called if name != who]), unique=True, max_size=2).map(tuple)
        turns.append(Turn(who, draw(one), transcript=draw(said), to=draw(others), **draw(begins), **draw(felt)))
    return Scene(tuple(faces), tuple(turns))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_scene_written_and_read_back_is_the_same(folder, data):
    scene, path = data.draw(scenes(folder)), folder / "scene.toml"
    path.write_text(scene_to_toml(scene, folder), encoding="utf-8")
    assert read_scene(path) == scene


def test_what_is_said_is_not_taken_for_a_file(folder):
    turn = Turn("A", files(folder)[0], transcript="Read me.TXT")
    with pytest.raises(InputError, match=r"turn 1 says 'Read me.TXT'"):
        scene_to_toml(Scene((Face("A"), Face("B")), (turn,)), folder)
