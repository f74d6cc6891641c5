"""What was recorded is there, whole, in order, and unchanged; what was not is not there at all."""

import sqlite3
import types
import typing
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.base.record import Entry, Repeat
from pipeline.edges.store.ledger import TABLES, Ledger
from pipeline.edges.store.ledger_schema import APPLICATION_ID, MIGRATIONS, VERSION
from tests.entries import (
    a_decision,
    a_fact,
    a_finding,
    a_narrative,
    a_plan,
    a_repeat,
    a_submission,
    a_task,
    a_template,
    an_entry,
    an_issue,
    digest,
    watched_connections,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
FIGURE = st.none() | st.floats(allow_nan=False)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "archive" / "so-theo-doi.sqlite"


def ask(path: Path, question: str) -> list[tuple[Any, ...]]:
    """What the file holds, without our code between."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(question).fetchall()


def test_an_entry_comes_back_as_it_was(path: Path) -> None:
    entry = an_entry("a")
    with Ledger(path) as ledger:
        ledger.record(entry)
    with Ledger(path) as ledger:
        assert ledger.submission(digest("a")) == entry.submission
        assert ledger.submissions() == [entry.submission]
        assert ledger.findings([digest("a")]) == list(entry.findings)
        assert ledger.facts(2026, "2026-11") == list(entry.facts)
        assert ledger.tasks("2026-11") == list(entry.tasks)
        assert ledger.narratives("2026-11") == list(entry.narratives)


@given(raw=TEXT, numerator=FIGURE, value=FIGURE)
def test_figures_and_texts_are_exact(raw: str, numerator: float | None, value: float | None) -> None:
    fact = replace(a_fact("a", "V.1", value), numerator=numerator, numerator_raw=raw)
    with Ledger(Path(":memory:")) as ledger:
        ledger.record(Entry(a_submission("a"), facts=(fact,)))
        (kept,) = ledger.facts(2026, "2026-11")
    assert kept == fact
    assert isinstance(kept.numerator, type(numerator))


def test_zero_and_nothing_differ(path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.record(Entry(a_submission("a"), facts=(a_fact("a", "V.1", 0.0), a_fact("a", "V.2", None))))
        assert [fact.value for fact in ledger.facts(2026, "2026-11")] == [0.0, None]


def test_columns_are_the_fields_of_the_records(path: Path) -> None:
    sql_types = {str: ("TEXT", 1), int: ("INTEGER", 1), float: ("REAL", 0)}
    with Ledger(path):
        pass
    for record, table in TABLES.items():
        hints = typing.get_type_hints(record)
        expected = [("event", "INTEGER", 1)]
        expected += [(f.name, *sql_types[plain(hints[f.name])]) for f in fields(record)]
        assert ask(path, f"SELECT name, type, [notnull] FROM pragma_table_info('{table}')") == expected
    tables = ask(path, "SELECT name FROM sqlite_master WHERE type = 'table'")
    assert {name for (name,) in tables} == {"event", *TABLES.values()}


def plain(hint: object) -> type:
    """`float` of `float | None`, `str` of a choice of texts."""
    if typing.get_origin(hint) is typing.Literal:
        return str
    if isinstance(hint, types.UnionType):
        (hint,) = (part for part in typing.get_args(hint) if part is not types.NoneType)
    assert isinstance(hint, type)
    return hint


def test_the_file_explains_itself(path: Path) -> None:
    with Ledger(path):
        pass
    for (statement,) in ask(path, "SELECT sql FROM sqlite_master WHERE type = 'table'"):
        assert "-- " in statement


def test_unknown_file(path: Path) -> None:
    with Ledger(path) as ledger:
        assert ledger.submission(digest("a")) is None
        assert ledger.submissions() == []


def test_submissions_by_period_and_arrival(path: Path) -> None:
    early = a_submission("z", arrived_at="2026-11-17T00:00:00+07:00")
    same = sorted((a_submission("a"), a_submission("b")), key=lambda s: s.sha256)
    before = a_submission("c", period="2026-10", arrived_at="2026-10-18T00:00:00+07:00")
    nobody = a_submission("d", unit="", period="", arrived_at="2026-11-19T00:00:00+07:00")
    with Ledger(path) as ledger:
        for submission in (nobody, *same[::-1], early, before):
            ledger.record(Entry(submission))
        assert ledger.submissions() == [before, early, *same, nobody]
        assert ledger.submissions("2026-11") == [early, *same]
        assert ledger.submissions("") == [nobody]
        assert ledger.submissions("2026-12") == []


def test_findings_of_the_files_asked_for(path: Path) -> None:
    with Ledger(path) as ledger:
        for word in ("a", "b", "c"):
            told = tuple(a_finding(word, number) for number in (10, 9, 1))
            ledger.record(Entry(a_submission(word), findings=told))
        found = ledger.findings({digest("a"), digest("c"), *(digest(str(n)) for n in range(40_000))})
        assert [(f.sha256, f.number) for f in found] == [
            (sha256, number) for sha256 in sorted((digest("a"), digest("c"))) for number in (1, 9, 10)
        ]
        assert ledger.findings(()) == []


def test_facts_of_a_year_until_a_period(path: Path) -> None:
    periods = ("2025-12", "2026-01", "2026-02", "2026-11", "2026-12", "2027-01")
    with Ledger(path) as ledger:
        for period in periods[::-1]:
            fact = replace(a_fact(period, "V.1"), period=period)
            ledger.record(Entry(a_submission(period, period=period), facts=(fact,)))

        def until(period: str) -> list[str]:
            return [fact.period for fact in ledger.facts(2026, period)]

        assert until("2026-11") == ["2026-01", "2026-02", "2026-11"]
        assert until("2026-10") == ["2026-01", "2026-02"]
        assert until("2027-01") == ["2026-01", "2026-02", "2026-11", "2026-12"]
        assert until("2025-12") == []


def test_rows_of_one_period_in_a_fixed_order(path: Path) -> None:
    with Ledger(path) as ledger:
        for word, unit in (("b", "VP"), ("a", "CA")):
            entry = Entry(
                a_submission(word, unit=unit),
                facts=tuple(a_fact(word, code, unit=unit) for code in ("V.2", "V.1")),
                tasks=tuple(replace(a_task(word, code), unit=unit) for code in ("2", "1")),
                narratives=tuple(replace(a_narrative(word, s), unit=unit) for s in ("y", "x")),
            )
            ledger.record(entry)
        other = replace(a_task("c", "1"), period="2026-10"), replace(a_narrative("c", "x"), period="2026-10")
        ledger.record(Entry(a_submission("c", period="2026-10"), tasks=other[:1], narratives=other[1:]))
        whose = [("CA", 1), ("CA", 2), ("VP", 1), ("VP", 2)]
        assert [(f.unit, int(f.indicator[2:])) for f in ledger.facts(2026, "2026-11")] == whose
        assert [(t.unit, int(t.code)) for t in ledger.tasks("2026-11")] == whose
        assert [(n.unit, "_xy".index(n.section)) for n in ledger.narratives("2026-11")] == whose


def test_of_two_entries_about_a_file_the_later_holds_and_the_former_stays(path: Path) -> None:
    first = an_entry("a")
    later = replace(first.submission, outcome="valid", decided_at="2026-11-22T08:00:00+07:00")
    with Ledger(path) as ledger:
        ledger.record(first)
        ledger.record(Entry(later, facts=(a_fact("a", "V.2"),)))
        assert ledger.submissions() == [later]
        assert ledger.entry(digest("a")) == Entry(later, facts=(a_fact("a", "V.2"),))
        assert [fact.indicator for fact in ledger.facts(2026, "2026-11")] == ["V.2"]
        assert ledger.findings([digest("a")]) == []
        assert next(record for _, _, record in ledger.events(after=0)) == first
    assert ask(path, "SELECT outcome FROM current_submission") == [("valid",)]
    assert ask(path, "SELECT indicator FROM current_fact") == [("V.2",)]


def test_the_ledger_answers_as_it_would_have_at_a_moment(path: Path) -> None:
    first = an_entry("a")
    later = replace(first.submission, outcome="withdrawn", decided_at="2026-11-22T08:00:00+07:00")
    with Ledger(path) as ledger:
        ledger.record(first, a_decision(1, decided_at=later.decided_at), Entry(later))
    with Ledger(path, as_of="2026-11-22T07:59:59+07:00") as ledger:
        assert ledger.submission(digest("a")) == first.submission
        assert ledger.facts(2026, "2026-11") == list(first.facts)
        assert ledger.decisions() == []
    with Ledger(path, as_of=later.decided_at) as ledger:
        assert (ledger.submissions(), ledger.facts(2026, "2026-11")) == ([later], [])
        assert [d.number for d in ledger.decisions()] == [1]
    with Ledger(path, as_of="2026-11-01T00:00:00+07:00") as ledger:
        assert (ledger.submission(digest("a")), ledger.submissions()) == (None, [])


def test_records_are_kept_all_or_none(path: Path) -> None:
    with Ledger(path) as ledger:
        with pytest.raises(ValueError, match=r"decision\.number"):
            ledger.record(an_entry("a"), a_decision(1), a_decision(1))
        assert (ledger.last_event(), ledger.submissions()) == (0, [])


def test_events_can_be_restored_into_another_ledger(path: Path, tmp_path: Path) -> None:
    records = (an_entry("a"), a_template("p", "VP"), a_decision(1), an_issue(1), a_plan(), a_repeat("a"))
    with Ledger(path) as ledger:
        ledger.record(*records)
        told = list(ledger.events(after=0))
    assert [kind for _, kind, _ in told] == ["entry", "template", "decision", "issue", "plan", "repeat"]
    assert [record for _, _, record in told] == list(records)
    with Ledger(tmp_path / "again.sqlite") as ledger:
        ledger.restore((number, record) for number, _, record in told)
        assert list(ledger.events(after=0)) == told


def test_what_counts_as_a_change_after_an_issue(path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.record(an_entry("a"), an_issue(1))
        since = ledger.event_of(an_issue(1))
        waiting = Entry(a_submission("b", outcome="pending"))
        other = Entry(a_submission("c", period="2026-12"))
        ledger.record(waiting, other, a_decision(1, period="2026-10"), a_repeat("a"))
        assert not ledger.has_changed("2026-11", since)
        earlier = Entry(a_submission("d", period="2026-10"))
        ledger.record(earlier)
        assert ledger.has_changed("2026-11", since)


def test_an_entry_with_a_doubled_row_leaves_nothing(path: Path) -> None:
    twice = (a_fact("a", "V.1"), a_fact("a", "V.1"))
    with Ledger(path) as ledger:
        with pytest.raises(ValueError, match=r"fact\.indicator"):
            ledger.record(Entry(a_submission("a"), facts=twice))
        assert ledger.submission(digest("a")) is None
        assert ledger.facts(2026, "2026-11") == []
        ledger.record(Entry(a_submission("a"), facts=twice[:1]))
        assert ledger.facts(2026, "2026-11") == list(twice[:1])


def test_an_entry_speaks_of_one_file(path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.record(Entry(a_submission("a")))
        with pytest.raises(ValueError, match="two files"):
            ledger.record(Entry(a_submission("b"), facts=(a_fact("a", "V.1"),)))
        assert ledger.submission(digest("b")) is None


def test_a_repeat_is_kept_once(path: Path) -> None:
    first = Repeat(digest("a"), "lại.xlsx", "2026-11-19T08:00:00+07:00")
    later = replace(first, seen_at="2026-11-20T08:00:00+07:00")
    with Ledger(path) as ledger:
        ledger.record(an_entry("a"))
        for repeat in (first, later, first):
            ledger.record(repeat)
    kept = ask(path, "SELECT sha256, name, seen_at FROM repeat ORDER BY seen_at")
    assert kept == [(r.sha256, r.name, r.seen_at) for r in (first, later)]


def test_issued_templates(path: Path) -> None:
    first, other = a_template("p", "VP"), a_template("c", "CA")
    second = a_template("v", "CA", "2026-11-16T08:00:00+07:00")
    before = replace(a_template("o", "CA"), period="2026-10")
    with Ledger(path) as ledger:
        for issued in (first, second, other, before, replace(first, issued_at="2026-11-17T08:00:00+07:00")):
            ledger.record(issued)
        assert ledger.issued_templates("2026-11") == [other, second, first]
        assert ledger.issued_templates("2026-10") == [before]


def test_exists_only_looks(path: Path) -> None:
    assert not Ledger.exists(path)
    assert not path.parent.exists()
    with Ledger(path):
        assert Ledger.exists(path)


def test_marks_and_settings(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = watched_connections(monkeypatch)
    with Ledger(path):
        (connection,) = opened
        asked = ("synchronous", "foreign_keys", "busy_timeout", "journal_mode")
        said = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in asked]
    assert said == [2, 1, 10_000, "wal"]
    assert ask(path, "PRAGMA application_id") == [(APPLICATION_ID,)]
    assert ask(path, "PRAGMA user_version") == [(VERSION,)]


def test_all_is_in_the_one_file_after_closing(path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.record(an_entry("a"))
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_same_entries_make_the_same_file(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("mot.sqlite", "hai.sqlite")]
    for path in paths:
        with Ledger(path) as ledger:
            ledger.record(an_entry("a"))
            ledger.record(a_template("p", "VP"))
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_an_older_ledger_is_brought_up_to_date(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Ledger(path) as ledger:
        ledger.record(an_entry("a"))
    step = ("ALTER TABLE repeat ADD COLUMN sender TEXT NOT NULL DEFAULT ''",)
    monkeypatch.setattr("pipeline.edges.store.ledger_file.MIGRATIONS", (*MIGRATIONS, step))
    monkeypatch.setattr("pipeline.edges.store.ledger_file.VERSION", VERSION + 1)
    for _ in range(2):
        with Ledger(path) as ledger:
            assert ledger.facts(2026, "2026-11") == list(an_entry("a").facts)
    assert ask(path, "PRAGMA user_version") == [(VERSION + 1,)]
    assert ask(path, "SELECT count(*) FROM pragma_table_info('repeat') WHERE name = 'sender'") == [(1,)]


def test_a_step_that_fails_leaves_the_ledger_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Ledger(path) as ledger:
        ledger.record(an_entry("a"))
    before = path.read_bytes()
    step = ("DROP TABLE repeat", "ALTER TABLE nowhere ADD COLUMN x TEXT")
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.edges.store.ledger_file.MIGRATIONS", (*MIGRATIONS, step))
        patch.setattr("pipeline.edges.store.ledger_file.VERSION", VERSION + 1)
        with pytest.raises(sqlite3.OperationalError, match="nowhere"):
            Ledger(path)
    assert path.read_bytes() == before
    with Ledger(path) as ledger:
        assert ledger.submission(digest("a")) is not None


def test_many_openers_at_once(path: Path) -> None:
    def record(word: str) -> None:
        with Ledger(path) as ledger:
            ledger.record(an_entry(word))

    record("first")
    words = ["first", *(str(number) for number in range(16))]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(record, words[1:]))
    with Ledger(path) as ledger:
        assert {s.sha256 for s in ledger.submissions()} == {digest(word) for word in words}
