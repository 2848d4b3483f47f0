"""Feelings of a director's own: mixtures of known ones by a name, poses of a rig's controls, and descriptions in words.

Each is an entry of a table, by name: text such as ``fear:0.4+surprised:0.5``, or a table with ``pose`` (control to value, added
to the face at full strength), ``near`` (known feelings that are felt with the pose, their only place among the others), or ``by``
(who understood a description as ``near``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from animator.core.emotion import ALL, NEUTRAL, channel, parts_of
from animator.core.rig import REGIONS, Pose, Rig
from animator.core.script import feelings_text, parse_feelings, point_of
from animator.errors import FormatError, InputError, UnknownNameError

Own = Mapping[str, Any]
"""Entries by name."""

KEYS = ("pose", "near", "by")
_NAME = re.compile(r"[^\W\d_][\w '’.;!?&-]*")
_TAKEN = ("auto", "vad", "text", NEUTRAL, ALL, *REGIONS)


def check_own(own: Own, where: str = "the feelings") -> None:
    """Raise `InputError` unless each entry has a name that can be written, and a form as above; controls are the rig's to check.

    Raises
    ------
    InputError, FormatError, UnknownNameError
        A name or an entry cannot be used, or a mixture leads back to itself; the entry is told.
    """
    for name, entry in own.items():
        place = f"{where}, {name!r}"
        if not _NAME.fullmatch(name) or name.casefold() in _TAKEN:
            raise InputError(
                f"{place}: a feeling's name begins with a letter and is not {', '.join(_TAKEN[:-1])} or {_TAKEN[-1]}"
            )
        if not isinstance(entry, str | Mapping):
            raise FormatError(f"{place} is text such as 'fear:0.4+surprised:0.5', or a table with a pose, not {entry!r}")
        for key in entry if isinstance(entry, Mapping) else ():
            if key not in KEYS:
                raise UnknownNameError("key", key, KEYS, place)
        pose, near = _pose(entry), _near(entry)
        numbers = isinstance(pose, Mapping) and all(isinstance(v, int | float) and not isinstance(v, bool) for v in pose.values())
        if not isinstance(near, str) or not numbers or not (pose or near):
            raise FormatError(
                f"{place} needs a pose of controls with numbers, or 'near' with feelings such as 'happy:0.4', or both"
            )
    for name in own:
        try:
            _terms(name, 1.0, own, ())
        except InputError as error:
            error.args = (f"{where}, {name!r}: {error}",)
            raise


def check_known(own: Own, known: Iterable[str], where: str = "the feelings") -> None:
    """Raise `UnknownNameError` for the first entry that is made of a feeling that is neither known nor an entry."""
    names = (*known, *own)
    for name, entry in own.items():
        for part in parse_feelings(_near(entry)) if _near(entry) else ():
            feeling = parts_of(part)[1]
            if feeling not in names and point_of(feeling) is None:
                raise UnknownNameError("feeling", feeling, names, f"{where}, {name!r}")


def with_own(rig: Rig, own: Own) -> Rig:
    """The rig with the poses among the entries as feelings.

    Raises
    ------
    InputError, UnknownNameError
        An entry has the name of one of the rig's feelings, or a pose names a control that is not there or leaves its range.
    """
    taken = [name for name in own if name in rig.emotions]
    if taken:
        raise InputError(f"rig {rig.name!r} has a feeling {taken[0]!r} already; give yours another name")
    poses: dict[str, Pose] = {name: _pose(entry) for name, entry in own.items() if _pose(entry)}
    return replace(rig, emotions={**rig.emotions, **poses}) if poses else rig


def written_out(text: str, own: Own) -> str:
    """Feelings with every mixture among the entries replaced by what it is made of; weights of what meets add, up to 1.

    A region that feels a mixture feels of it what is the whole face's or its own. Text that names no entry stays as it is.
    """
    if not any(parts_of(name)[1] in own for name in parse_feelings(text)):
        return text
    return feelings_text(_mixed(text, 1.0, own, ()))


def described(own: Own) -> dict[str, tuple[str, str]]:
    """The descriptions among the entries: what each was taken for, and by whom."""
    return {name: (entry["near"], entry["by"]) for name, entry in own.items() if isinstance(entry, Mapping) and "by" in entry}


def _pose(entry: Any) -> Any:
    return entry.get("pose", {}) if isinstance(entry, Mapping) else {}


def _near(entry: Any) -> Any:
    return entry.get("near", "") if isinstance(entry, Mapping) else entry


def _mixed(text: str, weight: float, own: Own, above: tuple[str, ...]) -> dict[str, float]:
    """Channels and weights of what a mixture is made of; a region of which nothing is told is neutral besides."""
    out: dict[str, float] = {}
    for name, share in parse_feelings(text).items():
        region, feeling = parts_of(name)
        made = [(*parts_of(part), amount) for part, amount in _terms(feeling, weight * share, own, above).items()]
        kept = [(there, what, amount) for there, what, amount in made if ALL in (region, there) or region == there]
        for there, what, amount in kept or [(region, NEUTRAL, 0.0)]:
            meant = channel(there if region == ALL else region, what)
            out[meant] = min(1.0, out.get(meant, 0.0) + amount)
    return out


def _terms(feeling: str, weight: float, own: Own, above: tuple[str, ...]) -> dict[str, float]:
    """Channels and weights of what a feeling is made of: its pose, and what it is near."""
    if feeling not in own:
        return {feeling: weight}
    if feeling in above:
        raise InputError(f"the feeling {feeling!r} is made of itself")
    near = _near(own[feeling])
    posed = {feeling: weight} if _pose(own[feeling]) else {}
    return posed | (_mixed(near, weight, own, (*above, feeling)) if near else {})
