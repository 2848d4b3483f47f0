"""Colours of skin, lips, eyes, hair and shirt, by name or as ``#rrggbb``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from animator.errors import UnknownNameError
from animator.heads.paint.colour import density, encode

COLOURS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "skin": MappingProxyType(
            {"fair": "#e6c0a8", "light": "#dbac91", "medium": "#c99372", "olive": "#bd8e66", "tan": "#a8754f", "brown": "#865639",
             "dark": "#5d3a28"}
        ),
        "lips": MappingProxyType(
            {"pale": "#c48a80", "rose": "#ba7068", "red": "#a8403e", "plum": "#8a4a4c", "brown": "#7d4a3e"}
        ),
        "eyes": MappingProxyType(
            {"blue": "#6f8fa8", "grey": "#8a949a", "green": "#7a8f63", "hazel": "#8a6f3d", "brown": "#5c3a20", "dark": "#38241a"}
        ),
        "hair": MappingProxyType(
            {"black": "#17120f", "dark brown": "#2f2018", "brown": "#4a3222", "auburn": "#5e2c1c", "ginger": "#9a4a1e",
             "blond": "#b08a55", "grey": "#8a8580", "white": "#d6d2cc"}
        ),
        "shirt": MappingProxyType(
            {"white": "#d9d6d0", "grey": "#7d8084", "charcoal": "#2e3135", "black": "#17181a", "navy": "#27344d",
             "blue": "#4a6a8f", "green": "#4b5d4a", "wine": "#5a2b35", "sand": "#b7a58a"}
        ),
    }
)  # fmt: skip
"""What is coloured to the names that it knows."""


def colour(what: str, given: str) -> tuple[int, int, int]:
    """The sRGB colour (0 to 255 each) of a key of `COLOURS`; `UnknownNameError` if it is none."""
    text = COLOURS[what].get(given.strip().casefold(), given.strip())
    if re.fullmatch("#[0-9a-fA-F]{6}", text) is None:
        raise UnknownNameError(f"colour of {what}", given, (*COLOURS[what], "#rrggbb"))
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


NATURAL = "natural"
"""Lips of no colour of their own: the skin's, with the blood that shows through them."""


def lip_colour(given: str, skin: tuple[int, int, int]) -> tuple[int, int, int]:
    """The sRGB colour of lips, by name, as ``#rrggbb``, or `NATURAL`.

    Natural lips add to the skin's optical density what rose lips add to light skin, and hold a fifth less of its melanin.
    """
    if given.strip().casefold() != NATURAL:
        return colour("lips", given)
    light = density(colour("skin", "light"))
    blood = density(colour("lips", "rose")) - light
    red, green, blue = encode(np.exp(-(light + 0.8 * (density(skin) - light) + blood)))
    return int(red), int(green), int(blue)
