"""Undo and redo: the lines there were, or other values of their kind, and where among them the visitor stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Generic, TypeVar

Value = TypeVar("Value")

LONGEST = 100
"""Steps that can be taken back."""


@dataclass(frozen=True)
class History(Generic[Value]):
    """Lines in the order they came about; ``at`` says which is the present one."""

    lines: tuple[Value, ...] = ()
    at: int = -1

    @property
    def now(self) -> Value | None:
        """The present line."""
        return self.lines[self.at] if self.lines else None

    @property
    def back(self) -> bool:
        """Whether there is a step to take back."""
        return self.at > 0

    @property
    def forth(self) -> bool:
        """Whether a step that was taken back can be taken again."""
        return self.at < len(self.lines) - 1


def followed(history: History[Value], line: Value) -> History[Value]:
    """The history once ``line`` is the present one: a new step, unless it is already; what was taken back is then forgotten."""
    if line == history.now:
        return history
    lines = (*history.lines[: history.at + 1], line)[-LONGEST:]
    return History(lines, len(lines) - 1)


def undone(history: History[Value]) -> History[Value]:
    """One step back, if there is one."""
    return replace(history, at=history.at - history.back)


def redone(history: History[Value]) -> History[Value]:
    """One step forth, if there is one."""
    return replace(history, at=history.at + history.forth)
