"""Universal Scene Description: the head with blend shapes and a skeleton, and its performance."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from animator.core.keys import check_tolerance
from animator.core.provenance import provenance
from animator.core.take import Take
from animator.errors import InputError
from animator.exporters.base import HEAD
from animator.exporters.openusd.body import ROOT, body
from animator.exporters.openusd.library import pxr as library
from animator.exporters.openusd.motion import animate

DATED = 315619200
"""2 January 1980, in seconds: a day that a zip can tell in every zone of time."""


@dataclass(frozen=True)
class Usd:
    """The head with a blend shape a control, a skeleton for neck and eyes, and the performance, for USD: UsdSkel.

    ``.usdz`` is one package with the head's pictures. ``.usdc`` (binary) and ``.usda`` (text) are one layer, so that parts have
    only the mean of their colours. Frame i is time code i. Written by OpenUSD's library (the extra ``export``).

    Loses: up to ``tolerance`` of each weight and (in radians) of each angle between keys; light under the skin; half-clear tips
    of hair, which becomes a mask; the even bend of the neck, which bent as far as it goes lies up to 4 mm from where we draw it;
    controls that the head has no displacement for; the sound, named in the layer's data; outside ``.usdz``, pictures.

    Parameters
    ----------
    tolerance
        Largest error of a weight, or of an angle in radians, at any frame.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".usdz", ".usdc", ".usda")
    rig: ClassVar[str | None] = "arkit"
    needs: ClassVar[frozenset[str]] = frozenset({HEAD})

    tolerance: float = 0.001

    def __post_init__(self) -> None:
        check_tolerance(self.tolerance)

    def export(self, take: Take, path: Path) -> None:
        """Write the head and its performance; see `exporters.base.Exporter`.

        Raises
        ------
        MissingDependencyError
            OpenUSD's library is not installed.
        """
        if take.head is None:
            raise InputError("USD shows a head, and this take has none")
        pxr = library()
        with tempfile.TemporaryDirectory(prefix="animator-") as folder:
            packed = path.suffix.lower() == ".usdz"
            layer = Path(folder) / f"head{'.usdc' if packed else path.suffix.lower()}"
            stage = _stage(pxr, take, layer)
            controls = [name for name in take.motion.names if name in take.head.controls]
            body(pxr, stage, take.head, controls, Path(folder) / "pictures" if packed else None)
            animate(pxr, stage, take, controls, take.head.eye_centres, self.tolerance)
            root = pxr.UsdSkel.Root(stage.GetPrimAtPath(ROOT))
            bounds = pxr.UsdGeom.Boundable.ComputeExtentFromPlugins(root, pxr.Usd.TimeCode.Default())
            root.CreateExtentAttr(bounds)
            stage.GetRootLayer().Save()
            if packed:
                _pack(pxr, Path(folder), layer, path)
            else:
                path.write_bytes(layer.read_bytes())


def _stage(pxr: Any, take: Take, layer: Path) -> Any:
    stage = pxr.Usd.Stage.CreateNew(str(layer))
    pxr.UsdGeom.SetStageUpAxis(stage, pxr.UsdGeom.Tokens.y)
    pxr.UsdGeom.SetStageMetersPerUnit(stage, 1.0)
    fps = take.motion.fps
    stage.SetTimeCodesPerSecond(float(fps))
    stage.SetFramesPerSecond(float(fps))
    stage.SetStartTimeCode(0)
    stage.SetEndTimeCode(len(take.motion) - 1)
    told = {"name": take.name, "sound": take.sound, "start": float(take.start), "fps": str(fps), **provenance(take)}
    stage.GetRootLayer().customLayerData = {"animator": told}
    return stage


def _pack(pxr: Any, folder: Path, layer: Path, path: Path) -> None:
    """Zip the layer, which comes first, and the pictures as the format wants it: uncompressed, aligned to 64 bytes.

    Each is given one and the same age, so that the bytes do not depend on when they are written.
    """
    writer = pxr.Sdf.ZipFileWriter.CreateNew(str(path))
    for file in (layer, *sorted((folder / "pictures").glob("*"))):
        os.utime(file, (DATED, DATED))
        writer.AddFile(str(file), str(file.relative_to(folder)))
    writer.Save()
