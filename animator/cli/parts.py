"""``animator list``: every registered part with its settings."""

from __future__ import annotations

import dataclasses
import inspect
import json
import re
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from animator import registry
from animator.core.settings import kind_name, setting_types


@click.command("list", short_help="Every part with its settings.")
@click.argument("family", required=False, metavar="[FAMILY]")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def list_parts(family: str | None, as_json: bool) -> None:
    """List every part of a FAMILY (or of all) with its settings and their defaults."""
    families = [family] if family else list(registry.FAMILIES)
    parts = [describe(each, name) for each in families for name in registry.names(each)]
    if as_json:
        click.echo(json.dumps(parts, indent=2))
        return
    console = Console() if Console().is_terminal else Console(width=110)
    for part in parts:
        console.print(f"[bold]{part['family']} / {part['name']}[/bold]  {part['summary']}", highlight=False)
        if "files" in part:
            console.print(_facts(part))
        table = _rows()
        for setting in part["settings"]:
            table.add_row(setting["name"], str(setting["default"]), setting["meaning"], style="dim")
        console.print(table if part["settings"] else "    (no settings)")


def _facts(part: dict[str, Any]) -> Table:
    """Of a format: what its files end in, whose names it speaks, and what does not survive it."""
    table = _rows()
    table.add_row("files", " ".join(part["files"]))
    table.add_row("rig", part["rig"] or "any")
    if "loses" in part:
        table.add_row("loses", part["loses"])
    return table


def _rows() -> Table:
    table = Table(box=None, padding=(0, 2, 0, 2), show_header=False)
    table.add_column(min_width=14)
    return table


def describe(family: str, name: str) -> dict[str, Any]:
    """A part as plain data: its summary and its settings with type, default and meaning; of a format, also its files' suffixes,
    its rig and what it loses.
    """
    part = registry.find(family, name)
    text = (inspect.getdoc(part) or "").replace("``", "")
    meanings = _meanings(text)
    kinds = setting_types(part)
    settings = [
        {"name": f.name, "type": kind_name(kinds[f.name]), "default": _default(f), "meaning": meanings.get(f.name, "")}
        for f in dataclasses.fields(part)
        if f.init
    ]
    part_as_data = {"family": family, "name": name, "summary": text.split("\n\n")[0].replace("\n", " ")}
    return {**part_as_data, **_format(part, text), "settings": settings}


def _format(part: Any, text: str) -> dict[str, Any]:
    """What only exporters and importers have: suffixes, rig and, as far as the docstring says so, losses."""
    if not hasattr(part, "suffixes"):
        return {}
    loses = re.search(r"^Loses: (.*?)(?=\n\n|\Z)", text, re.DOTALL | re.MULTILINE)
    found = {"files": list(part.suffixes), "rig": part.rig}
    return {**found, "loses": " ".join(loses.group(1).split())} if loses else found


def _default(setting: dataclasses.Field[Any]) -> Any:
    value = setting.default_factory() if setting.default_factory is not dataclasses.MISSING else setting.default
    return value if isinstance(value, bool | int | float | str) or value is None else str(value)


def _meanings(docstring: str) -> dict[str, str]:
    """Setting to meaning, from the Parameters section of a numpydoc docstring."""
    section = re.search(r"^Parameters\n-+\n(.*?)(?=^\w[^\n]*\n-+\n|\Z)", docstring, re.DOTALL | re.MULTILINE)
    meanings: dict[str, str] = {}
    for entry in re.finditer(
        r"^(\w[\w, ]*?)(?: :[^\n]*)?\n((?:[ ]+[^\n]*\n?|\n)+)", section.group(1) + "\n" if section else "", re.MULTILINE
    ):
        for name in entry.group(1).split(","):
            meanings[name.strip()] = " ".join(entry.group(2).split())
    return meanings
