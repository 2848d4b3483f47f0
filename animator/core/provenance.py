"""What a file tells of where it came from, in formats that have a place for it."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version

from animator.core.take import Take

SOFTWARE = "animator"

VERSION = version(SOFTWARE)

MAKER = f"{SOFTWARE} {VERSION}"
"""Who made a file."""

_WORDS = "http://cv.iptc.org/newscodes/digitalsourcetype/"
"""The vocabulary: IPTC, Digital Source Type NewsCodes, as of September 2024."""

GENERATED = f"{_WORDS}trainedAlgorithmicMedia"
"""IPTC's word for media that a model made which learned from samples, as our ear and our learned generator did."""

COMPOSITE = f"{_WORDS}compositeWithTrainedAlgorithmicMedia"
"""IPTC's word for such media laid into others: a photo whose face a model moves."""

DRAWN = f"{_WORDS}dataDrivenMedia"
"""IPTC's word for data that a program draws: a performance that was captured elsewhere, on a drawn head."""


def provenance(take: Take) -> Mapping[str, str]:
    """Who made a take, of which kind it is in IPTC's words, and the recipe it was made by.

    Nothing where the recipe is not known: a performance that was captured elsewhere is not claimed to be made here.
    """
    if not take.recipe:
        return {}
    return {"software": MAKER, "digitalSourceType": GENERATED, "recipe": take.recipe}
