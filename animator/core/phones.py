"""Phones and visemes: the vocabulary that encoders, generators and metrics share.

Phones are ARPAbet without stress marks, with ``SIL`` for silence. Visemes are the fifteen of Oculus/Meta. The table from
one to the other follows the vendors' published pages; a diphthong glides from its first viseme to its second.
"""

from __future__ import annotations

from types import MappingProxyType

SILENCE = "SIL"

VISEMES: tuple[str, ...] = ("sil", "PP", "FF", "TH", "DD", "kk", "CH", "SS", "nn", "RR", "aa", "E", "ih", "oh", "ou")

PHONE_VISEMES: MappingProxyType[str, tuple[str, ...]] = MappingProxyType(
    {
        "SIL": ("sil",),
        "AA": ("aa",), "AE": ("aa",), "AH": ("aa",), "AO": ("oh",), "AW": ("aa", "ou"), "AY": ("aa", "ih"),
        "B": ("PP",), "CH": ("CH",), "D": ("DD",), "DH": ("TH",), "EH": ("E",), "ER": ("RR",), "EY": ("E", "ih"),
        "F": ("FF",), "G": ("kk",), "HH": (), "IH": ("ih",), "IY": ("ih",), "JH": ("CH",), "K": ("kk",), "L": ("nn",),
        "M": ("PP",), "N": ("nn",), "NG": ("kk",), "OW": ("oh", "ou"), "OY": ("oh", "ih"), "P": ("PP",), "R": ("RR",),
        "S": ("SS",), "SH": ("CH",), "T": ("DD",), "TH": ("TH",), "UH": ("ou",), "UW": ("ou",), "V": ("FF",),
        "W": ("ou",), "Y": ("ih",), "Z": ("SS",), "ZH": ("CH",),
    }
)  # fmt: skip
"""Phone to viseme, or to two in turn for a diphthong; ``HH`` has none of its own and takes that of the next vowel."""

PHONES: tuple[str, ...] = tuple(PHONE_VISEMES)

BILABIALS = frozenset({"P", "B", "M"})
"""The lips close."""

LABIODENTALS = frozenset({"F", "V"})
"""The lower lip touches the upper teeth."""

VOWELS = frozenset({"AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW"})
