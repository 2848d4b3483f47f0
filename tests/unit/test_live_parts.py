"""Pieces of the live machinery, one by one: resampling, messages, floods, channels, punctuality, tasks."""

import asyncio
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from animator.core.moment import Moment
from animator.core.script import parse_feelings
from animator.errors import FormatError, InputError, UnknownNameError
from animator.live.channel import LENGTH, Channel
from animator.live.flood import Flood, TooMuchError
from animator.live.protocol import End, Feel, Gesture, Interrupt, Mood, Own, Start, Stats, parse
from animator.live.punctuality import Punctuality
from animator.live.resampling import Resampler
from animator.live.show import check_felt, move_of
from animator.live.sound import pcm
from animator.live.together import together
from animator.recipe import Recipe

RATES = [8000, 11025, 16000, 22050, 24000, 44100, 48000]


@pytest.mark.parametrize("rate", RATES)
def test_a_tone_stays_the_same_tone_at_another_rate_and_hardly_lags(rate):
    tone = np.sin(2 * np.pi * 440 * np.arange(rate) / rate).astype(np.float32)
    out = Resampler(rate, 16000).feed(tone)
    wanted = np.sin(2 * np.pi * 440 * np.arange(len(out)) / 16000)
    assert 0 <= 1 - len(out) / 16000 < 0.002
    assert np.abs(out - wanted)[50:].max() < 1e-3


@pytest.mark.parametrize("rate", [22050, 44100, 48000])
def test_what_is_above_the_new_rate_is_gone_and_not_folded_down(rate):
    tone = np.sin(2 * np.pi * 10000 * np.arange(rate) / rate).astype(np.float32)
    assert np.abs(Resampler(rate, 16000).feed(tone)[100:]).max() < 1e-3


@given(st.sampled_from(RATES), st.lists(st.integers(0, 700), min_size=1, max_size=12))
def test_pieces_of_a_sound_give_what_the_whole_gives(rate, lengths):
    sound = np.random.default_rng(1).uniform(-1, 1, sum(lengths)).astype(np.float32)
    resampler = Resampler(rate, 16000)
    pieces = [resampler.feed(piece) for piece in np.split(sound, np.cumsum(lengths)[:-1])]
    whole = Resampler(rate, 16000).feed(sound)
    np.testing.assert_allclose(np.concatenate(pieces), whole, atol=1e-6)


@pytest.mark.parametrize("rate", [0, 44, 10**9])
def test_a_rate_that_no_sound_has_is_told(rate):
    with pytest.raises(InputError, match="samples a second"):
        Resampler(rate, 16000)


def test_samples_of_sixteen_bits_span_one():
    np.testing.assert_array_equal(pcm(b"\x00\x80\x00\x00\xff\x7f"), np.array([-1.0, 0.0, 32767 / 32768], dtype=np.float32))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ('{"type": "start"}', Start()),
        ('{"type": "start", "rate": 24000, "mood": "calm:0.3", "seed": 7}', Start(24000, {"calm": 0.3}, 7)),
        ('{"type": "feel", "feelings": "happy:0.6,surprised:0.4"}', Feel({"happy": 0.6, "surprised": 0.4})),
        ('{"type": "feel", "feelings": {"happy": 0.6}, "ease": 1}', Feel({"happy": 0.6}, 1)),
        ('{"type": "mood", "feelings": "neutral", "ease": 0}', Mood({"neutral": 1.0}, 0)),
        ('{"type": "feel", "feelings": "brows:angry:0.8, mouth:happy:0.5"}', Feel({"brows/angry": 0.8, "mouth/happy": 0.5})),
        ('{"type": "feel", "feelings": {"sad": 0.1, "brows:angry": 0.8}}', Feel({"sad": 0.1, "brows/angry": 0.8})),
        ('{"type": "gesture", "gesture": "nod"}', Gesture("nod")),
        ('{"type": "gesture", "gesture": "Brow flash", "intensity": 0.5, "hold": 2}', Gesture("Brow flash", 0.5, 2)),
        ('{"type": "own", "feelings": {"awe": "fear:0.4"}}', Own({"awe": "fear:0.4"})),
        ('{"type": "end"}', End()),
        ('{"type": "interrupt"}', Interrupt()),
        ('{"type": "stats"}', Stats()),
    ],
)
def test_a_message_is_what_the_protocol_says(text, meant):
    assert parse(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "[]",
        "3",
        '{"type": 3}',
        '{"feelings": "happy"}',
        '{"type": "fell", "feelings": "happy"}',
        '{"type": "feel"}',
        '{"type": "feel", "feelings": "happy:2"}',
        '{"type": "feel", "feelings": {"happy": NaN}}',
        '{"type": "feel", "feelings": {"happy": true}}',
        '{"type": "feel", "feelings": {"happy": "much"}}',
        '{"type": "feel", "feelings": ["happy"]}',
        '{"type": "feel", "feelings": "happy", "ease": -1}',
        '{"type": "feel", "feelings": "happy", "ease": 1e300}',
        '{"type": "feel", "feelings": "happy", "ease": "slowly"}',
        '{"type": "feel", "feelings": "happy", "now": true}',
        '{"type": "end", "turn": 3}',
        '{"type": "gesture"}',
        '{"type": "gesture", "gesture": 3}',
        '{"type": "gesture", "gesture": "nod", "intensity": 1.5}',
        '{"type": "gesture", "gesture": "nod", "hold": 11}',
        '{"type": "own", "feelings": "awe"}',
        '{"type": "own"}',
        '{"type": "start", "rate": 16000.5}',
        '{"type": "start", "seed": -1}',
        "[" * 100000,
        '{"type": "start", "rate": ' + "9" * 5000 + "}",
    ],
)
def test_a_message_that_is_none_is_told_in_one_sentence(text):
    with pytest.raises(FormatError) as complaint:
        parse(text)
    assert "\n" not in str(complaint.value)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.dictionaries(st.text(), inner) | st.lists(inner)
    )
)
def test_no_json_makes_the_parser_stumble(value):
    text = json.dumps({"type": "feel", "feelings": value, "ease": value})
    with pytest.raises(FormatError):
        parse(text)


def test_a_flood_is_one_message_more_than_may_come_in_a_second():
    flood = Flood(3)
    for now in (0.0, 0.1, 0.2, 1.0, 1.1, 1.2):
        flood.admit(now)
    with pytest.raises(TooMuchError, match="3 messages"):
        flood.admit(1.9)


def moment(index):
    return Moment(index, np.zeros(1, dtype=np.float32))


def test_a_slow_wire_gets_the_newest_moments_and_knows_how_many_it_missed():
    async def slow():
        channel = Channel("arkit")
        for index in range(10):
            channel.put(moment(index))
        channel.end()
        return channel.dropped, [each.index async for each in channel]

    dropped, got = asyncio.run(slow())
    assert got == list(range(10 - LENGTH, 10))
    assert dropped == 10 - LENGTH


def test_punctuality_counts_frames_and_those_left_out():
    punctual = Punctuality(0.02)
    for _ in range(98):
        punctual.left(0.0004, 0)
    punctual.left(0.025, 0)
    punctual.left(0.005, 3)
    facts = punctual.facts()
    assert facts["frames"] == 100
    assert facts["late"] == 4
    assert facts["worst_ms"] == 65.0
    assert facts["median_ms"] == 0.5
    assert 5.0 <= facts["p99_ms"] <= 25.1


def test_punctuality_before_the_first_frame_is_nothing():
    assert set(Punctuality(0.02).facts().values()) == {0}


def test_tasks_end_with_their_block():
    ended = []

    async def lasting():
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    async def block():
        async with together() as begin:
            begin(lasting())
            begin(lasting())
            await asyncio.sleep(0)

    asyncio.run(block())
    assert ended == [True, True]


def test_a_complaint_of_a_task_ends_the_block_and_is_raised_as_it_is():
    async def failing():
        raise InputError("no")

    async def block():
        async with together() as begin:
            begin(failing())
            await asyncio.Event().wait()

    with pytest.raises(InputError, match=r"^no$"):
        asyncio.run(block())


def test_names_of_live_feelings_are_those_of_scripts():
    recipe = Recipe(feelings={"awe": "fear:0.4+surprised:0.5"})
    for text in ("brows:sad:0.5", "joy", "vad(0.1,0.2,0.3)", "awe:0.4,mouth:awe"):
        check_felt(recipe, parse_feelings(text))
    with pytest.raises(UnknownNameError, match="did you mean 'awe'"):
        check_felt(recipe, parse_feelings("brows:awee:0.5"))
    assert [move_of(recipe, text) for text in ("nod", "Brow flash", "LOOK-LEFT", "happy", "")] == [
        "nod",
        "brow_flash",
        "look_left",
        None,
        None,
    ]


def test_a_message_about_a_region_that_there_is_not_is_in_order_but_unknown():
    with pytest.raises(UnknownNameError, match="did you mean 'brows'"):
        parse('{"type": "feel", "feelings": "brow:angry:0.8"}')
