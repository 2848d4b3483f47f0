"""What the page's handlers share: what the library says is told as its sentence, and only so many draw at once."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable
from functools import wraps
from typing import Any, TextIO

import gradio as gr

import animator

from .studio import Stopped

DRAWING: dict[str, Any] = {"concurrency_id": "drawing", "concurrency_limit": 2}
"""For events that draw: so many visitors' at once, the others in the order they came."""

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
"""For events that take no time, and nobody asks for but the page."""

_told = threading.local()


def asked(handler: Callable[..., Any]) -> Callable[..., Any]:
    """A handler whose `animator.AnimatorError` is shown as its sentence, whose `animator.LossWarning` as a note, and which, if
    its job was stopped, changes nothing.
    """

    @wraps(handler)
    def handle(*given: Any, **named: Any) -> Any:
        _told.sentences = []
        try:
            return handler(*given, **named)
        except Stopped:
            return gr.skip()
        except animator.AnimatorError as error:
            raise gr.Error(_sentence(str(error)), duration=None, title="This cannot be done", print_exception=False) from error
        finally:
            for sentence in dict.fromkeys(_told.sentences):
                gr.Warning(_sentence(sentence), title="Note")
            del _told.sentences

    return handle


def listen() -> None:
    """Hand each `animator.LossWarning` to the handler in whose thread it was given; others are shown as usual."""
    warnings.simplefilter("always", animator.LossWarning)
    usual = warnings.showwarning

    def show(
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        if issubclass(category, animator.LossWarning) and hasattr(_told, "sentences"):
            _told.sentences.append(str(message))
        else:
            usual(message, category, filename, lineno, file, line)

    warnings.showwarning = show


def _sentence(text: str) -> str:
    """With a full stop, and a capital unless it begins with a name, such as a file's."""
    first = text[:1].upper() if text.partition(" ")[0].isalpha() else text[:1]
    return f"{first}{text[1:]}{'' if text.endswith(('.', '?', '!')) else '.'}"
