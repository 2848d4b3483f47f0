"""Weights: what is written reads back in half precision, and nothing that may not be shipped is written."""

import numpy as np
import pytest

from animator.errors import FormatError, InputError, MissingWeightsError
from animator.io.weights import load_weights, read_weights, write_weights

FREE = [{"name": "ours", "licence": "CC0-1.0", "credit": "nobody"}]


def test_what_is_written_reads_back_with_its_header(tmp_path):
    path = tmp_path / "w.safetensors"
    tensors = {"a/weight": np.linspace(-1, 1, 12, dtype=np.float32).reshape(3, 4), "codes": np.arange(5, dtype=np.int64)}
    write_weights(path, tensors, FREE, {"seed": 3}, {"recall": 0.5})
    back, header = load_weights(path)
    assert set(back) == set(tensors)
    np.testing.assert_array_equal(back["a/weight"], tensors["a/weight"].astype(np.float16).astype(np.float32))
    np.testing.assert_array_equal(back["codes"], tensors["codes"])
    assert header == {"corpora": FREE, "recipe": {"seed": 3}, "scores": {"recall": 0.5}}


def test_weights_may_be_read_by_whoever_may_read_any_new_file(tmp_path):
    (tmp_path / "any").touch()
    write_weights(tmp_path / "w.safetensors", {"a": np.zeros(2)}, FREE, {}, {})
    assert (tmp_path / "w.safetensors").stat().st_mode == (tmp_path / "any").stat().st_mode


@pytest.mark.parametrize("licence", ["CC BY-NC-SA 4.0", "research only", "for non-commercial use", ""])
def test_what_learned_from_a_corpus_that_may_not_be_sold_is_not_written(tmp_path, licence):
    with pytest.raises(InputError, match="cannot be shipped"):
        write_weights(tmp_path / "w.safetensors", {}, [*FREE, {"name": "theirs", "licence": licence, "credit": ""}], {}, {})
    assert not (tmp_path / "w.safetensors").exists()


def test_a_file_that_is_none_of_ours_is_refused(tmp_path):
    (tmp_path / "w.safetensors").write_bytes(b"not weights")
    with pytest.raises(FormatError):
        load_weights(tmp_path / "w.safetensors")


def test_weights_that_are_not_there_say_how_to_get_them():
    with pytest.raises(MissingWeightsError, match="animator train"):
        read_weights("no_such_part")
