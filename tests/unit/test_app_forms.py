"""The controls of Perform: what they ask for is a line, and a line is shown as what they say."""

import pytest
from PIL import Image

import animator
from animator.app import away, feelings, manner, sitter, voices
from animator.app.desk import Desk
from animator.app.line import Line, choosing, dialled
from animator.app.studio import Studio

LINE = Line()


@pytest.fixture
def studio(tmp_path):
    return Studio(Desk(tmp_path))


def test_defaults_of_the_controls_are_those_of_the_parts():
    head, generator = animator.find("heads", "makehuman")(), animator.find("generators", "learned")()
    assert {name: getattr(head, name) for name in sitter.USUAL} == sitter.USUAL
    assert dict(head.ancestry) == dict(sitter.ANCESTRY)
    assert {name: getattr(generator, name) for name in manner.USUAL} == manner.USUAL
    assert tuple(animator.load_rig("arkit").emotions) == feelings.FEELINGS


def test_controls_that_nobody_moved_leave_the_line_as_it_is():
    assert sitter.headed(LINE, *sitter.head_of(LINE)) == LINE
    assert sitter.framed(LINE, *sitter.frame_of(LINE)) == LINE
    assert manner.mannered(LINE, *manner.manner_of(LINE)) == LINE
    assert feelings.felt(LINE, *feelings.shown(LINE)[:2], 0.8, "") == LINE


def test_what_controls_say_of_a_head_comes_back():
    values = [61, 0.8, 0.3, "olive", "green", "grey", "short", "wine", 0.0, 0.5, 0.0, 0.5]
    line = sitter.headed(LINE, *values)
    assert list(sitter.head_of(line)) == values
    assert line.recipe.head.settings["ancestry"] == {"african": 0.5, "caucasian": 0.5}


@pytest.mark.parametrize("name", sitter.COLOURS)
def test_every_choice_of_a_head_is_one_that_heads_have(name):
    for value in sitter.COLOURS[name]:
        dialled(LINE, "head", **{name: value}).recipe.part("head")


def test_every_camera_and_background_can_be_had():
    for camera in sitter.CAMERAS:
        sitter.framed(LINE, camera, "studio", 512, 30)
    for background in sitter.BACKGROUNDS:
        sitter.framed(LINE, "portrait", background, 512, 30)
    with pytest.raises(animator.InputError, match="beije"):
        sitter.framed(LINE, "portrait", "beije", 512, 30)


def test_every_style_can_be_had():
    for style in manner.STYLES:
        manner.mannered(LINE, style, 1.0, 1.0, 1.0, 1.0, 1.0, 3).recipe.part("generator")


@pytest.mark.parametrize(
    ("how", "embedder"),
    [
        (feelings.NAMED, animator.Choice("label", {"feelings": "sad:0.6"})),
        (feelings.MIXED, animator.Choice("label", {"feelings": "happy:0.6,awe:0.4"})),
        (feelings.HEARD, animator.Choice("voice")),
    ],
)
def test_each_way_to_feel_is_told_by_its_controls_and_shown_by_them(how, embedder):
    line = feelings.felt(LINE, how, "sad", 0.6, "happy:0.6, awe:0.4")
    assert line.recipe.embedder == embedder
    assert feelings.way_of(line) == how
    assert feelings.shown(line)[0] == how


def test_a_feeling_that_nobody_knows_is_told_at_once():
    with pytest.raises(animator.UnknownNameError, match="did you mean 'happy'"):
        feelings.felt(LINE, feelings.MIXED, "neutral", 1.0, "hapy:0.5")


def test_a_feeling_of_a_part_of_the_face_is_a_mixture():
    line = feelings.felt(LINE, feelings.MIXED, "neutral", 1.0, "happy:0.3, brows:angry:0.8")
    assert feelings.shown(line) == [feelings.MIXED, *feelings.shown(line)[1:3], "happy:0.3, brows:angry:0.8"]


def test_a_feeling_may_be_described_in_words():
    line = feelings.felt(LINE, feelings.MIXED, "neutral", 1.0, "close to tears")
    assert feelings.way_of(line) == feelings.MIXED
    assert feelings.shown(line)[3] == "close to tears"
    assert "sad" in line.recipe.feelings["close to tears"]["near"]


def test_a_directed_line_is_shown_as_such():
    line = choosing(LINE, "embedder", "script", cues=[{"start": 0.0, "feeling": "sad"}])
    assert feelings.way_of(line) == feelings.DIRECTED
    assert feelings.shown(line)[0] is None
    assert feelings.felt(line, None, "neutral", 1.0, "") == line


def test_samples_come_with_their_words(studio):
    for key in voices.SAMPLES:
        line = voices.with_sample(LINE, key, studio)
        assert len(line.recipe.transcript.split()) > 3
        assert line.sound.is_relative_to(studio.desk.folder)


def test_an_upload_that_is_no_sound_is_refused_and_not_kept(studio, tmp_path):
    upload = tmp_path / "notes.wav"
    upload.write_text("this is no sound")
    with pytest.raises(animator.FormatError, match=r"notes.wav"):
        voices.bring(studio, str(upload))
    assert not any(studio.desk.folder.iterdir())


def test_a_large_photo_is_used_smaller_upright_and_told(studio, tmp_path):
    upload = tmp_path / "face.jpg"
    turned = Image.Exif()
    turned[0x0112] = 6  # the camera was held upright
    Image.new("RGB", (2048, 1024), "#804020").save(upload, exif=turned)
    with pytest.warns(animator.LossWarning, match="2048x1024 pixels; here it is used at 512x1024"):
        photo = sitter.bring(studio, str(upload))
    with Image.open(photo) as picture:
        assert (photo.name, picture.size) == ("face.png", (512, 1024))


def test_a_photo_that_is_small_enough_stays_as_it_is(studio, tmp_path):
    upload = tmp_path / "face.png"
    Image.new("RGB", (60, 40)).save(upload)
    content = upload.read_bytes()
    assert sitter.bring(studio, str(upload)).read_bytes() == content


def test_a_photo_that_is_no_picture_is_refused_by_the_library(studio, tmp_path):
    upload = tmp_path / "face.png"
    upload.write_text("this is no picture")
    with pytest.raises(animator.InputError, match=r"face.png"):
        studio.portrait(Line(photo=sitter.bring(studio, str(upload))))


LATER = {"fbx", ".mp4", ".webm", ".mov", away.FIT}


@pytest.fixture(scope="module")
def taken(tmp_path_factory):
    """A studio with a line that has everything but a photo."""
    studio = Studio(Desk(tmp_path_factory.mktemp("taken")))
    line = voices.with_sample(LINE, "librivox_young_man", studio)
    return studio, choosing(line, "embedder", "script", cues=[{"start": 0.0, "feeling": "sad"}])


@pytest.mark.filterwarnings("ignore::animator.errors.LossWarning")
@pytest.mark.parametrize("what", [key for _, key in away.choices() if key not in LATER])
def test_everything_that_can_be_taken_away_is_made(what, taken):
    studio, line = taken
    path = away.made(studio, line, what)
    assert path.stat().st_size > 0
    assert path.name == away.name_of(line, what)
    assert path.name in away.typing(line, what) or what in (*away.TEXTS, away.SOUND)


def test_what_a_line_does_not_have_cannot_be_taken(studio):
    line = voices.with_sample(LINE, "librivox_young_man", studio)
    with pytest.raises(animator.InputError, match="no cues"):
        away.made(studio, line, "script")
    with pytest.raises(animator.InputError, match="no photo"):
        away.made(studio, line, away.FIT)
