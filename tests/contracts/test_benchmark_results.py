"""Committed results keep one shape, and every quality figure of ours stands beside both trivial baselines."""

import json
from dataclasses import fields
from pathlib import Path

import pytest

from benchmarks.result import SCHEMA, Row

RESULTS = sorted((Path(__file__).parents[2] / "benchmarks" / "results").glob("*.json"))


@pytest.mark.parametrize("path", RESULTS, ids=lambda p: p.stem)
def test_a_result_has_machine_facts_and_rows_of_figures(path):
    result = json.loads(path.read_text())
    assert result["schema"] == SCHEMA
    assert result["name"] == path.stem
    assert {"cpu", "cores", "python", "numpy"} <= set(result["machine"])
    for row in result["rows"]:
        assert set(row) == {f.name for f in fields(Row)}
        assert row["low"] <= row["median"] <= row["high"]
        assert row["count"] >= 1
        assert row["better"] in ("lower", "higher", "none")


def test_quality_stands_beside_its_baselines():
    rows = json.loads(next(p for p in RESULTS if p.stem == "quality").read_text())["rows"]
    moved = {row["case"] for row in rows if row["system"].endswith(" + visemes")}
    assert moved
    for case in moved:
        systems = {row["system"] for row in rows if row["case"] == case}
        assert {"phones + visemes", "baseline: mean face", "baseline: loudness drives jaw"} <= systems


def test_no_ear_of_ours_stands_alone():
    rows = json.loads(next(p for p in RESULTS if p.stem == "quality").read_text())["rows"]
    for case in {row["case"] for row in rows if row["system"] == "speech" and row["measure"] == "closures: F1"}:
        assert "phones" in {row["system"] for row in rows if row["case"] == case}, case
