"""Originals are sealed under names of our making, and nothing replaces them."""

import stat
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.base.errors import WorldError
from pipeline.edges.store.archive import Archive, archived_name

DATA = b"PK\x03\x04 phieu"
HASH = sha256(DATA).hexdigest()
SHORT = HASH[:12]


def test_seal(tmp_path: Path) -> None:
    place = Archive(tmp_path).seal(DATA, "2026-11/VHXH", f"2026-11_VHXH_{SHORT}.xlsx")
    assert place == f"2026-11/VHXH/2026-11_VHXH_{SHORT}.xlsx"
    assert (tmp_path / place).read_bytes() == DATA
    assert not (tmp_path / place).stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)
    assert (tmp_path / place).stat().st_mode & stat.S_IRUSR


def test_the_same_bytes_again_change_nothing(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    path = tmp_path / archive.seal(DATA, "2026-11", "a.xlsx")
    before = path.stat()
    assert archive.seal(DATA, "2026-11", "a.xlsx") == "2026-11/a.xlsx"
    after = path.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_seal_that_was_cut_short_is_finished(tmp_path: Path) -> None:
    (tmp_path / "2026-11").mkdir()
    path = tmp_path / "2026-11" / "a.xlsx"
    path.write_bytes(DATA)
    Archive(tmp_path).seal(DATA, "2026-11", "a.xlsx")
    assert not path.stat().st_mode & stat.S_IWUSR


def test_other_bytes_never_replace_the_first(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    path = tmp_path / archive.seal(DATA, "2026-11", "a.xlsx")
    for other in (DATA + b"x", b""):
        with pytest.raises(WorldError, match="nội dung khác") as caught:
            archive.seal(other, "2026-11", "a.xlsx")
        assert str(path) in str(caught.value)
        assert "\n" not in str(caught.value)
    assert path.read_bytes() == DATA
    assert [p.name for p in path.parent.iterdir()] == ["a.xlsx"]


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("../x", "a.xlsx"),
        ("/tmp", "a.xlsx"),
        ("", "a.xlsx"),
        ("2026-11/", "a.xlsx"),
        ("2026-11//VP", "a.xlsx"),
        ("2026-11\\VP", "a.xlsx"),
        ("C:", "a.xlsx"),
        ("2026-11", ""),
        ("2026-11", ".."),
        ("2026-11", ".a"),
        ("2026-11", "a."),
        ("2026-11", "a/b.xlsx"),
        ("2026-11", "a\\b.xlsx"),
        ("2026-11", "a.xlsx:x"),
        ("2026-11", "a b.xlsx"),
        ("2026-11", "phiếu.xlsx"),
        ("2026-11", "a.xlsx\n"),
    ],
)
def test_no_way_out_of_the_archive(folder: str, name: str, tmp_path: Path) -> None:
    root = tmp_path / "kho" / "archive"
    with pytest.raises(ValueError, match="not a name"):
        Archive(root).seal(DATA, folder, name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("bao cao thang 11 (1) moi nhat.XLSX", ".xlsx"),
        ("2026-11-18/phiếu.xls", ".xls"),
        ("phieu", ""),
        ("phieu.", ""),
        (".xlsx", ".xlsx"),
        ("phieu.x/../../l", ""),
        ("a.tar.gz", ".gz"),
        ("a.x l.ế", ".e"),
        ("a.abcdefghijkl", ".abcdefgh"),
        ("a.?*", ""),
    ],
)
def test_name_of_an_identified_file(name: str, ending: str) -> None:
    place = archived_name("2026-11", "VHXH", HASH, name)
    assert place == f"2026-11/VHXH/2026-11_VHXH_{SHORT}{ending}"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Báo cáo tháng 11 (1) Đợt cuối.XLSX", "bao-cao-thang-11-1-dot-cuoi.xlsx"),
        ("2026-11-18/VP/phiếu.pdf", "phieu.pdf"),
        ("2026-11-18\\phiếu.pdf", "phieu.pdf"),
        ("../../etc/passwd", "passwd"),
        ("phiếu", "phieu"),
        ("..", "tep"),
        ("", "tep"),
        ("報告.xlsx", "tep.xlsx"),
        ("a" * 200 + ".xlsx", "a" * 60 + ".xlsx"),
        ("a" * 59 + " b.xlsx", "a" * 59 + ".xlsx"),
    ],
)
def test_name_of_an_unidentified_file(name: str, expected: str) -> None:
    for period, unit in (("", ""), ("2026-11", ""), ("", "VP")):
        assert archived_name(period, unit, HASH, name) == f"khong-ro/{SHORT}_{expected}"


@pytest.mark.parametrize(
    ("period", "unit"), [("..", "VP"), ("2026-11", ".."), ("2026-11", "V/P"), ("2026-11", "Đ")]
)
def test_a_period_or_unit_that_is_no_name(period: str, unit: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        archived_name(period, unit, HASH, "a.xlsx")


@given(st.text())
def test_any_name_can_be_sealed(name: str) -> None:
    for period, unit in (("2026-11", "VP"), ("", "")):
        place = archived_name(period, unit, HASH, name)
        assert place.isascii()
        assert ".." not in place
        folder, _, last = place.rpartition("/")
        assert folder == (f"{period}/{unit}" if unit else "khong-ro")
        assert SHORT in last
        assert len(last) <= 90


def test_a_made_name_goes_through(tmp_path: Path) -> None:
    for place in (archived_name("2026-11", "VP", HASH, "a.xlsx"), archived_name("", "", HASH, "ảnh.JPG")):
        assert Archive(tmp_path).seal(DATA, *place.rsplit("/", 1)) == place
        assert (tmp_path / place).read_bytes() == DATA
