"""The README's curve: ``python -m benchmarks.curve`` draws how well the ear hears against how far ahead it may look.

From the committed result of ``python -m benchmarks quality`` into ``assets/look_ahead.svg`` (then update the manifest's hash).
"""

from __future__ import annotations

import json
from pathlib import Path

from animator.training.measure import AHEAD
from benchmarks.tables import RESULT, SHOWN

NAMES = {
    "emodb": "EMO-DB",
    "grid": "GRID",
    "librivox": "LibriVox",
    "flite": "flite",
    "speechocean": "speechocean",
    "ravdess": "RAVDESS",
}
COLOURS = ("#1b6ca8", "#c8553d", "#588b3f", "#8a5a9e", "#8c6d1f", "#555555")
WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 560, 280, 48, 30, 120, 42
LOW, HIGH = 0.4, 0.9
LETTERS = 13


def main() -> None:
    """Draw it."""
    found = {
        (row["case"], row["system"]): row["median"]
        for row in json.loads(RESULT.read_text())["rows"]
        if row["measure"] == SHOWN[0]
    }
    systems = [*(f"speech, {ms} ms ahead" for ms in AHEAD), "speech"]
    places = [LEFT + (WIDTH - LEFT - RIGHT) * k / (len(systems) - 1) for k in range(len(systems))]
    lines = [_axes(places, [*(f"{ms} ms" for ms in AHEAD), "whole clip"])]
    ends: list[tuple[float, str]] = []
    for (corpus, name), colour in zip(NAMES.items(), COLOURS, strict=True):
        heights = [_height(found[f"{corpus}: visemes", system]) for system in systems]
        path = " ".join(f"{x:.0f},{y:.1f}" for x, y in zip(places, heights, strict=True))
        dots = "".join(f'<circle cx="{x:.0f}" cy="{y:.1f}" r="3"/>' for x, y in zip(places, heights, strict=True))
        lines.append(f'<g fill="{colour}"><polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>{dots}</g>')
        ends.append((heights[-1], f'fill="{colour}">{name}'))
    below = 0.0
    for height, name in sorted(ends):
        below = max(below, height + 4)  # names keep off one another
        lines.append(f'<text x="{places[-1] + 8:.0f}" y="{below:.1f}" {name}</text>')
        below += LETTERS
    style = "font: 12px sans-serif"
    out = Path(__file__).parents[1] / "assets" / "look_ahead.svg"
    body = "\n".join(lines)
    out.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" style="{style}">\n'
        f'<rect width="100%" height="100%" fill="white"/>\n{body}\n</svg>\n'
    )
    print(out)


def _height(share: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (HIGH - share) / (HIGH - LOW)


def _axes(places: list[float], labels: list[str]) -> str:
    levels = [LOW + 0.1 * k for k in range(round((HIGH - LOW) / 0.1) + 1)]
    rules = "".join(
        f'<line x1="{LEFT}" x2="{places[-1]:.0f}" y1="{_height(v):.1f}" y2="{_height(v):.1f}" stroke="#ddd"/>'
        f'<text x="{LEFT - 8}" y="{_height(v) + 4:.1f}" text-anchor="end">{v:.1f}</text>'
        for v in levels
    )
    under = "".join(
        f'<text x="{x:.0f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{label}</text>'
        for x, label in zip(places, labels, strict=True)
    )
    title = f'<text x="{LEFT}" y="18">share of frames of speech with the right viseme, by look-ahead</text>'
    return f'<g fill="#444">{title}{rules}{under}</g>'


if __name__ == "__main__":
    main()
