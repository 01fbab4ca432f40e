"""Version, licence and attributions: there in a checkout, in a wheel, and said when they are nowhere."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import pytest

from tutor import __version__, about, paths


def test_the_headline_has_the_version() -> None:
    assert about.headline() == f"pytutor {__version__}"


def test_the_notice_of_the_checkout_names_the_digits_and_their_licence() -> None:
    words = " ".join(text for _, text in about.paragraphs(about.notice()))
    assert "Optical Recognition of Handwritten Digits" in words
    assert "Creative Commons Attribution 4.0 International (CC BY 4.0)" in words


def test_an_installed_package_finds_it_among_its_metadata(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    info = tmp_path / "pytutor-0.1.0.dist-info"
    (info / "licenses").mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.4\nName: pytutor\nVersion: 0.1.0\n", encoding="utf-8")
    (info / "licenses" / "NOTICE").write_text("from the wheel\n", encoding="utf-8")
    monkeypatch.setattr(paths, "package_dir", lambda: tmp_path / "tutor")
    monkeypatch.setattr(about.metadata, "distribution", lambda name: metadata.PathDistribution(info))
    assert about.notice() == "from the wheel\n"


def test_without_either_nothing_breaks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> metadata.Distribution:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(paths, "package_dir", lambda: tmp_path / "tutor")
    monkeypatch.setattr(about.metadata, "distribution", missing)
    assert about.notice() == ""


def test_paragraphs_keep_their_indentation_and_lose_their_line_ends() -> None:
    assert about.paragraphs("one\ntwo\n\n  three\n  four\n\n\n") == [(0, "one two"), (2, "three four")]
