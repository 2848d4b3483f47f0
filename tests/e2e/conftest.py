"""What the browser's tests share: the demo, started as a user starts it; Chromium; and visitors, whose pages must stay clean.

The demo runs in a folder of its own and writes down every connection that it tries to make beyond this machine. A visitor
writes down each request and each error of its pages. Nothing here limits time but for `PATIENCE`, which only a fault uses up.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

PATIENCE = 180  # seconds; what is waited for comes, or something is broken

# Python reads this before all else in the demo's process. It lets connections through to this machine alone.
WATCH = """
import os, socket

def watched(ask):
    def asked(first, *rest, **named):
        address = rest[0] if isinstance(first, socket.socket) else first
        host = address[0] if isinstance(address, tuple) else address
        if host not in (None, "", "127.0.0.1", "::1", "localhost", "0.0.0.0") and "/" not in str(host):
            with open(os.environ["REACHED_FOR"], "a") as told:
                told.write(f"{ask.__name__} {address}\\n")
            raise ConnectionRefusedError(f"the test lets nothing out, and {address} was asked for")
        return ask(first, *rest, **named)
    return asked

socket.socket.connect = watched(socket.socket.connect)
socket.socket.connect_ex = watched(socket.socket.connect_ex)
socket.getaddrinfo = watched(socket.getaddrinfo)
"""

# Where there is no graphics card, WebGL is drawn by the processor. A microphone that plays a file stands in for a real one.
FLAGS = [
    "--no-sandbox",  # root, in a container
    "--disable-quic",
    "--disable-component-update",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
]


@dataclass(frozen=True)
class Demo:
    """A running demo: address, process, the folder of its temporary files, what it printed, and whom it tried to reach."""

    url: str
    process: int
    temporary: Path
    log: Path
    reached_for: Path


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """``animator-app`` on a free port, offline, for all of this session's tests."""
    pytest.importorskip("gradio")
    at = tmp_path_factory.mktemp("demo")
    for name in ("watch", "temporary", "home"):
        (at / name).mkdir()
    (at / "watch" / "sitecustomize.py").write_text(WATCH)
    command = [Path(sys.executable).with_name("animator-app"), "--port", "0", "--no-browser"]
    told = {"PYTHONPATH": at / "watch", "REACHED_FOR": at / "reached_for", "TMPDIR": at / "temporary", "PYTHONUNBUFFERED": "1"}
    environment = os.environ | {name: str(value) for name, value in told.items()}
    with (at / "log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=at / "home", env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    try:
        while not (found := re.search(r"http://127\.0\.0\.1:\d+", (at / "log").read_text())):
            assert process.poll() is None, (at / "log").read_text()
            time.sleep(0.1)
        yield Demo(found[0], process.pid, at / "temporary", at / "log", at / "reached_for")
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


# Playwright's loop keeps the thread that started it, and other modules' tests have loops of their own: hence no longer scope.
@pytest.fixture(scope="module")
def chromium(assets: Path) -> Iterator[Browser]:
    """Debian's Chromium, without a window; its microphone hears the shipped reading by Dashwood, again and again."""
    playwright = pytest.importorskip("playwright.sync_api")
    found = shutil.which("chromium")
    if found is None:
        pytest.skip("Chromium is not installed; 'sh run test' does that")
    heard = f"--use-file-for-fake-audio-capture={assets / 'librivox_dashwood.wav'}"
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=[*FLAGS, heard], timeout=PATIENCE * 1000)
        yield browser
        browser.close()


@dataclass
class Visitor:
    """One person's browser: its own cookies and storage, and a list of what went wrong or outside."""

    context: BrowserContext
    url: str
    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.set_default_timeout(PATIENCE * 1000)
        self.context.on("request", lambda request: self._asked(request.url))
        self.context.on(
            "console", lambda said: self.errors.append(f"{said.text} {said.location}") if said.type == "error" else None
        )
        self.context.on("weberror", lambda told: self.errors.append(str(told.error)))

    def _asked(self, url: str) -> None:
        if urlsplit(url).scheme not in ("data", "blob") and urlsplit(url).hostname != "127.0.0.1":
            self.outside.append(url)

    def open(self, tab: str | None = None) -> Page:
        """The demo in a new page, drawn and with its first line, at one of its tabs."""
        page = self.context.new_page()
        page.on("websocket", lambda socket: self._asked(socket.url))
        page.goto(self.url)
        page.wait_for_function("document.querySelector('#command textarea')?.value")
        if tab is not None:
            page.get_by_role("tab", name=tab, exact=True).click()
        return page


@pytest.fixture
def visitor(demo: Demo, chromium: Browser) -> Iterator[Callable[..., Visitor]]:
    """``visitor(width=1280)``: somebody new. When the test is over, nobody's page asked for anything outside or told an error."""
    visitors: list[Visitor] = []

    def come(width: int = 1280, height: int = 900) -> Visitor:
        context = chromium.new_context(viewport={"width": width, "height": height}, permissions=["microphone"])
        visitors.append(Visitor(context, demo.url))
        return visitors[-1]

    yield come
    for each in visitors:
        each.context.close()
    assert [url for each in visitors for url in each.outside] == [], "pages ask only this machine"
    assert [error for each in visitors for error in each.errors] == [], "pages tell no error"
    assert not demo.reached_for.exists(), demo.reached_for.read_text()


@pytest.fixture
def page(visitor: Callable[..., Visitor]) -> Page:
    """The demo as one visitor sees it at first."""
    return visitor().open()
