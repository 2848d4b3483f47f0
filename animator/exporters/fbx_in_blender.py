"""Run by Blender, not by us: reads a GLB and writes it as FBX. See `animator.exporters.fbx`."""

import datetime
import sys
from types import SimpleNamespace

import bpy
from io_scene_fbx import export_fbx_bin

source, target, frames, numerator, denominator, carrier = sys.argv[sys.argv.index("--") + 1 :]
rate = int(numerator) / int(denominator)

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
