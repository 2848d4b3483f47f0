"""Names to parts, imported when asked for. A part is one line here, or an entry point in the group ``animator.<family>``."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import entry_points
from types import MappingProxyType
from typing import Any

from animator.errors import UnknownNameError

FAMILIES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "encoders": {"speech": "animator.encoders.speech:Speech", "phones": "animator.encoders.phones:Phones"},
        "embedders": {
            "label": "animator.embedders.label:Label",
            "script": "animator.embedders.script:Script",
            "voice": "animator.embedders.voice:Voice",
            "face": "animator.embedders.face:Face",
            "both": "animator.embedders.both:Both",
            "recorded": "animator.embedders.recorded:Recorded",
            "reference": "animator.embedders.reference:Reference",
            "mixed": "animator.embedders.mixed:Mixed",
        },
        "generators": {"learned": "animator.generators.learned:Learned", "visemes": "animator.generators.visemes:Visemes"},
        "heads": {"makehuman": "animator.heads.makehuman:MakeHuman"},
        "renderers": {"soft": "animator.renderers.soft:Soft", "pyrender": "animator.renderers.pyrender:Pyrender"},
        "reenactors": {"warp": "animator.reenactors.warp:Warp", "diffusion": "animator.reenactors.diffusion:Diffusion"},
        "exporters": {
            "livelink": "animator.exporters.livelink:LiveLink",
            "a2f": "animator.exporters.a2f:A2F",
            "metahuman": "animator.exporters.metahuman:MetaHuman",
            "curvetable": "animator.exporters.curvetable:CurveTable",
            "unity": "animator.exporters.unity:Unity",
            "godot3": "animator.exporters.godot:Godot3",
            "godot4": "animator.exporters.godot:Godot4",
            "maya": "animator.exporters.maya:Maya",
            "bvh": "animator.exporters.bvh:Bvh",
            "vmd": "animator.exporters.vmd:Vmd",
            "rhubarb": "animator.exporters.rhubarb:Rhubarb",
            "azure": "animator.exporters.azure:Azure",
            "polly": "animator.exporters.polly:Polly",
            "webvtt": "animator.exporters.webvtt:WebVtt",
            "textgrid": "animator.exporters.textgrid:TextGrid",
            "csv": "animator.exporters.csv:Csv",
            "glb": "animator.exporters.glb:Glb",
            "glb-curves": "animator.exporters.glb:GlbCurves",
            "vrma": "animator.exporters.vrma:Vrma",
            "vrma-custom": "animator.exporters.vrma:VrmaCustom",
            "usd": "animator.exporters.usd:Usd",
            "fbx": "animator.exporters.fbx:Fbx",
            "parquet": "animator.exporters.parquet:Parquet",
            "npz": "animator.exporters.npz:Npz",
        },
        "importers": {
            "livelink": "animator.importers.livelink:LiveLink",
            "a2f": "animator.importers.a2f:A2F",
            "nim": "animator.importers.nim:Nim",
            "glb": "animator.importers.glb:Glb",
            "csv": "animator.importers.csv:Csv",
        },
        "senders": {
            "livelink": "animator.senders.livelink:LiveLink",
            "vmc": "animator.senders.vmc:Vmc",
            "vtubestudio": "animator.senders.vtubestudio:VTubeStudio",
            "websocket": "animator.senders.websocket:WebSocket",
        },
    }
)
"""Family to part to ``module:class``. Strings, so that asking for a part by name is no upward import."""


def names(family: str) -> tuple[str, ...]:
    """Every part of a family, ours first, then those that installed packages add."""
    if family not in FAMILIES:
        raise UnknownNameError("family", family, FAMILIES)
    added = (entry.name for entry in entry_points(group=f"animator.{family}"))
    return (*FAMILIES[family], *sorted(set(added) - set(FAMILIES[family])))


def find(family: str, name: str) -> type[Any]:
    """The class of a part; `UnknownNameError` with the nearest name if there is none."""
    if name in FAMILIES.get(family, {}):  # ours are found without asking what else is installed, which takes 5 ms
        module, _, attribute = FAMILIES[family][name].partition(":")
        part: type[Any] = getattr(import_module(module), attribute)
        return part
    if name not in names(family):
        raise UnknownNameError(family.removesuffix("s"), name, names(family))
    loaded: type[Any] = entry_points(group=f"animator.{family}")[name].load()
    return loaded
