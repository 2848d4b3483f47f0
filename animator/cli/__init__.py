"""The command line: one command an arrow, one file a command."""

from animator.cli.main import main

__all__ = ["main"]
