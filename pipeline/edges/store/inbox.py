"""What lies in the inbox: list it, take the bytes of a file, remove it once it is kept."""

import re
import stat
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePosixPath

from pipeline.base.errors import OperatorError, WorldError
from pipeline.edges.store.files import cannot_read

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
QUIET_SECONDS = 10  # after which a broken file is taken to be broken for good
_NOISE_STARTS = (".", "~$")
_NOISE_NAMES = {"thumbs.db", "desktop.ini"}
_NOISE_ENDS = (".tmp", ".part", ".crdownload")
_SENT_ENDS = (".xlsx", ".xlsm", ".xls", ".ods", ".zip", ".eml", ".msg", ".pdf")
_OWN_NOTE = "readme.md"


@dataclass(frozen=True, slots=True)
class Dropped:
    """One file as it was when the inbox was listed.

    `name` is relative to the inbox, with forward slashes; `day` is the day set by the officer's
    hand, through a folder named for it. Size and moment of the last change tell whether the file
    is still the same; neither says when it arrived.
    """

    path: Path
    name: str
    size: int
    changed_ns: int
    day: date | None


class StillCopying(Exception):
    """The file is held by somebody, or is not the one that was listed: leave it to the next run."""


def list_inbox(folder: Path) -> list[Dropped]:
    """All files in and below `folder` that somebody may have sent, sorted by name."""
    if not folder.is_dir():
        raise OperatorError(f"Không có thư mục {folder}. Hãy tạo thư mục này rồi chạy lại.")
    try:
        found = [d for path in _walk(folder, is_top=True) if (d := _dropped(path, folder)) is not None]
    except OSError as fault:
        raise WorldError(
            f"Không đọc hết được thư mục {folder}. Hãy kiểm tra quyền đọc các thư mục con rồi chạy lại."
        ) from fault
    return sorted(found, key=lambda dropped: (dropped.name, dropped.path))


def list_any(path: Path) -> list[Dropped]:
    """What `path` stands for: a file, or all files of a folder as `list_inbox` finds them.

    The names begin with `path`, so that a reader knows which file is meant.
    """
    if path.is_dir():
        return [replace(dropped, name=str(path / dropped.name)) for dropped in list_inbox(path)]
    dropped = _dropped(path, path.parent)
    return [replace(dropped, name=str(path.parent / dropped.name))] if dropped else []


def passed_over(folder: Path) -> list[str]:
    """Files that look sent, but whose name says that they are hidden or not yet whole: told, not taken."""
    try:
        names = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    except OSError:
        return []  # listing what is taken says what is wrong
    return sorted(name for name in names if _looks_sent(PurePosixPath(name.lower())))


def _looks_sent(name: PurePosixPath) -> bool:
    unfinished = name.name.endswith(_NOISE_ENDS) and not name.name.startswith(_NOISE_STARTS)
    return unfinished or (name.name.startswith(".") and name.suffix in _SENT_ENDS)


def take(dropped: Dropped) -> bytes:
    """The bytes of the file; raises `StillCopying` where they are not all there yet."""
    try:
        data = dropped.path.read_bytes()
    except (PermissionError, FileNotFoundError) as fault:
        raise StillCopying(dropped.name) from fault
    except OSError as fault:
        raise cannot_read(dropped.path, fault) from fault
    if not _is_unchanged(dropped):
        raise StillCopying(dropped.name)
    return data


def is_fresh(dropped: Dropped) -> bool:
    """Whether the file was changed a moment ago: if it cannot be read, it may be half of a copy."""
    return time.time_ns() - dropped.changed_ns < QUIET_SECONDS * 1_000_000_000


def remove(dropped: Dropped) -> None:
    """Delete the file and the sub-folders left empty; raises `StillCopying` where it has changed.

    What was kept is what was taken: a file that grew or was saved anew since then must stay.
    """
    if not _is_unchanged(dropped):
        raise StillCopying(dropped.name)
    try:
        _delete(dropped.path)
    except OSError as fault:
        raise WorldError(
            f"Không xóa được {dropped.path}: tệp đang mở ở chương trình khác? Hãy đóng lại rồi chạy lại."
        ) from fault
    with suppress(OSError):  # the first folder that is not empty ends it
        for folder in dropped.path.parents[: dropped.name.count("/")]:
            folder.rmdir()


def _walk(folder: Path, is_top: bool) -> Iterator[Path]:
    for path in folder.iterdir():
        if _is_noise(path.name.lower(), is_top) or path.is_symlink():
            continue
        if path.is_dir():
            yield from _walk(path, is_top=False)
        elif path.is_file():
            yield path


def _is_noise(name: str, is_top: bool) -> bool:
    return (
        name.startswith(_NOISE_STARTS)
        or name.endswith(_NOISE_ENDS)
        or name in _NOISE_NAMES
        or (is_top and name == _OWN_NOTE)
    )


def _dropped(path: Path, inbox: Path) -> Dropped | None:
    """The file as listed, or None where it has just been moved away."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return None
    # A name that is not UTF-8, or that would break a line, can be shown nowhere: question marks instead.
    odd = path.relative_to(inbox).as_posix().encode("utf-8", "replace").decode()
    name = "".join(letter if letter.isprintable() else "?" for letter in odd)
    return Dropped(path, name, status.st_size, status.st_mtime_ns, _day(PurePosixPath(name)))


def _day(name: PurePosixPath) -> date | None:
    """The day that the nearest folder named for one gives."""
    for folder in name.parents:
        if _DAY.fullmatch(folder.name):
            with suppress(ValueError):
                return date.fromisoformat(folder.name)
    return None


def _is_unchanged(dropped: Dropped) -> bool:
    try:
        status = dropped.path.lstat()
    except OSError:
        return False
    return (status.st_size, status.st_mtime_ns) == (dropped.size, dropped.changed_ns)


def _delete(path: Path) -> None:
    try:
        path.unlink()
    except PermissionError:
        path.chmod(stat.S_IWRITE)  # Windows keeps what is marked read-only, such as a copy from a disc
        path.unlink()
