"""The tables of the ledger, as commented SQL, and the steps that bring an older ledger up to date."""

# Marks a SQLite file as a ledger of this program ("KH57" in ASCII), see PRAGMA application_id.
APPLICATION_ID = 0x4B483537

# The columns are the fields of the records in `pipeline/base/record.py`, where they are explained.
# SQLite keeps the text from CREATE on, comments too, so that the file explains itself.
_VERSION_1 = (
    """
    CREATE TABLE submission (
        -- One file that came in, whatever became of it.
        sha256          TEXT NOT NULL PRIMARY KEY,  -- of the whole file, 64 hex digits
        name            TEXT NOT NULL,              -- as dropped, relative to the inbox
        size            INTEGER NOT NULL,           -- in bytes
        arrived_at      TEXT NOT NULL,              -- ISO 8601 with offset
        arrival_source  TEXT NOT NULL,              -- who says so: day_folder, received, first_seen
        decided_at      TEXT NOT NULL,              -- ISO 8601 with offset
        unit            TEXT NOT NULL,              -- '' = not identified
        period          TEXT NOT NULL,              -- 2026-11; '' = not identified
        outcome         TEXT NOT NULL,              -- valid, warned, partial, rejected, empty,
                                                    -- companion (a scan), opened (a mail, an archive)
        archived_as     TEXT NOT NULL,              -- relative to the archive, forward slashes
        parent          TEXT NOT NULL,              -- sha256 of the mail or archive it came in, or ''
        sender          TEXT NOT NULL,              -- as a mail says of itself; shown, never relied on
        sent_at         TEXT NOT NULL               -- likewise
    )
    """,
    """
    CREATE TABLE finding (
        -- What was told to the sender about the file, in the words that were used then.
        sha256    TEXT NOT NULL REFERENCES submission (sha256),
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
        PRIMARY KEY (sha256, number)
    )
    """,
    """
    CREATE TABLE fact (
        -- One accepted indicator row. NULL is "no figure", which is never 0.
        sha256            TEXT NOT NULL REFERENCES submission (sha256),
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
        PRIMARY KEY (sha256, indicator)
    )
    """,
    """
    CREATE TABLE task (
        -- One accepted task row.
        sha256          TEXT NOT NULL REFERENCES submission (sha256),
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
        PRIMARY KEY (sha256, code)
    )
    """,
    """
    CREATE TABLE narrative (
        -- One section in a unit's own words.
        sha256   TEXT NOT NULL REFERENCES submission (sha256),
        unit     TEXT NOT NULL,
        period   TEXT NOT NULL,
        section  TEXT NOT NULL,
        text     TEXT NOT NULL,
        sheet    TEXT NOT NULL,
        cell     TEXT NOT NULL,
        PRIMARY KEY (sha256, section)
    )
    """,
    """
    CREATE TABLE issued_template (
        -- One form that was issued to a unit.
        sha256       TEXT NOT NULL PRIMARY KEY,
        unit         TEXT NOT NULL,
        period       TEXT NOT NULL,
        version      INTEGER NOT NULL,  -- of the template
        checksum     TEXT NOT NULL,     -- over the locked texts
        archived_as  TEXT NOT NULL,
        issued_at    TEXT NOT NULL      -- ISO 8601 with offset
    )
    """,
    """
    CREATE TABLE repeat (
        -- The bytes of a submission, seen again.
        sha256   TEXT NOT NULL REFERENCES submission (sha256),
        name     TEXT NOT NULL,
        seen_at  TEXT NOT NULL,  -- ISO 8601 with offset
        PRIMARY KEY (sha256, name, seen_at)
    )
    """,
)

# Step n brings a ledger from version n - 1 to n. A step that was released is never changed.
MIGRATIONS: tuple[tuple[str, ...], ...] = (_VERSION_1,)
