"""What a live face is asked for by regions, gestures and in feelings of a director's own is what a script would ask for."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from animator.core.audio import Audio, resampled
from animator.core.emotion import ALL, by_region, channel, parts_of
from animator.core.motion import CLOSED
from animator.core.rig import REGIONS
from animator.core.script import Cue, feelings_text, parse_feelings
from animator.embedders.prompted import Prompted
from animator.embedders.script import Script
from animator.errors import FormatError, InputError, UnknownNameError
from animator.generators.gestures import add_moves
from animator.io.audio import read_audio
from animator.io.rig import load_rig
from animator.recipe import Choice, Recipe
from animator.session import RATE, Session

RIG = load_rig("arkit")
FEELINGS = tuple(RIG.emotions)
STILL = Choice("learned", {"blink": 0.0, "gaze": 0.0, "head_motion": 0.0, "breath": 0.0, "variety": 0.0})
RECIPE = Recipe(generator=STILL)
OWN = {"awe": "fear:0.4+surprised:0.5", "smug": {"pose": {"mouthDimpleLeft": 0.6, "browOuterUpRight": 0.5}, "near": "happy:0.2"}}
QUIET = np.zeros(RATE, dtype=np.float32)
ASKED = (
    "happy:0.7",
    "brows:angry:0.8, mouth:happy:0.5",
    "joy:0.6",
    "neutral",
    "brows:neutral",
    "sad:0.3,eyes:fear",
    "head:awe:0.5",
)


@pytest.fixture(scope="module")
def speech():
    audio = read_audio("assets/sample_happy.wav")
    return resampled(audio.samples, audio.rate, RATE)[: RATE * 6 // 5]


def performed(sound, *prompts, recipe=RECIPE):
    """Rows of a session that is told some things at some seconds: ``(second, what it does)``, by ascending seconds."""
    session, done, rows = Session(recipe), 0, []
    for second, prompt in (*prompts, (len(sound) / RATE, lambda _: None)):
        rows.append(session.feed(sound[done : round(second * RATE)]))
        done = round(second * RATE)
        prompt(session)
    return np.concatenate(rows)


def felt(text, besides=True, ease=0.2, own=None):
    return lambda session: session.feel(parse_feelings(text), ease, besides, own or {})


def done(name, **how):
    return lambda session: session.do(name, **how)


# --- what is asked for is what a script asks for ---


@settings(deadline=None, max_examples=15)
@given(
    st.lists(st.tuples(st.integers(1, 30), st.sampled_from(ASKED), st.sampled_from([0.0, 0.1, 0.75]), st.booleans()), max_size=6),
    st.integers(1, 9),
)
def test_feelings_are_those_of_a_script_whose_cues_stand_at_the_same_instants(told, window):
    """However they interrupt each other, and whatever windows they are asked for in."""
    prompted, cues, parts, frame = Prompted(FEELINGS), [], [], 0
    prompted.knows(OWN, ())
    for gap, text, ease, besides in [*told, (40, "calm", 0.0, True)]:
        parts += [prompted.next(min(window, gap - at)) for at in range(0, gap, window)]
        frame += gap
        named = parse_feelings(text)
        prompted.feel(named, ease, besides)
        others = {channel(region, "neutral"): 0.0 for region in (ALL, *REGIONS)}
        taken = {parts_of(name)[0] for name in named}
        named |= {} if besides else {name: 0.0 for name in others if parts_of(name)[0] not in taken}
        cues.append(Cue(start=frame / 50, feeling=feelings_text(named), ease=ease))
    whole = by_region(Script(cues[:-1]).knowing(OWN).embed(Audio(np.zeros(frame * 320, dtype=np.float32), RATE), FEELINGS))
    at = 0
    for part in map(by_region, parts):
        now = slice(at, at + len(part[ALL]))
        for region in {*part, *whole}:
            meant = whole.get(region, whole[ALL]).values[now]
            np.testing.assert_allclose(part.get(region, part[ALL]).values, meant, atol=2e-6)
        at = now.stop
    assert at == frame


def test_a_feeling_told_before_the_first_frame_is_there_from_it():
    prompted = Prompted(FEELINGS)
    prompted.feel({"happy": 0.5}, 1.0, besides=False)
    meant = Script([Cue(start=0.0, feeling="happy:0.5", ease=1.0)]).embed(Audio(np.zeros(1600, dtype=np.float32), RATE), FEELINGS)
    np.testing.assert_array_equal(prompted.next(5).values, meant.values)


# --- regions ---


def test_a_region_does_what_the_face_would_and_touches_nothing_else(speech):
    """From the instant at which it feels apart, until what it felt plays no part any more."""
    here = RIG.region("brows")
    plain = performed(speech, (0.2, felt("calm:0.5")))
    whole = performed(speech, (0.2, felt("calm:0.5")), (0.5, felt("calm:0.5,angry:0.4")))
    apart = performed(speech, (0.2, felt("calm:0.5")), (0.5, felt("brows:angry:0.4")))
    np.testing.assert_allclose(apart[:, here], whole[:, here], atol=1e-5)
    np.testing.assert_allclose(apart[:, ~here], plain[:, ~here], atol=1e-5)
    assert np.abs(apart - plain)[:, here].max() > 0.1


def test_a_region_that_is_let_go_of_comes_back_without_a_trace(speech):
    sound = np.concatenate([speech, speech])
    plain = performed(sound)
    apart = performed(sound, (0.1, felt("brows:angry")), (0.4, felt("brows:neutral")))
    assert np.abs(apart - plain)[:30].max() > 0.2
    np.testing.assert_allclose(apart[95:], plain[95:], atol=1e-5)
    np.testing.assert_array_less(np.abs(np.diff(apart - plain, axis=0)), 0.2, "nothing jumps")


# --- gestures ---


def test_gestures_are_the_scripts_curves_over_what_the_face_does():
    """One after the other, in silence, in all controls but the eyes', which hold their aim meanwhile."""
    names, sound = ("nod", "wink", "brow_flash", "smile_flash"), np.concatenate([QUIET] * 4)
    rest = performed(sound)
    moved = performed(sound, *((0.8 * i, done(name, intensity=0.8, hold=0.1)) for i, name in enumerate(names)))
    script = Script([Cue(start=0.8 * i, gesture=name, intensity=0.8, hold=0.1) for i, name in enumerate(names)])
    gestures = script.embed(Audio(sound, RATE), FEELINGS).gestures
    latency = Session(RECIPE).latency
    early = [each._replace(start=0.08 * max(0, int((each.start - latency) / 0.08 + 1.0 + 1e-9))) for each in gestures]
    meant = rest.astype(np.float64)
    add_moves(meant, RIG, early, np.arange(len(rest)) / 50)
    free = RIG.region("brows", "mouth", "nose", "cheeks", "head")
    np.testing.assert_allclose(moved[:, free], np.clip(meant, RIG.low, RIG.high)[:, free], atol=5e-3)


def test_lips_meet_whatever_is_gestured(speech):
    """A smile flash in the midst of speech opens no closure that was made without it."""
    rest, moved = performed(speech), performed(speech, (0.2, done("smile_flash")))
    opening = [rows @ RIG.opening_row for rows in (rest, moved)]
    shut = opening[0] <= CLOSED / 2
    assert shut.any()
    assert (opening[1][shut] <= CLOSED).all()


# --- a director's own ---


def test_an_own_pose_is_added_as_far_as_it_is_felt_where_it_is_felt():
    sound = QUIET
    near = performed(sound, (0.2, felt("happy:0.1", ease=0.0)))
    posed = performed(sound, (0.2, felt("smug:0.5", ease=0.0, own=OWN)))
    added = (posed - near)[-1]
    meant = {"mouthDimpleLeft": 0.3, "browOuterUpRight": 0.25}
    for name, value in meant.items():
        assert added[RIG.column(name)] == pytest.approx(value, abs=0.02)
    brows = performed(sound, (0.2, felt("brows:smug:0.5", ease=0.0, own=OWN)))[-1]
    rest = performed(sound)[-1]
    assert np.abs((brows - rest)[~RIG.region("brows")]).max() < 1e-5
    assert (brows - rest)[RIG.column("browOuterUpRight")] == pytest.approx(0.25, abs=0.05)


def test_feelings_of_the_recipe_and_those_told_later_are_felt_alike():
    sound = QUIET[: RATE // 2]
    known = performed(sound, (0.1, felt("smug:0.7")), recipe=Recipe(generator=STILL, feelings=OWN))
    told = performed(sound, (0.1, felt("smug:0.7", own=OWN)))
    np.testing.assert_array_equal(known, told)


def test_pieces_of_the_sound_change_nothing_of_what_is_directed(speech):
    sound = speech[: RATE // 2]

    def told(piece):
        session = Session(RECIPE)
        session.feel({"brows/sad": 0.6, "joy": 0.4})
        session.do("nod")
        return np.concatenate([session.feed(sound[i : i + piece]) for i in range(0, len(sound), piece)])

    np.testing.assert_array_equal(told(777), told(len(sound)))


def test_what_cannot_be_directed_is_told():
    session = Session(RECIPE)
    with pytest.raises(UnknownNameError, match="did you mean 'nod'"):
        session.do("nodd")
    with pytest.raises(InputError, match="intensity in"):
        session.do("nod", 1.5)
    with pytest.raises(UnknownNameError, match="smog"):
        session.feel({"smog": 0.5}, own=OWN)
    with pytest.raises(UnknownNameError, match="mouthDimple"):
        session.feel({}, own={"odd": {"pose": {"mouthDimple": 0.5}}})
    with pytest.raises(FormatError, match="odd"):
        session.feel({}, own={"odd": 3})
    with pytest.raises(InputError, match="'happy' already"):
        session.feel({}, own={"happy": {"pose": {"mouthDimpleLeft": 0.5}}})
