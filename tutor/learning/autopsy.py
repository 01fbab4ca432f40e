"""What a training loop did wrong, in words, from what was seen of it. Pure: facts in, findings out.

A fact is told only where it is sure; this module adds the sentences, and judges the curve.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

MOST = 3
"""So many findings are told of one run: the first causes the others more often than not."""

DIVERGED = 10.0
"""A loss that ends so many times higher than it began has diverged."""

FLAT_POINTS, FLAT, FLAT_SPAN = 50, 0.01, 0.05
"""A loss is flat that changed by less than this part of itself, and never left this band, over so many points."""

TINY_RATES = {"Adam": 1e-6, "AdamW": 1e-6, "RMSprop": 1e-6}
"""Below these rates a flat curve is the rate's fault; for all other optimizers below `TINY_RATE`."""

TINY_RATE = 1e-4


@dataclass(frozen=True)
class Seen:
    """A fact of `tutor.runner.protocol.parts.Fact`, as a value of this room."""

    kind: str
    line: int = 0
    names: tuple[str, ...] = ()
    numbers: tuple[float, ...] = ()

    def name(self, index: int) -> str:
        """One of its names, "" where it has fewer."""
        return self.names[index] if index < len(self.names) else ""

    def number(self, index: int) -> float:
        """One of its numbers, 0 where it has fewer."""
        return self.numbers[index] if index < len(self.numbers) else 0.0


@dataclass(frozen=True)
class Curve:
    """A training loss in numbers: how many points, its ends, and its extremes among the finite ones."""

    count: int
    first: float
    last: float
    low: float
    high: float


@dataclass(frozen=True)
class Finding:
    """Something to look at: what was seen, on which line (0 unknown), what to do; code stands between backticks."""

    kind: str
    line: int
    what: str
    remedy: str
    concepts: tuple[str, ...] = ()

    @property
    def plain(self) -> str:
        """All of it as one line of text."""
        return f"{self.place}{self.what} {self.remedy}"

    @property
    def place(self) -> str:
        """ "line 12: ", or nothing."""
        return f"line {self.line}: " if self.line else ""


def findings(facts: Sequence[Seen], curve: Curve | None = None) -> tuple[Finding, ...]:
    """What is to be said about a run, the likeliest cause first; () for a sound one."""
    once = {(fact.kind, fact.line): fact for fact in reversed(facts)}  # two trainings by the same lines
    found = [_finding(fact) for fact in reversed(once.values()) if fact.kind in _WORDS]
    graphs = [one.line for one in found if one.kind == "graph-in-evaluation"]
    # A model that never came back to training mode shows it in each loop: the evaluation is the last of them.
    found = [one for one in found if one.kind != "graph-in-evaluation" or one.line == max(graphs)]
    told = {one.kind for one in found}
    if not told & {"not-finite", "never-cleared", "broadcast-loss"}:
        found += _rates(facts, curve)
    order = list(_WORDS)
    found.sort(key=lambda one: order.index(one.kind) if one.kind in order else len(order))
    return tuple(found[:MOST])


def _rates(facts: Sequence[Seen], curve: Curve | None) -> list[Finding]:
    """A learning rate that is too high or too low, by the curve and by how far the weights went."""
    rate = next((fact for fact in facts if fact.kind == "rate"), None)
    if rate is None or curve is None or curve.low < 0 or curve.first <= 0:
        return []
    size, moved = rate.number(0), rate.number(1)
    if curve.count >= 5 and curve.last > DIVERGED * curve.first and curve.last > 0.5 * curve.high:
        what = f"The loss went up, from {curve.first:.3g} to {curve.last:.3g}: the steps are too long."
        return [
            Finding("rate-high", rate.line, what, f"Divide the learning rate ({size:g}) by 10.", ("optimizer.rate",))
        ]
    flat = abs(curve.last - curve.first) < FLAT * curve.first and curve.high - curve.low < FLAT_SPAN * curve.first
    tiny = size <= TINY_RATES.get(rate.name(0), TINY_RATE)
    if curve.count >= FLAT_POINTS and flat and tiny and 0 < moved < 1e-2:
        what = f"The loss stays at {curve.last:.3g}, and the weights hardly move: the learning rate is {size:g}."
        return [Finding("rate-low", rate.line, what, "Multiply it by 10 until the loss falls.", ("optimizer.rate",))]
    return []


def _finding(fact: Seen) -> Finding:
    make, concepts = _WORDS[fact.kind]
    what, remedy = make(fact)
    return Finding(fact.kind, fact.line, what, remedy, concepts)


def _other_weights(fact: Seen) -> tuple[str, str]:
    return "The optimizer holds other weights than those that this loss depends on, so nothing is learned.", (
        "Make the optimizer after the model, and again whenever the model is made anew."
    )


def _before_backward(fact: Seen) -> tuple[str, str]:
    return "`step()` runs before `backward()`: there is no gradient yet.", "In this order: `backward()`, then `step()`."


def _cleared_before(fact: Seen) -> tuple[str, str]:
    return "`zero_grad()` runs between `backward()` and `step()`, so each step finds no gradient.", (
        "Move it before `backward()`, or after `step()`."
    )


def _no_step(fact: Seen) -> tuple[str, str]:
    return f"`{fact.name(0)}.step()` is never called: the gradients are computed and the weights stay.", (
        f"Call `{fact.name(0)}.step()` after `backward()`."
    )


def _never_cleared(fact: Seen) -> tuple[str, str]:
    what = "The gradients are never set back, so each step uses the sum of all so far."
    return what, "Once per step, before `backward()`: `optimizer.zero_grad()`, or `w.grad = None` where there is none."


def _unmoved(fact: Seen) -> tuple[str, str]:
    return f"The weights did not change, although there were gradients: the learning rate is {fact.number(0):g}.", (
        "Give the optimizer a larger `lr`."
    )


def _no_gradient(fact: Seen) -> tuple[str, str]:
    names = ", ".join(f"`{name}`" for name in fact.names[1:4])
    more = int(fact.number(0)) - len(fact.names[1:4])
    names += f" and {more} more" if more > 0 else ""
    what = f"No gradient reaches {names}: they never learn."
    if fact.name(0):
        return what, f"The graph is cut by `{fact.name(0)}` on this line. Take it out, if it was not meant."
    return what, "Are they used in `forward`? Is the graph cut on the way (`detach`, `item`, `torch.tensor`)?"


def _broadcast(fact: Seen) -> tuple[str, str]:
    rows = int(fact.number(0))
    pair = f"`{fact.name(0)}` and `{fact.name(1)}`" if fact.name(0) else "Prediction and target"
    what = f"{pair} are ({rows}, 1) and ({rows},): they broadcast to {rows} times {rows} differences."
    return what, "Give both one shape: `squeeze(1)` the one, or `unsqueeze(1)` the other."


def _softmax(fact: Seen) -> tuple[str, str]:
    return (
        f"There is a {fact.name(0)} before `{fact.name(1)}`, which applies one itself: the loss cannot get near 0.",
        ("Give it the raw scores (logits)."),
    )


def _nll(fact: Seen) -> tuple[str, str]:
    return "`nll_loss` wants logarithms of probabilities, and some of these numbers are above 0.", (
        "Use `cross_entropy` on the raw scores."
    )


def _evaluated(fact: Seen) -> tuple[str, str]:
    return f"`{fact.name(0)}` is evaluated in training mode: its {fact.name(1)} is active.", (
        f"Call `{fact.name(0)}.eval()` before, and `{fact.name(0)}.train()` when training goes on."
    )


def _trained(fact: Seen) -> tuple[str, str]:
    return f"`{fact.name(0)}` went on training in evaluation mode: its dropout or batch norm was off.", (
        f"Call `{fact.name(0)}.train()` at the beginning of each epoch."
    )


def _held_out(fact: Seen) -> tuple[str, str]:
    return f"The training loss is computed from `{fact.name(0)}`, which by its name is held-out data.", (
        "Train on the training set only; what the model has trained on cannot test it."
    )


def _sorted(fact: Seen) -> tuple[str, str]:
    return f"The first {int(fact.number(0))} batches held one class each: the data come sorted.", (
        "Shuffle: `DataLoader(…, shuffle=True)`, or a `torch.randperm` each epoch."
    )


def _graph(fact: Seen) -> tuple[str, str]:
    return f"`{fact.name(0)}` is in evaluation mode, and a graph for gradients is built all the same.", (
        "Put the evaluation under `with torch.no_grad()`: it saves memory and time."
    )


def _kept(fact: Seen) -> tuple[str, str]:
    return f"`{fact.name(0)}` keeps `{fact.name(1)}` itself, and with it the graph of every step.", (
        f"Keep the number: `{fact.name(1)}.item()`."
    )


_SOURCES = {
    "log": ("a logarithm of 0 or less", "Clamp its argument, or use a loss that takes logits."),
    "sqrt": ("a square root of a negative number", "Clamp its argument at 0."),
    "exp": ("an `exp` that overflows", "Subtract the largest number before it, or use `logsumexp`, `softmax`."),
    "division": ("a division by 0", "Add a small number to what stands below."),
    "power": ("a power of a negative number with a fraction", "Clamp what is raised at 0."),
    "data": ("the data: they contain NaN or infinity", "Look with `torch.isfinite(x).all()` and clean them first."),
    "weights": (
        "the weights, which the step before had already spoiled",
        "Lower the learning rate, or clip the gradients; a gradient of `sqrt` or `log` at 0 does it too.",
    ),
}


def _not_finite(fact: Seen) -> tuple[str, str]:
    source, remedy = _SOURCES.get(fact.name(0), ("", "`torch.autograd.set_detect_anomaly(True)` finds the operation."))
    what = f"The loss became NaN or infinite in backward pass {int(fact.number(0)) + 1}."
    return f"{what} It comes from {source}." if source else what, remedy


_WORDS: dict[str, tuple[Callable[[Seen], tuple[str, str]], tuple[str, ...]]] = {
    "other-weights": (_other_weights, ("optimizer.parameters", "optimizer.step")),
    "step-before-backward": (_before_backward, ("optimizer.step", "training.loop")),
    "cleared-before-step": (_cleared_before, ("autograd.accumulate", "optimizer.step")),
    "no-step": (_no_step, ("optimizer.step", "training.loop")),
    "broadcast-loss": (_broadcast, ("broadcast.bug",)),
    "never-cleared": (_never_cleared, ("autograd.accumulate",)),
    "not-finite": (_not_finite, ("autograd.nan",)),
    "unmoved": (_unmoved, ("optimizer.rate",)),
    "no-gradient": (_no_gradient, ("autograd.detach",)),
    "softmax-twice": (_softmax, ("loss.logits", "loss.cross-entropy")),
    "nll-of-scores": (_nll, ("loss.cross-entropy",)),
    "trained-on-held-out": (_held_out, ("pipeline.split", "data.leak")),
    "sorted": (_sorted, ("linear.batches",)),
    "trained-in-evaluation-mode": (_trained, ("loop.modes", "module.call")),
    "evaluated-in-training-mode": (_evaluated, ("loop.modes", "module.call")),
    "graph-in-evaluation": (_graph, ("autograd.off",)),
    "loss-kept": (_kept, ("autograd.off", "autograd.detach")),
    "loss-summed": (_kept, ("autograd.off", "autograd.detach")),
}
"""Kind of fact -> its words and what teaches them, the likeliest cause of the others first."""
