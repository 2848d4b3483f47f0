"""A scene as Blender reads it. Run by Blender: in_blender.py -- FILE FPS FRAMES. Prints a line of JSON that begins with "{".

It tells how many frames there are, and the values of each mesh's shape keys, and at each how far each bone has turned
from where it rests, in the world (w, x, y, z).
"""

import json
import sys

import bpy

path, fps, frames = sys.argv[sys.argv.index("--") + 1 :]
bpy.ops.wm.read_factory_settings(use_empty=True)
scene = bpy.context.scene
scene.render.fps = int(fps)
if path.endswith(".glb"):
    bpy.ops.import_scene.gltf(filepath=path)
elif path.endswith(".fbx"):
    bpy.ops.import_scene.fbx(filepath=path, anim_offset=0)
else:
    bpy.ops.wm.usd_import(filepath=path)
meshes = [thing for thing in scene.objects if thing.type == "MESH" and thing.data.shape_keys]
armatures = [thing for thing in scene.objects if thing.type == "ARMATURE"]
shapes = {mesh.name: {key.name: [] for key in mesh.data.shape_keys.key_blocks[1:]} for mesh in meshes}
turns = {bone.name: [] for armature in armatures for bone in armature.pose.bones}
for frame in range(int(frames)):
    scene.frame_set(frame)
    for mesh in meshes:
        for key in mesh.data.shape_keys.key_blocks[1:]:
            shapes[mesh.name][key.name].append(key.value)
    for armature in armatures:
        for bone in armature.pose.bones:
            turned = armature.matrix_world @ bone.matrix @ bone.bone.matrix_local.inverted() @ armature.matrix_world.inverted()
            turns[bone.name].append(list(turned.to_quaternion()))
print(json.dumps({"fps": scene.render.fps, "last": scene.frame_end, "shapes": shapes, "turns": turns}))
