"""VTube Studio: tracking parameters over its WebSocket plugin API."""

from __future__ import annotations

import asyncio
import json
import logging
import math
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from animator.core.moment import Moment
from animator.core.rig import Rig
from animator.errors import InputError

LOG = logging.getLogger("animator.live")

PLUGIN = {"pluginName": "animator", "pluginDeveloper": "animator project"}

PREFIX = "Animator"
"""What the parameters of our own are called by, so that they are nobody else's."""

PATIENCE = 120.0
"""Seconds that a user gets to allow the plugin."""

DEGREES = 180.0 / math.pi
BUILT_IN: Mapping[str, tuple[float, Mapping[str, float]]] = {
    "FaceAngleX": (0.0, {"headYaw": DEGREES}),
    "FaceAngleY": (0.0, {"headPitch": -DEGREES}),
    "FaceAngleZ": (0.0, {"headRoll": -DEGREES}),
    "EyeLeftX": (0.0, {"leftEyeYaw": 2.0}),
    "EyeLeftY": (0.0, {"leftEyePitch": -2.0}),
    "EyeRightX": (0.0, {"rightEyeYaw": 2.0}),
    "EyeRightY": (0.0, {"rightEyePitch": -2.0}),
    "EyeOpenLeft": (1.0, {"eyeBlinkLeft": -1.0}),
    "EyeOpenRight": (1.0, {"eyeBlinkRight": -1.0}),
    "MouthOpen": (0.0, {"jawOpen": 1.6, "mouthClose": -1.6}),
    "MouthSmile": (
        0.5,
        {"mouthSmileLeft": 0.3, "mouthSmileRight": 0.3, "mouthFrownLeft": -0.3, "mouthFrownRight": -0.3, "mouthPucker": -0.3},
    ),
    "Brows": (
        0.5,
        {"browInnerUp": 0.25, "browOuterUpLeft": 0.15, "browOuterUpRight": 0.15, "browDownLeft": -0.25, "browDownRight": -0.25},
    ),
    "BrowLeftY": (0.5, {"browInnerUp": 0.25, "browOuterUpLeft": 0.3, "browDownLeft": -0.5}),
    "BrowRightY": (0.5, {"browInnerUp": 0.25, "browOuterUpRight": 0.3, "browDownRight": -0.5}),
    "CheekPuff": (0.0, {"cheekPuff": 1.0}),
    "TongueOut": (0.0, {"tongueOut": 1.0}),
}
"""The parameters that every model has, as a value at rest and what each control adds. Angles are degrees with + to the right of
the screen and up, as Live2D's standard parameters have them; that smile and brows rest half way is from the mappings that its
automatic set-up makes, not from the API's own text."""


@dataclass(frozen=True)
class VTubeStudio:
    """VTube Studio: the parameters that every model has, and one of our own for each control, by its plugin API.

    The user allows the plugin once, in VTube Studio; the token that it hands out then is kept in a file.

    Parameters
    ----------
    host
        Where VTube Studio runs, with its plugin API allowed.
    port
        Its port.
    token_file
        Where the token is kept, made at the first start; without one, VTube Studio asks its user at every start.
    """

    host: str = "127.0.0.1"
    port: int = 8001
    token_file: str = ""

    @property
    def rig(self) -> str:
        """The rig whose controls become parameters."""
        return "arkit"

    async def send(self, moments: AsyncIterator[Moment], rig: Rig, fps: Fraction) -> None:
        """Authenticate, make the parameters, and inject a value for each with every moment; see `base.Sender.send`."""
        where = f"ws://{self.host}:{self.port}"
        try:
            async with connect(where, max_size=1 << 20) as socket:
                api = Api(socket)
                await authenticate(api, Path(self.token_file) if self.token_file else None)
                known = await api.ask("InputParameterListRequest")
                built_in = [each["name"] for each in known["defaultParameters"] if each["name"] in BUILT_IN]
                await create(api, rig)
                async for moment in moments:
                    await api.ask("InjectParameterDataRequest", injected(moment, rig, built_in))
        except (OSError, ConnectionClosed, InvalidHandshake, TimeoutError) as error:
            raise InputError(f"VTube Studio cannot be reached at {where}: {error or type(error).__name__}") from None


class Api:
    """Requests and their answers over one connection, one at a time."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket, self._numbers = socket, count(1)

    async def ask(self, kind: str, data: Mapping[str, Any] | None = None, patience: float = 10.0) -> Mapping[str, Any]:
        """The data of the answer; `InputError` with VTube Studio's own words if it refuses."""
        number = str(next(self._numbers))
        head = {"apiName": "VTubeStudioPublicAPI", "apiVersion": "1.0", "requestID": number, "messageType": kind}
        await self._socket.send(json.dumps({**head, "data": data or {}}))
        async with asyncio.timeout(patience):
            while True:
                answer = json.loads(await self._socket.recv())
                if answer.get("requestID") == number:
                    break
        given: Mapping[str, Any] = answer["data"]
        if answer["messageType"] == "APIError":
            raise InputError(f"VTube Studio refuses {kind}: {given.get('message')} (error {given.get('errorID')})")
        return given


async def authenticate(api: Api, kept: Path | None) -> None:
    """Show the kept token or, should it be missing or revoked, ask the user for one and keep it."""
    token = kept.read_text(encoding="ascii").strip() if kept and kept.exists() else ""
    if token and (await api.ask("AuthenticationRequest", {**PLUGIN, "authenticationToken": token}))["authenticated"]:
        return
    LOG.info("VTube Studio asks its user whether animator may move the model: please allow it there")
    token = (await api.ask("AuthenticationTokenRequest", PLUGIN, PATIENCE))["authenticationToken"]
    answer = await api.ask("AuthenticationRequest", {**PLUGIN, "authenticationToken": token})
    if not answer["authenticated"]:
        raise InputError(f"VTube Studio does not let animator in: {answer.get('reason')}")
    if kept:
        kept.touch(mode=0o600)
        kept.write_text(token, encoding="ascii")


async def create(api: Api, rig: Rig) -> None:
    """Make a parameter of our own for each control; making one that is there already changes nothing."""
    for control in rig.controls:
        bounds = {"min": control.low, "max": control.high, "defaultValue": control.rest}
        told = f"{control.name} of animator, in {'radians' if control.unit == 'radian' else 'weights'}"
        await api.ask("ParameterCreationRequest", {"parameterName": own(control.name), "explanation": told, **bounds})


def own(control: str) -> str:
    """What our parameter for a control is called: letters and digits, 4 to 32."""
    return PREFIX + control[0].upper() + control[1:]


def injected(moment: Moment, rig: Rig, built_in: list[str]) -> dict[str, Any]:
    """The data of the request that sets every parameter to one moment."""
    row = moment.values.tolist()
    values = [{"id": own(name), "value": round(value, 5)} for name, value in zip(rig.names, row, strict=True)]
    for name in built_in:
        rest, shares = BUILT_IN[name]
        value = rest + sum(share * row[rig.column(control)] for control, share in shares.items())
        if not name.startswith("FaceAngle"):
            value = min(max(value, -1.0 if name[-1] in "XY" and name.startswith("Eye") else 0.0), 1.0)
        values.append({"id": name, "value": round(value, 5)})
    return {"faceFound": True, "mode": "set", "parameterValues": values}
