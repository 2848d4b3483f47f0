"""What of a plan is still to be made: everything but what stands in the folder and was made from the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from animator.batch.fingerprint import sound_of
from animator.batch.jobs import Job, Output
from animator.batch.journal import Memory, Origin
from animator.errors import InputError

NEW, STOPPED, GONE = "new", "was not finished", "its file is gone"
ROW, SOUND, ASKED = "its row or a setting has changed", "its sound has changed", "asked for again"
"""Why something is made."""


@dataclass(frozen=True)
class Standing:
    """How far a job is: itself with those outputs alone that are to be made, why they are, and those that are kept."""

    job: Job
    why: tuple[str, ...]
    kept: tuple[Output, ...]

    @property
    def finished(self) -> bool:
        """Whether nothing of it is to be made."""
        return not self.job.outputs


def standings(jobs: Sequence[Job], memory: Memory, overwrite: bool = False, again: bool = False) -> tuple[Standing, ...]:
    """How far each job is.

    An output is finished if it stands in its place and was made by the same settings from the same bytes of sound.

    Parameters
    ----------
    jobs
        Of the plan.
    memory
        What the folder's journal says.
    overwrite
        Whether files that no batch made there may be written over.
    again
        Whether what is finished is made again.

    Raises
    ------
    InputError
        Files that no batch made are in the way.
    """
    found = tuple(_standing(job, memory, overwrite, again) for job in jobs)
    in_the_way = [output.path for each in found for output in each.job.outputs if not output.replace and _stands(output.path)]
    if in_the_way:
        others = f" and {len(in_the_way) - 1} more were" if len(in_the_way) > 1 else " was"
        raise InputError(
            f"{str(in_the_way[0])!r}{others} made by no batch in this folder; "
            "pass --overwrite to replace what is in the way, or give another folder"
        )
    return found


def forgotten(jobs: Sequence[Job], memory: Memory) -> list[str]:
    """Outputs that the folder's batches finished and that no job makes any more."""
    wanted = {output.key for job in jobs for output in job.outputs}
    return sorted(memory.finished.keys() - wanted)


def _standing(job: Job, memory: Memory, overwrite: bool, again: bool) -> Standing:
    sound = sound_of(job) if any(output.key in memory.finished for output in job.outputs) else ""
    reasons = [_reason(output, sound, memory, again) for output in job.outputs]
    wanted = tuple(
        replace(output, replace=overwrite or output.key in memory.begun)
        for output, reason in zip(job.outputs, reasons, strict=True)
        if reason
    )
    kept = tuple(output for output, reason in zip(job.outputs, reasons, strict=True) if not reason)
    return Standing(replace(job, outputs=wanted), tuple(dict.fromkeys(reason for reason in reasons if reason)), kept)


def _reason(output: Output, sound: str, memory: Memory, again: bool) -> str:
    """Why an output is to be made; empty if it is finished."""
    if output.key not in memory.begun:
        return NEW
    if output.key not in memory.finished:
        return STOPPED
    if not _stands(output.path):
        return GONE
    made: Origin = memory.finished[output.key]
    if made.settings != output.settings:
        return ROW
    if made.sound != sound:
        return SOUND
    return ASKED if again else ""


def _stands(path: Path) -> bool:
    return any(path.iterdir()) if path.is_dir() else path.exists()
