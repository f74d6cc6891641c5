"""What counts as dropped, on which day, and when it may be taken and removed."""

import errno
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from pipeline.base.errors import OperatorError, WorldError
from pipeline.edges.store.inbox import Dropped, StillCopying, has_ready, list_inbox, passed_over, remove, take
from tests.faults import refusing

DATA = b"PK\x03\x04 phieu"


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


def drop(inbox: Path, name: str, data: bytes = DATA) -> Dropped:
    path = inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    (dropped,) = (dropped for dropped in list_inbox(inbox) if dropped.path == path)
    return dropped


def names(inbox: Path) -> list[str]:
    return [dropped.name for dropped in list_inbox(inbox)]


def test_an_empty_inbox(inbox: Path) -> None:
    assert list_inbox(inbox) == []


def test_no_inbox(inbox: Path) -> None:
    with pytest.raises(OperatorError, match="Không có thư mục") as caught:
        list_inbox(inbox / "khac")
    assert str(inbox / "khac") in str(caught.value)


def test_all_that_is_known_of_a_file(inbox: Path) -> None:
    dropped = drop(inbox, "2026-11-18/VP/Phiếu tháng 11.xlsx")
    assert dropped.path == inbox / "2026-11-18" / "VP" / "Phiếu tháng 11.xlsx"
    assert dropped.name == "2026-11-18/VP/Phiếu tháng 11.xlsx"
    assert dropped.size == len(DATA)
    assert dropped.day == date(2026, 11, 18)


def test_sorted_by_name_however_they_came(inbox: Path) -> None:
    for name in ("b/2.xlsx", "a.xlsx", "c.pdf", "b/1.xlsx", "rong.xlsx", "b/README.md"):
        drop(inbox, name, b"" if name == "rong.xlsx" else DATA)
    assert names(inbox) == ["a.xlsx", "b/1.xlsx", "b/2.xlsx", "b/README.md", "c.pdf", "rong.xlsx"]


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        ".gitkeep",
        ".~lock.phieu.xlsx#",
        "~$phieu.xlsx",
        "Thumbs.db",
        "desktop.ini",
        "Desktop.ini",
        "phieu.tmp",
        "PHIEU.TMP",
        "phieu.xlsx.part",
        "phieu.xlsx.crdownload",
        "VP/~$phieu.xlsx",
        "VP/Thumbs.db",
        ".cache/phieu.xlsx",
    ],
)
def test_what_nobody_sent(name: str, inbox: Path) -> None:
    (inbox / name).parent.mkdir(exist_ok=True)
    (inbox / name).write_bytes(DATA)
    assert names(inbox) == []


@pytest.mark.parametrize("name", ["README.md.xlsx", "tmp", "$phieu.xlsx", "~phieu.xlsx", "parts/part.xlsx"])
def test_what_only_looks_like_it(name: str, inbox: Path) -> None:
    drop(inbox, name)
    assert names(inbox) == [name]


def test_links_are_not_followed(inbox: Path) -> None:
    outside = inbox.parent / "ngoai"
    outside.mkdir()
    (outside / "a.xlsx").write_bytes(DATA)
    (inbox / "thu-muc").symlink_to(outside, target_is_directory=True)
    (inbox / "vong").symlink_to(inbox, target_is_directory=True)
    (inbox / "tep.xlsx").symlink_to(outside / "a.xlsx")
    (inbox / "gone.xlsx").symlink_to(outside / "b.xlsx")
    (inbox / "~$tep.xlsx").symlink_to(outside / "a.xlsx")
    assert names(inbox) == []
    how = "(là liên kết: hãy chép chính tệp, thư mục ấy vào inbox)"
    assert passed_over(inbox) == [f"{name} {how}" for name in ("gone.xlsx", "tep.xlsx", "thu-muc", "vong")]


@pytest.mark.parametrize(
    ("folder", "day"),
    [
        ("2026-11-18", date(2026, 11, 18)),
        ("VP/2026-11-18/lần 2", date(2026, 11, 18)),
        ("2026-11-18/2026-11-19", date(2026, 11, 19)),
        ("2026-11", None),
        ("20261118", None),
        ("2026-11-18 VP", None),
        ("2026-11-1８", None),
        ("VP", None),
    ],
)
def test_the_day_set_by_hand(folder: str, day: date | None, inbox: Path) -> None:
    assert drop(inbox, f"{folder}/a.xlsx").day == day


def test_no_day_from_a_file_name_or_from_above_the_inbox(tmp_path: Path) -> None:
    inbox = tmp_path / "2026-11-18"
    inbox.mkdir()
    assert drop(inbox, "2026-11-17").day is None


def test_a_name_that_is_not_utf8(inbox: Path) -> None:
    Path(os.fsdecode(os.fsencode(inbox) + b"/phi\xeau.xlsx")).write_bytes(DATA)
    (dropped,) = list_inbox(inbox)
    assert dropped.name == "phi?u.xlsx"
    assert take(dropped) == DATA
    remove(dropped)
    assert names(inbox) == []


def test_a_file_moved_away_while_listing(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drop(inbox, "a.xlsx")
    monkeypatch.setattr(
        "pipeline.edges.store.inbox._walk", lambda folder, is_top: [folder / "b.xlsx", folder / "a.xlsx"]
    )
    assert names(inbox) == ["a.xlsx"]


def test_a_folder_that_cannot_be_read(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "iterdir", refusing(errno.EACCES))
    with pytest.raises(WorldError, match="quyền đọc"):
        list_inbox(inbox)


@pytest.mark.parametrize("folder", ["2026-13-45", "2026-02-29", "2026-11-18/2026-13-45", "VP/2026-00-01"])
def test_a_day_that_does_not_exist_is_told_and_its_files_wait(folder: str, inbox: Path) -> None:
    """Taken now, they would count as late for a slip of the officer's."""
    drop(inbox, "a.xlsx")
    (inbox / folder).mkdir(parents=True)
    (inbox / folder / "b.xlsx").write_bytes(DATA)
    assert names(inbox) == ["a.xlsx"]
    day = Path(folder).name
    assert passed_over(inbox) == [f"{folder}/b.xlsx (không có ngày {day}: hãy sửa tên thư mục)"]
    (inbox / folder).rename(inbox / "2026-11-19")
    assert [(d.name, d.day) for d in list_inbox(inbox)] == [
        ("2026-11-19/b.xlsx", date(2026, 11, 19)),
        ("a.xlsx", None),
    ]
    assert passed_over(inbox) == []


@pytest.mark.parametrize("number", [errno.EACCES, errno.EIO])
@pytest.mark.parametrize("closed", ["VP", "VP/trong"])
def test_a_sub_folder_that_cannot_be_read_is_named_and_stops_nothing(
    closed: str, number: int, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.xlsx", "VP/b.xlsx", "VP/trong/c.xlsx", "KT/d.xlsx"):
        drop(inbox, name)
    iterdir = Path.iterdir

    def iterdir_but(path: Path) -> Iterator[Path]:
        return refusing(number)(path) if path == inbox / closed else iterdir(path)

    monkeypatch.setattr(Path, "iterdir", iterdir_but)
    open_to_all = {"a.xlsx", "KT/d.xlsx"} | ({"VP/b.xlsx"} if closed == "VP/trong" else set())
    assert set(names(inbox)) == open_to_all
    assert passed_over(inbox) == [f"{closed}/ (không đọc được: hãy kiểm tra quyền đọc thư mục này)"]


def test_a_sub_folder_that_is_moved_away_while_listing_is_no_fault(
    inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(inbox, "VP/a.xlsx")
    iterdir = Path.iterdir

    def iterdir_but(path: Path) -> Iterator[Path]:
        return refusing(errno.ENOENT)(path) if path == inbox / "VP" else iterdir(path)

    monkeypatch.setattr(Path, "iterdir", iterdir_but)
    assert names(inbox) == []
    assert passed_over(inbox) == []


def test_whether_anything_can_be_taken(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not has_ready(inbox)
    drop(inbox, "a.xlsx")
    assert has_ready(inbox)
    monkeypatch.setattr(Path, "read_bytes", refusing(errno.EACCES))  # open in Excel
    assert not has_ready(inbox)


def test_take(inbox: Path) -> None:
    assert take(drop(inbox, "a.xlsx")) == DATA
    assert take(drop(inbox, "rong.xlsx", b"")) == b""


def test_a_file_that_still_grows(inbox: Path) -> None:
    dropped = drop(inbox, "a.xlsx")
    with dropped.path.open("ab") as file:
        file.write(b"more")
    with pytest.raises(StillCopying, match=r"a\.xlsx"):
        take(dropped)
    (again,) = list_inbox(inbox)
    assert take(again) == DATA + b"more"


def test_a_file_written_over_with_as_many_bytes(inbox: Path) -> None:
    dropped = drop(inbox, "a.xlsx")
    dropped.path.write_bytes(DATA[::-1])
    os.utime(dropped.path, ns=(0, dropped.changed_ns + 1_000_000))
    with pytest.raises(StillCopying):
        take(dropped)


def test_a_file_that_is_held(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dropped = drop(inbox, "a.xlsx")
    monkeypatch.setattr(Path, "read_bytes", refusing(errno.EACCES))
    with pytest.raises(StillCopying):
        take(dropped)
    monkeypatch.setattr(Path, "read_bytes", refusing(errno.EIO))
    with pytest.raises(WorldError, match="Không đọc được"):
        take(dropped)


def test_a_file_that_is_gone(inbox: Path) -> None:
    dropped = drop(inbox, "a.xlsx")
    dropped.path.unlink()
    for act in (take, remove):
        with pytest.raises(StillCopying):
            act(dropped)


def test_remove_with_the_folders_it_leaves_empty(inbox: Path) -> None:
    first, second = drop(inbox, "2026-11-18/VP/sâu/a.xlsx"), drop(inbox, "2026-11-18/b.xlsx")
    remove(first)
    assert [path.name for path in (inbox / "2026-11-18").iterdir()] == ["b.xlsx"]
    remove(second)
    assert inbox.is_dir()
    assert list(inbox.iterdir()) == []


def test_remove_from_the_top(inbox: Path) -> None:
    (inbox / "trống").mkdir()
    remove(drop(inbox, "a.xlsx"))
    assert [path.name for path in inbox.iterdir()] == ["trống"]


def test_what_changed_after_it_was_taken_stays(inbox: Path) -> None:
    dropped = drop(inbox, "VP/a.xlsx")
    take(dropped)
    dropped.path.write_bytes(DATA + b"corrected")
    with pytest.raises(StillCopying):
        remove(dropped)
    assert dropped.path.read_bytes() == DATA + b"corrected"


def test_a_file_that_cannot_be_removed(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dropped = drop(inbox, "VP/a.xlsx")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refusing(errno.EACCES))
        with pytest.raises(WorldError, match="Không xóa được") as caught:
            remove(dropped)
    assert str(dropped.path) in str(caught.value)
    assert dropped.path.read_bytes() == DATA


def test_a_read_only_file_is_removed_also_where_windows_keeps_it(
    inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dropped = drop(inbox, "VP/a.xlsx")
    dropped.path.chmod(0o444)
    unlink = Path.unlink

    def unlink_as_windows(path: Path) -> None:
        if not path.stat().st_mode & 0o200:
            raise PermissionError(errno.EACCES, "read-only", str(path))
        unlink(path)

    monkeypatch.setattr(Path, "unlink", unlink_as_windows)
    remove(dropped)
    assert list(inbox.iterdir()) == []
