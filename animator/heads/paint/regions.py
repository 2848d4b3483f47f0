"""Where things are on a face: soft masks over the base mesh's own space, the same for every identity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32
from PIL import Image
from scipy.ndimage import gaussian_filter, map_coordinates

from animator.heads.paint.atlas import Atlas
from animator.heads.shape.basemesh import package_data


def ramp(value: np.ndarray, low: float | np.ndarray, high: float | np.ndarray) -> np.ndarray:
    """0 at ``low``, 1 at ``high`` (which may be the smaller), smooth between."""
    t = np.clip((value - low) / (high - low), 0.0, 1.0)
    smooth: np.ndarray = t * t * (3 - 2 * t)
    return smooth


def spot(position: np.ndarray, centre: tuple[float, float, float], radius: tuple[float, float, float]) -> np.ndarray:
    """A soft blob and its mirror image: 1 at the centre, ``exp(-1)`` a radius away; millimetres, heights from the eyes'."""
    x = np.abs(position[:, 0]) * 1000
    y = (position[:, 1] - 0.7284) * 1000
    z = position[:, 2] * 1000
    q = ((x - centre[0]) / radius[0]) ** 2 + ((y - centre[1]) / radius[1]) ** 2 + ((z - centre[2]) / radius[2]) ** 2
    blob: np.ndarray = np.exp(-q)
    return blob


def ears(uv: Float32[np.ndarray, "N 2"]) -> np.ndarray:
    """1 on the ears, told by MakeHuman's uv, where each is a whorl of its own; 0 on the skull beside them."""
    away = np.hypot(uv[:, 0] - 0.847, np.abs(uv[:, 1] - 0.5168) - 0.1432)
    return ramp(away, 0.030, 0.021)


@dataclass(frozen=True, eq=False)
class Regions:
    """Soft masks in [0, 1], one number a texel of an atlas; the names say what they hold."""

    lips: Float32[np.ndarray, " N"]
    mouth: Float32[np.ndarray, " N"]
    nose: Float32[np.ndarray, " N"]
    cheeks: Float32[np.ndarray, " N"]
    ears: Float32[np.ndarray, " N"]
    forehead: Float32[np.ndarray, " N"]
    chin: Float32[np.ndarray, " N"]
    lids: Float32[np.ndarray, " N"]
    sockets: Float32[np.ndarray, " N"]
    rims: Float32[np.ndarray, " N"]
    beard: Float32[np.ndarray, " N"]
    neck: Float32[np.ndarray, " N"]
    nostrils: Float32[np.ndarray, " N"]
    corners: Float32[np.ndarray, " N"]


def _package_mask(atlas: Atlas, name: str, blur: float) -> np.ndarray:
    """A mask that MakeHuman carries over its own uv, blurred by texels of its 2048."""
    with Image.open(package_data() / "mpfb2" / "textures" / name) as picture:
        mask = np.asarray(picture.convert("L"), dtype=np.float32) / 255
    mask = gaussian_filter(mask, blur)
    at = atlas.uv.T[::-1] * np.array(mask.shape, dtype=np.float32)[:, None] - 0.5
    read: np.ndarray = map_coordinates(mask, at, order=1, mode="nearest")
    return read


def regions(atlas: Atlas) -> Regions:
    """The masks at each covered texel of an atlas."""
    p, n, uv = atlas.position, atlas.normal, atlas.uv
    x, y, z = np.abs(p[:, 0]), p[:, 1], p[:, 2]
    mouth = ((uv[:, 0] > 0.755) & (uv[:, 1] > 0.862)).astype(np.float32)
    socket = ((uv[:, 0] < 0.155) & (uv[:, 1] > 0.36) & (uv[:, 1] < 0.46)).astype(np.float32)
    jaw = ramp(y, 0.690, 0.668) * ramp(y, 0.578, 0.606) * ramp(z, 0.045, 0.085)
    sideburn = np.exp(-(((x - 0.069) / 0.010) ** 2)) * ramp(y, 0.735, 0.70) * ramp(z, 0.055, 0.072) * ramp(y, 0.64, 0.66)
    moustache = ramp(x, 0.030, 0.022) * ramp(y, 0.688, 0.680) * ramp(y, 0.640, 0.660) * ramp(z, 0.12, 0.13)
    cheek_free = 1 - spot(p, (36.0, -44.0, 140.0), (17.0, 17.0, 60.0)) * ramp(y, 0.665, 0.675)
    return Regions(
        lips=_package_mask(atlas, "mpfb_lips.jpg", 1.0) * (1 - mouth),
        mouth=mouth,
        nose=spot(p, (0.0, -39.0, 168.0), (13.0, 12.0, 20.0)) + 0.8 * spot(p, (14.0, -41.0, 155.0), (7.0, 7.0, 14.0)),
        cheeks=spot(p, (42.0, -30.0, 135.0), (18.0, 15.0, 40.0)),
        ears=ears(uv),
        forehead=spot(p, (0.0, 60.0, 145.0), (52.0, 30.0, 50.0)),
        chin=spot(p, (0.0, -98.0, 150.0), (15.0, 10.0, 20.0)),
        lids=spot(p, (31.0, 7.0, 140.0), (15.0, 7.0, 14.0)),
        sockets=spot(p, (28.0, -9.0, 140.0), (15.0, 7.0, 20.0)) + 0.8 * spot(p, (16.0, 3.0, 140.0), (6.0, 10.0, 14.0)),
        rims=np.maximum(socket, spot(p, (31.0, 0.0, 130.0), (15.0, 7.0, 9.0)) * ramp(n[:, 2], 0.9, 0.3)),
        beard=np.clip(np.maximum(jaw * cheek_free, np.maximum(sideburn, moustache)), 0, 1),
        neck=ramp(y, 0.635, 0.60),
        corners=spot(p, (25.0, -67.6, 141.0), (3.0, 2.2, 6.0)),
        nostrils=spot(p, (8.0, -42.0, 150.0), (5.5, 4.5, 9.0)) * ramp(n[:, 1], -0.2, -0.7),
    )
