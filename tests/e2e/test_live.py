"""Sound goes in and a face comes out, over real sockets, from sessions in processes of their own.

The session is a pretender: its jaw is as open as the sound is loud, so that every frame says which sound it shows. Machines that
test may be slow, so nothing here asks when a frame comes, only which ones come and what they show.
"""

import asyncio
import io
import json
import logging
import socket
from contextlib import asynccontextmanager, suppress

import numpy as np
import pytest
from pretender import JAW, RIG, SMILE, pretend
from pylivelinkface import FaceBlendShape, PyLiveLinkFace
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from animator.core.audio import Audio
from animator.errors import AnimatorError, InputError, LossWarning, MissingDependencyError, UnknownNameError
from animator.live import sound
from animator.live.agent import Terms, serving
from animator.live.company import Company
from animator.live.show import Manner, show
from animator.recipe import Recipe
from animator.senders.livelink import LiveLink
from animator.senders.vmc import Vmc
from animator.senders.vtubestudio import VTubeStudio

MANNER = Manner(Recipe(), {})


@pytest.fixture(scope="module")
def company():
    company = Company(1, pretend)
    yield company
    company.close()


def loud(seconds, level=0.5, rate=16000):
    """Sixteen bits of a tone that is as loud in every frame, and goes on where another of whole milliseconds ends."""
    tone = np.sin(2 * np.pi * 500 * np.arange(round(seconds * rate)) / rate)
    return (tone * level * 32767).astype("<i2").tobytes()


def test_a_face_that_leaves_takes_no_other_with_it(company):
    silence = np.zeros(1600, dtype=np.float32)

    async def scene():
        async with company.performer(Recipe()) as one, company.performer(Recipe()) as other:
            async with company.performer(Recipe()) as leaving:
                busy = asyncio.create_task(one.feed(silence, []))
                await asyncio.sleep(0)
                await asyncio.sleep(0)
                left = asyncio.create_task(leaving.feed(silence, []))
                waiting = asyncio.create_task(other.feed(silence, []))
                await asyncio.sleep(0)
                left.cancel()
            return await busy, await waiting

    busy, waiting = asyncio.run(scene())
    assert len(busy) == len(waiting) == 4


class Agent:
    """A client, with a few words for what tests do."""

    def __init__(self, socket):
        self._socket = socket

    async def say(self, *messages):
        for message in messages:
            await self._socket.send(message if isinstance(message, bytes) else json.dumps(message))

    async def next(self, kind="frame"):
        while (message := json.loads(await self._socket.recv()))["type"] != kind:
            pass
        return message

    async def until(self, holds):
        """Frames up to the first for which something holds."""
        frames = [await self.next()]
        while not holds(frames[-1]):
            frames.append(await self.next())
        return frames

    async def hung_up(self):
        """The code it is hung up on with, and what it was told."""
        told = ""
        try:
            while True:
                message = json.loads(await self._socket.recv())
                told = message.get("message", told)
        except ConnectionClosed as closed:
            return closed.rcvd.code, told


@asynccontextmanager
async def stage(company, agents=1, manner=MANNER, **terms):
    """A server and its agents."""
    async with serving(company, manner, Terms(**{"port": 0, **terms})) as server:
        address = "ws://{}:{}/".format(*server.sockets[0].getsockname())
        clients = [await connect(address) for _ in range(agents)]
        try:
            yield [Agent(client) for client in clients]
        finally:
            for client in clients:
                await client.close()


def silent(frame):
    return frame["turn"] is None


def speaking(frame):
    return frame["turn"] is not None


def jaws(frames):
    return [frame["w"][JAW] for frame in frames]


def test_an_agent_is_greeted_and_its_face_lives_while_nobody_speaks(company):
    async def run():
        async with stage(company) as (agent,):
            await agent.say({"type": "start"})
            return await agent.next("ready"), [await agent.next() for _ in range(5)]

    ready, frames = asyncio.run(run())
    assert ready["schema"] == "animator.Live/1"
    assert ready["fps"] == 50
    assert ready["delay"] == pytest.approx(0.126)
    assert [c["name"] for c in ready["controls"]] == list(RIG.names)
    assert all(silent(frame) for frame in frames)
    numbers = [frame["seq"] for frame in frames]
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize("rate", [16000, 24000])
def test_the_face_shows_the_sound_and_knows_where_in_it_each_frame_is(company, rate):
    async def run():
        async with stage(company) as (agent,):
            await agent.say({"type": "start", "rate": rate}, *[loud(0.1, rate=rate)] * 6, {"type": "end"})
            await agent.until(speaking)
            return await agent.until(silent)

    *said, after = asyncio.run(run())
    assert {frame["turn"] for frame in said} == {1}
    assert said[-1]["at"] == pytest.approx(0.6, abs=0.022)
    steps = np.diff([frame["at"] for frame in said]) - 0.02 * np.diff([frame["seq"] for frame in said])
    assert np.abs(steps[1:]).max() < 1e-3
    np.testing.assert_allclose(jaws(said[1:-1]), 0.5, atol=0.002)
    assert after["at"] is None


def test_a_feeling_begins_at_its_place_in_the_sound_and_ends_with_the_turn(company):
    async def run():
        async with stage(company) as (agent,):
            await agent.say(
                {"type": "start", "mood": "happy:0.1"},
                loud(0.4),
                {"type": "feel", "feelings": "happy:0.8"},
                loud(0.4),
                {"type": "end"},
            )
            before = await agent.until(speaking)
            said = await agent.until(silent)
            after = [await agent.next() for _ in range(10)]
            return before, said, after

    before, said, after = asyncio.run(run())
    assert before[0]["w"][SMILE] == pytest.approx(0.1)
    smiles = [frame["w"][SMILE] for frame in said]
    assert set(smiles) == {0.1, 0.8}
    assert smiles[0] == 0.1
    assert {frame["w"][SMILE] for frame in said[:-1] if 0.5 < frame["at"] < 0.7} == {0.8}
    begins = next(frame["at"] for frame in said if frame["w"][SMILE] > 0.5)
    assert begins == pytest.approx(0.4, abs=0.101), "a session tells 80 ms at once, so a feeling comes with the stretch it is in"
    assert after[-1]["w"][SMILE] == pytest.approx(0.1)


def test_barge_in_drops_the_sound_that_waits_and_relaxes_the_face(company):
    async def run():
        async with stage(company) as (agent,):
            await agent.say({"type": "feel", "feelings": "happy:0.8"}, *[loud(5)] * 6, {"type": "end"})
            await agent.until(speaking)
            await agent.say({"type": "interrupt"})
            said = await agent.until(silent)
            await agent.say({"type": "stats"})
            stats = await agent.next("stats")
            rest = await agent.until(lambda frame: frame["w"][SMILE] == 0)
            await agent.say(loud(0.2, 0.25), {"type": "end"})
            await agent.until(speaking)
            return said, stats, rest, await agent.until(silent)

    said, stats, rest, again = asyncio.run(run())
    assert said[-2]["at"] < 29
    assert stats["waiting"] == 0
    assert rest[-1]["w"][JAW] == 0
    assert {frame["turn"] for frame in again[:-1]} == {2}
    assert max(jaws(again)) == pytest.approx(0.25, abs=0.001)


def test_a_tag_that_nobody_knows_is_told_and_the_conversation_goes_on(company):
    async def run():
        async with stage(company) as (agent,):
            await agent.say({"type": "start"}, {"type": "feel", "feelings": "hapy:0.5"})
            complaint = await agent.next("error")
            await agent.say(loud(0.2), {"type": "end"})
            return complaint, await agent.until(speaking)

    complaint, frames = asyncio.run(run())
    assert "did you mean 'happy'" in complaint["message"]
    assert speaking(frames[-1])


@pytest.mark.parametrize(
    ("messages", "code", "word"),
    [
        (["nonsense"], 1007, "JSON"),
        ([{"type": "start"}, {"type": "interupt"}], 1007, "did you mean"),
        ([{"type": "start"}, {"type": "start"}], 1007, "first message"),
        ([{"type": "start", "rate": 3}], 1007, "samples a second"),
        ([{"type": "start", "mood": "hapy"}], 1007, "did you mean 'happy'"),
        ([b"\x00\x00\x00"], 1007, "half a sample"),
        ([loud(1)] * 6, 1008, "seconds of sound wait"),
        ([{"type": "stats"}] * 60, 1008, "messages came within a second"),
        ([b"\x00" * 100000], 1009, ""),
    ],
    ids=lambda value: str(value)[:40],
)
def test_who_breaks_the_rules_is_dropped_with_a_line_and_harms_no_other(company, messages, code, word, caplog):
    async def run():
        async with stage(company, 2, longest=4.0, messages=50, largest=70000) as (bad, good):
            await good.say({"type": "start"})
            await good.next()
            await bad.say(*messages)
            verdict = await bad.hung_up()
            await good.say(loud(0.1), {"type": "end"})
            return verdict, await good.until(speaking)

    with caplog.at_level(logging.INFO, "animator.live"):
        (got, told), frames = asyncio.run(run())
    assert got == code
    assert word in told
    assert speaking(frames[-1])
    lines = [record.message for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(lines) == 1
    assert lines[0].startswith("127.0.0.1:")


def test_a_stranger_who_speaks_no_protocol_harms_nobody(company):
    async def run():
        async with serving(company, MANNER, Terms(port=0)) as server:
            host, port = server.sockets[0].getsockname()
            for noise in (b"", b"\x00\xff" * 5000, b"GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n", b"GET / HTTP/9\r\n\r\n"):
                reader, writer = await asyncio.open_connection(host, port)
                writer.write(noise)
                writer.write_eof()
                await reader.read()
                writer.close()
                await writer.wait_closed()
            async with connect(f"ws://{host}:{port}/") as client:
                agent = Agent(client)
                await agent.say({"type": "start"})
                return await agent.next()

    assert silent(asyncio.run(run()))


def test_one_agent_too_many_is_turned_away_until_another_leaves(company):
    async def run():
        async with serving(company, MANNER, Terms(port=0, sessions=1)) as server:
            address = "ws://{}:{}/".format(*server.sockets[0].getsockname())
            async with connect(address) as first:
                await Agent(first).say({"type": "start"})
                await Agent(first).next()
                async with connect(address) as second:
                    refused = await Agent(second).hung_up()
            while True:
                async with connect(address) as third:
                    with suppress(ConnectionClosed):  # the first may not be gone yet
                        await third.send('{"type": "start"}')
                        await Agent(third).next()
                        return refused

    assert asyncio.run(run())[0] == 1013


def test_an_agent_that_vanishes_leaves_its_face_to_the_next(company):
    async def run():
        async with serving(company, MANNER, Terms(port=0)) as server:
            address = "ws://{}:{}/".format(*server.sockets[0].getsockname())
            for _ in range(5):
                client = await connect(address)
                await client.send(loud(0.5))
                await client.recv()
                client.transport.abort()
            async with connect(address) as client:
                await Agent(client).say({"type": "start"})
                return await Agent(client).next()

    assert silent(asyncio.run(run()))


def test_what_a_session_stumbles_over_ends_that_session_alone(company):
    async def run():
        async with company.performer(Recipe()) as one, company.performer(Recipe()) as other:
            with pytest.raises(AnimatorError, match="ZeroDivisionError: too loud"):
                await one.feed(np.full(1600, 3.0, dtype=np.float32), [])
            return await other.feed(np.full(1600, 0.5, dtype=np.float32), [])

    rows = asyncio.run(run())
    assert rows.shape == (4, len(RIG.controls))


def test_a_recipe_that_cannot_be_performed_live_is_told(company):
    async def run():
        async with company.performer(Recipe(transcript="known")):
            pass

    with pytest.raises(AnimatorError, match="never knows what is said"):
        asyncio.run(run())


def test_a_face_can_be_told_in_several_rigs_at_once(company):
    async def run():
        async with company.performer(Recipe(), ["vrm", "arkit"]) as performer:
            return performer.columns, await performer.feed(np.full(1600, 0.5, dtype=np.float32), [])

    columns, rows = asyncio.run(run())
    assert list(columns) == ["arkit", "vrm"]
    assert rows[0, columns["arkit"]][JAW] == 0.5
    assert rows.shape[1] == columns["vrm"].stop


def listener():
    wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    wire.bind(("127.0.0.1", 0))
    wire.settimeout(10)
    return wire


def heard(wire):
    wire.setblocking(False)
    faces = []
    while True:
        try:
            faces.append(PyLiveLinkFace.decode(wire.recv(65536))[1])
        except BlockingIOError:
            return faces


@pytest.mark.parametrize("kind", ["file", "pipe"])
def test_a_sound_goes_to_several_wires_at_once(company, kind):
    data = loud(0.5)
    audio = Audio(sound.pcm(data), 16000)

    async def source(face):
        await (sound.play(audio, face) if kind == "file" else sound.pipe(io.BytesIO(data), 16000, face))

    with listener() as one, listener() as two, listener() as osc:
        senders = [LiveLink(port=wire.getsockname()[1]) for wire in (one, two)]
        with pytest.warns(LossWarning, match="rig 'vrm0' has nothing for"):
            facts = asyncio.run(show(company, MANNER, source, [*senders, Vmc(port=osc.getsockname()[1])]))
        first, second = heard(one), heard(two)
        assert osc.recv(65536).startswith(b"#bundle")
    assert facts["frames"] > 0
    levels = [face.get_blendshape(FaceBlendShape.JawOpen) for face in first]
    assert max(levels) == pytest.approx(0.5, abs=0.001)
    assert levels[-1] == 0
    assert [face._frames for face in first] == [face._frames for face in second]


def test_a_wire_that_fails_is_left_out_and_the_last_one_is_told(company, caplog):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nowhere = VTubeStudio(port=free.getsockname()[1])

    async def source(face):
        await asyncio.sleep(0.5)

    with listener() as wire, caplog.at_level(logging.WARNING, "animator.live"):
        asyncio.run(show(company, MANNER, source, [nowhere, LiveLink(port=wire.getsockname()[1])]))
        assert heard(wire)
    assert "VTubeStudio is left out" in caplog.text

    async def forever(face):
        await asyncio.Event().wait()

    with pytest.raises(InputError, match="VTube Studio cannot be reached"):
        asyncio.run(show(company, MANNER, forever, [nowhere]))


def test_lines_change_what_is_felt_and_wrong_ones_harm_nothing(company, caplog):
    async def source(face):
        await sound.play(Audio(np.full(24000, 0.1, dtype=np.float32), 16000), face)

    with listener() as wire, caplog.at_level(logging.INFO, "animator.live"):
        orders = io.BytesIO(b"hapy:0.3\nhappy:7\n\nhappy:0.6\nstats\n")
        asyncio.run(show(company, MANNER, source, [LiveLink(port=wire.getsockname()[1])], orders))
        faces = heard(wire)
    assert max(face.get_blendshape(FaceBlendShape.MouthSmileLeft) for face in faces) == pytest.approx(0.6)
    assert "did you mean 'happy'" in caplog.text
    assert "in [0, 1]" in caplog.text
    assert caplog.text.count("frames,") == 2


def test_a_mood_that_there_is_not_is_told():
    with pytest.raises(UnknownNameError, match="did you mean 'happy'"):
        Manner(Recipe(), {"hapy": 0.5})


def test_a_microphone_that_is_not_there_is_told_in_one_sentence():
    class Deaf:
        waiting = 0.0

    with pytest.raises((InputError, MissingDependencyError), match="microphone"):
        asyncio.run(sound.microphone("no such microphone", Deaf()))
