"""What came of a batch: a table of who has how many lines, and the sentence of every line that failed; or JSON lines."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from animator.batch.jobs import Job
from animator.batch.line import Report
from animator.batch.resume import ROW, SOUND, Standing
from animator.cli.tables import print_table

MADE, KEPT, FAILED = "made", "kept", "failed"


class Results:
    """Gathers what is told of each line, and sums it up."""

    def __init__(self, found: Sequence[Standing], as_json: bool, debug: bool) -> None:
        self.as_json, self._debug, self._found = as_json, debug, found
        self._counts: dict[str, Counter[str]] = {each.job.character: Counter() for each in found}
        self._seconds = dict.fromkeys(self._counts, 0.0)
        self._failures: list[tuple[Job, str]] = []
        for each in found:
            self._counts[each.job.character]["lines"] += 1
            if each.finished:
                self._count(each, KEPT)

    @property
    def finished(self) -> int:
        """Lines that are finished."""
        return sum(count[MADE] + count[KEPT] for count in self._counts.values())

    def take(self, standing: Standing, report: Report) -> None:
        """One line has come to its end."""
        job = standing.job
        where = f"{job.place} ({job.name})"
        self._seconds[job.character] += report.seconds
        if report.failure:
            self._failures.append((job, report.failure))
            if self._debug:
                click.echo(f"{where}\n{report.trace}", err=True)
        facts = {"seconds": report.seconds, "notes": report.notes, "heard": report.heard, "failure": report.failure}
        self._count(standing, FAILED if report.failure else MADE, **{name: fact for name, fact in facts.items() if fact})
        for note in () if self.as_json else report.notes:
            click.echo(f"animator: note: {where}: {note}", err=True)

    def foretell(self) -> None:
        """Say of each line what would be done with it, and end with status 1 if it is clear that some would fail."""
        missing = [each.job for each in self._found if not each.finished and not each.job.source.is_file()]
        if self.as_json:
            for each in self._found:
                self._say(each, KEPT if each.finished else "to make")
        else:
            table = Table("line", "", "files", "why", box=None, pad_edge=False, padding=(0, 2, 0, 0))
            for each in self._found:
                wanted, kept = ([output.key for output in outputs] for outputs in (each.job.outputs, each.kept))
                if wanted:
                    table.add_row(each.job.name, "make", " ".join(wanted), ", ".join(each.why))
                if kept:
                    table.add_row(each.job.name, "keep", " ".join(kept), "")
            _console().print(table, highlight=False)
        self._failures = [(job, f"there is no file {job.source}") for job in missing]
        self._end()

    def sum_up(self) -> None:
        """Show the table, and end with status 1 if a line failed."""
        total = sum(self._counts.values(), Counter[str]())
        if self.as_json:
            told = {name: total[name] for name in ("lines", MADE, KEPT, FAILED)}
            click.echo(json.dumps({"stage": "done", **told, "seconds": sum(self._seconds.values())}))
        else:
            rows = {name or "(nobody)": self._row(count, self._seconds[name]) for name, count in self._counts.items()}
            if len(rows) > 1:
                rows["all"] = self._row(total, sum(self._seconds.values()))
            print_table("", rows)
        self._end()

    def _row(self, count: Counter[str], seconds: float) -> dict[str, object]:
        return {name: count[name] for name in ("lines", MADE, KEPT, FAILED)} | {"speech made": f"{seconds:.1f} s"}

    def _end(self) -> None:
        if not self._failures:
            return
        if not self.as_json:
            table = Table("failed", "where", "why", box=None, pad_edge=False, padding=(0, 2, 0, 0))
            for job, sentence in self._failures:
                table.add_row(job.name, job.place, sentence)
            _console().print(table, highlight=False)
        sys.exit(1)

    def _count(self, standing: Standing, what: str, **facts: Any) -> None:
        self._counts[standing.job.character][what] += 1
        if self.as_json:
            self._say(standing, what, **facts)

    def _say(self, standing: Standing, what: str, **facts: Any) -> None:
        told = {
            "files": [str(output.path) for output in standing.job.outputs],
            "kept": [str(output.path) for output in standing.kept],
        }
        reasons = {"why": list(standing.why)} if standing.why else {}
        job = {"stage": "line", "line": standing.job.name, "place": standing.job.place, "status": what}
        click.echo(json.dumps({**job, **told, **reasons, **facts}))


def news(found: Sequence[Standing], forgotten: Sequence[str]) -> list[str]:
    """What is worth knowing before the work: what is made again, and what no line of the list makes any more."""
    told = []
    for why, text in ((ROW, "row or settings have"), (SOUND, "sound has")):
        changed = [each.job.name for each in found if why in each.why]
        if changed:
            told.append(f"made again, since their {text} changed: {_some(changed)}")
    if forgotten:
        told.append(f"no line of the list makes these any more, and they stay: {_some(forgotten)}")
    return told


def _some(names: Sequence[str], most: int = 5) -> str:
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def _console() -> Console:
    """As wide as the terminal, or wide enough for any sentence where there is none."""
    return Console() if Console().is_terminal else Console(width=4000)
