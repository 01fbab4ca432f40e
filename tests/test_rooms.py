"""The house rules on imports, seen from outside: in `sys.modules` of a fresh process."""

import subprocess
import sys

import pytest

HEAVY = ("torch", "textual", "plotext", "numpy", "jupytext", "nbformat", "fsrs")


def loaded_after(code: str) -> set[str]:
    """Which of the heavy packages a fresh interpreter has after `code`."""
    report = f"{code}\nimport sys\nprint(*[name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return set(done.stderr.strip().splitlines()[-1].split()) if done.stderr.strip() else set()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["list"],
        ["progress"],
        ["review"],
        ["certificate"],
        ["run", "--help"],
        ["sessions"],
        ["check", "--help"],
    ],
)
def test_commands_are_light(arguments: list[str], tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("PYTUTOR_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("PYTUTOR_SESSIONS", str(tmp_path / "sessions"))
    monkeypatch.setenv("PYTUTOR_CONFIG", str(tmp_path / "settings.toml"))
    code = f"from tutor.cli import main\ntry:\n    main({arguments!r})\nexcept SystemExit:\n    pass"
    assert not loaded_after(code)


def test_the_ui_never_imports_torch() -> None:
    assert loaded_after("import tutor.ui.app") <= {"textual", "plotext"}


@pytest.mark.parametrize("module", ["tutor.runner.host", "tutor.runner.client", "tutor.runner.sessions"])
def test_the_runner_needs_only_the_standard_library(module: str) -> None:
    assert not loaded_after(f"import {module}")


@pytest.mark.parametrize(
    "module", ["tutor.course.parser", "tutor.study", "tutor.metrics.board", "tutor.store.database"]
)
def test_the_headless_core_is_light(module: str) -> None:
    assert not loaded_after(f"import {module}")


def test_the_import_contracts_hold() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert "broken" in done.stdout and "0 broken" in done.stdout, done.stdout + done.stderr
