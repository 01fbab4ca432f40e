"""Hand-made lessons, items and records for tests and trials of the widgets."""

from __future__ import annotations

from pathlib import Path

from tutor.course.blocks import (
    Aside,
    Callout,
    Formula,
    Heading,
    Image,
    ListBlock,
    ListItem,
    Paragraph,
    Quote,
    Rule,
    ShownCode,
    Span,
    Table,
)
from tutor.course.items import Answer, Code, Exercise, Hint, Knob, Option, Predict, Quiz, Snippet
from tutor.course.model import FrontMatter, Lesson, Page


def para(*parts: str | Span) -> Paragraph:
    return Paragraph(tuple(part if isinstance(part, Span) else Span(part) for part in parts))


def code(text: str) -> Span:
    return Span(text, code=True)


TRAIN = """\
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(1, 1)  # one weight, one bias
optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
for step in range(200):
    loss = nn.functional.mse_loss(model(distance), minutes)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(f"after {step + 1} steps the loss is {loss.item():.4f}")
"""

SNIPPET = Snippet(
    Code("delivery/train", TRAIN, 40, name="train"),
    knobs=(
        Knob("learning_rate", 0.01, "slider", 0.0001, 1.0, scale="log", help="size of a step"),
        Knob("kind", "sgd", "choice", choices=("sgd", "adam")),
    ),
    output="after 200 steps the loss is 0.0213\n",
)

EXERCISE = Exercise(
    "delivery/predict-minutes",
    "predict-minutes",
    Code("delivery/predict-minutes", "def predict(distance):\n    # TODO\n    return 0\n", 70),
    (Code("delivery/predict-minutes/test", "assert predict(1) == 2, 'one km takes two minutes'\n", 80),),
    (
        Hint("Hint 1", (para("Multiply the distance by the ", Span("weight", bold=True), ", then add the bias."),)),
        Hint("Hint 2", (para("The bias is ", code("model.bias"), "."), ShownCode("python", "w * distance + b"))),
    ),
    Answer(
        "Solution",
        Code("delivery/solution", "def predict(distance):\n    return 1.5 * distance + 0.5\n", 90),
        (para("A line has a slope and an offset: nothing else is needed."),),
    ),
    alternatives=(
        Answer(
            "With a lambda",
            Code("delivery/alt", "predict = lambda distance: 0.5 + 1.5 * distance\n", 100),
            (para("The same line, the other way round."),),
        ),
    ),
)

QUIZ = Quiz(
    "delivery/why-zero-grad",
    "why-zero-grad",
    (para("Why is ", code("optimizer.zero_grad()"), " called in each step?"),),
    (
        Option((para("It makes the weights zero."),), False, (para("It clears gradients, not weights."),)),
        Option(
            (para("Gradients add up in ", code(".grad"), " otherwise."),),
            True,
            (para("Yes: ", code("backward()"), " adds to what is there."),),
        ),
        Option((para("It frees the GPU."),), False, (para("Memory is freed when nothing refers to it."),)),
    ),
    more=(para("Try it: leave it out and watch the loss."),),
)

PREDICT = Predict(
    "delivery/softmax-overflow",
    "softmax-overflow",
    (para("What does this print?"),),
    Code(
        "delivery/softmax-overflow", "big = torch.tensor([1000.0, 1000.0])\nprint(big.exp() / big.exp().sum())\n", 120
    ),
    expected="tensor([nan, nan])\n",
    answer=(
        para(code("exp(1000)"), " overflows to ", code("inf"), ", and ", code("inf / inf"), " is ", code("nan"), "."),
    ),
)

PROSE = (
    para(
        "A neuron multiplies each input by a ",
        Span("weight", bold=True),
        ", adds a ",
        Span("bias", italic=True),
        ", and passes on the sum ",
        Span("ŷ = w·x + b", math=True),
        ". In PyTorch that is ",
        code("nn.Linear(1, 1)"),
        ": see ",
        Span("the documentation", link="https://pytorch.org"),
        ".",
    ),
    ListBlock(
        (
            ListItem(
                (para("measure the distance of a delivery, which is the only thing that the model ever gets to see"),)
            ),
            ListItem(
                (para("guess the minutes"), ListBlock((ListItem((para("the ", code("loss"), " says how wrong"),)),)))
            ),
            ListItem((para("turn the knobs"),), checked=True),
        ),
        start=1,
    ),
    Callout(
        "tip",
        (para("Every row of the result sums to 1. If yours does not, you summed over the wrong ", code("dim"), "."),),
    ),
    Callout("warning", (para("Never compare floats with ", code("=="), "."),)),
    Formula("L = (1/n) Σᵢ (ŷᵢ − yᵢ)²", "L"),
    Table(
        ((Span("argument"),), (Span("sums to 1 along"),), (Span("cost"),)),
        (
            ((code("dim=0"),), (Span("columns, which is rarely what one wants in a batch of rows"),), (Span("1"),)),
            ((code("dim=1"),), (Span("rows"),), (Span("12"),)),
        ),
        ("left", "left", "right"),
    ),
    ShownCode("python", 'for x in data:  # a comment\n    print(f"{x:.3f}", x is None, len([1, 2.5]))\n'),
    Heading(3, (Span("A smaller heading"),)),
    Image("A bar chart: temperature 0.5 gives one tall bar, temperature 5 gives three nearly equal bars", "x.png"),
    Quote((para("All models are wrong, some are useful."),)),
    Aside("More about the bias", (para("It shifts the line up and down."),)),
    Rule(),
)

PAGES = (
    Page(1, "A neuron predicts minutes", (*PROSE, para("Now run it."), SNIPPET)),
    Page(2, "Your turn", (para("Write ", code("predict"), ": minutes from kilometres."), EXERCISE, QUIZ, PREDICT)),
)

LESSON = Lesson(Path("delivery.md"), FrontMatter("delivery", "The delivery neuron"), PAGES)
