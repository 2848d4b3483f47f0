"""An FBX as ufbx reads it: python fbx_with_ufbx.py FILE. Prints rate, nodes, pictures, and the keys of each shape's weight.

ufbx 0.0.5 crashes when anything that it gave is forgotten, so all of it is kept, up to an end that forgets nothing.
"""

import gc
import json
import os
import sys

import ufbx

gc.disable()
kept = []


def keep(thing):
    """The thing, for good."""
    kept.append(thing)
    return thing


def every(things):
    """What stands in one of ufbx's lists."""
    keep(things)
    return [keep(things[i]) for i in range(len(things))]


scene = keep(ufbx.load_file(sys.argv[1]))
layer = every(every(scene.anim_stacks)[0].layers)[0]
shapes = {}
for moved in every(layer.anim_props):
    if moved.prop_name == "DeformPercent":
        keys = every(every(keep(moved.anim_value).curves)[0].keyframes)
        shapes[keep(moved.element).name] = {"times": [key.time for key in keys], "values": [key.value / 100 for key in keys]}
settings = keep(scene.settings)
told = {
    "fps": settings.frames_per_second,
    "metres": settings.unit_meters,
    "nodes": [node.name for node in every(scene.nodes)],
    "pictures": [len(keep(texture.content)) for texture in every(scene.textures)],
    "channels": [channel.name for channel in every(scene.blend_channels)],
    "shapes": shapes,
}
print(json.dumps(told), flush=True)
os._exit(0)
