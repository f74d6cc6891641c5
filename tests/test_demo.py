"""The demonstration: what each of its files is taken for, what November shows, and that it repeats."""

import os
import shlex
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pipeline.base.errors import OperatorError
from pipeline.base.sheet import CellValue
from pipeline.edges.reading.workbook import read_workbook
from pipeline.edges.store.demo_folder import renew_folder
from pipeline.edges.store.ledger import Ledger
from pipeline.run.demo import MARKER, PLAN_FILE, make_demo
from pipeline.run.labels import consolidated_spec
from pipeline.run.status import read_status
from pipeline.run.workspace import Workspace
from pipeline.spec.demo import load_demo
from tests.demonstration import Demonstration
from tests.forms import PLAN, SCHEMAS, TEMPLATE

DEMO = load_demo("demo", (SCHEMAS / "demo.toml").read_text(encoding="utf-8"), PLAN, TEMPLATE)

# place in the inbox: unit, period, outcome, findings as (code, sheet, cells, row)
Said = tuple[str, str, str, str]
CT, NV = "Chỉ tiêu", "Nhiệm vụ"
EXPECTED: dict[str, tuple[str, str, str, tuple[Said, ...]]] = {
    "2026-08-14/bao cao thang 8.xlsx": (
        "VHXH",
        "2026-08",
        "partial",
        (
            ("R08", CT, "M8", "I.2"),
            ("C08", CT, "K13", "III.1"),
            ("R03", CT, "G21, I21", "V.17"),
        ),
    ),
    "2026-08-21/VHXH gửi lại.xlsx": ("VHXH", "2026-08", "valid", ()),
    "2026-08-17/Mẫu báo cáo.xlsx": ("PVHCC", "2026-08", "empty", (("F14", "", "", ""),)),
    "2026-08-19/PVHCC gui lai (co so lieu).xlsx": (
        "PVHCC",
        "2026-08",
        "partial",
        (("C01", CT, "G10", "V.5"),),
    ),
    "2026-08-18/CA xa T8.xlsx": ("CA", "2026-08", "valid", ()),
    "2026-08-19/VP HDND-UBND bao cao.xlsx": ("VP", "2026-08", "valid", ()),
    "2026-08-18/Phong Kinh te.xlsx": ("KT", "2026-08", "valid", ()),
    "2026-08-17/tong hop cac co quan.xlsx": ("CQ", "2026-08", "partial", (("R03", CT, "G7, I7", "II.1"),)),
    "2026-08-19/cac truong - thang 8 - FINAL.xlsx": ("TH", "2026-08", "valid", ()),
    "2026-08-21/tram y te.xlsx": ("TYT", "2026-08", "valid", ()),
    "2026-08-18/To CNS cong dong.xlsx": ("TCNS", "2026-08", "valid", ()),
    "2026-08-18/Báo cáo tháng 8 (đã ký).pdf": ("", "", "rejected", (("F01", "", "", ""),)),
    "2026-09-17/VHXH thang 9.xlsx": ("VHXH", "2026-09", "valid", ()),
    "2026-09-18/so lieu mot cua (sua).xlsx": (
        "PVHCC",
        "2026-09",
        "partial",
        (("C02", CT, "G15", "V.10"), ("C12", CT, "G16", "V.11")),
    ),
    "2026-09-18/CA xa T9.xlsx": ("CA", "2026-09", "valid", ()),
    "2026-09-21/VP HDND-UBND bao cao (2).xlsx": ("VP", "2026-09", "valid", ()),
    "2026-09-16/KT.xlsx": ("KT", "2026-09", "warned", (("R09", CT, "N7", "V.23"),)),
    "2026-09-17/tong hop cac co quan thang 9.xlsx": ("CQ", "2026-09", "valid", ()),
    "2026-09-18/truong hoc T9.xlsx": ("TH", "2026-09", "valid", ()),
    "2026-09-18/tram y te thang 9.xlsx": ("TYT", "2026-09", "valid", ()),
    "2026-09-18/Danh sách nhận phiếu.xlsx": ("", "", "rejected", (("F06", "", "", ""),)),
    "2026-10-16/VHXH thang 10.xlsx": (
        "VHXH",
        "2026-10",
        "warned",
        (("S01", CT, "G23", "V.19"), ("N04", NV, "J16", "NV.2.7")),
    ),
    "2026-10-19/PVHCC thang 10 (da chen dong).xlsx": ("PVHCC", "2026-10", "valid", ()),
    "2026-10-19/CA xa T10.xlsx": ("CA", "2026-10", "warned", (("B06", CT, "D8", "V.28"),)),
    "2026-10-18/VP thang 10.xlsx": ("VP", "2026-10", "valid", ()),
    "2026-10-21/KT thang 10.xlsx": ("KT", "2026-10", "valid", ()),
    "2026-10-19/co quan 10.xlsx": ("CQ", "2026-10", "valid", ()),
    "2026-10-19/truong hoc T10.xlsx": ("TH", "2026-10", "valid", ()),
    "2026-10-19/tram y te thang 10.xlsx": ("TYT", "2026-10", "partial", (("R01", CT, "L7", "II.4"),)),
    "2026-10-18/To CNS cong dong (2).xlsx": ("TCNS", "2026-10", "valid", ()),
    "2026-11-17/bao cao thang 11 (1) moi nhat.xlsx": (
        "VHXH",
        "2026-11",
        "partial",
        (
            ("C08", CT, "K13", "III.1"),
            ("R08", CT, "M14", "IV.1"),
            ("R01", CT, "L27", "V.25"),
        ),
    ),
    "2026-11-21/VHXH gửi lại.xlsx": ("VHXH", "2026-11", "valid", ()),
    "2026-11-18/Mẫu báo cáo.xlsx": ("PVHCC", "2026-11", "valid", ()),
    "2026-11-19/CA xa T11 (ban cuoi).xlsx": ("CA", "2026-11", "partial", (("C04", CT, "J7", "V.20"),)),
    "2026-11-21/VP bao cao thang (gui lai dung mau).xlsx": ("VP", "2026-11", "valid", ()),
    "2026-11-18/KT.xlsx": ("KT", "2026-11", "valid", ()),
    # Of two equal files that came together the first by name counts.
    "2026-11-19/truong hoc T11.xlsx": ("TH", "2026-11", "valid", ()),
    "2026-11-18/tram y te.xlsx": ("TYT", "2026-11", "valid", ()),
    "2026-11-18/To CNS cong dong.xlsx": ("TCNS", "2026-11", "empty", (("F14", "", "", ""),)),
}
REPEATED = {
    "2026-09-18/tong hop cac co quan thang 9 - Copy.xlsx",
    "2026-11-18/VP bao cao thang.xlsx",
    "2026-11-19/truong hoc T11 - Copy.xlsx",
}
LOCK_FILE = "2026-09-17/~$VHXH thang 9.xlsx"

NOVEMBER = {
    "I.1": "met",
    "II.1": "insufficient",
    "V.3": "on_track",
    "V.7": "warning",
    "IV.1": "behind",
    "III.1": "behind",
    "V.20": "missing",
    "V.29": "missing",
    "V.23": "not_due",
    "V.4": "no_activity",
    "V.18": "no_figure",
    "V.26": "not_owed",
}


AGAIN = """
import pathlib, sys
from pipeline.run.demo import make_demo
make_demo(pathlib.Path(sys.argv[1]), lambda text: None)
"""


@dataclass(frozen=True)
class Made:
    """A demonstration; and another one in `again`, made by a process with other settings."""

    folder: Path
    workbooks: tuple[Path, ...]
    told: tuple[str, ...]
    again: Path

    def ledger(self) -> Ledger:
        return Ledger(self.folder / "archive" / "ledger.sqlite")


@pytest.fixture(scope="session")
def made(demonstration: Demonstration, tmp_path_factory: pytest.TempPathFactory) -> Made:
    again = tmp_path_factory.mktemp("again")
    settings = {
        **os.environ,
        "PYTHONHASHSEED": "7",
        "TZ": "America/New_York",
        "PYTHONPATH": str(SCHEMAS.parent),
    }
    subprocess.run([sys.executable, "-c", AGAIN, str(again)], env=settings, check=True)
    return Made(demonstration.folder, demonstration.workbooks, demonstration.told, again)


# --- what was taken -------------------------------------------------------------------------------


def test_every_file_is_taken_for_what_it_is_and_each_mistake_is_found_at_its_cell(made: Made) -> None:
    with made.ledger() as ledger:
        taken = {
            s.name: (
                s.unit,
                s.period,
                s.outcome,
                tuple((f.code, f.sheet, f.cells, f.row_code) for f in ledger.findings([s.sha256])),
            )
            for s in ledger.submissions()
        }
    assert taken == EXPECTED


def test_equal_files_count_once(made: Made) -> None:
    ledger = sqlite3.connect(made.folder / "archive" / "ledger.sqlite")
    try:
        assert {name for (name,) in ledger.execute("SELECT name FROM repeat")} == REPEATED
    finally:
        ledger.close()


def test_only_the_lock_file_of_the_office_program_is_left_in_the_inbox(made: Made) -> None:
    inbox = made.folder / "inbox"
    assert [p.relative_to(inbox).as_posix() for p in inbox.rglob("*") if p.is_file()] == [LOCK_FILE]
    assert {*EXPECTED, *REPEATED, LOCK_FILE} == {file.place for file in DEMO.files}


@pytest.mark.parametrize(
    ("period", "unit", "code", "raw", "numerator", "value"),
    [
        ("2026-08", "CA", "V.20", "27.799", 27799, 100 * 27799 / 31200),
        ("2026-11", "VHXH", "V.15", "1.688", 1688, 100 * 1688 / 2210),
        ("2026-10", "TCNS", "II.4", "85,5%", None, 85.5),
    ],
)
def test_numbers_typed_as_text_are_understood(
    made: Made, period: str, unit: str, code: str, raw: str, numerator: float | None, value: float
) -> None:
    with made.ledger() as ledger:
        facts = [
            f
            for f in ledger.facts(2026, "2026-12")
            if (f.period, f.unit, f.indicator) == (period, unit, code)
        ]
    assert {f.numerator_raw or f.value_raw for f in facts} == {raw}
    assert {f.numerator for f in facts} == {numerator}
    assert [f.value for f in facts] == pytest.approx([value] * len(facts))


def test_everything_is_marked_as_illustrative(made: Made) -> None:
    with made.ledger() as ledger:
        facts = ledger.facts(2026, "2026-12")
        texts = [n.text for month in DEMO.months for n in ledger.narratives(month)]
        own = [t.work for month in DEMO.months for t in ledger.tasks(month) if t.code.startswith("DV.")]
    reported = [f for f in facts if f.state == "reported"]
    assert reported
    assert {f.evidence.partition(":")[0] for f in reported} == {"Số liệu minh họa"}
    assert texts
    assert all(text.startswith("(Minh họa) ") for text in texts)
    assert len(own) == 3 * 4
    assert all(work.startswith("(Minh họa) ") for work in own)
    for path in made.workbooks:
        first = read_workbook(path.read_bytes()).sheets[0]
        assert any("(số liệu minh họa)" in cell.text for cell in first.cells.values())


# --- what November shows --------------------------------------------------------------------------


def rows_of(path: Path, name: str) -> dict[str, dict[str, CellValue]]:
    """The rows of a sheet by their code, each by the labels of the header."""
    (sheet,) = (s for s in read_workbook(path.read_bytes()).sheets if s.name == name)
    (head,) = (cell for cell in sheet.cells.values() if cell.value == "Mã")
    labels = {cell.column: cell.text for (row, _), cell in sheet.cells.items() if row == head.row}
    found: dict[str, dict[str, CellValue]] = {}
    for (row, column), cell in sheet.cells.items():
        code = sheet.cells.get((row, head.column))
        if row > head.row and code is not None:
            found.setdefault(code.text, dict.fromkeys(labels.values()))[labels[column]] = cell.value
    return found


def test_november_shows_every_verdict(made: Made) -> None:
    rows = rows_of(made.workbooks[-1], CT)
    labels = {key: status.label for key, status in consolidated_spec().statuses["verdict"].items()}
    shown = {code: str(row["Đánh giá"]) for code, row in rows.items()}
    verdicts = {
        code: {k for k, label in labels.items() if text.endswith(label)} for code, text in shown.items()
    }
    assert {code: verdicts[code] for code in NOVEMBER} == {code: {v} for code, v in NOVEMBER.items()}
    assert set().union(*verdicts.values()) == set(labels)
    assert list(rows) == [i.code for i in PLAN.indicators]
    assert [row["Chỉ tiêu"] for row in rows.values()] == [i.name for i in PLAN.indicators]
    assert "Chưa có mốc" in str(rows["IV.1"]["Ghi chú"])
    assert "C04" in str(rows["V.20"]["Ghi chú"])
    assert rows["II.1"]["Đơn vị có số liệu"] == "1/2 đơn vị"
    assert rows["II.3"]["Đơn vị có số liệu"] == "2/2 đơn vị"
    assert (rows["V.7"]["Tử số"], rows["V.7"]["Mẫu số"]) == (853, 997)


def test_november_has_the_units_in_every_state(made: Made) -> None:
    moment = datetime(2026, 11, 24, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    status = read_status(Workspace(made.folder, made.folder / PLAN_FILE, moment), None)
    assert {line.unit: (line.time, line.outcome, line.files) for line in status.lines} == {
        "VHXH": ("on_time", "valid", 2),
        "PVHCC": ("on_time", "valid", 1),
        "CA": ("on_time", "partial", 1),
        "VP": ("late", "valid", 1),
        "KT": ("on_time", "valid", 1),
        "CQ": ("", "", 0),
        "TH": ("on_time", "valid", 1),
        "TYT": ("on_time", "valid", 1),
        "TCNS": ("", "empty", 1),
    }


def test_figures_rise_and_fall_over_the_months(made: Made) -> None:
    found = {month: rows_of(path, CT) for month, path in zip(DEMO.months, made.workbooks, strict=True)}
    assert [found[m]["I.1"]["Tử số"] for m in DEMO.months] == [5, 6, 7, 8]
    assert [found[m]["IV.2"]["Kết quả"] for m in DEMO.months] == [1, 2, 1, 2]


def test_the_user_is_told_what_to_open_and_that_nothing_of_it_is_real(made: Made) -> None:
    assert [path.name for path in made.workbooks] == [f"tong-hop-{month}.xlsx" for month in DEMO.months]
    *_, look, again = made.told
    assert "Số liệu minh họa" in look
    assert made.workbooks[-1].name in look
    assert " " in str(made.folder)
    assert shlex.split(again)[-4:] == [
        "--workspace",
        str(made.folder),
        "--plan",
        str(made.folder / PLAN_FILE),
    ]


# --- again ----------------------------------------------------------------------------------------


def test_a_second_demonstration_has_the_same_bytes(made: Made) -> None:
    """In another process with another hash seed and time zone, so that no order or clock shows."""
    assert contents(made.again) == contents(made.folder)
    assert {path.relative_to(made.folder).as_posix() for path in made.workbooks} <= set(contents(made.again))


def contents(folder: Path) -> dict[str, bytes]:
    """All files save the database, whose pages depend on the order of its own housekeeping."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith("ledger.sqlite")
    }


def test_a_folder_with_anything_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "bao cao.docx").write_bytes(b"x")
    with pytest.raises(OperatorError, match=str(tmp_path.name)):
        make_demo(tmp_path, print)
    assert [p.name for p in tmp_path.iterdir()] == ["bao cao.docx"]


def test_an_earlier_demonstration_makes_room_and_what_was_put_beside_it_stays(tmp_path: Path) -> None:
    (tmp_path / MARKER).write_text("")
    (tmp_path / "inbox" / "2026-08-14").mkdir(parents=True)
    (tmp_path / "inbox" / "2026-08-14" / "a.xlsx").write_bytes(b"x")
    (tmp_path / "ghi chu.txt").write_bytes(b"x")
    renew_folder(tmp_path, MARKER, "Minh họa", ["inbox", "outbox"])
    assert {p.name for p in tmp_path.iterdir()} == {MARKER, "ghi chu.txt"}
    assert (tmp_path / MARKER).read_text(encoding="utf-8") == "Minh họa\n"
