"""Curves for a MetaHuman's face, made by animator. Runs inside Unreal's editor, with its Python plug-in.

Select one or more animation sequences of the face in the Content Browser, then Tools > Execute Python Script, and choose this
file. Each sequence gets the curves; curves of the same names that it has are replaced, all others are kept.
"""

from __future__ import annotations

import json
from typing import Any

import unreal

TAKE = json.loads("{}")


def add_curves(sequence: Any, curves: dict[str, dict[str, list[float]]]) -> None:
    """Give an animation sequence these curves: name to times, in seconds, and values."""
    kind = unreal.RawCurveTrackTypes.RCT_FLOAT
    for name, keys in curves.items():
        if unreal.AnimationLibrary.does_curve_exist(sequence, name, kind):
            unreal.AnimationLibrary.remove_curve(sequence, name)
        unreal.AnimationLibrary.add_curve(sequence, name, kind, False)
        unreal.AnimationLibrary.add_float_curve_keys(sequence, name, keys["times"], keys["values"])


def main() -> None:
    """Give every selected animation sequence the curves, and save it."""
    selected = unreal.EditorUtilityLibrary.get_selected_assets()
    sequences = [asset for asset in selected if isinstance(asset, unreal.AnimSequence)]
    if not sequences:
        unreal.log_error("animator: select an animation sequence of the face in the Content Browser, then run this again")
    for sequence in sequences:
        add_curves(sequence, TAKE["curves"])
        unreal.EditorAssetLibrary.save_loaded_asset(sequence)
        unreal.log(f"animator: {len(TAKE['curves'])} curves for {sequence.get_name()}")
        length = unreal.AnimationLibrary.get_sequence_length(sequence)
        if length < TAKE["seconds"] - 0.5 * TAKE["frameRate"][1] / TAKE["frameRate"][0]:
            lasts = f"{sequence.get_name()} lasts {length:.2f} s, and the curves {TAKE['seconds']:.2f} s"
            unreal.log_warning(f"animator: {lasts}; lengthen it to see them whole")


main()
