"""The page: one tab a file, one panel to take things away, one look; nothing is fetched from outside."""

from __future__ import annotations

import socket
from pathlib import Path

import gradio as gr

from . import away, compare, direct, live, perform, voices
from .desk import LARGEST
from .line import Line
from .studio import Studios
from .wiring import TURNING

TABS = {"Perform": perform.build, "Direct": direct.build, "Compare": compare.build, "Live": live.build}
"""Each tab by name, and the function that builds it of the visitor's `Line` (a `gr.State`) and the `Studios`, and wires it.

A tab follows the line, whoever changed it, by ``line.change``.
"""

HEADER = """
<header class="masthead">
  <h1>animator</h1>
  <p>Speech in, a talking face that means what it says out. All of it on this machine.</p>
</header>
"""

SYSTEM = ("ui-sans-serif", "system-ui", "-apple-system", "Segoe UI", "sans-serif")
FIXED = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")

NAMED = """() => {
  const name = () => {
    document.querySelectorAll(".empty[aria-label]:not([role])").forEach((each) => { each.role = "img"; });
    document.querySelectorAll("button.upload-container[aria-label]").forEach((each) => { each.removeAttribute("aria-label"); });
  };
  new MutationObserver(name).observe(document.body, { childList: true, subtree: true });
  name();
}"""
"""Gradio labels a place that is still empty; only with a role may it have a label, so that screen readers say it. And it calls
places for files by other words than stand on them, which who speaks to a computer could not know."""


def page(studios: Studios) -> gr.Blocks:
    """The whole page, wired."""
    demo: gr.Blocks
    with gr.Blocks(title="animator", analytics_enabled=False, fill_width=True, delete_cache=(600, 3600)) as demo:
        line = gr.State(Line())
        gr.HTML(HEADER)
        with gr.Tabs(elem_id="rooms"):
            for name, build in TABS.items():
                with gr.Tab(name, id=name.lower()):
                    build(line, studios)
        away.build(line, studios)

        def begin(request: gr.Request) -> Line:
            return voices.with_sample(Line(), "sample_story", studios.of(request.session_hash))

        def leave(request: gr.Request) -> None:
            studios.leave(request.session_hash)

        demo.load(begin, None, line, **TURNING)
        demo.load(None, None, None, js=NAMED)
        demo.unload(leave)
    return demo


def launch(demo: gr.Blocks, host: str, port: int, browse: bool) -> str:
    """Serve the page in threads of its own, and return its address. Port 0 is any that is free; `OSError` if one is taken."""
    demo.queue(default_concurrency_limit=8)
    look = gr.themes.Base(font=SYSTEM, font_mono=FIXED, radius_size="md", text_size="md")
    _, url, _ = demo.launch(
        server_name=host, server_port=port or _free(host), inbrowser=browse, prevent_thread_lock=True, quiet=True,
        share=False, ssr_mode=False, max_file_size=LARGEST, footer_links=[],
        theme=look, css_paths=[Path(__file__).with_name(name) for name in ("style.css", "direct.css")], pwa=False,
        run_history=False, enable_monitoring=False, mcp_server=False, app_kwargs={"routes": live.routes()},
    )  # fmt: skip
    return url


def _free(host: str) -> int:
    with socket.create_server((host, 0)) as server:
        port: int = server.getsockname()[1]
        return port
