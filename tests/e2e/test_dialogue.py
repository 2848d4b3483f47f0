"""Two who talk and listen to each other: the shipped scene, played, and a toy one through the command."""

import json
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from click.testing import CliRunner

from animator import pipeline
from animator.cli.dialogue import dialogue
from animator.core.motion import CLOSED
from animator.core.scene import AUTO
from animator.dialogue.cast import plan_scene
from animator.dialogue.listening import LONGEST
from animator.dialogue.play import play_scene
from animator.dialogue.show import Wardrobe
from animator.errors import InputError, UnknownNameError
from animator.io.audio import read_audio, write_wav
from animator.io.probe import probe
from animator.io.rig import load_rig
from animator.io.scene import read_scene
from animator.io.track import read_emotion, read_motion
from animator.recipe import Choice, Recipe, recipe_from_toml

RIG = load_rig("arkit")


@pytest.fixture(scope="module")
def scene(assets):
    return read_scene(assets / "demo_scene.toml")


@pytest.fixture(scope="module")
def planned(scene):
    return plan_scene(scene, Recipe())


@pytest.fixture(scope="module")
def played(planned):
    return play_scene(planned)


@pytest.fixture(scope="module")
def spans(planned):
    """Frames in which each face speaks."""
    begun = zip(planned.starts, planned.sounds, strict=True)
    return [slice(round(start * 50), round((start + sound.seconds) * 50)) for start, sound in begun]


def test_all_performances_are_as_long_as_the_scene(played):
    first, second = played.faces
    assert len(first.motion) == len(second.motion) == len(first.emotion) == len(first.mood)
    assert first.audio.seconds == second.audio.seconds == played.audio.seconds == Fraction(len(first.motion), 50)


def test_the_sound_is_that_of_both_each_in_its_place(played, planned):
    mixed = played.audio.samples
    np.testing.assert_array_equal(mixed, sum(face.audio.samples for face in played.faces))
    for face, start, sound in zip(played.faces, planned.starts, planned.sounds, strict=True):
        first = round(start * played.audio.rate)
        np.testing.assert_array_equal(face.audio.samples[first : first + len(sound.samples)], sound.samples)
        assert not face.audio.samples[:first].any()


def test_who_listens_keeps_the_lips_shut_and_who_speaks_does_not(played, spans):
    for face, mine, others in ((played.faces[0], spans[0], spans[1]), (played.faces[1], spans[1], spans[0])):
        opening = face.motion.values @ RIG.opening_row
        assert opening[mine].max() > 0.3
        late = slice(others.start + 50, others.stop)  # the last word's lips and the next one's are on their way
        assert opening[late].max() < 0.1
        assert np.median(opening[late]) < 2 * CLOSED


def test_nods_fall_in_the_others_turns_and_are_over_when_one_speaks(played, spans):
    done = [[each for each in face.emotion.gestures if each.name in {"nod", "tilt", "brow_flash"}] for face in played.faces]
    assert all(done)
    for gestures, others in zip(done, (spans[1], spans[0]), strict=True):
        assert all(others.start <= each.start * 50 < others.stop for each in gestures)
    assert all(each.start <= spans[1].start / 50 - LONGEST for each in done[1])
    nod = next(each for each in done[1] if each.name == "nod")
    pitch = played.faces[1].motion["headPitch"]
    assert pitch[round(nod.start * 50) + 10] > pitch[round(nod.start * 50)] + 0.04


def test_both_face_each_other_and_look_there_most_of_the_time(played):
    cameras = [face.recipe.picture.stage().camera.yaw for face in played.faces]
    assert cameras[0] == -cameras[1] < 0, "the left one turns to the picture's right"
    for face in played.faces:
        aside = np.abs(face.motion["headYaw"] + (face.motion["leftEyeYaw"] + face.motion["rightEyeYaw"]) / 2)
        assert np.mean(aside < np.radians(6)) > 0.75


def test_a_named_feeling_is_shown_as_it_is_named(played, spans):
    ana, bea = (face.emotion for face in played.faces)
    np.testing.assert_allclose(ana["happy"][spans[0]], 0.8, atol=1e-6)
    np.testing.assert_allclose(bea["sad"][spans[1]], 0.7, atol=1e-6)


def test_gladness_and_sorrow_are_caught_and_linger(played, spans):
    ana, bea = played.faces
    assert bea.mood[spans[0].start, 0] < 0 < bea.mood[spans[0].stop, 0]
    assert bea.motion["mouthSmileLeft"][spans[0].stop - 20] > bea.motion["mouthSmileLeft"][5] + 0.05
    falling = ana.mood[spans[1], 0]
    assert (np.diff(falling) < 0).all()
    assert falling[0] > 0.3 > 0.0 > falling[-1]


def test_the_shipped_scene_is_drawn_side_by_side(played):
    small = [
        replace(face, recipe=replace(face.recipe, picture=replace(face.recipe.picture, width=32, height=32, fps=Fraction(1))))
        for face in played.faces
    ]
    frames = list(Wardrobe().side_by_side(replace(played, faces=tuple(small))).pictures)
    assert len(frames) == int(np.ceil(played.audio.seconds))
    assert all(frame.shape == (32, 64, 4) for frame in frames)
    assert all((frame[:, :32] != frame[:, 32:]).any() for frame in frames)


@pytest.fixture(scope="module")
def short(assets, tmp_path_factory):
    """A scene of two seconds."""
    at = tmp_path_factory.mktemp("toy")
    for name in ("happy", "angry"):
        sound = read_audio(assets / f"sample_{name}.wav")
        first = int(0.3 * sound.rate)
        write_wav(replace(sound, samples=sound.samples[first : first + sound.rate]), at / f"{name}.wav")
    (at / "scene.toml").write_text(
        '[[face]]\nname = "Ana"\n\n[[face]]\nname = "Bo"\n\n[[turn]]\nwho = "Ana"\nsound = "happy.wav"\nemotion = "happy:0.7"\n\n'
        '[[turn]]\nwho = "Bo"\nsound = "angry.wav"\noverlap = 0.2\n'
    )
    return at / "scene.toml"


def quick(scene, **settings):
    return play_scene(plan_scene(scene, Recipe(generator=Choice("visemes"), **settings)))


@pytest.fixture(scope="module")
def usual(short):
    return quick(read_scene(short))


def test_the_same_scene_is_the_same_play_and_another_seed_another(short, usual):
    same, other = (quick(read_scene(short), seed=seed).faces for seed in (0, 1))
    for first, again, another in zip(usual.faces, same, other, strict=True):
        assert first.motion.values.tobytes() == again.motion.values.tobytes()
        assert (first.motion.values != another.motion.values).any()


def test_without_contagion_and_with_full_inertia_others_change_nothing(short):
    scene = read_scene(short)
    deaf = tuple(replace(face, contagion=0.0, inertia=1.0) for face in scene.faces)
    assert all((face.mood == face.mood[0]).all() for face in quick(replace(scene, faces=deaf)).faces)


def test_turns_without_a_feeling_take_the_mood_and_auto_takes_the_voice(short, usual):
    scene = read_scene(short)
    ana, bo = quick(replace(scene, turns=(replace(scene.turns[0], emotion=AUTO), scene.turns[1]))).faces
    voice = pipeline.feel(read_audio(scene.turns[0].sound), Recipe(embedder=Choice("voice")))
    first = round(plan_scene(scene, Recipe()).starts[0] * 50)
    shown = ana.emotion.values[first + 20, [ana.emotion.names.index(name) for name in voice.names]]
    np.testing.assert_allclose(shown, voice.values[20], atol=1e-5)
    glad = usual.faces[1]
    assert glad.emotion["happy"][80] > bo.emotion["happy"][80] + 0.03, "what Ana names reaches Bo, who shows it when he speaks"


def test_what_a_turns_script_looks_at_wins_over_whom_they_talk_to(short):
    scene = read_scene(short)
    path = short.parent / "look.toml"
    path.write_text("[[look]]\nat = [-0.4, 0.0]\nstart = 0.3\nhold = 0.5\n\n[[lips]]\nopen = 1.2\n")
    turns = (replace(scene.turns[0], emotion="", script=str(path)), scene.turns[1])
    ana, _ = quick(replace(scene, turns=turns)).faces
    first = round(plan_scene(scene, Recipe()).starts[0] * 50)
    at = slice(first + 22, first + 39)
    for eye in ("leftEyeYaw", "rightEyeYaw"):
        np.testing.assert_allclose((ana.motion["headYaw"] + ana.motion[eye])[at], -0.4, atol=np.radians(2))
    assert ana.recipe.generator.settings["articulation"] == [{"open": 1.2, "start": first / 50, "stop": first / 50 + 1.0}]
    path.write_text("[[look]]\nat = [-0.4, 0.0]\nstart = 3.0\n")
    with pytest.raises(InputError, match=r"turn 1 \(line 7\): a look starts at 3 s, but the sound ends at 1\.00 s"):
        quick(replace(scene, turns=turns))


@pytest.mark.parametrize(
    ("change", "kind", "sentence"),
    [
        ({"emotion": "hapy"}, UnknownNameError, r"turn 2 \(line 21\): there is no feeling 'hapy'; did you mean 'happy'"),
        ({"transcript": "[nodd] hello"}, InputError, r"turn 2 \(line 21\).*'nodd'"),
        ({"sound": __file__}, InputError, r"turn 2 \(line 21\): .*holds no sound"),
    ],
)
def test_what_a_turn_cannot_do_is_told_before_any_work(scene, change, kind, sentence):
    with pytest.raises(kind, match=sentence):
        plan_scene(replace(scene, turns=(scene.turns[0], replace(scene.turns[1], **change))), Recipe())


@pytest.fixture(scope="module")
def toy(short):
    """What the command makes of the short scene, and what it says meanwhile."""
    at = short.parent
    told = ["-o", at / "both.mp4", "--each", at / "each", "--formats", "motion csv", "--size", "64x64", "--fps", "5", "--json"]
    told += ["--report", at / "scene.json", "--report", at / "scene.html"]
    done = CliRunner().invoke(dialogue, [*map(str, (short, *told)), "--generator", "visemes"], catch_exceptions=False)
    assert done.exit_code == 0
    return at, [json.loads(line) for line in done.stdout.splitlines()]


def test_the_command_writes_both_in_one_clip_and_each_on_one_clock(toy):
    at, lines = toy
    clip = probe(at / "both.mp4")
    assert clip.only("video").size == (128, 64)
    assert abs(clip.only("video").seconds - clip.only("audio").seconds) < Fraction(1, 5)
    assert "Bo" in clip.comment
    files = {f"{name}{ending}" for name in ("Ana", "Bo") for ending in (".wav", ".emotion.npz", ".motion.npz", ".csv")}
    assert {path.name for path in (at / "each").iterdir()} == files
    assert lines[-1]["stage"] == "done"
    lengths = {len(read_motion(at / "each" / f"{name}.motion.npz")[0]) for name in ("Ana", "Bo")}
    assert lengths == {round(float(read_audio(at / "each" / "Ana.wav").seconds) * 50)}


def test_each_face_is_reported_on_by_what_it_felt(toy):
    at, _ = toy
    for name in ("Ana", "Bo"):
        told = json.loads((at / f"scene.{name}.json").read_text())
        felt, _ = read_emotion(at / "each" / f"{name}.emotion.npz")
        assert told["title"] == name
        np.testing.assert_allclose(told["over time"]["asked"]["intensities"]["happy"], felt["happy"], atol=1e-4)
        assert "data:image/jpeg;base64," in (at / f"scene.{name}.html").read_text()


def test_a_faces_files_make_it_again(toy):
    at, _ = toy
    motion, text = read_motion(at / "each" / "Bo.motion.npz")
    recipe = recipe_from_toml(text)
    felt, _ = read_emotion(at / "each" / "Bo.emotion.npz")
    again = pipeline.feel(read_audio(at / "each" / "Bo.wav"), recipe)
    np.testing.assert_allclose(again.values, felt.values, atol=1e-6)
    assert again.gestures == felt.gestures
    made = pipeline.generate(read_audio(at / "each" / "Bo.wav"), recipe)
    assert len(made) == len(motion)


def test_a_scene_that_cannot_be_used_leaves_no_trace(short):
    at = short.parent
    (at / "wrong.toml").write_text(short.read_text().replace("happy:0.7", "hapy"))
    with pytest.raises(UnknownNameError, match=r"turn 1 \(line 7\).*did you mean 'happy'"):
        dialogue.main([str(at / "wrong.toml"), "-o", str(at / "wrong.mp4")], standalone_mode=False)
    with pytest.raises(InputError, match="with -o CLIP, with --each DIR, or both"):
        dialogue.main([str(short)], standalone_mode=False)
    assert not (at / "wrong.mp4").exists()
