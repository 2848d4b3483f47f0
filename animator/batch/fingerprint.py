"""What an output is made from, as digests: the bytes of its sound, and all else that its row and the command say."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from animator.batch.formats import Format
from animator.batch.jobs import Job
from animator.recipe import recipe_to_toml


def told_of(job: Job, content: Callable[[Path], str]) -> dict[str, Any]:
    """All that a job's outputs are made by but for the sound, as plain data; files by what they hold, not by where they are."""
    return {
        "recipe": _by_content(tomllib.loads(recipe_to_toml(job.recipe)), content),
        "line": job.line,
        "source": job.source.name,
        "sound": job.sound.name if job.sound else None,
        "fps": str(job.fps),
        "start": str(job.start),
        "rig": _by_content(job.rig, content),
    }


def settings_of(told: Mapping[str, Any], each: Format) -> str:
    """Digest of all that an output in this format is made by but for the sound; ``told`` is what `told_of` gives."""
    exporter = [each.exporter.name, dict(each.exporter.settings)] if each.exporter else None
    text = json.dumps([told, each.name, exporter], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _by_content(value: Any, content: Callable[[Path], str]) -> Any:
    """The value with every whole path in it that leads somewhere replaced by a digest of what is there."""
    if isinstance(value, dict):
        return {key: each if key == "transcript" else _by_content(each, content) for key, each in value.items()}
    if isinstance(value, list):
        return [_by_content(each, content) for each in value]
    if isinstance(value, str) and (path := Path(value)).is_absolute():
        return content(path) or value
    return value


def sound_of(job: Job) -> str:
    """Digest of the bytes that a job listens to; empty where they cannot be read."""
    parts = [digest(path) for path in (job.source, job.sound) if path is not None]
    return " ".join(parts) if all(parts) else ""


def digest(path: Path) -> str:
    """SHA-256 of a file, or of a folder's files and their names; empty where there is nothing to read."""
    try:
        if path.is_dir():
            below = sorted(each for each in path.rglob("*") if each.is_file())
            text = "\n".join(f"{each.relative_to(path).as_posix()} {digest(each)}" for each in below)
            return hashlib.sha256(text.encode()).hexdigest()
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
