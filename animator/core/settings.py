"""Settings are the fields of frozen dataclasses: which there are, of what kind, and whether a value fits."""

from __future__ import annotations

import dataclasses
import os
import types
import typing
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache
from typing import Any

from animator.errors import InputError, UnknownNameError


def setting_types(part: Any) -> Mapping[str, Any]:
    """A part's settings, by name, with their types."""
    return _setting_types(part)


@cache  # it takes a millisecond, and a list of lines asks for the same parts thousands of times
def _setting_types(part: Any) -> Mapping[str, Any]:
    hints = typing.get_type_hints(part)
    return types.MappingProxyType({f.name: hints[f.name] for f in dataclasses.fields(part) if f.init})


def check_kinds(settings: Mapping[str, Any], kinds: Mapping[str, Any], what: str) -> None:
    """Raise `UnknownNameError` or `InputError` unless each setting of ``what`` is known and of its kind."""
    for key, value in settings.items():
        if key not in kinds:
            raise UnknownNameError("setting", key, kinds, what)
        if not _fits(value, kinds[key]):
            raise InputError(f"{key!r} of {what} is {kind_name(kinds[key])}, not {value!r}")


def fitted(settings: Mapping[str, Any], kinds: Mapping[str, Any], what: str) -> dict[str, Any]:
    """Settings that `check_kinds` passes, with whole numbers as the numbers that are meant; raises as it does."""
    check_kinds(settings, kinds, what)
    return {key: _meant(value, kinds[key]) for key, value in settings.items()}


def _meant(value: Any, kind: Any) -> Any:
    inner = typing.get_args(kind)
    if isinstance(value, list | tuple) and inner:
        return [_meant(each, inner[0]) for each in value]
    whole = isinstance(value, int) and not isinstance(value, bool)
    return float(value) if whole and (kind is float or float in inner) else value


def kind_name(kind: Any) -> str:
    """A setting's type in words a user knows."""
    words: dict[Any, str] = {float: "a number", int: "a whole number", bool: "true or false", str: "text", Fraction: "a rate"}
    words[type(None)] = "nothing"
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(kind_name(each) for each in inner)
    if origin is not None and issubclass(origin, Mapping):
        return f"a table of names, each with {kind_name(inner[1])}"
    if origin is not None and issubclass(origin, Sequence):
        return "a list"
    return words.get(kind, f"a {getattr(kind, '__name__', kind)}")


def _fits(value: Any, kind: Any) -> bool:
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if kind is Any:
        return True
    if origin in (typing.Union, types.UnionType):
        return any(_fits(value, each) for each in inner)
    if origin is not None and issubclass(origin, Mapping):
        return isinstance(value, Mapping) and all(_fits(k, inner[0]) and _fits(v, inner[1]) for k, v in value.items())
    if origin is not None and issubclass(origin, Sequence):
        return isinstance(value, list | tuple) and all(_fits(each, inner[0]) for each in value)
    if isinstance(value, bool):
        return kind is bool
    return isinstance(value, int | float if kind is float else kind)


def check_digits(digits: int) -> None:
    """Raise `InputError` unless numbers can be written with so many digits: 1 to 9, which tell any two float32 apart."""
    if not 1 <= digits <= 9:
        raise InputError(f"digits lies in [1, 9], not {digits}")


def check_dials(part: Any, highest: Mapping[str, float]) -> None:
    """Raise `InputError` unless each of these settings of a part lies between 0 and its highest value."""
    for name, high in highest.items():
        value = getattr(part, name)
        if not 0 <= value <= high:
            raise InputError(f"{name} lies in [0, {high:g}], not {value:g}")


def cores() -> int:
    """Cores that this process may use: what 0 threads, or workers that nobody counted, stand for."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
