"""A small head made of balls, for tests of renderers: skin, two eyes with irises, a cornea over each, and cards of hair."""

from __future__ import annotations

import numpy as np

from animator.core.head import Head, Material, Part

Mesh = tuple[np.ndarray, np.ndarray, np.ndarray]


def ball(radii: tuple[float, float, float], centre: tuple[float, float, float], rows: int, columns: int) -> Mesh:
    """Vertices, uv and triangles of an ellipsoid whose uv square runs round it from its back; poles along Y."""
    v, u = np.meshgrid(np.linspace(0, 1, rows + 1), np.linspace(0, 1, columns + 1), indexing="ij")
    polar, around = np.pi * v, 2 * np.pi * u + np.pi
    out = np.stack([np.sin(polar) * np.sin(around), np.cos(polar), np.sin(polar) * np.cos(around)], axis=-1)
    index = np.arange(v.size).reshape(v.shape)
    a, b, c, d = index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]
    triangles = np.concatenate([np.stack([a, b, c], -1)[:-1].reshape(-1, 3), np.stack([a, c, d], -1)[1:].reshape(-1, 3)])
    vertices = out.reshape(-1, 3) * radii + centre
    return vertices.astype(np.float32), np.stack([u, v], -1).reshape(-1, 2).astype(np.float32), triangles.astype(np.int32)


def card(x: float, turn: float) -> Mesh:
    """A strip of hair that hangs over the forehead, at ``x`` metres from the middle."""
    drop = np.linspace(0, 1, 5)
    side = np.array([-0.012, 0.012])
    y, dx = np.meshgrid(drop, side, indexing="ij")
    vertices = np.stack([x + dx, 0.15 - 0.06 * y, 0.098 + 0.03 * np.sin(2.0 * y) + turn * dx], -1).reshape(-1, 3)
    uv = np.stack([dx / 0.024 + 0.5, y], -1).reshape(-1, 2)
    index = np.arange(10).reshape(5, 2)
    a, b, c, d = index[:-1, 0], index[1:, 0], index[1:, 1], index[:-1, 1]
    triangles = np.concatenate([np.stack([a, b, c], -1), np.stack([a, c, d], -1)])
    return vertices.astype(np.float32), uv.astype(np.float32), triangles.astype(np.int32)


def join(meshes: list[Mesh]) -> Mesh:
    """Several meshes as one."""
    starts = np.cumsum([0, *(len(m[0]) for m in meshes[:-1])])
    triangles = np.concatenate([m[2] + s for m, s in zip(meshes, starts, strict=True)]).astype(np.int32)
    return np.concatenate([m[0] for m in meshes]), np.concatenate([m[1] for m in meshes]), triangles


def plain(colour: tuple[int, int, int, int], surface: tuple[int, int, int], **flags: bool) -> Material:
    """One colour throughout."""
    return Material(np.full((8, 8, 4), colour, np.uint8), np.full((4, 4, 3), surface, np.uint8), **flags)


def iris() -> Material:
    """White with a blue iris and a black pupil in the middle of the uv square, where the eye looks out."""
    y, x = np.mgrid[0:128, 0:128] / 127 - 0.5
    away = np.hypot(x * 2, y)
    colour = np.full((128, 128, 4), (235, 230, 225, 255), np.uint8)
    colour[away < 0.16] = (70, 110, 160, 255)
    colour[away < 0.07] = (12, 10, 10, 255)
    return Material(colour, np.full((4, 4, 3), (60, 128, 20), np.uint8))


def hair() -> Material:
    """Strands that are clear between and towards their ends."""
    y, x = np.mgrid[0:64, 0:64] / 63
    alpha = np.clip((0.5 + 0.5 * np.cos(x * 40)) * 2 * (1.1 - y), 0, 1) * np.clip(8 * np.minimum(x, 1 - x), 0, 1)
    colour = np.zeros((64, 64, 4), np.uint8)
    colour[..., :3] = (70, 45, 25)
    colour[..., 3] = 255 * alpha
    return Material(colour, np.full((4, 4, 3), (110, 100, 0), np.uint8), blend=True, two_sided=True)


def dummy_head(rows: int = 24) -> Head:
    """About ``8 rows**2`` triangles; ``jawOpen`` pulls the lower half down by 2 cm."""
    centres = np.array([(0.035, 0.07, 0.093), (-0.035, 0.07, 0.093)], np.float32)
    skin = join(
        [ball((0.075, 0.11, 0.09), (0, 0.06, 0.02), rows, 2 * rows), ball((0.14, 0.05, 0.07), (0, -0.12, 0), rows, 2 * rows)]
    )
    pieces = [
        ("skin", skin, plain((214, 160, 135, 255), (120, 110, 200))),
        ("eye_left", ball((0.013,) * 3, tuple(centres[0]), 16, 32), iris()),
        ("eye_right", ball((0.013,) * 3, tuple(centres[1]), 16, 32), iris()),
        (
            "cornea",
            join([ball((0.0135,) * 3, tuple(c), 16, 32) for c in centres]),
            plain((255, 255, 255, 0), (10, 128, 0), blend=True),
        ),
        ("hair", join([card(x, 40 * x) for x in np.linspace(-0.05, 0.05, 9)]), hair()),
    ]
    vertices, uv, triangles = join([mesh for _, mesh, _ in pieces])
    parts, start, owner = [], 0, []
    for k, (name, mesh, material) in enumerate(pieces):
        parts.append(Part(name, start, start + len(mesh[2]), material))
        owner.append(np.full(len(mesh[0]), k))
        start += len(mesh[2])
    owner = np.concatenate(owner)
    _, weld = np.unique(np.concatenate([np.round(vertices, 6), owner[:, None]], axis=1), axis=0, return_inverse=True)
    first = np.full(weld.max() + 1, -1)
    first[weld[::-1]] = np.arange(len(vertices))[::-1]
    drop = np.zeros((1, len(vertices), 3), np.float32)
    drop[0, :, 1] = -0.02 * np.clip((0.04 - vertices[:, 1]) / 0.06, 0, 1) * (vertices[:, 1] > -0.06)
    eye = np.select([owner == 1, owner == 2], [1, 2], 0)
    eye[owner == 3] = np.where(vertices[owner == 3, 0] > 0, 1, 2)
    return Head(
        vertices=vertices,
        uv=uv,
        weld=first[weld].astype(np.int32),
        triangles=triangles,
        parts=tuple(parts),
        controls=("jawOpen",),
        displacements=drop,
        follow=np.clip((vertices[:, 1] + 0.09) / 0.04, 0, 1).astype(np.float32),
        eye=eye.astype(np.int8),
        eye_centres=centres,
        landmarks={"eye_left": int(np.argmax(np.where(owner == 1, vertices[:, 2], -1)))},
    )
