"""The demo stands above the library: it knows its public names alone, and the library knows nothing of it."""

import ast
from pathlib import Path

import pytest

import animator

ROOT = Path(__file__).parents[2]
APP = sorted((ROOT / "app").glob("*.py"))


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


@pytest.mark.parametrize("path", APP, ids=lambda path: path.stem)
def test_a_file_of_the_demo_imports_of_animator_only_itself_and_its_own_kind(path):
    ours = [name for name in imports(path) if name.startswith((".", "animator"))]
    assert [name for name in ours if name != "animator" and not name.startswith(".")] == []
    assert not any(name.startswith("..") for name in ours)


@pytest.mark.parametrize("path", APP, ids=lambda path: path.stem)
def test_a_file_of_the_demo_uses_public_names_alone(path):
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    used = {
        node.attr
        for node in nodes
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "animator"
    }
    assert used <= set(animator.__all__)


def test_the_library_does_not_know_the_demo():
    for path in (ROOT / "animator").rglob("*.py"):
        assert not [name for name in imports(path) if name.startswith("animator.app")], path
