"""``animator retarget``: a performance to a motion file in another rig."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from animator.cli import options
from animator.cli.progress import sink
from animator.recipe import recipe_to_toml, rig_to_toml


@click.command(cls=options.GroupedCommand, short_help="A performance in the controls of another rig.")
@click.argument("motion", metavar="MOTION", type=click.Path(path_type=Path))
@options.option("Output", "--rig", metavar="NAME|FILE", required=True, help="The rig to write: one of ours, or your own (TOML).")
@options.output
@options.output_manners
def retarget(*, motion: Path, rig: str, output: Path, overwrite: bool, as_json: bool) -> None:
    """Write MOTION, a motion file or a performance that 'animator list importers' knows, as a motion file of another rig.

    What the other rig has nothing for is told, and stays behind. The recipe in the file says which rig it is in, and no
    more than that of a performance that was captured elsewhere.
    """
    from animator import pipeline
    from animator.io.output import writing
    from animator.io.rig import is_rig_file
    from animator.io.track import check_motion, write_motion

    check_motion(output)
    options.refuse_same_file([motion, *([Path(rig)] if is_rig_file(rig) else [])], [output])
    with writing(output, overwrite) as whole, sink(as_json) as progress:
        performed, recipe, known = pipeline.read_performance(motion)
        target = str(Path(rig).absolute()) if is_rig_file(rig) else rig
        carried = pipeline.retarget(performed, recipe.rig, target)
        write_motion(carried, whole, recipe_to_toml(replace(recipe, rig=target)) if known else rig_to_toml(target))
        result = {"output": str(output), "rig": rig, "frames": len(carried), "seconds": carried.seconds}
    progress.result(**result)
