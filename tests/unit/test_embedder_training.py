import numpy as np
import pytest

from animator.embedders.fusion import MOMENTS, fuse
from animator.embedders.space import load_space
from animator.embedders.voice import HEARD
from animator.io.weights import load_weights
from animator.training.embedder import train
from animator.training.embedder.leaks import leak
from animator.training.embedder.probes import probe, recall, reliability
from animator.training.embedder.voices import Voices


def test_a_probe_finds_what_is_there_and_nothing_where_nothing_is():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 4, 400)
    rows = rng.standard_normal((400, 6))
    groups = np.arange(400)
    nothing = probe(rows, labels, groups, seeds=range(2))
    assert nothing.chance == 0.25
    assert abs(nothing.accuracy - 0.25) < 0.08
    assert probe(rows + 4 * np.eye(6)[labels], labels, groups, seeds=range(2)).accuracy > 0.95


def test_a_probe_learns_nothing_from_a_groups_other_rows():
    rng = np.random.default_rng(0)
    of = np.repeat(np.arange(60), 10)
    labels = rng.integers(0, 3, 60)[of]
    rows = rng.standard_normal((60, 8))[of]
    assert probe(rows, labels, of, seeds=range(2)).accuracy < 0.5, "groups that are told apart say nothing of a new group"


def test_a_mix_of_feelings_names_its_speaker_but_not_where_each_feeling_counts_alike():
    speaker = np.repeat([0, 1, 2], 60)
    feeling = np.concatenate([np.repeat([0, 1, 2], n) for n in ((40, 15, 5), (5, 40, 15), (15, 5, 40))])
    truth, groups = np.eye(3)[feeling], np.arange(180)
    assert probe(truth, speaker, groups, within=feeling).accuracy > 0.6
    assert probe(truth, speaker, groups, within=feeling, alike=True).accuracy == pytest.approx(1 / 3, abs=0.01)
    voice = truth + 2 * np.eye(3)[speaker]
    assert probe(voice, speaker, groups, within=feeling, alike=True).accuracy > 0.99


def test_a_code_gives_away_less_of_who_speaks_than_the_voice_does():
    rng = np.random.default_rng(0)
    feeling, speaker = (part.ravel() for part in np.meshgrid(np.repeat(np.arange(len(HEARD)), 4), np.arange(4)))
    rows = np.concatenate([2 * np.eye(len(HEARD))[feeling], np.eye(4)[speaker], np.zeros((len(feeling), 3))], axis=1)
    rows = (rows + 0.3 * rng.standard_normal(rows.shape)).astype(np.float32)
    every, no = np.ones(len(rows), dtype=bool), slice(0)
    acted = Voices(rows, np.arange(len(rows)), every, every, feeling, np.array([f"speaker {i}" for i in speaker]))
    read = Voices(rows[no], acted.clip[no], every[no], every[no], feeling[no], acted.speaker[no])
    found = leak(acted, read, 1.0, load_space(), seeds=(0,))
    assert found["chance"] == pytest.approx(1 / 2)
    assert found["truth"] == pytest.approx(1 / 2, abs=0.01)
    assert found["ceiling"] > 0.9
    assert found["accuracy"] < found["ceiling"] - 0.2


def test_recall_counts_labels_alike_and_calibration_is_zero_where_odds_are_right():
    assert recall(np.array([0, 0, 0, 1]), np.array([0, 0, 0, 1]), 2) == 1
    assert recall(np.array([0, 0, 0, 0]), np.array([0, 0, 0, 1]), 2) == 0.5
    odds = np.tile(np.float32([0.75, 0.25]), (400, 1))
    assert reliability(odds, np.repeat([0, 0, 0, 1], 100))[0] < 1e-6
    assert reliability(odds, np.repeat([0, 1, 1, 1], 100))[0] > 0.4


def test_the_tiny_recipe_learns_each_door_and_what_it_writes_can_be_read(tmp_path):
    scores = train(None, tmp_path / "tiny.safetensors", tiny=True, seed=0)
    assert scores["voice"]["recall"] > scores["voice"]["chance"] + 0.3
    assert scores["face"]["recall"] > 3 / 9, "three times what guessing would reach"
    tensors, header = load_weights(tmp_path / "tiny.safetensors")
    assert [corpus["name"] for corpus in header["corpora"]] == ["samples"]
    assert header["scores"] == scores
    width = 2 * tensors["anchors"].shape[1]
    rows = np.zeros((3, MOMENTS, width), dtype=np.float32)
    for senses in ({"voice": rows}, {"face": rows}, {"voice": rows, "face": rows}):
        mean, spread = fuse(senses, tensors["bank"], tensors)
        assert mean.shape == spread.shape == (3, len(tensors["anchors"]))
        assert ((mean >= 0) & (mean <= 1) & (spread > 0)).all()
