"""animator: speech in, a talking face that means what it says out.

>>> import animator
>>> audio = animator.read_audio("speech.wav")
>>> recipe = animator.Recipe(embedder=animator.Choice("label", {"feelings": "happy:0.7"}))
>>> motion = animator.generate(audio, recipe)
>>> frames = animator.draw(motion, animator.make_head(recipe), recipe, audio.seconds)
>>> animator.write_video(frames, audio, "clip.mp4")

Importing it costs little: a public name is looked up when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "ALL": "core.emotion",
    "AnimatorError": "errors",
    "Audio": "core.audio",
    "COMPOSITE": "core.provenance",
    "Choice": "recipe",
    "Company": "live.company",
    "Control": "core.rig",
    "Cue": "core.script",
    "Direction": "core.cues",
    "Emotion": "core.emotion",
    "Face": "core.scene",
    "Features": "core.features",
    "FormatError": "errors",
    "Frames": "core.frames",
    "Head": "core.head",
    "InputError": "errors",
    "Layer": "core.layers",
    "LossWarning": "errors",
    "Manner": "live.show",
    "MissingDependencyError": "errors",
    "MissingWeightsError": "errors",
    "Motion": "core.motion",
    "PHONES": "core.phones",
    "Picture": "recipe",
    "REGIONS": "core.rig",
    "Recipe": "recipe",
    "Report": "cli.reporting",
    "Rig": "core.rig",
    "Scene": "core.scene",
    "Stage": "core.stage",
    "Terms": "live.agent",
    "Track": "core.track",
    "Traits": "core.scene",
    "Turn": "core.scene",
    "UnknownNameError": "errors",
    "Wardrobe": "dialogue.show",
    "articulating": "directing",
    "audio_pieces": "io.audio",
    "backdrop": "pipeline",
    "build": "recipe",
    "can_speak": "voice",
    "crop": "core.track",
    "cue_table": "io.script",
    "describe": "cli.parts",
    "directed": "directing",
    "draw": "pipeline",
    "evened": "io.video",
    "feel": "pipeline",
    "felt_as": "directing",
    "find": "registry",
    "generate": "pipeline",
    "hear": "pipeline",
    "join_video": "io.video",
    "known_formats": "batch.formats",
    "load_rig": "io.rig",
    "look_of_text": "core.look",
    "make_head": "pipeline",
    "move": "pipeline",
    "names": "registry",
    "overlay": "heads.fitting.overlay",
    "parse_feelings": "core.script",
    "parts_of": "core.emotion",
    "phones": "core.spoken",
    "placed": "core.cues",
    "plan_scene": "dialogue.cast",
    "play_scene": "dialogue.play",
    "portray": "pipeline",
    "read_audio": "io.audio",
    "read_motion": "io.track",
    "read_scene": "io.scene",
    "read_script": "io.script",
    "recipe_from_toml": "recipe",
    "recipe_to_toml": "recipe",
    "reenact": "pipeline",
    "resample": "core.track",
    "retarget": "pipeline",
    "retime": "core.motion",
    "saying": "directing",
    "scene_to_toml": "io.scene",
    "script_to_toml": "io.script",
    "serving": "live.agent",
    "speak": "voice",
    "take": "pipeline",
    "write_emotion": "io.track",
    "write_face": "cli.dialogue",
    "write_motion": "io.track",
    "write_portrait": "io.portrait",
    "write_video": "io.video",
    "write_wav": "io.audio",
}

__all__ = sorted(_HOMES)  # noqa: PLE0605 (the table is the one truth)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'animator' has no attribute {name!r}")
    value = getattr(import_module(f"animator.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
