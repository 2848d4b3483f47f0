"""Every weight file we ship says what it learned from, may be used by anyone for anything, and can be made again."""

import hashlib
import json
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from animator.errors import InputError
from animator.io.weights import load_weights, write_weights
from animator.training.corpora import CORPORA, refuse_unshippable

ASSETS = Path(str(files("animator.assets")))
WEIGHTS = sorted(ASSETS.glob("*.safetensors"))
SMALL = 20e6
"""Bytes that all weights together stay under."""

each = pytest.mark.parametrize("path", WEIGHTS, ids=lambda path: path.stem)


def test_weights_are_shipped_and_small():
    assert WEIGHTS
    assert sum(path.stat().st_size for path in WEIGHTS) < SMALL


@each
def test_all_that_weights_learned_from_may_be_used_for_anything(path):
    _, header = load_weights(path)
    assert header["corpora"]
    for corpus in header["corpora"]:
        known = CORPORA[corpus["name"]]
        assert known.shippable, f"{path.name} learned from {known.name}, which is {known.licence}"
        assert (corpus["licence"], corpus["credit"]) == (known.licence, known.credit)


@each
def test_weights_say_how_they_were_made_and_what_they_score(path):
    _, header = load_weights(path)
    assert "seed" in header["recipe"]
    assert header["scores"]
    json.dumps(dict(header))


@each
def test_the_manifest_lists_weights_by_their_hash_with_the_command_that_makes_them(path):
    manifest = tomllib.loads((ASSETS / "manifest.toml").read_text(encoding="utf-8"))["asset"]
    (entry,) = [entry for entry in manifest if entry["file"] == path.name]
    assert entry["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert entry["recipe"].startswith(f"animator train {path.stem}")


@pytest.mark.parametrize("name", [name for name, corpus in CORPORA.items() if not corpus.shippable])
def test_corpora_with_strings_attached_are_refused_before_any_training(name):
    with pytest.raises(InputError, match=name):
        refuse_unshippable(["emodb", name])


def test_weights_from_a_licence_against_commerce_are_not_written(tmp_path):
    told = [{"name": "ravdess", "licence": CORPORA["ravdess"].licence, "credit": CORPORA["ravdess"].credit}]
    with pytest.raises(InputError, match="cannot be shipped"):
        write_weights(tmp_path / "x.safetensors", {}, told, {}, {})
    assert not list(tmp_path.iterdir())
