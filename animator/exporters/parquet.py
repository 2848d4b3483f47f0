"""Parquet: plain curves as a table in columns, for pandas, Polars, DuckDB and Spark."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from animator.core.provenance import provenance
from animator.core.take import Take
from animator.errors import InputError, MissingDependencyError

COMPRESSIONS = ("zstd", "snappy", "gzip", "none")


@dataclass(frozen=True)
class Parquet:
    """Parquet, for pandas, Polars, DuckDB: ``time`` in seconds (float64), then a float32 column a control; the rate, the rig and
    where it came from are in the file's metadata.

    Loses: nothing.

    Parameters
    ----------
    compression
        zstd, snappy, gzip or none.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".parquet",)
    rig: ClassVar[str | None] = None
    needs: ClassVar[frozenset[str]] = frozenset()

    compression: str = "zstd"

    def __post_init__(self) -> None:
        if self.compression not in COMPRESSIONS:
            raise InputError(f"compression is {', '.join(COMPRESSIONS[:-1])} or {COMPRESSIONS[-1]}, not {self.compression!r}")

    def export(self, take: Take, path: Path) -> None:
        """Write the table; see `exporters.base.Exporter`."""
        arrow, parquet = _pyarrow()
        motion = take.motion
        times = np.array([float(i / motion.fps) for i in range(len(motion))])
        columns = {"time": times, **{name: np.ascontiguousarray(motion[name]) for name in motion.names}}
        about = {"fps": str(motion.fps), "rig": take.rig.name, **provenance(take)}
        table = arrow.table(columns).replace_schema_metadata(about)
        parquet.write_table(table, path, compression=self.compression)


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise MissingDependencyError("Parquet is written by pyarrow; install it with: pip install 'animator[export]'") from None
    return pyarrow, parquet
