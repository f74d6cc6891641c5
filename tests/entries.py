"""Entries for the ledger, each made from one word, and a look at its connections."""

import sqlite3
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from pipeline.base.record import (
    Decision,
    Entry,
    Fact,
    Issue,
    IssuedTemplate,
    KeptFinding,
    KeptPlan,
    Narrative,
    Repeat,
    Submission,
    TaskReport,
)


def digest(word: str) -> str:
    return sha256(word.encode()).hexdigest()


def a_submission(word: str, unit: str = "VHXH", period: str = "2026-11", **changes: str) -> Submission:
    submission = Submission(
        sha256=digest(word),
        name=f"2026-11-18/{word}.xlsx",
        size=15_123,
        arrived_at="2026-11-18T00:00:00+07:00",
        arrival_source="day_folder",
        decided_at="2026-11-21T08:00:00+07:00",
        unit=unit,
        period=period,
        outcome="partial",
        archived_as=f"{period}/{unit}/{word}.xlsx",
    )
    return replace(submission, **changes)  # type: ignore[arg-type]  # only texts are changed


def a_fact(word: str, indicator: str, value: float | None = 75.0, unit: str = "VHXH") -> Fact:
    return Fact(
        sha256=digest(word),
        unit=unit,
        period="2026-11",
        indicator=indicator,
        state="reported",
        numerator=3.0,
        denominator=4.0,
        value=value,
        sheet="Chỉ tiêu",
        numerator_cell="F9",
        numerator_raw="3",
        denominator_cell="H9",
        denominator_raw=" 4",
        value_cell="",
        value_raw="",
        evidence="Báo cáo số 12",
        explanation="=1+1",
    )


def a_task(word: str, code: str) -> TaskReport:
    return TaskReport(
        sha256=digest(word),
        unit="VHXH",
        period="2026-11",
        code=code,
        work="Tập huấn",
        person="Công chức văn hóa",
        time="Quý IV",
        responsibility="Chủ trì",
        product="Kế hoạch",
        authority="Phòng VHXH",
        state="doing",
        progress=None,
        date_done="",
        document="",
        sheet="Nhiệm vụ",
        cell="I12",
    )


def a_narrative(word: str, section: str) -> Narrative:
    return Narrative(
        digest(word), "VHXH", "2026-11", section, "Thiếu máy.\nThiếu 'người'.", "Nội dung báo cáo", "C5"
    )


def a_finding(word: str, number: int) -> KeptFinding:
    return KeptFinding(
        sha256=digest(word),
        number=number,
        code="C02",
        severity="error",
        sheet="Chỉ tiêu",
        cells="F17, F19",
        row_code="V.7",
        label="Tử số",
        title="Không phải số",
        found="«ba»",
        expected="Số",
        mend="Ghi số",
        example="3",
    )


def an_entry(word: str, facts: int = 2) -> Entry:
    return Entry(
        submission=a_submission(word),
        findings=(a_finding(word, 1), a_finding(word, 2)),
        facts=tuple(a_fact(word, f"V.{n}") for n in range(1, facts + 1)),
        tasks=(a_task(word, "1.1"), a_task(word, "DV.1")),
        narratives=(a_narrative(word, "obstacles"),),
    )


def a_template(word: str, unit: str, issued_at: str = "2026-11-15T08:00:00+07:00") -> IssuedTemplate:
    return IssuedTemplate(digest(word), unit, "2026-11", 1, "0" * 64, f"mau/{word}.xlsx", issued_at)


def a_decision(number: int, **changes: str) -> Decision:
    decision = Decision(number, "withdraw", "2026-11-21T09:00:00+07:00", "Gửi nhầm", digest("a"))
    return replace(decision, **changes)  # type: ignore[arg-type]  # only texts are changed


def an_issue(number: int) -> Issue:
    word = f"issue {number}"
    return Issue("2026-11", number, digest(word), f"{word}.xlsx", digest("plan"), "2026-11-24T08:00:00+07:00")


def a_plan() -> KeptPlan:
    return KeptPlan(digest("plan"), "phuoc-an-2026", 2026, 1, "ke-hoach/1.toml", "2026-11-21T08:00:00+07:00")


def a_repeat(word: str) -> Repeat:
    return Repeat(digest(word), "lại.xlsx", "2026-11-22T08:00:00+07:00")


def watched_connections(monkeypatch: pytest.MonkeyPatch) -> list[sqlite3.Connection]:
    """The connections that are opened from now on."""
    opened: list[sqlite3.Connection] = []
    connect = sqlite3.connect

    def watched(*args: Any, **options: Any) -> sqlite3.Connection:
        opened.append(connect(*args, **options))
        return opened[-1]

    monkeypatch.setattr(sqlite3, "connect", watched)
    return opened
