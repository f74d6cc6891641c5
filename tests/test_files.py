"""A file is written whole or not at all, one run goes at a time, and every fault is one line."""

import errno
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.base.errors import OperatorError, PipelineError, WorldError
from pipeline.edges.store.files import (
    lock,
    make_folder,
    read_bytes,
    read_text,
    write_atomically,
    write_parts,
    written_of,
)
from tests.children import SECONDS, Mouth, child
from tests.faults import refusing

PROJECT = Path(__file__).parents[1]
OLD, NEW = b"tu thang 10", b"tu thang 11" * 100_000


def assert_one_line(fault: PipelineError, path: Path) -> None:
    assert str(path) in str(fault)
    assert "\n" not in str(fault)
    assert str(fault).endswith(".")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_write_and_write_again(tmp_path: Path) -> None:
    path = tmp_path / "2026-11" / "mau" / "tổng hợp.xlsx"
    for data in (OLD, NEW, b""):
        write_atomically(path, data)
        assert path.read_bytes() == data
        assert names(path.parent) == ["tổng hợp.xlsx"]


def test_a_content_in_parts_is_written_and_told_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    assert write_parts(path, (part for part in (OLD, b"", NEW))) == written_of(OLD + NEW)
    assert path.read_bytes() == OLD + NEW


def test_a_content_that_breaks_off_leaves_what_was_there(tmp_path: Path) -> None:
    def parts() -> Iterator[bytes]:
        yield NEW
        raise KeyError

    path = tmp_path / "a.csv"
    path.write_bytes(OLD)
    with pytest.raises(KeyError):
        write_parts(path, parts())
    assert (path.read_bytes(), names(tmp_path)) == (OLD, ["a.csv"])


def test_others_may_read_what_is_written(tmp_path: Path) -> None:
    (tmp_path / "khac").write_bytes(OLD)
    write_atomically(tmp_path / "a.xlsx", OLD)
    assert (tmp_path / "a.xlsx").stat().st_mode == (tmp_path / "khac").stat().st_mode


def test_content_is_on_the_disk_before_the_name_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(OLD)
    seen: list[tuple[int, bytes]] = []
    monkeypatch.setattr(
        os, "fsync", lambda number: seen.append((os.fstat(number).st_size, path.read_bytes()))
    )
    write_atomically(path, b"new")
    assert seen[0] == (len(b"new"), OLD)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "đĩa đã đầy"),
        (errno.EROFS, "chỉ cho đọc"),
        (errno.EACCES, "chỉ cho đọc"),
        (errno.EIO, os.strerror(errno.EIO)),
    ],
)
def test_a_write_that_fails_leaves_the_old_file(
    number: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(OLD)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refusing(number))
        with pytest.raises(WorldError, match=said) as caught:
            write_atomically(path, NEW)
    assert_one_line(caught.value, path)
    assert "Excel" not in str(caught.value)
    assert path.read_bytes() == OLD
    assert names(tmp_path) == ["a.xlsx"]


def test_a_target_that_excel_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(OLD)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", refusing(errno.EACCES))
        with pytest.raises(WorldError) as caught:
            write_atomically(path, NEW)
    said = "tệp đang mở trong Excel hoặc Word? Hãy đóng lại rồi chạy lại."
    assert str(caught.value) == f"Không ghi được {path}: {said}"
    assert path.read_bytes() == OLD
    assert names(tmp_path) == ["a.xlsx"]


def test_a_folder_in_place_of_the_target(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.mkdir()
    with pytest.raises(WorldError, match=r"chiếm chỗ|Excel") as caught:
        write_atomically(path, NEW)
    assert_one_line(caught.value, path)
    assert names(tmp_path) == ["a.xlsx"]
    assert path.is_dir()


def test_a_file_in_place_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_bytes(OLD)
    for folder in (tmp_path / "outbox", tmp_path / "outbox" / "2026-11"):
        with pytest.raises(WorldError, match="chiếm chỗ") as caught:
            make_folder(folder)
        assert_one_line(caught.value, folder)
        with pytest.raises(WorldError, match="chiếm chỗ"):
            write_atomically(folder / "a.xlsx", NEW)
    assert (tmp_path / "outbox").read_bytes() == OLD


def test_a_name_too_long(tmp_path: Path) -> None:
    path = tmp_path / ("a" * 300)
    with pytest.raises(WorldError) as caught:
        write_atomically(path, NEW)
    assert_one_line(caught.value, path)
    assert names(tmp_path) == []


def test_a_folder_that_cannot_be_synced_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "open", refusing(errno.EINVAL))
    write_atomically(tmp_path / "a.xlsx", NEW)
    assert (tmp_path / "a.xlsx").read_bytes() == NEW


def write_without_end(mouth: Mouth, path: Path) -> None:
    mouth.send("begins")
    while True:
        write_atomically(path, NEW)
        write_atomically(path, OLD)


def test_a_kill_leaves_one_of_the_two_files(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(OLD)
    with child(write_without_end, path) as writer:
        assert writer.told() == "begins"
        time.sleep(0.05)
        writer.kill()
    assert path.read_bytes() in (OLD, NEW)


def test_read_bytes_and_text(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_bytes("\ufefftên = 'Phước An'\r\n".encode())
    assert read_bytes(path) == b"\xef\xbb\xbf" + "tên = 'Phước An'\r\n".encode()
    assert read_text(path) == "tên = 'Phước An'\n"


@pytest.mark.parametrize("read", [read_bytes, read_text])
def test_what_cannot_be_read(read: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.xlsx"
    with pytest.raises(OperatorError, match="Không tìm thấy") as caught:
        read(path)
    assert_one_line(caught.value, path)
    with pytest.raises(OperatorError, match="là thư mục") as caught:
        read(tmp_path)
    assert_one_line(caught.value, tmp_path)
    for number, said in ((errno.EACCES, "đang mở"), (errno.EIO, os.strerror(errno.EIO))):
        monkeypatch.setattr(Path, "open", refusing(number))
        with pytest.raises(WorldError, match=said) as refused:
            read(path)
        assert_one_line(refused.value, path)


def test_text_in_another_code(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_bytes("xã".encode("latin-1"))
    with pytest.raises(OperatorError, match="UTF-8") as caught:
        read_text(path)
    assert_one_line(caught.value, path)


def hold_the_lock(mouth: Mouth, path: Path) -> None:
    with lock(path):
        mouth.send("held")
        time.sleep(SECONDS)


def try_the_lock(mouth: Mouth, path: Path) -> None:
    try:
        with lock(path):
            mouth.send("held")
    except WorldError as fault:
        mouth.send(str(fault))


def test_a_second_run_is_told(tmp_path: Path) -> None:
    path = tmp_path / "archive" / "khoa"
    with child(hold_the_lock, path) as first:
        assert first.told() == "held"
        with pytest.raises(WorldError, match="Đang có một lần chạy khác"), lock(path):
            pytest.fail("two runs at once")
        first.kill()
        with lock(path):
            pass


def run_that_fails(path: Path) -> None:
    with lock(path):
        with child(try_the_lock, path) as second:
            assert second.told().startswith("Đang có một lần chạy khác")
        raise PermissionError("of the run")


def test_a_lock_ends_with_its_block_and_keeps_its_faults(tmp_path: Path) -> None:
    path = tmp_path / "khoa"
    with pytest.raises(PermissionError, match="of the run"):
        run_that_fails(path)
    with child(try_the_lock, path) as second:
        assert second.told() == "held"


LOCK_AND_FORK = """
import os, pathlib, sys, time
from pipeline.edges.store.files import lock
with lock(pathlib.Path(sys.argv[1])):
    worker = os.fork()
    if worker:
        print(worker, flush=True)
    time.sleep(60)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork")
def test_a_forked_worker_does_not_hold_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "khoa"
    command = [sys.executable, "-c", LOCK_AND_FORK, str(path)]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE) as first:
        assert first.stdout is not None
        worker = int(first.stdout.readline())
        first.kill()
    os.kill(worker, 0)  # the worker is alive
    try:
        with lock(path):
            pass
    finally:
        os.kill(worker, 9)


def test_a_lock_that_cannot_be_had(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(WorldError, match=r"chiếm chỗ|chỉ cho đọc") as caught, lock(tmp_path):
        pytest.fail("no lock")
    assert_one_line(caught.value, tmp_path)
    monkeypatch.setattr("pipeline.edges.store.files._claim", refusing(errno.ENOLCK))
    with pytest.raises(WorldError, match=os.strerror(errno.ENOLCK)), lock(tmp_path / "khoa"):
        pytest.fail("no lock")
