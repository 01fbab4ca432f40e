"""From what was seen of passes and steps to facts about the loop; what follows from another fact is not told."""

from __future__ import annotations

from typing import Dict, FrozenSet, Iterator, List, Optional, Tuple, TypeVar

from tutor.kernel.autopsy.witness import Pass, Site, Step, Witness
from tutor.kernel.xray.cuts import cuts
from tutor.runner.protocol.parts import Fact

_T = TypeVar("_T")

ENOUGH = 3
"""So many steps or passes make a loop."""


def facts_of(witness: Witness) -> List[Fact]:
    """What can be said about a run that has ended."""
    found = list(_steps(witness)) if witness.steps else list(_without_steps(witness))
    found += _modes(witness)
    found += _held_out(witness)
    return [*found, *witness.facts]


def _steps(witness: Witness) -> Iterator[Fact]:
    for optimizer, (kind, rate, params) in witness.parameters.items():
        steps = [one for one in witness.steps if one.optimizer == optimizer]
        fact = _one_optimizer(witness, steps, params)
        if fact is not None:
            yield fact
        moved = _movement(witness, params)
        if moved is not None and len(steps) >= ENOUGH:
            line = _line(witness, steps, "step")
            if moved == 0.0 and fact is None and _learning(steps) and sum(one.early for one in steps) >= ENOUGH:
                yield Fact("unmoved", line, (kind,), (rate,))
            yield Fact("rate", line, (kind,), (rate, moved))


def _one_optimizer(witness: Witness, steps: List[Step], params: FrozenSet[int]) -> Optional[Fact]:
    """The first thing that is wrong with how an optimizer is used; what follows from it is not told."""
    everything, steps = steps, [one for one in steps if one.early]
    if len(steps) < ENOUGH or not witness.passes:
        return None
    line = _line(witness, steps, "step")
    between = all(later.passes > one.passes for one, later in _pairs(steps))
    if between and not any(one.reached or one.full for one in steps):
        return None if steps[0].passes == 0 else Fact("other-weights", line, (), (float(len(params)),))
    if steps[0].passes == 0 and not steps[0].full and between:
        return Fact("step-before-backward", line, (), (float(_line(witness, steps, "backward")),))
    idle = all((not one.full or one.zero) for one in steps)
    if idle and between and steps[0].passes > 0:
        emptied = all(not one.full for one in steps) or _cleared(witness, steps)
        if emptied:
            return Fact("cleared-before-step", _line(witness, steps, "zero_grad") or line, (), (float(line),))
        return None
    if _stale(witness, steps, params):
        return Fact("never-cleared", line, (), (float(_line(witness, steps, "zero_grad")),))
    sites = [site for site in witness.sites.values() if site.ids & params]
    return _without_gradient(witness, everything, sites, line)


def _cleared(witness: Witness, steps: List[Step]) -> bool:
    """Whether gradients were zeros at each step although the loop's own code clears them in between."""
    return _line(witness, steps, "zero_grad") > 0


def _stale(witness: Witness, steps: List[Step], params: FrozenSet[int]) -> bool:
    """Whether each first pass after a step, from where the steps come, still found the gradients of before."""
    seen = 0
    for one, later in _pairs(steps):
        first = next((p for p in witness.passes if p.number >= one.passes and p.site == later.site), None)
        if first is None or first.number >= later.passes:
            continue
        mine = [stale for leaf, stale in first.stale.items() if leaf in params and leaf in one.full]
        if not mine or not all(mine):
            return False
        seen += 1
    return seen >= ENOUGH - 1


def _without_gradient(witness: Witness, steps: List[Step], reached: List[Site], line: int) -> Optional[Fact]:
    """Parameters that had no gradient at any step, while others had one."""
    empty = frozenset.intersection(*(one.empty for one in steps))
    names = [witness.named[one] for one in empty if one in witness.named]
    if not names or not any(one.full for one in steps):
        return None
    trees = [tree for site in reached for tree in site.reading.trees]
    where = cuts(trees, witness.bodies(), [])
    first = where[0] if where else None
    what = (first.what,) if first else ("",)
    return Fact(
        "no-gradient", first.line if first else 0, (*what, *sorted(names)[:6]), (float(len(names)), float(line))
    )


def _without_steps(witness: Witness) -> Iterator[Fact]:
    """Loops without an optimizer's step: weights moved by hand, or forgotten."""
    for key, site in witness.sites.items():
        passes = [one for one in witness.passes if one.site == key]
        if len(passes) < ENOUGH + 1 or not site.reading.looped:
            continue
        moved = _moves(passes)
        if moved >= len(passes) - 1 and all(_all(one.stale) for one in passes[1:]):
            yield Fact("never-cleared", site.line, (), (0.0,))
        if moved or site.reading.has("step"):
            continue
        clearing = {name.rpartition(".")[2] for name, method, _ in site.reading.calls if method == "zero_grad"}
        for name, new, params in witness.optimizers.values():
            if params & site.ids and (name in clearing or (new and not clearing)):
                yield Fact("no-step", site.line, (name,), (float(passes[-1].number + 1),))
                break


def _modes(witness: Witness) -> Iterator[Fact]:
    """A model that trained in training mode first and in evaluation mode later."""
    for key, site in witness.sites.items():
        modes: Dict[str, List[bool]] = {}
        for one in witness.passes:
            if one.site == key:
                for name, training in one.training.items():
                    modes.setdefault(name, []).append(training)
        for name, seen in modes.items():
            if seen[0] and len(seen) > 2 and not any(seen[-2:]):
                yield Fact("trained-in-evaluation-mode", site.line, (name,), ())


def _held_out(witness: Witness) -> Iterator[Fact]:
    for key, site in witness.sites.items():
        name, line = site.reading.held_out
        if name and sum(one.site == key for one in witness.passes) >= ENOUGH:
            yield Fact("trained-on-held-out", line, (name,), ())


def _learning(steps: List[Step]) -> bool:
    return all(one.full and not one.zero for one in steps)


def _movement(witness: Witness, params: FrozenSet[int]) -> Optional[float]:
    """How far the marks of an optimizer's weights went from the first to the last look, as a part of their size."""
    marks: Dict[int, List[float]] = {}
    for one in witness.passes:
        for leaf, mark in one.marks.items():
            if leaf in params:
                marks.setdefault(leaf, []).append(mark)
    seen = [one for one in marks.values() if len(one) >= ENOUGH]
    return max((abs(one[-1] - one[0]) / max(abs(one[0]), 1e-12) for one in seen), default=None)


def _moves(passes: List[Pass]) -> int:
    """Between how many passes any weight changed."""
    return sum(one.marks != later.marks for one, later in _pairs(passes))


def _pairs(things: List[_T]) -> List[Tuple[_T, _T]]:
    """Each with the one after it."""
    return [(things[at], things[at + 1]) for at in range(len(things) - 1)]


def _all(stale: Dict[int, bool]) -> bool:
    return bool(stale) and all(stale.values())


def _line(witness: Witness, steps: List[Step], method: str) -> int:
    """The line on which the loop calls a method, else that of the backward pass."""
    site = next((witness.sites[one.site] for one in steps if one.site in witness.sites), None)
    if site is None:
        return 0
    if method == "backward":
        return site.line
    found = site.reading.line(method)
    return found if found or method == "zero_grad" else site.line
