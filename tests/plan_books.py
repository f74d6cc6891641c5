"""The workbook of a plan for tests: exported, edited with openpyxl as a person would, read back."""

import difflib
import hashlib
import tomllib
from collections.abc import Callable
from functools import cache
from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.core.plan_book.compare import Outcome, compare
from pipeline.core.plan_book.content import book_content
from pipeline.core.plan_book.reading import Edited, read_rows
from pipeline.core.plan_book.toml_edit import rewrite
from pipeline.edges.plan_book.writer import write_plan_book
from pipeline.edges.reading.workbook import read_workbook
from pipeline.spec.plan_book import ORIGIN, VALUE_TAG, load_plan_book
from tests.forms import SCHEMAS

BOOK = load_plan_book("plan-book.toml", (SCHEMAS / "plan-book.toml").read_text(encoding="utf-8"))
TEXT = (SCHEMAS / "plan-2026.toml").read_text(encoding="utf-8")
DATA = tomllib.loads(TEXT)
FIRST_ROW = 6

Book = openpyxl.Workbook
Edit = Callable[[Book], object]


@cache
def exported(text: str = TEXT) -> bytes:
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    content = book_content(BOOK, tomllib.loads(text), "plan-2026.toml", sha256)
    return write_plan_book(BOOK, content)


def edited(edit: Edit, text: str = TEXT) -> bytes:
    """The workbook after `edit`, saved by another library than the one that wrote it."""
    book = openpyxl.load_workbook(BytesIO(exported(text)))
    edit(book)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def read(data: bytes) -> Edited:
    return read_rows(BOOK, read_workbook(data))


def outcome(data: bytes, text: str = TEXT) -> Outcome:
    rows = read(data)
    assert rows.faults == ()
    return compare(BOOK, tomllib.loads(text), rows)


def new_text(data: bytes, text: str = TEXT) -> str:
    done = outcome(data, text)
    assert done.faults == ()
    return rewrite(text, done.data, done.origins)


def difference(text: str, before: str = TEXT) -> tuple[list[str], list[str]]:
    """Lines that went and lines that came."""
    lines = list(difflib.ndiff(before.splitlines(), text.splitlines()))
    return [x[2:] for x in lines if x.startswith("- ")], [x[2:] for x in lines if x.startswith("+ ")]


def sheet_of(book: Book, place: str) -> Worksheet:
    sheet = book[BOOK.sheet_of[place]]
    assert isinstance(sheet, Worksheet)
    return sheet


def column_of(book: Book, place: str, key: str) -> int:
    return tagged(sheet_of(book, place), BOOK.blocks[place].tag(key)).column


def tagged(sheet: Worksheet, tag: str) -> Cell:
    (found,) = [c for row in sheet.iter_rows() for c in row if c.value == tag and isinstance(c, Cell)]
    return found


def row_of(book: Book, place: str, name: str) -> int:
    """The row that was written for an entry."""
    sheet, column = sheet_of(book, place), column_of(book, place, ORIGIN)
    return next(r for r in range(FIRST_ROW, sheet.max_row + 1) if sheet.cell(r, column).value == name)


def cell_of(book: Book, place: str, name: str, key: str) -> Any:
    """The cell of an entry of a list; of a setting where `name` is empty."""
    sheet = sheet_of(book, place)
    if not name:
        tag = tagged(sheet, BOOK.blocks[place].tag(key))
        return sheet.cell(tag.row, tagged(sheet, VALUE_TAG).column)
    return sheet.cell(row_of(book, place, name), column_of(book, place, key))


def typed(place: str, name: str, key: str, value: object) -> Edit:
    """Type a value into one cell."""

    def edit(book: Book) -> None:
        cell_of(book, place, name, key).value = value

    return edit


def added(place: str, values: dict[str, object], row: int = 0) -> Edit:
    """Fill a blank row, by default the first one; with `row` one that is inserted there."""

    def edit(book: Book) -> None:
        sheet = sheet_of(book, place)
        if row:
            sheet.insert_rows(row)
        at = row or FIRST_ROW + len(entries(place))
        for key, value in values.items():
            sheet.cell(at, column_of(book, place, key)).value = value  # type: ignore[assignment]

    return edit


def removed(place: str, name: str) -> Edit:
    """Delete the row of an entry."""

    def edit(book: Book) -> None:
        sheet_of(book, place).delete_rows(row_of(book, place, name))

    return edit


def entries(place: str) -> list[dict[str, Any]]:
    node: Any = DATA
    for key in place.split("."):
        node = node.get(key, []) if isinstance(node, dict) else []
    return node if isinstance(node, list) else []
