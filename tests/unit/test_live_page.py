"""The Live tab without a browser: the page's own reading and posing of our head, what is served, and the server of faces."""

from __future__ import annotations

import json
import re
import socket
from dataclasses import replace
from fractions import Fraction
from importlib.resources import files

import numpy as np
import pytest
from dummy_head import dummy_head

from animator.core.motion import Motion, limit
from animator.core.take import Take
from animator.exporters.glb import Glb
from animator.geometry.pose import Poser
from animator.io.rig import load_rig
from animator.live.protocol import Start, parse
from animator.recipe import Choice, Recipe
from animator.session import Session

RIG = load_rig("arkit")
WEIGHTS = tuple(control.name for control in RIG.controls if control.unit == "weight")
PAGE = files("animator.app") / "live_page"
HOST = "http://127.0.0.1:7860"


@pytest.fixture(scope="module")
def head():
    """A head of balls each of whose controls moves some vertices of its skin, its hair none."""
    plain, rng = dummy_head(12), np.random.default_rng(3)
    moved = rng.random((len(WEIGHTS), len(plain.vertices), 1)) < 0.1
    moved[:, plain.triangles[plain.parts[-1].start :]] = False
    shifts = moved * rng.normal(0, 0.01, (len(WEIGHTS), len(plain.vertices), 3))
    return replace(plain, controls=WEIGHTS, displacements=shifts.astype(np.float32))


@pytest.fixture(scope="module")
def motion():
    rng = np.random.default_rng(4)
    rows = RIG.low + rng.random((6, len(RIG.names))) * (RIG.high - RIG.low)
    return limit(Motion(RIG.names, np.vstack([RIG.rest, rows]).astype(np.float32), Fraction(50)), RIG)


RATE, LATE = 48000, 0.2


@pytest.fixture(scope="module")
def seen(head, motion, tmp_path_factory, read_with):
    """What the page's modules make of that head, of that motion, and of sound whose chunks come up to 30 ms late."""
    folder = tmp_path_factory.mktemp("live")
    Glb().export(Take("head", motion, RIG, head=head), folder / "head.glb")
    rng, ends = np.random.default_rng(5), 512 * np.arange(1, 600)
    late = np.where(np.arange(599) % 5 == 0, 0.0, rng.uniform(0, 0.03, 599))
    heard = [(512, int(end) + 90000, 7 + end / RATE + wait) for end, wait in zip(ends, late, strict=True)]
    shown = [(at, 7 + at + LATE) for at in np.arange(0, 6, 0.02).tolist()]
    table = {"names": RIG.names, "rows": motion.values.tolist(), "heard": heard, "shown": shown, "rate": RATE}
    (folder / "poses.json").write_text(json.dumps(table))
    return read_with("live_page", folder / "head.glb", folder / "poses.json")


def test_the_page_poses_our_head_as_we_do(head, motion, seen):
    poser = Poser(head, RIG.names)
    ours = {part.name: head.triangles[part.start : part.stop].ravel() for part in head.parts}
    assert [part["name"] for part in seen["parts"]] == sorted(ours, key=[part["name"] for part in seen["parts"]].index)
    for row, posed in zip(motion.values, seen["posed"], strict=True):
        vertices = poser(row)
        for part, corners in zip(seen["parts"], posed, strict=True):
            np.testing.assert_allclose(corners, vertices[ours[part["name"]]], atol=2e-6)


def test_the_page_knows_what_is_hair_what_is_glass_and_how_light_meets_the_skin(head, seen):
    told = {part["name"]: part for part in seen["parts"]}
    assert [name for name, part in told.items() if part["strands"]] == ["hair"]
    assert {name for name, part in told.items() if part["veil"]} == {"hair", "cornea"}
    assert told["cornea"]["colour"] is None
    for part in head.parts:
        np.testing.assert_allclose(
            told[part.name]["matter"], part.material.surface.reshape(-1, 3).mean(axis=0) / 255, atol=1e-4, err_msg=part.name
        )


def test_hair_is_laid_from_the_farthest_to_the_nearest(head, seen):
    (hair,) = (part for part in head.parts if part.name == "hair")
    triangles = np.array(seen["sheets"]).reshape(-1, 3, 3)
    away = np.linalg.norm(triangles.mean(axis=1) - (0, 0, 1), axis=1)
    assert np.all(np.diff(away) <= 1e-6)
    same = [
        sorted(map(tuple, np.round(each.reshape(-1, 9), 5))) for each in (triangles, head.vertices[head.triangles[hair.start :]])
    ]
    np.testing.assert_allclose(*same, atol=2e-5)


def test_lateness_is_told_by_the_chunks_that_came_in_time(seen):
    assert seen["late"]["median"] == pytest.approx(LATE, abs=0.002)
    assert seen["late"]["worst"] == pytest.approx(LATE, abs=0.004)


@pytest.fixture
def visit():
    pytest.importorskip("gradio")
    from starlette.applications import Starlette
    from starlette.testclient import TestClient

    from animator.app.live import routes

    return TestClient(Starlette(routes=routes()), base_url=HOST)


def test_the_page_needs_nothing_but_files_of_its_own(visit):
    front = visit.get("/live/")
    policy = front.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert set(re.findall(r"\w+://[^ ;]+", policy)) == {"ws://127.0.0.1:*"}
    named = re.findall(r'(?:src|href)="([^"]+)"', front.text)
    wanted = [name for name in named if not name.startswith("data:")]
    for module in (each for each in PAGE.iterdir() if each.name.endswith(".js")):
        code = module.read_text()
        wanted += re.findall(r'from "\./([^"]+)"', code) + re.findall(r'new URL\("([^"]+)"', code)
        assert "http" not in re.sub(r"//.*", "", code), module.name
    assert {"live.css", "live.js", "samples.js"} <= set(wanted)
    for name in sorted(set(wanted)):
        assert visit.get(f"/live/{name}").status_code == 200, name


def test_each_sample_that_the_page_offers_is_there_and_nothing_else_is(visit):
    offered = re.findall(r'value="(\w+\.wav)"', (PAGE / "index.html").read_text())
    assert len(offered) == 4
    for name in offered:
        assert visit.get(f"/live/samples/{name}").content.startswith(b"RIFF")
    for name in ("manifest.toml", "..%2f..%2fpyproject.toml", "librivox_dashwood.wav"):
        assert visit.get(f"/live/samples/{name}").status_code == 404
    assert visit.get("/live/..%2flive.py").status_code == 404


@pytest.mark.parametrize("origin", [None, "https://elsewhere.example", "http://127.0.0.1:7861", "null"])
def test_pages_of_others_open_no_server(visit, origin):
    answer = visit.post("/live/enter", headers={} if origin is None else {"Origin": origin})
    assert answer.status_code == 403


def test_a_name_that_somebody_made_point_here_is_turned_away(visit):
    answer = visit.post("/live/enter", headers={"Host": "elsewhere.example", "Origin": "http://elsewhere.example"})
    assert answer.status_code == 400


def test_one_server_serves_all_and_ends_when_it_is_closed():
    pytest.importorskip("gradio")
    from animator.app.faces import Faces

    faces = Faces()
    try:
        port = faces.open([HOST])
        assert faces.open([HOST]) == port
        socket.create_connection(("127.0.0.1", port)).close()
    finally:
        faces.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))
    faces.close()


def test_an_agent_chooses_how_far_the_ear_looks_ahead():
    assert parse('{"type": "start", "look_ahead": 120}') == Start(look_ahead=120)
    usual, far = (Session(Recipe(encoder=Choice("speech", settings))) for settings in ({}, {"look_ahead": 120}))
    assert far.latency - usual.latency == pytest.approx(0.08)
