"""The officer decides by command: what counts follows at once, and the reason is printed."""

import io
import sqlite3
from contextlib import closing
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.base.errors import OperatorError
from pipeline.base.period import Period
from pipeline.base.record import Decision
from pipeline.core.decisions import in_force
from pipeline.edges.reading.workbook import read_workbook
from pipeline.run.deciding import Order, decide, list_decisions
from pipeline.run.issuing import issue
from pipeline.run.month import run_month
from pipeline.run.results import DecisionResult
from pipeline.run.status import read_status
from pipeline.run.workspace import Workspace
from tests.forms import TEMPLATE, sent_form
from tests.test_run import figures
from tests.test_take import NOW, ZONE, drop, ledger, outcomes, run

NOVEMBER = Period(2026, 11)
LATER = datetime(2026, 11, 22, 9, 0, tzinfo=ZONE)
CURRENT = "SELECT name, unit, period, outcome FROM current_submission ORDER BY name"


def order(root: Path, kind: Any, **words: Any) -> DecisionResult:
    words = {"reason": "Đã gọi điện xác minh", **words}
    return decide(Workspace(root, None, LATER), Order(kind=kind, **words), lambda line: None)


@cache
def without_identity(unit: str) -> bytes:
    """A form whose hidden sheet and visible cells no longer say whose it is."""
    book = openpyxl.load_workbook(io.BytesIO(sent_form(unit)))
    del book[TEMPLATE.identity.sheet]
    labels = {TEMPLATE.identity.visible_unit, TEMPLATE.identity.visible_period}
    for sheet in book:
        for cell in [c for row in sheet.iter_rows() for c in row if c.value in labels]:
            cell.value = None
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def printed(root: Path) -> list[tuple[object, ...]]:
    """The decisions as the workbook shows them: number, moment, what, reason, standing."""
    data = (root / "outbox" / "2026-11" / "tong-hop-2026-11.xlsx").read_bytes()
    (sheet,) = [sheet for sheet in read_workbook(data).sheets if sheet.name == "Quyết định"]
    head = next(row for (row, column), cell in sheet.cells.items() if column == 1 and cell.value == "Số")
    numbered = sorted(r for (r, c), cell in sheet.cells.items() if c == 1 and r > head and cell.value)
    return [tuple(sheet.cells[row, column].value for column in range(1, 6)) for row in numbered]


def test_an_unidentified_file_is_assigned(tmp_path: Path) -> None:
    drop(tmp_path, la__xlsx=without_identity("CA"))
    assert outcomes(run(tmp_path)) == {"la.xlsx": "rejected"}
    pasted = "Đã gọi\u202e điện\x07 xác minh"
    result = order(tmp_path, "assign", file="la.xlsx", unit="CA", period=NOVEMBER, reason=pasted)
    assert [(v.unit, v.period, v.outcome) for v in result.verdicts] == [("CA", "2026-11", "valid")]
    assert ledger(tmp_path, CURRENT) == [("la.xlsx", "CA", "2026-11", "valid")]
    assert figures(result.workbooks[0])["V.20"]["Kết quả"] == 80
    ((number, _, what, reason, standing),) = printed(tmp_path)
    assert (number, what) == (1, "Tệp «la.xlsx» được ghi nhận cho Công an xã, tháng 11/2026")
    assert (reason, standing) == ("Đã gọi điện xác minh", "● Còn hiệu lực")


def test_the_same_bytes_of_an_assigned_file_stay_assigned(tmp_path: Path) -> None:
    drop(tmp_path, la__xlsx=without_identity("CA"))
    run(tmp_path)
    order(tmp_path, "assign", file="la.xlsx", unit="CA", period=NOVEMBER)
    drop(tmp_path, lai__xlsx=without_identity("CA"))
    (again,) = run(tmp_path, LATER).verdicts
    assert (again.unit, again.outcome, again.repeated) == ("CA", "valid", True)


def test_a_file_is_withdrawn_and_the_earlier_one_counts_again(tmp_path: Path) -> None:
    drop(tmp_path, mot__xlsx=sent_form("CA"))
    run(tmp_path)
    drop(tmp_path, hai__xlsx=sent_form("CA", V_30__numerator=45.0))
    run(tmp_path, datetime(2026, 11, 21, 10, 0, tzinfo=ZONE))
    result = order(tmp_path, "withdraw", file="hai.xlsx")
    assert figures(result.workbooks[0])["V.30"]["Kết quả"] == 80
    assert ledger(tmp_path, CURRENT)[0] == ("hai.xlsx", "CA", "2026-11", "withdrawn")
    back = order(tmp_path, "revoke", number=1)
    assert [v.outcome for v in back.verdicts] == ["valid"]
    assert figures(back.workbooks[0])["V.30"]["Kết quả"] == 90
    assert [row[4] for row in printed(tmp_path)] == ["– Đã hủy", "● Còn hiệu lực"]


def test_a_row_that_breaks_a_rule_is_accepted_as_it_is(tmp_path: Path) -> None:
    drop(tmp_path, ca__xlsx=sent_form("CA", V_30__evidence=""))
    assert outcomes(run(tmp_path)) == {"ca.xlsx": "partial"}
    result = order(tmp_path, "accept", file="ca.xlsx", row_code="V.30")
    assert figures(result.workbooks[0])["V.30"]["Kết quả"] == 80
    # The finding stays to be seen, and asks for nothing any more.
    told = ledger(tmp_path, "SELECT code, row_code, severity, mend FROM current_finding")
    assert [row[:3] for row in told] == [("R08", "V.30", "note")]
    assert told[0][3].startswith("Không cần sửa")
    assert ledger(tmp_path, "SELECT outcome FROM current_submission") == [("valid",)]
    assert "nhận theo quyết định" in str(figures(result.workbooks[0])["V.30"]["Ghi chú"])
    assert list((tmp_path / "outbox" / "2026-11" / "phan-hoi").iterdir()) == []


def test_a_row_accepted_under_an_older_program_still_names_its_decision(tmp_path: Path) -> None:
    drop(tmp_path, ca__xlsx=sent_form("CA", V_30__evidence=""))
    run(tmp_path)
    order(tmp_path, "accept", file="ca.xlsx", row_code="V.30")
    with closing(sqlite3.connect(tmp_path / "archive" / "ledger.sqlite")) as connection:
        connection.execute("UPDATE finding SET decision = 0")
        connection.commit()
    (workbook,) = run(tmp_path, LATER).workbooks
    assert "nhận theo quyết định số 1" in str(figures(workbook)["V.30"]["Ghi chú"])


def test_an_accepted_figure_stays_accepted_when_it_is_sent_again(tmp_path: Path) -> None:
    drop(tmp_path, ca__xlsx=sent_form("CA", V_30__numerator=60.0))
    assert outcomes(run(tmp_path)) == {"ca.xlsx": "partial"}
    order(tmp_path, "accept", file="ca.xlsx", row_code="V.30")
    # The same figures, whatever stands beside them, and a file that says nothing new in another row.
    drop(
        tmp_path,
        lai__xlsx=sent_form("CA", V_30__numerator="60", V_30__evidence="Báo cáo 12", V_28__numerator=44.0),
    )
    result = run(tmp_path, LATER)
    assert outcomes(result) == {"lai.xlsx": "valid"}
    (said,) = [f for f in result.verdicts[0].findings if f.row_code == "V.30"]
    assert (said.code, said.severity, said.decision) == ("R03", "note", 1)
    assert said.mend.endswith("(quyết định số 1).")
    row = figures(result.workbooks[0])["V.30"]
    assert row["Tử số"] == 60
    assert "nhận theo quyết định số 1" in str(row["Ghi chú"])
    ((_, _, what, *_),) = printed(tmp_path)
    assert what == (
        "Dòng V.30 của tệp «ca.xlsx» được nhận nguyên như đã gửi;"
        " áp dụng cho cả tệp «lai.xlsx» có cùng số liệu ở dòng này"
    )


@pytest.mark.parametrize(
    ("unit", "period", "changed"),
    [
        ("CA", "2026-11", {"V_30__numerator": 61.0}),
        ("CA", "2026-11", {"V_30__numerator": 60.0, "V_30__denominator": 51.0}),
        ("CA", "2026-11", {"V_30__numerator": 60.0, "V_30__rate": 99.0}),
        ("CA", "2026-10", {"V_30__numerator": 60.0}),
    ],
)
def test_another_figure_or_month_is_judged_anew(
    unit: str, period: str, changed: dict[str, Any], tmp_path: Path
) -> None:
    drop(tmp_path, ca__xlsx=sent_form("CA", V_30__numerator=60.0))
    run(tmp_path)
    order(tmp_path, "accept", file="ca.xlsx", row_code="V.30")
    drop(tmp_path, lai__xlsx=sent_form(unit, period, **changed))
    result = run(tmp_path, LATER)
    assert outcomes(result) == {"lai.xlsx": "partial"}
    assert [f.severity for f in result.verdicts[0].findings if f.code == "R03"] == ["error"]


def test_an_acceptance_does_not_reach_a_rule_that_the_row_did_not_break_then(tmp_path: Path) -> None:
    drop(tmp_path, ca__xlsx=sent_form("CA", V_30__numerator=60.0))
    run(tmp_path)
    order(tmp_path, "accept", file="ca.xlsx", row_code="V.30")
    drop(tmp_path, lai__xlsx=sent_form("CA", V_30__numerator=60.0, V_30__evidence=""))
    result = run(tmp_path, LATER)
    assert outcomes(result) == {"lai.xlsx": "partial"}
    said = {f.code: (f.severity, f.decision) for f in result.verdicts[0].findings if f.row_code == "V.30"}
    assert said == {"R03": ("note", 1), "R08": ("error", 0)}


def test_a_row_of_a_file_that_waits_is_accepted_with_its_figures(tmp_path: Path) -> None:
    """What is sent after the issue waits for the officer; accepted, then admitted, and sent once more."""
    drop(tmp_path, ca__xlsx=sent_form("CA"))
    run(tmp_path)
    issue(Workspace(tmp_path, None, datetime(2026, 11, 24, 9, tzinfo=ZONE)), NOVEMBER, lambda line: None)
    drop(tmp_path, hai__xlsx=sent_form("CA", V_30__numerator=60.0))
    assert outcomes(run(tmp_path, datetime(2026, 11, 25, 9, tzinfo=ZONE))) == {"hai.xlsx": "pending"}
    order(tmp_path, "accept", file="hai.xlsx", row_code="V.30")
    assert ledger(tmp_path, CURRENT)[1] == ("hai.xlsx", "CA", "2026-11", "pending")
    drop(tmp_path, ba__xlsx=sent_form("CA", V_30__numerator=60.0, V_28__numerator=44.0))
    run(tmp_path, datetime(2026, 11, 26, 9, tzinfo=ZONE))
    order(tmp_path, "admit", file="ba.xlsx")
    assert ledger(tmp_path, CURRENT)[0] == ("ba.xlsx", "CA", "2026-11", "valid")


def test_an_acceptance_and_its_end_reach_every_file_with_these_figures(tmp_path: Path) -> None:
    drop(tmp_path, mot__xlsx=sent_form("CA", V_30__numerator=60.0))
    run(tmp_path)
    drop(tmp_path, hai__xlsx=sent_form("CA", V_30__numerator=60.0, V_28__numerator=44.0))
    assert outcomes(run(tmp_path, datetime(2026, 11, 21, 10, 0, tzinfo=ZONE))) == {"hai.xlsx": "partial"}
    order(tmp_path, "accept", file="mot.xlsx", row_code="V.30")
    assert ledger(tmp_path, CURRENT) == [(n, "CA", "2026-11", "valid") for n in ("hai.xlsx", "mot.xlsx")]
    # What the officer said of the figure does not end with the file that brought it first.
    order(tmp_path, "withdraw", file="mot.xlsx")
    order(tmp_path, "waive", rule="R01", unit="CA", period=NOVEMBER)  # judges the other one anew
    assert ledger(tmp_path, CURRENT)[0][3] == "valid"
    order(tmp_path, "revoke", number=1)
    assert [row[3] for row in ledger(tmp_path, CURRENT)] == ["partial", "withdrawn"]


def test_a_cell_that_gives_no_value_cannot_be_accepted(tmp_path: Path) -> None:
    drop(tmp_path, ca__xlsx=sent_form("CA", V_30__numerator="trên 98%"))
    run(tmp_path)
    with pytest.raises(OperatorError, match="C04"):
        order(tmp_path, "accept", file="ca.xlsx", row_code="V.30")
    with pytest.raises(OperatorError, match=r"không có dòng V\.28 bị giữ"):
        order(tmp_path, "accept", file="ca.xlsx", row_code="V.28")
    assert ledger(tmp_path, "SELECT count(*) FROM decision") == [(0,)]


def test_more_time_is_given_to_one_unit(tmp_path: Path) -> None:
    late = datetime(2026, 11, 20, 9, 0, tzinfo=ZONE)
    drop(tmp_path, ca__xlsx=sent_form("CA"), th__xlsx=sent_form("TH"))
    run(tmp_path, late)
    order(tmp_path, "extend", unit="CA", until=date(2026, 11, 20), period=NOVEMBER)
    lines = {line.unit: line.time for line in read_status(Workspace(tmp_path, None, LATER), NOVEMBER).lines}
    assert (lines["CA"], lines["TH"]) == ("extended", "late")
    with pytest.raises(OperatorError, match="19/11/2026"):
        order(tmp_path, "extend", unit="CA", until=date(2026, 11, 19), period=NOVEMBER)


def test_a_rule_is_waived_for_one_row_of_one_unit(tmp_path: Path) -> None:
    drop(tmp_path, ca__xlsx=sent_form("CA", V_30__evidence="", V_28__evidence=""))
    run(tmp_path)
    result = order(tmp_path, "waive", rule="R08", unit="CA", row_code="V.30", period=NOVEMBER)
    shown = figures(result.workbooks[0])
    assert (shown["V.30"]["Kết quả"], shown["V.28"].get("Kết quả")) == (80, None)
    drop(tmp_path, lai__xlsx=sent_form("CA", V_30__evidence=""))
    assert outcomes(run(tmp_path, LATER)) == {"lai.xlsx": "valid"}


def test_a_doubt_between_indicators_is_waived_by_its_name(tmp_path: Path) -> None:
    drop(tmp_path, ca__xlsx=sent_form("CA", V_20__numerator=45.0))
    assert [f.code for f in run(tmp_path).verdicts[0].findings] == ["X01"]
    result = order(tmp_path, "waive", rule="QH2", unit="CA", period=NOVEMBER)
    assert [(v.outcome, v.findings) for v in result.verdicts] == [("valid", ())]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"kind": "withdraw", "file": "khong-co.xlsx"}, "không có tệp «khong-co.xlsx»"),
        ({"kind": "withdraw", "file": "trung.xlsx"}, "Có 2 tệp tên «trung.xlsx»"),
        ({"kind": "assign", "file": "ca.xlsx", "unit": "XX"}, "Không có đơn vị «XX»"),
        ({"kind": "admit", "file": "ca.xlsx"}, "không chờ quyết định nào"),
        ({"kind": "withdraw", "file": "ca.pdf"}, "không phải là phiếu báo cáo"),
        ({"kind": "waive", "rule": "R99", "unit": "CA"}, "Không có quy tắc «R99»"),
        ({"kind": "revoke", "number": 7}, "Không có quyết định số 7"),
        ({"kind": "withdraw", "file": "ca.xlsx", "reason": "  "}, "phải có lý do"),
        ({"kind": "withdraw", "file": "ca.xlsx", "reason": "\u202e\x07 \ufeff"}, "phải có lý do"),
    ],
)
def test_what_makes_no_sense_is_refused(words: dict[str, Any], said: str, tmp_path: Path) -> None:
    drop(tmp_path, ca__xlsx=sent_form("CA"), ca__pdf=b"%PDF-1.7 a scan")
    for folder, unit in (("a", "TH"), ("b", "VP")):
        (tmp_path / "inbox" / folder).mkdir()
        (tmp_path / "inbox" / folder / "trung.xlsx").write_bytes(sent_form(unit))
    run(tmp_path)
    with pytest.raises(OperatorError, match=said):
        order(tmp_path, **words)
    assert ledger(tmp_path, "SELECT count(*) FROM decision") == [(0,)]


def test_a_file_is_named_by_the_beginning_of_its_sha256(tmp_path: Path) -> None:
    drop(tmp_path, ca__xlsx=sent_form("CA"))
    run(tmp_path)
    ((sha256,),) = ledger(tmp_path, "SELECT sha256 FROM current_submission")
    assert order(tmp_path, "withdraw", file=sha256[:8].upper()).decision.sha256 == sha256
    ((decision, said, holds),) = list_decisions(Workspace(tmp_path, None, NOW))
    assert (decision.number, said, holds) == (1, "Tệp «ca.xlsx» không được tính", True)


def test_a_revocation_can_be_revoked() -> None:
    def decision(number: int, kind: Any, revokes: int = 0) -> Decision:
        return Decision(number, kind, "2026-11-21T09:00:00+07:00", "x", sha256="a", revokes=revokes)

    once = [decision(1, "withdraw"), decision(2, "revoke", 1)]
    assert not in_force(once).is_withdrawn("a")
    assert in_force([*once, decision(3, "revoke", 2)]).is_withdrawn("a")


def test_what_goes_back_follows_the_decision(tmp_path: Path) -> None:
    drop(tmp_path, ca__xlsx=sent_form("CA", V_30__evidence="", V_28__evidence=""))
    run(tmp_path)
    (text,) = (tmp_path / "outbox" / "2026-11" / "phan-hoi").glob("*.txt")
    assert "V.28, V.30" in text.read_text("utf-8-sig")
    order(tmp_path, "accept", file="ca.xlsx", row_code="V.30")
    said = text.read_text("utf-8-sig")
    assert "V.30" not in said
    assert "2/3 chỉ tiêu được ghi nhận" in said


def test_a_withdrawn_month_is_not_what_later_months_are_seen_beside(tmp_path: Path) -> None:
    october = datetime(2026, 10, 18, 9, 0, tzinfo=ZONE)
    drop(tmp_path, thang10__xlsx=sent_form("CA", "2026-10", V_30__denominator=500.0))
    run_month(Workspace(tmp_path, None, october), Period(2026, 10), lambda line: None)
    drop(tmp_path, thang11__xlsx=sent_form("CA"))
    assert [f.code for f in run(tmp_path).verdicts[0].findings] == ["S03"]
    result = order(tmp_path, "withdraw", file="thang10.xlsx")
    assert [path.name for path in result.workbooks] == ["tong-hop-2026-10.xlsx", "tong-hop-2026-11.xlsx"]
    assert ledger(tmp_path, "SELECT name, outcome FROM current_submission ORDER BY name") == [
        ("thang10.xlsx", "withdrawn"),
        ("thang11.xlsx", "valid"),
    ]


def test_a_file_that_cannot_be_opened_is_not_assigned(tmp_path: Path) -> None:
    drop(tmp_path, quet__pdf=b"%PDF-1.7 a scan")
    run(tmp_path)
    with pytest.raises(OperatorError, match="F01"):
        order(tmp_path, "assign", file="quet.pdf", unit="CA", period=NOVEMBER)


def test_the_form_of_an_earlier_month_is_pointed_out(tmp_path: Path) -> None:
    drop(tmp_path, **{"CA-2026-11__xlsx": sent_form("CA", "2026-10")})
    (verdict,) = run(tmp_path).verdicts
    assert (verdict.period, verdict.outcome, [f.code for f in verdict.findings]) == (
        "2026-10",
        "warned",
        ["F24"],
    )
    assert "tháng 10/2026" in verdict.findings[0].found


def test_a_look_at_a_lost_ledger_says_so(tmp_path: Path) -> None:
    drop(tmp_path, ca__xlsx=sent_form("CA"))
    run(tmp_path)
    (tmp_path / "archive" / "ledger.sqlite").unlink()
    with pytest.raises(OperatorError, match="rebuild"):
        read_status(Workspace(tmp_path, None, NOW), NOVEMBER)
