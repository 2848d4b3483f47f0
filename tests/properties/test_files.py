"""Laws of files: what is written is read again, and a damaged file never passes for another."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from animator.core.motion import Motion
from animator.core.script import Cue
from animator.errors import FormatError
from animator.io.script import parse_script
from animator.io.track import read_motion, write_motion

LETTERS = st.characters(exclude_characters="\0", exclude_categories=("Cs",))


@st.composite
def motions(draw):
    names = draw(st.lists(st.text(LETTERS, min_size=1), max_size=5, unique=True))
    shape = (draw(st.integers(0, 6)), len(names))
    numbers = st.floats(allow_nan=False, allow_infinity=False, width=32)
    fps = Fraction(draw(st.integers(1, 240000)), draw(st.integers(1, 1001)))
    return Motion(names=tuple(names), values=draw(arrays.arrays(np.float32, shape, elements=numbers)), fps=fps)


@given(motion=motions(), recipe=st.text(LETTERS))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_reading_what_was_written_gives_it_back(tmp_path, motion, recipe):
    write_motion(motion, tmp_path / "a.npz", recipe)
    again, told = read_motion(tmp_path / "a.npz")
    assert (again.names, again.fps, told) == (motion.names, motion.fps, recipe)
    np.testing.assert_array_equal(again.values, motion.values)
    assert again.values.tobytes() == motion.values.tobytes(), "the sign of zero too"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    path = tmp_path_factory.mktemp("whole") / "a.npz"
    motion = Motion(names=("jawOpen", "headYaw"), values=np.linspace(0, 1, 20, dtype=np.float32).reshape(10, 2), fps=Fraction(50))
    write_motion(motion, path, "seed = 3\n")
    return path.read_bytes(), motion


@given(data=st.data())
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_file_with_a_changed_byte_is_refused_or_reads_the_same(tmp_path, whole, data):
    content, motion = whole
    at = data.draw(st.integers(0, len(content) - 1))
    changed = bytearray(content)
    changed[at] ^= data.draw(st.integers(1, 255))
    (tmp_path / "a.npz").write_bytes(changed)
    try:
        again, recipe = read_motion(tmp_path / "a.npz")
    except FormatError as error:
        assert "a.npz" in str(error)
    else:
        assert (again.names, again.fps, recipe) == (motion.names, motion.fps, "seed = 3\n")
        np.testing.assert_array_equal(again.values, motion.values)


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_file_cut_short_is_refused(tmp_path, whole, data):
    content, _ = whole
    (tmp_path / "a.npz").write_bytes(content[: data.draw(st.integers(0, len(content) - 1))])
    with pytest.raises(FormatError, match=r"a\.npz"):
        read_motion(tmp_path / "a.npz")


cues = st.builds(
    Cue,
    start=st.floats(0, 1000),
    feeling=st.sampled_from(["neutral", "happy", "happy:0.25", "happy:0.6,surprised:0.4"]),
    intensity=st.floats(0, 1),
    ease=st.floats(0, 5),
)


@given(st.lists(cues, min_size=1, max_size=5, unique_by=lambda cue: cue.start))
def test_a_script_reads_as_the_cues_it_spells_out(script):
    script = tuple(sorted(script, key=lambda cue: cue.start))
    text = 'schema = "animator.Script/1"\n'
    for cue in script:
        text += f'[[cue]]\nstart = {cue.start!r}\nfeeling = "{cue.feeling}"\nintensity = {cue.intensity!r}\nease = {cue.ease!r}\n'
    assert parse_script(text, "a script").cues == script


@given(st.text())
def test_any_text_is_a_script_or_is_refused_in_one_sentence(text):
    from animator.errors import AnimatorError

    try:
        parse_script(text, "a script")
    except AnimatorError as error:
        assert "a script" in str(error)
