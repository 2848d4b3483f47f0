"""The training of the ear, resumable, the same for the same packs and plan."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch

from animator.encoders.listening.net import Ear
from animator.io.weights import write_weights
from animator.nn.ahead import FULL
from animator.training.corpora import credited, refuse_unshippable
from animator.training.ear import voices
from animator.training.ear.cost import by_cost, spared
from animator.training.ear.examples import Source, batch
from animator.training.ear.losses import Informer, loss
from animator.training.ear.score import score
from animator.training.ear.tutor import Hear, teach
from animator.training.phones.store import Pack

LOOK_AHEADS = (0, 2, 4, 6, FULL, FULL)
"""Steps of 20 ms that the net may look ahead; each batch draws one, the whole clip twice as often as any other."""

SHARES = {
    "emodb": 0.2, "speechocean": 0.2, "grid": 0.08, "ljspeech": 0.03, "sonnet": 0.03, "festvox-ru": 0.03,
    "kokoro": 0.23, "hibari": 0.16, "espeak": 0.04, "samples": 1e-9,
}  # fmt: skip
"""How much of what the ear hears is of each corpus: of people first, and of engines those that speak like people."""

SETTLING = 0.3
"""Share of the steps, the last, in which the rate falls to 0."""

KEPT = 100
"""Steps after which the state of the training is written down again."""


@dataclass(frozen=True)
class Plan:
    """How the ear is trained.

    Parameters
    ----------
    steps, size
        Batches, and examples of four seconds in each.
    rate, decay
        Of AdamW; the rate warms up over ``warmup`` steps, stays, and falls to 0 in a line over the last steps (`SETTLING`), so
        that how many steps there are to be need not be known until then.
    average
        Of the exponential mean of the weights, which is what is kept.
    hide
        Strength of the gradient that hides feelings from the content embedding.
    seed
        Of everything random.
    width, hidden
        Of the net.
    """

    steps: int = 7500
    size: int = 8
    rate: float = 1.5e-3
    decay: float = 0.05
    warmup: int = 200
    average: float = 0.995
    hide: float = 0.3
    seed: int = 0
    width: int = 256
    hidden: int = 512


TINY = Plan(steps=60, size=4, warmup=5, average=0.9, width=64, hidden=128)
"""Under a minute on one core, for tests."""


@dataclass(frozen=True)
class Lessons:
    """How the ear is trained further, with a tutor's judgement beside the labels.

    Parameters
    ----------
    steps, rate
        As in `Plan`; the rate warms up and falls once more.
    lean
        Share of the tutor's judgement in what phones are learned from; the rest is the labels'.
    fitting
        Steps in which what reads the tutor is fitted first.
    seed
        Of everything random in them.
    """

    steps: int = 400
    rate: float = 7.5e-4
    lean: float = 0.7
    fitting: int = 1500
    seed: int = 0


class _Stretch(NamedTuple):
    """``steps`` from the step ``first`` on, over which a rate rises, stays and falls."""

    first: int
    steps: int
    rate: float
    seed: int
    lean: float = 0.0

    def rate_at(self, step: int, warmup: int) -> float:
        done = step - self.first
        return self.rate * min(1.0, (done + 1) / warmup, (self.steps - done) / (SETTLING * self.steps))


@dataclass(eq=False)
class _State:
    ear: Ear
    mean: Ear
    informer: Informer
    optimiser: torch.optim.AdamW
    step: int = 0

    def kept(self) -> dict[str, Any]:
        parts = {name: getattr(self, name).state_dict() for name in ("ear", "mean", "informer", "optimiser")}
        return parts | {"step": self.step}

    def load(self, kept: Mapping[str, Any]) -> None:
        for name in ("ear", "mean", "informer", "optimiser"):
            getattr(self, name).load_state_dict(kept[name])
        self.step = int(kept["step"])


def train(
    packs: Sequence[Pack],
    out: Path,
    plan: Plan | None = None,
    cache: Path | None = None,
    tell: Callable[[str], None] = lambda _: None,
    tutor: Hear | None = None,
    lessons: Lessons | None = None,
) -> dict[str, Any]:
    """Train an ear and write its weights: by the labels, and then, if there is a tutor, by what it says of them, too.

    Parameters
    ----------
    packs
        Labelled speech; held clips are measured on, the others learned from.
    out
        The ``.safetensors`` file to write.
    plan
        How; `Plan()` if absent.
    cache
        A folder for what can be taken up again: measured voices, and the state of the training each `KEPT` steps.
    tell
        Gets a line of progress now and then.
    tutor
        A larger ear; without, the training ends where its lessons would begin, as that of the shipped weights does: it was of no
        use to them (``benchmarks.distillation``).
    lessons
        How it teaches; `Lessons()` if absent.

    Returns
    -------
    dict
        Scores on what was held out, by corpus, as `score` names them, before training (``untrained``) and after (``trained``);
        and what costs of a change of phone give on clips that were spared (``cost of a change``), as `by_cost` has them.

    Raises
    ------
    InputError
        A pack that is learned from may not be shipped.
    """
    plan = plan or Plan()
    sources = {pack.corpus: _source(pack, cache) for pack in packs if not np.all(pack.held)}
    refuse_unshippable(sources)
    state = _fresh(plan)
    before = score(state.mean, packs)
    kept = cache / f"ear_{_name(plan)}.pt" if cache is not None else None
    _learn_all(state, sources, plan, _Stretch(0, plan.steps, plan.rate, plan.seed), kept, tell)
    recipe = asdict(plan)
    if tutor is not None:
        lessons = lessons or Lessons()
        recipe["lessons"] = asdict(lessons)
        told = teach(sources, SHARES, tutor, cache, lessons.fitting, plan.seed, tell)
        taught = {name: replace(source, told=told[name]) for name, source in sources.items()}
        kept = kept.with_name(f"{kept.stem}_{_name(plan, lessons)}.pt") if kept is not None else None
        stretch = _Stretch(plan.steps, lessons.steps, lessons.rate, lessons.seed, lessons.lean)
        _learn_all(state, taught, plan, stretch, kept, tell)
    after = {"trained": score(state.mean, packs), "cost of a change": by_cost(state.mean, packs)}
    write(state.mean, out, [*sorted(sources), *(["moonshine"] if tutor is not None else [])], recipe, after)
    return {"untrained": before, **after}


def write(ear: Ear, out: Path, learned_from: Sequence[str], recipe: Mapping[str, Any], scores: Mapping[str, Any]) -> None:
    """Write an ear's weights with what it learned from."""
    corpora = credited(learned_from)
    tensors = {name: tensor.detach().numpy() for name, tensor in ear.state_dict().items()}
    write_weights(out, tensors, corpora, recipe, scores)


def _source(pack: Pack, cache: Path | None) -> Source:
    measured = voices.measure(pack, cache / f"voices_{pack.corpus}.npz" if cache is not None else None)
    return Source(pack, measured, np.setdiff1d(np.flatnonzero(~pack.held), spared(pack)).tolist())


def _fresh(plan: Plan) -> _State:
    torch.manual_seed(plan.seed)
    ear = Ear(width=plan.width, hidden=plan.hidden)
    informer = Informer(ear.content.out_features)
    mean = copy.deepcopy(ear).requires_grad_(False)
    parameters = [*ear.parameters(), *informer.parameters()]
    return _State(ear, mean, informer, torch.optim.AdamW(parameters, lr=plan.rate, weight_decay=plan.decay))


def _draw(sources: Mapping[str, Source], size: int, seed: int, step: int) -> Any:
    rng = np.random.default_rng((seed, step))
    return batch(sources, SHARES, size, rng), LOOK_AHEADS[int(rng.integers(len(LOOK_AHEADS)))]


def _learn_all(
    state: _State,
    sources: Mapping[str, Source],
    plan: Plan,
    stretch: _Stretch,
    kept: Path | None,
    tell: Callable[[str], None],
) -> None:
    """Take the state through a stretch, from where ``kept`` left it, if it is there."""
    last = stretch.first + stretch.steps
    if kept is not None and kept.is_file():
        state.load(torch.load(kept, weights_only=True))
        tell(f"going on from step {state.step}")
    with ThreadPoolExecutor(1) as ahead:
        coming = ahead.submit(_draw, sources, plan.size, stretch.seed, state.step)
        while state.step < last:
            drawn, coming = coming.result(), ahead.submit(_draw, sources, plan.size, stretch.seed, state.step + 1)
            value = _learn(state, drawn, plan, stretch)
            state.step += 1
            if state.step % 50 == 0:
                tell(f"step {state.step} of {last}: loss {value:.3f}")
            if kept is not None and (state.step % KEPT == 0 or state.step == last):
                draft = kept.with_suffix(".draft")
                torch.save(state.kept(), draft)
                draft.replace(kept)
            if state.step % 1000 == 0 and state.step < last:
                tell(json.dumps(score(state.mean, [source.pack for source in sources.values()])))


def _learn(state: _State, drawn: Any, plan: Plan, stretch: _Stretch) -> float:
    examples, ahead = drawn
    rate = stretch.rate_at(state.step, plan.warmup)
    for group in state.optimiser.param_groups:
        group["lr"] = rate
    state.optimiser.zero_grad(set_to_none=True)
    value = loss(state.ear(examples.mel, ahead), examples, state.informer, plan.hide, stretch.lean)
    value.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(state.ear.parameters(), 1.0)
    state.optimiser.step()
    with torch.no_grad():
        keep = min(plan.average, (1.0 + state.step) / (10.0 + state.step))
        for slow, quick in zip(state.mean.parameters(), state.ear.parameters(), strict=True):
            slow.lerp_(quick, 1.0 - keep)
    return float(value.detach())


def _name(plan: Plan, lessons: Lessons | None = None) -> str:
    """Tells the states of different plans apart, but not of the same plan with another number of steps to go."""
    settings = json.dumps(asdict(replace(plan if lessons is None else lessons, steps=0)), sort_keys=True)
    return f"{sum(settings.encode()) % 9973:04d}"
