"""The tables of the progress file, as the steps that made them; the file's `user_version` counts the steps taken."""

from __future__ import annotations

STEPS: tuple[str, ...] = (
    """
    -- Where each item stands. `hash` is that of the content which `status` is about.
    CREATE TABLE items (
        course TEXT NOT NULL, lesson TEXT NOT NULL, key TEXT NOT NULL,
        hash TEXT NOT NULL DEFAULT '', status TEXT NOT NULL DEFAULT 'new',
        attempts INTEGER NOT NULL DEFAULT 0, hints INTEGER NOT NULL DEFAULT 0,
        solution INTEGER NOT NULL DEFAULT 0, answer TEXT NOT NULL DEFAULT '',
        updated REAL NOT NULL DEFAULT 0,
        PRIMARY KEY (course, lesson, key)
    ) WITHOUT ROWID;

    -- Each run, check or answer that was recorded, once: `run` is unique in its session. A reset empties `course`,
    -- `lesson`, `key` and `text` and keeps the row, so that a session that is still alive does not bring it back.
    CREATE TABLE attempts (
        session TEXT NOT NULL, run TEXT NOT NULL,
        course TEXT NOT NULL, lesson TEXT NOT NULL, key TEXT NOT NULL,
        kind TEXT NOT NULL, passed INTEGER NOT NULL, text TEXT NOT NULL, time REAL NOT NULL,
        PRIMARY KEY (session, run)
    ) WITHOUT ROWID;
    CREATE INDEX attempts_of_item ON attempts (course, lesson, key, time);

    -- Where the learner was, lesson by lesson; the newest is where to continue.
    CREATE TABLE places (
        course TEXT NOT NULL, lesson TEXT NOT NULL, page INTEGER NOT NULL, item TEXT NOT NULL, time REAL NOT NULL,
        PRIMARY KEY (course, lesson)
    ) WITHOUT ROWID;

    -- What was typed and not given up.
    CREATE TABLE drafts (
        course TEXT NOT NULL, lesson TEXT NOT NULL, key TEXT NOT NULL,
        text TEXT NOT NULL, time REAL NOT NULL,
        PRIMARY KEY (course, lesson, key)
    ) WITHOUT ROWID;

    -- The keys of what can be done in a lesson, one a line, so that the course map need not read every file.
    -- `stamp` tells which state of the file they are from.
    CREATE TABLE outlines (
        course TEXT NOT NULL, lesson TEXT NOT NULL, stamp TEXT NOT NULL, keys TEXT NOT NULL,
        PRIMARY KEY (course, lesson)
    ) WITHOUT ROWID;
    """,
    """
    -- Courses from outside whose code may run: the folder's content, not its name, is what was trusted.
    CREATE TABLE trusted (content TEXT NOT NULL PRIMARY KEY, time REAL NOT NULL) WITHOUT ROWID;
    """,
    """
    -- The runs that are kept; `number` counts those of an item. A deleted one leaves its row with `gone` set and its
    -- texts empty, so that a session that is still alive does not bring it back.
    CREATE TABLE runs (
        run TEXT NOT NULL PRIMARY KEY,
        course TEXT NOT NULL, lesson TEXT NOT NULL, key TEXT NOT NULL, number INTEGER NOT NULL,
        label TEXT NOT NULL, hash TEXT NOT NULL, code TEXT NOT NULL, program TEXT NOT NULL, knobs TEXT NOT NULL,
        started REAL NOT NULL, seconds REAL NOT NULL, outcome TEXT NOT NULL,
        name TEXT NOT NULL DEFAULT '', pinned INTEGER NOT NULL DEFAULT 0, gone INTEGER NOT NULL DEFAULT 0
    );
    CREATE INDEX runs_of_item ON runs (course, lesson, key, number);

    -- The series of a run. A value that is NaN is NULL. `buckets` holds a few kilobytes, see `tutor.metrics.keeping`.
    CREATE TABLE run_series (
        run TEXT NOT NULL, position INTEGER NOT NULL,
        name TEXT NOT NULL, role TEXT NOT NULL, site TEXT NOT NULL,
        points INTEGER NOT NULL, last_step REAL, final REAL, best REAL, buckets BLOB NOT NULL,
        PRIMARY KEY (run, position)
    );
    """,
    """
    -- What was remembered and what not, one row for each item that was settled: `grade` is again, hard, good or easy
    -- (1 to 4). The log is the truth; a card is what the reviews of its idea come to, kept so that asking is cheap.
    CREATE TABLE reviews (
        id TEXT NOT NULL PRIMARY KEY,
        course TEXT NOT NULL, lesson TEXT NOT NULL, key TEXT NOT NULL, concept TEXT NOT NULL,
        grade INTEGER NOT NULL, words TEXT NOT NULL, time REAL NOT NULL, again INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX reviews_of_concept ON reviews (course, concept, time);

    CREATE TABLE cards (
        course TEXT NOT NULL, concept TEXT NOT NULL,
        due REAL NOT NULL, last REAL NOT NULL, stability REAL NOT NULL, difficulty REAL NOT NULL,
        reviews INTEGER NOT NULL, lapses INTEGER NOT NULL,
        PRIMARY KEY (course, concept)
    ) WITHOUT ROWID;
    """,
    """
    -- The last rung of the ladder that was used between hints and solution, "" for none.
    ALTER TABLE items ADD COLUMN rung TEXT NOT NULL DEFAULT '';
    """,
    """
    -- Seconds worked at a lesson on a day (2026-05-29), counted between one act of the learner and the next.
    CREATE TABLE spent (
        course TEXT NOT NULL, lesson TEXT NOT NULL, day TEXT NOT NULL, seconds REAL NOT NULL,
        PRIMARY KEY (course, lesson, day)
    ) WITHOUT ROWID;

    -- From here on `keys` holds a line of key, tab, hash of the content for each item; lessons are read once more.
    DELETE FROM outlines;
    """,
    """
    -- Where the epochs of a run began: a line of step, tab, number for each.
    ALTER TABLE runs ADD COLUMN epochs TEXT NOT NULL DEFAULT '';
    """,
)
