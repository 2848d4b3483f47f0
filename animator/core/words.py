"""Where in a sound somebody's words are: single ones, one of several, or a few in a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from animator.core.features import Word
from animator.core.wording import words as words_of
from animator.errors import InputError, UnknownNameError


def places(each: Any) -> tuple[str, ...]:
    """By which of ``start``, ``word`` and ``after`` something says when it begins."""
    return tuple(name for name in ("start", "word", "after") if getattr(each, name) not in (None, ""))


def parse_words(text: str) -> tuple[tuple[str, ...], int | None]:
    """The words that a director means, and which time they are said, counted from 1; None is every time.

    ``never``, ``never#2`` for the second one, ``so glad`` for words in a row; case and punctuation do not matter.

    Raises
    ------
    InputError
        There is no word in it, or what follows ``#`` counts nothing.
    """
    said, mark, count = text.partition("#")
    tokens = words_of(said)
    if not tokens or (mark and not (count.strip().isdigit() and int(count) > 0)):
        raise InputError(f"words are written 'never', 'never#2' for the second one or 'so glad', not {text!r}")
    return tokens, int(count) if mark else None


def spans_of_words(words: Sequence[Word], wanted: str, where: str = "") -> tuple[tuple[float, float], ...]:
    """When words are said: start and stop in seconds, each time that is meant (`parse_words`), in order; complaints begin with
    ``where``.

    Raises
    ------
    InputError
        Nobody knows when any word is said, or they are said less often than that.
    UnknownNameError
        They are not said; the nearest word is offered.
    """
    try:
        return _spans(words, wanted)
    except InputError as error:
        error.args = (f"{where}: {error}" if where else str(error),)
        raise


def _spans(words: Sequence[Word], wanted: str) -> tuple[tuple[float, float], ...]:
    tokens, which = parse_words(wanted)
    if not words:
        raise InputError(f"when {wanted!r} is said is known only by a transcript that fits the sound; give one")
    texts = [" ".join(words_of(word.text)) for word in words]
    found = [
        (words[i].start, words[i + len(tokens) - 1].end)
        for i in range(len(words) - len(tokens) + 1)
        if tuple(texts[i : i + len(tokens)]) == tokens
    ]
    if not found:
        missing = next((token for token in tokens if token not in texts), wanted)
        raise UnknownNameError("word", missing, set(texts) | {wanted} - {missing}, "what is said")
    if which is not None and which > len(found):
        times = "once" if len(found) == 1 else f"{len(found)} times"
        raise InputError(f"{' '.join(tokens)!r} is said {times}, so there is no {wanted!r}")
    return tuple(found) if which is None else (found[which - 1],)
