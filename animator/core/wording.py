"""English text to the words that are said."""

from __future__ import annotations

import re
import unicodedata

_SPOKEN = {
    "mr": "mister", "mrs": "missus", "dr": "doctor", "st": "saint", "vs": "versus", "&": "and", "%": "percent", "+": "plus",
    "=": "equals", "@": "at", "$": "dollars", "€": "euros", "£": "pounds", "°": "degrees",
}  # fmt: skip

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SCALES = ((10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred"))
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}

_TOKEN = re.compile(r"[$€£]?\d+(?:,\d{3})*(?:\.\d+)?(?:st|nd|rd|th)?|[^\W\d_]+(?:'[^\W\d_]+)*'?|[&%+=@$€£°]")


def words(text: str) -> tuple[str, ...]:
    """Words as a dictionary has them: lower case, no accents or punctuation but the apostrophe, numbers and signs written out."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'").replace("ß", "ss"))
    plain = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    out: list[str] = []
    for token in _TOKEN.findall(plain):
        if any(c.isdigit() for c in token):
            out += _number(token)
        else:
            out += _SPOKEN.get(token, token).split()
    return tuple(out)


def _number(token: str) -> list[str]:
    """``$1,250.50`` and ``21st`` as words."""
    sign = _SPOKEN.get(token[0])
    digits = re.sub(r"[^\d.]", "", token)
    whole, _, decimals = digits.partition(".")
    value = int(whole)
    if len(whole) > 12:
        out = [_ONES[int(c)] for c in whole]
    elif 1100 <= value <= 1999 and whole == token:
        rest = value % 100
        out = [
            *_cardinal(value // 100),
            *(["hundred"] if not rest else ["oh"] if rest < 10 else []),
            *(_cardinal(rest) if rest else []),
        ]
    else:
        out = _cardinal(value)
    if token.endswith(("st", "nd", "rd", "th")):
        last = out[-1]
        out[-1] = _ORDINALS.get(last) or (last[:-1] + "ieth" if last.endswith("y") else last + "th")
    if decimals:
        out += ["point", *(_ONES[int(c)] for c in decimals)]
    return [*out, sign] if sign else out


def _cardinal(value: int) -> list[str]:
    if value < 20:
        return [_ONES[value]]
    if value < 100:
        return [_TENS[value // 10 - 2], *([_ONES[value % 10]] if value % 10 else [])]
    size, name = next((size, name) for size, name in _SCALES if value >= size)
    return [*_cardinal(value // size), name, *(_cardinal(value % size) if value % size else [])]
