"""LOOP: correct loops pass, each wrong one is rejected with its own sentence and with no other misconception."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from tutor.kit import check
from tutor.kit.check import Report

REPORTS = ("train_loss", "val_loss", "val_accuracy")

LOOP = """
def fit(model, optimizer, loss_fn, train_loader, val_loader, epochs):
    history = {"train_loss": [], "val_loss": [], "val_accuracy": []}
    for epoch in range(epochs):
        model.train()
        total = 0.0
        for x, y in train_loader:
            optimizer.zero_grad()
            loss = loss_fn(model(x), y)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(y)
        model.eval()
        vtotal, right, n = 0.0, 0, 0
        with torch.no_grad():
            for x, y in val_loader:
                out = model(x)
                vtotal += loss_fn(out, y).item() * len(y)
                right += (out.argmax(1) == y).sum().item()
                n += len(y)
        history["train_loss"].append(total / len(train_loader.dataset))
        history["val_loss"].append(vtotal / n)
        history["val_accuracy"].append(right / n)
    return history
"""


def judged(*changes: tuple[str, str], **options: Any) -> Report:
    source = LOOP
    for old, new in changes:
        assert old in source
        source = source.replace(old, new)
    names: dict[str, Any] = {"torch": torch}
    exec(source, names)
    return check.loop(names["fit"], **{"reports": REPORTS, **options})


def test_the_usual_style() -> None:
    report = judged()
    assert report.ok, report


def other_style(model: Any, optimizer: Any, loss_fn: Any, train_loader: Any, val_loader: Any, epochs: int) -> Any:
    """Gradients cleared by hand and after the step, functions, inference mode, the train loss measured afterwards."""

    def run(loader: Any) -> tuple[float, float]:
        losses, hits, sizes = [], [], []
        for batch in loader:
            output = model(batch[0])
            losses.append(loss_fn(output, batch[1]).detach() * len(output))
            hits.append((output.argmax(-1) == batch[1]).float().sum())
            sizes.append(len(output))
        return (sum(losses) / sum(sizes)).item(), (sum(hits) / sum(sizes)).item()

    rows = []
    for _ in range(epochs):
        model.train(True)
        for x, y in train_loader:
            loss_fn(model(x), y).backward()
            optimizer.step()
            for parameter in model.parameters():
                parameter.grad = None
        model.train(False)
        with torch.inference_mode():
            (train, _), (val, accuracy) = run(train_loader), run(val_loader)
        rows.append({"train_loss": train, "val_loss": val, "val_accuracy": accuracy})
    return rows


def test_another_style() -> None:
    report = check.loop(other_style, reports=REPORTS)
    assert report.ok, report


CLEAR = "            optimizer.zero_grad()\n"
BACK = "            loss.backward()\n"
STEP = "            optimizer.step()\n"
TRAIN = "        model.train()\n"
EVAL = "        model.eval()\n"
TOTAL = "            total += loss.item() * len(y)\n"
RETURN = "    return history"

WRONG: dict[str, tuple[list[tuple[str, str]], str, str]] = {
    "no zero_grad": ([(CLEAR, "")], "gradients", "At step 2 .grad held the gradients of two batches"),
    "zero_grad once an epoch": ([(CLEAR, ""), (TRAIN, TRAIN + CLEAR[4:])], "gradients", "At step 2 .grad held"),
    "zero_grad between": ([(CLEAR, ""), (STEP, CLEAR + STEP)], "gradients", "cleared between backward() and step()"),
    "loss scaled": ([("loss.backward", "(loss / 2).backward")], "loss", "did not start from loss_fn(output, target)"),
    "gradient changed": (
        [(STEP, "            [p.grad.mul_(2) for p in model.parameters()]\n" + STEP)],
        "gradients",
        "2 times its own gradient",
    ),
    "no step": ([(STEP, "")], "steps", "step() is never called"),
    "step of another optimizer": (
        [("optimizer.step()", "torch.optim.SGD([torch.zeros(1)], lr=1).step()")],
        "steps",
        "on an optimizer of other parameters",
    ),
    "step once an epoch": ([(STEP, ""), (EVAL, STEP[4:] + EVAL)], "steps", "Step 1 comes after 3 calls of backward()"),
    "step first": (
        [(BACK + STEP, STEP + BACK)],
        "steps",
        "step() comes before backward(): at step 1 it had no gradient",
    ),
    "stale step": (
        [(CLEAR, ""), (BACK + STEP, STEP + CLEAR + BACK)],
        "steps",
        "step() comes before backward(): at step 1 it had no gradient yet",
    ),
    "no backward": ([(BACK, "")], "steps", "backward() is never called"),
    "no train()": ([(TRAIN, "")], "train_mode", "Your model trained in eval mode"),
    "train() once": (
        [(TRAIN, ""), ("    for epoch", TRAIN[4:] + "    for epoch")],
        "train_mode",
        "In epoch 2 your model trained in eval mode",
    ),
    "no eval()": ([(EVAL, "")], "eval_mode", "dropout is on too, and a batch of one breaks BatchNorm"),
    "no no_grad": ([("torch.no_grad()", "torch.enable_grad()")], "no_grad", "eval() alone does not do that"),
    "mean of means": (
        [(TOTAL, "            total += loss.item()\n"), ("len(train_loader.dataset)", "len(train_loader)")],
        "means",
        "The last batch is smaller: weight each batch by its size",
    ),
    "last batch only": ([("vtotal / n)", "loss_fn(out, y).item())")], "means", "the number of the last batch alone"),
    "never divided": ([("vtotal / n)", "vtotal)")], "means", "The samples were added up and never divided"),
    "in percent": ([("right / n)", "100 * right / n)")], "means", "report a share from 0 to 1"),
    "losses kept": ([("loss.item() * len(y)", "loss * len(y)")], "graphs", "loss.item() is a plain number"),
    "a graph in the history": (
        [(RETURN, '    history["train_loss"][-1] += 0 * loss\n' + RETURN)],
        "graphs",
        "Your history keeps graphs alive",
    ),
    "trains on validation": (
        [("in train_loader:", "in val_loader:")],
        "data",
        "Validation batches were used for training",
    ),
    "first batch only": ([(TOTAL, TOTAL + "            break\n")], "data", "In epoch 1 the model trained on 4 of 10"),
    "single samples": (
        [("in train_loader:", "in ((a[None], b[None]) for a, b in train_loader.dataset):")],
        "data",
        "The model trains on single samples, 10 steps an epoch",
    ),
    "no validation": ([("in val_loader:", "in []:"), ("/ n)", "/ 1)")], "data", "After epoch 1 there is no validation"),
    "epochs ignored": ([("range(epochs)", "range(1)")], "data", "trained for 1 epochs instead of 3"),
    "inputs changed": ([("model(x), y", "model(x / 2), y")], "data", "numbers that are in no batch"),
    "softmax first": ([("model(x), y", "model(x).softmax(1), y")], "loss", "softmax came before it"),
    "nothing returned": ([(RETURN, "    return None")], "means", "got None"),
    "too short a history": ([(RETURN, "    return {k: v[:1] for k, v in history.items()}")], "means", "and has 1"),
    "another name": ([('"val_accuracy"', '"accuracy"')], "means", "val_accuracy is missing"),
    "an error": ([("model(x), y", "model(x), yy")], "ran", "NameError: name 'yy' is not defined"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_loops(name: str) -> None:
    changes, finding, sentence = WRONG[name]
    report = judged(*changes)
    found = getattr(report, finding)
    assert not found.ok and sentence in found.why, report
    assert found.expected or found.got


@pytest.mark.parametrize(
    "name", ["no zero_grad", "no eval()", "no no_grad", "mean of means", "losses kept", "train() once"]
)
def test_only_that_is_said(name: str) -> None:
    changes, finding, _ = WRONG[name]
    report = judged(*changes)
    assert [one for one in report if not getattr(report, one).ok] == [finding]


def test_a_loop_that_does_nothing_has_run_and_no_more() -> None:
    reports = ("train_loss", "val_loss")
    report = check.loop(lambda *given: None, "classes", reports=reports)
    assert [one for one in report if getattr(report, one).ok] == ["ran"]


def regress(
    model: Any, optimizer: Any, loss_fn: Any, train: Any, val: Any, epochs: int, *, flat: bool, root: bool
) -> Any:
    history: Any = ([], [])
    for _ in range(epochs):
        model.train()
        for x, y in train:
            optimizer.zero_grad()
            loss_fn(model(x), y[:, None] if flat else y).backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            squares = [((model(x).flatten() - y.flatten()) ** 2).sum() for x, y in val]
            roots = [(s / n).sqrt() * n for s, n in zip(squares, (3, 3, 1), strict=True)]
        history[0].append((sum(roots) / 7).item() if root else (sum(squares) / 7).sqrt().item())
        history[1].append((sum(squares) / 7).item())
    return history


@pytest.mark.parametrize("kind", ["regression", "regression-flat"])
def test_regression(kind: str) -> None:
    def run(flat: bool, root: bool) -> Report:
        return check.loop(lambda *args: regress(*args, flat=flat, root=root), kind, reports=("val_rmse", "val_loss"))

    flat = kind == "regression-flat"
    assert run(flat, False).ok, run(flat, False)
    if flat:
        assert "(N, 1) and (N,) were stretched" in run(False, False).loss.why
    assert not run(flat, True).means.ok


def test_several_labels_and_sequences_and_a_class() -> None:
    class Trainer:
        def __init__(self, model: Any, loss_fn: Any, optimizer: Any) -> None:
            self.model, self.loss_fn, self.optimizer = model, loss_fn, optimizer

        def fit(self, loaders: Any, epochs: int) -> Any:
            losses = []
            for _ in range(epochs):
                self.model.train()
                for *x, y in loaders[0]:
                    self.optimizer.zero_grad()
                    self.loss_fn(self.model(*x), y).backward()
                    self.optimizer.step()
                self.model.eval()
                with torch.no_grad():
                    both = [(self.loss_fn(self.model(*x), y).item(), len(y)) for *x, y in loaders[1]]
                losses.append(sum(loss * size for loss, size in both) / sum(size for _, size in both))
            return losses

    for kind in ("multilabel", "sequences", "classes", "regression"):
        report = check.loop(
            Trainer,
            kind,
            call=lambda trainer, t: trainer(t.model, t.loss_fn, t.optimizer).fit(
                (t.train_loader, t.val_loader), t.epochs
            ),
            reports=("val_loss",),
        )
        assert report.ok, (kind, report)


def test_an_optimizer_of_the_function_s_own_is_seen() -> None:
    def fit(model: nn.Module, _: Any, loss_fn: Any, train: Any, val: Any, epochs: int) -> Any:
        return other_style(model, torch.optim.Adam(model.parameters(), lr=0.01), loss_fn, train, val, epochs)

    assert check.loop(fit, reports=REPORTS).ok


def test_a_history_of_another_form() -> None:
    report = judged(("    return history", "    return model, history"), history=lambda result: result[1])
    assert report.ok, report
    broken = judged(("    return history", "    return None"), history=lambda result: result[1])
    assert not broken.means.ok and broken.data.ok


def test_authors_slips_are_errors() -> None:
    with pytest.raises(ValueError, match="there is no task"):
        check.loop(other_style, "pictures")
    with pytest.raises(ValueError, match="val_f1"):
        check.loop(other_style, reports=("val_f1",))


def several_labels(loss: Any, said: Any, share: Any) -> Any:
    """A loop for several labels with its own loss, decision, and share of right answers."""

    def fit(model: nn.Module, optimizer: Any, _: Any, train: Any, val: Any, epochs: int) -> Any:
        exact = []
        for _ in range(epochs):
            model.train()
            for x, y in train:
                optimizer.zero_grad()
                loss(model(x), y).backward()
                optimizer.step()
            model.eval()
            with torch.no_grad():
                parts = [(share(said(model(x)) == y), len(y)) for x, y in val]
            exact.append(sum(part.sum().item() for part, _ in parts) / sum(size for _, size in parts))
        return exact

    return check.loop(fit, "multilabel", reports=("val_exact",))


def test_mistakes_with_several_labels_are_told_apart() -> None:
    bce, whole = nn.BCEWithLogitsLoss(), lambda hits: hits.all(1).float()
    assert several_labels(bce, lambda z: (z > 0).float(), whole).ok
    competing = several_labels(nn.functional.cross_entropy, lambda z: (z > 0).float(), whole)
    assert "compete" in competing.loss.why
    above = several_labels(bce, lambda z: (z > 0.5).float(), whole)
    assert "a probability of 0.5 is a score of 0" in above.means.why
    flattering = several_labels(bce, lambda z: (z > 0).float(), lambda hits: hits.float().mean(1))
    assert "share of right labels" in flattering.means.why
