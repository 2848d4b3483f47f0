"""Take away: the line as files for whoever needs them, and as a command to type."""

from __future__ import annotations

import gradio as gr

from .line import command
from .studio import Studios


def build(line: gr.State, studios: Studios) -> None:
    """Build the panel and wire it."""
    with gr.Accordion("Take away", open=False):
        shown = gr.Code(label="The same from the command line", language="shell", interactive=False, show_line_numbers=False)
    line.change(command, line, shown)
