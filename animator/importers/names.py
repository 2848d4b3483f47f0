"""What other programs call controls -> the controls of a rig."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

from animator.core.rig import Rig
from animator.errors import FormatError, LossWarning

_SIDES = (("_left", "left"), ("_right", "right"), ("_l", "left"), ("_r", "right"))


def spelling(name: str) -> str:
    """A name as it is compared: without case, and with its side written out (``eyeBlink_L`` is ``eyeblinkleft``)."""
    plain = name.strip().casefold()
    for end, side in _SIDES:
        if plain.endswith(end):
            return plain.removesuffix(end) + side
    return plain


def matched(names: Sequence[str], rig: Rig, where: str) -> dict[int, str]:
    """Place in ``names`` to the control of the rig that stands there; places that name none are left out.

    Raises
    ------
    FormatError
        Two places name the same control.
    """
    controls = {spelling(name): name for name in rig.names}
    found = {i: controls[spelling(name)] for i, name in enumerate(names) if spelling(name) in controls}
    for i, control in found.items():
        if control in [found[k] for k in found if k < i]:
            raise FormatError(f"{where} holds {control!r} twice")
    return found


def tell_unused(names: Sequence[str], where: str) -> None:
    """Warn with a `LossWarning` of curves that are no controls, if there are any."""
    if names:
        listed = ", ".join(names[:6]) + (f" … ({len(names)} in all)" if len(names) > 6 else "")
        warnings.warn(f"{where} also holds {listed}, which no control here stands for", LossWarning, stacklevel=3)
