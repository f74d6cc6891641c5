"""More time for one unit, and an issue of the month: each says of the other what follows from it."""

from datetime import date, datetime
from pathlib import Path

import pytest

from pipeline.base.period import Period
from pipeline.cli.office_report import decision_lines, issue_lines
from pipeline.run.deciding import Order, decide
from pipeline.run.issuing import issue
from pipeline.run.labels import labels
from pipeline.run.workspace import Workspace
from tests.forms import sent_form
from tests.test_take import ZONE, drop, run

NOVEMBER = Period(2026, 11)


def at(day: int) -> datetime:
    return datetime(2026, 11, day, 9, tzinfo=ZONE)


def extend(root: Path, unit: str, until: int, now: int) -> list[str]:
    order = Order("extend", "Mất điện", unit=unit, period=NOVEMBER, until=date(2026, 11, until))
    result = decide(Workspace(root, None, at(now)), order, lambda line: None)
    return list(decision_lines(result, labels()))


def issued(root: Path, now: int) -> list[str]:
    return list(issue_lines(issue(Workspace(root, None, at(now)), NOVEMBER, lambda line: None)))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    drop(tmp_path, ca__xlsx=sent_form("CA"))
    run(tmp_path, at(18))
    return tmp_path


def test_an_issue_says_who_has_time_to_send_still(root: Path) -> None:
    for unit, until in (("TH", 22), ("TYT", 24), ("VP", 26)):
        extend(root, unit, until, now=20)
    (said,) = [line for line in issued(root, now=24) if "gia hạn" in line]
    assert said == (
        "Lưu ý: đang còn gia hạn nộp cho Trạm Y tế (đến hết ngày 24/11/2026), "
        "VP HĐND-UBND (đến hết ngày 26/11/2026); phiếu đến sau bản này chờ quyết định (lệnh admit)."
    )


def test_an_issue_is_silent_about_time_that_is_over(root: Path) -> None:
    extend(root, "TH", 22, now=20)
    assert [line for line in issued(root, now=23) if "gia hạn" in line] == []


def test_more_time_for_a_month_that_was_issued_is_given_and_said(root: Path) -> None:
    assert [line for line in extend(root, "TH", 26, now=23) if line.startswith("Lưu ý")] == []
    issued(root, now=24)
    (said,) = [line for line in extend(root, "TYT", 27, now=24) if line.startswith("Lưu ý")]
    assert said == (
        "Lưu ý: kỳ tháng 11/2026 đã có bản phát hành số 1; phiếu gửi trong thời gian gia hạn chờ quyết định "
        "(lệnh admit)."
    )
