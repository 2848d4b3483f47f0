"""What a painter needs to know of a person."""

from __future__ import annotations

from dataclasses import dataclass

from animator.errors import InputError
from animator.heads.paint.colour import Colour


@dataclass(frozen=True)
class Look:
    """The colours and the marks of one person.

    Parameters
    ----------
    age
        Years, in [1, 100]: lines, spots and grey grow with it.
    masculine
        In [0, 1]: 1 has heavy brows and a beard's shadow, 0 has neither.
    skin, lips, hair, eyes
        sRGB, 0 to 255: the cheek between blushes, the red of the lips, the hair halfway along, the middle of the iris.
    stubble
        Shadow of a shaved beard in [0, 1]; from ``masculine`` if absent.
    scalp
        How much of the scalp hair roots cover, in [0, 1]: 1 under hair, about 0.3 shaved, 0 bald.
    freckles
        How freckled, in [0, 1].
    seed
        Which of the many people of that look.
    """

    age: float = 28.0
    masculine: float = 0.5
    skin: Colour = (219, 172, 145)
    lips: Colour = (186, 112, 104)
    hair: Colour = (74, 50, 34)
    eyes: Colour = (96, 110, 92)
    stubble: float | None = None
    scalp: float = 1.0
    freckles: float = 0.2
    seed: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.age <= 100:
            raise InputError(f"a face is painted for an age of 1 to 100 years, not {self.age:g}")
        for name in ("masculine", "stubble", "scalp", "freckles"):
            value = getattr(self, name)
            if value is not None and not 0 <= value <= 1:
                raise InputError(f"{name} lies in [0, 1], not {value:g}")
        for name in ("skin", "lips", "hair", "eyes"):
            if len(getattr(self, name)) != 3 or not all(0 <= c <= 255 for c in getattr(self, name)):
                raise InputError(f"the colour of {name} is three numbers of 0 to 255, not {getattr(self, name)}")

    @property
    def beard(self) -> float:
        """Strength of the beard's shadow in [0, 1]."""
        if self.stubble is not None:
            return self.stubble
        grown = min(max((self.age - 15) / 8, 0.0), 1.0)
        return grown * min(max((self.masculine - 0.55) / 0.45, 0.0), 1.0)
