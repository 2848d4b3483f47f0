"""`Ask`: nets asked in passing, so that all who ask the same at the same time are answered at once.

One face alone wastes most of its time on the way into and out of small products of matrices; two dozen of them side by side are
three times the work of one. So what a face does is written as a generator that yields each `Ask` and goes on with the answer;
`serve` runs as many of them as there are, and one alone is the case of one.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import Any, NamedTuple, TypeVar

import torch
from torch import Tensor

R = TypeVar("R")


class Ask(NamedTuple):
    """What ``net(*inputs, *fixed)`` gives is wanted: a tensor, or a named tuple of tensors."""

    net: Callable[..., Any]
    """Treats the items of a batch, which is the first axis of all inputs and answers, apart."""
    inputs: tuple[Tensor, ...]
    """``[1 ...]`` each."""
    fixed: tuple[int, ...] = ()


Asking = Generator["Ask | list[Ask]", Any, R]
"""What asks on its way to a result; a list of asks is answered by a list."""


@torch.inference_mode()
def serve(askings: Sequence[Asking[R]]) -> list[R | Exception]:
    """Run all to their end; the result of each, or what it raised, which harms no other."""
    results: list[Any] = [None] * len(askings)
    answers: list[tuple[int, Any]] = [(i, None) for i in range(len(askings))]
    while answers:
        asked: dict[int, Ask | list[Ask]] = {}
        for i, answer in answers:
            try:
                asked[i] = askings[i].send(answer)
            except StopIteration as end:
                results[i] = end.value
            except Exception as error:
                results[i] = error
        alike: dict[Any, list[tuple[_Place, Ask]]] = {}
        for i, asks in asked.items():
            for k, ask in enumerate(asks if isinstance(asks, list) else [asks]):
                alike.setdefault((ask.net, ask.fixed, *(x.shape for x in ask.inputs)), []).append(((i, k), ask))
        found = dict(answer for group in alike.values() for answer in _answered(group))
        answers = [
            (i, [found[i, k] for k in range(len(asks))] if isinstance(asks, list) else found[i, 0]) for i, asks in asked.items()
        ]
    return results


def beside(askings: Sequence[Asking[R]]) -> Asking[list[R]]:
    """Several as one, asked side by side; each yields one `Ask` at a time. What one raises is raised."""
    results: list[Any] = [None] * len(askings)
    answers: list[tuple[int, Any]] = [(i, None) for i in range(len(askings))]
    while answers:
        asked: dict[int, Ask] = {}
        for i, answer in answers:
            try:
                ask = askings[i].send(answer)
            except StopIteration as end:
                results[i] = end.value
            else:
                assert not isinstance(ask, list)
                asked[i] = ask
        answers = list(zip(asked, (yield list(asked.values())), strict=True)) if asked else []
    return results


def alone(asking: Asking[R]) -> R:
    """Run one to its end."""
    (result,) = serve([asking])
    if isinstance(result, Exception):
        raise result
    return result


_Place = tuple[int, int]
"""Who asks, and which of its asks."""


def _answered(group: Sequence[tuple[_Place, Ask]]) -> list[tuple[_Place, Any]]:
    """The answer to each of those who ask one net for one shape."""
    (_, first), *others = group
    if not others:
        return [(group[0][0], first.net(*first.inputs, *first.fixed))]
    batches = (torch.cat(same) for same in zip(*(ask.inputs for _, ask in group), strict=True))
    told = first.net(*batches, *first.fixed)
    if isinstance(told, Tensor):
        return [(i, told[k : k + 1]) for k, (i, _) in enumerate(group)]
    return [(i, type(told)(*(part[k : k + 1] for part in told))) for k, (i, _) in enumerate(group)]
