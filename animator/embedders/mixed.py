"""`Mixed`: what is named and what the voice tells, with a dial between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from animator import registry
from animator.core.audio import Audio
from animator.core.emotion import Code, Emotion
from animator.core.features import Word
from animator.core.feelings import Own
from animator.core.settings import check_dials, check_kinds, setting_types
from animator.embedders.base import STRETCH, WHOLE
from animator.embedders.voice import Voice
from animator.errors import InputError


@dataclass(frozen=True)
class Mixed:
    """The feelings of another embedder and those of the voice.

    Parameters
    ----------
    named
        The other embedder: its ``name``, and its settings beside it.
    heard
        Share of the voice, [0, 1]: 0 = what is named alone, 1 = the voice alone.
    strength
        As of the embedder ``voice``.

    Raises
    ------
    InputError, UnknownNameError
        A setting leaves its range, or there is no such embedder or setting of it.
    """

    named: Mapping[str, Any] = field(default_factory=lambda: {"name": "label"})
    heard: float = 0.0
    strength: float = 0.8

    def __post_init__(self) -> None:
        check_dials(self, {"heard": 1.0})
        Voice(self.strength)
        if self.named.get("name") in ("mixed", "voice", "both"):
            raise InputError(f"the voice is heard beside what is named, so that cannot be {self.named['name']!r}")
        self._part()

    @property
    def hears(self) -> str:
        """The stretch that it is to tell of, where what is named is the same throughout; otherwise all of it."""
        return STRETCH if self.named.get("name") == "label" else WHOLE

    @property
    def worded(self) -> bool:
        """Whether what is named stands at words, so that it has to be `placed` first."""
        return bool(getattr(self._part(), "worded", False))

    def placed(self, said: Sequence[Word]) -> Mixed:
        """The same, with what stood at words in seconds."""
        return replace(self, named={**self.named, "cues": self._part().placed(said).cues})

    def knowing(self, own: Own) -> Mixed:
        """The same, with feelings of a director's own written out."""
        part = self._part()
        if not hasattr(part, "knowing"):
            return self
        told = part.knowing(own)
        return replace(self, named={**self.named, **{name: getattr(told, name) for name in setting_types(type(part))}})

    def embed(self, audio: Audio, feelings: Sequence[str]) -> Emotion:
        """Both over the length of ``audio``, at 50 Hz, each weight and each code's mean between theirs; raises as they do.

        What regions feel besides, and gestures, are what is named alone; the former by its share.
        """
        named: Emotion = self._part().embed(audio, feelings)
        if self.heard == 0:
            return named
        voice = Voice(self.strength).embed(audio, feelings)
        weights = np.float32(1 - self.heard) * named.values
        columns = [named.names.index(name) for name in voice.names]
        weights[:, columns] += np.float32(self.heard) * voice.values
        return replace(named, values=np.clip(weights, 0.0, 1.0), code=_between(named.code, voice.code, self.heard))

    def told(self, audio: Audio) -> list[dict[str, Any]]:
        """What is heard in the whole, as `voice.Voice.told` has it; nothing where the voice has no share."""
        return Voice(self.strength).told(audio) if self.heard else []

    def _part(self) -> Any:
        settings = {name: value for name, value in self.named.items() if name != "name"}
        part = registry.find("embedders", str(self.named.get("name", "label")))
        check_kinds(settings, setting_types(part), f"embedder {self.named.get('name')!r}")
        return part(**settings)


def _between(named: Code | None, heard: Code | None, share: float) -> Code | None:
    """The Gaussian of a weighted sum of two that vary each on its own."""
    if named is None or heard is None:
        return None
    rest, part = np.float32(1 - share), np.float32(share)
    return Code(rest * named.mean + part * heard.mean, np.sqrt((rest * named.scale) ** 2 + (part * heard.scale) ** 2))
