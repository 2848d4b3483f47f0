"""Options that commands share, grouped as their help shows them, and the recipe they add up to."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

import click

from animator.core.cues import Direction
from animator.core.stage import CAMERAS
from animator.directing import directed, feeling, felt_as, heard_beside, saying
from animator.errors import InputError, UnknownNameError
from animator.recipe import FAMILIES, Choice, Recipe, build, recipe_from_toml

PERFORMANCE = (
    "emotion",
    "emotion_from",
    "heard",
    "feelings",
    "script",
    "transcript",
    "lips",
    "word",
    "look_at",
    "layer",
    "blink",
    "gaze",
    "head_motion",
    "breath",
    "seed",
    "encoder",
    "generator",
)
"""Options that decide how a line is performed, rather than how it is drawn."""

FELT = ("emotion", "emotion_from", "script")
"""Options that say what is felt, of which one is given; a script of lips and looks alone says nothing of it."""

STAGE = ("head_file", "look", "size", "camera", "background", "renderer")
"""Options that decide what a photo shows already."""

HERE: Mapping[str, Path] = MappingProxyType({})
"""Where the paths of all options start in the current folder."""

F = TypeVar("F", bound=Callable[..., Any])


class Setting(NamedTuple):
    """What ``--set`` sets of which part."""

    role: str
    name: str
    value: Any


class GroupedOption(click.Option):
    """An option that says under which heading of the help it stands."""

    def __init__(self, *names: Any, group: str = "Other", **settings: Any) -> None:
        super().__init__(*names, **settings)
        self.group = group


class GroupedCommand(click.Command):
    """A command whose help lists options under headings."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write one section a heading, in the order the headings first appear."""
        sections: dict[str, list[tuple[str, str]]] = {}
        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        for param in sorted(options, key=lambda each: not isinstance(each, GroupedOption)):
            record = param.get_help_record(ctx)
            if record:
                sections.setdefault(getattr(param, "group", "Other"), []).append(record)
        for heading, records in sections.items():
            with formatter.section(heading):
                formatter.write_dl(records)


def option(group: str, *names: str, **settings: Any) -> Callable[[F], F]:
    """``click.option`` under a heading."""
    return click.option(*names, cls=GroupedOption, group=group, **settings)


def together(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Several options as one decorator, in the order given."""

    def decorate(function: F) -> F:
        for each in reversed(options):
            function = each(function)
        return function

    return decorate


output = option(
    "Output", "-o", "--output", type=click.Path(path_type=Path), required=True, help="Where to write; its suffix says the format."
)
output_manners = together(
    option("Output", "--overwrite", is_flag=True, help="Replace an output that exists."),
    option("Output", "--json", "as_json", is_flag=True, help="Progress and result as JSON lines on standard output."),
)
dials = together(
    option("Performance", "--blink", type=float, metavar="DIAL", help="Blinking: 0 none, 1 as people do.  [default: 1]"),
    option("Performance", "--gaze", type=float, metavar="DIAL", help="Wandering of the eyes.  [default: 1]"),
    option("Performance", "--head-motion", type=float, metavar="DIAL", help="Head motion.  [default: 1]"),
    option("Performance", "--breath", type=float, metavar="DIAL", help="Signs of breath.  [default: 1]"),
    option("Performance", "--seed", type=int, help="Another seed, another performance of the same line.  [default: 0]"),
)
directions = together(
    option(
        "Directing",
        "--lips",
        multiple=True,
        metavar="DIAL=GAIN,…",
        help="How it is said: scale, jaw, purse, widen, open, crisp (1 as it is); from=1.2,to=2 for a while.",
    ),
    option(
        "Directing", "--word", nargs=2, multiple=True, metavar="WORD DIAL=GAIN,…", help="The same of words: 'never#2' open=1.3."
    ),
    option(
        "Directing",
        "--look-at",
        multiple=True,
        metavar="X,Y,Z|YAW,PITCH",
        help="What to look at, metres from between the eyes, radians, or 'back'; from=1,to=2 or word=so glad,hold=1 for a while.",
    ),
    option(
        "Directing",
        "--layer",
        multiple=True,
        metavar="FILE,…",
        help="Curves laid over: fix.csv,mode=add|replace|blend,from=1.2,to=2,weight=0.8,ease=0.1,opens=true.",
    ),
)
own_feelings = option(
    "Performance", "--feelings", type=click.Path(path_type=Path), help="Feelings of your own: mixtures, poses (TOML)."
)
performance = together(
    option(
        "Performance",
        "--emotion",
        metavar="FEELINGS|FILE",
        help="happy:0.7,surprised:0.4 or 'close to tears'; auto: as the voice; or a file to feel with.",
    ),
    option(
        "Performance",
        "--emotion-from",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Felt as in a picture, a video, a motion, or somebody's voice.",
    ),
    option(
        "Performance",
        "--heard",
        type=float,
        metavar="SHARE",
        help="Of the voice in what is felt: 0 named, 1 heard.  [default: 0]",
    ),
    own_feelings,
    option("Performance", "--script", type=click.Path(path_type=Path), help="A timeline of feelings and gestures."),
    option(
        "Performance",
        "--transcript",
        metavar="TEXT|FILE",
        callback=lambda _, __, text: None if text is None else text_or_file(text),
        help="What is said: better lips; may hold [happy:0.7] or [nod].",
    ),
    dials,
    directions,
)
parts = together(
    option("Parts", "--recipe", "recipe_file", type=click.Path(path_type=Path), help="Start from a recipe (TOML)."),
    option("Parts", "--encoder", metavar="NAME", help="Who listens; see 'animator list'."),
    option("Parts", "--generator", metavar="NAME", help="Who moves the face."),
    option(
        "Parts",
        "--set",
        "settings",
        multiple=True,
        metavar="ROLE.SETTING=VALUE",
        callback=lambda _, __, pairs: tuple(setting(pair, Path()) for pair in pairs),
        help="Any setting of a part: generator.style=calm",
    ),
)
head = option("Picture", "--head", "head_file", type=click.Path(path_type=Path), help="Who speaks (TOML): age, gender, colours …")
drawing = together(
    head,
    option("Picture", "--look", type=click.Path(path_type=Path), help="A MakeHuman asset folder: its skins, hair, eyes, teeth."),
    option("Picture", "--size", metavar="WxH", help="Pixels.  [default: 512x512]"),
    option("Picture", "--fps", metavar="RATE", help="Frames a second: 24, 25, 30, 60, 30000/1001.  [default: 30]"),
    option("Picture", "--camera", metavar="NAME", help=f"{', '.join(CAMERAS)}, or yaw=0.3,distance=1.  [default: portrait]"),
    option("Picture", "--background", metavar="COLOUR|IMAGE|transparent", help="What stands behind the head.  [default: studio]"),
    option("Picture", "--renderer", metavar="NAME", help="Who draws: soft needs no system package."),
)
photo = together(
    option(
        "Photo", "--photo", type=click.Path(path_type=Path), metavar="FACE|.portrait", help="Who speaks: a picture of a face."
    ),
    option(
        "Photo", "--video", type=click.Path(path_type=Path), metavar="FILM", help="Who speaks: a video, which is given new words."
    ),
    option("Photo", "--face", type=int, metavar="N", help="Which face, where there are several: 1 is the first from the left."),
    option("Photo", "--reenactor", metavar="NAME", help="Who moves the photo or the video; see 'animator list'."),
)
signing = together(
    option("Output", "--sign", "key", type=click.Path(path_type=Path), metavar="KEY.pem", help="Sign the clip (C2PA)."),
    option(
        "Output",
        "--certificate",
        type=click.Path(path_type=Path),
        metavar="CHAIN.pem",
        help="The key's certificates, to the root.",
    ),
)


def assemble(given: Mapping[str, Any], performed: Recipe | None = None, folders: Mapping[str, Path] = HERE) -> Recipe:
    """The recipe that the options given on the command line add up to.

    Parameters
    ----------
    given
        Option to value; None where an option was not given.
    performed
        The recipe of a motion that is only to be drawn: how it was performed stays as it is.
    folders
        Option to the folder where its paths start, where that is not the current one.

    Raises
    ------
    InputError
        Two options contradict each other, ask a finished motion for another performance, or have a value that cannot be read.
    """
    from animator.cli.directing import direct

    recipe = performed or Recipe()
    if performed is not None:
        _refuse_performance(given)
    if given.get("recipe_file") is not None:
        path = _path(given, folders, "recipe_file")
        wanted = recipe_from_toml(_text(path), path.name)
        if performed is None:
            recipe = wanted
        else:
            drawn = {role: getattr(wanted, role) for role in ("head", "renderer", "reenactor", "picture")}
            recipe = replace(performed, **drawn)
    for role in ("encoder", "generator", "renderer", "reenactor"):
        if given.get(role) is not None:
            recipe = _choose(recipe, role, given[role])
    if given.get("feelings") is not None:
        from animator.io.feelings import read_feelings

        own = _path(given, folders, "feelings")
        recipe = feeling(recipe, read_feelings(own), repr(own.name))
    script = Direction()
    if given.get("script") is not None:
        script = _script(_path(given, folders, "script"), recipe, given)
        recipe = directed(recipe, script, repr(given["script"].name))
    felt = [name for name in FELT if given.get(name) is not None and (name != "script" or script.cues)]
    if len(felt) > 1:
        told = " and ".join(f"--{name.replace('_', '-')}" for name in felt)
        raise InputError(f"{told} both say what is felt; give one of them")
    if given.get("emotion") is not None:
        recipe = _feeling(recipe, given["emotion"], folders.get("emotion", Path()))
    if given.get("emotion_from") is not None:
        recipe = replace(recipe, embedder=_reference(_path(given, folders, "emotion_from")))
    recipe = direct(recipe, given, folders.get("layer", Path()), script)
    if given.get("transcript") is not None:
        recipe = saying(recipe, given["transcript"])
    if given.get("heard") is not None:
        recipe = heard_beside(recipe, given["heard"])
    if given.get("seed") is not None:
        recipe = replace(recipe, seed=given["seed"])
    for dial in ("blink", "gaze", "head_motion", "breath"):
        if given.get(dial) is not None:
            recipe = _set(recipe, "generator", dial, given[dial])
    recipe = _assemble_picture(recipe, given, folders)
    for each in given.get("settings", ()):
        recipe = _set(recipe, *each)
    for role, family in FAMILIES.items():  # so that a wrong setting is told before any work is done
        build(family, getattr(recipe, role))
    return recipe


def _feeling(recipe: Recipe, text: str, folder: Path) -> Recipe:
    """The recipe with who says what is felt: the voice, names, words, or a file to feel with."""
    if text.strip() == "auto":
        return replace(recipe, embedder=Choice("voice"))
    named = Path(text).suffix[1:2].isalpha()
    if not named or (" " in text.strip() and not (folder / text).is_file()):
        return felt_as(recipe, text)
    return replace(recipe, embedder=_reference(folder / text))


def _reference(path: Path) -> Choice:
    """Whose feelings are felt again: of an emotion file, of a face in a motion file, a picture or a video, or of a voice."""
    from animator.io.kind import kind_of

    doors = {"emotion": "recorded", "sound": "reference"}
    return Choice(doors.get(kind_of(path), "face"), {"path": str(path.absolute())})


def refuse_same_file(inputs: Sequence[Path], outputs: Sequence[Path]) -> None:
    """Raise `InputError` if an output would be written over an input or over another output."""
    taken = {path.resolve(): str(path) for path in inputs}
    for path in outputs:
        if path.resolve() in taken:
            raise InputError(f"{str(path)!r} would be written over {taken[path.resolve()]!r}; give each file its own name")
        taken[path.resolve()] = str(path)


def refuse_stage(given: Mapping[str, Any]) -> None:
    """Raise `InputError` if any option asks for another head or picture than a photo has."""
    asked = [name for name in STAGE if given.get(name) is not None]
    asked += ["set" for each in given.get("settings", ()) if each.role in ("head", "renderer")]
    if asked:
        flag = asked[0].removesuffix("_file")
        raise InputError(f"the picture already shows who speaks, how large and before what, so --{flag} has nothing to change")


def _refuse_performance(given: Mapping[str, Any]) -> None:
    """Raise `InputError` if any option asks for another performance than the one a motion file holds."""
    asked = [name for name in PERFORMANCE if given.get(name) not in (None, ())]
    asked += ["set" for each in given.get("settings", ()) if each.role in ("encoder", "embedder", "generator")]
    if asked:
        flag = asked[0].replace("_", "-")
        raise InputError(f"a motion file is drawn as it is, so --{flag} has nothing to change; give the speech instead")


def _path(given: Mapping[str, Any], folders: Mapping[str, Path], name: str) -> Path:
    path: Path = given[name]
    return folders.get(name, Path()) / path


def _assemble_picture(recipe: Recipe, given: Mapping[str, Any], folders: Mapping[str, Path]) -> Recipe:
    picture = recipe.picture
    if given.get("size") is not None:
        width, height = _size(given["size"])
        picture = replace(picture, width=width, height=height)
    if given.get("fps") is not None:
        picture = replace(picture, fps=rate(given["fps"]))
    if given.get("camera") is not None:
        picture = replace(picture, camera=given["camera"])
    if given.get("background") is not None:
        picture = replace(picture, background=_absolute(given["background"], folders.get("background", Path())))
    picture.stage()
    recipe = replace(recipe, picture=picture)
    if given.get("head_file") is not None:
        from animator.io.head import read_head

        person = read_head(_path(given, folders, "head_file").absolute(), recipe.head.name)
        recipe = replace(recipe, head=Choice(recipe.head.name, person))
    if given.get("look") is not None:
        recipe = _set(recipe, "head", "look", str(_path(given, folders, "look").absolute()))
    return recipe


def _choose(recipe: Recipe, role: str, name: str) -> Recipe:
    kept = getattr(recipe, role)
    return recipe if kept.name == name else _with(recipe, role, Choice(name))


def _set(recipe: Recipe, role: str, setting: str, value: Any) -> Recipe:
    choice: Choice = getattr(recipe, role)
    return _with(recipe, role, Choice(choice.name, {**choice.settings, setting: value}))


def _with(recipe: Recipe, role: str, choice: Choice) -> Recipe:
    return Recipe(**({f.name: getattr(recipe, f.name) for f in fields(Recipe)} | {role: choice}))


def assignment(pair: str, flag: str) -> tuple[str, Any]:
    """What is set to what by a flag's NAME=VALUE; a value is TOML, or else text."""
    name, equals, value = pair.partition("=")
    if not equals:
        raise InputError(f"{flag} takes NAME=VALUE, not {pair!r}")
    try:
        return name.strip(), tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        return name.strip(), value.strip()


def setting(pair: str, folder: Path) -> Setting:
    """A setting from ``ROLE.SETTING=VALUE``; a file, whose name has a suffix, is told by its whole path."""
    role, dot, name = pair.partition("=")[0].strip().partition(".")
    if "=" not in pair or not dot:
        raise InputError(f"--set takes ROLE.SETTING=VALUE, such as generator.style=calm, not {pair!r}")
    if role not in FAMILIES:
        raise UnknownNameError("role", role, FAMILIES, "--set")
    value = assignment(pair, "--set")[1]
    return Setting(role, name, _absolute(value, folder) if isinstance(value, str) and Path(value).suffix else value)


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    if not (width.isdigit() and height.isdigit()):
        raise InputError(f"--size takes WIDTHxHEIGHT in pixels, such as 512x512, not {text!r}")
    return int(width), int(height)


def rate(text: str) -> Fraction:
    """A rate in frames a second as it is written on the command line: 25, 29.97, 30000/1001."""
    try:
        rate = Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise InputError(f"--fps takes a number or a fraction such as 30000/1001, not {text!r}") from None
    near = {
        Fraction("23.976"): Fraction(24000, 1001),
        Fraction("29.97"): Fraction(30000, 1001),
        Fraction("59.94"): Fraction(60000, 1001),
    }
    return near.get(rate, rate)


def _absolute(text: str, folder: Path) -> str:
    """A text that is a file's name as its whole path, so that the recipe finds it from anywhere."""
    path = folder / text
    return str(path.absolute()) if path.is_file() else text


def _script(path: Path, recipe: Recipe, given: Mapping[str, Any]) -> Direction:
    from animator.io.script import read_script

    script = read_script(path, recipe.rig, recipe.feelings)
    if script.transcript is not None and given.get("transcript") is not None:
        raise InputError(f"{path.name!r} tells what is said, and so does --transcript; give one of them")
    return script


def text_or_file(text: str) -> str:
    """What is said, from the text itself or from a file with it."""
    try:
        path = Path(text)
        is_file = path.is_file()
    except (OSError, ValueError):  # a long text is no file name
        is_file = False
    if is_file:
        return _text(path)
    if not text.strip() or (len(text.split()) == 1 and (path.suffix or len(path.parts) > 1)):
        raise InputError(f"--transcript takes what is said, or a file with it, but there is no file {text!r}")
    return text


def _text(path: Path) -> str:
    from animator.io.toml import read_text

    return read_text(path)
