"""What the Live tab's page offers is what there is: every gesture of the rig, parts of the face by their names."""

import json
import re
from importlib.resources import files

from animator.core.rig import REGIONS
from animator.io.rig import load_rig
from animator.live.protocol import Feel, parse
from animator.live.show import check_felt
from animator.recipe import Recipe

PAGE = files("animator.app") / "live_page"


def names(script, constant):
    listed = re.search(rf"const {constant} = \[(.*?)\]", (PAGE / script).read_text(), re.DOTALL).group(1)
    return re.findall(r'"(\w+)"', listed)


def test_every_gesture_of_the_rig_has_a_button_and_no_other():
    assert sorted(names("live.js", "GESTURES")) == sorted(load_rig(Recipe.rig).moves)


def test_parts_of_the_face_and_feelings_are_called_as_the_server_calls_them():
    regions, feelings = names("agent.js", "REGIONS"), names("live.js", "FEELINGS")
    assert set(REGIONS) - set(regions) == {"tongue"}, "which nobody sees feel"
    told = {"neutral": 1} | {f"{region}:{feeling}": 0.7 for region in regions for feeling in ("neutral", *feelings)}
    message = parse(json.dumps({"type": "feel", "feelings": told}))
    assert isinstance(message, Feel)
    assert len(message.feelings) == len(told)
    check_felt(Recipe(), message.feelings)
