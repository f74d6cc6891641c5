"""What the form says about itself, recalculated by LibreOffice: every rule, every type, the head cell."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from pipeline.base.finding import Severity
from pipeline.spec.form import FormContent, FormRow
from pipeline.spec.template import Rule, Table
from tests.forms import (
    EVIDENCE,
    INDICATORS,
    MESSAGES,
    RULES,
    TEMPLATE,
    CellContent,
    cell_of,
    filled,
    issued,
    load,
    tag_row,
    write,
)
from tests.office import convert

DONE = "Hoàn thành, đúng hạn"
SPOILED: dict[str, dict[str, CellContent]] = {
    "R01": {"explanation": "chưa có"},
    "R02": {"numerator": 40.0, "evidence": EVIDENCE},
    "R03": {"numerator": 60.0, "denominator": 50.0, "evidence": EVIDENCE},
    "R04": {"numerator": 40.0, "denominator": 50.0, "rate": 79.8, "evidence": EVIDENCE},
    "R05": {"state": "Có số liệu"},
    "R06": {
        "numerator": 40.0,
        "denominator": 50.0,
        "evidence": EVIDENCE,
        "state": "Chưa có số liệu",
        "explanation": "chờ số liệu",
    },
    "R07": {"state": "Không phát sinh"},
    "R08": {"numerator": 40.0, "denominator": 50.0},
    "R09": {"state": "Chưa có số liệu"},
    "R10": {"numerator": 0.0, "denominator": 0.0, "evidence": EVIDENCE},
    "R11": {"rate": 0.855, "evidence": EVIDENCE},
    "R12": {"result": 1.0, "evidence": EVIDENCE},
    "R13": {"result": 0.16, "evidence": EVIDENCE},
    "N01": {"state": DONE, "progress": 100.0, "date_done": date(2026, 11, 5)},
    "N02": {"progress": 10.0},
    "N03": {"work": "Rà soát quy chế", "document": "12/BC-VHXH"},
    "N04": {"work": "Rà soát quy chế", "state": DONE, "progress": 100.0},
    "N05": {"work": "Rà soát quy chế", "state": DONE, "progress": 90.0, "date_done": date(2026, 11, 5)},
    "N06": {"work": "Rà soát quy chế", "state": "Đang thực hiện, đúng tiến độ", "progress": 100.0},
}


@pytest.fixture(scope="module")
def content() -> FormContent:
    return every_kind()


def every_kind() -> FormContent:
    """The largest form, with a row of the one kind of entry that it lacks."""
    form, share = issued(), issued("KT").rows["indicators"]
    return replace(form, rows={**form.rows, "indicators": (*form.rows["indicators"], *share)})


def recalculated(file: bytes, folder: Path) -> Workbook:
    """The form as LibreOffice computes it, with none of our cached values to lean on."""
    bare = folder / "form.xlsx"
    with zipfile.ZipFile(io.BytesIO(file)) as source, zipfile.ZipFile(bare, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name.startswith("xl/worksheets/"):
                part = re.sub(rb"</f><v>[^<]*</v>", b"</f>", part)
            target.writestr(name, part)
    out = folder / "out"
    out.mkdir()
    return openpyxl.load_workbook(convert(bare, "xlsx", out), data_only=True)


def checks(book: Workbook, content: FormContent) -> dict[str, object]:
    """The text of every check cell, by the code of its row."""
    return {
        row.code: cell_of(book, table, row.code, "check").value or ""
        for table in TEMPLATE.tables
        for row in content.rows[table.key]
    }


def assert_cached(file: bytes, book: Workbook, content: FormContent) -> None:
    """What we stored beside the formulas is what LibreOffice computes."""
    stored = load(file, data_only=True)
    assert checks(stored, content) == checks(book, content)
    for table in TEMPLATE.tables:
        assert readiness_of(stored, table) == readiness_of(book, table)
    for row in content.rows["indicators"]:
        ours, theirs = (cell_of(b, INDICATORS, row.code, "result").value for b in (stored, book))
        assert (ours or "") == (pytest.approx(theirs) if isinstance(theirs, float) else (theirs or ""))


def readiness_of(book: Workbook, table: Table) -> object:
    sheet = book[table.sheet]
    return sheet.cell(tag_row(sheet, table) - 1, 1).value


def test_an_empty_form_counts_its_missing_rows(content: FormContent, tmp_path: Path) -> None:
    file = write(content)
    book = recalculated(file, tmp_path)
    not_owed = {"V.23", "V.26"}  # a yearly figure before its month, and the bank's, if it comes
    owed = {row.code for row in content.rows["indicators"]} - not_owed
    count = len(owed)
    assert count == len(content.rows["indicators"]) - 2 > 20
    for table in TEMPLATE.tables:
        assert readiness_of(book, table) == f"CÒN {count} LỖI"
    missing = "Lỗi: chưa nhập số liệu, chưa chọn tình trạng"
    assert checks(book, content) == {
        row.code: missing if row.code in owed else "" for part in content.rows.values() for row in part
    }
    texts = [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None]
    assert not [text for text in texts if text.startswith("#") and not text.startswith(("#in", "#ta", "#na"))]
    assert_cached(file, book, content)


@pytest.mark.parametrize("unit", ["VHXH", "KT"])
def test_a_valid_form_is_ready_to_send(unit: str, tmp_path: Path) -> None:
    content = issued(unit)
    file = write(content, filled(content, {}))
    book = recalculated(file, tmp_path)
    narratives = {row.code: "" for row in content.rows["narratives"]}
    done = {code: text for code, text in checks(book, content).items() if code not in narratives}
    assert set(done.values()) == {"Đạt"}
    assert checks(book, content) == done | narratives  # which may be left blank
    for table in TEMPLATE.tables:
        assert readiness_of(book, table) == "SẴN SÀNG GỬI"
    assert_cached(file, book, content)
    ratios = [row.code for row in content.rows["indicators"] if row.entry == "ratio"]
    assert {cell_of(book, INDICATORS, code, "result").value for code in ratios} <= {80}


def with_assigned_task(content: FormContent) -> FormContent:
    """The plan assigns no task yet; here the first one is."""
    first, *others = content.rows["tasks"]
    assigned = replace(first, attributes={**first.attributes, "assigned": "yes"}, prefilled=None)
    return replace(content, rows={**content.rows, "tasks": (assigned, *others)})


def places_for_rules(content: FormContent) -> dict[str, str]:
    """A row of its own for every rule: one where the rule applies and its spoiled cells are open."""
    places: dict[str, str] = {}
    for table, rule in sorted(RULES, key=lambda pair: narrowness(content, *pair)):
        fit = candidates(content, table, rule)
        places[rule.code] = next(row.code for row in fit if row.code not in places.values())
    return places


def candidates(content: FormContent, table: Table, rule: Rule) -> list[FormRow]:
    needed = SPOILED[rule.code].keys() - {"work"}
    return [r for r in content.rows[table.key] if rule.applies(r.attributes) and needed <= r.open]


def narrowness(content: FormContent, table: Table, rule: Rule) -> int:
    return len(candidates(content, table, rule))


Spoiled = tuple[FormContent, dict[str, str], Workbook]


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory: pytest.TempPathFactory) -> Spoiled:
    """One form in which every rule is broken, each in a row of its own."""
    content = with_assigned_task(every_kind())
    places = places_for_rules(content)
    file = write(content, filled(content, {place: SPOILED[code] for code, place in places.items()}))
    book = recalculated(file, tmp_path_factory.mktemp("spoiled"))
    assert_cached(file, book, content)
    return content, places, book


@pytest.mark.parametrize(("table", "rule"), RULES, ids=[rule.code for _, rule in RULES])
def test_a_broken_rule_and_nothing_else_is_named(spoiled: Spoiled, table: Table, rule: Rule) -> None:
    _, places, book = spoiled
    prefix = "Lỗi: " if MESSAGES.severity(rule.code) is Severity.ERROR else "Cần giải thích: "
    assert cell_of(book, table, places[rule.code], "check").value == prefix + rule.short


def test_rows_beside_the_broken_ones_are_done_and_the_errors_counted(spoiled: Spoiled) -> None:
    content, places, book = spoiled
    others = {code: text for code, text in checks(book, content).items() if code not in places.values()}
    narratives = {row.code for row in content.rows["narratives"]}
    assert {text for code, text in others.items() if code not in narratives} == {"Đạt"}
    errors = sum(MESSAGES.severity(rule.code) is Severity.ERROR for _, rule in RULES)
    assert readiness_of(book, INDICATORS) == f"CÒN {errors} LỖI"


def test_faults_of_cells_and_several_faults_of_a_row_are_named(content: FormContent, tmp_path: Path) -> None:
    ratios = (row.code for row in content.rows["indicators"] if row.entry == "ratio")
    counts: dict[str, CellContent] = {"numerator": 40.0, "denominator": 50.0, "evidence": EVIDENCE}
    cases: list[tuple[str, dict[str, CellContent], str]] = [
        (next(ratios), {**counts, "numerator": "40 hồ sơ"}, "Lỗi: Tử số phải là số nguyên, không kèm chữ"),
        (next(ratios), {**counts, "numerator": 1.688}, "Lỗi: Tử số phải là số nguyên, không kèm chữ"),
        (next(ratios), {**counts, "numerator": -1.0}, "Lỗi: Tử số phải từ 0 đến 1.000.000.000"),
        (next(ratios), {"rate": 120.0, "evidence": EVIDENCE}, "Lỗi: Tỷ lệ công bố (%) phải từ 0 đến 100"),
        (next(ratios), {"state": "xong"}, "Lỗi: Tình trạng phải chọn trong danh sách"),
        (next(ratios), {**counts, "evidence": "x" * 1001}, "Lỗi: Nguồn số liệu, minh chứng quá dài"),
        (next(ratios), {**counts, "state": " có Số liệu "}, "Đạt"),
        (
            next(ratios),
            {"numerator": 5.0, "denominator": 0.0, "rate": 0.5},
            "Lỗi: tử số lớn hơn mẫu số; tỷ lệ công bố khác tử số chia mẫu số; "
            "thiếu nguồn số liệu, minh chứng. "
            "Cần giải thích: mẫu số bằng 0: nêu lý do; tỷ lệ dưới 1%: nếu đúng, giải thích",
        ),
        ("V.1", {"result": 82.0, "evidence": EVIDENCE}, "Lỗi: Kết quả phải từ 0 đến 1"),
        ("III.1", {"result": "Đang triển khai", "evidence": EVIDENCE}, "Lỗi: Kết quả phải chọn Có hoặc Chưa"),
        (
            "DV.1",
            {"work": "Việc", "state": "Hoàn thành, trễ hạn", "progress": 100.0, "date_done": "hôm qua"},
            "Lỗi: Ngày hoàn thành phải là ngày, dạng 05/11/2026",
        ),
        (
            "DV.2",
            {"work": "Việc", "state": "Hoàn thành, trễ hạn", "progress": 100.0, "date_done": 5.0},
            "Lỗi: Ngày hoàn thành phải là ngày, dạng 05/11/2026",
        ),
    ]
    file = write(content, filled(content, {code: cells for code, cells, _ in cases}))
    book = recalculated(file, tmp_path)
    found = checks(book, content)
    assert [found[code] for code, _, _ in cases] == [text for _, _, text in cases]
    assert_cached(file, book, content)


def test_an_error_value_in_a_cell_is_named_and_breaks_nothing(content: FormContent, tmp_path: Path) -> None:
    book = load(write(content, filled(content, {})))
    ratios = [row.code for row in content.rows["indicators"] if row.entry == "ratio"]
    broken = {"numerator": ratios[0], "state": ratios[1], "explanation": ratios[2]}
    for key, code in broken.items():
        cell_of(book, INDICATORS, code, key).value = "=NA()"
    file = io.BytesIO()
    book.save(file)
    found = checks(recalculated(file.getvalue(), tmp_path), content)
    assert {key: found[code] for key, code in broken.items()} == {
        "numerator": "Lỗi: Tử số phải là số nguyên, không kèm chữ",
        "state": "Lỗi: Tình trạng phải chọn trong danh sách",
        "explanation": "Lỗi: Giải thích quá dài",
    }
    others = [row.code for table in ("indicators", "tasks") for row in content.rows[table]]
    assert {found[code] for code in others if code not in broken.values()} == {"Đạt"}
