"""The demo: a page that performs, directs, compares and streams a talking face, on this machine alone.

It asks `animator` for everything by its public names. What a visitor is working on is one value, a `animator.app.line.Line`:
every control turns a Line into another, and what is shown, downloaded and said as a command is a function of a Line.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
import warnings
from types import FrameType

HOST = "127.0.0.1"
PORT = 7860

UNHURRIED = 5.0
"""Seconds that the first visitor's browser is given to draw the page before what clips need is loaded beside it."""


def main() -> None:
    """The command ``animator-app``: serve the page on loopback until Ctrl-C, then leave nothing behind."""
    words = argparse.ArgumentParser(prog="animator-app", description="animator's demo, in your browser, on this machine alone.")
    words.add_argument(
        "--port",
        type=int,
        default=PORT,
        metavar="N",
        help=f"where to listen on {HOST}; 0: where there is room  [default: {PORT}]",
    )
    words.add_argument("--no-browser", action="store_true", help="do not open a browser")
    given = words.parse_args()
    os.environ |= {"GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1", "DO_NOT_TRACK": "1"}
    try:
        _serve(given.port, browse=not given.no_browser)
    except KeyboardInterrupt:
        sys.exit(130)
    except ModuleNotFoundError as error:
        if error.name != "gradio":
            raise
        sys.exit("animator-app: the demo needs gradio, which is not installed; pip install 'animator[app]'")
    except OSError as error:
        sys.exit(f"animator-app: {error}")


def _serve(port: int, browse: bool) -> None:
    from .desk import ground

    signal.signal(signal.SIGTERM, _stop)
    with ground() as folder:
        os.environ["GRADIO_TEMP_DIR"] = str(folder)  # uploads arrive here; it is read when gradio is first imported
        from .page import launch, page
        from .studio import Studios
        from .telling import listen

        studios = Studios(folder)
        with warnings.catch_warnings():
            listen()
            demo = page(studios)
            url = launch(demo, HOST, port, browse)
            print(f"animator is at {url} (Ctrl-C ends it)", flush=True)  # noqa: T201
            warming = threading.Timer(UNHURRIED, studios.warm)
            warming.daemon = True
            warming.start()
            try:
                threading.Event().wait()
            finally:
                studios.close()
                demo.close(verbose=False)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
