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


def test_emotionml_is_what_is_felt_from_each_start_to_its_end(tmp_path):
    assert script(tmp_path, "a.emotionml", EMOTIONML).cues == (
        Cue(0.5, "happiness:1"),
        Cue(1.5, "neutral"),
        Cue(2.5, "anger:0.5,disgust:0.25"),
        Cue(4.0, "neutral"),
    )
    assert [cue.line for cue in script(tmp_path, "a.xml", EMOTIONML).cues] == [5, 5, 4, 4]


def emotions(folder, *told, more=""):
    """The cues of these emotions, of Ekman's six and in pleasure, arousal and dominance."""
    sets = 'category-set="http://www.w3.org/TR/emotion-voc/xml#big6" dimension-set="http://www.w3.org/TR/emotion-voc/xml#pad-dimensions"'
    text = f'<emotionml version="1.0" xmlns="http://www.w3.org/2009/10/emotionml" {sets}>\n{more}'
    for times, within in told:
        text += f"<emotion {times}>{within}</emotion>\n"
    return [(cue.start, cue.feeling) for cue in script(folder, "a.xml", f"{text}</emotionml>\n").cues]


ANGER, FEAR, JOY = (f'<category name="{name}" value="0.6"/>' for name in ("anger", "fear", "happiness"))


def test_what_is_felt_at_once_adds_up_and_without_an_end_lasts_until_the_next(tmp_path):
    assert emotions(tmp_path, ('start="0" end="3000"', ANGER), ('start="1000" end="2000"', ANGER + FEAR)) == [
        (0.0, "anger:0.6"), (1.0, "anger:1,fear:0.6"), (2.0, "anger:0.6"), (3.0, "neutral")
    ]  # fmt: skip
    assert emotions(tmp_path, ("", ANGER), ('start="2000"', FEAR), ('start="2000" duration="500"', JOY)) == [
        (0.0, "anger:0.6"), (2.0, "fear:0.6,happiness:0.6"), (2.5, "fear:0.6")
    ]  # fmt: skip


def test_an_emotion_is_felt_in_the_part_of_the_sound_that_it_refers_to_or_after_another(tmp_path):
    reference = '<reference uri="a.wav#t={}" role="expressedBy"/>'
    for part, times in (("1,2.5", (1.0, 2.5)), ("npt:0:01,0:02.5", (1.0, 2.5)), (",2", (0.0, 2.0))):
        assert [start for start, _ in emotions(tmp_path, ("", ANGER + reference.format(part)))] == list(times)
    away = '<reference uri="b.wav#t=5" role="triggeredBy"/><reference uri="a.wav"/>'
    assert emotions(tmp_path, ("", ANGER + away)) == [(0.0, "anger:0.6")]
    after = 'time-ref-uri="#one" time-ref-anchor-point="end" offset-to-start="-250" duration="500"'
    assert emotions(tmp_path, ('id="one" start="1000" end="2000"', ANGER), (after, FEAR)) == [
        (1.0, "anger:0.6"), (1.75, "anger:0.6,fear:0.6"), (2.0, "fear:0.6"), (2.25, "neutral")
    ]  # fmt: skip


def test_times_of_the_calendar_count_from_the_first(tmp_path):
    with pytest.warns(LossWarning, match="times of the calendar; the first emotion that has one begins with the sound"):
        told = emotions(tmp_path, ('start="1268647335000" end="1268647336500"', FEAR), ('start="1268647334000"', ANGER))
    assert told == [(0.0, "anger:0.6"), (1.0, "fear:0.6"), (2.5, "neutral")]


def test_dimensions_are_a_point_and_an_intensity_scales(tmp_path):
    point = '<dimension name="pleasure" value="0.2"/><dimension name="arousal" value="0.9"/>'
    assert emotions(tmp_path, ("", point)) == [(0.0, "vad(-0.6,0.8,0):1")]
    trace = '<dimension name="dominance"><trace freq="2Hz" samples="0.5 1"/></dimension>'
    assert emotions(tmp_path, ("", point + trace)) == [(0.0, "vad(-0.6,0.8,0):1"), (0.5, "vad(-0.6,0.8,1):1")]
    strength = 'dimension-set="http://www.w3.org/TR/emotion-voc/xml#intensity-dimension"'
    assert emotions(tmp_path, (strength, f'{ANGER}<dimension name="intensity" value="0.5"/>')) == [(0.0, "anger:0.3")]


def test_what_no_face_is_made_from_is_left_out_and_told(tmp_path):
    with pytest.warns(LossWarning, match="describes emotions by a point beside categories, appraisal, which is not used"):
        told = emotions(tmp_path, ("", f'{ANGER}<dimension name="arousal" value="0.9"/>'), ("", "<appraisal/>"))
    assert told == [(0.0, "anger:0.6")]
    strange = 'dimension-set="http://www.w3.org/TR/emotion-voc/xml#fsre-dimensions"'
    with pytest.warns(LossWarning, match="by the dimension unpredictability, which"):
        assert emotions(tmp_path, (strange, '<dimension name="unpredictability" value="1"/>')) == []


def test_a_document_may_define_its_own_vocabularies(tmp_path):
    mine = '<vocabulary type="category" id="mine"><item name="awe"/></vocabulary>'
    assert emotions(tmp_path, ('category-set="#mine"', '<category name="awe"/>'), more=mine) == [(0.0, "awe:1")]
    for told, complaint in (
        ("anger", r"no category 'anger' in .*line 3, vocabulary 'mine' \(assertion 212\)"),
        ("awe", "line 3: 'ours' is no vocabulary for a category-set"),
    ):
        with pytest.raises(InputError, match=complaint):
            own = "mine" if told == "anger" else "ours"
            emotions(tmp_path, (f'category-set="#{own}"', f'<category name="{told}"/>'), more=f"{mine}\n")


@pytest.mark.parametrize(
    ("times", "within", "complaint"),
    [
        ('start="90000" end="100"', "", "line 2: an emotion starts at 0 or later and ends after its start"),
        ('offset-to-start="-1"', "", "line 2: an emotion starts at 0 or later"),
        ('start="soon"', "", "line 2: 'start' is a number, not 'soon'"),
        ("", '<reference uri="a.wav#t=1:2:3:4"/>', "line 2: a part of a recording is written #t=2,3.5"),
        ('time-ref-uri="#one"', "", "line 2: there is no emotion '#one' for a time to refer to"),
        ('id="one" time-ref-uri="#one"', "", "line 2: a time refers back to itself"),
        ("", '<category name="fear"><trace freq="1.2.3Hz" samples="1"/></category>', "line 2: a trace has a freq"),
        ('start="50000000" duration="99999999999"', "", r"cue 2 \(line 2\): 'start' of a cue is in \[0, 86400\]"),
    ],
)
def test_times_that_cannot_be_read_are_told_with_the_line(tmp_path, times, within, complaint):
    with pytest.raises(InputError, match=complaint):
        emotions(tmp_path, (times, ANGER + within))


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


def test_a_style_may_be_a_feeling_by_its_own_name(tmp_path):
    odd = SSML.replace('style="sad"', 'style="worried" styledegree="0.5"')
    assert script(tmp_path, "a.xml", odd).cues[1] == Cue(word="but#1", feeling="worried:0.3")


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
    with pytest.raises(FormatError, match=r"line 2: a cue that starts at 1 s ends after that, not at 0\.5 s"):
        script(tmp_path, "a.csv", "start,end,feeling\n1,0.5,happy\n")
    with pytest.raises(FormatError, match="line 2: an end goes with a start in seconds; after words, say how long by 'hold'"):
        script(tmp_path, "a.csv", "word,end,feeling\nglad,3,happy\n")


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
        (
            "a.yml",
            "face_parameters:\n  skinStrength: 1.0\nemotion_with_timecode_list:\n"
            "  one:\n    time_code: 0.0\n    emotions:\n      joy: 0.8\n"
            "  two:\n    time_code: 0.2\n    emotions: {grief: 0.5}\n",
        ),
    ],
)
def test_keys_of_audio2face_are_cues(tmp_path, name, text):
    cues = script(tmp_path, name, text).cues
    assert cues == (Cue(0.0, "joy:0.8", ease=0.2), Cue(0.2, "grief:0.5"))
    assert [cue.line for cue in cues] == {"a.csv": [2, 3], "a.yml": [5, 9]}.get(name, [1, 1])


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
    for text, complaint in (
        ("keys: [", "'a.yaml' is not YAML: "),
        ("keys:\n- time_code: 0\n  emotion: {joie: 1}\n", r"no emotion 'joie' in 'a.yaml', key 1 \(line 2\)"),
        ("keys:\n- time_code: 9000000\n  emotion: {joy: 1}\n", r"cue 1 \(line 2\): 'start' of a cue is in \[0, 86400\]"),
    ):
        with pytest.raises(InputError, match=complaint):
            script(tmp_path, "a.yaml", text)
