"""A voice for lines that are typed."""

import numpy as np
import pytest

from animator.errors import InputError
from animator.voice import can_speak, speak


def test_the_same_text_gives_the_same_sound():
    pytest.importorskip("hibari")
    assert can_speak()
    once, again = speak("Guess who is here!"), speak("Guess who is here!")
    np.testing.assert_array_equal(once.samples, again.samples)
    assert 0.5 < once.seconds < 3
    assert np.abs(once.samples).max() > 0.1


def test_slow_speech_takes_longer():
    pytest.importorskip("hibari")
    assert speak("Guess who is here!", 0.6).seconds > 1.2 * speak("Guess who is here!").seconds


@pytest.mark.parametrize("text", ["", "  \n", "…!?"])
def test_a_text_without_a_word_is_refused(text):
    with pytest.raises(InputError, match="nothing to say"):
        speak(text)


def test_a_voice_has_a_range_of_speeds():
    with pytest.raises(InputError, match=r"\[0.5, 2\], not 9"):
        speak("Hello", 9)
