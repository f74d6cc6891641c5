"""The README of the data files explains every key of every table, and no other."""

import types
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest

from pipeline.spec.consolidated import Consolidated
from pipeline.spec.contacts import Contacts
from pipeline.spec.demo import Demo
from pipeline.spec.doctor import DoctorTexts
from pipeline.spec.letters import LetterTexts
from pipeline.spec.mailbox import MailSettings
from pipeline.spec.messages import Message
from pipeline.spec.page import Page
from pipeline.spec.page_words import PageWords
from pipeline.spec.plan import Plan
from pipeline.spec.plan_book import PlanBook
from pipeline.spec.report import Report
from pipeline.spec.report_words import ReportWords
from pipeline.spec.template import Template
from pipeline.spec.wording import Wording
from tests.documents import chapter, headings, read, rows

SPECS: dict[str, type] = {
    "plan-<year>.toml": Plan,
    "plan-book.toml": PlanBook,
    "template-v<version>.toml": Template,
    "messages.toml": Message,
    "wording.toml": Wording,
    "consolidated.toml": Consolidated,
    "report.toml": ReportWords,
    "bao-cao.docx": Report,
    "trang.toml": PageWords,
    "trang.html": Page,
    "demo.toml": Demo,
    "letters.toml": LetterTexts,
    "doctor.toml": DoctorTexts,
    "hop-thu.toml": MailSettings,
    "danh-ba.toml": Contacts,
}


def places(cls: type, place: str = "") -> Iterator[tuple[str, type]]:
    """Every table of a data file, written as in the file, with its class."""
    yield place, cls
    for name, hint in get_type_hints(cls).items():
        inner, inside = plain(hint), f"{place.strip('[]')}.{name}".strip(".")
        many = get_origin(inner) is tuple
        while get_origin(inner) in (tuple, dict):
            inside += ".*" if get_origin(inner) is dict else ""
            inner = get_args(inner)[-1 if get_origin(inner) is dict else 0]
        if is_dataclass(inner) and isinstance(inner, type):
            yield from places(inner, f"[[{inside}]]" if many else f"[{inside}]")


def plain(hint: Any) -> Any:
    """The type without `| None`."""
    if get_origin(hint) in (Union, types.UnionType):
        return next(arg for arg in get_args(hint) if arg is not types.NoneType)
    return hint


TABLES = [(file, place, cls) for file, spec in SPECS.items() for place, cls in places(spec)]


@pytest.mark.parametrize(("file", "place", "cls"), TABLES, ids=[f"{f} {p}" for f, p, _ in TABLES])
def test_every_key_of_the_data_files_and_no_other_is_explained(file: str, place: str, cls: Any) -> None:
    text = chapter(read("schemas/README.md"), f"`{file}`", "##")
    titles = [title for _, title in headings(text)]
    wanted = f"`{place}`" if place else ("`[<code>]`" if cls is Message else "Top of")
    title = next((t for t in titles if wanted in t), None)
    assert title, f"no heading for {place or 'the top'}"
    documented = {row[0].strip("`"): row[1:] for row in rows(chapter(text, title, "###"))}
    assert list(documented) == [f.name for f in fields(cls)]
    for field in fields(cls):
        needed, meaning = documented[field.name]
        left_out = field.default is not MISSING or field.default_factory is not MISSING
        assert needed == ("no" if left_out else "yes"), field.name
        assert meaning
        hint = plain(get_type_hints(cls)[field.name])
        for choice in get_args(hint) if get_origin(hint) is Literal else ():
            assert str(choice) in meaning, f"{field.name}: {choice}"
