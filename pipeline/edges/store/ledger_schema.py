"""The tables of the ledger, as commented SQL, and the steps that bring an older ledger up to date.

Nothing in the ledger is ever changed: every row belongs to an event, and a new decision about a file
is a new event beside the former one. So the ledger can say how things stood at any moment.
"""

# Marks a SQLite file as a ledger of this program ("KH57" in ASCII), see PRAGMA application_id.
APPLICATION_ID = 0x4B483537

# The columns are the fields of the records in `pipeline/base/record.py`, where they are explained.
# SQLite keeps the text from CREATE on, comments too, so that the file explains itself.
_TABLES = (
    """
    CREATE TABLE event (
        -- What the ledger learned, in the order in which it learned it.
        number  INTEGER NOT NULL PRIMARY KEY,
        at      TEXT NOT NULL,  -- ISO 8601 with offset
        kind    TEXT NOT NULL   -- entry, repeat, template, decision, issue, plan
    )
    """,
    """
    CREATE TABLE submission (
        -- One file that came in, whatever became of it; of several events the last one holds.
        event           INTEGER NOT NULL PRIMARY KEY REFERENCES event (number),
        sha256          TEXT NOT NULL,  -- of the whole file, 64 hex digits
        name            TEXT NOT NULL,  -- as dropped, relative to the inbox
        size            INTEGER NOT NULL,  -- in bytes
        arrived_at      TEXT NOT NULL,  -- ISO 8601 with offset
        arrival_source  TEXT NOT NULL,  -- who says so: day_folder, received, first_seen
        decided_at      TEXT NOT NULL,  -- ISO 8601 with offset
        unit            TEXT NOT NULL,  -- '' = not identified
        period          TEXT NOT NULL,  -- 2026-11; '' = not identified
        outcome         TEXT NOT NULL,  -- valid, warned, partial, rejected, empty, companion (a scan),
                                        -- opened (a mail, an archive), pending, withdrawn
        archived_as     TEXT NOT NULL,  -- relative to the archive, forward slashes
        parent          TEXT NOT NULL,  -- sha256 of the mail or archive it came in, or ''
        sender          TEXT NOT NULL,  -- as a mail says of itself; shown, never relied on
        sent_at         TEXT NOT NULL   -- likewise
    )
    """,
    "CREATE INDEX submission_of_file ON submission (sha256, event)",
    """
    CREATE TABLE finding (
        -- What was told to the sender about the file, in the words that were used then.
        event     INTEGER NOT NULL REFERENCES submission (event),
        sha256    TEXT NOT NULL,
        number    INTEGER NOT NULL,  -- 1, 2, ... within the file
        code      TEXT NOT NULL,
        severity  TEXT NOT NULL,     -- error, warning, note
        sheet     TEXT NOT NULL,     -- '' = the whole file
        cells     TEXT NOT NULL,     -- addresses joined by ', '
        row_code  TEXT NOT NULL,     -- the indicator or task that is held back
        label     TEXT NOT NULL,
        title     TEXT NOT NULL,
        found     TEXT NOT NULL,
        expected  TEXT NOT NULL,
        mend      TEXT NOT NULL,
        example   TEXT NOT NULL,
        PRIMARY KEY (event, number)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE fact (
        -- One accepted indicator row. NULL is "no figure", which is never 0.
        event             INTEGER NOT NULL REFERENCES submission (event),
        sha256            TEXT NOT NULL,
        unit              TEXT NOT NULL,
        period            TEXT NOT NULL,
        indicator         TEXT NOT NULL,  -- code in the plan
        state             TEXT NOT NULL,  -- reported, no_activity, no_data
        numerator         REAL,
        denominator       REAL,
        value             REAL,           -- in the indicator's measure; percentages 0 to 100
        sheet             TEXT NOT NULL,
        numerator_cell    TEXT NOT NULL,  -- where each figure stood, and what was typed there
        numerator_raw     TEXT NOT NULL,
        denominator_cell  TEXT NOT NULL,
        denominator_raw   TEXT NOT NULL,
        value_cell        TEXT NOT NULL,
        value_raw         TEXT NOT NULL,
        evidence          TEXT NOT NULL,
        explanation       TEXT NOT NULL,
        PRIMARY KEY (event, indicator)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE task (
        -- One accepted task row.
        event           INTEGER NOT NULL REFERENCES submission (event),
        sha256          TEXT NOT NULL,
        unit            TEXT NOT NULL,
        period          TEXT NOT NULL,
        code            TEXT NOT NULL,  -- of the plan, or of the unit's own rows
        work            TEXT NOT NULL,  -- the six that must be clear: what,
        person          TEXT NOT NULL,  -- who,
        time            TEXT NOT NULL,  -- by when,
        responsibility  TEXT NOT NULL,  -- answerable for what,
        product         TEXT NOT NULL,  -- with what result,
        authority       TEXT NOT NULL,  -- by whose power
        state           TEXT NOT NULL,  -- '' = nothing chosen
        progress        REAL,           -- percent
        date_done       TEXT NOT NULL,  -- ISO 8601; '' = not given
        document        TEXT NOT NULL,
        sheet           TEXT NOT NULL,
        cell            TEXT NOT NULL,
        PRIMARY KEY (event, code)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE narrative (
        -- One section in a unit's own words.
        event    INTEGER NOT NULL REFERENCES submission (event),
        sha256   TEXT NOT NULL,
        unit     TEXT NOT NULL,
        period   TEXT NOT NULL,
        section  TEXT NOT NULL,
        text     TEXT NOT NULL,
        sheet    TEXT NOT NULL,
        cell     TEXT NOT NULL,
        PRIMARY KEY (event, section)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE repeat (
        -- The bytes of a submission, seen again.
        event    INTEGER NOT NULL PRIMARY KEY REFERENCES event (number),
        sha256   TEXT NOT NULL,
        name     TEXT NOT NULL,
        seen_at  TEXT NOT NULL,  -- ISO 8601 with offset
        UNIQUE (sha256, name, seen_at)
    )
    """,
    """
    CREATE TABLE issued_template (
        -- One form that was issued to a unit.
        event        INTEGER NOT NULL PRIMARY KEY REFERENCES event (number),
        sha256       TEXT NOT NULL UNIQUE,
        unit         TEXT NOT NULL,
        period       TEXT NOT NULL,
        version      INTEGER NOT NULL,  -- of the template
        checksum     TEXT NOT NULL,     -- over the locked texts
        archived_as  TEXT NOT NULL,
        issued_at    TEXT NOT NULL      -- ISO 8601 with offset
    )
    """,
    """
    CREATE TABLE decision (
        -- A word of the officer.
        event       INTEGER NOT NULL PRIMARY KEY REFERENCES event (number),
        number      INTEGER NOT NULL UNIQUE,  -- how people name it
        kind        TEXT NOT NULL,            -- assign, withdraw, admit, accept, extend, waive, revoke
        decided_at  TEXT NOT NULL,            -- ISO 8601 with offset
        reason      TEXT NOT NULL,
        sha256      TEXT NOT NULL,            -- '' where it is about no file; likewise below
        unit        TEXT NOT NULL,
        period      TEXT NOT NULL,
        row_code    TEXT NOT NULL,
        rule        TEXT NOT NULL,
        until       TEXT NOT NULL,            -- last good day of an extension, ISO 8601
        revokes     INTEGER NOT NULL          -- number of the decision that no longer holds, or 0
    )
    """,
    """
    CREATE TABLE plan (
        -- A plan file as it was when a run first used it.
        event        INTEGER NOT NULL PRIMARY KEY REFERENCES event (number),
        sha256       TEXT NOT NULL,
        id           TEXT NOT NULL,
        year         INTEGER NOT NULL,
        version      INTEGER NOT NULL,
        archived_as  TEXT NOT NULL,
        kept_at      TEXT NOT NULL   -- ISO 8601 with offset
    )
    """,
    # For whoever asks the ledger with SQL: how things stand now.
    """
    CREATE VIEW current_submission AS
    SELECT * FROM submission AS this
    WHERE NOT EXISTS (SELECT 1 FROM submission WHERE sha256 = this.sha256 AND event > this.event)
    """,
    *(
        f"CREATE VIEW current_{part} AS"
        f" SELECT * FROM {part} WHERE event IN (SELECT event FROM current_submission)"
        for part in ("finding", "fact", "task", "narrative")
    ),
)

_ISSUE = """
    CREATE TABLE issue (
        -- A numbered version of a period's workbook, frozen.
        event        INTEGER NOT NULL PRIMARY KEY REFERENCES event (number),
        period       TEXT NOT NULL,
        number       INTEGER NOT NULL,
        sha256       TEXT NOT NULL,  -- of the workbook
        archived_as  TEXT NOT NULL,
        plan_sha256  TEXT NOT NULL,
        issued_at    TEXT NOT NULL,  -- ISO 8601 with offset
        page_sha256  TEXT NOT NULL,  -- of the leaders' page; '' = none, or not hashed then
        data_sha256  TEXT NOT NULL,  -- of the packed open data; likewise
        UNIQUE (period, number)
    )
"""

# The events that stand at the moment :horizon: the last one about each file until then.
STANDING = """
    SELECT this.event FROM submission AS this JOIN event ON event.number = this.event
    WHERE event.at <= :horizon AND NOT EXISTS (
        SELECT 1 FROM submission AS later JOIN event AS then_ ON then_.number = later.event
        WHERE later.sha256 = this.sha256 AND later.event > this.event AND then_.at <= :horizon
    )
"""

# As the table was in version 2.
_ISSUE_2 = """
    CREATE TABLE issue (
        -- A numbered version of a period's workbook, frozen.
        event        INTEGER NOT NULL PRIMARY KEY REFERENCES event (number),
        period       TEXT NOT NULL,
        number       INTEGER NOT NULL,
        sha256       TEXT NOT NULL,  -- of the workbook
        archived_as  TEXT NOT NULL,
        plan_sha256  TEXT NOT NULL,
        issued_at    TEXT NOT NULL,  -- ISO 8601 with offset
        UNIQUE (period, number)
    )
"""
_OF_FILES = ("submission", "finding", "fact", "task", "narrative")
_EVENTS_OF_1 = (
    "SELECT 'entry' AS kind, decided_at AS at, sha256, '' AS name FROM submission_1"
    " UNION ALL SELECT 'template', issued_at, sha256, '' FROM issued_template_1"
    " UNION ALL SELECT 'repeat', seen_at, sha256, name FROM repeat_1"
)
# Version 1 had one row for each file and no events.
_FROM_1_TO_2 = (
    *(f"ALTER TABLE {table} RENAME TO {table}_1" for table in (*_OF_FILES, "repeat", "issued_template")),
    *_TABLES,
    _ISSUE_2,
    "CREATE TEMP TABLE numbered AS SELECT row_number() OVER (ORDER BY at, kind, sha256, name) AS event,"
    f" kind, at, sha256, name FROM ({_EVENTS_OF_1})",
    "INSERT INTO event SELECT event, at, kind FROM numbered",
    *(
        f"INSERT INTO {table} SELECT numbered.event, old.* FROM {table}_1 AS old"
        " JOIN numbered ON numbered.kind = 'entry' AND numbered.sha256 = old.sha256"
        for table in _OF_FILES
    ),
    "INSERT INTO issued_template SELECT numbered.event, old.* FROM issued_template_1 AS old"
    " JOIN numbered ON numbered.kind = 'template' AND numbered.sha256 = old.sha256",
    "INSERT INTO repeat SELECT numbered.event, old.* FROM repeat_1 AS old JOIN numbered ON"
    " numbered.kind = 'repeat' AND (numbered.sha256, numbered.name, numbered.at)"
    " = (old.sha256, old.name, old.seen_at)",
    "DROP TABLE numbered",
    *(f"DROP TABLE {table}_1" for table in ("repeat", "issued_template", *reversed(_OF_FILES))),
)

_FROM_2_TO_3 = (
    "ALTER TABLE issue RENAME TO issue_2",
    _ISSUE,
    "INSERT INTO issue SELECT *, '', '' FROM issue_2",
    "DROP TABLE issue_2",
)

# Version 3 did not say which decision let a row in, nor of which figures a decision was.
_FROM_3_TO_4 = (
    "ALTER TABLE finding ADD COLUMN decision INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE decision ADD COLUMN figures TEXT NOT NULL DEFAULT ''",
)

# A new ledger is made by `SCHEMA` at once; step n brings one of version n to n + 1. A step that was
# released is never changed.
SCHEMA: tuple[str, ...] = (*_TABLES, _ISSUE, *_FROM_3_TO_4)
MIGRATIONS: tuple[tuple[str, ...], ...] = (_FROM_1_TO_2, _FROM_2_TO_3, _FROM_3_TO_4)
VERSION = len(MIGRATIONS) + 1
