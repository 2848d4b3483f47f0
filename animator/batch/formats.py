"""What a line can become: a clip, a motion file, or a file of one of the exporters; and what its file is called."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from animator import registry
from animator.errors import UnknownNameError
from animator.recipe import Choice, build

CLIPS: Mapping[str, str] = types.MappingProxyType({"mp4": ".mp4", "webm": ".webm", "mov": ".mov", "png": ""})
"""Formats that are drawn, with the suffix of their files; ``png`` is a folder of pictures."""

MOTION = "motion"


@dataclass(frozen=True)
class Format:
    """One format, with the ending of its files' names; ``exporter`` is absent where it is a clip or a motion file."""

    name: str
    ending: str
    exporter: Choice | None = None

    def build(self) -> Any:
        """The exporter."""
        assert self.exporter is not None
        return build("exporters", self.exporter)


def known_formats(settings: Mapping[str, Mapping[str, Any]]) -> dict[str, Format]:
    """Every format by name; of exporters, by the further suffixes too that are theirs alone (``usdz``).

    A file ends in its format's suffix. Where several formats share it, the format's name comes before, unless it is the same
    word: ``line.csv``, ``line.livelink.csv``; so which other formats a line has does not change what a file is called.

    Parameters
    ----------
    settings
        Exporter to those of its settings that are not its defaults.
    """
    suffixes = {name: registry.find("exporters", name).suffixes for name in registry.names("exporters")}
    for name in settings:
        if name not in suffixes:
            raise UnknownNameError("exporter", name, suffixes)
    ends = [end for each in suffixes.values() for end in each]
    known = {name: Format(name, ending) for name, ending in CLIPS.items()} | {MOTION: Format(MOTION, ".motion.npz")}
    for name, (usual, *others) in suffixes.items():
        choice = Choice(name, settings.get(name, {}))
        alone = ends.count(usual) == 1 or usual == f".{name}"
        known[name] = Format(name, usual if alone else f".{name}{usual}", choice)
        build("exporters", choice)  # so that a wrong setting is told at once
        for end in others:
            if ends.count(end) == 1:
                known.setdefault(end[1:], Format(end[1:], end, choice))
    return known


def formats_of(text: str, known: Mapping[str, Format]) -> tuple[Format, ...]:
    """The formats that a text names, each once, parted by spaces or commas.

    Raises
    ------
    UnknownNameError
        There is no such format; the nearest is offered.
    """
    chosen: dict[str, Format] = {}
    for name in words(text):
        if name not in known:
            raise UnknownNameError("format", name, known)
        chosen[name] = known[name]
    return tuple(chosen.values())


def words(text: str) -> Iterable[str]:
    """Names in a text, parted by spaces or commas."""
    return text.replace(",", " ").split()
