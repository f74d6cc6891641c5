"""The commands `plan export` and `plan import` as an officer types them."""

import shutil
import tomllib
from pathlib import Path

import openpyxl
import pytest

from pipeline.cli.main import main
from tests.office import convert, type_in
from tests.plan_books import TEXT, Book, added, cell_of, edited, removed, row_of, typed

NOW = ("--now", "2026-11-24T08:00")


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with blanks and accents that has a plan of its own."""
    folder = tmp_path / "bàn làm việc"
    folder.mkdir()
    (folder / "plan-2026.toml").write_bytes(TEXT.encode())
    return folder


def run(desk: Path, capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, list[str], str]:
    argv = ["plan", *map(str, words), "--workspace", str(desk), "--plan", str(desk / "plan-2026.toml"), *NOW]
    status = main(argv)
    said = capsys.readouterr()
    return status, said.out.splitlines(), said.err


def plan_of(desk: Path) -> str:
    return (desk / "plan-2026.toml").read_text(encoding="utf-8")


def book_of(desk: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert run(desk, capsys, "export")[0] == 0
    return desk / "outbox" / "ke-hoach-2026.xlsx"


def saved(desk: Path, data: bytes) -> Path:
    path = desk / "đã sửa.xlsx"
    path.write_bytes(data)
    return path


VERSION = tomllib.loads(TEXT)["version"]


def raised(book: Book) -> None:
    typed("", "", "version", VERSION + 1)(book)
    typed("indicators", "I.1", "target.value", 65)(book)


def test_export_and_import_without_a_change(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = book_of(desk, capsys)
    status, lines, _ = run(desk, capsys, "import", book, "--write")
    assert (status, lines) == (0, ["Không có thay đổi nào so với plan-2026.toml."])
    assert plan_of(desk) == TEXT
    assert not list(desk.glob("*.cu-*"))


def test_export_again_never_overwrites_what_was_edited(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = book_of(desk, capsys)
    first = book.read_bytes()
    assert run(desk, capsys, "export")[0] == 0
    assert [path.name for path in book.parent.iterdir()] == [book.name]
    work = edited(raised)
    book.write_bytes(work)
    _, lines, _ = run(desk, capsys, "export")
    assert lines[1].startswith("Giữ nguyên tệp đã có: ")
    assert (book.parent / "ke-hoach-2026 (2).xlsx").read_bytes() == first
    assert book.read_bytes() == work


def test_a_text_that_no_cell_can_hold_is_not_cut(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    long = TEXT.replace('code    = "NV.1.1"', f'code    = "NV.1.1"\nperson  = "{"a" * 32_768}"')
    (desk / "plan-2026.toml").write_text(long, encoding="utf-8")
    status, _, error = run(desk, capsys, "export")
    assert status == 2
    assert "NV.1.1" in error
    assert not (desk / "outbox").exists()


def test_import_only_shows(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, lines, _ = run(desk, capsys, "import", saved(desk, edited(raised)))
    assert status == 0
    assert lines[:5] == [
        "So với plan-2026.toml: 2 ô sửa, 0 dòng thêm, 0 dòng bỏ.",
        "Trang «Chung»",
        f"  C7  Phiên bản kế hoạch: {VERSION} → {VERSION + 1}",
        "Trang «Chỉ tiêu»",
        "  H6  I.1 · Mục tiêu: 60 → 65",
    ]
    assert lines[-1] == "Chưa ghi gì. Đúng rồi thì chạy lại lệnh này kèm --write."
    assert plan_of(desk) == TEXT


def test_a_target_that_parts_from_its_printed_wording_is_pointed_out(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def both(book: Book) -> None:
        raised(book)
        typed("indicators", "I.1", "target.as_printed", "≥ 65%")(book)

    _, lines, _ = run(desk, capsys, "import", saved(desk, edited(raised)))
    (note,) = [line for line in lines if "không khớp với «Mục tiêu nguyên văn»" in line]
    assert "ở: I.1." in note
    _, lines, _ = run(desk, capsys, "import", saved(desk, edited(both)))
    assert not [line for line in lines if "không khớp" in line]


def test_import_writes_and_keeps_a_copy(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = saved(desk, edited(raised))
    status, lines, _ = run(desk, capsys, "import", book, "--write")
    assert status == 0
    assert "value = 65," in plan_of(desk)
    assert (desk / "plan-2026.toml.cu-1").read_text(encoding="utf-8") == TEXT
    assert any(line.startswith("Bản trước khi ghi: ") and "cu-1" in line for line in lines)
    status, lines, _ = run(desk, capsys, "import", book, "--write")
    assert lines[0] == "Không có thay đổi nào so với plan-2026.toml."
    assert not (desk / "plan-2026.toml.cu-2").exists()


def test_versions_that_were_not_raised_are_pointed_out(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = saved(desk, edited(typed("scoring", "", "on_path_share", 0.9)))
    _, lines, _ = run(desk, capsys, "import", book)
    notes = [line for line in lines if line.startswith("Lưu ý: ") and "không tăng" in line]
    assert len(notes) == 2
    assert f"«Phiên bản kế hoạch» không tăng (đang là {VERSION})" in notes[0]
    assert "«Phiên bản cách chấm điểm» không tăng (đang là 2)" in notes[1]


def test_grades_are_part_of_the_scoring(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit = typed("scoring.grades", "Hoàn thành nhiệm vụ", "label", "Hoàn thành")
    _, lines, _ = run(desk, capsys, "import", saved(desk, edited(edit)))
    assert any("«Phiên bản cách chấm điểm» không tăng" in line for line in lines)
    _, lines, _ = run(desk, capsys, "import", saved(desk, edited(raised)))
    assert not any("không tăng" in line for line in lines)


def test_a_plan_that_changed_since_is_pointed_out(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = book_of(desk, capsys)
    (desk / "plan-2026.toml").write_text(
        TEXT.replace(f"version             = {VERSION}", f"version = {VERSION + 2}"), encoding="utf-8"
    )
    _, lines, _ = run(desk, capsys, "import", book)
    assert any(f"lúc xuất là phiên bản {VERSION}, nay là {VERSION + 2}" in line for line in lines)
    assert f"  C7  Phiên bản kế hoạch: {VERSION + 2} → {VERSION}" in lines


def test_rows_come_and_go_in_full(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def edit(book: Book) -> None:
        removed("calendar.overrides", "24/11/2026")(book)
        typed("", "", "version", VERSION + 1)(book)

    _, lines, _ = run(desk, capsys, "import", saved(desk, edited(edit)))
    assert lines[0] == "So với plan-2026.toml: 1 ô sửa, 0 dòng thêm, 1 dòng bỏ."
    assert lines[-2] == (
        "  bỏ 24/11/2026: Ngày: 24/11/2026; Là ngày: Làm việc; Lý do: Ngày Văn hóa Việt Nam; "
        "chưa thấy luật quy định được nghỉ"
    )


def next_year(book: Book) -> None:
    for key, value in {"id": "phuoc-an-2027", "version": 1, "year": 2027}.items():
        typed("", "", key, value)(book)
    for day in ("02/01/2026", "10/01/2026", "24/11/2026"):
        removed("calendar.overrides", day)(book)


def test_next_years_plan_goes_into_a_file_of_its_own(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = saved(desk, edited(next_year))
    status, lines, _ = run(desk, capsys, "import", book)
    assert status == 0
    assert any("2026 → 2027" in line for line in lines)  # a year is no quantity
    assert lines[-1].endswith("plan-2027.toml.")
    assert "--out" in lines[-1]
    status, _, error = run(desk, capsys, "import", book, "--write")
    assert status == 2
    assert "là của năm 2027, không ghi vào plan-2026.toml được" in error
    assert run(desk, capsys, "import", book, "--out", desk / "plan-2027.toml")[0] == 0
    assert plan_of(desk) == TEXT
    new = (desk / "plan-2027.toml").read_text(encoding="utf-8")
    assert "year                = 2027" in new
    assert "# ── Calendar" in new


def test_an_existing_plan_is_copied_before_it_is_written_over(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (desk / "plan-2027.toml").write_text('id = "phuoc-an-2027"', encoding="utf-8")
    book = saved(desk, edited(next_year))
    assert run(desk, capsys, "import", book, "--out", desk / "plan-2027.toml")[0] == 0
    assert (desk / "plan-2027.toml.cu-1").read_text(encoding="utf-8") == 'id = "phuoc-an-2027"'


def test_days_of_the_old_year_are_refused(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = saved(desk, edited(typed("", "", "year", 2027)))
    status, _, error = run(desk, capsys, "import", book)
    assert status == 2
    assert "  - trang «Ngày nghỉ, làm bù»: ngày phải từ 01/01/2027 đến 31/12/2027" in error
    assert error.startswith("Tệp đã sửa.xlsx có 1 chỗ chưa đúng:")


@pytest.mark.parametrize(("before", "after"), [(b"", b"\r\n"), (b"\xef\xbb\xbf", b"\n")])
def test_ends_of_lines_and_the_mark_of_notepad_stay(
    before: bytes, after: bytes, desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = before + TEXT.encode().replace(b"\n", after)
    (desk / "plan-2026.toml").write_bytes(raw)
    assert run(desk, capsys, "import", saved(desk, edited(raised)), "--write")[0] == 0
    new = (desk / "plan-2026.toml").read_bytes()
    target = raw.replace(b"value = 60, ", b"value = 65, ", 1)
    line = "version             = {}"
    was, now = (line.format(number).encode() for number in (VERSION, VERSION + 1))
    assert new == target.replace(was, now, 1)


def test_a_layout_that_cannot_be_changed_is_left_to_hands(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sections = TEXT[TEXT.index("[[sections]]") : TEXT.index("[[tasks]]")]
    inline = 'sections = [\n  { code = "1", name = "A" },  # một\n  { code = "2", name = "B" },\n]\n'
    text = inline + TEXT.replace(sections, "")
    (desk / "plan-2026.toml").write_text(text, encoding="utf-8")
    book = book_of(desk, capsys)
    assert run(desk, capsys, "import", book)[1] == ["Không có thay đổi nào so với plan-2026.toml."]
    data = edited(added("sections", {"code": "3", "name": "C"}), text)
    status, _, error = run(desk, capsys, "import", saved(desk, data), "--write")
    assert status == 2
    assert "plan import không sửa được" in error
    assert plan_of(desk) == text


@pytest.mark.parametrize(
    "there",
    ['[smtp]\nhost = "mail.example.org"\n', 'id = "xa-khac-2026"\n', "id = [\n", "id = []\n", ""],
)
def test_a_file_that_is_no_plan_or_another_one_is_not_written_over(
    there: str, desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = desk / "hop-thu.toml"
    other.write_text(there, encoding="utf-8")
    status, lines, error = run(desk, capsys, "import", saved(desk, edited(raised)), "--out", other)
    assert (status, lines) == (2, [])
    assert "hop-thu.toml đã có và không phải kế hoạch này; chưa ghi gì." in error
    assert other.read_text(encoding="utf-8") == there
    assert not list(desk.glob("hop-thu.toml.cu-*"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("import", "khong-co.xlsx"), "Không tìm thấy tệp «khong-co.xlsx»."),
        (("import",), "Thiếu đối số TỆP_EXCEL."),
        (("import", "{book}", "--write", "--out", "x.toml"), "Chỉ dùng một trong hai: --write hoặc --out."),
        (("import", "{book}", "--out", "x.xlsx"), "«x.xlsx» phải là tên một tệp kế hoạch"),
    ],
)
def test_mistakes_in_the_arguments(
    words: tuple[str, ...], said: str, desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = saved(desk, b"x")
    status, _, error = run(desk, capsys, *(word.format(book=book) for word in words))
    assert status == 2
    assert said in error


def test_a_workbook_saved_by_libreoffice_changes_nothing(
    desk: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    book = book_of(desk, capsys)
    for target in ("xlsx:Calc MS Excel 2007 XML", "ods"):
        again = convert(book, target, tmp_path)
        status, lines, error = run(desk, capsys, "import", again)
        assert (status, lines, error) == (0, ["Không có thay đổi nào so với plan-2026.toml."], "")


def test_what_is_typed_in_libreoffice_arrives(
    desk: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    book = shutil.copy(book_of(desk, capsys), tmp_path / "gốc.xlsx")
    loaded = openpyxl.load_workbook(book)
    places = [
        cell_of(loaded, "indicators", "I.1", "target.value"),
        cell_of(loaded, "indicators", "I.1", "entry"),
        cell_of(loaded, "", "", "version"),
    ]
    values: list[object] = [65, "Tỷ lệ công bố", 3]
    cells = [(cell.parent.title, cell.coordinate, value) for cell, value in zip(places, values, strict=True)]
    done = type_in(Path(book), cells, tmp_path / "xong.xlsx")
    status, lines, error = run(desk, capsys, "import", done)
    assert status == 2  # a share has no labels of counts: what the loader says comes with the cell
    row = row_of(loaded, "indicators", "I.1")
    assert (
        f"trang «Chỉ tiêu», ô B{row} (Mã): chỉ tiêu kiểu «Tử số và mẫu số», và chỉ kiểu ấy, cần «Tử số là gì»"
        in error
    )
    assert lines == []
