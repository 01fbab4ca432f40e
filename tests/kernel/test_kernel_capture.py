"""Capture on real PyTorch code: every kind of training loop is seen, named, and left as it was."""

from __future__ import annotations

import math
import multiprocessing
import os
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from kernel_capture import installed_capture
from torch import nn
from torch.utils.checkpoint import checkpoint
from torch.utils.data import DataLoader, TensorDataset

from tutor.kernel import passes
from tutor.kernel.capture import FLUSHES_A_ROUND
from tutor.kit import log
from tutor.runner.protocol.run_events import Notice, Points

X = torch.randn(16, 4, generator=torch.Generator().manual_seed(0))
Y = torch.randn(16, 1, generator=torch.Generator().manual_seed(1))


class Curve(NamedTuple):
    role: str
    site: str
    steps: list[float]
    values: list[float]


class Bench:
    """Runs functions under one installed capture and collects what it sends."""

    def __init__(self) -> None:
        self.capture, self.events = installed_capture()

    def curves(self) -> dict[str, Curve]:
        found: dict[str, Curve] = {}
        for event in self.events:
            if isinstance(event, Points):
                assert event.run == "run"
                for series, steps, values in event.unpack():
                    curve = found.setdefault(series.name, Curve(series.role, series.site, [], []))
                    assert curve.role == series.role
                    curve.steps.extend(steps)
                    curve.values.extend(values)
        return found

    def notices(self) -> list[str]:
        return [event.text for event in self.events if isinstance(event, Notice)]

    def __call__(self, code: Callable[[], object], *, quiet: bool = True) -> dict[str, Curve]:
        self.events.clear()
        self.capture.begin("run", [__file__])
        try:
            code()
        finally:
            self.capture.end()
        assert not quiet or self.notices() == []
        return self.curves()


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench()


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    yield
    torch.set_num_threads(before)


def network() -> nn.Sequential:
    return nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 1))


def line_of(curve: Curve) -> str:
    file, line = curve.site.rsplit(":", 1)
    assert file == __file__
    with open(file, encoding="utf-8") as source:
        return source.read().splitlines()[int(line) - 1].strip()


def test_a_plain_loop(bench: Bench) -> None:
    seen = []

    def code() -> None:
        model = network()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        for _ in range(5):
            optimizer.zero_grad()
            loss = F.mse_loss(model(X), Y)
            loss.backward()
            optimizer.step()
            seen.append(loss.item())

    curves = bench(code)
    assert list(curves) == ["loss"]
    assert curves["loss"].role == "train"
    assert curves["loss"].steps == [0, 1, 2, 3, 4]
    assert curves["loss"].values == seen
    assert line_of(curves["loss"]) == "loss.backward()"


def test_validation_is_the_mean_of_its_gap_at_the_current_step(bench: Bench) -> None:
    def code() -> None:
        model = network()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        criterion = nn.MSELoss()
        for _ in range(2):
            for _ in range(3):
                loss = criterion(model(X), Y)
                loss.backward()
                optimizer.step()
            with torch.no_grad():
                for part in (0, 1, 2):
                    criterion(torch.full((4,), float(part)), torch.zeros(4))

    curves = bench(code)
    assert curves["val_loss"].role == "validation"
    assert curves["val_loss"].steps == [3, 6]
    assert curves["val_loss"].values == pytest.approx([5 / 3, 5 / 3])
    assert curves["loss"].steps == [0, 1, 2, 3, 4, 5]


def test_trainings_one_after_the_other_lose_no_step(bench: Bench) -> None:
    def code() -> None:
        def training() -> None:
            model = network()
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for _ in range(3):
                loss = F.mse_loss(model(X), Y)
                loss.backward()
                optimizer.step()

        for _ in range(4):
            training()

    assert bench(code)["loss"].steps == list(range(12))


def test_an_evaluation_that_adds_sums_up_is_drawn_as_the_means_that_training_shows(bench: Bench) -> None:
    def code() -> None:
        model, target = network(), torch.zeros(4, dtype=torch.long)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        loss = F.mse_loss(model(X), Y)
        loss.backward()
        optimizer.step()
        test_loss = error = 0.0
        with torch.no_grad():
            for _ in range(2):
                test_loss += F.cross_entropy(torch.zeros(4, 3), target, reduction="sum").item()
                error += nn.MSELoss(reduction="sum")(torch.full((4, 5), 2.0), torch.zeros(4, 5)).item()

    curves = bench(code)
    assert curves["test_loss"].values == pytest.approx([math.log(3)])
    assert curves["error"].values == pytest.approx([4.0])


def test_sums_stay_sums_where_the_program_learns_from_them(bench: Bench) -> None:
    def code() -> None:
        model = network()
        loss = F.mse_loss(model(X), Y, reduction="sum")
        loss.backward()
        with torch.no_grad():
            val_loss = F.mse_loss(torch.full((4, 1), 2.0), torch.zeros(4, 1), reduction="sum")
        assert val_loss == 16

    assert bench(code)["val_loss"].values == [16.0]


def test_a_validation_point_is_sent_as_soon_as_training_goes_on(bench: Bench) -> None:
    def code() -> None:
        model = network()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

        def step() -> None:
            loss = F.mse_loss(model(X), Y)
            loss.backward()
            optimizer.step()

        step()
        with torch.inference_mode():
            val_loss = F.mse_loss(model(X), Y)
        assert val_loss > 0
        bench.capture.flush()
        assert "val_loss" not in bench.curves()
        step()
        bench.capture.flush()
        assert bench.curves()["val_loss"].steps == [1]
        assert bench.curves()["loss"].steps == [0, 1]

    bench(code)


def test_evaluating_without_training(bench: Bench) -> None:
    def code() -> None:
        model = network()
        with torch.no_grad():
            test_loss = sum(F.mse_loss(model(X), Y) for _ in range(3))
        assert test_loss

    curves = bench(code)
    assert len(curves) == 1
    assert next(iter(curves.values())).steps == [0]


def test_losses_with_gradients_on_or_not_scalar_are_no_validation(bench: Bench) -> None:
    def code() -> None:
        F.mse_loss(X, X)
        with torch.no_grad():
            F.mse_loss(X, X, reduction="none")

    assert bench(code) == {}


def test_gan(bench: Bench) -> None:
    def code() -> None:
        generator, critic = network(), nn.Linear(1, 1)
        g_optimizer = torch.optim.Adam(generator.parameters())
        d_optimizer = torch.optim.Adam(critic.parameters())
        for _ in range(3):
            d_optimizer.zero_grad()
            d_loss = F.softplus(critic(generator(X).detach())).mean() + F.softplus(-critic(Y)).mean()
            d_loss.backward()
            d_optimizer.step()
            g_optimizer.zero_grad()
            g_loss = F.softplus(-critic(generator(X))).mean()
            g_loss.backward()
            g_optimizer.step()

    curves = bench(code)
    assert list(curves) == ["d_loss", "g_loss"]
    assert curves["d_loss"].steps == [0, 1, 2]  # two optimizers that take turns make one step together
    assert curves["g_loss"].steps == [1, 2, 3]


def test_accumulation_shows_the_unscaled_loss_and_shares_the_step(bench: Bench) -> None:
    seen = []

    def code() -> None:
        model = network()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        for batch in range(8):
            loss = F.mse_loss(model(X), Y)
            (loss / 4).backward()
            seen.append(loss.item())
            if batch % 4 == 3:
                optimizer.step()
                optimizer.zero_grad()

    curves = bench(code)
    assert curves["loss"].values == seen
    assert curves["loss"].steps == [0, 0, 0, 0, 1, 1, 1, 1]


@pytest.mark.parametrize("enabled", [True, False])
def test_amp_shows_the_unscaled_loss(bench: Bench, enabled: bool) -> None:
    def code() -> None:
        model = network()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        scaler = torch.amp.GradScaler("cpu", init_scale=1024.0, enabled=enabled)
        for _ in range(3):
            optimizer.zero_grad()
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss = F.mse_loss(model(X), Y)
            scaler.scale(loss).backward()
            scaler.step(optimizer)
            scaler.update()

    curves = bench(code)
    assert list(curves) == ["loss"]
    assert max(curves["loss"].values) < 20
    assert curves["loss"].steps == [0, 1, 2]


def test_lbfgs_counts_evaluations(bench: Bench) -> None:
    evaluations = 0

    def code() -> None:
        nonlocal evaluations
        model = network()
        optimizer = torch.optim.LBFGS(model.parameters(), max_iter=5)

        def closure() -> torch.Tensor:
            nonlocal evaluations
            evaluations += 1
            optimizer.zero_grad()
            loss = F.mse_loss(model(X), Y)
            loss.backward()
            return loss

        for _ in range(3):
            optimizer.step(closure)

    curves = bench(code)
    assert evaluations > 3
    assert curves["loss"].steps == list(range(evaluations))


def test_several_losses_in_one_backward(bench: Bench) -> None:
    def code() -> None:
        model = network()
        for _ in range(2):
            fit = F.mse_loss(model(X), Y)
            penalty = model[0].weight.abs().sum()
            torch.autograd.backward([fit, penalty])
        losses = [F.mse_loss(model(X), Y), model[0].weight.abs().sum()]
        torch.autograd.backward(losses)
        torch.autograd.backward(F.mse_loss(model(X), Y))

    curves = bench(code)
    assert list(curves) == ["fit", "penalty", "losses[0]", "losses[1]", "mse_loss"]
    assert curves["penalty"].steps == [0, 1]


@pytest.mark.filterwarnings("ignore:Using backward")
def test_double_backward(bench: Bench) -> None:
    def code() -> None:
        model = network()
        inputs = X.clone().requires_grad_()
        (slope,) = torch.autograd.grad(model(inputs).sum(), inputs, create_graph=True)
        loss = F.mse_loss(model(inputs), Y) + ((slope.norm(dim=1) - 1) ** 2).mean()
        loss.backward(retain_graph=True)
        loss.backward(inputs=list(model.parameters()))
        weight = torch.tensor(3.0, requires_grad=True)
        cube = weight**3
        cube.backward(create_graph=True)
        assert weight.grad is not None
        weight.grad.backward()
        weight.grad = None

    curves = bench(code)
    assert len(curves) == 4
    assert curves["cube"].values == [27.0]
    assert curves["weight.grad"].values[0] == 27.0


def test_updates_by_hand_count_backward_passes(bench: Bench) -> None:
    def code() -> None:
        weight = torch.randn(4, 1, requires_grad=True)
        for epoch in range(200):
            mse = ((X @ weight - Y) ** 2).mean()
            mse.backward()
            with torch.no_grad():
                weight -= 0.1 * weight.grad
                weight.grad = None
            if epoch == 99:
                with torch.no_grad():
                    val_mse = F.mse_loss(X @ weight, Y)
                assert val_mse > 0

    curves = bench(code)
    assert curves["mse"].steps == list(range(200))
    assert curves["val_mse"].steps == [100]


def test_a_forgotten_optimizer_step_still_gives_a_curve(bench: Bench) -> None:
    def code() -> None:
        model = network()
        torch.optim.SGD(model.parameters(), lr=0.1)
        for _ in range(10):
            loss = F.mse_loss(model(X), Y)
            loss.backward()

    assert bench(code)["loss"].steps == list(range(10))


def test_reinforcement_learning(bench: Bench) -> None:
    def code() -> None:
        policy = nn.Linear(4, 2)
        optimizer = torch.optim.Adam(policy.parameters())
        for _ in range(3):
            chance = torch.distributions.Categorical(logits=policy(X)).log_prob(torch.zeros(16))
            policy_loss = -(chance * torch.randn(16)).mean()
            optimizer.zero_grad()
            policy_loss.backward()
            optimizer.step()

    assert bench(code)["policy_loss"].steps == [0, 1, 2]


@pytest.mark.parametrize("reentrant", [False, True])
def test_checkpointing(bench: Bench, reentrant: bool) -> None:
    def code() -> None:
        model = network()
        inputs = X.clone().requires_grad_()
        for _ in range(2):
            loss = checkpoint(lambda x: F.mse_loss(model(x), Y), inputs, use_reentrant=reentrant)
            loss.backward()

    curves = bench(code)
    assert list(curves) == ["loss"]
    assert len(curves["loss"].values) == 2


class Tagged(torch.Tensor):
    """A subclass that goes through `__torch_function__` and writes down what it sees."""

    calls: list[str] = []  # noqa: RUF012

    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):  # type: ignore[no-untyped-def]
        cls.calls.append(getattr(function, "__name__", str(function)))
        return super().__torch_function__(function, types, args, kwargs or {})


def test_a_tensor_subclass_counts_once_and_is_not_looked_at(bench: Bench) -> None:
    def code() -> None:
        weight = torch.randn(4, 1).as_subclass(Tagged).requires_grad_()
        for _ in range(3):
            loss = F.mse_loss(X @ weight, Y)
            loss.backward()
        with torch.no_grad():
            test_loss = F.mse_loss(X @ weight, Y)
        assert isinstance(test_loss, torch.Tensor)

    Tagged.calls.clear()
    code()
    bare = list(Tagged.calls)
    Tagged.calls.clear()
    curves = bench(code)
    assert Tagged.calls == bare
    assert "item" not in bare
    assert [len(curve.values) for curve in curves.values()] == [3, 1]
    assert list(curves) == ["loss", "test_loss"]


def test_dispatch_modes_do_not_see_us(bench: Bench) -> None:
    from torch.utils._python_dispatch import TorchDispatchMode

    seen: list[str] = []

    class Watch(TorchDispatchMode):
        def __torch_dispatch__(self, function, types, args=(), kwargs=None):  # type: ignore[no-untyped-def]
            seen.append(str(function))
            return function(*args, **(kwargs or {}))

    def code() -> None:
        weight = torch.ones(4, 1, requires_grad=True)
        with Watch():
            loss = F.mse_loss(X @ weight, Y)
            loss.backward()

    code()
    bare = list(seen)
    seen.clear()
    assert len(bench(code)["loss"].values) == 1
    assert seen == bare


def test_backward_with_a_gradient(bench: Bench) -> None:
    def code() -> None:
        weight = torch.randn(3, requires_grad=True)
        (weight * 2).backward(torch.ones(3))
        scaled = (weight * 2).sum()
        scaled.backward(torch.tensor(2.0))

    assert list(bench(code)) == ["scaled"]


@pytest.mark.parametrize("backend", ["eager", "aot_eager"])
@pytest.mark.parametrize("whole_step", [False, True])
def test_compile(bench: Bench, backend: str, whole_step: bool) -> None:
    torch._dynamo.reset()
    seen: list[float] = []

    def code() -> None:
        model = network()
        forward = model if whole_step else torch.compile(model, backend=backend)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

        def step() -> torch.Tensor:
            optimizer.zero_grad()
            loss = F.mse_loss(forward(X), Y)
            loss.backward()
            optimizer.step()
            return loss

        train = torch.compile(step, backend=backend) if whole_step else step
        for _ in range(3):
            seen.append(train().item())
        with torch.no_grad():
            val_loss = F.mse_loss(forward(X), Y)
        assert val_loss < seen[0]

    with warnings.catch_warnings(record=True) as caught:
        curves = bench(code)
    assert [str(one.message) for one in caught if "Dynamo" in str(one.message)] == []
    assert curves["loss"].values == pytest.approx(seen)
    assert curves["loss"].steps == [0, 1, 2]
    assert len(curves["val_loss"].values) == 1


def test_the_learners_errors_pass_and_are_no_points(bench: Bench) -> None:
    def code() -> None:
        weight = torch.ones(3, requires_grad=True)
        loss = (weight**2).sum()
        loss.backward()
        with pytest.raises(RuntimeError, match="second time") as caught:
            loss.backward()
        files = [frame.filename for frame in traceback.extract_tb(caught.value.__traceback__)]
        assert passes.__file__ in files  # the kernel cuts frames by this name
        with pytest.raises(RuntimeError, match="scalar"):
            (weight * 2).backward()
        with pytest.raises(RuntimeError, match="does not require grad"):
            torch.tensor(1.0).backward()

    curves = bench(code)
    assert curves["loss"].values == [3.0]
    assert len(curves) == 1


def test_functional_transforms_are_left_alone(bench: Bench) -> None:
    def code() -> None:
        weight = torch.randn(4, 1)
        torch.func.grad(lambda w: F.mse_loss(X @ w, Y))(weight)
        with torch.no_grad():
            torch.func.vmap(lambda x: F.mse_loss(x, torch.zeros(4)))(X)

    assert bench(code) == {}


def mean_square(x: torch.Tensor) -> torch.Tensor:
    return F.mse_loss(x, torch.zeros_like(x))


@pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:Converting a tensor to a Python boolean")
@pytest.mark.parametrize("compiler", [torch.jit.script, lambda code: torch.jit.trace(code, X)])
def test_torchscript_still_compiles(bench: Bench, compiler: Callable[..., Callable[[torch.Tensor], object]]) -> None:
    def code() -> None:
        assert compiler(mean_square)(X) > 0

    with warnings.catch_warnings(record=True) as caught:
        bench(code)
    assert [one.message for one in caught if os.path.dirname(passes.__file__) in one.filename] == []


def test_equal_names_from_different_places(bench: Bench) -> None:
    def code() -> None:
        for _ in range(2):
            weight = torch.ones(2, requires_grad=True)
            loss = weight.sum()
            loss.backward()
        weight = torch.ones(3, requires_grad=True)
        loss = weight.sum()
        loss.backward()
        log(loss=7)

    curves = bench(code)
    names = list(curves)
    assert names[0] == "loss"
    assert all(name.startswith("loss:") for name in names[1:])
    assert len(names) == 3
    assert [curve.values for curve in curves.values()] == [[2, 2], [3], [7]]


def test_training_again_in_the_same_run_goes_on_to_the_right(bench: Bench) -> None:
    def code() -> None:
        for rate in (0.1, 0.2, 0.3):
            model = network()
            optimizer = torch.optim.SGD(model.parameters(), lr=rate)
            for _ in range(10):
                loss = F.mse_loss(model(X), Y)
                loss.backward()
                optimizer.step()

    steps = bench(code)["loss"].steps
    assert len(steps) == 30
    assert steps == sorted(steps)
    assert steps[-1] >= 27


def test_by_hand_first_and_with_an_optimizer_after(bench: Bench) -> None:
    def code() -> None:
        weight = torch.zeros(4, 1, requires_grad=True)
        for _ in range(100):
            by_hand = F.mse_loss(X @ weight, Y)
            by_hand.backward()
        optimizer = torch.optim.SGD([weight], lr=0.1)
        for _ in range(10):
            loss = F.mse_loss(X @ weight, Y)
            loss.backward()
            optimizer.step()
        for _ in range(100):
            again = F.mse_loss(X @ weight, Y)
            again.backward()

    curves = bench(code)
    assert curves["by_hand"].steps == list(range(100))
    assert curves["loss"].steps == sorted(set(curves["loss"].steps))
    assert curves["again"].steps == sorted(set(curves["again"].steps))


def test_nan_and_infinity_are_points(bench: Bench) -> None:
    def code() -> None:
        weight = torch.tensor(1.0, requires_grad=True)
        for factor in (1.0, math.inf, math.nan):
            loss = weight * factor
            loss.backward()

    values = bench(code)["loss"].values
    assert values[:2] == [1.0, math.inf]
    assert math.isnan(values[2])


def train(seed: int) -> bytes:
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.3), nn.ReLU(), nn.Linear(8, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(20):
        optimizer.zero_grad()
        loss = F.mse_loss(model(X), Y)
        (loss / 2).backward()
        optimizer.step()
        with torch.no_grad():
            F.l1_loss(model(X), Y)
        log(loss=loss)
    return b"".join(one.detach().numpy().tobytes() for one in model.parameters()) + torch.rand(3).numpy().tobytes()


def test_capture_changes_no_bit(bench: Bench) -> None:
    results = []
    bare = train(3)
    curves = bench(lambda: results.append(train(3)))
    assert results == [bare]
    assert [len(curve.values) for curve in curves.values()] == [20, 20, 20]


def test_log_stands_at_the_current_step(bench: Bench) -> None:
    def code() -> None:
        weight = torch.zeros(4, 1, requires_grad=True)
        optimizer = torch.optim.SGD([weight], lr=0.1)
        for _ in range(2):
            for _ in range(3):
                loss = F.mse_loss(X @ weight, Y)
                loss.backward()
                optimizer.step()
            log(acc=0.5, size=torch.tensor(2.0))
        log({"step": 1}, step=40)

    curves = bench(code)
    assert curves["acc"].role == "logged"
    assert curves["acc"].steps == [3, 6]
    assert curves["size"].values == [2, 2]
    assert curves["step"].steps == [40]
    assert line_of(curves["acc"]).startswith("log(acc=0.5")


def test_log_without_training_counts_calls(bench: Bench) -> None:
    curves = bench(lambda: [log(acc=value, other=value) for value in range(5)])
    assert curves["acc"].steps == [0, 1, 2, 3, 4]
    assert curves["acc"].values == [0, 1, 2, 3, 4]


def test_epochs_begin_where_the_loader_that_is_trained_from_is_iterated_again(bench: Bench) -> None:
    data = TensorDataset(X[:12], Y[:12])
    train, held_out = DataLoader(data, batch_size=4), DataLoader(data, batch_size=6)

    def code() -> None:
        weight = torch.zeros(4, 1, requires_grad=True)
        optimizer = torch.optim.SGD([weight], lr=0.1)
        for _ in range(3):
            for x, y in train:
                loss = F.mse_loss(x @ weight, y)
                loss.backward()
                optimizer.step()
            for x, y in held_out:  # gradients left on, as beginners do
                F.mse_loss(x @ weight, y)

    curves = bench(code)
    assert curves["epoch"].role == "epoch"
    assert (curves["epoch"].steps, curves["epoch"].values) == ([3, 6], [2, 3])


def test_the_number_of_epochs_is_told_once_where_the_loop_tells_it(bench: Bench) -> None:
    train = DataLoader(TensorDataset(X[:12], Y[:12]), batch_size=4)

    def code() -> None:
        weight = torch.zeros(4, 1, requires_grad=True)
        optimizer = torch.optim.SGD([weight], lr=0.1)
        for _epoch in range(1, 5):
            for x, y in train:
                F.mse_loss(x @ weight, y).backward()
                optimizer.step()

    def in_a_thread() -> None:  # whose frames are the learner's alone
        thread = threading.Thread(target=code)
        thread.start()
        thread.join()

    curves = bench(in_a_thread)
    assert curves["epoch"].values == [2, 3, 4]
    assert (curves["epochs"].role, curves["epochs"].values) == ("epochs", [4])


def test_without_a_data_loader_the_round_of_the_outermost_loop_is_told(bench: Bench) -> None:
    def code() -> None:
        weight = torch.zeros(4, 1, requires_grad=True)
        optimizer = torch.optim.SGD([weight], lr=0.1)
        for _epoch in range(4):
            for at in range(0, 16, 4):
                F.mse_loss(X[at : at + 4] @ weight, Y[at : at + 4]).backward()
                optimizer.step()
                for _ in range(FLUSHES_A_ROUND):
                    bench.capture.flush()

    def in_a_thread() -> None:  # whose frames are the learner's alone
        thread = threading.Thread(target=code)
        thread.start()
        thread.join()

    curves = bench(in_a_thread)
    assert (curves["rounds"].role, curves["rounds"].values) == ("rounds", [4])
    assert (curves["round"].role, curves["round"].values) == ("round", [1, 2, 3, 4])
    assert curves["round"].steps == [1, 4, 8, 12]  # asked after the first step
    assert len(curves["mse_loss"].values) == 16


def test_too_many_series_are_said_once(bench: Bench) -> None:
    curves = bench(lambda: [log({f"a{number}": 1}) for number in range(300)], quiet=False)
    assert len(curves) == 200
    assert len(bench.notices()) == 1
    assert "200 series" in bench.notices()[0]


def test_what_goes_wrong_in_telemetry_is_said_once_and_does_not_reach_the_learner(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("no name today")

    monkeypatch.setattr(passes, "name_of_backward", broken)

    def code() -> None:
        for _ in range(3):
            weight = torch.ones(2, requires_grad=True)
            weight.sum().backward()
            assert weight.grad is not None

    assert bench(code, quiet=False) == {}
    assert bench.notices() == ["part of the plot is missing: ValueError: no name today"]


def test_nothing_is_recorded_between_runs(bench: Bench) -> None:
    bench.events.clear()
    torch.ones(2, requires_grad=True).sum().backward()
    log(acc=1)
    bench.capture.flush()
    assert bench.events == []


def in_child(queue: multiprocessing.SimpleQueue[int]) -> None:
    torch.ones(2, requires_grad=True).sum().backward()
    log(acc=1)
    queue.put(os.getpid())


def test_a_forked_child_records_nothing(bench: Bench) -> None:
    def code() -> None:
        context = multiprocessing.get_context("fork")
        queue = context.SimpleQueue()
        child = context.Process(target=in_child, args=(queue,))
        child.start()
        child.join(30)
        assert child.exitcode == 0
        assert queue.get() == child.pid
        log(here=1)

    assert list(bench(code)) == ["here"]


def test_no_point_is_lost_or_doubled_while_another_thread_flushes(bench: Bench) -> None:
    count = 20_000
    over = threading.Event()

    def ticker() -> None:
        while not over.wait(0.001):
            bench.capture.flush()

    thread = threading.Thread(target=ticker)

    def code() -> None:
        thread.start()
        weight = torch.tensor(1.0, requires_grad=True)
        optimizer = torch.optim.SGD([weight], lr=0.0)
        for number in range(count):
            loss = weight * number
            loss.backward()
            optimizer.step()

    try:
        curves = bench(code)
    finally:
        over.set()
        thread.join(30)
    assert curves["loss"].values == [float(number) for number in range(count)]
    assert curves["loss"].steps == [float(number) for number in range(count)]
