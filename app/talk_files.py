"""Scenes with their files: brought by a visitor, and handed out as one archive that the command line plays, too."""

from __future__ import annotations

import shutil
import tomllib
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import animator

from .desk import LARGEST, Desk

SCENE_FILE = "scene.toml"
EXAMPLE = "demo_scene.toml"

FILES = ("head", "photo", "sound", "script")
"""What of a face or a turn is the name of a file; a transcript may be, too."""

MOST = 200
"""Files of an archive that is unpacked; together they have at most four times as many bytes as one upload may."""


def example(desk: Desk) -> animator.Scene:
    """The shipped scene, its files laid on the desk."""
    there, home = Path(str(files("animator.assets"))), desk.place(EXAMPLE).parent
    scene = animator.read_scene(there / EXAMPLE)
    for path in {path for entry in (*scene.faces, *scene.turns) for path in _paths(entry).values()}:
        shutil.copyfile(path, home / Path(path).name)
    return _at(scene, {path: str(home / Path(path).name) for path in _all(scene)})


def opened(desk: Desk, uploads: Sequence[str]) -> animator.Scene:
    """A scene from the files that a visitor gives: its TOML with what that names, or one archive of all that.

    Raises
    ------
    animator.InputError
        There is no scene among them, it names a file elsewhere than beside itself, or an upload is too large.
    animator.AnimatorError
        It is refused by `animator.read_scene`.
    """
    home = desk.place(SCENE_FILE).parent
    try:
        for upload in uploads:
            path = desk.take_in(upload)
            if zipfile.is_zipfile(path) and path.suffix.lower() == ".zip":
                _unpack(path, home)
            else:
                shutil.copyfile(path, home / path.name)
            desk.throw_away(path)
        scene = _scene_in(home)
        _check_beside(scene)
        return animator.read_scene(scene)
    except BaseException:
        desk.throw_away(home / SCENE_FILE)
        raise


def told(scene: animator.Scene) -> str:
    """The scene as TOML that lies beside its files, each by its own name."""
    return str(animator.scene_to_toml(_at(scene, _named(scene)), Path()))


def pack(scene: animator.Scene, path: Path) -> None:
    """Write a scene with all its files as an archive, in which `SCENE_FILE` is what ``animator dialogue`` plays."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(SCENE_FILE, told(scene))
        for source, name in _named(scene).items():
            archive.write(source, name)


def _paths(entry: animator.Face | animator.Turn) -> dict[str, str]:
    return {key: getattr(entry, key) for key in FILES if getattr(entry, key, "")}


def _all(scene: animator.Scene) -> list[str]:
    """The paths of all its files, each once."""
    return list(dict.fromkeys(path for entry in (*scene.faces, *scene.turns) for path in _paths(entry).values()))


def _named(scene: animator.Scene) -> dict[str, str]:
    """A name for each file of a scene: its own, or with a number if another has that."""
    named: dict[str, str] = {}
    taken = {SCENE_FILE}
    for path in map(Path, _all(scene)):
        name, count = path.name, 1
        while name.casefold() in taken:
            count += 1
            name = f"{path.stem}-{count}{path.suffix}"
        taken.add(name.casefold())
        named[str(path)] = name
    return named


def _at(scene: animator.Scene, places: dict[str, str]) -> animator.Scene:
    """The scene with its files in other places."""

    def there(entry: Any) -> Any:
        return replace(entry, **{key: places[path] for key, path in _paths(entry).items()})

    return animator.Scene(tuple(map(there, scene.faces)), tuple(map(there, scene.turns)))


def _unpack(path: Path, home: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            inside = archive.infolist()
            if len(inside) > MOST or sum(each.file_size for each in inside) > 4 * LARGEST:
                raise animator.InputError(
                    f"{path.name!r} holds more than {MOST} files, or more than {4 * LARGEST // 2**20} MB; give a smaller archive"
                )
            archive.extractall(home)  # what would lie outside is put inside
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise animator.FormatError(f"{path.name!r} cannot be unpacked: {error}") from None


def _scene_in(home: Path) -> Path:
    """Which of the files is the scene."""
    found = sorted(path for path in home.rglob("*") if path.suffix.lower() == ".toml" and path.is_file())
    scenes = [path for path in found if len(found) == 1 or "turn" in _table(path)]
    if len(scenes) != 1:
        which = "no scene" if not scenes else "more than one scene"
        raise animator.InputError(
            f"there is {which} among these files; give one (.toml) with the files it names, or a .zip of them"
        )
    return scenes[0]


def _check_beside(scene: Path) -> None:
    """Raise `animator.InputError` if a scene asks for a file that did not come with it."""
    table = _table(scene)
    entries = [entry for kind in ("face", "turn") for entry in _list(table.get(kind)) if isinstance(entry, dict)]
    for entry in entries:
        for key in (*FILES, "transcript"):
            name = entry.get(key, "")
            if not isinstance(name, str) or (key == "transcript" and not name.casefold().endswith(".txt")):
                continue
            if Path(name).is_absolute() or ".." in Path(name).parts or "\0" in name:
                raise animator.InputError(f"{scene.name!r} names {name!r}, which lies elsewhere; keep its files beside it")


def _table(path: Path) -> dict[str, Any]:
    """What a TOML file holds; nothing, if it cannot be read, which the library tells."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
