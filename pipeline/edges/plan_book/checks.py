"""The dropdowns and checks of the cells in which a plan is edited; the reader judges all of it again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.base.sheet import address, column_letters
from pipeline.edges.pen import Worksheet, check_range
from pipeline.spec.plan_book import Block, BookField, PlanBook

_HUGE = 10**12
Labels = tuple[str, ...]


@dataclass(frozen=True)
class Sources:
    """Where the dropdowns take their words from: ranges by labels, and by the place of a list with codes;
    `year` is the cell with the year."""

    labels: Mapping[Labels, str]
    codes: Mapping[str, str]
    year: str


def labels_of(book: PlanBook) -> list[Labels]:
    """Every list of words that a dropdown offers."""
    lists: list[Labels] = [(book.words.yes, book.words.no)]
    lists += [tuple(f.words.values()) for b in book.blocks.values() for f in b.fields if f.words]
    return list(dict.fromkeys(lists))


def set_check(
    sheet: Worksheet,
    book: PlanBook,
    block: Block,
    entry: BookField,
    rows: tuple[int, int],
    column: int,
    sources: Sources,
) -> None:
    """Attach what belongs to a key to its cells, from the first to the last of `rows`."""
    options = _options(book, block, entry, sources) or _unique(book, block, entry, rows, column)
    if options:
        error = {"error_title": book.words.refused, "error_message": options.pop("message")}
        place = f"{address(rows[0], column)}:{address(rows[1], column)}"
        check_range(sheet, place, {**options, **error})


def _options(book: PlanBook, block: Block, entry: BookField, sources: Sources) -> dict[str, Any]:
    words, kind = book.words, book.key(block, entry.key).kind
    if kind in ("choice", "flag"):
        labels = tuple(entry.words.values()) or (words.yes, words.no)
        return {"validate": "list", "source": f"={sources.labels[labels]}", "message": words.pick}
    if entry.of and kind == "text":
        return {"validate": "list", "source": f"={sources.codes[entry.of]}", "message": words.pick}
    if kind in ("whole", "number"):
        bounds = {"criteria": "between", "minimum": -_HUGE, "maximum": _HUGE}
        if kind == "whole":
            return {"validate": "integer", **bounds, "message": words.whole}
        return {"validate": "decimal", **bounds, "message": words.number}
    if kind == "date":
        days = {"minimum": f"=DATE({sources.year},1,1)", "maximum": f"=DATE({sources.year},12,31)"}
        return {"validate": "date", "criteria": "between", **days, "message": words.date}
    return {}


def _unique(
    book: PlanBook, block: Block, entry: BookField, rows: tuple[int, int], column: int
) -> dict[str, Any]:
    """A code stands once; where two keys make the identity, each may stand often."""
    if not book.tables[block.place].many or block.names != (entry.key,):
        return {}
    letters = column_letters(column)
    formula = f"=COUNTIF(${letters}${rows[0]}:${letters}${rows[1]},{letters}{rows[0]})=1"
    return {"validate": "custom", "value": formula, "message": book.words.twice}
