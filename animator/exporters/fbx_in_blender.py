"""Run by Blender, not by us: reads a GLB and writes it as FBX. See `animator.exporters.fbx`."""

import datetime
import math
import sys
from types import SimpleNamespace
from typing import Any

import bpy
from io_scene_fbx import export_fbx_bin

source, target, frames, numerator, denominator, carrier, tolerance, ours = sys.argv[sys.argv.index("--") + 1 :]
rate = int(numerator) / int(denominator)

sys.path.append(ours)  # last, so that nothing of ours stands before what Blender has
from animator.core.keys import sparse_keys  # noqa: E402

UNITS = {"Lcl Rotation": math.degrees(1.0), "Lcl Translation": 1.0, "Lcl Scaling": 1.0}
"""What the writer's curves count in, by property; any other is a shape's weight in percent."""


def simplify(curves: Any, factor: float, step: float, force_keep: bool = False) -> None:
    """Stands in for the writer's own choice of keys, which has no bound: those of `sparse_keys`."""
    bound = float(tolerance) * UNITS.get(curves.fbx_group[0], 100.0)
    curves._frame_write_mask_array[:] = False
    for kept, keys in zip(curves._frame_write_mask_array, sparse_keys(curves._frame_values_array.T, bound), strict=True):
        kept[keys.frames] = True


export_fbx_bin.AnimationCurveNodeWrapper.simplify = simplify

# The same bytes each time: the writer would tell when it wrote.
made = datetime.datetime(2000, 1, 1)
export_fbx_bin.datetime = SimpleNamespace(datetime=SimpleNamespace(now=lambda: made))

bpy.ops.wm.read_factory_settings(use_empty=True)
render = bpy.context.scene.render
render.fps, render.fps_base = int(carrier), 1.0
bpy.ops.import_scene.gltf(filepath=source, disable_bone_shape=True)
for thing in list(bpy.context.scene.objects):
    if thing.type == "EMPTY" and not thing.children:  # the importer leaves one where it makes an armature of nodes
        bpy.data.objects.remove(thing)
for thing in bpy.context.scene.objects:
    if thing.type == "MESH":
        thing.name = thing.data.name
render.fps = round(rate)
render.fps_base = round(rate) / rate
bpy.context.scene.frame_start, bpy.context.scene.frame_end = 0, int(frames) - 1
bpy.ops.export_scene.fbx(
    filepath=target,
    object_types={"ARMATURE", "EMPTY", "MESH"},
    apply_scale_options="FBX_SCALE_UNITS",
    add_leaf_bones=False,
    bake_anim_use_nla_strips=False,
    bake_anim_use_all_actions=False,
    bake_anim_simplify_factor=0.0,
    path_mode="COPY",
    embed_textures=True,
)
