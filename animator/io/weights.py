"""Weights of learned parts: one ``.safetensors`` file a part, float16, with what it learned from in its header."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from animator.errors import FormatError, InputError, MissingWeightsError

SCHEMA = "animator.Weights/1"

_NOT_FOR_SALE = re.compile(r"\bNC\b|non-?commercial|research[- ]only|\bND\b", re.IGNORECASE)


def write_weights(
    path: Path,
    tensors: Mapping[str, np.ndarray],
    corpora: list[dict[str, str]],
    recipe: Mapping[str, Any],
    scores: Mapping[str, Any],
) -> None:
    """Write a part's weights.

    Parameters
    ----------
    path
        A ``.safetensors`` file; written over.
    tensors
        By name, any shape; floats are kept as float16.
    corpora
        What it learned from, each with ``name``, ``licence`` and ``credit``.
    recipe, scores
        How it was trained, and what it scores on what was held out; JSON values.

    Raises
    ------
    InputError
        A corpus may not be used commercially, so that nothing learned from it may be shipped.
    """
    from safetensors.numpy import save

    check_corpora(corpora)
    header = {
        "schema": SCHEMA,
        "corpora": json.dumps(corpora),
        "recipe": json.dumps(recipe),
        "scores": json.dumps(scores),
    }
    halves = {name: np.ascontiguousarray(t.astype(np.float16) if t.dtype.kind == "f" else t) for name, t in tensors.items()}
    path.write_bytes(save(halves, header))  # its own save_file makes files that nobody else may read


def check_corpora(corpora: list[dict[str, str]]) -> None:
    """`InputError` where a corpus has no licence, or one that forbids what users may do with the weights."""
    for corpus in corpora:
        licence = corpus.get("licence", "")
        if not licence or _NOT_FOR_SALE.search(licence):
            raise InputError(
                f"weights that learned from {corpus.get('name', '?')} cannot be shipped: its licence is {licence or 'unknown'}; "
                "use it for measuring only"
            )


@cache
def read_weights(name: str) -> tuple[Mapping[str, np.ndarray], Mapping[str, Any]]:
    """Tensors, floats as float32, and the header of the shipped part ``name``, read once a process; do not write to them.

    Raises
    ------
    MissingWeightsError
        The file is not among the installed assets.
    """
    shipped = files("animator.assets") / f"{name}.safetensors"
    if not shipped.is_file():
        raise MissingWeightsError(
            f"the weights of {name!r} are not at {shipped}; install animator whole, or make them with 'animator train'"
        )
    with as_file(shipped) as path:
        return load_weights(path)


def load_weights(path: Path) -> tuple[Mapping[str, np.ndarray], Mapping[str, Any]]:
    """As `read_weights`, of any file; `FormatError` if it is none of ours."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "np") as file:
            header = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no dictionary
    except SafetensorError as error:
        raise FormatError(f"{path} is no whole .safetensors file: {error}") from error
    if header.get("schema") != SCHEMA:
        raise FormatError(f"{path} holds weights of {header.get('schema', 'something else')!r}, not {SCHEMA}")
    told = {key: json.loads(header[key]) for key in ("corpora", "recipe", "scores")}
    floats = {name: t.astype(np.float32) if t.dtype.kind == "f" else t for name, t in tensors.items()}
    return MappingProxyType(floats), MappingProxyType(told)
