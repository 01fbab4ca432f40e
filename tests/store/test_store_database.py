"""The progress file: made, damaged, unwritable, full, shared."""

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tutor.store.database import Store
from tutor.store.drafts import Drafts
from tutor.store.progress import Attempt, PlaceRow, Progress


def mark(store: Store, key: str = "k") -> None:
    """Record one pass, under a run of its own."""
    Progress(store, "c").attempt("lesson", key, "h", Attempt("s", f"run-{key}", "check", True, "code", "code"))


def passed(store: Store) -> set[str]:
    return {key for key, row in Progress(store, "c").items("lesson").items() if row.status == "passed"}


def test_what_is_written_is_there_after_opening_again(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there" / "yet"
    store = Store.open(folder)
    mark(store)
    store.close()
    again = Store.open(folder)
    assert passed(again) == {"k"} and again.warning == "" and again.path == folder / "progress.db"


def test_a_killed_program_loses_nothing(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom tutor.store.database import Store\n"
        "from tutor.store.drafts import Drafts\n"
        "Drafts(Store.open(Path(sys.argv[1])), 'c').save('lesson', 'k', 'half a thou')\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], timeout=60)
    assert done.returncode == -9
    assert Drafts(Store.open(tmp_path), "c").get("lesson", "k") == "half a thou"


def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        store = Store.open(tmp_path / "data")
        mark(store)
    finally:
        os.umask(old)
    modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in (tmp_path / "data").iterdir()}
    assert modes["progress.db"] == modes["progress.db-wal"] == modes["progress.lock"] == 0o600
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


@pytest.mark.parametrize("damage", [b"this is not a database, " * 500, b"SQLite format 3\0" + b"\xff" * 9000])
def test_a_damaged_file_is_moved_aside_and_said(tmp_path: Path, damage: bytes) -> None:
    for count in (1, 2):
        (tmp_path / "progress.db").write_bytes(damage)
        store = Store.open(tmp_path)
        aside = list(tmp_path.glob("progress.damaged-*.db"))
        assert len(aside) == count
        assert all(one.read_bytes() == damage for one in aside)
        assert "damaged" in store.warning and any(str(one) in store.warning for one in aside)
        mark(store)
        assert passed(store) == {"k"}
        store.close()
    assert Store.open(tmp_path).warning == ""


def test_damage_in_the_middle_of_a_file_is_noticed(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    for number in range(300):
        Drafts(store, "c").save("lesson", str(number), "x" * 500)
    store.close()
    path = tmp_path / "progress.db"
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 8192] = b"\xaa" * 8192
    path.write_bytes(data)
    assert "damaged" in Store.open(tmp_path).warning


def test_a_folder_that_cannot_be_made_means_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    store = Store.open(tmp_path / "file" / "data")
    assert store.path is None and "not saved" in store.warning and str(tmp_path / "file") in store.warning
    assert store.warning.count(". ") == 1
    mark(store)
    assert passed(store) == {"k"}


def test_a_read_only_file_is_still_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store.open(tmp_path)
    mark(store, "known")
    store.close()
    real = os.open

    def refuse(path: object, flags: int, *rest: int, **named: int) -> int:
        if flags & os.O_RDWR:
            raise PermissionError(13, "Permission denied")
        return real(path, flags, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", refuse)
    store = Store.open(tmp_path)
    assert "Permission denied" in store.warning and passed(store) == {"known"}
    mark(store, "new")
    assert passed(store) == {"known", "new"}
    monkeypatch.undo()
    assert passed(Store.open(tmp_path)) == {"known"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_means_memory(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        store = Store.open(tmp_path)
        assert store.path is None and "Permission denied" in store.warning
    finally:
        tmp_path.chmod(0o700)


def test_a_disk_that_fills_up_is_said_once_and_nothing_is_lost(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    mark(store, "before")
    # SQLite's own "database or disk is full", without filling one.
    store.rows("PRAGMA max_page_count = 1")
    drafts = Drafts(store, "c")
    for number in range(200):
        drafts.save("lesson", str(number), "x" * 500)
    assert store.path is None and "full" in store.warning and "no longer saved" in store.warning
    assert len(drafts.of("lesson")) == 200
    said = store.warning
    mark(store, "after")
    assert passed(store) == {"before", "after"} and store.warning == said
    assert passed(Store.open(tmp_path)) == {"before"}


def test_a_write_that_fails_halfway_leaves_nothing_of_it(tmp_path: Path) -> None:
    store = Store.open(tmp_path)

    def half(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO places VALUES ('c', 'l', 1, '', 0)")
        raise KeyError("a bug")

    with pytest.raises(KeyError):
        store.write(half)
    assert store.rows("SELECT * FROM places") == [] and store.warning == ""
    mark(store)
    assert passed(store) == {"k"}


def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    mark(store)
    store.close()
    with sqlite3.connect(tmp_path / "progress.db") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = (tmp_path / "progress.db").read_bytes()
    store = Store.open(tmp_path)
    assert "newer pytutor" in store.warning
    mark(store, "other")
    assert passed(store) == {"other"}
    assert (tmp_path / "progress.db").read_bytes() == before


WRITER = """
import sys
from pathlib import Path
from tutor.store.database import Store
from tutor.store.progress import Attempt, Progress
store = Store.open(Path(sys.argv[1]))
for number in range(100):
    Progress(store, "c").attempt("lesson", "k", "h", Attempt(sys.argv[2], str(number), "check", False, "code"))
    Progress(store, "c").attempt("lesson", "k", "h", Attempt("shared", str(number), "check", False, "code"))
print(store.warning)
"""


def test_two_programs_at_once(tmp_path: Path) -> None:
    programs = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), name], stdout=subprocess.PIPE, text=True)
        for name in ("one", "two")
    ]
    for program in programs:
        said, _ = program.communicate(timeout=100)
        assert program.returncode == 0 and said == "\n"
    row = Progress(Store.open(tmp_path), "c").items("lesson")["k"]
    assert row.attempts == 300


def test_threads_may_share_a_store(tmp_path: Path) -> None:
    store = Store.open(tmp_path)

    def work(name: str) -> None:
        for number in range(50):
            Progress(store, "c").attempt("l", "k", "h", Attempt(name, str(number), "check", False))

    threads = [threading.Thread(target=work, args=(str(number),)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert Progress(store, "c").items("l")["k"].attempts == 200 and store.warning == ""


def test_text_that_is_no_text_can_be_kept(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    Drafts(store, "c").save("l", "k", "a\ud800b\0c")
    assert Drafts(store, "c").get("l", "k") == "a?b\0c"
    Progress(store, "c").attempt("l", "k", "h", Attempt("s", "r", "check", True, "\udfff", "\udfff"))
    assert Progress(store, "c").items("l")["k"].answer == "?"
    Progress(store, "c").remember_place(PlaceRow("l", 2))
    assert store.warning == ""
