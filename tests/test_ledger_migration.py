"""A ledger of an earlier version is brought up to date without losing a word."""

import sqlite3
from contextlib import closing
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.base.record import (
    Entry,
    Fact,
    IssuedTemplate,
    KeptFinding,
    Narrative,
    Repeat,
    Submission,
    TaskReport,
)
from pipeline.edges.store.ledger import TABLES, Ledger, OfFile
from pipeline.edges.store.ledger_schema import APPLICATION_ID, MIGRATIONS
from tests.entries import a_decision, a_plan, a_repeat, a_submission, a_template, an_entry, an_issue, digest

# Version 1 had these tables, with a column for each field and this primary key.
KEYS: dict[type[OfFile] | type[Repeat] | type[IssuedTemplate], str] = {
    Submission: "sha256",
    KeptFinding: "sha256, number",
    Fact: "sha256, indicator",
    TaskReport: "sha256, code",
    Narrative: "sha256, section",
    IssuedTemplate: "sha256",
    Repeat: "sha256, name, seen_at",
}


def columns_of_version_1(record: type[Any]) -> list[str]:
    return [field.name for field in fields(record) if (record, field.name) != (KeptFinding, "decision")]


def of_version_1(path: Path, entries: list[Entry]) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for record, key in KEYS.items():
            whose = "" if record is Submission else " REFERENCES submission (sha256)"
            columns = ", ".join(name + whose * (name == "sha256") for name in columns_of_version_1(record))
            connection.execute(f"CREATE TABLE {TABLES[record]} ({columns}, PRIMARY KEY ({key}))")
        rows: list[Any] = []
        for entry in entries:
            rows += [entry.submission, *entry.findings, *entry.facts, *entry.tasks, *entry.narratives]
        for row in (*rows, a_template("p", "VP"), a_repeat("a")):
            values = {name: asdict(row)[name] for name in columns_of_version_1(type(row))}
            places = ", ".join("?" for _ in values)
            connection.execute(f"INSERT INTO {TABLES[type(row)]} VALUES ({places})", list(values.values()))
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("PRAGMA user_version = 1")
        connection.commit()


def test_a_decision_of_version_3_was_about_no_figures(tmp_path: Path) -> None:
    path, decision = tmp_path / "ledger.sqlite", a_decision(1)
    with Ledger(path) as ledger:
        ledger.record(an_entry("a"), decision)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("ALTER TABLE decision DROP COLUMN figures")
        connection.execute("ALTER TABLE finding DROP COLUMN decision")
        connection.execute("PRAGMA user_version = 3")
    with Ledger(path) as ledger:
        assert (ledger.decisions(), ledger.entry(digest("a"))) == ([decision], an_entry("a"))


def test_every_row_is_there_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    later = Entry(a_submission("b", decided_at="2026-11-21T08:00:01+07:00"))
    of_version_1(path, [later, an_entry("a")])
    for _ in range(2):
        with Ledger(path) as ledger:
            assert ledger.entry(digest("a")) == an_entry("a")
            told = [(number, kind) for number, kind, _ in ledger.events(after=0)]
            assert told == [(1, "template"), (2, "entry"), (3, "entry"), (4, "repeat")]
            assert [record for _, _, record in ledger.events(after=0)] == [
                a_template("p", "VP"),
                an_entry("a"),
                later,
                a_repeat("a"),
            ]


def test_an_issue_of_version_2_has_no_hash_of_its_page_and_its_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ledger.sqlite"
    of_version_1(path, [an_entry("a")])
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.edges.store.ledger_file.MIGRATIONS", MIGRATIONS[:1])
        patch.setattr("pipeline.edges.store.ledger_file.VERSION", 2)
        with Ledger(path) as ledger:
            ledger.record(a_plan())
    issue = an_issue(1)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO event VALUES (9, ?, 'issue')", (issue.issued_at,))
        old = list(asdict(issue).values())[:-2]
        connection.execute("INSERT INTO issue VALUES (9, ?, ?, ?, ?, ?, ?)", old)
        connection.commit()
    with Ledger(path) as ledger:
        assert ledger.issues() == [issue]
        assert list(issue.sealed_beside.values()) == ["", ""]
        hashed = replace(issue, number=2, page_sha256=digest("page"), data_sha256=digest("data"))
        ledger.record(hashed)
        assert ledger.issues() == [issue, hashed]
