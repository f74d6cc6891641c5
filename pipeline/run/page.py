"""The leaders' page of a month, from the tables of its workbook."""

from pathlib import Path

from pipeline.core.page.build import page
from pipeline.core.page.sources import Sources
from pipeline.edges.page.writer import write_page
from pipeline.edges.store.files import read_text
from pipeline.run.figures import book_of
from pipeline.run.labels import consolidated_spec
from pipeline.run.workspace import SCHEMAS, Setting
from pipeline.spec.page_words import PageWords, load_page_words
from pipeline.spec.tables import Tables

TEMPLATE, WORDS = "trang.html", "trang.toml"


def page_of(chosen: Setting, pages: Tables, workbook: str) -> bytes:
    """The page as a file; `workbook` is the name of the one that is made from the same `pages`."""
    words = page_words()
    src = Sources(book_of(chosen), pages, consolidated_spec(), words, workbook)
    return write_page(read_text(SCHEMAS / TEMPLATE), TEMPLATE, page(src), words)


def page_beside(workbook: Path) -> Path:
    """Where the page of a workbook lies: beside it, under its name."""
    return workbook.with_suffix(".html")


def page_words() -> PageWords:
    """The words, limits and colours of the page."""
    return load_page_words(WORDS, read_text(SCHEMAS / WORDS))
