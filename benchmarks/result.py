"""The one shape of a result: machine facts and rows of figures."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np

SCHEMA = "animator.Benchmark/1"


@dataclass(frozen=True)
class Row:
    """One figure: what was measured (``case``), on which system (``system``; baselines are systems too), in which unit.

    ``median`` with ``low`` and ``high``: the extremes over repeats or items or, for a figure of a whole corpus, where 95 % of
    corpora resampled from its clips lie. ``count`` of them, and ``better`` says which way is good: ``lower``, ``higher`` or
    ``none``.
    """

    case: str
    system: str
    measure: str
    unit: str
    median: float
    low: float
    high: float
    count: int
    better: str = "none"


def row(case: str, system: str, measure: str, unit: str, values: Iterable[float], better: str = "none") -> Row:
    """A row from repeated measurements."""
    v = np.asarray(list(values), dtype=np.float64)
    return Row(case, system, measure, unit, float(np.median(v)), float(v.min()), float(v.max()), len(v), better)


def machine() -> dict[str, object]:
    """What the figures were taken on."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        cpu = next(
            (line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")), cpu
        )
    packages = ("numpy", "numba", "torch", "librosa", "pocketsphinx")
    return {"cpu": cpu, "cores": os.cpu_count() or 0, "python": platform.python_version(), "system": platform.system()} | {
        name: version(name) for name in packages
    }


def write_result(name: str, rows: list[Row], folder: Path) -> Path:
    """Write one result as JSON and say where."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    document = {"schema": SCHEMA, "name": name, "machine": machine(), "rows": [asdict(r) for r in rows]}
    path.write_text(json.dumps(document, indent=1) + "\n")
    return path


def table(rows: list[Row]) -> str:
    """The rows as text."""
    lines = [f"{'case':<34} {'system':<22} {'measure':<30} {'median':>10} {'low':>10} {'high':>10}  unit"]
    lines += [
        f"{r.case:<34} {r.system:<22} {r.measure:<30} {r.median:>10.4g} {r.low:>10.4g} {r.high:>10.4g}  {r.unit}" for r in rows
    ]
    return "\n".join(lines)
