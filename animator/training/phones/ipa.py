"""Sounds of any language, written in IPA, as the nearest phones of ARPAbet: the lips' sake decides where the tongue cannot."""

from __future__ import annotations

import re
import unicodedata

_IPA = {
    "AA": "a ɑ", "AE": "æ", "AH": "ə ʌ ɐ ɤ ɘ", "AO": "ɔ ɒ", "AW": "aʊ au W", "AY": "aɪ ai I", "EH": "ɛ", "ER": "ɜ ɝ ɚ ø œ ɜɹ ɚɹ",
    "EY": "e eɪ ei A", "IH": "ɪ ᵻ ɨ ɯ", "IY": "i", "OW": "o oʊ ou əʊ O Q", "OY": "ɔɪ ɔʏ ɔø ɔy oɪ Y", "UH": "ʊ ɵ", "UW": "u ʉ y ʏ",
    "P": "p", "B": "b", "T": "t ʈ", "D": "d ɖ", "K": "k c q", "G": "ɡ g ɟ ɣ", "CH": "tʃ tɕ tʂ ʧ ʨ", "JH": "dʒ dʑ dʐ ʤ ʥ",
    "M": "m ɱ", "N": "n ɲ ɳ", "NG": "ŋ ɴ", "F": "f", "V": "v ʋ", "TH": "θ", "DH": "ð", "S": "s", "Z": "z", "SH": "ʃ ʂ ɕ",
    "ZH": "ʒ ʐ ʑ ʝ", "HH": "h ɦ ç x χ ħ", "L": "l ɫ ʎ ɭ", "R": "ɹ r ɾ ɻ ɽ ʁ ʀ", "W": "w ʍ ɥ ɰ", "Y": "j", "": "ʔ β ɸ",
}  # fmt: skip
"""Capitals and ligatures are misaki's, the alphabet of Kokoro and hibari-tts. The bilabial fricatives, neither closed nor open,
and the glottal stop, which lips ignore, have no phone."""

_PHONES = {symbol: phone for phone, symbols in _IPA.items() for symbol in symbols.split()}

_CEDILLA = "\u0327"
"""The only mark that makes another sound: c becomes ç."""

_SYMBOL = re.compile("|".join(sorted(map(re.escape, _PHONES), key=len, reverse=True)))


def phones_of(ipa: str) -> list[str]:
    """ARPAbet for a string of IPA; stress, length, tone and diacritics are passed over; "" stands for a sound without a phone.

    >>> phones_of("ˈtsaːɪt̪")
    ['T', 'S', 'AY', 'T']
    """
    marks = unicodedata.normalize("NFD", ipa.replace("ᵊ", "ə"))
    plain = "".join(c for c in marks if c == _CEDILLA or unicodedata.category(c) not in ("Mn", "Lm", "Sk"))
    return [_PHONES[symbol] for symbol in _SYMBOL.findall(unicodedata.normalize("NFC", plain))]
