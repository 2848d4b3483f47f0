"""``animator fit``: a picture of a person to the head, camera and expression that explain it."""

from __future__ import annotations

from pathlib import Path

import click

from animator.cli import options
from animator.cli.progress import sink
from animator.errors import InputError


@click.command(cls=options.GroupedCommand, short_help="A photo of a face to a fitted head.")
@click.argument("photo", metavar="FACE", type=click.Path(path_type=Path))
@options.output
@options.option(
    "Output", "--preview", type=click.Path(path_type=Path), metavar="FIT.png", help="Also draw the fit over the picture."
)
@options.option(
    "Picture", "--face", type=int, metavar="N", help="Which face, where there are several: 1 is the first from the left."
)
@options.output_manners
def fit(*, photo: Path, output: Path, preview: Path | None, face: int | None, overwrite: bool, as_json: bool) -> None:
    """Find the face in a picture (PNG, JPEG, WebP …) and write the fit to a .portrait file.

    The file holds the picture itself, the face tracker's points, the camera, the person's shape as settings of a head, the
    picture's own expression, and how far the head's places are from the points. It is lossless and plain: arrays for
    numpy.load(allow_pickle=False). Nothing leaves this machine; ask people before you fit their faces.
    """
    from animator.heads.fitting.fit import fit_picture
    from animator.heads.fitting.overlay import overlay
    from animator.io.output import check_output, writing
    from animator.io.portrait import check_portrait, write_portrait

    check_portrait(output)
    options.refuse_same_file([photo], [output, *([preview] if preview else [])])
    if preview is not None:
        _check_picture(preview)
        check_output(preview, overwrite)
    with writing(output, overwrite) as whole, sink(as_json) as progress:
        progress.stage("fitting")
        portrait = fit_picture(photo, face)
        write_portrait(portrait, whole)
        if preview is not None:
            from PIL import Image

            with writing(preview, overwrite) as drawn:
                Image.fromarray(overlay(portrait)).save(drawn)
    if as_json:
        progress.result(output=str(output), error_pixels=portrait.error, error_share=portrait.share)
    else:
        click.echo(
            f"{output}: off by {portrait.error:.2f} pixels, {portrait.share:.1%} of the distance between the eyes' outer corners"
        )


def _check_picture(path: Path) -> None:
    if path.suffix.lower() not in (".png", ".jpg", ".jpeg", ".webp"):
        raise InputError(f"a preview cannot be written as {path.name!r}; end it in .png, .jpg or .webp")
