"""The plan as a workbook for the officer: written out, and read back into the plan file."""

import hashlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.base.errors import OperatorError, SpecError
from pipeline.base.sheet import Workbook
from pipeline.core.plan_book.compare import Change, Outcome, compare
from pipeline.core.plan_book.content import book_content
from pipeline.core.plan_book.reading import identity, read_rows
from pipeline.core.plan_book.telling import cell_fault_lines, notes, plan_fault_lines
from pipeline.core.plan_book.toml_edit import rewrite
from pipeline.core.plan_book.toml_values import NotWritable
from pipeline.edges.pen import LONGEST_TEXT
from pipeline.edges.plan_book.writer import write_plan_book
from pipeline.edges.reading.guard import UnreadableWorkbook
from pipeline.edges.reading.workers import read_all
from pipeline.edges.store.files import free_place, keep_copy, read_bytes, read_text, write_atomically
from pipeline.run.workspace import SCHEMAS, Workspace, plan_file_of
from pipeline.spec.messages import load_messages
from pipeline.spec.plan_book import BookContent, PlanBook, load_plan_book
from pipeline.spec.plan_file import load_plan

BOOK = "plan-book.toml"
_NAMED_YEAR = re.compile(r"plan-(\d{4})\.toml")
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class PlanExport:
    """The workbook of a plan. `kept` is another one that was there, and stays as it is."""

    plan: Path
    workbook: Path
    kept: Path | None


@dataclass(frozen=True)
class PlanImport:
    """What a workbook changes in a plan, what the officer should know, and where it was written, if it was.

    `copy` is the file that was there before; `next_file` the one to write to where the year is another.
    """

    plan: Path
    changes: tuple[Change, ...]
    notes: tuple[str, ...]
    written: Path | None
    copy: Path | None
    next_file: Path | None


def export_plan(workspace: Workspace) -> PlanExport:
    """Write the plan as a workbook into the outbox. One that is there and differs is never overwritten."""
    path = plan_file_of(workspace)
    text = read_text(path)
    plan, book = load_plan(path.name, text), _book()
    content = book_content(book, tomllib.loads(text), path.name, _hash(text))
    _refuse_long_texts(content)
    data = write_plan_book(book, content)
    place = workspace.root / "outbox" / f"ke-hoach-{plan.year}.xlsx"
    target, kept = free_place(place, lambda path: read_bytes(path) == data)
    write_atomically(target, data)
    return PlanExport(path, target, kept)


def import_plan(workspace: Workspace, file: Path, write: bool, out: Path | None) -> PlanImport:
    """What an edited workbook changes in the plan it was made of; written there, or to `out`, if asked for.

    Raises `SpecError` with sheet and cell of everything that a plan file would be refused for.
    """
    book = _book()
    workbook = _opened(file)
    said = identity(book, workbook)
    if not said:
        raise OperatorError(book.faults["not_ours"])
    base = workspace.plan_file or SCHEMAS / Path(said.get("file", "")).name
    text = read_text(base)
    old = tomllib.loads(text)
    load_plan(base.name, text)
    outcome = _outcome(book, workbook, file, old)
    new = _rewritten(text, outcome, base)
    if out:
        _refuse_another_file(out, (old["id"], outcome.data["id"]))
    target = out or (base if write and new != text else None)
    year = _year(book, outcome, file, new, target)
    stale = _stale(book, said, text, old, base) if outcome.changes else []
    copy = keep_copy(target) if target else None
    if target:
        write_atomically(target, _as_before(read_bytes(base), text, new))
    next_file = base.with_name(f"plan-{year}.toml") if not _belongs(base, year) else None
    return PlanImport(base, outcome.changes, (*stale, *notes(book, old, outcome)), target, copy, next_file)


def _refuse_long_texts(content: BookContent) -> None:
    """A text that was cut for its cell would come back cut."""
    for row in (row for rows in content.rows.values() for row in rows):
        if any(isinstance(text, str) and len(text) > LONGEST_TEXT for text in row.cells.values()):
            raise OperatorError(
                f"Kế hoạch có đoạn chữ dài hơn {LONGEST_TEXT} ký tự ({row.origin}), không vừa một ô Excel. "
                "Hãy rút gọn trong tệp kế hoạch."
            )


def _book() -> PlanBook:
    return load_plan_book(BOOK, read_text(SCHEMAS / BOOK))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _opened(file: Path) -> Workbook:
    """The workbook, read as carefully as what units send."""
    (outcome,) = read_all([read_bytes(file)])
    if isinstance(outcome, UnreadableWorkbook):
        message = load_messages("messages.toml", read_text(SCHEMAS / "messages.toml")).messages[outcome.code]
        raise OperatorError(f"{file}: {message.title}. {message.found}")
    return outcome


def _outcome(book: PlanBook, workbook: Workbook, file: Path, old: dict[str, Any]) -> Outcome:
    edited = read_rows(book, workbook)
    if edited.faults:
        raise SpecError(file.name, cell_fault_lines(book, edited.faults))
    outcome = compare(book, old, edited)
    if outcome.faults:
        raise SpecError(file.name, cell_fault_lines(book, outcome.faults))
    return outcome


def _rewritten(text: str, outcome: Outcome, base: Path) -> str:
    try:
        return rewrite(text, outcome.data, outcome.origins)
    except NotWritable as fault:
        raise OperatorError(
            f"Tệp {base.name} có chỗ viết theo cách mà plan import không sửa được; chưa ghi gì. "
            "Hãy sửa tệp ấy bằng tay (xem README trong thư mục schemas)."
        ) from fault


def _year(book: PlanBook, outcome: Outcome, file: Path, text: str, target: Path | None) -> int:
    """The year of the new plan; refuses what the loader refuses, and a file that is named for another."""
    try:
        plan = load_plan(file.name, text)
    except SpecError as fault:
        raise SpecError(file.name, plan_fault_lines(book, outcome.lists, fault.faults)) from fault
    if target and not _belongs(target, plan.year):
        raise OperatorError(
            f"Kế hoạch trong {file.name} là của năm {plan.year}, không ghi vào {target.name} được. "
            f"Hãy dùng --out {SCHEMAS.name}/plan-{plan.year}.toml."
        )
    return plan.year


def _refuse_another_file(out: Path, ids: Sequence[str]) -> None:
    """Only a file that is this plan already may be written over, whatever copy is kept."""
    try:
        its_id = tomllib.loads(read_text(out)).get("id") if out.exists() else None
    except tomllib.TOMLDecodeError:
        its_id = None
    if out.exists() and its_id not in ids:
        raise OperatorError(
            f"Tệp {out} đã có và không phải kế hoạch này; chưa ghi gì. Hãy chọn tên khác cho --out, hoặc "
            "đổi tên tệp ấy trước."
        )


def _belongs(path: Path, year: int) -> bool:
    """Whether the name of a plan file admits this year."""
    named = _NAMED_YEAR.fullmatch(path.name)
    return named is None or int(named[1]) == year


def _stale(
    book: PlanBook, said: Mapping[Any, str], text: str, old: Mapping[str, Any], base: Path
) -> list[str]:
    if said.get("sha256") == _hash(text):
        return []
    words = {"file": base.name, "exported": said.get("version", "?"), "version": old["version"]}
    return [book.notes.stale.format(**words)]


def _as_before(raw: bytes, text: str, new: str) -> bytes:
    """The new text with the ends of lines and the mark at the beginning that the old file has."""
    if new == text:
        return raw
    ended = new.replace("\n", "\r\n") if b"\r\n" in raw else new
    return (_BOM if raw.startswith(_BOM) else b"") + ended.encode()
