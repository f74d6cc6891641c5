"""Forms for tests: written as a unit receives them, with the means to find their cells."""

import io
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.base.period import Period
from pipeline.core.form_content import form_content
from pipeline.edges.form.writer import write_template
from pipeline.spec.form import FormContent, FormRow, Place
from pipeline.spec.messages import load_messages
from pipeline.spec.plan_file import load_plan
from pipeline.spec.template import Table, TableKey
from pipeline.spec.template_file import load_template

SCHEMAS = Path(__file__).parent.parent / "schemas"
PLAN = load_plan("plan", (SCHEMAS / "plan-2026.toml").read_text(encoding="utf-8"))
TEMPLATE = load_template("template", (SCHEMAS / "template-v1.toml").read_text(encoding="utf-8"))
MESSAGES = load_messages("messages", (SCHEMAS / "messages.toml").read_text(encoding="utf-8"))
INDICATORS, TASKS = TEMPLATE.table("indicators"), TEMPLATE.table("tasks")
PERIOD = Period(2026, 11)
AFTER = datetime(2026, 11, 24, 8, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))  # the deadline of units has passed
CREATED = datetime(2026, 11, 1, 8, 0)
PREVIOUS = {"I.1": 57.32, "III.1": 1.0, "IV.2": 2.0, "IV.3": 2.0, "V.1": 0.7612}
RULES = [(table, rule) for table in TEMPLATE.tables for rule in table.rules]
EVIDENCE = "Báo cáo 45/BC-VHXH ngày 14/11/2026"

CellContent = str | float | date
Values = Mapping[tuple[TableKey, str, str], CellContent]


def issued(unit: str = "VHXH") -> FormContent:
    return form_content(PLAN, TEMPLATE, PLAN.unit_by_id[unit], PERIOD, PREVIOUS)


def write(content: FormContent, values: Values | None = None) -> bytes:
    return write_template(content, TEMPLATE, MESSAGES, PLAN, CREATED, values or {})


def load(file: bytes, data_only: bool = False) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(file), data_only=data_only)


def tag_row(sheet: Worksheet, table: Table) -> int:
    return next(cell.row for row in sheet.iter_rows() for cell in row if cell.value == table.tag("code"))


def cell_of(book: Workbook, table: Table, code: str, key: str) -> Cell:
    """The cell of a row and a column, found as a reader finds it: by tag and code."""
    sheet = book[table.sheet]
    tags = tag_row(sheet, table)
    columns = {sheet.cell(tags, c).value: c for c in range(1, sheet.max_column + 1)}
    code_column = columns[table.tag("code")]
    row = next(r for r in range(tags + 2, sheet.max_row + 1) if sheet.cell(r, code_column).value == code)
    cell = sheet.cell(row, columns[table.tag(key)])
    assert isinstance(cell, Cell)
    return cell


def valid(row: FormRow) -> dict[str, CellContent]:
    """Cells that leave nothing to say about a row."""
    if row.table == "tasks":
        cells: dict[str, CellContent] = {"work": "Rà soát quy chế", "progress": 40.0}
        cells["state"] = "Đang thực hiện, đúng tiến độ"
        return {key: value for key, value in cells.items() if key in row.open}
    if row.table == "narratives":
        return {"text": "Đã tập huấn cho tổ công nghệ số."}
    figures: dict[str, dict[str, CellContent]] = {
        "ratio": {"numerator": 40.0, "denominator": 50.0},
        "count": {"result": 3.0},
        "index": {"result": 0.82},
        "share": {"result": 15.6},
        "yes_no": {"result": "Có"},
    }
    return {**figures[row.entry], "evidence": EVIDENCE}


def filled(content: FormContent, spoiled: Mapping[str, Mapping[str, CellContent]]) -> Values:
    """Valid cells for every row, save for the rows in `spoiled`, which have just those cells."""
    return {
        (table, row.code, key): value
        for table in ("indicators", "tasks")
        for row in content.rows[table]
        for key, value in spoiled.get(row.code, valid(row)).items()
    }


def sent_form(unit: str, period: str = "2026-11", **changes: CellContent) -> bytes:
    """A legal form of `unit` as sent; `V_20__numerator=45.0` puts something else into a cell."""
    content = form_content(PLAN, TEMPLATE, PLAN.unit_by_id[unit], Period.parse(period), {})
    rows = [*content.rows["indicators"], *(row for row in content.rows["tasks"] if row.code == "DV.1")]
    values: dict[Place, CellContent] = {
        (row.table, row.code, key): value for row in rows for key, value in valid(row).items()
    }
    for name, value in changes.items():
        code, _, key = name.partition("__")
        values["indicators", code.replace("_", "."), key] = value
    return write(content, values)
