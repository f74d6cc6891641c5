"""What a unit sent again: each cell that it changed or added, and the rows that it left standing."""

from dataclasses import replace

from pipeline.base.record import Fact
from pipeline.core.changes import Change, changes, words_of
from pipeline.run.labels import sentences
from tests.forms import PLAN, TEMPLATE
from tests.sent import Sent, counts, figure, finding, kept, sent, task, text

WORDING = sentences()
FIRST, LATER = "2026-11-17T08:00:00+07:00", "2026-11-18T08:00:00+07:00"


def told(*files: Sent) -> list[Change]:
    return changes(kept(*files), "2026-11", PLAN, TEMPLATE)


def cells(*files: Sent) -> list[tuple[str, str, str, str]]:
    return [(c.rows, c.label, c.before, c.after) for c in told(*files) if not c.kept]


def test_every_cell_that_differs_is_named_with_both_files() -> None:
    first = sent("CA", counts("V.20", 1, 4), counts("V.28", 2, 4), at=FIRST)
    later = sent("CA", counts("V.20", 3, 4), counts("V.28", 2, 4), at=LATER)
    (change,) = told(first, later)
    assert (change.unit, change.rows, change.label) == ("CA", "V.20", "Tử số")
    assert (change.before, change.after, change.kept) == ("1", "3", False)
    assert (change.file_before, change.file) == (first.submission.name, later.submission.name)
    assert change.cell == later.facts[0].numerator_cell
    assert change.arrived_at == LATER


def test_the_order_of_arrival_decides_not_that_of_the_list() -> None:
    first, later = sent("CA", counts("V.20", 1, 4), at=FIRST), sent("CA", counts("V.20", 3, 4), at=LATER)
    assert cells(later, first) == [("V.20", "Tử số", "1", "3")]


def test_a_row_that_was_held_at_first_is_added() -> None:
    first = sent("CA", counts("V.28", 2, 4), at=FIRST, outcome="partial")
    later = sent("CA", counts("V.20", 3, 4), counts("V.28", 2, 4), at=LATER)
    added = [change for change in cells(first, later) if change[2] == "" and change[3] in ("3", "4")]
    assert added == [("V.20", "Tử số", "", "3"), ("V.20", "Mẫu số", "", "4")]


def test_a_row_that_was_held_says_why_in_the_place_of_its_text() -> None:
    """The cell that was wrong by its fault, the others of the row by the code of it."""
    fault = replace(finding("C04", "V.20"), cells="G7", found="Ô ghi «trên 98%».")
    first = sent("CA", counts("V.28", 2, 4), fault, at=FIRST, outcome="partial")
    figures = replace(counts("V.20", 3, 4), numerator_cell="G7", denominator_cell="I7")
    later = sent("CA", figures, counts("V.28", 2, 4), at=LATER)
    said = {c.label: words_of(c, WORDING) for c in told(first, later) if c.rows == "V.20"}
    assert said["Tử số"] == {"before": "Bị giữ lại: Ô ghi «trên 98%» (C04)"}
    assert said["Mẫu số"] == {"before": "Cả dòng bị giữ lại (C04)"}


def test_a_row_that_is_held_in_the_later_file_is_told_apart_from_a_blank_one() -> None:
    first = sent("CA", counts("V.20", 1, 4), counts("V.28", 2, 4), counts("V.30", 2, 4), at=FIRST)
    fault = replace(finding("R03", "V.20"), cells="G7, I7", found="Tử số 60; Mẫu số 50.")
    later = sent("CA", counts("V.28", 2, 4), fault, at=LATER, outcome="partial")
    assert {c.rows: words_of(c, WORDING) for c in told(first, later)} == {
        "V.20": {"label": "Dòng có lỗi: giữ số đã nhận", "after": "Bị giữ lại: Tử số 60; Mẫu số 50 (R03)"},
        "V.30": {"label": "Dòng trống: giữ số đã nhận", "after": ""},
    }


def test_the_only_file_of_a_unit_changes_nothing() -> None:
    assert told(sent("CA", counts("V.20", 1, 4), at=FIRST), sent("VP", counts("V.12", 1, 4), at=LATER)) == []


def test_rows_that_a_later_file_leaves_out_stand_and_are_named_once() -> None:
    first = sent("CA", counts("V.20", 1, 4), counts("V.28", 2, 4), counts("V.30", 2, 4), at=FIRST)
    later = sent("CA", counts("V.28", 2, 4), at=LATER, outcome="partial")
    (change,) = told(first, later)
    assert (change.kept, change.rows) == (True, "V.20, V.30")
    assert (change.file_before, change.file) == (first.submission.name, later.submission.name)


def test_a_bare_figure_a_task_and_a_text() -> None:
    def raw(value: float, said: str) -> Fact:
        return replace(figure("IV.2", value), value_cell="K9", value_raw=said, numerator_cell="")

    first = sent("VHXH", raw(2.0, "2"), task("DV.1", state="going"), text("KK", "Thiếu máy"), at=FIRST)
    later = sent("VHXH", raw(3.0, "3"), task("DV.1", state="slow"), text("KK", "Thiếu người"), at=LATER)
    found = cells(first, later)
    assert ("IV.2", "Kết quả", "2", "3") in found
    assert ("DV.1", "Tình trạng", "Đang thực hiện, đúng tiến độ", "Đang thực hiện, chậm tiến độ") in found
    assert ("KK", "Khó khăn, vướng mắc", "Thiếu máy", "Thiếu người") in found


def test_rows_stand_in_the_order_of_the_plan() -> None:
    """Also where one of them was held at first: V.15 before V.19."""
    first = sent("VHXH", counts("V.19", 1, 4), at=FIRST, outcome="partial")
    later = sent("VHXH", counts("V.19", 2, 4), counts("V.15", 3, 4), at=LATER)
    assert list(dict.fromkeys(change.rows for change in told(first, later))) == ["V.15", "V.19"]


def test_a_day_is_told_as_people_write_it() -> None:
    first = sent("VHXH", task("NV.2.8", state="done", date_done=""), at=FIRST)
    later = sent("VHXH", task("NV.2.8", state="done", date_done="2026-07-10"), at=LATER)
    assert cells(first, later) == [("NV.2.8", "Ngày hoàn thành", "", "10/07/2026")]


def test_a_file_that_is_kept_out_changes_nothing() -> None:
    first = sent("CA", counts("V.20", 1, 4), at=FIRST)
    waiting = sent("CA", at=LATER, outcome="pending")
    assert told(first, waiting) == []
