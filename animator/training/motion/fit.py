"""The coarticulation model fitted to real faces: what each sound asks of each control, how strongly, how early and how long.

Cohen and Massaro 1993: each sound has a target for each control and a dominance that falls off with time before and after it; a
curve is the mean of all targets, weighted by dominance. They set the numbers by hand; here they are those that miss tracked
faces least. Two terms are added that a real mouth shows: louder speech opens wider, and a short sound falls short of its target.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from animator.core.motion import GENERATOR_FPS
from animator.core.phones import VISEMES
from animator.core.rig import Rig
from animator.core.spoken import Targets

USUAL = 0.1
"""Seconds: the length of a sound that reaches just the target of the table."""

FAR = 0.3
"""Seconds from speech beyond which silence teaches nothing: there people breathe in."""

REACH, CORE, SHIFT = 0.07, 0.3, 0.06
"""Where tables start: seconds to 1/e; share of a sound that is its core (twice as much at most); and seconds of shift at most."""

PRIOR = {"louder": 0.05, "longer": 0.05, "strength": 1e-3, "before": 3e-3, "after": 3e-3, "core": 1e-3, "shift": 1e-3}
"""How much a table's mean squared distance from its start costs, beside the mean squared error in units of the spread: a trace,
but more for what few sounds of a kind can tell."""

SMALL = 0.02
"""Spread that a control is taken to have at least: what moves less than this is not worth fitting."""

STEPS, BATCH, FRAMES = 600, 48, 50
"""Steps of the fit, clips a step, and instants of each clip."""

SILENT = VISEMES.index("sil")

LEAST = 1e-4
"""Dominance that every sound has everywhere, so that a mean always exists."""


@dataclass(frozen=True, eq=False)
class Coarticulation:
    """The fitted tables: ``V`` visemes (`core.phones.VISEMES`), ``K`` controls.

    Parameters
    ----------
    controls
        Names of the controls that speech moves.
    target
        ``[V K]``: where each viseme draws each control, relative to rest.
    louder, longer
        ``[V K]``: change of the target when the sound is twice as loud as usual, and when it is e times as long as `USUAL`.
    strength
        ``[V K]``: dominance at the core.
    before, after
        ``[V K]`` seconds, to 1/e: how far dominance reaches before the core (anticipation) and after it (carry-over).
    core
        ``[V]``: share of the sound, about its middle, in which its dominance is whole.
    shift
        ``[V]`` seconds by which the mouth is later than the sound.
    power
        Exponent of the distance in time; 1 in the paper.
    """

    controls: tuple[str, ...]
    target: np.ndarray
    louder: np.ndarray
    longer: np.ndarray
    strength: np.ndarray
    before: np.ndarray
    after: np.ndarray
    core: np.ndarray
    shift: np.ndarray
    power: float

    def columns(self, rig: Rig) -> np.ndarray:
        """The columns of ``controls`` in a rig."""
        return np.array([rig.column(name) for name in self.controls])

    @cached_property
    def reach(self) -> float:
        """Seconds beyond which no dominance is felt."""
        return float(max(self.before.max(), self.after.max()) * (-np.log(LEAST)) ** (1.0 / self.power))

    def aims(self, said: Targets) -> np.ndarray:
        """What each sound asks for, ``[S K]`` relative to rest."""
        v = said.viseme
        aim: np.ndarray = (
            self.target[v]
            + self.louder[v] * (said.loudness - 1.0)[:, None]
            + self.longer[v] * np.log((said.end - said.start) / USUAL)[:, None]
        )
        return aim

    def mouth(self, times: np.ndarray, said: Targets, aims: np.ndarray | None = None, ahead: float = 1.0) -> np.ndarray:
        """Curves of the speaking mouth, ``float64 [T K]`` relative to rest.

        ``aims`` replace those of the table (a style's, say); ``ahead`` scales anticipation.
        """
        wanted = self.aims(said) if aims is None else aims
        first, stop = cores(said, self.core, self.shift)
        above, below = np.zeros((len(times), len(self.controls))), np.zeros((len(times), len(self.controls)))
        for i, v in enumerate(said.viseme):
            near = slice(*np.searchsorted(times, (first[i] - ahead * self.reach, stop[i] + self.reach)))
            early = np.maximum(first[i] - times[near], 0.0)[:, None] / (ahead * self.before[v])
            late = np.maximum(times[near] - stop[i], 0.0)[:, None] / self.after[v]
            pull = self.strength[v] * np.exp(-(early**self.power) - late**self.power) + LEAST
            above[near] += pull * wanted[i]
            below[near] += pull
        return above / np.maximum(below, LEAST)


def cores(said: Targets, core: np.ndarray, shift: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First and last second of each sound's core, ``[S]`` each; the sounds at either end never let go."""
    middle = (said.start + said.end) / 2 + shift[said.viseme]
    half = core[said.viseme] * (said.end - said.start) / 2
    first, stop = middle - half, middle + half
    first[0], stop[-1] = said.start[0], said.end[-1]
    return first, stop


@dataclass(frozen=True, eq=False)
class Lesson:
    """A clip to fit to: ``said``; the curves ``values [T K]`` relative to rest, at 50 Hz; and which frames teach, ``[T]``."""

    said: Targets
    values: np.ndarray
    taught: np.ndarray


def lesson(said: Targets, values: np.ndarray) -> Lesson:
    """A clip whose silence teaches only close to speech."""
    times = np.arange(len(values))[:, None] / float(GENERATOR_FPS)
    sound = said.viseme != SILENT
    away = np.maximum(said.start[sound] - times, times - said.end[sound]).min(axis=1, initial=np.inf)
    return Lesson(said, values, away < FAR)


def fit(lessons: Sequence[Lesson], controls: Sequence[str], rig: Rig, *, seed: int = 0, steps: int = STEPS) -> Coarticulation:
    """The tables that miss the lessons least: weighted least squares by gradient (Adam), all tables at once.

    Each control counts by its own spread, and how far the lips part counts as one control more, since closures hang on it.
    Silence is held to ask for rest. Tables are drawn towards their starts by a trace (`PRIOR`), which is what a viseme keeps
    that the lessons never say.
    """
    import torch

    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    columns = [rig.column(name) for name in controls]
    parting = torch.tensor(rig.opening_row[columns], dtype=torch.float32)
    batches = _padded(lessons)
    every = np.concatenate([each.values[each.taught] for each in lessons])
    spread = torch.tensor(np.maximum(every.std(axis=0), SMALL), dtype=torch.float32)
    spread_parting = max(float((every @ rig.opening_row[columns]).std()), SMALL)
    shape = (len(VISEMES), len(controls))
    tables = {
        name: torch.zeros(shape, requires_grad=True) for name in ("target", "louder", "longer", "strength", "before", "after")
    }
    tables |= {name: torch.zeros(len(VISEMES), requires_grad=True) for name in ("core", "shift")} | {
        "power": torch.zeros(1, requires_grad=True)
    }
    asking = torch.ones(len(VISEMES), 1)
    asking[SILENT] = 0.0
    optimiser = torch.optim.Adam(tables.values(), lr=0.03)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for _ in range(steps):
        chosen = rng.choice(len(lessons), min(BATCH, len(lessons)), replace=False)
        made, wanted, taught = _made(tables, asking, batches, torch.from_numpy(chosen), rng)
        missed = (made - wanted) / spread
        apart = ((made - wanted) @ parting) / spread_parting
        loss = ((missed**2).mean(dim=2) + apart**2)[taught].mean()
        loss = loss + sum(PRIOR[name] * (table**2).mean() for name, table in tables.items() if name in PRIOR)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    found = {name: table.detach().double() for name, table in tables.items()}
    asked = asking.double()
    return Coarticulation(
        controls=tuple(controls),
        target=(found["target"] * asked).numpy(),
        louder=(found["louder"] * asked).numpy(),
        longer=(found["longer"] * asked).numpy(),
        strength=found["strength"].exp().numpy(),
        before=(REACH * found["before"].exp()).numpy(),
        after=(REACH * found["after"].exp()).numpy(),
        core=(CORE * (2 * found["core"].sigmoid())).numpy(),
        shift=(SHIFT * found["shift"].tanh()).numpy(),
        power=float(1.0 + found["power"].exp()),
    )


def _padded(lessons: Sequence[Lesson]) -> Any:
    """All lessons as tensors, padded to the longest: sounds ``[L S 5]``, whether there is one ``[L S]``, curves, what teaches."""
    import torch

    sounds, frames = max(len(each.said.start) for each in lessons), max(len(each.values) for each in lessons)
    table = np.zeros((len(lessons), sounds, 5), dtype=np.float32)
    there = np.zeros((len(lessons), sounds), dtype=bool)
    values = np.zeros((len(lessons), frames, lessons[0].values.shape[1]), dtype=np.float32)
    taught = np.zeros((len(lessons), frames), dtype=bool)
    for i, each in enumerate(lessons):
        s = each.said
        count, length = len(s.start), len(each.values)
        edge = np.zeros(count)
        edge[0], edge[-1] = -1.0, 1.0
        table[i, :count] = np.stack([s.start, s.end, s.viseme, s.loudness, edge], axis=1)
        there[i, :count] = True
        values[i, :length], taught[i, :length] = each.values, each.taught
    return tuple(torch.from_numpy(part) for part in (table, there, values, taught))


def _made(tables: Any, asking: Any, batches: Any, chosen: Any, rng: np.random.Generator) -> Any:
    """Curves of some lessons at some instants, what they should be, and whether they teach."""
    import torch

    table, there, values, taught = (part[chosen] for part in batches)
    at = torch.from_numpy(rng.choice(values.shape[1], min(FRAMES, values.shape[1]), replace=False))
    times = at.float() / float(GENERATOR_FPS)
    start, end, viseme, loudness, edge = table.unbind(dim=2)
    v = viseme.long()
    middle = (start + end) / 2 + SHIFT * tables["shift"].tanh()[v]
    half = CORE * 2 * tables["core"].sigmoid()[v] * (end - start) / 2
    first, stop = torch.where(edge < 0, start, middle - half), torch.where(edge > 0, end, middle + half)
    early = (first[:, None] - times[:, None]).clamp(min=0.0)
    late = (times[:, None] - stop[:, None]).clamp(min=0.0)
    aims = asking[v] * (
        tables["target"][v]
        + tables["louder"][v] * (loudness - 1.0)[..., None]
        + tables["longer"][v] * ((end - start).clamp(min=0.01) / USUAL).log()[..., None]
    )
    power = 1.0 + tables["power"].exp()
    reach = [
        (e[..., None] / (REACH * tables[name].exp()[v][:, None]) + 1e-6) ** power
        for e, name in ((early, "before"), (late, "after"))
    ]
    pull = (tables["strength"].exp()[v][:, None] * torch.exp(-reach[0] - reach[1]) + LEAST) * there[:, None, :, None]
    made = (pull * aims[:, None]).sum(dim=2) / pull.sum(dim=2)
    return made, values[:, at], taught[:, at]
