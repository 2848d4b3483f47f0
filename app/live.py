"""Live: a microphone moves the face in the page. The tab shows a page of its own, served beside Gradio's."""

from __future__ import annotations

import atexit
import tempfile
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from importlib.resources import files
from pathlib import Path
from urllib.parse import quote

import gradio as gr
import numpy as np
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

import animator

from .faces import Faces
from .line import Line
from .studio import Studios
from .telling import asked

PLACE = "/live"
"""Where the page is served."""

SAMPLES = ("sample_happy.wav", "sample_sad.wav", "sample_angry.wav", "sample_story.wav")
"""Speech of ours that may be played in a microphone's place."""

HOSTS = ("127.0.0.1", "localhost")
"""What the page may be called in a browser: else a name that somebody makes point here would pass for ours."""

POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self' ws://127.0.0.1:*; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
)
"""What the page may do: nothing from outside, and nobody else's page around it."""


def build(line: gr.State, studios: Studios) -> None:
    """Build the tab and wire it."""
    window = gr.HTML(framed())
    mine = gr.Button("Show the head of Perform here", size="sm")
    shown = gr.State(None)

    @asked
    def show(line: Line, before: Path | None, request: gr.Request) -> tuple[str, Path]:
        studio = studios.of(request.session_hash)
        path = studio.desk.place("head.glb")
        write_head(line.recipe, studio.head(line), path)
        if before is not None:
            studio.desk.throw_away(before)
        return framed(f"/gradio_api/file={quote(str(path))}"), path

    mine.click(show, [line, shown], [window, shown], show_progress="minimal", api_visibility="private")


def framed(head: str | None = None) -> str:
    """The page in a frame, with the usual head or that of an address on this server."""
    query = "" if head is None else f"?head={quote(head)}"
    return (
        f'<iframe class="live" src="{PLACE}/{query}" title="Your voice moves a face" loading="lazy" allow="microphone" '
        'style="width: 100%; height: 720px; border: 0"></iframe>'
    )


def routes() -> list[BaseRoute]:
    """What is served at `PLACE`: the page, its head, samples, and the door to a server of faces, which ends with this process."""
    faces = Faces()
    atexit.register(faces.close)
    page = Path(str(files("animator.app") / "live_page"))

    def front(_: Request) -> Response:
        return FileResponse(page / "index.html", headers={"Content-Security-Policy": POLICY})

    def head(_: Request) -> Response:
        return Response(usual_head(), media_type="model/gltf-binary", headers={"Cache-Control": "no-cache"})

    def sample(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in SAMPLES:
            return Response(status_code=404)
        return Response((files("animator.assets") / name).read_bytes(), media_type="audio/wav")

    def enter(request: Request) -> Response:
        ours = [f"http://{host}:{request.url.port or 80}" for host in HOSTS]
        if request.headers.get("Origin") not in ours:
            return JSONResponse({"message": "only this page opens its server"}, 403)
        try:
            return JSONResponse({"address": f"ws://127.0.0.1:{faces.open(ours)}/"})
        except animator.AnimatorError as error:
            return JSONResponse({"message": str(error)}, 503)

    inside: Sequence[BaseRoute] = (
        Route("/", front),
        Route("/head.glb", head),
        Route("/samples/{name}", sample),
        Route("/enter", enter, methods=["POST"]),
        Mount("/", StaticFiles(directory=page)),
    )
    return [Mount(PLACE, routes=inside, middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=list(HOSTS))])]


@cache
def usual_head() -> bytes:
    """The head of a plain recipe, as a GLB."""
    recipe = animator.Recipe()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "head.glb")
        write_head(recipe, animator.make_head(recipe), path)
        return path.read_bytes()


def write_head(recipe: animator.Recipe, head: animator.Head, path: Path) -> None:
    """Write a recipe's head, at rest, as a GLB."""
    rig = animator.load_rig(recipe.rig)
    rest = animator.Motion(rig.names, rig.rest[None].astype(np.float32), Fraction(50))
    exporter = animator.build("exporters", animator.Choice("glb"))
    exporter.export(animator.take("head", rest, recipe, exporter, head=head), path)
