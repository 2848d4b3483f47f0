"""The README's tables of ears, from the committed result: ``python -m benchmarks.tables``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from animator.training.measure import AHEAD

RESULT = Path(__file__).parent / "results" / "quality.json"

SHOWN = ("right in speech", "closures: recall", "closures: precision", "closures: F1", "closures: onset error")


def main() -> None:
    """Print them as Markdown."""
    rows = json.loads(RESULT.read_text())["rows"]
    found = {(row["case"], row["system"], row["measure"]): row for row in rows}
    print("\n".join([*_ears(found), "", *_look_ahead(found)]))


def _ears(found: dict[tuple[str, str, str], Any]) -> Iterator[str]:
    """Every ear on each corpus, on the classes of each peer and on ours."""
    yield from _head(("", "ear", *SHOWN))
    cases = dict.fromkeys((case, system) for case, system, measure in found if measure == SHOWN[1] and "ahead" not in system)
    for case, system in cases:
        figures = [found.get((case, system, measure)) for measure in SHOWN]
        yield _line((f"{case} ({figures[0]['count']} clips)" if figures[0] else case, system, *map(_figure, figures)))


def _look_ahead(found: dict[tuple[str, str, str], Any]) -> Iterator[str]:
    """Accuracy against look-ahead."""
    systems = {f"{ms} ms": f"speech, {ms} ms ahead" for ms in AHEAD} | {"whole clip": "speech"}
    yield from _head(("right in speech", *systems))
    for case in dict.fromkeys(case for case, system, _ in found if system == systems["0 ms"]):
        yield _line((case, *(_figure(found.get((case, system, SHOWN[0]))) for system in systems.values())))


def _head(names: Iterable[str]) -> list[str]:
    names = list(names)
    return [_line(names), "|" + "---|" * len(names)]


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _figure(row: Any) -> str:
    """A share with two digits, a time in milliseconds."""
    if row is None:
        return "–"
    return f"{1000 * row['median']:.0f} ms" if row["unit"] == "s" else f"{row['median']:.2f}".lstrip("0")


if __name__ == "__main__":
    main()
