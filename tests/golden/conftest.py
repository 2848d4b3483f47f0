"""Pictures that a test compares with what was once looked at and kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

KEPT = Path(__file__).parent


@pytest.fixture
def golden(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str, np.ndarray], None]:
    """Compare a picture ``uint8 [H W 4]`` with the one kept by that name; ``--update-golden`` keeps the new one instead.

    At most one pixel in two hundred may differ by more than 8 of 255 in any channel, and the mean by no more than 0.5: other
    processors round otherwise. On failure the picture and the difference, eight times as strong, are written beside.
    """

    def compare(name: str, picture: np.ndarray) -> None:
        path = KEPT / f"{name}.png"
        if request.config.getoption("--update-golden"):
            Image.fromarray(picture).save(path)
            return
        kept = np.asarray(Image.open(path))
        assert kept.shape == picture.shape, f"{name} is {picture.shape}, kept as {kept.shape}"
        apart = np.abs(kept.astype(int) - picture)
        if (apart.max(axis=2) > 8).mean() > 0.005 or apart.mean() > 0.5:
            Image.fromarray(picture).save(tmp_path / f"{name}.png")
            Image.fromarray(np.clip(apart[..., :3] * 8, 0, 255).astype(np.uint8)).save(tmp_path / f"{name}.diff.png")
            pytest.fail(f"{name} differs: worst {apart.max()}, mean {apart.mean():.2f}; see {tmp_path}")

    return compare
