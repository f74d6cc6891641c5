"""What stands in the cells of the workbook of a plan."""

from collections.abc import Mapping
from datetime import date

from pipeline.core.plan_book.rows import Data, plan_rows
from pipeline.core.plan_book.values import Value, cell_content
from pipeline.spec.plan_book import Block, BookContent, BookRow, PlanBook


def book_content(book: PlanBook, data: Data, file: str, sha256: str) -> BookContent:
    """The content for the plan `data`, which was read from `file` with this hash."""
    rows = {
        place: tuple(BookRow(row.name, _cells(book, book.blocks[place], row.values)) for row in found)
        for place, found in plan_rows(book, data).items()
    }
    return BookContent(file, data["version"], sha256, data["year"], rows)


def _cells(book: PlanBook, block: Block, values: Mapping[str, Value]) -> dict[str, str | float | date | None]:
    return {key: cell_content(book, block.field_by_key[key], value) for key, value in values.items()}
