"""What animator raises, and the one thing it warns with.

::

    AnimatorError
    ├── InputError (ValueError)              a value or file the caller gave cannot be used
    │   ├── FormatError                      a file is not what it claims to be; names the file and the place
    │   └── UnknownNameError                 no such rig, control, feeling …; offers the nearest
    ├── MissingDependencyError (ImportError) an optional extra is absent; says which to install
    └── MissingWeightsError (FileNotFoundError) weights are absent; says where they were looked for

    LossWarning (UserWarning)                the result stands, but something asked for could not be kept whole

Every message is one sentence of up to three parts: what was given, what is allowed, what to do.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class AnimatorError(Exception):
    """The root of everything animator raises on purpose."""


class InputError(AnimatorError, ValueError):
    """A value or file that the caller gave cannot be used."""


class FormatError(InputError):
    """A file is not what it claims to be."""


class UnknownNameError(InputError):
    """No such rig, control, feeling, part …; the message offers the nearest names."""

    def __init__(self, what: str, given: str, known: Iterable[str], where: str = "") -> None:
        names = sorted(known)
        near = difflib.get_close_matches(given.casefold(), [n.casefold() for n in names], n=1, cutoff=0.5)
        hint = next((f"did you mean {n!r}?" for n in names if near and n.casefold() == near[0]), "")
        listed = ", ".join(names) if len(names) <= 40 else f"{', '.join(names[:12])} … ({len(names)} in all)"
        place = f" in {where}" if where else ""
        super().__init__(f"there is no {what} {given!r}{place}; {hint + ' ' if hint else ''}known: {listed}")


class MissingDependencyError(AnimatorError, ImportError):
    """An optional extra is absent; the message says which one to install."""


class MissingWeightsError(AnimatorError, FileNotFoundError):
    """Weights are absent; the message says where they were looked for and how to get them."""


class LossWarning(UserWarning):
    """The result stands, but something that was asked for could not be kept whole."""
