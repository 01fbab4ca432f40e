"""LOOP: a learner's training function, watched while it trains a small model."""

from __future__ import annotations

from typing import Any, Callable, List, Optional, Sequence

import torch

from tutor.kit.check.attempts import attempt
from tutor.kit.check.gradient_steps import backwards, judge_loss, judge_order, judge_steps
from tutor.kit.check.report import Findings, Report
from tutor.kit.check.reported import METRICS, Epoch, judge_means
from tutor.kit.check.spies import Forward, watched_steps
from tutor.kit.check.tasks import TRAIN, VAL, Task, make_task


def loop(
    train: Callable[..., Any],
    task: str = "classes",
    *,
    call: Optional[Callable[[Any, Task], Any]] = None,
    reports: Sequence[str] = ("train_loss", "val_loss"),
    history: Optional[Callable[[Any], Any]] = None,
    loss: bool = True,
    epochs: int = 3,
    seed: int = 0,
) -> Report:
    """Watch a training function train a small model for a few epochs.

        report = check.loop(fit, "classes", reports=("train_loss", "val_loss", "val_accuracy"))
        assert report.ran.ok, report.ran.why
        assert report.data.ok, report.data.why
        assert report.steps.ok, report.steps.why
        assert report.gradients.ok, report.gradients.why
        assert report.loss.ok, report.loss.why
        assert report.train_mode.ok, report.train_mode.why
        assert report.eval_mode.ok, report.eval_mode.why
        assert report.no_grad.ok, report.no_grad.why
        assert report.means.ok, report.means.why
        assert report.graphs.ok, report.graphs.why

    The function is called as `train(model, optimizer, loss_fn, train_loader, val_loader, epochs)`, or as
    `call(train, task)` says, with a `tutor.kit.check.tasks.Task`: for a class,
    `call=lambda Trainer, t: Trainer(t.model, t.loss_fn, t.optimizer).fit((t.train_loader, t.val_loader), t.epochs)`.
    `task` is one of "classes", "regression", "regression-flat", "multilabel", "sequences".

    `reports` are the numbers it returns for each epoch: "train_" or "val_" and one of loss, accuracy, rmse, exact
    (all labels of a sample right). They may come as a dict of lists, as a list of dicts, or as a tuple of lists in
    this order; else `history` makes one of these out of what was returned. `loss=False` is for functions that scale
    their targets, whose loss is therefore not `loss_fn` of the batch.

    Findings: `ran`; `data` (every training sample once an epoch, every validation sample once after it, none of the
    latter trained on); `steps` (one step for each batch, after its backward); `gradients` (at each step those of that
    batch alone); `loss` (they come from `loss_fn`); `train_mode`; `eval_mode`; `no_grad` (in validation); `means` (the
    reported numbers are weighted by the sizes of the batches); `graphs` (none is kept alive).

    Only behaviour is judged, never the source. Raises nothing that `train` raises.
    """
    findings = Findings(
        "ran", "data", "steps", "gradients", "loss", "train_mode", "eval_mode", "no_grad", "means", "graphs"
    )
    made = make_task(task, epochs, seed)
    for name in reports:
        if name.partition("_")[0] not in ("train", "val") or name.partition("_")[2] not in METRICS:
            raise ValueError(f"{name!r} is not train_ or val_ with one of {', '.join(METRICS)}")
    run = call or (lambda f, t: f(t.model, t.optimizer, t.loss_fn, t.train_loader, t.val_loader, t.epochs))
    with watched_steps(made.model, made.log):
        got = attempt(lambda: run(train, made), seed)
    if got.error is not None:
        findings.fail("ran", f"It stops with {got.words}.", "a run to its end", got.words)
        judge_steps(findings, made)  # a step in the wrong place may be what made it stop
        findings.skip("your function has to run to its end first", *findings.others("ran"))
        return findings.report()
    judge_order(findings, made)
    days = _epochs(made)
    _judge_data(findings, made, days)
    _judge_modes(findings, days)
    if loss:
        judge_loss(findings, made)
    _judge_graphs(findings, made, got.value)
    if reports:
        given = got if history is None else attempt(lambda: history(got.value))
        judge_means(findings, made, days, given.value, reports)
    return findings.report()


def _epochs(task: Task) -> List[Epoch]:
    """The calls sorted into epochs: an epoch ends when every training sample has been trained on."""
    trained = {id(one.forward) for one in backwards(task)}
    days, seen = [Epoch([], [], [])], 0
    for call in task.log.events:
        if not isinstance(call, Forward) or not call.samples:
            continue
        if all(sample >= TRAIN for sample in call.samples):
            days[-1].validated.append(call)
            continue
        if id(call) not in trained:
            days[-1].looked.append(call)
            continue
        if seen >= TRAIN or (seen and days[-1].validated):
            days.append(Epoch([], [], []))
            seen = 0
        days[-1].trained.append(call)
        seen += len(call.samples)
    return days


def _judge_data(findings: Findings, task: Task, days: Sequence[Epoch]) -> None:
    calls = [one for one in task.log.events if isinstance(one, Forward)]
    if any(one.samples is None for one in calls):
        why = "The model got numbers that are in no batch: were the inputs changed on the way?"
        findings.fail("data", why, "the batches as they are", "other numbers")
        return
    if any(one.forward.samples and max(one.forward.samples) >= TRAIN for one in backwards(task)):
        why = (
            "Validation batches were used for training: after backward() on them the score says nothing about new data."
        )
        findings.fail("data", why, "training batches only", "validation batches")
        return
    trained = [one for one in days if one.trained]
    if not trained:
        findings.skip("the model has to train first", "data")
        return
    if all(len(one.samples or ()) == 1 for day in trained for one in day.trained):
        why = f"The model trains on single samples, {TRAIN} steps an epoch: take the batches of the loader."
        findings.fail("data", why, "3 batches an epoch", f"{TRAIN} single samples")
    for at, day in enumerate(trained, 1):
        samples = [sample for one in day.trained for sample in one.samples or ()]
        if len(set(samples)) < TRAIN:
            seen = len(set(samples))
            why = f"In epoch {at} the model trained on {seen} of {TRAIN} samples: go through the whole loader."
            findings.fail("data", why, f"{TRAIN} samples", str(seen))
        checked = {sample for one in day.validated for sample in one.samples or ()}
        if len(checked) < VAL:
            missing = "no validation" if not checked else f"validation on {len(checked)} of {VAL} samples"
            why = f"After epoch {at} there is {missing}: go through the whole validation loader after each epoch."
            findings.fail("data", why, f"{VAL} validation samples", str(len(checked)))
    if len(trained) != task.epochs:
        why = f"It trained for {len(trained)} epochs instead of {task.epochs}."
        findings.fail("data", why, f"{task.epochs} epochs", str(len(trained)))


def _judge_modes(findings: Findings, days: Sequence[Epoch]) -> None:
    for at, day in enumerate(days, 1):
        if any(not one.training for one in day.trained):
            why = "Your model trained in eval mode: call model.train() at the start of each epoch."
            if at > 1:
                why = f"In epoch {at} your model trained in eval mode: eval() of the validation before is still on. "
                why += "Call model.train() at the start of each epoch."
            findings.fail("train_mode", why, "train mode", f"eval mode in epoch {at}")
        if any(one.training for one in day.validated):
            why = "Validation ran in train mode: with model.train() on, dropout is on too, and a batch of one breaks "
            why += "BatchNorm. Call model.eval() before it."
            findings.fail("eval_mode", why, "eval mode", "train mode")
        if any(one.with_grad for one in day.validated):
            why = "Validation built graphs for gradients that nobody uses: put it under torch.no_grad(). eval() alone "
            why += "does not do that."
            findings.fail("no_grad", why, "no gradients in validation", "gradients switched on")
    if not any(day.validated for day in days):
        findings.skip("there is no validation", "eval_mode", "no_grad")


def _judge_graphs(findings: Findings, task: Task, result: Any) -> None:
    most = max((one.alive for one in task.log.events if isinstance(one, Forward)), default=0)
    if most > 2:
        why = f"Up to {most} graphs were in memory at once: something you keep, a sum of losses or a history, holds "
        why += "each of them. loss.item() is a plain number."
        findings.fail("graphs", why, "one graph at a time", f"{most} graphs")
    if _holds_graph(result):
        why = "Your history keeps graphs alive: put plain numbers into it, by .item()."
        findings.fail("graphs", why, "numbers", "tensors with a graph")


def _holds_graph(value: Any) -> bool:
    if torch.is_tensor(value):
        return value.grad_fn is not None
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return any(_holds_graph(part) for part in parts)
