"""The command line: one command an arrow, one file a command."""

import sys


def main() -> None:
    """The command ``animator``; Ctrl-C is answered from the first import on."""
    try:
        from animator.cli.main import main as run

        run()
    except KeyboardInterrupt:
        sys.exit(130)
