"""Leaders' pages for tests, and how to find things on them as a reader does."""

from dataclasses import replace
from typing import Any

from lxml import html

from pipeline.core.page.build import page
from pipeline.core.page.sources import Sources
from pipeline.core.tables import Book
from pipeline.edges.page.writer import write_page
from pipeline.spec.page import Page
from pipeline.spec.page_words import load_page_words
from pipeline.spec.tables import Tables
from tests.forms import MESSAGES, PLAN, SCHEMAS, TEMPLATE
from tests.reports import WORDING
from tests.table_rows import LOOKS

WORDS_TEXT = (SCHEMAS / "trang.toml").read_text(encoding="utf-8")
WORDS = load_page_words("trang.toml", WORDS_TEXT)
LAYOUT = (SCHEMAS / "trang.html").read_text(encoding="utf-8")
BOOK = Book(PLAN, TEMPLATE, WORDING, MESSAGES)
NAME = "tong-hop-2026-11.xlsx"
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)> {{ 7 * 7 }} &amp; </style></svg>"
MOST_BYTES = 200_000

Node = Any  # of lxml, whose stubs do not know the elements of HTML


def built(tables: Tables) -> Page:
    return page(Sources(BOOK, ranked(tables), LOOKS, WORDS, NAME))


def rendered(tables: Tables, layout: str = LAYOUT) -> bytes:
    return write_page(layout, "trang.html", built(tables), WORDS)


def ranked(tables: Tables) -> Tables:
    """The made-up scorecards with the numbers of their ranks."""
    units = tables.frames["units"]
    if "rank_first" in units:
        return tables
    places = units["rank"].astype(str).str.extract(r"(\d+)")[0].astype(float)
    return replace(tables, frames={**tables.frames, "units": units.assign(rank_first=places)})


def with_texts(tables: Tables, text: str) -> Tables:
    """Every text that a unit can write, replaced."""
    frames = {
        **tables.frames,
        "voices": tables.frames["voices"].assign(text=text),
        "tasks": tables.frames["tasks"].assign(
            work=text, unit=text, person=text, state="Chưa thực hiện, quá hạn"
        ),
        "indicators": tables.frames["indicators"].assign(remark=text),
    }
    overview = replace(tables.overview, title=text, remarks=(text,))
    return replace(tables, overview=overview, frames=frames)


def parsed(data: bytes) -> Node:
    return html.document_fromstring(data.decode())


def text_of(node: Node) -> str:
    """The text of an element, with single blanks."""
    return " ".join(node.text_content().split())


def having(node: Node, name: str) -> list[Node]:
    """The elements below that have a class."""
    return list(node.xpath(f".//*[contains(concat(' ', @class, ' '), ' {name} ')]"))


def section(root: Node, name: str) -> Node:
    (found,) = root.xpath(f"//section[@id='{name}']")
    return found


def number_in(text: str) -> float:
    """The number that a text begins with: `1.688,5%` is 1688.5."""
    return float(text.split(maxsplit=1)[0].rstrip("%").replace(".", "").replace(",", "."))
