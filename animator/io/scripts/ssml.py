"""SSML with Azure's speaking styles: what is said, and a tag where a style begins and where it ends."""

from __future__ import annotations

import warnings
from collections.abc import Container, Mapping
from types import MappingProxyType

from animator.core.cues import Direction, tagged
from animator.errors import FormatError, LossWarning
from animator.io.scripts.elements import Element

ROOT = "speak"
STYLES: Mapping[str, str] = MappingProxyType(
    {
        "advertisement_upbeat": "happy:0.6", "affectionate": "affection:0.6", "angry": "angry:0.6", "assistant": "calm:0.4",
        "calm": "calm:0.6", "chat": "happy:0.2", "cheerful": "happy:0.6", "customerservice": "happy:0.3", "depressed": "sad:0.6",
        "disgruntled": "disgruntled:0.6", "documentary-narration": "calm:0.3", "embarrassed": "embarrassment:0.6",
        "empathetic": "empathetic:0.6", "envious": "jealousy:0.6", "excited": "elation:0.6", "fearful": "fear:0.6",
        "friendly": "friendly:0.6", "gentle": "gentle:0.6", "hopeful": "hope:0.6", "lyrical": "calm:0.3",
        "narration-professional": "neutral:0.6", "narration-relaxed": "calm:0.4", "newscast": "neutral:0.6",
        "newscast-casual": "happy:0.1", "newscast-formal": "neutral:0.6", "poetry-reading": "calm:0.3", "sad": "sad:0.6",
        "serious": "serious:0.6", "shouting": "angry:0.4", "sports_commentary": "happy:0.3",
        "sports_commentary_excited": "elation:0.6", "whispering": "calm:0.2", "terrified": "terror:0.6",
        "unfriendly": "unfriendly:0.6",
    }
)  # fmt: skip
"""Azure's styles as feelings, at the degree 1; twice as strong at 2, as far as a feeling goes; any feeling's name is one, too."""

USUAL = 0.6
"""How strong a feeling is that is a style by its own name, at the degree 1."""

_PLAIN = ("speak", "voice", "p", "s", "w", "token", "express-as", "sub", "lexicon", "metadata", "meta", "desc")


def read_ssml(root: Element, where: str, gestures: Container[str], feelings: Container[str]) -> Direction:
    """The words, with cues at those with which styles begin and end; what was felt before a style comes back after it.

    Warns
    -----
    LossWarning
        A style is not known, which Azure leaves out too; or elements are for a voice alone.
    """
    if root.name != ROOT:
        raise FormatError(f"{where}, line {root.line}: the root is <{ROOT}>, not <{root.name}>")
    walk = _Walk(where, feelings)
    walk.through(root, "neutral")
    if walk.unknown:
        warnings.warn(f"{where} has styles that nobody knows: {', '.join(sorted(walk.unknown))}", LossWarning, stacklevel=4)
    if walk.unused:
        told = f"{where}: {', '.join(sorted(walk.unused))} say how a voice speaks, and are not used"
        warnings.warn(told, LossWarning, stacklevel=4)
    said, cues, _ = tagged("".join(walk.text), gestures, where, walk.lines)
    ahead = [*((cue.word, cue.after) for cue in cues[1:]), ("", "")]
    # where one style ends and the next begins, the next counts; at the end there is nothing left to feel otherwise
    return Direction(
        tuple(cue for cue, place in zip(cues, ahead, strict=True) if cue.word and place != (cue.word, "")), said or None
    )


class _Walk:
    def __init__(self, where: str, feelings: Container[str]) -> None:
        self.where, self.feelings = where, feelings
        self.text: list[str] = []
        self.lines: list[int] = []
        self.unknown: set[str] = set()
        self.unused: set[str] = set()

    def through(self, element: Element, felt: str) -> None:
        if element.name not in _PLAIN:
            self.unused.add(element.name)
        if element.name == "express-as" and "role" in element.attributes:
            self.unused.add("role")
        mine = self._style(element) if element.name == "express-as" else None
        if mine is not None:
            self._tag(mine, element.line)
        if element.name == "sub" and "alias" in element.attributes:
            self.text.append(_plain(element.attributes["alias"]))
        else:
            for each in element.content:
                if isinstance(each, str):
                    self.text.append(_plain(each))
                elif each.name not in ("lexicon", "metadata", "meta", "desc"):
                    self.through(each, felt if mine is None else mine)
        if element.name in ("p", "s", "break", "voice"):
            self.text.append(" ")
        if mine is not None:
            self._tag(felt, element.line)

    def _style(self, element: Element) -> str | None:
        style, degree = element.attributes.get("style", ""), element.attributes.get("styledegree", "1")
        try:
            scale = float(degree)
        except ValueError:
            scale = 0.0
        if not 0.01 <= scale <= 2:
            raise FormatError(f"{self.where}, line {element.line}: 'styledegree' lies in [0.01, 2], not {degree!r}")
        if style not in STYLES and style not in self.feelings:
            self.unknown |= {style} if style else set()
            return None
        feeling, _, weight = STYLES.get(style, f"{style}:{USUAL}").partition(":")
        return f"{feeling}:{min(1.0, scale * float(weight)):g}"

    def _tag(self, feeling: str, line: int) -> None:
        self.text.append(f" [{feeling}] ")
        self.lines.append(line)


def _plain(text: str) -> str:
    return text.replace("[", "(").replace("]", ")")
