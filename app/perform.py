"""Perform: a voice, a face, a feeling, and the clip of them."""

from __future__ import annotations

import gradio as gr

from .studio import Studios


def build(line: gr.State, studios: Studios) -> None:
    """Build the tab and wire it."""
