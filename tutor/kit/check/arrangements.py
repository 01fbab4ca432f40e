"""ORDER: shuffled lines that the learner has put in order, judged by running them."""

from __future__ import annotations

from collections import Counter
from typing import Any, Callable, Dict, Mapping, Optional, Sequence, Tuple, Union

from tutor.kit.check.attempts import attempt
from tutor.kit.check.report import Findings, Report, begun
from tutor.kit.check.values import kind_of

_FILE = "<your order>"


def order(
    lines: Mapping[str, str],
    answer: Any,
    judge: Callable[[Dict[str, Any]], Union[bool, str]],
    *,
    names: Optional[Callable[[], Dict[str, Any]]] = None,
    known: Optional[Mapping[Tuple[str, str], str]] = None,
    seed: int = 0,
) -> Report:
    """Run lines in the learner's order; every order that works is right.

        report = check.order(
            {"A": "loss.backward()", "B": "optimizer.step()", "C": "loss = loss_fn(model(x), y)"},
            answer, lambda names: moved(names["model"]), names=fresh_names,
            known={("B", "A"): "step() before backward() uses gradients of the step before"},
        )
        assert report.complete.ok, report.complete.why
        assert report.ran.ok, report.ran.why
        assert report.result.ok, report.result.why

    `lines` maps a label to its code, which brings its own indentation. `answer` is a sequence of labels, or one text
    of them: "CAB", "C A B", "c, a, b". `names()` makes the names that the lines may use, new for this run. `judge`
    gets the names after it and gives True or "", or False or a sentence about what is wrong. `known` maps a pair of
    labels to what is said where the first stands before the second and the order is wrong.

    Findings: `complete` (each label once), `ran`, `result`.
    """
    findings = Findings("complete", "ran", "result")
    labels = _labels(answer, lines)
    problem = _incomplete(labels, answer, lines)
    if labels is None or problem:
        findings.fail("complete", problem, f"each of {', '.join(lines)} once", str(answer)[:80])
        findings.skip("each line has to be there once", "ran", "result")
        return findings.report()
    reason = _known(labels, known or {})
    code = "\n".join(lines[label].rstrip("\n") for label in labels) + "\n"
    namespace = names() if names is not None else {}
    got = attempt(lambda: exec(compile(code, _FILE, "exec"), namespace), seed, _FILE)
    if got.error is not None:
        number = got.line or getattr(got.error, "lineno", 0) or 0
        at = _label_at(labels, lines, number)
        where = f" at line {at} ({lines[at].strip().splitlines()[0]})" if at else ""
        why = f"In this order it stops{where} with {got.words}."
        findings.fail("ran", f"{why} {reason}".strip(), "a run to its end", got.words)
        findings.skip("the lines have to run first", "result")
        return findings.report()
    judged = attempt(lambda: judge(namespace), seed)
    said = f"What it leaves cannot be judged: {judged.words}." if judged.error else judged.value
    if said is not True and said != "":
        why = said if isinstance(said, str) else "It runs in this order, but the result is not the right one."
        findings.fail("result", reason or why, "", " ".join(labels))
    return findings.report()


def _labels(answer: Any, lines: Mapping[str, str]) -> Optional[Sequence[str]]:
    """The answer as labels; None if it is something else. Small letters do where the labels allow it."""
    if isinstance(answer, str):
        parts = answer.replace(",", " ").split()
        parts = list(parts[0]) if len(parts) == 1 and parts[0] not in lines else parts
    elif isinstance(answer, (list, tuple)):
        parts = [str(one).strip() for one in answer]
    else:
        return None
    meant = {label.lower(): label for label in lines}
    return [meant.get(one.lower(), one) for one in parts] if len(meant) == len(lines) else parts


def _incomplete(labels: Optional[Sequence[str]], answer: Any, lines: Mapping[str, str]) -> str:
    if labels is None:
        return f"Write the labels in order, such as {' '.join(lines)}; there is {kind_of(answer)}."
    strange = [one for one in labels if one not in lines]
    if strange:
        return f"There is no line {strange[0]!r}; the lines are {', '.join(lines)}."
    twice = [one for one, count in Counter(labels).items() if count > 1]
    if twice:
        return f"Line {twice[0]} is there more than once."
    missing = [one for one in lines if one not in labels]
    return f"Line {missing[0]} is missing." if missing else ""


def _known(labels: Sequence[str], known: Mapping[Tuple[str, str], str]) -> str:
    for (first, second), sentence in known.items():
        if labels.index(first) < labels.index(second):
            return f"{begun(sentence).rstrip('.')}."
    return ""


def _label_at(labels: Sequence[str], lines: Mapping[str, str], number: int) -> str:
    """The label whose code holds a line of the whole program."""
    last = 0
    for label in labels:
        last += len(lines[label].rstrip("\n").split("\n"))
        if number and number <= last:
            return label
    return ""
