"""A real workspace: files are dropped, the month is run, and everything lies where it belongs."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from pipeline.base.errors import OperatorError
from pipeline.base.period import Period
from pipeline.edges.reading.workbook import read_workbook
from pipeline.edges.store.ledger import Ledger
from pipeline.run.checking import check_files
from pipeline.run.month import run_month
from pipeline.run.results import FileVerdict, MonthResult
from pipeline.run.status import read_status
from pipeline.run.templates import issue_templates
from pipeline.run.workspace import Workspace
from tests.consolidated_reading import load_book
from tests.forms import INDICATORS, PLAN, TASKS, cell_of, sent_form

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
LIKE = "2026-11-18/bao cao thang 11 (1) moi nhat.xlsx"


def quiet(line: str) -> None:
    assert line


def at(root: Path, day: int, month: int = 11, hour: int = 8) -> Workspace:
    return Workspace(root, None, datetime(2026, month, day, hour, tzinfo=ZONE))


def run(
    root: Path, files: Mapping[str, bytes], day: int = 24, period: str | None = None, month: int = 11
) -> MonthResult:
    for name, data in files.items():
        path = root / "inbox" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return run_month(at(root, day, month), Period.parse(period) if period else None, quiet)


def told(verdicts: tuple[FileVerdict, ...]) -> dict[str, tuple[str, str, str, list[str]]]:
    return {v.file: (v.unit, v.period, v.outcome, [f.code for f in v.findings]) for v in verdicts}


def tree(root: Path) -> dict[str, str]:
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        for path in sorted(root.rglob("*"))
    }


def line_of(result: MonthResult, unit: str) -> tuple[str, str, str]:
    line = next(entry for entry in result.status.lines if entry.unit == unit)
    return line.receipt, line.time, line.outcome


def figures(book: Path, sheet: str = "Chỉ tiêu") -> dict[str, dict[str, object]]:
    """The rows of a page of the consolidated workbook by code, as shown under its headings."""
    page = next(s for s in read_workbook(book.read_bytes()).sheets if s.name == sheet)
    head_row, code_column = next(place for place, cell in page.cells.items() if cell.value == "Mã")
    heads = {column: str(cell.value) for (row, column), cell in page.cells.items() if row == head_row}
    shown: dict[str, dict[str, object]] = {}
    for row, column in page.cells:
        value = page.cells[row, column].value
        if row > head_row and (row, code_column) in page.cells and column in heads and value is not None:
            code = str(page.cells[row, code_column].value)
            shown.setdefault(code, {})[heads[column]] = value
    return shown


def test_files_are_read_sealed_recorded_and_removed(tmp_path: Path) -> None:
    data = sent_form("CA", V_20__numerator=41.0, V_28__numerator=41.0)
    result = run(tmp_path, {LIKE: data})
    sha = hashlib.sha256(data).hexdigest()
    assert told(result.verdicts) == {LIKE: ("CA", "2026-11", "valid", [])}
    assert line_of(result, "CA") == ("sent", "on_time", "valid")
    assert line_of(result, "VP") == ("not_sent", "", "")
    sealed = tmp_path / "archive" / "2026-11" / "CA" / f"2026-11_CA_{sha[:12]}.xlsx"
    assert sealed.read_bytes() == data
    assert [p.name for p in (tmp_path / "inbox").rglob("*")] == []
    assert result.workbooks == (tmp_path / "outbox" / "2026-11" / "tong-hop-2026-11.xlsx",)
    shown = figures(result.workbooks[0])["V.20"]
    assert (shown["Tử số"], shown["Mẫu số"], shown["Kết quả"]) == (41, 50, 82)
    with Ledger(tmp_path / "archive" / "ledger.sqlite") as ledger:
        (fact,) = [f for f in ledger.facts(2026, "2026-11") if f.indicator == "V.20"]
        (submission,) = ledger.submissions()
    assert (fact.sha256, fact.value, fact.numerator_raw) == (sha, 82, "41")
    assert submission.arrived_at == "2026-11-18T00:00:00+07:00"


def test_the_forty_are_there_with_nothing_sent(tmp_path: Path) -> None:
    result = run(tmp_path, {})
    assert (result.verdicts, result.status.period) == ((), Period(2026, 11))
    shown = figures(result.workbooks[0])
    assert [code for code in shown if code in PLAN.indicator_by_code] == [i.code for i in PLAN.indicators]
    assert "Kết quả" not in shown["V.20"]


def test_the_same_file_again_is_noted_and_counts_once(tmp_path: Path) -> None:
    data = sent_form("CA")
    first = run(tmp_path, {"a.xlsx": data, "b.xlsx": data}, day=18)
    assert told(first.verdicts) == {
        "a.xlsx": ("CA", "2026-11", "valid", []),
        "b.xlsx": ("CA", "2026-11", "valid", ["F12"]),
    }
    again = run(tmp_path, {"c.xlsx": data}, day=23)
    assert told(again.verdicts) == {"c.xlsx": ("CA", "2026-11", "valid", ["F12"])}
    assert "18/11/2026 08:00" in again.verdicts[0].findings[0].found
    assert line_of(again, "CA") == ("sent", "on_time", "valid")
    with Ledger(tmp_path / "archive" / "ledger.sqlite") as ledger:
        assert len(ledger.submissions()) == 1


def test_a_day_that_a_folder_sets_is_told_without_an_hour(tmp_path: Path) -> None:
    (tmp_path / "inbox" / "2026-11-17").mkdir(parents=True)
    (tmp_path / "inbox" / "2026-11-17" / "ca.xlsx").write_bytes(sent_form("CA", V_30__evidence=""))
    run(tmp_path, {}, day=18)
    (text,) = (tmp_path / "outbox/2026-11/phan-hoi").glob("*.txt")
    assert "(tệp «ca.xlsx») đã nhận ngày 17/11/2026. Kết quả: " in text.read_text("utf-8-sig")
    again = run(tmp_path, {"lai.xlsx": sent_form("CA", V_30__evidence="")}, day=19)
    assert "đã nhận trước đó (17/11/2026)." in again.verdicts[0].findings[0].found
    sheets = load_book((tmp_path / "outbox/2026-11/tong-hop-2026-11.xlsx").read_bytes())
    assert "00:00" not in {str(c.value)[-5:] for s in sheets for row in s.iter_rows() for c in row if c.value}


def test_what_a_later_form_has_mended_goes_back_no_more(tmp_path: Path) -> None:
    """The officer sends what lies there: a text that asks for what has come already must not."""
    folder = tmp_path / "outbox/2026-11/phan-hoi"
    faulty = sent_form("CA", V_20__numerator="trên 98%", V_30__evidence="")
    other = sent_form("TH", II_3__evidence="")
    run(tmp_path, {"2026-11-17/ca.xlsx": faulty, "2026-11-17/th.xlsx": other}, 18)
    before = {path.name for path in folder.iterdir()}
    assert [name[:3] for name in sorted(before)] == ["CA-", "CA-", "TH-", "TH-"]
    run(tmp_path, {"2026-11-19/ca.xlsx": sent_form("CA", V_30__evidence="")}, 20)
    after = {path.name for path in folder.iterdir()}
    assert [name[:3] for name in sorted(after)] == ["CA-", "CA-", "TH-", "TH-"]
    assert after & before == {name for name in before if name.startswith("TH-")}
    (text,) = folder.glob("CA-*.txt")
    said = text.read_text("utf-8-sig")
    assert ("V.30" in said, "V.20" in said) == (True, False)
    run(tmp_path, {"2026-11-20/ca.xlsx": sent_form("CA")}, 21)
    assert {path.name for path in folder.iterdir()} == after & before


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    first = run(tmp_path, {"2026-11-18/ca.xlsx": sent_form("CA"), "x.pdf": b"%PDF-1.4"})
    before = tree(tmp_path / "outbox")
    second = run(tmp_path, {})
    assert (second.verdicts, second.workbooks) == ((), first.workbooks)
    assert tree(tmp_path / "outbox") == before


def test_errors_are_counted_also_by_a_run_that_takes_nothing(tmp_path: Path) -> None:
    faulty = sent_form("CA", V_20__numerator="trên 98%", V_28__evidence="")
    for result in (run(tmp_path, {"2026-11-18/ca.xlsx": faulty}), run(tmp_path, {})):
        (line,) = [line for line in result.status.lines if line.unit == "CA"]
        assert (line.outcome, line.errors, line.warnings) == ("partial", 2, 0)
        shown = figures(result.workbooks[0], "Tình trạng nộp")["CA"]
        assert (shown["Số lỗi"], shown["Số cảnh báo"]) == (2, 0)
    assert read_status(at(tmp_path, 24), None).lines == result.status.lines


def test_bad_files_stop_nothing(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        {
            "a.pdf": b"%PDF-1.4 hello",
            "b.xlsx": b"a broken workbook",
            "c.xlsx": b"",
            "d.docx": b"a letter",
            "e.xlsx": sent_form("CA", V_20__numerator="trên 98%"),
            "~$e.xlsx": b"lock",
            "Thumbs.db": b"x",
        },
        day=18,
    )
    assert told(result.verdicts) == {
        "a.pdf": ("", "", "rejected", ["F01"]),
        "b.xlsx": ("", "", "rejected", ["F02"]),
        "c.xlsx": ("", "", "rejected", ["F04"]),
        "d.docx": ("", "", "rejected", ["F01"]),
        "e.xlsx": ("CA", "2026-11", "partial", ["C04"]),
    }
    assert len(list((tmp_path / "archive" / "khong-ro").iterdir())) == 4
    assert sorted(p.name for p in (tmp_path / "inbox").iterdir()) == ["Thumbs.db", "~$e.xlsx"]
    shown = figures(result.workbooks[0])
    assert (shown["V.28"]["Kết quả"], "Kết quả" not in shown["V.20"]) == (80, True)
    assert "C04" in str(shown["V.20"]["Ghi chú"])


def test_a_file_without_a_day_arrives_when_it_is_first_seen(tmp_path: Path) -> None:
    result = run(tmp_path, {"ca.xlsx": sent_form("CA"), "2026-11-20/tyt.xlsx": sent_form("TYT")}, day=21)
    assert line_of(result, "CA") == line_of(result, "TYT") == ("sent", "late", "valid")


def test_a_correction_replaces_only_what_it_brings(tmp_path: Path) -> None:
    run(tmp_path, {"2026-11-18/1.xlsx": sent_form("CA", V_28__numerator=60.0)}, day=18)
    result = run(
        tmp_path, {"2026-11-18/2.xlsx": sent_form("CA", V_20__numerator="?", V_28__numerator=45.0)}, day=19
    )
    shown = figures(result.workbooks[0])
    assert (shown["V.20"]["Kết quả"], shown["V.28"]["Kết quả"]) == (80, 90)


def test_a_form_of_an_earlier_month_goes_to_its_own_workbook(tmp_path: Path) -> None:
    result = run(tmp_path, {"ca.xlsx": sent_form("CA", "2026-10"), "tyt.xlsx": sent_form("TYT")})
    assert [path.name for path in result.workbooks] == ["tong-hop-2026-10.xlsx", "tong-hop-2026-11.xlsx"]
    assert figures(result.workbooks[0])["V.20"]["Kết quả"] == 80
    shown = figures(result.workbooks[1])["V.20"]
    assert ("Kết quả" in shown, shown["Tháng trước"]) == (False, 80)
    assert line_of(result, "CA") == ("not_sent", "", "")


def test_a_form_of_another_time_is_refused(tmp_path: Path) -> None:
    result = run(tmp_path, {"som.xlsx": sent_form("CA", "2026-12")})
    assert told(result.verdicts) == {"som.xlsx": ("CA", "", "rejected", ["F08"])}
    assert [path.name for path in result.workbooks] == ["tong-hop-2026-11.xlsx"]


def test_the_period_can_be_chosen(tmp_path: Path) -> None:
    result = run(tmp_path, {"ca.xlsx": sent_form("CA", "2026-10")}, period="2026-10")
    assert (result.status.period, [p.parent.name for p in result.workbooks]) == (
        Period(2026, 10),
        ["2026-10"],
    )
    assert line_of(result, "CA") == ("sent", "late", "warned")
    with pytest.raises(OperatorError, match="2031"):
        run(tmp_path, {}, period="2031-01")


def test_a_workspace_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="--workspace"):
        run_month(at(tmp_path / "không có", 24), None, quiet)


def test_status_before_and_after(tmp_path: Path) -> None:
    status = read_status(at(tmp_path, 16), None)
    assert {line.receipt for line in status.lines} == {"waiting"}
    assert {line.receipt for line in read_status(at(tmp_path, 20), None).lines} == {"not_sent"}
    assert (status.period, status.deadline, len(status.lines)) == (Period(2026, 11), "20/11/2026", 9)
    assert list(tmp_path.iterdir()) == []
    result = run(tmp_path, {"ca.xlsx": sent_form("CA")}, day=18)
    assert read_status(at(tmp_path, 18), None).lines == result.status.lines


def test_checking_says_the_same_and_touches_nothing(tmp_path: Path) -> None:
    data = sent_form("CA", V_20__numerator="trên 98%")
    elsewhere = tmp_path / "gui.xlsx"
    elsewhere.write_bytes(data)
    root = tmp_path / "ws"
    root.mkdir()
    (before,) = check_files(at(root, 18), [elsewhere])
    assert list(root.iterdir()) == []
    run(root, {"2026-11-18/khac.xlsx": sent_form("CA")}, day=18)
    kept = tree(root)
    (after,) = check_files(at(root, 18), [elsewhere])
    assert tree(root) == kept
    for verdict in (before, after):
        assert (verdict.unit, verdict.period, verdict.outcome) == ("CA", "2026-11", "partial")
        assert [(f.code, f.cells) for f in verdict.findings] == [("C04", before.findings[0].cells)]
    result = run(root, {"2026-11-18/gui.xlsx": data}, day=19)
    assert result.verdicts[0].findings[0].found == before.findings[0].found


def test_templates_are_issued_sealed_and_the_same_again(tmp_path: Path) -> None:
    first = issue_templates(at(tmp_path, 1), None, quiet)
    assert first.period == Period(2026, 11)
    assert [p.name for p in first.files] == [f"{unit.id}-2026-11.xlsx" for unit in PLAN.expected_units]
    before = tree(tmp_path / "outbox")
    assert issue_templates(at(tmp_path, 2), None, quiet).files == first.files
    assert tree(tmp_path / "outbox") == before
    sealed = {p.read_bytes() for p in (tmp_path / "archive" / "2026-11" / "mau").iterdir()}
    assert sealed == {p.read_bytes() for p in first.files}
    assert issue_templates(at(tmp_path, 20), None, quiet).period == Period(2026, 12)


def test_last_months_values_reach_the_next_form(tmp_path: Path) -> None:
    run(tmp_path, {"ca.xlsx": sent_form("CA", V_20__numerator=41.0), "vhxh.xlsx": sent_form("VHXH")}, day=18)
    issued = {p.name[:2]: p for p in issue_templates(at(tmp_path, 20), None, quiet).files}
    book = openpyxl.load_workbook(issued["CA"])
    assert cell_of(book, INDICATORS, "V.20", "previous").value == 82
    assert cell_of(book, INDICATORS, "V.30", "previous").value == 80
    assert cell_of(book, TASKS, "DV.1", "work").value is None
    other = openpyxl.load_workbook(issued["VH"])
    assert cell_of(other, INDICATORS, "IV.2", "previous").value == 3
    assert cell_of(other, INDICATORS, "III.1", "previous").value == "Có"


def test_a_count_of_the_year_that_falls_is_asked_about(tmp_path: Path) -> None:
    """Also where both months come in one run, in the wrong order of names."""
    files = {
        "a.xlsx": sent_form("VHXH", IV_2__result=2.0),
        "b.xlsx": sent_form("VHXH", "2026-10", IV_2__result=3.0),
    }
    result = run(tmp_path, files)
    assert told(result.verdicts) == {
        "a.xlsx": ("VHXH", "2026-11", "warned", ["R12"]),
        "b.xlsx": ("VHXH", "2026-10", "warned", ["F24"]),
    }
