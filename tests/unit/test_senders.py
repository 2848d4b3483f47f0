"""What leaves over each wire is read by a program that knows the protocol, and says what the face did."""

import asyncio
import contextlib
import json
import logging
import socket
from fractions import Fraction
from urllib.request import Request, urlopen

import numpy as np
import pytest
from pylivelinkface import FaceBlendShape, PyLiveLinkFace
from pythonosc.osc_bundle import OscBundle
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed, InvalidStatus

from animator.core.moment import Moment
from animator.core.rig import Control, Rig
from animator.errors import InputError
from animator.io.rig import load_rig
from animator.senders import vmc
from animator.senders.livelink import LiveLink
from animator.senders.vmc import Vmc
from animator.senders.vtubestudio import VTubeStudio
from animator.senders.websocket import WebSocket

RIG = load_rig("arkit")
FPS = Fraction(50)
RNG = np.random.default_rng(4)
MOMENTS = [
    Moment(i, RNG.uniform(RIG.low, RIG.high).astype(np.float32), 1 if i else None, 0.02 * i if i else None) for i in range(5)
]


async def each(moments, between=0.0):
    for moment in moments:
        yield moment
        await asyncio.sleep(between)


def received(sender):
    """Every datagram that a sender, built as ``sender(port)``, sends to its port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        wire.bind(("127.0.0.1", 0))
        wire.setblocking(False)
        asyncio.run(sender(wire.getsockname()[1]).send(each(MOMENTS), RIG, FPS))
        datagrams = []
        with contextlib.suppress(BlockingIOError):
            while True:
                datagrams.append(wire.recv(65536))
        return datagrams


class TestLiveLink:
    def test_another_reader_finds_every_weight_where_it_looks_for_it(self):
        datagrams = received(lambda port: LiveLink(port=port, subject="Zoë"))
        for moment, data in zip(MOMENTS, datagrams, strict=True):
            tracked, face = PyLiveLinkFace.decode(data)
            assert tracked
            assert face.name == "Zoë"
            assert (face.fps, face._denominator, face._frames) == (50, 1, moment.index)
            for channel in list(FaceBlendShape)[:52]:
                control = channel.name[0].lower() + channel.name[1:]
                assert face.get_blendshape(channel) == moment.values[RIG.column(control)], channel

    def test_rotations_have_the_signs_of_the_phone_app(self):
        row = RIG.row({"headYaw": 0.3, "headPitch": 0.2, "headRoll": 0.1, "leftEyeYaw": 0.4, "rightEyePitch": 0.25})
        packet = livelink_of(LiveLink(), row)
        expected = {"HeadYaw": 0.3, "HeadPitch": -0.2, "HeadRoll": 0.1, "LeftEyeYaw": -0.4, "RightEyePitch": 0.25}
        for channel in list(FaceBlendShape)[52:]:
            assert packet.get_blendshape(channel) == pytest.approx(expected.get(channel.name, 0.0), abs=1e-6), channel

    def test_rotations_can_be_told_in_other_units_and_the_other_way(self):
        row = RIG.row({"headYaw": np.pi / 6, "headRoll": 0.1})
        packet = livelink_of(LiveLink(rotation_unit="degrees", flip="HeadRoll"), row)
        assert packet.get_blendshape(FaceBlendShape.HeadYaw) == pytest.approx(30)
        assert packet.get_blendshape(FaceBlendShape.HeadRoll) == pytest.approx(-np.degrees(0.1))

    def test_a_weight_above_one_is_one(self):
        row = RIG.rest.copy()
        row[RIG.column("jawOpen")] = 1.4
        assert livelink_of(LiveLink(), row).get_blendshape(FaceBlendShape.JawOpen) == 1.0

    def test_the_bytes_are_laid_out_as_the_specification_says(self):
        data, *_ = received(lambda port: LiveLink(port=port, subject="animat"))
        assert len(data) == 312
        assert data[:5] == b"\x06\x00\x00\x00\x24"
        assert data[41:51] == b"\x00\x00\x00\x06animat"
        assert data[51:68] == b"\x00\x00\x00\x00" + b"\x00" * 4 + b"\x00\x00\x00\x32" + b"\x00\x00\x00\x01" + b"\x3d"

    @pytest.mark.parametrize("wrong", [{"rotation_unit": "turns"}, {"subject": ""}, {"device": "short"}, {"flip": "NoseYaw"}])
    def test_settings_that_no_receiver_knows_are_told(self, wrong):
        with pytest.raises(InputError):
            LiveLink(**wrong)

    def test_nobody_listening_stops_nothing(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        asyncio.run(LiveLink(port=port).send(each(MOMENTS, 0.01), RIG, FPS))

    @pytest.mark.parametrize("port", [-1, 70000])
    def test_a_port_that_is_none_is_told(self, port):
        with pytest.raises(InputError, match="datagrams"):
            asyncio.run(LiveLink(port=port).send(each(MOMENTS), RIG, FPS))


def livelink_of(sender, row):
    from animator.senders.livelink import Packet

    return PyLiveLinkFace.decode(Packet(sender, RIG, FPS).of(Moment(0, row)))[1]


def messages(datagrams):
    """Lists of (address, parameters), one a frame, cut where a frame is applied."""
    frames, frame = [], []
    for data in datagrams:
        for message in OscBundle(data):
            frame.append((message.address, message.params))
            if message.address == "/VMC/Ext/Blend/Apply":
                frames.append(frame)
                frame = []
    return frames


class TestVmc:
    def test_a_frame_is_every_weight_by_name_and_then_the_sign_to_apply_them(self):
        frames = messages(received(lambda port: Vmc(port=port)))
        assert len(frames) == len(MOMENTS)
        weights = [c.name for c in RIG.controls if c.unit == "weight"]
        for moment, frame in zip(MOMENTS, frames, strict=True):
            blends = dict(params for address, params in frame if address == "/VMC/Ext/Blend/Val")
            assert list(blends) == weights
            for name, value in blends.items():
                assert value == pytest.approx(float(moment.values[RIG.column(name)]), abs=1e-7)
            assert ("/VMC/Ext/OK", [1]) in frame
            assert dict(frame)["/VMC/Ext/T"] == [pytest.approx(moment.index / 50)]

    def test_no_datagram_is_cut_on_its_way(self):
        assert max(map(len, received(lambda port: Vmc(port=port)))) <= vmc.LARGEST

    @pytest.mark.parametrize(("control", "axis", "sign"), [("headPitch", 0, 1.0), ("headYaw", 1, -1.0), ("headRoll", 2, -1.0)])
    def test_the_head_turns_about_unitys_axes(self, control, axis, sign):
        row = RIG.row({control: 0.2})
        said = [m for m in Vmc().messages(Moment(0, row), RIG, FPS) if m.fixed == ("Head",)]
        x, y, z, w = said[0].floats[3:]
        expected = np.zeros(3)
        expected[axis] = sign * np.sin(0.1)
        np.testing.assert_allclose([x, y, z], expected, atol=1e-6)
        assert w == pytest.approx(np.cos(0.1))

    def test_eyes_turn_unless_the_avatar_looks_by_blend_shapes(self):
        row = RIG.row({"leftEyeYaw": 0.3})
        bones = {m.fixed[0]: m.floats for m in Vmc().messages(Moment(0, row), RIG, FPS) if "Bone" in m.address}
        assert bones["LeftEye"][4] == pytest.approx(-np.sin(0.15), abs=1e-6)
        assert bones["RightEye"][3:] == (0, 0, 0, 1)
        without = {m.fixed[0] for m in Vmc(eyes=False).messages(Moment(0, row), RIG, FPS) if "Bone" in m.address}
        assert without == {"Head"}

    def test_a_rig_without_a_head_sends_its_weights_alone(self):
        rig = Rig("small", (Control("A", "mouth"), Control("Joy", "mouth")))
        said = list(Vmc().messages(Moment(7, np.array([0.5, 2.0], dtype=np.float32)), rig, FPS))
        assert [m.fixed + m.floats for m in said] == [(1,), (0.14,), ("A", 0.5), ("Joy", 1.0), ()]


class Studio:
    """What VTube Studio's documentation says that it does, and no more."""

    def __init__(self, allows=True, token="t0ken"):
        self.allows, self.token = allows, token
        self.asked, self.created, self.injected = [], {}, []

    async def attend(self, client):
        authenticated = False
        async for text in client:
            request = json.loads(text)
            assert request["apiName"] == "VTubeStudioPublicAPI"
            assert request["apiVersion"] == "1.0"
            kind, data = request["messageType"], request.get("data", {})
            self.asked.append(kind)
            answer, error = {}, None
            if kind == "AuthenticationTokenRequest":
                assert 3 <= len(data["pluginName"]) <= 32
                assert 3 <= len(data["pluginDeveloper"]) <= 32
                answer, error = {"authenticationToken": self.token}, None if self.allows else (50, "User has denied API access.")
            elif kind == "AuthenticationRequest":
                authenticated = data["authenticationToken"] == self.token
                answer = {"authenticated": authenticated, "reason": "Token valid." if authenticated else "Token invalid."}
            elif not authenticated:
                error = (8, "Not authenticated.")
            elif kind == "InputParameterListRequest":
                answer = {
                    "defaultParameters": [{"name": name} for name in ("FaceAngleX", "MouthOpen", "EyeOpenLeft", "MousePositionX")]
                }
            elif kind == "ParameterCreationRequest":
                name = data["parameterName"]
                assert name.isalnum()
                assert 4 <= len(name) <= 32
                assert len(data["explanation"]) < 256
                self.created[name] = (data["min"], data["max"], data["defaultValue"])
                assert len(self.created) <= 100
                answer = {"parameterName": name}
            elif kind == "InjectParameterDataRequest":
                values = {each["id"]: each["value"] for each in data["parameterValues"]}
                unknown = set(values) - set(self.created) - {"FaceAngleX", "MouthOpen", "EyeOpenLeft"}
                error = (453, f"Parameter {unknown} not found.") if unknown else None
                self.injected.append(values)
            kind = "APIError" if error else kind.replace("Request", "Response")
            data = {"errorID": error[0], "message": error[1]} if error else answer
            head = {"apiName": "VTubeStudioPublicAPI", "apiVersion": "1.0", "timestamp": 0, "requestID": request["requestID"]}
            await client.send(json.dumps({**head, "messageType": kind, "data": data}))

    def visited(self, moments=MOMENTS, **settings):
        async def visit():
            async with serve(self.attend, "127.0.0.1", 0) as server:
                sender = VTubeStudio(port=server.sockets[0].getsockname()[1], **settings)
                await sender.send(each(moments), RIG, FPS)

        asyncio.run(visit())
        return self


class TestVTubeStudio:
    def test_every_control_becomes_a_parameter_and_follows_the_face(self):
        studio = Studio().visited()
        assert len(studio.created) == len(RIG.controls)
        assert studio.created["AnimatorHeadYaw"] == (-0.7, 0.7, 0.0)
        assert len(studio.injected) == len(MOMENTS)
        for moment, values in zip(MOMENTS, studio.injected, strict=True):
            for name, value in zip(RIG.names, moment.values.tolist(), strict=True):
                assert values["Animator" + name[0].upper() + name[1:]] == pytest.approx(value, abs=1e-5)

    def test_parameters_that_every_model_has_are_set_if_they_are_there(self):
        row = RIG.row({"headYaw": 0.2, "eyeBlinkLeft": 0.75, "jawOpen": 0.25})
        (values,) = Studio().visited([Moment(0, row)]).injected
        assert values["FaceAngleX"] == pytest.approx(np.degrees(0.2), abs=1e-4)
        assert values["EyeOpenLeft"] == pytest.approx(0.25)
        assert values["MouthOpen"] == pytest.approx(0.4)
        assert "EyeOpenRight" not in values
        assert "MousePositionX" not in values

    def test_a_token_that_is_kept_is_asked_for_once(self, tmp_path):
        kept = tmp_path / "vts.token"
        assert "AuthenticationTokenRequest" in Studio().visited(token_file=str(kept)).asked
        assert kept.read_text() == "t0ken"
        assert kept.stat().st_mode & 0o77 == 0
        assert "AuthenticationTokenRequest" not in Studio().visited(token_file=str(kept)).asked

    def test_a_token_that_was_revoked_is_asked_for_again(self, tmp_path):
        kept = tmp_path / "vts.token"
        kept.write_text("old")
        assert Studio().visited(token_file=str(kept)).injected
        assert kept.read_text() == "t0ken"

    def test_a_user_who_says_no_is_told_in_their_own_words(self):
        with pytest.raises(InputError, match="User has denied API access"):
            Studio(allows=False).visited()

    def test_a_studio_that_is_not_there_is_told(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with pytest.raises(InputError, match="cannot be reached"):
            asyncio.run(VTubeStudio(port=port).send(each(MOMENTS), RIG, FPS))


class Held:
    """Moments that are handed over one by one."""

    def __init__(self):
        self._queue = asyncio.Queue()

    def __aiter__(self):
        return self

    async def __anext__(self):
        moment = await self._queue.get()
        if moment is None:
            raise StopAsyncIteration
        return moment

    def put(self, moment):
        self._queue.put_nowait(moment)


def watched(visit, caplog, **settings):
    """Run ``visit(address, moments)`` beside a WebSocket sender."""

    async def run():
        moments = Held()
        sending = asyncio.create_task(WebSocket(port=0, **settings).send(moments, RIG, FPS))
        while "watch the face at http://" not in caplog.text:
            await asyncio.sleep(0.01)
        address = caplog.text.partition("watch the face at http://")[2].partition("/")[0]
        try:
            return await visit(address, moments)
        finally:
            moments.put(None)
            await sending

    with caplog.at_level(logging.INFO, "animator.live"):
        return asyncio.run(run())


class TestWebSocket:
    def test_a_viewer_is_told_what_comes_and_then_sees_every_frame(self, caplog):
        async def visit(address, moments):
            async with connect(f"ws://{address}/") as viewer, connect(f"ws://{address}/") as other:
                told = [json.loads(await each.recv()) for each in (viewer, other)]
                for moment in MOMENTS:
                    moments.put(moment)
                frames = [json.loads(await viewer.recv()) for _ in MOMENTS]
                return told, frames, [json.loads(await other.recv()) for _ in MOMENTS]

        (ready, again), frames, others = watched(visit, caplog)
        assert ready == again
        assert (ready["type"], ready["schema"], ready["fps"], ready["rig"]) == ("ready", "animator.Live/1", 50, "arkit")
        assert [c["name"] for c in ready["controls"]] == list(RIG.names)
        assert frames == others
        for moment, frame in zip(MOMENTS, frames, strict=True):
            assert (frame["seq"], frame["t"]) == (moment.index, pytest.approx(moment.index / 50))
            assert (frame["turn"], frame["at"]) == (moment.turn, moment.at)
            np.testing.assert_allclose(frame["w"], moment.values, atol=5.1e-5)

    def test_the_page_comes_from_the_same_address_and_asks_nobody_else(self, caplog):
        async def visit(address, moments):
            return await asyncio.to_thread(lambda: urlopen(f"http://{address}/").read().decode())

        page = watched(visit, caplog)
        assert page.startswith("<!doctype html>")
        assert "default-src 'none'" in page
        assert not any(f'{attribute}="http' in page for attribute in ("src", "href"))

    @pytest.mark.parametrize(
        ("origin", "enters"),
        [
            (None, True),
            ("http://{address}", True),
            ("http://stage.example", True),
            ("http://evil.example", False),
            ("null", False),
        ],
    )
    def test_only_our_own_page_and_named_origins_may_look(self, origin, enters, caplog):
        async def visit(address, moments):
            asked = origin.format(address=address) if origin else None
            try:
                async with connect(f"ws://{address}/", origin=asked) as viewer:
                    return bool(await viewer.recv())
            except InvalidStatus as refused:
                assert refused.response.status_code == 403
                return False

        assert watched(visit, caplog, origins="http://stage.example https://b.example") is enters

    def test_a_name_that_an_attacker_points_here_does_not_pass_for_ours(self, caplog):
        async def visit(address, moments):
            from urllib.error import HTTPError

            def ask():
                request = Request(f"http://{address}/", headers={"Host": "evil.example", "Origin": "http://evil.example"})
                with pytest.raises(HTTPError, match="403"):
                    urlopen(request)

            await asyncio.to_thread(ask)

        watched(visit, caplog)

    def test_one_viewer_too_many_is_turned_away_and_harms_no_other(self, caplog):
        async def visit(address, moments):
            async with connect(f"ws://{address}/") as first, connect(f"ws://{address}/") as second:
                await first.recv()
                with pytest.raises(ConnectionClosed) as closed:
                    await second.recv()
                moments.put(MOMENTS[0])
                return closed.value.rcvd.code, json.loads(await first.recv())["seq"]

        assert watched(visit, caplog, viewers=1) == (1013, 0)

    def test_a_viewer_that_says_too_much_is_dropped_and_harms_no_other(self, caplog):
        async def visit(address, moments):
            async with connect(f"ws://{address}/") as loud, connect(f"ws://{address}/") as quiet:
                await loud.recv()
                await quiet.recv()
                await loud.send("x" * 5000)
                with pytest.raises(ConnectionClosed) as closed:
                    await loud.recv()
                moments.put(MOMENTS[0])
                return closed.value.rcvd.code, json.loads(await quiet.recv())["seq"]

        assert watched(visit, caplog) == (1009, 0)

    def test_a_port_that_is_taken_is_told(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            with pytest.raises(InputError, match="cannot listen"):
                asyncio.run(WebSocket(port=taken.getsockname()[1]).send(each(MOMENTS), RIG, FPS))


def test_a_sender_stays_on_this_machine_unless_told_otherwise():
    for sender in (LiveLink(), Vmc(), VTubeStudio()):
        assert sender.host == "127.0.0.1"
    assert WebSocket().bind == "127.0.0.1"
