import numpy as np

from animator.embedders.fusion import MOMENTS, fuse
from animator.io.weights import load_weights
from animator.training.embedder import train
from animator.training.embedder.probes import probe, recall, reliability


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
