"""The command ``animator``: finds the subcommand, and turns every complaint into one sentence."""

from __future__ import annotations

import errno
import signal
import sys
import traceback
import warnings
from importlib import import_module
from typing import NoReturn

import click

from animator.errors import AnimatorError, LossWarning, UnknownNameError

COMMANDS = {
    "render": "animator.cli.render:render",
    "generate": "animator.cli.generate:generate",
    "export": "animator.cli.export:export",
    "retarget": "animator.cli.retarget:retarget",
    "batch": "animator.cli.batch:batch",
    "dialogue": "animator.cli.dialogue:dialogue",
    "live": "animator.cli.live:live",
    "embed": "animator.cli.embed:embed",
    "fit": "animator.cli.fit:fit",
    "script": "animator.cli.script:script",
    "train": "animator.cli.train:train",
    "evaluate": "animator.cli.evaluate:evaluate",
    "list": "animator.cli.parts:list_parts",
}
"""Command to ``module:function``; a command's imports are paid for only when it runs."""

EPILOG = """\b
Examples:
  animator render speech.wav -o clip.mp4
  animator render speech.mp3 -o clip.mp4 --emotion happy:0.6,surprised:0.4
  animator render speech.wav -o clip.webm --background transparent
  animator generate speech.wav -o clip.motion.npz --emotion sad
  animator export speech.wav -o clip.csv
  animator batch lines.csv -o takes --formats "csv mp4"
  animator dialogue scene.toml -o scene.mp4
  animator live mic --to livelink
  animator render clip.motion.npz --audio speech.wav -o clip.mp4

Wrong input exits with status 2 and one sentence; Ctrl-C with 130; nothing is left half written."""


class Commands(click.Group):
    """A group whose commands are imported when asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Commands in the order a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        if cmd_name not in COMMANDS:
            raise UnknownNameError("command", cmd_name, COMMANDS)
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command


@click.group(cls=Commands, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="animator")
@click.option("--debug", is_flag=True, help="Show the traceback of what goes wrong; stands before the command.")
@click.pass_obj
def animator(told: dict[str, bool], debug: bool) -> None:
    """Speech in, an emotional talking face out.

    One motion drives both: engine curves you can keep (generate) and a rendered head you can watch (render). Everything runs
    on this machine, without a network.
    """
    told["debug"] = debug


def main() -> None:
    """Run the command line and exit: 0 when done, 1 if a line of a batch failed, 2 for bad input, 130 for Ctrl-C."""
    signal.signal(signal.SIGTERM, _terminated)
    warnings.showwarning = _Losses().tell  # type: ignore[assignment]
    warnings.simplefilter("ignore")
    warnings.simplefilter("always", LossWarning)
    told = {"debug": False}
    try:
        animator.main(standalone_mode=False, obj=told)
    except click.exceptions.NoArgsIsHelpError as help_:
        click.echo(help_.format_message(), err=True)
        sys.exit(2)
    except (Exception, KeyboardInterrupt) as error:
        status, sentence = _verdict(error)
        if told["debug"]:
            traceback.print_exc()
        click.echo(f"animator: {' '.join(sentence.split())}", err=True)
        sys.exit(status)


def _verdict(error: BaseException) -> tuple[int, str]:
    """Exit status and sentence for what went wrong; what is nobody's input is raised again."""
    if isinstance(error, KeyboardInterrupt | click.Abort):
        return 130, "stopped"
    if isinstance(error, click.ClickException):
        return 2, error.format_message()
    if isinstance(error, AnimatorError):
        return 2, str(error)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS):
        return 2, f"cannot write {error.filename or 'the output'}: {error.strerror}"
    raise error


def _terminated(*_: object) -> NoReturn:
    sys.exit(143)  # raised as an exception, so that what is half written is cleared away


class _Losses:
    """What could not be kept whole: each is told once, however many steps of a command come upon it."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def tell(self, message: Warning | str, *_: object) -> None:
        if str(message) not in self._told:
            self._told.add(str(message))
            click.echo(f"animator: note: {message}", err=True)
