"""Licences decide what weights may learn from."""

import pytest

from animator.errors import InputError, UnknownNameError
from animator.training.corpora import CORPORA, refuse_unshippable


def test_a_non_commercial_corpus_is_refused_by_name_and_licence():
    with pytest.raises(InputError, match=r"ravdess.*CC BY-NC-SA 4\.0"):
        refuse_unshippable(["emodb", "ravdess"])


def test_no_licence_that_forbids_a_use_is_marked_shippable():
    for corpus in CORPORA.values():
        assert not (corpus.shippable and ("NC" in corpus.licence or "ODbL" in corpus.licence)), corpus.name


def test_shippable_corpora_pass():
    refuse_unshippable(name for name, corpus in CORPORA.items() if corpus.shippable)


def test_an_unknown_corpus_is_refused_with_the_nearest_name():
    with pytest.raises(UnknownNameError, match="did you mean 'emodb'"):
        refuse_unshippable(["emo-db"])


def test_every_corpus_says_whose_it_is_and_where_it_comes_from():
    assert all(corpus.credit and corpus.licence and corpus.source for corpus in CORPORA.values())
    assert all(name == corpus.name for name, corpus in CORPORA.items())
