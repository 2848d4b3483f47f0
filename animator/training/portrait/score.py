"""How near refined faces come to the true ones, beside how near the warp alone comes."""

from __future__ import annotations

import numpy as np
import torch
from jaxtyping import Float32, Int64, UInt8
from scipy.ndimage import gaussian_filter

from animator.reenactors.refine.looks import refined
from animator.reenactors.refine.net import Refiner
from animator.reenactors.refine.sampling import TIMESTEPS, sample
from animator.training.portrait.lessons import lesson
from animator.training.portrait.pairs import PARTS, SIZE, Batch, Pairs

GROUP = 8
"""Pairs that are refined at once."""

STEPS = (1, 4)

WHOLE = "crop"


def score(
    net: Refiner, pairs: Pairs, which: Int64[np.ndarray, " N"], device: torch.device, seed: int
) -> dict[str, dict[str, float]]:
    """Means over some pairs, filmed and drawn ones apart.

    Returns
    -------
    dict
        For ``real`` and ``drawn``, where there are such pairs, and ``warp``, ``1 step`` and ``4 steps``: PSNR in dB and SSIM of
        the box of the mouth, and PSNR of the eyes and the whole crop; of the feelings shown, the share that the net's features
        tell.
    """
    noise = torch.randn((1, 3, SIZE, SIZE), generator=torch.Generator().manual_seed(seed)).to(device)
    anchors = net.bank.anchors.cpu().numpy()
    rows: dict[str, list[dict[str, float]]] = {}
    told: list[bool] = []
    for start in range(0, len(which), GROUP):
        batch = pairs.batch(which[start : start + GROUP])
        learned = lesson(batch, anchors, device)
        with torch.inference_mode():
            made = {f"{n} step{'s' * (n > 1)}": refined(batch.warped, sample(net, learned.given, noise, n, {})) for n in STEPS}
            at = torch.tensor([TIMESTEPS - 1], device=device)
            read = net(noise, at, learned.given).feeling.cpu().numpy()
        for name, pictures in {"warp": batch.warped, **made}.items():
            for i, real in enumerate(batch.real):
                rows.setdefault(f"{'real' if real else 'drawn'}, {name}", []).append(_likeness(pictures[i], batch, i))
        strong = np.nan_to_num(batch.felt).max(axis=1) > 0.5
        told += (read[strong].argmax(axis=1) == batch.felt[strong].argmax(axis=1)).tolist()
    means = {name: {key: float(np.mean([row[key] for row in found])) for key in found[0]} for name, found in sorted(rows.items())}
    return means | ({"feelings": {"told": float(np.mean(told)), "chance": 1 / len(pairs.feelings)}} if told else {})


def _likeness(picture: UInt8[np.ndarray, "S S 3"], batch: Batch, i: int) -> dict[str, float]:
    mine, true = (p.astype(np.float32) / np.float32(255) for p in (picture, batch.target[i]))
    parts = [(mine[y0:y1, x0:x1], true[y0:y1, x0:x1]) for x0, y0, x1, y1 in batch.boxes[i].tolist()]
    eyes = float(np.mean([psnr(*part) for part in parts[1:]]))
    return {
        f"{PARTS[0]} PSNR": psnr(*parts[0]),
        f"{PARTS[0]} SSIM": ssim(*parts[0]),
        "eyes PSNR": eyes,
        f"{WHOLE} PSNR": psnr(mine, true),
    }


def psnr(mine: Float32[np.ndarray, "H W 3"], true: Float32[np.ndarray, "H W 3"]) -> float:
    """Peak signal to noise in dB, of colours in [0, 1]; 60 at most."""
    return float(-10 * np.log10(max(float(np.mean((mine - true) ** 2)), 1e-6)))


def ssim(mine: Float32[np.ndarray, "H W 3"], true: Float32[np.ndarray, "H W 3"]) -> float:
    """Structural similarity of the brightness (Wang et al. 2004: Gaussian window of 1.5 pixels)."""
    a, b = (picture.mean(axis=2) for picture in (mine, true))

    def local(x: np.ndarray) -> np.ndarray:
        out: np.ndarray = gaussian_filter(x, 1.5, truncate=3.5)
        return out

    mean_a, mean_b = local(a), local(b)
    spread_a, spread_b, shared = local(a * a) - mean_a**2, local(b * b) - mean_b**2, local(a * b) - mean_a * mean_b
    near, alike = 0.01**2, 0.03**2
    found = (2 * mean_a * mean_b + near) * (2 * shared + alike) / ((mean_a**2 + mean_b**2 + near) * (spread_a + spread_b + alike))
    return float(found.mean())
