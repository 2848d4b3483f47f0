"""People from files, paint kept on disk, and looks of the user's own."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from animator.core.head import Material
from animator.errors import FormatError, InputError, UnknownNameError
from animator.heads.makehuman import MakeHuman
from animator.heads.paint import cache
from animator.heads.pieces import proxies
from animator.heads.shape.basemesh import read_base
from animator.heads.shape.units import displacements
from animator.io.head import read_head

HAT = [[881, 879, 882], [881, 1013, 882], [879, 1013, 881]]
"""Base vertices on the crown that the corners of a small card hang on."""


@pytest.fixture
def look(tmp_path):
    """A folder of assets: a card for hair with a clear and an opaque half, and two skins."""
    folder = tmp_path / "assets"
    card = folder / "proxies" / "hair" / "Tuft01"
    card.mkdir(parents=True)
    model = {
        "metadata": {"formatVersion": 3.1},
        "ref_vIdxs": HAT,
        "weights": [[0.5, 0.25, 0.25], [0.2, 0.3, 0.5], [1.0, 0.0, 0.0]],
        "offsets": [[0.0, 0.5, 0.0]] * 3,
        "uvs": [[0.1, 0.9, 0.4, 0.9, 0.1, 0.6]],
        "faces": [10, 0, 1, 2, 0, 0, 1, 2],
        "materials": [{"mapDiffuse": "tuft.png"}],
    }
    (card / "Tuft01.json").write_text(json.dumps(model))
    Image.fromarray(np.full((8, 8, 4), 200, dtype=np.uint8)).save(card / "tuft.png")
    for name in ("young_asian_female", "old_african_male"):
        place = folder / "skins" / name / "textures"
        place.mkdir(parents=True)
        Image.fromarray(np.full((8, 8, 3), len(name), dtype=np.uint8)).save(place / f"{name}_diffuse.png")
    return folder


def write(tmp_path, text):
    path = tmp_path / "ada.toml"
    path.write_text(text)
    return path


def test_a_person_is_read_from_a_file(tmp_path):
    path = write(
        tmp_path,
        'schema = "animator.Head/1"\nage = 61\neyes = "grey"\nlook = "assets"\nseed = 3\n'
        "[ancestry]\nasian = 1\n[local]\nnose-hump = 0.4\n",
    )
    assert read_head(path) == {
        "age": 61,
        "eyes": "grey",
        "look": str(tmp_path / "assets"),
        "seed": 3,
        "ancestry": {"asian": 1.0},
        "local": {"nose-hump": 0.4},
    }


def test_what_a_file_says_makes_the_person(tmp_path):
    settings = read_head(write(tmp_path, 'age = 70\ngender = 1\nhair = "white"\n[local]\nhead-oval = 1.0\n'))
    assert MakeHuman(**settings).age == 70


def test_an_unknown_key_is_named_with_its_file_and_the_nearest(tmp_path):
    with pytest.raises(UnknownNameError, match=r"'gendre' in ada\.toml; did you mean 'gender'"):
        read_head(write(tmp_path, "gendre = 1.0\n"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("age = = 3\n", "ada.toml is not valid TOML"),
        ('schema = "animator.Rig/1"\n', "animator.Head/1"),
        ("look = 3\n", "in quotes"),
    ],
)
def test_a_broken_file_is_told_by_name(tmp_path, text, says):
    with pytest.raises(FormatError, match=says):
        read_head(write(tmp_path, text))


def test_paint_is_made_once_and_then_read_back_whole(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    rng = np.random.default_rng(4)
    material = Material(
        rng.integers(0, 256, (16, 16, 4), dtype=np.uint8), rng.integers(0, 256, (4, 4, 3), dtype=np.uint8), blend=True
    )
    times = []

    def paint():
        times.append(1)
        return material

    for _ in range(2):
        found = cache.kept("a test", paint)
        np.testing.assert_array_equal(found.colour, material.colour)
        np.testing.assert_array_equal(found.surface, material.surface)
        assert (found.blend, found.two_sided) == (True, False)
    assert len(times) == 1
    cache.kept("another test", paint)
    assert len(times) == 2
    for stored in cache.folder().iterdir():
        stored.write_bytes(b"PK\x03\x04 torn")
    cache.kept("a test", paint)
    assert len(times) == 3


def test_where_nothing_can_be_kept_it_is_painted_each_time(tmp_path, monkeypatch):
    (tmp_path / ".cache").write_text("a file where a folder should be")
    monkeypatch.setenv("HOME", str(tmp_path))
    material = Material(np.zeros((2, 2, 4), dtype=np.uint8), np.zeros((1, 1, 3), dtype=np.uint8))
    assert cache.kept("a test", lambda: material) is material
    assert cache.kept("a test", lambda: material) is material


def test_only_the_latest_paint_is_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    material = Material(np.zeros((2, 2, 4), dtype=np.uint8), np.zeros((1, 1, 3), dtype=np.uint8))
    for i in range(cache.KEPT + 3):
        cache.kept(f"person {i}", lambda: material)
    assert len(list(cache.folder().iterdir())) == cache.KEPT


def test_a_proxy_rests_on_its_vertices_and_moves_as_they_do(look):
    base = read_base()
    (piece,) = proxies.read_proxy(look / "proxies" / "hair" / "Tuft01" / "Tuft01.json", base.vertices)
    weights = np.array([[0.5, 0.25, 0.25], [0.2, 0.3, 0.5], [1.0, 0.0, 0.0]])
    expected = np.einsum("vk,vkd->vd", weights, base.vertices[np.array(HAT)]) + np.array([0, 0.05, 0])
    np.testing.assert_allclose(piece.vertices, expected, atol=1e-6)
    np.testing.assert_allclose(piece.uv, [[0.1, 0.1], [0.4, 0.1], [0.1, 0.4]], atol=1e-6)
    moves = displacements(base, base.vertices)["browInnerUp"]
    np.testing.assert_allclose(piece.carried(moves), np.einsum("vk,vkd->vd", weights, moves[np.array(HAT)]), atol=1e-7)
    assert piece.material.blend


def test_a_look_lends_what_it_has_and_ours_fills_the_rest(look):
    head = MakeHuman(look=str(look), style="tuft", ancestry={"african": 1.0}, gender=1.0, age=80.0).make()
    names = {part.name: part for part in head.parts}
    assert names["hair"].stop - names["hair"].start == 1
    assert {"teeth_upper", "eye_left", "lashes", "brows"} <= set(names)
    assert (names["skin"].material.colour[..., 0] == len("old_african_male")).all()


def test_a_style_that_neither_look_nor_we_have_is_refused(look):
    with pytest.raises(UnknownNameError, match="hairstyle 'mohawk'"):
        MakeHuman(look=str(look), style="mohawk")


def test_a_look_without_assets_is_refused_with_a_reason(tmp_path):
    with pytest.raises(InputError, match="neither 'proxies' nor 'skins'"):
        MakeHuman(look=str(tmp_path))
    with pytest.raises(InputError, match="does not exist"):
        MakeHuman(look=str(tmp_path / "nowhere"))


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda model: "{", "not JSON"),
        (lambda model: "[]", "not a MakeHuman proxy"),
        (lambda model: json.dumps({k: v for k, v in model.items() if k != "weights"}), "'weights'"),
        (lambda model: json.dumps(model | {"ref_vIdxs": [[99999, 0, 1]] * 3}), "does not hang on"),
        (lambda model: json.dumps(model | {"faces": [10, 0, 1, 7, 0, 0, 1, 2]}), "lacks"),
        (lambda model: json.dumps(model | {"faces": [2, 0, 1, 2, 0]}), "without texture places"),
        (lambda model: json.dumps(model | {"materials": [{"mapDiffuse": "none.png"}]}), "none.png"),
    ],
)
def test_a_broken_proxy_is_told_by_name(look, spoil, says):
    path = look / "proxies" / "hair" / "Tuft01" / "Tuft01.json"
    path.write_text(spoil(json.loads(path.read_text())))
    with pytest.raises(FormatError, match=says):
        proxies.read_proxy(Path(path), read_base().vertices)
