"""The training of the generator ``learned``: packs of speech and motion, and a frozen prior -> the weights of ``generator``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from animator.core.rig import Rig
from animator.embedders.space import load_space
from animator.errors import InputError
from animator.generators.acting.cast import fingerprint
from animator.generators.acting.net import AHEAD, Actor
from animator.generators.acting.performer import performed
from animator.generators.acting.prior import Prior, columns, prior
from animator.generators.acting.role import UPPER
from animator.generators.acting.style import PARAMETERS
from animator.io.rig import load_rig
from animator.io.weights import write_weights
from animator.training.corpora import credited, refuse_unshippable
from animator.training.motion import generator_score, habits
from animator.training.motion.course import Course, learn
from animator.training.motion.features import hear
from animator.training.motion.lessons import Lessons, Source, batch, source_of
from animator.training.motion.losses import Critic, Reader, Recogniser, Weights, unanswered
from animator.training.motion.store import REAL, MotionPack

LOOK_AHEADS = (0, 2, 4, 8, AHEAD)
"""Frames of 20 ms that the net may look ahead; each batch draws one, the last as often as all others together."""

QUIET = 0.25
"""Share of batches in which the face does not answer stress and effort, so that the answer is learned apart."""


USUAL = "grid s1"
"""The person whose style is 0, as it is the teacher's that was fitted to him."""


@dataclass(frozen=True)
class Plan(Course):
    """How the generator is trained; what is not said here is in `Course`.

    Parameters
    ----------
    size
        Examples in a batch, half of them exchanges of the other half.
    real
        Share of the sounds that real faces said, if there are taught ones too; 1 = real alone, 0 = taught alone.
    weights
        Of the errors.
    width, hidden, answer, feeling
        Of the network.
    """

    steps: int = 3000
    warmup: int = 100
    size: int = 16
    real: float = 0.4
    weights: Weights = field(default_factory=Weights)
    width: int = 128
    hidden: int = 256
    answer: int = 64
    feeling: int = 192

    @property
    def sizes(self) -> dict[str, int]:
        """What the network is made with."""
        return {name: getattr(self, name) for name in ("width", "hidden", "answer", "feeling")}


TINY = Plan(steps=60, warmup=5, rate=4e-3, average=0.9, size=8, width=32, hidden=48, answer=16, feeling=32)
"""Some seconds on one core, for tests."""


class Pupil(nn.Module):
    """The actor, and the styles of persons whose style nobody says: ``float [P S]``."""

    def __init__(self, actor: Actor, persons: Sequence[str]) -> None:
        super().__init__()
        self.actor = actor
        self.guessed = nn.Parameter(torch.zeros(len(persons), len(PARAMETERS)))
        self.usual = persons.index(USUAL) if USUAL in persons else -1

    @property
    def manners(self) -> Tensor:
        """``float [P S]``: everybody's style."""
        free = torch.ones(len(self.guessed), 1)
        free[self.usual] = float(self.usual < 0)
        return free * self.guessed

    def style(self, lessons: Lessons) -> Tensor:
        """``float [B S]``: what is said of a clip's style or, where nothing is, its person's."""
        return torch.where(lessons.style.isnan(), self.manners[lessons.person], lessons.style)


def train_generator(
    packs: Sequence[MotionPack],
    out: Path,
    plan: Plan | None = None,
    cache: Path | None = None,
    *,
    speaks: Prior | None = None,
    reader: Reader | None = None,
    recogniser: Recogniser | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """Train a generator and write its weights.

    Parameters
    ----------
    packs
        Speech and motion over the controls of the rig ``arkit``, of one kind each; held clips are measured on.
    out
        The ``.safetensors`` file to write.
    plan
        How; `Plan()` if absent.
    cache
        A folder for what is heard in the packs, and for the state of the training, so that it can be taken up again.
    speaks
        The prior, frozen; the shipped one if absent.
    reader, recogniser
        Networks that judge lips and feelings, frozen; without one, its loss is left out.
    tell
        Gets a line of progress now and then.

    Returns
    -------
    dict
        `generator_score.score` on what was held out, of the network (``trained``) and of the mean face (``mean face``), and
        how well styles are read (``style``).

    Raises
    ------
    InputError
        A pack may not be shipped, or there is nothing of the kind to learn from.
    """
    plan = plan or Plan()
    rig = load_rig("arkit")
    refuse_unshippable(name for pack in packs for name in pack.corpora)
    speaks = speaks or prior()
    sources = sources_of(packs, cache, plan.seed, rig, tell)
    shares = _shares(sources, plan.real)
    torch.manual_seed(plan.seed)
    anchors, _ = load_space().encode_weights(np.eye(len(packs[0].feelings), dtype=np.float32), packs[0].feelings)
    actor = Actor(torch.from_numpy(anchors), len(PARAMETERS), speaks.latent, **plan.sizes)
    pupil = Pupil(actor, sources[0].persons)
    critic = Critic(rig, plan.weights, reader, recogniser)
    kept = cache / f"generator_{plan.name}.pt" if cache is not None else None
    pupil = learn(pupil, partial(_lose, sources, shares, speaks, critic, plan), plan, kept, tell)
    habit = habits.habit_of(pupil.actor, speaks, _some(sources, shares, pupil, plan))
    style, read = habits.reader_of([pack for pack in packs if np.isfinite(pack.style).all()], rig)
    scores: dict[str, Any] = generator_score.score(pupil.actor, speaks, pupil.manners, sources, rig) | {"style": read}
    names = sorted({name for s, share in zip(sources, shares, strict=True) if share > 0 for name in s.pack.corpora})
    corpora = credited(names)
    tensors = {name: tensor.detach().numpy() for name, tensor in pupil.actor.state_dict().items()}
    tensors |= {
        "habit/basis": habit.basis,
        "habit/memory": habit.memory,
        "style/weights": style.weights,
        "style/bias": style.bias,
    }
    recipe = asdict(plan) | {
        "sizes": plan.sizes,
        "feelings": packs[0].feelings,
        "styles": PARAMETERS,
        "prior": fingerprint(speaks),
    }
    write_weights(out, tensors, corpora, recipe, scores)
    return scores


def sources_of(
    packs: Sequence[MotionPack], cache: Path | None, seed: int, rig: Rig, tell: Callable[[str], None] = lambda _: None
) -> list[Source]:
    """Packs with what is heard in them."""
    persons = sorted({person for pack in packs for person in pack.persons})
    sources = []
    for pack in packs:
        kept = cache / f"heard_{'_'.join((*pack.corpora, pack.kinds[0]))}.npz" if cache is not None else None
        sources.append(source_of(pack, hear(pack, kept, seed, tell), persons, rig))
    return sources


def _shares(sources: Sequence[Source], real: float) -> list[float]:
    """How often each source is drawn from: by kind as the plan says, within a kind by its length."""
    kinds = [source.pack.kinds[0] == REAL for source in sources]
    minutes = [source.pack.minutes if len(source.clips) else 0.0 for source in sources]
    of_kind = {kind: sum(m for m, k in zip(minutes, kinds, strict=True) if k == kind) for kind in (True, False)}
    wanted = {True: real, False: 1.0 - real}
    shares = [wanted[k] * m / of_kind[k] if of_kind[k] else 0.0 for k, m in zip(kinds, minutes, strict=True)]
    if not sum(shares):
        raise InputError("there is no motion of the wanted kind to learn from")
    return shares


def _lose(
    sources: Sequence[Source], shares: Sequence[float], speaks: Prior, critic: Critic, plan: Plan, pupil: Pupil, step: int
) -> Tensor:
    rng = np.random.default_rng((plan.seed, step))
    lessons = batch(sources, shares, plan.size, rng)
    ahead = AHEAD if rng.random() < 0.5 else LOOK_AHEADS[int(rng.integers(len(LOOK_AHEADS)))]
    answers = bool(rng.random() >= QUIET)
    target = lessons.curves
    if not answers:
        target = unanswered(target, critic.rig.region(*UPPER)[columns(critic.rig)])
    made = performed(pupil.actor, speaks, lessons.heard, pupil.style(lessons), lessons.wanted, ahead, answers)
    return critic.judge(made, target, lessons)


def _some(sources: Sequence[Source], shares: Sequence[float], pupil: Pupil, plan: Plan) -> list[tuple[Lessons, Tensor]]:
    """Batches of what was learned from, with their styles."""
    rngs = (np.random.default_rng((plan.seed, 1 << 30, i)) for i in range(20))
    drawn = [batch(sources, shares, plan.size, rng) for rng in rngs]
    return [(lessons, pupil.style(lessons)) for lessons in drawn]
