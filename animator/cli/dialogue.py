"""``animator dialogue``: a scene of two or more faces to one clip of all of them, or to files of each."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from animator.batch.formats import CLIPS, MOTION, Format, formats_of, known_formats
from animator.cli import options
from animator.cli.progress import Sink, sink
from animator.cli.reporting import Report, report
from animator.core.provenance import COMPOSITE, GENERATED
from animator.errors import InputError
from animator.recipe import Choice, Recipe, recipe_to_toml

if TYPE_CHECKING:
    from animator.core.scene import Scene
    from animator.dialogue.play import Play, Played
    from animator.dialogue.show import Wardrobe

SOUND, FELT = ".wav", ".emotion.npz"
"""What follows a face's name in the files that are always written of it: what it says, and what it feels."""


@click.command(cls=options.GroupedCommand, short_help="Faces that talk to each other, and listen.")
@click.argument("scene", metavar="SCENE.toml", type=click.Path(path_type=Path))
@options.option(
    "Output", "-o", "--output", type=click.Path(path_type=Path), metavar="CLIP", help="All faces side by side, as one clip."
)
@options.option(
    "Output", "--each", "into", type=click.Path(path_type=Path), metavar="DIR", help="A folder for files of each face."
)
@options.option(
    "Output", "--formats", default=MOTION, metavar="NAMES", help='Of each face: "mp4 livelink", say.  [default: motion]'
)
@options.option("Output", "--rig", metavar="NAME|FILE", help="In the controls of another rig, where the format takes any.")
@report
@options.output_manners
@options.dials
@options.drawing
@options.option("Picture", "--reenactor", metavar="NAME", help="Who moves photos; see 'animator list'.")
@options.parts
def dialogue(
    *,
    scene: Path,
    output: Path | None,
    into: Path | None,
    formats: str,
    rig: str | None,
    reports: tuple[Path, ...],
    overwrite: bool,
    as_json: bool,
    **given: Any,
) -> None:
    """Play a SCENE: faces with their moods and traits, and turns with their sounds, feelings and words.

    Who speaks says it as in 'animator render'. Whoever hears it looks there, nods where the speaker leaves room for it, blinks in
    the pauses and takes over some of the feeling; moods last from turn to turn, and what a turn does not name is felt as the mood
    has it. --each writes of every face NAME.wav, NAME.emotion.npz and the formats asked for, as long as the whole scene and on
    one clock; --report R.html writes R.NAME.html of each. Options say what holds where the scene says nothing.
    """
    from animator.dialogue.cast import plan_scene
    from animator.dialogue.play import play_scene
    from animator.dialogue.show import Wardrobe
    from animator.io.scene import read_scene
    from animator.io.toml import read_text

    if output is None and into is None:
        raise InputError("a scene is written with -o CLIP, with --each DIR, or both; give one")
    told = read_scene(scene)
    base = options.assemble(given)
    wanted = formats_of(formats, known_formats({}))
    files = _files(told, into, wanted)
    reported = {face.name: [path.with_name(f"{path.stem}.{face.name}{path.suffix}") for path in reports] for face in told.faces}
    outputs = [*([output] if output else []), *files.values(), *(path for paths in reported.values() for path in paths)]
    options.refuse_same_file([scene, *(Path(turn.sound) for turn in told.turns)], outputs)
    _check(base, output, [path for (_, ending), path in files.items() if ending in CLIPS.values()], outputs, overwrite)
    for each in wanted:
        if each.exporter is not None:
            from animator.pipeline import rig_to_write

            rig_to_write(each.build(), rig)
    wardrobe, planned = Wardrobe(), plan_scene(told, base)
    with ExitStack() as held, sink(as_json) as progress:
        measured = {name: Report(paths, overwrite, held) for name, paths in reported.items()}
        for face in told.faces:
            if face.photo:
                progress.stage("fitting")
                wardrobe.portrait(face.photo)
        done = play_scene(planned, lambda stage, done, of: progress.step() if done else progress.stage(stage, of))
        for played in done.faces:
            _report(played, measured[played.face.name])
        frames = 0
        if into is not None:
            frames = _write_each(done, wardrobe, wanted, files, rig, overwrite, held, progress)
        if output is not None:
            frames = _write_all(done, wardrobe, output, overwrite, read_text(scene), held, progress)
        place = str(output or into)
        progress.result(output=place, frames=frames, seconds=float(done.audio.seconds), files=[str(path) for path in outputs])


def _files(scene: Scene, into: Path | None, formats: tuple[Format, ...]) -> dict[tuple[str, str], Path]:
    """The files of each face, by its name and their ending."""
    if into is None:
        return {}
    endings = (SOUND, FELT, *(each.ending for each in formats))
    return {(face.name, ending): into / f"{face.name}{ending}" for face in scene.faces for ending in endings}


def _check(base: Recipe, output: Path | None, clips: list[Path], outputs: list[Path], overwrite: bool) -> None:
    """Raise `InputError` for what cannot be written, before any work is spent on it."""
    from animator import pipeline
    from animator.compositor import TRANSPARENT
    from animator.io.output import check_output
    from animator.io.video import check_clip

    for path in outputs:
        check_output(path, overwrite)
    drawn = [*([output] if output else []), *clips]
    for path in drawn:
        check_clip(path, 2, 2, base.picture.background != TRANSPARENT)
    if drawn:
        pipeline.check_drawn(base)
        pipeline.backdrop(base)


def _report(played: Played, to: Report) -> None:
    """What came of one face's performance."""
    to.measure(played.face.name, played.motion, played.recipe, played.audio, played.features, asked=played.emotion)
    to.draw(played.recipe, photo=bool(played.face.photo))
    to.write()


def _write_each(
    play: Play,
    wardrobe: Wardrobe,
    formats: tuple[Format, ...],
    files: dict[tuple[str, str], Path],
    rig: str | None,
    overwrite: bool,
    held: ExitStack,
    progress: Sink,
) -> int:
    from animator.io.audio import write_wav
    from animator.io.output import writing
    from animator.io.track import write_emotion

    progress.stage("writing", len(play.faces))
    for played in play.faces:
        name = played.face.name
        drafts = {ending: held.enter_context(writing(path, overwrite)) for (who, ending), path in files.items() if who == name}
        write_wav(played.audio, drafts[SOUND])
        recipe = replayed(played.recipe, files[name, FELT])
        write_emotion(played.emotion, drafts[FELT], recipe_to_toml(recipe))
        for each in formats:
            write_face(played, recipe, each, drafts[each.ending], wardrobe, rig)
        progress.step()
    return len(play.faces[0].motion)


def replayed(recipe: Recipe, felt: Path) -> Recipe:
    """The recipe of a face that feels what a file tells, so that its sound alone makes it again."""
    return replace(recipe, embedder=Choice("recorded", {"path": str(felt.absolute())}))


def write_face(
    played: Played,
    recipe: Recipe,
    form: Format,
    path: Path,
    wardrobe: Wardrobe,
    rig: str | None = None,
    on_frame: Callable[[], None] = lambda: None,
) -> None:
    """One face of a play in one format.

    Parameters
    ----------
    played, recipe
        The face, and the recipe that the file says it was made by.
    form, path
        What is written, and where.
    wardrobe
        Who the faces are.
    rig
        In whose controls, where the format takes any; the recipe's own if absent.
    on_frame
        Called after each picture of a clip.
    """
    from animator import pipeline
    from animator.io.track import write_motion
    from animator.io.video import evened, write_video

    if form.name == MOTION:
        target = rig or recipe.rig
        write_motion(pipeline.retarget(played.motion, recipe.rig, target), path, recipe_to_toml(replace(recipe, rig=target)))
    elif form.name in CLIPS:
        source, told = COMPOSITE if played.face.photo else GENERATED, recipe_to_toml(recipe)
        write_video(evened(wardrobe.drawn(played), path), played.audio, path, on_frame=on_frame, recipe=told, source=source)
    else:
        exporter, name, fps = form.build(), played.face.name, recipe.picture.fps
        sound = f"{name}{SOUND}"
        take = pipeline.take(name, played.motion, recipe, exporter, fps, played.audio, sound, played.features, rig=rig)
        exporter.export(take, path)


def _write_all(play: Play, wardrobe: Wardrobe, output: Path, overwrite: bool, told: str, held: ExitStack, progress: Sink) -> int:
    """All faces in one clip, which says by which scene it was made."""
    from animator.dialogue.show import source
    from animator.io.output import writing
    from animator.io.video import evened, write_video

    draft = held.enter_context(writing(output, overwrite))
    frames = evened(wardrobe.side_by_side(play), draft)
    progress.stage("drawing", frames.count)
    write_video(frames, play.audio, draft, on_frame=progress.step, recipe=told, source=source(play))
    return frames.count
