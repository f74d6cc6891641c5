"""Plan files of older versions lie sealed in archives: they are read, and mean what they meant."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.base.errors import SpecError
from pipeline.base.period import Period
from pipeline.cli.main import main
from pipeline.core.calendar import is_due, is_open
from pipeline.spec.plan import Plan
from pipeline.spec.plan_file import load_plan
from tests.consolidated_reading import load_book
from tests.forms import PLAN, SCHEMAS, sent_form

TEXT = (SCHEMAS / "plan-2026.toml").read_text(encoding="utf-8")
LATER_TABLES = ("[scoring.projection]", "[scoring.ranking]", "[doubts]", "[[doubts.relations]]")


def older(text: str) -> str:
    """The plan as it was written before it had the newer tables and keys."""
    tables = re.split(r"(?m)^(?=\[)", text)
    kept = "".join(table for table in tables if not table.startswith(LATER_TABLES))
    kept = re.sub(r"(?m)^deadline_month.*$", "yearly_due_month  = 12", kept)
    kept = re.sub(r"(?m)^may_come_early.*\n", "", kept)
    return re.sub(r"(?m)^due_months .*$", 'frequency         = "yearly"', kept)


def with_defaults(plan: Plan) -> Plan:
    """Without what the later tables say of their own."""
    projection = replace(plan.scoring.projection, range_from_periods=3)
    scoring = replace(plan.scoring, projection=projection)
    return replace(plan, doubts=replace(plan.doubts, relations=()), scoring=scoring)


def test_the_older_text_has_none_of_what_came_later() -> None:
    text = older(TEXT)
    assert not [word for word in (*LATER_TABLES, "\ndue_months", "deadline_month") if word in text]
    assert text.count('\nfrequency         = "yearly"\n') == text.count("\nyearly_due_month  = 12\n") == 1


def test_an_older_plan_is_the_same_plan() -> None:
    assert load_plan("1.toml", older(TEXT)) == with_defaults(PLAN)


@pytest.mark.parametrize("key", ["same_figures", "parts", "outlier_floor"])
def test_a_number_of_the_doubts_may_be_left_out(key: str) -> None:
    text = re.sub(rf"(?m)^{key} .*\n", "", TEXT)
    assert text != TEXT
    assert load_plan("1.toml", text) == PLAN


def months_of(plan: Plan, code: str) -> Iterator[tuple[bool, bool]]:
    indicator = plan.indicator_by_code[code]
    for month in range(1, 13):
        yield is_due(indicator, Period(2026, month)), is_open(indicator, Period(2026, month))


def test_a_yearly_indicator_falls_due_in_the_month_of_its_calendar() -> None:
    plan = load_plan("1.toml", older(TEXT).replace("yearly_due_month  = 12", "yearly_due_month  = 6"))
    assert list(months_of(plan, "V.23")) == [(month == 6, True) for month in range(1, 13)]
    assert list(months_of(plan, "V.22")) == [(True, True)] * 12


def test_a_frequency_that_nobody_knows_is_still_refused() -> None:
    with pytest.raises(SpecError, match=r"indicators\[33\].frequency"):
        load_plan("1.toml", older(TEXT).replace('"yearly"', '"weekly"'))


def test_a_month_is_replayed_by_its_older_plan_with_the_days_off_of_its_year(tmp_path: Path) -> None:
    """The last good day, Thursday 19 February 2026, is in Tết: it moves to the 23rd, when the form came."""
    text = older(TEXT).replace('day_off           = "none"', 'day_off           = "next"')
    plan = tmp_path / "plan.toml"
    plan.write_text(text, encoding="utf-8")
    form = tmp_path / "inbox" / "2026-02-23" / "CA.xlsx"
    form.parent.mkdir(parents=True)
    form.write_bytes(sent_form("CA", "2026-02"))
    where = ("--workspace", str(tmp_path), "--period", "2026-02")
    assert main(["run", *where, "--plan", str(plan), "--now", "2026-02-25T08:00"]) == 0
    assert main(["replay", *where, "--as-of", "2026-02-25T09:00"]) == 0
    (again,) = (tmp_path / "outbox" / "2026-02").glob("tong-hop-2026-02-luc-*.xlsx")
    rows = [row for row in load_book(again.read_bytes())["Tình trạng nộp"].iter_rows(values_only=True)]
    assert "● Đúng hạn" in next(row for row in rows if row[0] == "CA")
