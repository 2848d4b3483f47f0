"""What a file tells of where it came from, in formats that have a place for it."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version

from animator.core.take import Take

DIGITAL_SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
"""IPTC's word for media that a model made which learned from samples, as our ear and our learned generator did."""


def provenance(take: Take) -> Mapping[str, str]:
    """Who made a take, of which kind it is in IPTC's words, and the recipe it was made by.

    Nothing where the recipe is not known: a performance that was captured elsewhere is not claimed to be made here.
    """
    if not take.recipe:
        return {}
    return {"software": f"animator {version('animator')}", "digitalSourceType": DIGITAL_SOURCE, "recipe": take.recipe}
