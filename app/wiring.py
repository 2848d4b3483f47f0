"""How controls and the `Line` keep step: a control turns the line into another, and follows it when somebody else does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

import gradio as gr

from .history import History, followed, redone, undone
from .telling import asked

Value = TypeVar("Value")

TURNING: dict[str, Any] = {
    "concurrency_id": "line",
    "concurrency_limit": 1,
    "show_progress": "hidden",
    "api_visibility": "private",
}
"""For events that turn the line into another: one after the other, so that none is lost, and each is quick."""


def settled() -> None:
    """Nothing; as an event of `TURNING`, it waits until the line is what the controls say."""


def drives(
    line: gr.State,
    controls: Sequence[Any],
    turn: Callable[..., Value],
    show: Callable[[Value], Sequence[Any]],
) -> None:
    """Wire controls to the line, both ways.

    Parameters
    ----------
    line
        The visitor's `Line`, or another value that a part of the page is a view on.
    controls
        What the visitor moves, together: a form.
    turn
        The line and the values of all controls to the line that they ask for; `animator.InputError` if they cannot be had.
    show
        A line to what the controls show of it; asked only when the line was changed elsewhere, so that nothing jumps under the
        hand of whoever moves it.
    """
    own = gr.State(None)

    @asked
    def turned(now: Value, *values: Any) -> tuple[Value, Value]:
        new = turn(now, *values)
        return new, new

    def shown(now: Value, mine: Value | None) -> Any:
        if now == mine:
            return gr.skip()
        told = list(show(now))
        return told[0] if len(told) == 1 else told

    for control in controls:
        done = [control.submit, control.blur] if isinstance(control, gr.Textbox) else [control.input]  # half a word means nothing
        gr.on(done, turned, [line, *controls], [line, own], trigger_mode="always_last", **TURNING)
    line.change(shown, [line, own], list(controls), show_progress="hidden", api_visibility="private")


def remembers(value: gr.State, usual: Value, undo: gr.Button, redo: gr.Button) -> list[Any]:
    """Wire two buttons to the steps by which a value came about; returns the events that make it another.

    ``usual`` is what it is before there are any.
    """
    history = gr.State(History())

    def follow(now: Value, past: History[Value]) -> tuple[History[Value], Any, Any]:
        past = followed(past, now)
        return past, gr.Button(interactive=past.back), gr.Button(interactive=past.forth)

    def step(way: Callable[[History[Value]], History[Value]], past: History[Value]) -> tuple[History[Value], Value]:
        past = way(past)
        return past, past.now or usual

    value.change(follow, [value, history], [history, undo, redo], **TURNING)
    return [
        button.click(partial(step, way), history, [history, value], trigger_mode="multiple", **TURNING)
        for button, way in ((undo, undone), (redo, redone))
    ]
