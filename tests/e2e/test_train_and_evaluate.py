"""Weights made again by one command, and judged by another; what cannot be trained or judged is told in one sentence."""

import json
import os

import pytest
from command_line import here, process

from animator.io.weights import load_weights


def told(done):
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_a_tiny_encoder_hears_more_than_an_untrained_one(tmp_path):
    done = told(process(tmp_path, "train", "encoder", "--tiny", "--out", "ear.safetensors", "--json"))
    before, after = (done["scores"][state]["samples"]["visemes"] for state in ("untrained", "trained"))
    assert after > before + 0.05
    tensors, header = load_weights(tmp_path / "ear.safetensors")
    assert tensors
    assert [corpus["name"] for corpus in header["corpora"]] == ["samples"]
    assert header["recipe"]["seed"] == 0
    assert [path.name for path in tmp_path.iterdir()] == ["ear.safetensors"]


def test_a_tiny_embedder_tells_feelings_apart_better_than_chance(tmp_path):
    done = told(process(tmp_path, "train", "embedder", "--tiny", "--out", "heart.safetensors", "--json"))
    voice = done["scores"]["voice"]
    assert voice["recall"] > voice["chance"] + 0.2
    _, header = load_weights(tmp_path / "heart.safetensors")
    assert [corpus["name"] for corpus in header["corpora"]] == ["samples"]
    assert [path.name for path in tmp_path.iterdir()] == ["heart.safetensors"]


def test_a_tiny_generator_speaks_better_than_a_mean_face(tmp_path):
    done = told(process(tmp_path, "train", "generator", "--tiny", "--out", "face.safetensors", "--json"))
    made, still = (done["scores"][f"samples_grid, teacher{other}"] for other in ("", ", mean face"))
    assert made["lips"] < still["lips"]
    assert made["opening"] > 0.4
    _, header = load_weights(tmp_path / "face.safetensors")
    assert {corpus["name"] for corpus in header["corpora"]} == {"samples", "grid"}
    assert [path.name for path in tmp_path.iterdir()] == ["face.safetensors"]


def test_a_tiny_portrait_comes_nearer_to_the_truth_than_the_warp_alone(tmp_path):
    done = told(process(tmp_path, "train", "portrait", "--tiny", "--out", "refined.safetensors", "--json"))
    warp, *made = (done["scores"][f"drawn, {how}"] for how in ("warp", "1 step", "4 steps"))
    for refined in made:
        assert refined["mouth PSNR"] > warp["mouth PSNR"] + 2
        assert refined["crop PSNR"] > warp["crop PSNR"] + 2
    feelings = done["scores"]["feelings"]
    assert feelings["told"] > feelings["chance"]
    assert [path.name for path in tmp_path.iterdir()] == ["refined.safetensors"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("train", "encoder"), "the encoder learns from corpora; give their folder as --data"),
        (("train", "embedder"), "the embedder learns from corpora; give their folder as --data"),
        (("train", "encoder", "--data", "nowhere"), "there is no folder nowhere"),
        (("train", "encoder", "--tiny", "--out", "ear.bin"), "cannot be written as 'ear.bin'; end it in .safetensors"),
        (("train", "embedder", "--tiny", "--steps", "3"), "--steps is no dial of the embedder's training"),
        (("train", "teacher", "--tiny"), "the teacher is fitted to GRID in one way"),
        (("train", "encoder", "--tiny", "--out", "kept.safetensors"), "kept.safetensors"),
        (
            ("train", "ear", "--tiny"),
            "'ear' is not one of 'encoder', 'embedder', 'teacher', 'prior', 'lipreader', 'generator', 'portrait'",
        ),
        (("evaluate",), "what was held out lies in corpora; give their folder as --data"),
        (("evaluate", "encoder", "--cache", "nowhere"), "there is no folder nowhere; --cache takes one that is there"),
        (("evaluate", "embedder", "--cache", "."), "the embedder is judged on recordings of acted feelings"),
        (("evaluate", "embedder", "--data", "."), "the embedder needs the corpus speechocean, but there is no folder"),
    ],
)
def test_what_cannot_be_trained_or_judged_is_told(tmp_path, words, sentence):
    (tmp_path / "kept.safetensors").write_bytes(b"mine")
    done = here(tmp_path, *words)
    lines = [line for line in done.stderr.splitlines() if not line.startswith("animator: note: ")]
    assert (done.returncode, done.stdout, len(lines)) == (2, "", 1), done.stderr
    assert sentence in lines[0]
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("kept.safetensors", b"mine")]


def test_an_encoder_is_not_judged_without_corpora_and_engines(tmp_path):
    done = process(tmp_path, "evaluate", "encoder", "--cache", ".", env=os.environ | {"PATH": ""})
    *notes, last = done.stderr.splitlines()
    assert done.returncode == 2
    assert "no speech that was held out" in last
    assert all(line.startswith("animator: note: there will be no speech of ") for line in notes)
    assert not list(tmp_path.iterdir())
