"""Text for a console: widths, tables, foreign names, paths."""

import os
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cli.lines import console_room, display_width, harmless, short_path, table

LETTERS = st.text("abc ệỗđĐ字ｶ\u0301\u0323", max_size=20)
CELLS = st.lists(st.tuples(LETTERS, LETTERS, LETTERS), max_size=5)


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("", 0),
        ("Tổng hợp", 8),
        (unicodedata.normalize("NFD", "Tổng hợp"), 8),
        ("Đơn vị", 6),
        ("字", 2),
        ("●", 1),
    ],
)
def test_display_width(text: str, width: int) -> None:
    assert display_width(text) == width


def test_a_table_stands_in_columns_by_display_width() -> None:
    lines = table(
        ("Đơn vị", "Lỗi", "Kỳ"),
        [(unicodedata.normalize("NFD", "Kế"), "12", "a"), ("字字字字", "3", "b")],
        {1},
    )
    assert lines == [
        "Đơn vị    Lỗi  Kỳ",
        "─────────────────",
        unicodedata.normalize("NFD", "Kế") + "         12  a",
        "字字字字    3  b",
    ]


def test_where_the_console_is_narrow_the_first_column_is_cut() -> None:
    rows = [("Trung tâm Phục vụ hành chính công", "Đã nộp"), ("Công an xã", "Chưa nộp")]
    lines = table(("Đơn vị", "Tình trạng nộp"), rows, room=36)
    assert lines[2] == "Trung tâm Phục vụ h…  Đã nộp"
    assert lines[3] == "Công an xã            Chưa nộp"
    assert max(map(display_width, lines)) == 36


def test_a_console_too_narrow_for_anything_still_shows_the_names() -> None:
    lines = table(("Đơn vị", "Kết quả"), [("Trung tâm Phục vụ hành chính công", "Nhận một phần")], room=5)
    assert lines[2] == "Trung tâm P…  Nhận một phần"


def test_only_a_console_has_a_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "72")
    assert console_room() == 0
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert console_room() == 72
    monkeypatch.setattr(sys, "stdout", None)  # as under pythonw
    assert console_room() == 0


@given(CELLS, st.integers(0, 60))
def test_no_cell_leaves_its_column(rows: list[tuple[str, str, str]], room: int) -> None:
    plain = [tuple(harmless(cell) for cell in row) for row in rows]
    head = ("Đầu", "Giữa", "Cuối")
    lines = table(head, plain, {2}, room)
    rule = display_width(lines[1])
    assert all(display_width(line) <= rule for line in lines)
    assert room == 0 or rule <= max(room, rule_of_the_rest(head, plain) + 12)
    for row, line in zip(plain, lines[2:], strict=True):
        assert line.endswith(row[2])
        assert not row[2] or display_width(line) == rule


def rule_of_the_rest(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> int:
    """What all columns but the first take, gaps included."""
    return sum(2 + max(display_width(row[i]) for row in [head, *rows]) for i in (1, 2))


@given(st.text())
def test_foreign_text_stays_in_its_line_and_does_not_steer_the_console(text: str) -> None:
    line = harmless(text)
    assert line.isprintable()
    assert line == line.strip()
    assert "  " not in line


def test_foreign_text_keeps_its_letters() -> None:
    assert harmless("báo\ncáo\t(1)\x1b[31m\u200b .xlsx") == "báo cáo (1) [31m .xlsx"


def test_a_path_is_told_from_the_current_directory_where_that_is_shorter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert short_path(tmp_path / "outbox" / "a.xlsx") == os.path.join("outbox", "a.xlsx")  # noqa: PTH118  # a text
    (tmp_path / "deep" / "er" / "and" / "deeper").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "deep" / "er" / "and" / "deeper")
    assert short_path(Path(tmp_path.anchor) / "a.xlsx") == str(Path(tmp_path.anchor) / "a.xlsx")
