"""The settings file: defaults, good values, and a sentence for each bad one."""

from dataclasses import fields
from pathlib import Path

import pytest

from tutor.settings import _READERS, Settings, load_settings


def settings_of(tmp_path: Path, text: str) -> Settings:
    path = tmp_path / "settings.toml"
    path.write_text(text, encoding="utf-8")
    return load_settings(path)


def test_no_file_is_no_problem(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "none.toml") == Settings()


def test_the_platforms_file_is_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine.toml").write_text('theme = "light"')
    monkeypatch.setenv("PYTUTOR_CONFIG", str(tmp_path / "mine.toml"))
    assert load_settings().theme == "light"


def test_everything_can_be_set(tmp_path: Path) -> None:
    settings = settings_of(
        tmp_path,
        """
        theme = "ansi"
        python = "/opt/conda/bin/python"
        device = "cuda:1"
        threads = 4
        time_limit = 60
        memory_limit = "1.5 GB"
        output_limit = "4 MB"
        idle_minutes = 5
        fps = 8
        ascii_plots = true
        [keys]
        run = "ctrl+r"
        check = ["f6", "ctrl+t"]
        """,
    )
    assert settings == Settings(
        "ansi",
        "/opt/conda/bin/python",
        "cuda:1",
        4,
        60.0,
        1_500_000_000,
        4_000_000,
        5.0,
        8.0,
        True,
        {"run": ("ctrl+r",), "check": ("f6", "ctrl+t")},
    )


def test_every_setting_has_a_reader() -> None:
    assert set(_READERS) == {one.name for one in fields(Settings)} - {"warnings"}


@pytest.mark.parametrize(
    ("line", "allowed"),
    [
        ('theme = "pink"', "'light'"),
        ("theme = 3", "'light'"),
        ("theme = []", "'light'"),
        ("python = 3", "Python interpreter"),
        (r'python = "a\u001bb"', "Python interpreter"),
        ('device = "gpu"', "'cuda:N'"),
        ('device = "cuda:"', "'cuda:N'"),
        ('device = "cpu:1"', "'cuda:N'"),
        ("device = 0", "'cuda:N'"),
        ("threads = 0", "1 to 1024"),
        ("threads = true", "1 to 1024"),
        ("threads = 1.5", "1 to 1024"),
        ('memory_limit = "much"', "'4 GB'"),
        ('memory_limit = "-1 GB"', "'4 GB'"),
        ('memory_limit = "nan GB"', "'4 GB'"),
        ('memory_limit = "inf GB"', "'4 GB'"),
        ("memory_limit = 5", "'4 GB'"),
        ('output_limit = "65 MB"', "'64 MB'"),
        ('output_limit = "10"', "'64 MB'"),
        ("time_limit = -1", "a number of seconds"),
        ("time_limit = nan", "a number of seconds"),
        ("time_limit = inf", "a number of seconds"),
        ("memory_limit = false", "'4 GB'"),
        ("idle_minutes = 0", "minutes"),
        ("idle_minutes = nan", "minutes"),
        ("fps = 100", "1 to 30"),
        ("fps = true", "1 to 30"),
        ("ascii_plots = 1", "true or false"),
        ("keys = 1", "a table"),
    ],
)
def test_a_bad_value_is_one_sentence_and_the_default(tmp_path: Path, line: str, allowed: str) -> None:
    settings = settings_of(tmp_path, line + "\n")
    key = line.split()[0]
    assert getattr(settings, key) == getattr(Settings(), key)
    (warning,) = settings.warnings
    assert str(tmp_path / "settings.toml") in warning and f"{key} must be" in warning and allowed in warning
    assert "\n" not in warning and "\x1b" not in warning


def test_bad_values_leave_the_good_ones(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, 'theme = "pink"\nthreads = 2\nfps = 0\n')
    assert settings.threads == 2 and len(settings.warnings) == 2


def test_an_unknown_key_gets_the_nearest_one(tmp_path: Path) -> None:
    (warning,) = settings_of(tmp_path, "thread = 2").warnings
    assert "did you mean 'threads'?" in warning
    (warning,) = settings_of(tmp_path, "zzz = 2").warnings
    assert "there are theme, python" in warning


@pytest.mark.parametrize("data", [b"theme = ", b"\xff\xfe", b"a = 1\na = 2"])
def test_a_broken_file_means_defaults(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(data)
    settings = load_settings(path)
    assert settings.theme == "auto" and len(settings.warnings) == 1 and str(path) in settings.warnings[0]


def test_an_unreadable_file_means_defaults(tmp_path: Path) -> None:
    assert "cannot be read" in load_settings(tmp_path).warnings[0]


def test_the_command_line_wins(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, 'theme = "light"\npython = "one"\n')
    changed = settings.with_options(python="two", device=None, theme="")
    assert (changed.python, changed.device, changed.theme) == ("two", "auto", "light")


def test_no_memory_limit(tmp_path: Path) -> None:
    assert settings_of(tmp_path, "memory_limit = 0").warnings == ()
    assert settings_of(tmp_path, 'memory_limit = "512mib"').memory_limit == 512 * 2**20


def test_limits_of_time_and_output(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, 'time_limit = 90\noutput_limit = "10 MB"')
    assert settings.warnings == () and (settings.time_limit, settings.output_limit) == (90.0, 10_000_000)
    assert settings.session_options()["output_limit"] == 10_000_000


def test_the_example_in_the_readme_is_right(tmp_path: Path) -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    example = tmp_path / "settings.toml"
    example.write_text(readme.split("```toml\n")[1].split("```")[0])
    settings = load_settings(example)
    assert not settings.warnings
    assert settings.keys == {"run": ("ctrl+r", "f5")}


@pytest.mark.parametrize("bad", ["1", "[1]", '""', '["f5", ""]', "{a = 1}"])
def test_a_bad_key_costs_its_own_entry_only(tmp_path: Path, bad: str) -> None:
    settings = settings_of(tmp_path, f'[keys]\nrun = {bad}\ncheck = ["f6", "ctrl+t"]\nhint = "ctrl+g"\n')
    assert settings.keys == {"check": ("f6", "ctrl+t"), "hint": ("ctrl+g",)}
    (warning,) = settings.warnings
    assert "keys.run must be 'key' or ['key', 'key']" in warning and "left out" in warning


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("fps = 8\ntheme dark\n", "2:7", "in `theme dark`"),
        ("fps = 8\ntheme = dark\n", "2:9", "text needs quotes"),
        ("# mine\n\n[keys]\nrun = [\n  'f5',\n", "4:1", "in `run = [`"),
        ('fps = 8\ntheme = "ansi\n', "2:14", "theme"),
        ('x = """\nabc\n', "1:1", 'in `x = """`'),
        ('theme = "ansi"\r\ntheme = "dark"\r\n', "2:1", "overwrite"),
        ("[keys\n", "1:", "in `[keys`"),
    ],
)
def test_the_place_of_a_fault_is_named(tmp_path: Path, text: str, place: str, words: str) -> None:
    (warning,) = settings_of(tmp_path, text).warnings
    assert f"settings.toml:{place}" in warning and words in warning and "The defaults are used." in warning
