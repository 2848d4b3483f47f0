# Plays an animation on a face with blend shapes and tells what it sees.
#
#   ANIMATION=clip.tres REQUEST=request.json ANSWER=answer.json godot3-server --path . --script play.gd
#
# The request holds "shapes", the names of the blend shapes, and "times", seconds; the answer holds the animation's "length",
# and for each time the weights of "shapes", and what "head", "leftEye" and "rightEye" turn x, y and z into.
extends SceneTree

func _init():
    var animation = load(OS.get_environment("ANIMATION"))
    var file = File.new()
    file.open(OS.get_environment("REQUEST"), File.READ)
    var request = parse_json(file.get_as_text())
    file.close()

    var stage = Spatial.new()
    var face = MeshInstance.new()
    face.name = "Face"
    face.mesh = mesh_with(request["shapes"])
    stage.add_child(face)
    var head = Spatial.new()
    head.name = "Head"
    stage.add_child(head)
    var eyes = {}
    for side in ["Left", "Right"]:
        eyes[side] = Spatial.new()
        eyes[side].name = side + "Eye"
        head.add_child(eyes[side])
    var player = AnimationPlayer.new()
    stage.add_child(player)
    get_root().add_child(stage)
    player.root_node = player.get_path_to(stage)
    player.add_animation("clip", animation)
    player.play("clip")

    var answer = {"length": animation.length, "weights": [], "head": [], "leftEye": [], "rightEye": []}
    for time in request["times"]:
        player.seek(time, true)
        var row = []
        for shape in request["shapes"]:
            row.append(face.get("blend_shapes/" + shape))
        answer["weights"].append(row)
        for turned in [["head", head], ["leftEye", eyes["Left"]], ["rightEye", eyes["Right"]]]:
            var rows = []
            for axis in [Vector3(1, 0, 0), Vector3(0, 1, 0), Vector3(0, 0, 1)]:
                var onto = turned[1].transform.basis.xform(axis)
                rows.append([onto.x, onto.y, onto.z])
            answer[turned[0]].append(rows)
    file.open(OS.get_environment("ANSWER"), File.WRITE)
    file.store_string(to_json(answer))
    file.close()
    stage.free()
    quit()

func mesh_with(shapes):
    var mesh = ArrayMesh.new()
    for shape in shapes:
        mesh.add_blend_shape(shape)
    var surface = []
    surface.resize(Mesh.ARRAY_MAX)
    surface[Mesh.ARRAY_VERTEX] = PoolVector3Array([Vector3(0, 0, 0), Vector3(1, 0, 0), Vector3(0, 1, 0)])
    surface[Mesh.ARRAY_NORMAL] = PoolVector3Array([Vector3(0, 0, 1), Vector3(0, 0, 1), Vector3(0, 0, 1)])
    var moved = []
    for _shape in shapes:
        var target = []
        target.resize(Mesh.ARRAY_MAX)
        target[Mesh.ARRAY_VERTEX] = surface[Mesh.ARRAY_VERTEX]
        target[Mesh.ARRAY_NORMAL] = surface[Mesh.ARRAY_NORMAL]
        moved.append(target)
    mesh.add_surface_from_arrays(Mesh.PRIMITIVE_TRIANGLES, surface, moved)
    return mesh
