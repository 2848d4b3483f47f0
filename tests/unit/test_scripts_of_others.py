"""Scripts of other programs, as the cues that they amount to; what is wrong with them is told with its line."""

import pytest

from animator.core.look import Look
from animator.core.script import Cue
from animator.directing import directed
from animator.errors import FormatError, InputError, LossWarning, UnknownNameError
from animator.io.categories import names
from animator.io.rig import load_rig
from animator.io.script import read_script
from animator.io.scripts.emotionml import CATEGORIES
from animator.io.scripts.ssml import STYLES
from animator.recipe import Recipe

KNOWN = set(names(load_rig("arkit").emotions))


def script(folder, name, text):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    found = read_script(path)
    directed(Recipe(), found)  # all of its names are known
    return found


# --- EmotionML ---

EMOTIONML = """<?xml version="1.0" encoding="UTF-8"?>
<emotionml version="1.0" xmlns="http://www.w3.org/2009/10/emotionml"
           category-set="http://www.w3.org/TR/emotion-voc/xml#big6">
  <emotion start="2500" end="4000"><category name="anger" value="0.5"/><category name="disgust" value="0.25"/></emotion>
  <emotion start="500" duration="1000"><category name="happiness"/></emotion>
</emotionml>
"""


def test_emotionml_is_cues_that_hold_in_the_order_of_their_starts(tmp_path):
    assert script(tmp_path, "a.emotionml", EMOTIONML).cues == (
        Cue(0.5, "happiness:1", hold=1.0),
        Cue(2.5, "anger:0.5,disgust:0.25", hold=1.5),
    )
    assert [cue.line for cue in script(tmp_path, "a.xml", EMOTIONML).cues] == [5, 4]


def test_a_trace_is_a_cue_for_each_sample(tmp_path):
    trace = '<category name="happiness"><trace freq="10Hz" samples="0.1 0.2 0.5"/></category>'
    text = EMOTIONML.replace('<category name="happiness"/>', trace)
    cues = script(tmp_path, "a.xml", text).cues
    assert [(cue.start, cue.feeling) for cue in cues[:4]] == [
        (0.5, "happiness:0.1"), (0.6, "happiness:0.2"), (0.7, "happiness:0.5"), (1.5, "neutral")
    ]  # fmt: skip
    assert cues[0].ease == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("old", "new", "kind", "complaint"),
    [
        ("emotionml", "emotion-ml", FormatError, r"line 2: the root is <emotionml>, not <emotion-ml> \(assertion 101\)"),
        ("xml#big6", "xml#pad-dimensions", FormatError, r"line 4: 'pad-dimensions' is no vocabulary for a category-set"),
        ('<emotion start="500"', '<emotion version="1.1" start="500"', FormatError, r"line 5: .*'1.1' \(assertion 172\)"),
        ('category-set="http://www.w3.org/TR/emotion-voc/xml#big6"', "", FormatError, r"line 4: .*needs a category-set.*210"),
        (
            'name="anger"',
            'name="angry"',
            UnknownNameError,
            r"no category 'angry' in .*line 4.*\(assertion 212\); did you mean 'anger'",
        ),
        (
            'value="0.5"/>',
            'value="0.5"><trace freq="1Hz" samples="1"/></category>',
            FormatError,
            r"line 4: .*not both \(assertion 216\)",
        ),
        ('value="0.5"', 'value="1.5"', FormatError, r"line 4: a value lies in \[0, 1\], not 1.5"),
        ('value="0.5"', 'value="lots"', FormatError, "line 4: 'value' is a number, not 'lots'"),
        ('start="2500"', 'start="5000"', FormatError, "line 4: an emotion starts at 0 or later and ends after its start"),
        ("</emotion>", "", FormatError, "'a.xml' is not well-formed XML: mismatched tag: line 6"),
        ("<emotionml", "<!DOCTYPE a><emotionml", FormatError, "line 2: a document type is not read here"),
        (
            "</emotion>",
            '<reference uri="a.wav" media-type="sound"/></emotion>',
            FormatError,
            r"'sound' is no MIME type \(assertion 417\)",
        ),
        ("</emotion>", '<dimension name="arousal"/></emotion>', FormatError, r"needs a dimension-set.*\(assertion 220\)"),
    ],
)
def test_assertions_of_emotionml_are_enforced(tmp_path, old, new, kind, complaint):
    text = EMOTIONML.replace(old, new) if old in ("emotionml", "</emotion>") else EMOTIONML.replace(old, new, 1)
    with pytest.raises(kind, match=complaint):
        script(tmp_path, "a.xml", text)


def test_dimensions_are_left_out_and_told(tmp_path):
    dimension = '<emotion dimension-set="http://a/b#pad-dimensions" start="0"><dimension name="arousal" value="0.9"/></emotion>'
    with pytest.warns(LossWarning, match="describes emotions by dimension, which is not used"):
        found = script(tmp_path, "a.xml", EMOTIONML.replace("</emotionml>", f"{dimension}</emotionml>"))
    assert len(found.cues) == 2


# --- SSML ---

SSML = """<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xmlns:mstts="https://www.w3.org/2001/mstts">
  <voice name="en-US-JennyNeural">
    <mstts:express-as style="cheerful" styledegree="1.5">I am so glad!</mstts:express-as>
    <mstts:express-as style="sad">But <sub alias="mister Smith">Mr. S.</sub> is gone.</mstts:express-as>
    So it goes.
  </voice>
</speak>
"""


def test_styles_of_ssml_are_felt_at_their_words_and_end_with_them(tmp_path):
    found = script(tmp_path, "a.ssml", SSML)
    assert found.transcript.split() == "I am so glad! But mister Smith is gone. So it goes.".split()  # noqa: SIM905
    assert found.cues == (
        Cue(word="i#1", feeling="happy:0.9"),
        Cue(word="but#1", feeling="sad:0.6"),
        Cue(word="so#2", feeling="neutral"),
    )
    assert [cue.line for cue in found.cues] == [3, 4, 4]


def test_styles_that_azure_leaves_out_and_what_only_a_voice_does_are_told(tmp_path):
    odd = SSML.replace('style="sad"', 'style="zany" role="Girl"').replace("is gone.", '<break time="1s"/>is gone.')
    with pytest.warns(LossWarning) as told:
        assert len(script(tmp_path, "a.xml", odd).cues) == 2
    assert "nobody knows: zany" in str(told[0].message)
    assert "break, role say how a voice speaks" in str(told[1].message)
    with pytest.raises(FormatError, match=r"line 3: 'styledegree' lies in \[0.01, 2\], not '7'"):
        script(tmp_path, "a.ssml", SSML.replace("1.5", "7"))


def test_every_word_of_every_vocabulary_is_known():
    assert {feeling.partition(":")[0] for feeling in STYLES.values()} <= KNOWN
    assert {name for vocabulary in CATEGORIES.values() for name in vocabulary} <= KNOWN


# --- captions ---

VTT = """WEBVTT

NOTE made by hand

one
00:00.500 --> 00:02.000 align:start
<v Ana>[sad:0.4] I am &amp; was [brows:worried] sad

00:02.500 --> 00:04.000
[happy][nod]

00:00:05.000 --> 00:00:06.500
{"feeling": "angry:0.5", "ease": 0.1}
"""
SRT = """1
00:00:00,500 --> 00:00:02,000
So [happy:0.7] glad
"""


def test_captions_tell_what_is_said_and_what_is_felt_when(tmp_path):
    found = script(tmp_path, "a.vtt", VTT)
    assert found.transcript.split() == ["I", "am", "&", "was", "sad"]
    assert found.cues == (
        Cue(0.5, "sad:0.4"),
        Cue(2.5, "happy", hold=1.5),
        Cue(2.5, gesture="nod"),
        Cue(5.0, "angry:0.5", ease=0.1, hold=1.5),
        Cue(word="sad#1", feeling="brows:worried"),
    )
    assert [cue.line for cue in found.cues] == [7, 10, 10, 12, 7]
    found = script(tmp_path, "a.srt", SRT)
    assert (found.transcript, found.cues) == ("So glad", (Cue(word="glad#1", feeling="happy:0.7"),))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("WEBVTT\n", "holds no caption"),
        (VTT.replace("--> 00:04.000", "--> 00:02.000"), "line 9: a caption ends after it starts"),
        (VTT.replace("[happy]", "[happy:7]"), "'a.vtt', line 10: the weight of a feeling"),
        (VTT.replace('"ease"', '"eese"'), "no key 'eese' in 'a.vtt', line 12; did you mean 'ease'"),
        (VTT.replace('{"feeling"', '{"feeling'), "line 12: this caption is no JSON"),
        (VTT.replace("[nod]", "[nood]"), r"no feeling or gesture 'nood' in the script, cue 3 \(line 10\); did you mean 'nod'"),
    ],
)
def test_captions_that_cannot_be_read_are_told_with_the_line(tmp_path, text, complaint):
    with pytest.raises(InputError, match=complaint):
        script(tmp_path, "a.vtt", text)


ACCESSIBLE = """1
00:00:00,500 --> 00:00:02,000
{\\an8}<i>♪ [upbeat music] ♪</i>

2
00:00:02,500 --> 00:00:04,000
ANA: [ANGRY] No, [sighs] never!
- Aunt Bea: (laughs) Wait, [door
slams] who [smug] goes?

3
00:00:05,000 --> 00:00:06,500
[APPLAUSE] [look at 0.4,0,1]
"""


def test_captions_hold_what_no_face_does_which_is_left_out_and_told(tmp_path):
    path = tmp_path / "a.srt"
    path.write_text(ACCESSIBLE, encoding="utf-8")
    with pytest.warns(LossWarning) as told:
        found = read_script(path, own=("smug",))
    (message,) = {str(each.message) for each in told}
    assert message == (
        "'a.srt' also holds what is neither said nor done, and is left out: [upbeat music] in line 3, ♪ in line 3, ♪ in line 3, "
        "ANA: in line 7, (laughs) in line 8, Aunt Bea: in line 8, [door slams] in line 8, [APPLAUSE] in line 13"
    )
    assert found.transcript.split() == ["No,", "never!", "Wait,", "who", "goes?"]
    assert found.cues == (
        Cue(2.5, "angry"),
        Cue(word="never#1", gesture="sigh"),
        Cue(word="goes#1", feeling="smug"),
    )
    assert found.looks == (Look([0.4, 0.0, 1.0], start=5.0, hold=1.5),)
    assert [each.line for each in (*found.cues, *found.looks)] == [7, 7, 9, 13]


@pytest.mark.parametrize(
    ("tag", "complaint"),
    [
        ("[hapy]", r"no feeling or gesture 'hapy' in the script, cue 1 \(line 3\); did you mean 'happy'"),
        ("[Surprized]", "did you mean 'surprised'"),
        ("[winkk]", "did you mean 'wink'"),
        ("[happy:lots]", "line 3, .*the weight of a feeling"),
        ("[brows:]", "line 3, .*a feeling is missing"),
        ("[happy", "line 3: a tag is left open"),
    ],
)
def test_a_slip_in_a_caption_is_no_noise(tmp_path, tag, complaint):
    with pytest.raises(InputError, match=complaint):
        script(tmp_path, "a.srt", f"1\n00:00:00,500 --> 00:00:02,000\nso {tag} I say\n")


# --- tables ---


def test_a_table_of_cues_goes_by_usual_names(tmp_path):
    text = "Time;Emotion;Weight;end time;gesture\n0;calm;;;\n1.5;happy:0.8;0.5;3.0;\n4;;;;Nod\n"
    assert script(tmp_path, "a.csv", text).cues == (
        Cue(0.0, "calm"),
        Cue(1.5, "happy:0.8", intensity=0.5, hold=1.5),
        Cue(4.0, gesture="nod"),
    )
    assert script(tmp_path, "a.tsv", "word\tfeeling\nglad#2\thappy\n").cues == (Cue(word="glad#2", feeling="happy"),)


def test_columns_that_nobody_knows_are_told_and_so_is_the_line_of_what_cannot_be_read(tmp_path):
    with pytest.warns(LossWarning, match="nobody knows the columns colour"):
        script(tmp_path, "a.csv", "start,feeling,colour\n0,happy,red\n")
    with pytest.raises(FormatError, match="line 3: 'start' is a number, not 'soon'"):
        script(tmp_path, "a.csv", "start,feeling\n0,happy\nsoon,sad\n")
    with pytest.raises(FormatError, match="line 1: a header with start and feeling"):
        script(tmp_path, "a.csv", "a,b\n1,2\n")
    with pytest.raises(InputError, match=r"cue 2 \(line 3\) starts at 0 s, not after"):
        script(tmp_path, "a.csv", "start,feeling\n1,happy\n0,sad\n")


# --- Audio2Face ---


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", '[{"time_code": 0, "emotion": {"joy": 0.8, "fear": 0}}, {"time_code": 0.2, "emotion": {"grief": 0.5}}]'),
        (
            "b.json",
            '{"emotion_with_timecode_list": {"one": {"time_code": 0.0, "emotions": {"joy": 0.8}},'
            ' "two": {"time_code": 0.2, "emotions": {"grief": 0.5}}}}',
        ),
        ("a.csv", "timeCode,emotion_values.joy,emotion_values.grief\n0.0,0.8,0\n0.2,0,0.5\n"),
    ],
)
def test_keys_of_audio2face_are_cues(tmp_path, name, text):
    assert script(tmp_path, name, text).cues == (Cue(0.0, "joy:0.8", ease=0.2), Cue(0.2, "grief:0.5"))


def test_keys_that_cannot_be_read_are_told(tmp_path):
    with pytest.warns(LossWarning, match="'outofbreath' is no feeling"):
        assert script(tmp_path, "a.json", '[{"time_code": 0, "emotion": {"outofbreath": 1}}]').cues == (Cue(0.0, "neutral"),)
    for text, complaint in (
        ("{", "is not JSON"),
        ("[]", "holds no keys"),
        ('[{"emotion": {"joy": 1}}]', "key 1 is an object with a time_code"),
        ('[{"time_code": 0, "emotion": {"joie": 1}}]', "no emotion 'joie' .*did you mean 'joy'"),
        ('[{"time_code": 0, "emotion": {"joy": 2}}]', r"values in \[0, 1\], not joy 2"),
    ):
        with pytest.raises(InputError, match=complaint):
            script(tmp_path, "a.json", text)
