"""Steps of a watched training: is there one for each batch, with that batch's gradient, and from the right loss?"""

from __future__ import annotations

from typing import Any, Callable, List, Optional, Sequence, Tuple

import torch

from tutor.kit.check.attempts import attempt
from tutor.kit.check.report import Findings
from tutor.kit.check.spies import Backward, Step
from tutor.kit.check.tasks import TRAIN, Task
from tutor.kit.check.values import Tolerance, agree, plain

_CLOSE = Tolerance(1e-3, 1e-6)


def backwards(task: Task) -> List[Backward]:
    """Every gradient that came back to an output, in order."""
    return [one for one in task.log.events if isinstance(one, Backward)]


def judge_order(findings: Findings, task: Task) -> None:
    """Judge the steps against the backwards, and the gradients at each step against those of its own batch."""
    if not backwards(task):
        why = "backward() is never called, so no gradient comes into being and nothing is learned."
        findings.fail("steps", why, "a backward for each batch", "none")
        findings.skip("there is no backward", "gradients", "loss", "train_mode", "graphs")
        return
    if not any(isinstance(one, Step) for one in task.log.events):
        why = "step() is never called, or on an optimizer of other parameters: the weights stay as they were."
        findings.fail("steps", why, "a step for each batch", "none")
        findings.skip("there is no step", "gradients")
        return
    if judge_steps(findings, task):
        why = "The last backward() has no step() after it: each batch needs backward(), then step()."
        findings.fail("steps", why, "a step after each backward", "a backward without a step")


def judge_steps(findings: Findings, task: Task) -> int:
    """Judge the steps that were made; the number of backwards after the last of them."""
    past: List[Tuple[Any, ...]] = []
    fresh, count = 0, 0
    for event in task.log.events:
        if isinstance(event, Backward):
            past.append(task.model.own_gradients(event))
            fresh += 1
        elif isinstance(event, Step):
            count += 1
            _judge_step(findings, event, past, fresh, count)
            fresh = 0
    return fresh


def _judge_step(findings: Findings, step: Step, past: List[Tuple[Any, ...]], fresh: int, count: int) -> None:
    if not fresh:
        stale = bool(past) and _equal(step.gradients, past[-1])
        what = "the gradient of the batch before" if stale else "no gradient yet"
        why = f"step() comes before backward(): at step {count} it had {what}."
        findings.fail("steps", why, "backward(), then step()", "step(), then backward()")
        findings.skip("step() has to come after backward()", "gradients")
        return
    if fresh > 1:
        why = f"Step {count} comes after {fresh} calls of backward(): each batch needs its own step."
        findings.fail("steps", why, "one step for each batch", f"one for {fresh}")
        return
    if _equal(step.gradients, past[-1]):
        return
    if _empty(step.gradients):
        why = f"At step {count} .grad was empty: it was cleared between backward() and step()."
        findings.fail("gradients", why, "the gradient of the batch", "none")
        return
    for back in range(2, len(past) + 1):
        if _equal(step.gradients, _sum(past[-back:])):
            many = {2: "two", 3: "three"}.get(back, str(back))
            why = f"At step {count} .grad held the gradients of {many} batches: backward() adds to what is there, so "
            why += "zero_grad() has to come before it, for each batch."
            findings.fail("gradients", why, "the gradient of this batch alone", f"the sum of {many} batches")
            return
    factor = _factor(step.gradients, past[-1])
    detail = f"{plain(factor)} times its own gradient" if factor is not None else "something else"
    why = f"At step {count} .grad was not the gradient of that batch, but {detail}: was it changed after backward()?"
    findings.fail("gradients", why, "the gradient of this batch alone", detail)


def _equal(gradients: Sequence[Any], other: Sequence[Any]) -> bool:
    return all(mine is not None and agree(one, mine, _CLOSE) for mine, one in zip(gradients, other))


def _empty(gradients: Sequence[Any]) -> bool:
    return all(one is None or not bool(one.any()) for one in gradients)


def _sum(parts: Sequence[Tuple[Any, ...]]) -> Tuple[Any, ...]:
    return tuple(sum(ones) for ones in zip(*parts))


def _factor(gradients: Sequence[Any], own: Sequence[Any]) -> Optional[float]:
    """The number with which `own` has to be multiplied to get `gradients`; None if there is none."""
    if any(one is None for one in gradients):
        return None
    mine, other = (torch.cat([one.flatten() for one in ones]) for ones in (gradients, own))
    factor = float((mine @ other) / (other @ other).clamp(min=1e-12))
    return factor if agree(other * factor, mine, _CLOSE) else None


def judge_loss(findings: Findings, task: Task) -> None:
    """Compare the gradient at each output with that of the task's loss."""
    for one in backwards(task):
        samples = one.forward.samples
        if samples is None or max(samples) >= TRAIN:
            continue
        target, output = task.target(samples), one.forward.output
        if _starts_from(task.loss_fn, output, target, one.gradient):
            continue
        reason = _reason(task.loss_fn, output, target, one.gradient)
        why = f"backward() did not start from loss_fn(output, target) of the batch{': ' if reason else ''}{reason}"
        why += "" if why.endswith("?") else "."
        findings.fail("loss", why, "loss_fn(output, target)", reason or "something else")
        return


def _reason(loss_fn: Any, output: Any, target: Any, gradient: Any) -> str:
    size = len(output)
    known: Tuple[Tuple[str, Callable[[Any, Any], Any]], ...] = (
        ("softmax came before it, and cross-entropy wants logits", lambda z, y: loss_fn(z.softmax(1), y)),
        ("sigmoid came before it, which wants logits", lambda z, y: loss_fn(z.sigmoid(), y)),
        ("cross-entropy makes the labels compete, and each needs a yes or no of its own", _competing),
        ("the shapes (N, 1) and (N,) were stretched against each other", lambda z, y: ((z - y[:, 0]) ** 2).mean()),
        ("it was multiplied by the size of the batch", lambda z, y: loss_fn(z, y) * size),
        ("it was divided by the size of the batch once more", lambda z, y: loss_fn(z, y) / size),
        ("its root was taken: train on the mean square itself", lambda z, y: loss_fn(z, y).sqrt()),
    )
    return next((said for said, wrong in known if _starts_from(wrong, output, target, gradient)), "")


def _competing(output: Any, target: Any) -> Any:
    if not target.is_floating_point() or output.shape[1] < 2:
        raise TypeError("only for several labels a sample")
    return torch.nn.functional.cross_entropy(output, target)


def _starts_from(loss: Callable[[Any, Any], Any], output: Any, target: Any, gradient: Any) -> bool:
    """Whether a gradient at the output is that of this loss."""

    def differentiate() -> Any:
        with torch.enable_grad():
            leaf = output.clone().requires_grad_()
            return torch.autograd.grad(loss(leaf, target), leaf)[0]

    got = attempt(differentiate)
    return got.error is None and agree(got.value, gradient, _CLOSE)
