"""Maps between rigs from TOML: ``rigs/<source>_to_<target>.toml``, or the table ``[from.<source>]`` in a rig's own file.

Either holds the same keys, all of them optional; `animator.core.rig_map.RigMap` says what they mean:

- ``shares`` and ``poses``: tables by control of the target; a pose is a table of controls, or the name of a viseme, feeling or
  gesture of the source, and a control may stand for a list of them; a viseme is found by all that the source has ``seen`` of it;
- ``unshown`` (a list of poses), ``remainder`` (a control), ``implied`` (controls of the source);
- ``same_names``: controls that both rigs have carry over as they are, unless ``shares`` says otherwise;
- ``lost``: controls of the source that it cannot carry. What is neither carried nor implied is lost whether listed or not, but a
  list must be right.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from animator.core.rig import Pose, Rig
from animator.core.rig_map import RigMap
from animator.errors import FormatError, InputError, UnknownNameError
from animator.io.rig import BETWEEN, is_rig_file, load_rig, read_numbers, read_sources, rig_names, shipped
from animator.io.toml import parse_toml, require_keys

SCHEMA = "animator.RigMap/1"
_KEYS = ("shares", "poses", "unshown", "remainder", "same_names", "implied", "lost")

Step = tuple[str, str]
"""The rigs, by name or file, that one map leads from and to."""


def load_maps(source: str, target: str) -> tuple[RigMap, ...]:
    """The maps that lead from one rig to another, in turn; none if they are the same.

    Parameters
    ----------
    source, target
        Rigs by name, or by the file they stand in.

    Raises
    ------
    InputError
        No maps lead there, or one has a fault; the message names the file and the key.
    """
    load_rig(source), load_rig(target)  # so that a name that is wrong is told as such
    own = {(name, rig): table for rig in {source, target} if is_rig_file(rig) for name, table in read_sources(rig).items()}
    steps = {*own, *(_ends(name) for name in shipped() if BETWEEN in name)}
    way = _shortest(source, target, steps)
    if way is None:
        known = sorted(start for start, end in steps if end == target)
        raise InputError(
            f"no map leads from rig {source!r} to rig {target!r}; those that lead there: {', '.join(known) or 'none'}"
        )
    return tuple(
        _map(own[step], *step, f"{Path(step[1]).name}, [from.{step[0]}]") if step in own else _shipped(*step) for step in way
    )


def parse_map(text: str, where: str) -> RigMap:
    """A map from the text of its TOML file; ``where`` is what complaints call it."""
    table = parse_toml(text, where, SCHEMA)
    for key in ("source", "target"):
        if not isinstance(table.get(key), str):
            raise FormatError(f"{where} needs the name of its {key}")
    return _map(table, table.pop("source"), table.pop("target"), where)


@cache
def _shipped(source: str, target: str) -> RigMap:
    name = f"{source}{BETWEEN}{target}"
    return parse_map(shipped()[name].read_text(encoding="utf-8"), f"rigs/{name}.toml")


def _ends(name: str) -> Step:
    source, _, target = name.partition(BETWEEN)
    return source, target


def _shortest(source: str, target: str, steps: set[Step]) -> list[Step] | None:
    """The fewest steps from one rig to another; between equals, names decide."""
    ways: dict[str, list[Step]] = {source: []}
    waiting = deque([source])
    while waiting:
        here = waiting.popleft()
        for start, end in sorted(steps):
            if start == here and end not in ways:
                ways[end] = [*ways[here], (start, end)]
                waiting.append(end)
    return ways.get(target)


def _map(table: Mapping[str, Any], source_name: str, target_name: str, where: str) -> RigMap:
    require_keys(table, _KEYS, where)
    if not is_rig_file(source_name) and source_name not in rig_names():
        raise UnknownNameError("rig", source_name, rig_names(), where)
    source, target = load_rig(source_name), load_rig(target_name)
    same = table.get("same_names", False)
    if not isinstance(same, bool):
        raise FormatError(f"{where}: same_names is true or false")
    shares: dict[str, Pose] = {name: {name: 1.0} for name in target.names if same and name in source.columns}
    shares |= {
        name: read_numbers(terms, f"{where}, shares of {name!r}") for name, terms in _table(table, "shares", where).items()
    }
    made = RigMap(
        source=source,
        target=target,
        shares=shares,
        poses={
            name: _poses(given, source, f"{where}, poses of {name!r}") for name, given in _table(table, "poses", where).items()
        },
        unshown=_poses(table.get("unshown", []), source, f"{where}, unshown"),
        remainder=str(table.get("remainder", "")),
        implied=_names(table, "implied", source, where),
        name=where,
    )
    listed = _names(table, "lost", source, where)
    if "lost" in table and set(listed) != set(made.lost):
        wrong = sorted(set(listed) ^ set(made.lost))[0]
        truth = "is carried, so it is not lost" if wrong in listed else "is lost too: nothing carries it"
        raise FormatError(f"{where}, lost: {wrong!r} {truth}")
    return made


def _poses(given: Any, source: Rig, where: str) -> tuple[Pose, ...]:
    """One pose or a list of them, each in controls of the source or by one of its names."""
    named = {**source.visemes, **source.emotions, **source.gestures}
    poses: list[Pose] = []
    for each in given if isinstance(given, list) else [given]:
        if isinstance(each, str):
            if each not in named:
                raise UnknownNameError(f"pose of rig {source.name!r}", each, named, where)
            poses += (named[each], *source.seen.get(each, ()))
        else:
            poses.append(read_numbers(each, where))
    return tuple(poses)


def _names(table: Mapping[str, Any], key: str, rig: Rig, where: str) -> tuple[str, ...]:
    found = table.get(key, [])
    if not isinstance(found, list):
        raise FormatError(f"{where}: {key} is a list of controls")
    for name in found:
        if name not in rig.columns:
            raise UnknownNameError(f"control of rig {rig.name!r}", str(name), rig.names, f"{where}, {key}")
    return tuple(found)


def _table(table: Mapping[str, Any], key: str, where: str) -> dict[str, Any]:
    found = table.get(key, {})
    if not isinstance(found, dict):
        raise FormatError(f"{where}: {key} is a table")
    return found
