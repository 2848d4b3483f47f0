"""Progress as a sink: a bar on a terminal, JSON lines for programs, silence in a pipe."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Protocol

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn


class Sink(Protocol):
    """Where progress goes. Used as a context; one stage is under way at a time."""

    def __enter__(self) -> Sink:
        """Begin."""
        ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End, whatever happened."""
        ...

    def stage(self, name: str, of: int | None = None) -> None:
        """A new stage begins, of so many steps where that is known."""
        ...

    def step(self) -> None:
        """One step of the stage is done."""
        ...

    def heard(self, feelings: Sequence[Mapping[str, Any]]) -> None:
        """Which feelings the voice tells, likeliest first, each with its ``odds``."""
        ...

    def described(self, text: str, feelings: str, by: str) -> None:
        """Which feelings a description was taken for, and by whom."""
        ...

    def felt(self, source: str, feelings: Mapping[str, float]) -> None:
        """Which feelings another recording shows, strongest first, each with its mean intensity."""
        ...

    def result(self, **facts: Any) -> None:
        """What came of it all."""
        ...


def sink(as_json: bool) -> Sink:
    """The sink that suits where the output goes."""
    if as_json:
        return JsonLines()
    return Bar() if sys.stderr.isatty() else Quiet()


class Quiet:
    """Says nothing."""

    def __enter__(self) -> Quiet:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        pass

    def stage(self, name: str, of: int | None = None) -> None:
        """Pass over it."""

    def step(self) -> None:
        """Pass over it."""

    def heard(self, feelings: Sequence[Mapping[str, Any]]) -> None:
        """Tell it on standard error, since what is drawn follows from it."""
        click.echo("heard: " + ", ".join(f"{each['feeling']} ({each['odds']:.0%})" for each in feelings), err=True)

    def described(self, text: str, feelings: str, by: str) -> None:
        """Tell it on standard error, for the same reason."""
        more = "; the extra 'text' understands more" if by == "word list" else ""
        click.echo(f"described as {feelings.replace(',', ', ')}: {text} (by {by}{more})", err=True)

    def felt(self, source: str, feelings: Mapping[str, float]) -> None:
        """Tell it on standard error, for the same reason."""
        told = ", ".join(f"{name}:{weight:g}" for name, weight in feelings.items())
        click.echo(f"felt as in {source}: {told or 'neutral'}", err=True)

    def result(self, **facts: Any) -> None:
        """Pass over it."""


class Bar(Quiet):
    """A bar on standard error."""

    def __init__(self) -> None:
        columns = (TextColumn("{task.description:<12}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(compact=True))
        self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task: TaskID | None = None

    def __enter__(self) -> Bar:
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._progress.stop()

    def stage(self, name: str, of: int | None = None) -> None:
        """Replace the bar by the next stage's."""
        if self._task is not None:
            self._progress.remove_task(self._task)
        self._task = self._progress.add_task(name, total=of)

    def step(self) -> None:
        """Move the bar by one."""
        if self._task is not None:
            self._progress.advance(self._task)

    def result(self, **facts: Any) -> None:
        """Leave one line where the bar was."""
        self._progress.stop()
        click.echo(f"{facts['output']}: {facts['seconds']:.2f} s, {facts['frames']} frames", err=True)


class JsonLines(Quiet):
    """One JSON object a line on standard output: ``{"stage", "done", "of"}``, and at the end ``{"stage": "done", …}``."""

    def __init__(self) -> None:
        self._stage, self._done = "", 0
        self._of: int | None = None

    def __enter__(self) -> JsonLines:
        return self

    def stage(self, name: str, of: int | None = None) -> None:
        """Say which stage begins."""
        self._stage, self._done, self._of = name, 0, of
        self._tell()

    def step(self) -> None:
        """Say how far the stage is."""
        self._done += 1
        self._tell()

    def heard(self, feelings: Sequence[Mapping[str, Any]]) -> None:
        """Say what the voice tells: ``{"stage": "heard", "feelings": [{"feeling", "odds"}, …]}``."""
        click.echo(json.dumps({"stage": "heard", "feelings": list(feelings)}))

    def described(self, text: str, feelings: str, by: str) -> None:
        """Say what a description was taken for: ``{"stage": "described", "text", "feelings", "by"}``."""
        click.echo(json.dumps({"stage": "described", "text": text, "feelings": feelings, "by": by}))

    def felt(self, source: str, feelings: Mapping[str, float]) -> None:
        """Say what another recording shows: ``{"stage": "felt", "source", "feelings": {…}}``."""
        click.echo(json.dumps({"stage": "felt", "source": source, "feelings": dict(feelings)}))

    def result(self, **facts: Any) -> None:
        """Say what came of it."""
        click.echo(json.dumps({"stage": "done", **facts}))

    def _tell(self) -> None:
        click.echo(json.dumps({"stage": self._stage, "done": self._done, "of": self._of}))
