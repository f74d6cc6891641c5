"""Every key of the plan has its place in the workbook, and a file that forgets one is refused."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from pipeline.base.errors import SpecError
from pipeline.spec.plan_book import load_plan_book
from tests.forms import SCHEMAS
from tests.plan_books import BOOK, DATA, exported, read

SPEC = (SCHEMAS / "plan-book.toml").read_text(encoding="utf-8")


def refused(text: str) -> str:
    with pytest.raises(SpecError) as caught:
        load_plan_book("plan-book.toml", text)
    return "\n".join(caught.value.faults)


def leaves(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every value of a plan file with its place, list entries without number."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from leaves(value, f"{path}.{key}".strip("."))
    elif isinstance(node, list) and node and isinstance(node[0], dict):
        for value in node:
            yield from leaves(value, path)
    else:
        yield path, node


def test_every_value_of_the_plan_file_reaches_a_cell() -> None:
    rows = read(exported()).rows
    filled = {
        f"{place}.{key}".strip(".")
        for place, found in rows.items()
        for row in found
        for key, value in row.values.items()
        if value is not None
    }
    assert {path for path, value in leaves(DATA) if value not in ("", [])} == filled


def test_as_many_rows_as_entries() -> None:
    rows = read(exported()).rows
    assert len(rows["indicators"]) == len(DATA["indicators"]) == 40
    assert len(rows["calendar.steps"]) == len(DATA["calendar"]["steps"])
    assert rows["confirmations"] == ()


@pytest.mark.parametrize("key", ["target.lower", "weight", "contributors"])
def test_a_key_of_the_plan_that_has_no_column_is_refused(key: str) -> None:
    line = next(line for line in SPEC.splitlines() if f'key = "{key}"' in line)
    assert f"«{key}» không khớp" in refused(SPEC.replace(f"{line}\n", ""))


def test_a_table_of_the_plan_that_has_no_sheet_is_refused() -> None:
    cut = SPEC[: SPEC.index("# ── Xác nhận")]
    assert "«confirmations» không khớp" in refused(cut)


def test_a_column_that_the_plan_does_not_know_is_refused() -> None:
    assert "«colour» không khớp" in refused(SPEC.replace('{ key = "weight"', '{ key = "colour"'))


def test_each_choice_needs_its_label() -> None:
    assert "sign.words: phải có đúng" in refused(SPEC.replace(', "==" = "Bằng"', ""))


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('of = "groups"', 'of = "nowhere"', "không có bảng «nowhere»"),
        ('identity = ["day"]', 'identity = ["hour"]', "identity: phải là khóa của bảng"),
        ("width = 48", "width = 0", "width: phải lớn hơn 0"),
        (
            '«{found}» không phải là số"',
            '«{cell}» không phải là số"',
            "faults.not_number: không có từ {cell}; các từ dùng được: {found}",
        ),
        ('«{found}» không phải là số"', '«{found» không phải là số"', "faults.not_number: dấu ngoặc nhọn"),
        ("not_text ", "not_a_text ", "faults: phải có đúng"),
        ('name  = "Nhóm"', 'name  = "Đơn vị"', "sheets: «Đơn vị» có 2 lần"),
    ],
)
def test_what_does_not_hold_together_is_refused(old: str, new: str, fault: str) -> None:
    assert old in SPEC
    assert fault in refused(SPEC.replace(old, new, 1))


def test_names_of_sheets_fit_into_excel() -> None:
    for sheet in BOOK.sheets:
        assert len(sheet.name) <= 31
        assert not re.search(r"[\[\]:*?/\\']", sheet.name)


def test_labels_of_a_list_are_told_apart() -> None:
    for block in BOOK.blocks.values():
        for field in block.fields:
            assert len(set(field.words.values())) == len(field.words)


def test_the_spec_is_well_formed_toml() -> None:
    assert len(tomllib.loads(SPEC)["sheets"]) == 15
