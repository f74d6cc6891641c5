"""The open data of the demonstration: they hold to their schema, say what the sheets say, name nobody."""

import csv
import hashlib
import io
import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pipeline.base.errors import SpecError
from pipeline.base.text import without_contacts
from pipeline.edges.open_data.rows import Rows, open_rows
from pipeline.edges.open_data.writer import csv_files, document
from pipeline.edges.store.ledger import Ledger
from pipeline.spec.open_data import FILE, OpenColumn, load_open_data
from pipeline.spec.tables import Tables
from tests.consolidated_reading import HEADER, column_of, load_book
from tests.demonstration import Demonstration
from tests.forms import PLAN, SCHEMAS
from tests.table_rows import LOOKS
from tests.tables import month

TEXT = (SCHEMAS / FILE).read_text(encoding="utf-8")
SPEC = load_open_data(FILE, TEXT)
TABLES = {table.key: table for table in SPEC.tables}
SHEETS = ("indicators", "units", "tasks", "register", "findings", "facts", "methods")
PRIVATE = {"person", "responsibility", "authority", "evidence", "explanation", "file", "found", "remark"}


@pytest.fixture(scope="module", params=range(4), ids=["08", "09", "10", "11"])
def workbook(demonstration: Demonstration, request: pytest.FixtureRequest) -> Path:
    return demonstration.workbooks[int(request.param)]


@pytest.fixture(scope="module")
def folder(workbook: Path) -> Path:
    return workbook.parent / "du-lieu"


@pytest.fixture(scope="module")
def data(folder: Path) -> dict[str, Any]:
    (path,) = folder.glob("tong-hop-*.json")
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def lines(path: Path) -> list[list[str]]:
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


# --- JSON ----------------------------------------------------------------------------------------


def test_the_document_holds_to_the_schema_that_lies_beside_it(folder: Path, data: dict[str, Any]) -> None:
    schema = json.loads((folder / data["$schema"]).read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    assert [fault.message for fault in Draft202012Validator(schema).iter_errors(data)] == []
    assert len(data["indicators"]) == 40
    assert data["period"] == folder.parent.name


@pytest.mark.parametrize(
    "spoil",
    [
        lambda d: d["facts"][0].pop("sha256"),
        lambda d: d["facts"][0].update(person="A"),
        lambda d: d["indicators"][0].update(verdict="bad"),
        lambda d: d["indicators"][0].update(result="61,5"),
    ],
    ids=["a column too few", "a column too many", "an unknown word", "a text for a number"],
)
def test_the_schema_refuses_what_is_not_so(data: dict[str, Any], spoil: Callable[[Any], None]) -> None:
    spoiled = json.loads(json.dumps(data))
    spoil(spoiled)
    assert not Draft202012Validator(json.loads(TEXT)).is_valid(spoiled)


@pytest.mark.parametrize("count", [0, 1, 1_000, 1_001, 2_500])
def test_a_table_in_any_number_of_parts_is_one_document(count: int) -> None:
    rows: dict[str, Rows] = {"facts": [{"value": n} for n in range(count)], "tasks": [{"code": "1"}]}
    parts = list(document(rows, {"period": "2026-11"}))
    assert max(part.count(b"value") for part in parts) <= 1_000
    assert json.loads(b"".join(parts)) == {"$schema": FILE, "period": "2026-11", **rows}


def test_the_words_of_the_schema_are_those_of_the_workbook() -> None:
    definitions = json.loads(TEXT)["$defs"]
    for definition in definitions.values():
        for column in definition["properties"].values():
            if "x-words" in column:
                assert [key for key in column["enum"] if key] == list(LOOKS.statuses[column["x-words"]])


def test_the_document_says_what_the_sheets_say(workbook: Path, data: dict[str, Any]) -> None:
    book = load_book(workbook.read_bytes())
    compared = 0
    for key in SHEETS:
        looks = LOOKS.sheet_by_key[key]
        sheet = book[looks.name]
        shared = [column for column in TABLES[key].columns if column.key in looks.column_by_key]
        assert len(shared) > 1
        for number, row in enumerate(data[key], HEADER + 1):
            for column in shared:
                at = column_of(sheet, looks.column_by_key[column.key].label)
                assert in_sheet(column, row[column.key]) == found(sheet.cell(number, at).value), (key, row)
                compared += 1
    assert compared > 1500


def found(value: object) -> object:
    return pytest.approx(value) if isinstance(value, int | float) else value or None


def in_sheet(column: OpenColumn, value: Any) -> object:
    if isinstance(value, bool):
        return LOOKS.yes if value else LOOKS.no
    if column.words and value:
        return LOOKS.statuses[column.words][value].text
    return None if value == "" else value


def test_months_and_groups_are_those_of_the_workbook(workbook: Path, data: dict[str, Any]) -> None:
    book = load_book(workbook.read_bytes())
    sheet = book["Diễn biến"]
    for row in data["history"]:
        year, month_number = row["period"].split("-")
        at = column_of(sheet, LOOKS.period_column.format(month=int(month_number), year=year))
        codes = {sheet.cell(number, 1).value: number for number in range(HEADER + 1, sheet.max_row + 1)}
        assert found(sheet.cell(codes[row["code"]], at).value) == row["result"]
    overview = book["Tổng quan"]
    first = next(c.row for c in overview["A"] if str(c.value).startswith("I. "))
    for number, group in enumerate(data["groups"], first):
        values = [overview.cell(number, at).value for at in range(2, 6)]
        assert values == [group[key] for key in ("listed", "met", "reported", "missing")]
        assert overview.cell(number, 7).value == pytest.approx(group["mean_with_missing"])
    assert data["groups"][-1]["code"] == ""


# --- CSV -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", TABLES)
def test_each_csv_file_says_what_the_document_says(folder: Path, data: dict[str, Any], key: str) -> None:
    table = TABLES[key]
    header, *rows = lines(folder / table.file)
    assert (folder / table.file).read_bytes().startswith(b"\xef\xbb\xbf")
    assert header == [column.label for column in table.columns]
    assert len(rows) == len(data[key])
    for line, row in zip(rows, data[key], strict=True):
        for column, text in zip(table.columns, line, strict=True):
            assert as_value(column, text) == in_csv(column, row[column.key])


def as_value(column: OpenColumn, text: str) -> object:
    """What Excel on a Vietnamese Windows makes of a text in a CSV file."""
    if column.kind in ("number", "integer"):
        return float(text.replace(",", ".")) if text else None
    return text.removeprefix("'")


def in_csv(column: OpenColumn, value: Any) -> object:
    if column.month:
        return f"Tháng {int(value[5:])}/{value[:4]}"
    if column.words and value:
        return LOOKS.statuses[column.words][value].label
    return ("Có" if value else "Không") if isinstance(value, bool) else value


def test_what_begins_like_a_formula_is_a_text_in_excel() -> None:
    tables = month()
    facts = tables.frames["facts"].assign(numerator_raw="=1+1", value_raw="＝1+1", denominator_raw="12")
    rows = open_rows(filled(Tables(tables.overview, {**tables.frames, "facts": facts})), SPEC)
    data = b"".join(dict(csv_files(rows, SPEC, LOOKS))["du-lieu-goc.csv"]).decode("utf-8-sig")
    header, first, *_ = csv.reader(io.StringIO(data), delimiter=";")
    shown = dict(zip(header, first, strict=True))
    raw = [shown[f"{name} như đã ghi"] for name in ("Tử số", "Giá trị", "Mẫu số")]
    assert raw == ["'=1+1", "'＝1+1", "12"]


def filled(tables: Tables) -> Tables:
    """The made-up month, with the columns that are only for open data."""
    facts = tables.frames["facts"].assign(unit_id="VHXH", state_key="reported", period="2026-11")
    return replace(tables, frames={**tables.frames, "facts": facts})


# --- nobody is named -----------------------------------------------------------------------------


def test_columns_about_persons_and_in_the_words_of_units_are_left_out() -> None:
    assert not {column.key for table in SPEC.tables for column in table.columns} & PRIVATE
    assert "voices" not in TABLES


def test_no_person_and_no_words_of_units_leave_the_house(folder: Path, demonstration: Demonstration) -> None:
    with Ledger(demonstration.folder / "archive" / "ledger.sqlite") as ledger:
        tasks, texts = ledger.tasks(folder.parent.name), ledger.narratives(folder.parent.name)
        names = {s.name for s in ledger.submissions()}
    said = {task.person for task in tasks} | {t.text for t in texts} | names
    written = "".join(path.read_text(encoding="utf-8") for path in folder.iterdir())
    assert {text for text in said if text and text in written} == set()
    assert any(task.person for task in tasks)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Gọi 0912 345 678 hoặc +84 251 3822 222", "Gọi […] hoặc […]"),
        ("gửi về a.b@dongnai.gov.vn.", "gửi về […]."),
        ("(0912)345678, (0251) 3 822 222; +84(0)912345678", "[…], […]; […]"),
        ("0084912345678 hoặc 0912 – 345 – 678", "[…] hoặc […]"),
        ("0912\u2011345\u2011678 và ０９１２３４５６７８", "[…] và […]"),
        ("CCCD 075123456789", "CCCD […]"),
        ("a [at] gmail.com, a(a còng)xa.vn, a @ xa.vn, a＠xa.vn", "[…], […], […], […]"),
        ("từ 05.11.2026 - 12.11.2026, 05/11/2026 – 06/12/2026", None),
        ("họp tại (at) xã, 0,912 và 0 - 100%", None),
        ("Kế hoạch số 112/KH-UBND ngày 12/11/2026, 1.688 hồ sơ", None),
        ("mã 20261118", None),
    ],
)
def test_ways_to_reach_a_person_are_left_out(text: str, left: str | None) -> None:
    assert without_contacts(text) == (left or text)


@pytest.mark.parametrize("text", ["w" * 32_767, "a." * 16_000, "0912" * 8_000, "0 (" * 10_000])
def test_a_text_without_end_is_looked_through_once(text: str) -> None:
    began = time.process_time()
    without_contacts(text)
    assert time.process_time() - began < 0.5


# --- the manifest --------------------------------------------------------------------------------


def test_the_manifest_names_every_input_and_output_with_its_hash(
    folder: Path, demonstration: Demonstration
) -> None:
    said = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    outputs = {output["file"]: output["sha256"] for output in said["outputs"]}
    written = {path.name for path in folder.iterdir()} - {"manifest.json"}
    beside = {f"../tong-hop-{folder.parent.name}.{kind}" for kind in ("xlsx", "html")}
    assert set(outputs) == beside | written
    for name, sha256 in outputs.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == sha256
    for given in said["inputs"]:
        original = demonstration.folder / "archive" / given["archived_as"]
        assert hashlib.sha256(original.read_bytes()).hexdigest() == given["sha256"]
    facts = {line[-1] for line in lines(folder / "du-lieu-goc.csv")[1:]}
    assert facts <= {given["sha256"] for given in said["inputs"]}
    assert (said["versions"]["plan_version"], said["decisions"]) == (PLAN.version, [])
    assert "wording.toml" in {rule["file"] for rule in said["rules"]}


# --- the schema as a data file -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (lambda t: t.replace('"x-csv": "chi-tieu.csv",', ""), "thiếu khóa 'x-csv'"),
        (lambda t: t[:-3], "không đúng cú pháp JSON"),
    ],
)
def test_a_faulty_schema_is_refused(spoil: Callable[[str], str], expected: str) -> None:
    with pytest.raises(SpecError) as refused:
        load_open_data(FILE, spoil(TEXT))
    assert any(expected in line for line in refused.value.faults)
