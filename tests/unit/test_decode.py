"""The likeliest course of phones: flickers are passed over, closures are not."""

import itertools

import numpy as np

from animator.core.phones import PHONES
from animator.encoders.listening.decode import course


def heard(*stretches):
    """Posteriors of (phone, frames, how surely) one after another; the rest is spread over all phones."""
    rows = []
    for phone, frames, sure in stretches:
        row = np.full(len(PHONES), (1 - sure) / (len(PHONES) - 1), np.float32)
        row[PHONES.index(phone)] = sure
        rows += [row] * frames
    return np.array(rows, np.float32)


def said(posteriors):
    path = course(posteriors)
    return [PHONES[path[0]], *(PHONES[b] for a, b in itertools.pairwise(path) if a != b)]


def test_what_is_clear_is_kept_frame_by_frame():
    clear = heard(("SIL", 20, 0.95), ("M", 6, 0.9), ("AA", 15, 0.9), ("P", 5, 0.9), ("IY", 12, 0.9))
    np.testing.assert_array_equal(course(clear), clear.argmax(axis=1))


def test_a_flicker_of_one_unsure_frame_is_passed_over():
    assert said(heard(("AA", 10, 0.8), ("N", 1, 0.3), ("AA", 10, 0.8))) == ["AA"]


def test_a_short_closure_is_let_through():
    assert said(heard(("AA", 10, 0.8), ("B", 4, 0.7), ("IY", 10, 0.8))) == ["AA", "B", "IY"]


def test_phones_that_look_the_same_count_together():
    row = np.full(len(PHONES), 0.1 / (len(PHONES) - 4), np.float32)
    for phone, share in (("N", 0.3), ("P", 0.2), ("B", 0.2), ("M", 0.2)):
        row[PHONES.index(phone)] = share
    assert {PHONES[p] for p in course(np.tile(row, (8, 1)))} <= {"P", "B", "M"}


def test_no_frames_have_no_course():
    assert course(np.zeros((0, len(PHONES)), np.float32)).shape == (0,)
