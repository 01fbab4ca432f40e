"""The real program in a real pseudo-terminal: what was hard comes back on the next day, and is done again."""

from __future__ import annotations

import sqlite3

from terminal_trial import CTRL_G, CTRL_T, DOUBLE, ENTER, F2, F8, Trial, Window, lesson

DAY = 86_400


def answer(window: Window, line: str) -> None:
    """Type `line` over the second line of the editor, and check."""
    window.rewrite(line)
    window.send(CTRL_T)


def days_later(trial: Trial, days: int) -> None:
    """Let everything that is kept have happened some days earlier."""
    (database,) = trial.folder.rglob("progress.db")
    connection = sqlite3.connect(database)
    with connection:
        for table, columns in (("reviews", ("time",)), ("cards", ("due", "last")), ("attempts", ("time",))):
            for column in columns:
                connection.execute(f"UPDATE {table} SET {column} = {column} - ?", (days * DAY,))
    connection.close()


def test_what_was_hard_comes_back_and_is_done_again(trial: Trial) -> None:
    trial.write_course(a=lesson("Doubling on trial", "doubling", DOUBLE, minutes=1, concepts=["double.exercise"]))
    with trial.window(size=(120, 36)) as window:
        window.begin("Doubling on trial")
        window.shows("not solved yet", "● ready")
        answer(window, "    return x * x")
        window.shows("That squares the number.")
        window.send(CTRL_G)
        window.shows("Hint 1 of 1")
        answer(window, "    return x + x")
        window.shows("Solved at attempt 2")
        window.send(F2)
        window.shows("Nothing due today, 1 tomorrow.")
        window.quit()
    days_later(trial, 1)
    listed = trial.call("review", "--json")
    assert '"concept": "double.exercise"' in listed.stdout, listed
    with trial.window("review", size=(80, 24)) as window:
        window.shows("question 1 of 1", "not solved yet", "● ready")
        answer(window, "    return 2 * x")
        window.shows(", back in")
        window.send(F8)
        window.shows("Nothing due today", "2 days in a row")
        window.send(ENTER)
        window.shows("Solved at attempt 2")
        window.quit()
