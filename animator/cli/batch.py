"""``animator batch``: a list of dialogue to a folder of performances."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from animator import registry
from animator.batch.columns import COLUMNS
from animator.cli import options
from animator.cli.progress import sink
from animator.core.settings import setting_types
from animator.errors import InputError

if TYPE_CHECKING:
    from animator.batch.jobs import Job
    from animator.batch.resume import Standing
    from animator.cli.results import Results
    from animator.recipe import Recipe


class ListCommand(options.GroupedCommand):
    """A command whose help lists the columns of a list, too."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the columns below the options."""
        with formatter.section("Columns of LINES, and the other names they go by"):
            formatter.write_dl(
                [(name, "; ".join((each.meaning, " ".join(each.also))).rstrip("; ")) for name, each in COLUMNS.items()]
            )


@click.command("batch", cls=ListCommand, short_help="A list of dialogue to a folder of performances.")
@click.argument("lines", metavar="LINES", type=click.Path(path_type=Path))
@options.option(
    "Output", "-o", "--output", "into", type=click.Path(path_type=Path), required=True, metavar="DIR", help="The folder to fill."
)
@options.option("Output", "--formats", default="", metavar="NAMES", help='Of lines that name none: "csv mp4", say.')
@options.option("Output", "--rig", metavar="NAME|FILE", help="In the controls of another rig, where the format takes any.")
@options.option(
    "Output", "--tolerance", type=float, metavar="ERROR", help="Largest error at any frame, for formats with sparse keys."
)
@options.option(
    "Output", "--with", "format_settings", multiple=True, metavar="FORMAT.SETTING=VALUE", help="Any setting of a format."
)
@options.option("Output", "--overwrite", is_flag=True, help="Replace files in the folder that no batch made.")
@options.option("Output", "--again", is_flag=True, help="Make finished lines again, too.")
@options.option("Output", "--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@options.option("Output", "--json", "as_json", is_flag=True, help="Progress and result as JSON lines on standard output.")
@options.option("Output", "--workers", type=click.IntRange(min=1), metavar="N", help="Processes.  [default: one a core]")
@options.performance
@options.drawing
@options.parts
@click.pass_obj
def batch(
    told: Mapping[str, bool],
    /,
    *,
    lines: Path,
    into: Path,
    formats: str,
    rig: str | None,
    tolerance: float | None,
    format_settings: tuple[str, ...],
    overwrite: bool,
    again: bool,
    dry_run: bool,
    as_json: bool,
    workers: int | None,
    **given: Any,
) -> None:
    """Perform every line of LINES, a CSV file with a header or a JSON list of objects, into a folder.

    Only the column 'file' is needed; paths start in the list's own folder. A line's files are DIR/character/line.suffix; where
    formats share a suffix, the format comes before it (line.livelink.csv). What the options below say holds for every line
    that does not say otherwise.

    Lines that are finished are kept when the same command is given again, after a kill too: those whose row, settings or sound
    have changed are made again. Exits with 1 if a line failed, and with 2, before any work, for a list that cannot be used.
    """
    from animator.batch.formats import known_formats
    from animator.batch.journal import recall
    from animator.batch.lists import read_list
    from animator.batch.plan import Defaults, plan
    from animator.batch.resume import forgotten, standings
    from animator.cli.results import Results, news

    base, folder = options.assemble(given), lines.absolute().parent
    defaults = Defaults(formats, base.picture.fps if given["fps"] is not None else None, rig)
    known = known_formats(_settings(format_settings, tolerance))
    jobs = plan(read_list(lines), folder, into, known, defaults, partial(assembled, given, folder))
    options.refuse_same_file([lines], [output.path for job in jobs for output in job.outputs])
    memory = recall(into)
    found = standings(jobs, memory, overwrite, again)
    for sentence in news(found, forgotten(jobs, memory)):
        click.echo(f"animator: note: {sentence}", err=True)
    results = Results(found, as_json, told["debug"])
    if dry_run:
        results.foretell()
        return
    try:
        _make(found, into, workers, results)
    except (KeyboardInterrupt, SystemExit) as stop:
        without = " without --again" if again else ""
        done = f"{results.finished} of {len(jobs)} lines are finished"
        click.echo(f"animator: stopped; {done}; the same command{without} goes on with the others", err=True)
        sys.exit(130 if isinstance(stop, KeyboardInterrupt) else stop.code)
    results.sum_up()


def assembled(command: Mapping[str, Any], folder: Path, row: Mapping[str, Any]) -> Recipe:
    """The recipe of a line: of the command's options, with the row's in the place of the same ones, and besides what it sets.

    Paths of the row start in ``folder``. Of what says what is felt, the row's is alone.
    """
    kept = {name: value for name, value in command.items() if not (name in options.FELT and row.keys() & set(options.FELT))}
    settings = (*command.get("settings", ()), *(options.setting(pair, folder) for pair in row.get("settings", ())))
    return options.assemble({**kept, **row, "settings": settings}, folders=dict.fromkeys(row, folder))


def _make(found: Sequence[Standing], into: Path, workers: int | None, results: Results) -> None:
    """Make what is not finished, and keep the folder's journal while that goes on."""
    from animator.batch.crew import work_through
    from animator.batch.journal import Origin, keeping
    from animator.core.settings import cores

    todo = [each for each in found if not each.finished]
    if not todo:
        return
    with keeping(into) as journal, sink(results.as_json) as progress:
        progress.stage("lines", len(todo))

        def begin(job: Job) -> None:
            journal.begin(output.key for output in job.outputs)

        with closing(work_through([each.job for each in todo], workers or cores(), journal.drafts, begin)) as reports:
            for number, report in reports:
                if not report.failure:
                    outputs = todo[number].job.outputs
                    journal.finish({output.key: Origin(output.settings, report.sound) for output in outputs})
                results.take(todo[number], report)
                progress.step()


def _settings(pairs: Iterable[str], tolerance: float | None) -> dict[str, dict[str, Any]]:
    """Format to its settings, from ``FORMAT.SETTING=VALUE`` and from the tolerance of all that have one."""
    settings: dict[str, dict[str, Any]] = {}
    if tolerance is not None:
        parts = {name: registry.find("exporters", name) for name in registry.names("exporters")}
        settings = {name: {"tolerance": tolerance} for name, part in parts.items() if "tolerance" in setting_types(part)}
    for pair in pairs:
        name, dot, setting = pair.partition("=")[0].strip().partition(".")
        if not dot:
            raise InputError(f"--with takes FORMAT.SETTING=VALUE, such as csv.digits=6, not {pair!r}")
        settings.setdefault(name, {})[setting] = options.assignment(pair, "--with")[1]
    return settings
