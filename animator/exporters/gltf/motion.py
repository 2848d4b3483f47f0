"""A motion as glTF's animation: one channel a node and path, keys where the tolerance wants them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from jaxtyping import Float32, Int64

from animator.core.keys import joint_keys
from animator.core.take import Take
from animator.exporters.gltf.document import Document, extras
from animator.exporters.turns import quaternions, turns


class Channels:
    """The one animation of a document, in the making."""

    def __init__(self, document: Document, take: Take) -> None:
        self._document, self._take = document, take
        self._samplers: list[dict[str, Any]] = []
        self._channels: list[dict[str, Any]] = []
        self._times: dict[bytes, int] = {}

    def move(self, node: int, path: str, values: Float32[np.ndarray, "T k"], keys: Int64[np.ndarray, " K"]) -> None:
        """Let a node's ``weights``, ``rotation`` or ``translation`` have these values at these of the frames."""
        chosen = np.ascontiguousarray(values[keys])
        output = self._document.accessor(chosen.ravel() if path == "weights" else chosen)
        self._samplers.append({"input": self._input(keys), "output": output, "interpolation": "LINEAR"})
        self._channels.append({"sampler": len(self._samplers) - 1, "target": {"node": node, "path": path}})

    def turn(self, node: int, angles: Float32[np.ndarray, "T 3"], tolerance: float) -> None:
        """Let a node turn by pitch, yaw and roll."""
        turned = quaternions(angles).astype(np.float32)
        # Twice a quaternion is as long as the angle it turns by, as long as that is small.
        self.move(node, "rotation", turned, joint_keys(2 * turned, tolerance))

    def finish(self) -> None:
        """Add the animation, with the clock that it was made on."""
        motion = self._take.motion
        told = extras(
            fps=str(motion.fps),
            frames=len(motion),
            rig=self._take.rig.name,
            sound=self._take.sound,
            start=float(self._take.start),
        )
        self._document.add("animations", name=self._take.name, samplers=self._samplers, channels=self._channels, **told)

    def _input(self, keys: Int64[np.ndarray, " K"]) -> int:
        if keys.tobytes() not in self._times:
            seconds = (keys / float(self._take.motion.fps)).astype(np.float32)
            self._times[keys.tobytes()] = self._document.accessor(seconds, bounds=True)
        return self._times[keys.tobytes()]


def act(document: Document, take: Take, tolerance: float, face: int, targets: Sequence[str], joints: Mapping[str, int]) -> None:
    """Add the performance: weights of the targets on the face's node, and the turns of ``joints``, by name as in `turns`."""
    channels = Channels(document, take)
    weights = take.motion.values[:, [take.rig.column(name) for name in targets]]
    channels.move(face, "weights", weights, joint_keys(weights, tolerance))
    for joint, angles in turns(take).items():
        channels.turn(joints[joint], angles, tolerance)
    channels.finish()
