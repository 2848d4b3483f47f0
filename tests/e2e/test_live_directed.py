"""An agent directs its face over a real socket: regions, gestures, feelings of its own; what is wrong is told, no more."""

import asyncio
import json
from contextlib import asynccontextmanager

import pytest
from pretender import BROW, SMILE, WINK, pretend
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from animator.live.agent import Terms, serving
from animator.live.company import Company
from animator.live.protocol import GESTURES
from animator.live.show import Manner
from animator.recipe import Recipe


@pytest.fixture(scope="module")
def company():
    company = Company(1, pretend)
    yield company
    company.close()


@asynccontextmanager
async def agent(company):
    """A client that has been greeted: what it says, and what comes back."""
    async with (
        serving(company, Manner(Recipe(), {}), Terms(port=0)) as server,
        connect("ws://{}:{}/".format(*server.sockets[0].getsockname())) as socket,
    ):

        async def say(**message):
            await socket.send(json.dumps(message))

        async def until(holds):
            while not holds(message := json.loads(await socket.recv())):
                pass
            return message

        await say(type="start")
        await until(lambda told: told["type"] == "ready")
        yield say, until


def frame(holds):
    return lambda told: told["type"] == "frame" and holds(told["w"])


def error(told):
    return told["type"] == "error"


def test_regions_gestures_and_own_feelings_reach_the_face(company):
    async def run():
        async with agent(company) as (say, until):
            await say(type="feel", feelings="brows:angry:0.8, happy:0.5")
            await until(frame(lambda w: (w[BROW], w[SMILE]) == pytest.approx((0.8, 0.5))))
            await say(type="own", feelings={"smug": {"pose": {"mouthDimpleLeft": 0.4}, "near": "contempt:0.3"}})
            await say(type="feel", feelings={"smug": 0.6})
            await until(frame(lambda w: (w[BROW], w[SMILE]) == pytest.approx((0.0, 0.6))))
            await say(type="gesture", gesture="wink", intensity=0.9)
            await until(frame(lambda w: w[WINK] == pytest.approx(0.9)))
            await until(frame(lambda w: w[WINK] == 0))
            await say(type="gesture", gesture="Brow flash")
            await until(frame(lambda w: w[WINK] == 0.5))
            await say(type="mood", feelings="smug:0.1")
            await say(type="interrupt")
            await until(frame(lambda w: w[SMILE] == pytest.approx(0.1)))

    asyncio.run(run())


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        ({"type": "gesture", "gesture": "nodd"}, "there is no gesture 'nodd'; did you mean 'nod'?"),
        ({"type": "feel", "feelings": "brow:angry:0.8"}, "there is no face region 'brow'"),
        ({"type": "feel", "feelings": {"brows:angri": 0.8}}, "there is no feeling 'angri'; did you mean 'angry'?"),
        ({"type": "feel", "feelings": "smug"}, "there is no feeling 'smug'"),
        (
            {"type": "own", "feelings": {"awe": "feer:0.4"}},
            "no feeling 'feer' in the message, 'awe'; did you mean 'fear'?",
        ),
        ({"type": "own", "feelings": {"odd": {"pose": {"jawOpn": 0.3}}}}, "did you mean 'jawOpen'?"),
        ({"type": "own", "feelings": {"odd": {"pose": {"jawOpen": 3}}}}, "sets 'jawOpen' to 3, outside [0, 1]"),
        ({"type": "own", "feelings": {"odd": 3}}, "'odd' is text such as"),
        ({"type": "own", "feelings": {"happy": {"pose": {"jawOpen": 0.3}}}}, "has a feeling 'happy' already"),
        (
            {"type": "own", "feelings": {f"own{chr(97 + i % 26)}{'x' * i}": "sad" for i in range(65)}},
            "64 feelings of its own at most",
        ),
    ],
)
def test_what_cannot_be_followed_is_answered_in_a_sentence_and_the_conversation_goes_on(company, message, sentence):
    async def run():
        async with agent(company) as (say, until):
            await say(**message)
            told = (await until(error))["message"]
            await say(type="feel", feelings="happy:0.3")
            await until(frame(lambda w: w[SMILE] == pytest.approx(0.3)))
            return told

    told = asyncio.run(run())
    assert sentence in told
    assert "\n" not in told


def test_a_feeling_of_ones_own_is_not_told_twice_otherwise(company):
    async def run():
        async with agent(company) as (say, until):
            for awe in ("fear:0.4", "fear:0.4", "sad"):
                await say(type="own", feelings={"awe": awe})
            return (await until(error))["message"]

    assert asyncio.run(run()) == "there is a feeling 'awe' already; give yours another name"


def test_a_storm_of_gestures_is_hung_up_on(company):
    async def run():
        async with agent(company) as (say, until):
            for _ in range(GESTURES + 1):
                await say(type="gesture", gesture="nod")
            told = (await until(error))["message"]
            with pytest.raises(ConnectionClosed):
                await until(lambda _: False)
            return told

    assert "within a second" in asyncio.run(run())
