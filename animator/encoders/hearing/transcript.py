"""Words that no dictionary knows, to phones."""

from __future__ import annotations

import re

_LETTERS = {
    "a": "EY", "b": "B IY", "c": "S IY", "d": "D IY", "e": "IY", "f": "EH F", "g": "JH IY", "h": "EY CH", "i": "AY", "j": "JH EY",
    "k": "K EY", "l": "EH L", "m": "EH M", "n": "EH N", "o": "OW", "p": "P IY", "q": "K Y UW", "r": "AA R", "s": "EH S",
    "t": "T IY", "u": "Y UW", "v": "V IY", "w": "D AH B AH L Y UW", "x": "EH K S", "y": "W AY", "z": "Z IY",
}  # fmt: skip

_RULES = {
    "tion": "SH AH N", "sion": "ZH AH N", "cious": "SH AH S", "tious": "SH AH S", "ture": "CH ER", "ough": "AO", "augh": "AO",
    "eigh": "EY", "igh": "AY", "tch": "CH", "sch": "SH", "dge": "JH", "eau": "OW", "ing": "IH NG", "ch": "CH", "sh": "SH",
    "th": "TH", "ph": "F", "wh": "W", "gh": "G", "kn": "N", "wr": "R", "ck": "K", "qu": "K W", "ng": "NG", "ee": "IY", "ea": "IY",
    "oo": "UW", "ou": "AW", "ow": "OW", "oa": "OW", "oi": "OY", "oy": "OY", "ai": "EY", "ay": "EY", "au": "AO", "aw": "AO",
    "ei": "EY", "ey": "IY", "ie": "IY", "ue": "UW", "ew": "UW", "ar": "AA R", "er": "ER", "ir": "ER", "or": "AO R", "ur": "ER",
    "a": "AE", "b": "B", "c": "K", "d": "D", "e": "EH", "f": "F", "g": "G", "h": "HH", "i": "IH", "j": "JH", "k": "K", "l": "L",
    "m": "M", "n": "N", "o": "AA", "p": "P", "q": "K", "r": "R", "s": "S", "t": "T", "u": "AH", "v": "V", "w": "W", "x": "K S",
    "y": "IY", "z": "Z",
}  # fmt: skip
"""Letters to phones, the longest first: the commonest reading of each, chosen so that the lips are right even where the
tongue is not."""

_LONG = {"a": "EY", "e": "IY", "i": "AY", "o": "OW", "u": "UW", "y": "AY"}


def spell(word: str) -> tuple[str, ...] | None:
    """Phones of a word by letter-to-sound rules; None for a word with other letters than a to z.

    A word without a vowel is read letter by letter, as an abbreviation. Otherwise the longest rule that fits is taken from left
    to right; a vowel before one consonant and a last silent ``e`` is long, a last ``ed`` is ``D`` (``AH D`` after t and d), ``c``
    and ``g`` are soft before ``e i y``, and a doubled consonant counts once.
    """
    letters = word.replace("'", "")
    if not re.fullmatch("[a-z]+", letters):
        return None
    if not re.search("[aeiouy]", letters):
        return tuple(" ".join(_LETTERS[c] for c in letters).split())
    if re.search("[aeiouy].*[^aeiouy]ed$", letters):
        stem = spell(letters[:-1]) or ()
        return (*stem, "AH", "D") if stem[-1] in ("T", "D") else (*stem, "D")
    silent_e = bool(re.search("[aeiouy].*[^aeiouy]e$", letters))
    body = letters[:-1] if silent_e else letters
    phones: list[str] = []
    at = 0
    while at < len(body):
        here, following = body[at], letters[at + 1 : at + 2]
        size = next(n for n in (5, 4, 3, 2, 1) if body[at : at + n] in _RULES and len(body[at : at + n]) == n)
        if size == 1 and here in _LONG and silent_e and at == len(body) - 2:
            phones.append(_LONG[here])
        elif size == 1 and here == "y" and at == 0 and len(body) > 1:
            phones.append("Y")
        elif size == 1 and here in "cg" and following and following in "eiy":
            phones.append("S" if here == "c" else "JH")
        elif not (size == 1 and here == following and here not in _LONG):
            phones += _RULES[body[at : at + size]].split()
        at += size
    return tuple(phones)
