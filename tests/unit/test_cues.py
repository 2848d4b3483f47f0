"""Cues at words, at tags, for a while and once; how they are told; and what a recipe keeps of them."""

import numpy as np
import pytest

from animator.core.audio import Audio
from animator.core.cues import Direction, placed, tagged
from animator.core.emotion import Gesture
from animator.core.features import Word
from animator.core.script import Cue
from animator.directing import directed, saying
from animator.embedders.script import Script
from animator.errors import FormatError, InputError, LossWarning, UnknownNameError
from animator.io.rig import load_rig
from animator.io.script import parse_script, script_to_toml
from animator.recipe import Choice, Recipe, recipe_from_toml, recipe_to_toml

RIG = load_rig("arkit")
FEELINGS = ("neutral", "happy", "sad", "angry")
SOUND = Audio(np.zeros(64000, dtype=np.float32), 16000)
SAID = tuple(
    Word(text, start, start + 0.3)
    for text, start in zip(["i", "am", "so", "glad", "so", "very", "glad"], (0.2, 0.5, 0.8, 1.1, 1.6, 1.9, 2.3), strict=True)
)


def felt(*cues, inertia=0.0):
    return Script(cues, inertia).embed(SOUND, FEELINGS)


def test_a_cue_at_a_word_is_at_each_time_that_it_is_said_and_a_number_says_which():
    at = [cue.start for cue in placed([Cue(word="glad", feeling="happy"), Cue(after="so glad", gesture="nod")], SAID, "here")]
    assert at == pytest.approx([1.1, 1.4, 2.3])
    (second,) = placed([Cue(word="glad#2", feeling="happy", offset=-0.1)], SAID, "here")
    assert (second.start, second.word, second.offset) == (pytest.approx(2.2), "", 0.0)


def test_what_would_begin_before_the_sound_begins_with_it_and_is_told():
    with pytest.warns(LossWarning, match=r"here, cue 2 \(line 7\) would begin 0.30 s before the sound, and begins with it"):
        found = placed([Cue(0.5, "sad", offset=-0.5), Cue(word="i", feeling="happy", offset=-0.5, line=7)], SAID, "here")
    assert [cue.start for cue in found] == [0.0, 0.0]


def test_words_that_are_not_said_are_told_with_cue_and_line():
    with pytest.raises(
        UnknownNameError, match=r"here, cue 1 \(line 9\): there is no word 'gald' in what is said; did you mean 'glad'"
    ):
        placed([Cue(word="gald", feeling="happy", line=9)], SAID, "here")
    with pytest.raises(InputError, match=r"cue 1: .*only by a transcript"):
        placed([Cue(word="glad", feeling="happy")], (), "here")
    with pytest.raises(InputError, match="no time before the speech is heard"):
        felt(Cue(word="glad", feeling="happy"))


def test_tags_act_from_the_next_word_on_and_the_last_one_after_the_last_word():
    said, cues, _ = tagged("I am [happy:0.7] so glad [brows:sad] so very [Brow flash] glad. [nod]", RIG.moves)
    assert said.split() == ["I", "am", "so", "glad", "so", "very", "glad."]
    assert cues == (
        Cue(word="so#1", feeling="happy:0.7"),
        Cue(word="so#2", feeling="brows:sad"),
        Cue(word="glad#2", gesture="brow_flash"),
        Cue(after="glad#2", gesture="nod"),
    )
    assert [cue.start for cue in placed(cues, SAID, "here")] == pytest.approx([0.8, 1.6, 2.3, 2.6])


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("I am\n[happy so glad", "the transcript, line 2: a tag is left open"),
        ("so] glad", "line 1: a tag is left open"),
        ("[happy]", r"'\[happy\]': no word is said"),
        ("I am\n[happy:7] glad", r"line 2, '\[happy:7\]': the weight of a feeling"),
        ("I [] am", r"line 1, '\[\]': a cue has a 'feeling' or a 'gesture', and this one has neither"),
        ("I [brow:sad:1] am", "no face region 'brow'"),
    ],
)
def test_tags_that_cannot_be_read_are_told_with_the_line(text, complaint):
    with pytest.raises(InputError, match=complaint):
        tagged(text, RIG.moves)


@pytest.mark.parametrize(
    ("written", "lines"),
    [
        ('transcript = "I am [sad] so [nod] glad"', [3, 3]),
        ('transcript = """\nI am\n[sad] so\n[nod] glad"""', [5, 6]),
        ('transcript = """I am \\\n  [sad] so \\\n  [sad] glad"""', [4, 5]),
        ("transcript = '''I am\n[look at 1,0] so [look back] glad'''", [4, 4]),
    ],
)
def test_tags_in_a_file_are_told_with_its_lines(written, lines):
    script = parse_script(f'schema = "animator.Script/1"\n# [sad] so\n{written}\n', "here")
    assert [each.line for each in (*script.cues, *script.looks)] == lines
    with pytest.raises(
        FormatError, match=f"here, transcript, line {lines[0]}: a tag is left open" if "\\" not in written else "open"
    ):
        parse_script(f'schema = "animator.Script/1"\n#\n{written.replace("sad]", "sad").replace("1,0]", "1,0")}\n', "here")


def test_text_without_tags_is_what_is_said():
    assert tagged("As  it\nis.", RIG.moves) == ("As  it\nis.", (), ())


def test_a_feeling_that_is_held_goes_back_to_what_was_before():
    emotion = felt(Cue(0.0, "sad:0.4"), Cue(1.0, "happy", hold=1.0, ease=0.2))
    at = {second: (emotion["sad"][int(50 * second)], emotion["happy"][int(50 * second)]) for second in (0.9, 1.5, 2.5)}
    assert at[0.9] == pytest.approx((0.4, 0.0))
    assert at[1.5] == pytest.approx((0.0, 1.0))
    assert at[2.5] == pytest.approx((0.4, 0.0))


def test_a_cue_that_takes_over_before_a_hold_is_over_is_told_with_both_lines():
    cues = (Cue(0.5, "brows:happy", hold=2.0, line=3), Cue(1.0, "sad", line=8), Cue(1.5, "brows:sad", line=12))
    with pytest.warns(
        LossWarning, match=r"the cue in line 3 of the script is held until 2.5 s, but the cue in line 12 takes over at 1.5 s"
    ):
        felt(*cues)


def test_cues_outside_the_sound_and_two_at_once_are_told():
    with pytest.raises(InputError, match=r"the cue in line 5 of the script starts at 4 s, but the sound ends at 4.00 s"):
        felt(Cue(4.0, gesture="nod", line=5))
    with pytest.raises(FormatError, match="cue 2 starts at 1 s, not after"):
        Script((Cue(1.0, "happy"), Cue(1.0, "sad")))
    assert len(Script((Cue(1.0, "brows:happy"), Cue(1.0, "mouth:sad"), Cue(1.0, gesture="nod"))).cues) == 3


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"feeling": "happy"}, "this one by nothing"),
        ({"start": 1.0, "word": "glad", "feeling": "happy"}, "by start and word"),
        ({"start": 1.0}, "neither"),
        ({"start": 1.0, "feeling": "happy", "gesture": "nod"}, "both"),
        ({"word": "#2", "feeling": "happy"}, "words are written"),
        ({"start": 1.0, "feeling": "happy", "hold": -1.0}, "'hold' of a cue"),
        ({"word": "glad", "feeling": "happy", "offset": 61.0}, "'offset' of a cue"),
    ],
)
def test_a_cue_has_one_place_and_one_meaning(settings, complaint):
    with pytest.raises(InputError, match=complaint):
        Cue(**settings)


def test_feelings_with_inertia_come_63_percent_of_the_way_in_its_time():
    emotion = felt(Cue(1.0, "happy", ease=0.0), inertia=0.5)
    assert not emotion["happy"][:50].any()
    assert emotion["happy"][75] == pytest.approx(1 - np.exp(-1), abs=0.02)
    assert (np.diff(emotion["happy"]) >= 0).all()
    np.testing.assert_array_equal(felt(Cue(0.0, "happy"), inertia=0.5)["happy"], 1.0)


def test_gestures_stand_beside_what_is_felt():
    assert felt(Cue(0.5, "happy"), Cue(1.0, gesture="wink", intensity=0.5, hold=0.2)).gestures == (
        Gesture("wink", 1.0, 0.5, 0.2),
    )


def test_what_nobody_knows_is_told_with_its_line_before_anything_is_heard():
    script = parse_script('[[cue]]\nstart = 0\nfeeling = "happy"\n\n[[cue]]\nword = "glad"\ngesture = "Nodd"\n', "'a.toml'")
    with pytest.raises(UnknownNameError, match=r"no gesture 'nodd' in 'a.toml', cue 2 \(line 5\); did you mean 'nod'"):
        directed(Recipe(), script, "'a.toml'")
    script = parse_script('[[cue]]\nstart = 0\nfeeling = "brows:hapy"\n', "'a.toml'")
    with pytest.raises(UnknownNameError, match=r"no feeling 'hapy' in 'a.toml', cue 1 \(line 1\); did you mean 'happy'"):
        directed(Recipe(), script, "'a.toml'")


def test_a_recipe_keeps_a_script_with_its_lines_and_makes_it_again():
    text = 'inertia = 0.4\ntranscript = "I am so glad [nod]"\n[[cue]]\nword = "glad"\nfeeling = "brows:awe:0.5"\nhold = 1.5\n'
    recipe = directed(Recipe(), parse_script(text, "here"))
    again = recipe_from_toml(recipe_to_toml(recipe))
    assert (again.transcript, again.part("embedder")) == ("I am so glad", recipe.part("embedder"))
    assert again.part("embedder").cues == (
        Cue(word="glad", feeling="brows:awe:0.5", hold=1.5),
        Cue(after="glad#1", gesture="nod"),
    )
    assert [cue.line for cue in again.part("embedder").cues] == [3, 2]
    assert again.part("embedder").inertia == 0.4


def test_tags_join_what_is_felt_throughout_or_by_a_script():
    label = Recipe(embedder=Choice("label", {"feelings": "sad:0.2"}))
    assert saying(label, "so [happy] glad").part("embedder").cues == (Cue(0.0, "sad:0.2"), Cue(word="glad#1", feeling="happy"))
    script = Recipe(embedder=Choice("script", {"cues": [{"start": 1.0, "feeling": "sad"}], "inertia": 0.3}))
    told = saying(script, "so [happy] glad").part("embedder")
    assert (told.cues, told.inertia) == ((Cue(1.0, "sad"), Cue(word="glad#1", feeling="happy")), 0.3)
    with pytest.raises(InputError, match="so does the embedder 'voice'"):
        saying(Recipe(embedder=Choice("voice")), "so [happy] glad")
    assert saying(label, "so glad") == Recipe(embedder=label.embedder, transcript="so glad")


def test_a_script_that_says_all_is_written_and_read_back():
    text = script_to_toml(
        Direction(
            (Cue(0.5, "happy:0.3,brows:sad", 0.5, 0.1, 1.0), Cue(after="so glad", gesture="nod", offset=-0.2)), "so glad", 0.25
        )
    )
    assert script_to_toml(parse_script(text, "here")) == text
