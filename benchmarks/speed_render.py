"""How fast each renderer draws the default head, beside pyrender used plainly: a mesh rebuilt each frame, nothing else."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

import numpy as np

from animator.core.head import Head
from animator.core.motion import Motion
from animator.core.stage import CAMERAS, Stage
from animator.geometry.camera import axes, position
from animator.geometry.normals import smooth_normals
from animator.geometry.pose import Poser
from animator.heads.makehuman import MakeHuman
from animator.renderers.pyrender import Pyrender
from animator.renderers.soft import Soft
from benchmarks.result import Row, row

Draw = Callable[[Motion, Head, Stage], Iterable[np.ndarray]]


def performance(head: Head, frames: int) -> Motion:
    """Everything moves in every frame: all controls, the head, the eyes."""
    names = (*head.controls, "headYaw", "headPitch", "headRoll", "leftEyeYaw", "rightEyeYaw")
    phase = np.linspace(0, 2 * np.pi, len(names))[None, :]
    swing = 0.5 + 0.5 * np.sin(np.arange(frames)[:, None] * 0.31 + phase)
    reach = np.array([0.25] * len(head.controls) + [0.2] * 5)
    return Motion(names, (swing * reach).astype(np.float32), Fraction(30))


def measure(quick: bool) -> list[Row]:
    """Wall and CPU milliseconds a frame and frames a second, at 256, 512 and 1024 pixels a side."""
    head = MakeHuman().make()
    systems: dict[str, Draw] = {
        "soft": Soft().render,
        "soft, one thread": Soft(threads=1).render,
        "pyrender": Pyrender().render,
        "pyrender, plain loop": _plain,
    }
    rows = []
    for size in (256,) if quick else (256, 512, 1024):
        stage = Stage(width=size, height=size, camera=CAMERAS["portrait"])
        for name, draw in systems.items():
            frames = (8 if quick else 60) if name.startswith("soft") else (3 if quick else 12)
            wall, cpu = _time(draw, head, stage, frames, repeats=2 if quick else 5)
            case = f"{size} px"
            rows.append(row(case, name, "wall time a frame", "ms", wall, "lower"))
            rows.append(row(case, name, "CPU time a frame", "ms", cpu, "lower"))
            rows.append(row(case, name, "frames a second", "1 / s", [1000 / ms for ms in wall], "higher"))
    return rows


def _time(draw: Draw, head: Head, stage: Stage, frames: int, repeats: int) -> tuple[list[float], list[float]]:
    """Milliseconds a frame, wall and CPU (all threads), of each repeat, counted from the fifth frame of a clip on."""
    wall, cpu = [], []
    for _ in range(repeats):
        pictures = iter(draw(performance(head, frames + 4), head, stage))
        for _ in range(4):
            next(pictures)
        start, used = time.perf_counter(), time.process_time()
        for _ in pictures:
            pass
        wall.append(1000 * (time.perf_counter() - start) / frames)
        cpu.append(1000 * (time.process_time() - used) / frames)
    return wall, cpu


def _plain(motion: Motion, head: Head, stage: Stage) -> Iterator[np.ndarray]:
    """What one writes in an hour: one mesh of one colour and no hair, rebuilt each frame, three lights, colour read back."""
    os.environ.setdefault("PYOPENGL_PLATFORM", "egl")
    import pyrender

    solid = np.concatenate([head.triangles[p.start : p.stop] for p in head.parts if not p.material.blend])
    poser = Poser(head, motion.names)
    renderer = pyrender.OffscreenRenderer(stage.width, stage.height)
    pose = np.eye(4)
    pose[:3, :3], pose[:3, 3] = axes(stage.camera).T, position(stage.camera)
    material = pyrender.MetallicRoughnessMaterial(baseColorFactor=(0.8, 0.6, 0.5, 1.0), metallicFactor=0.0, roughnessFactor=0.5)
    for values in motion.values:
        vertices = poser(values)
        normals = smooth_normals(vertices, head.triangles, head.weld)
        scene = pyrender.Scene(bg_color=np.zeros(4), ambient_light=(0.2, 0.2, 0.2))
        scene.add(pyrender.PerspectiveCamera(yfov=stage.camera.fov, znear=0.05, zfar=20.0), pose=pose)
        for light in stage.lights:
            scene.add(pyrender.DirectionalLight(color=light.colour, intensity=3.0), pose=pose)
        primitive = pyrender.Primitive(positions=vertices, normals=normals, indices=solid, material=material)
        scene.add(pyrender.Mesh([primitive]))
        yield renderer.render(scene, flags=pyrender.RenderFlags.RGBA)[0]
    renderer.delete()
