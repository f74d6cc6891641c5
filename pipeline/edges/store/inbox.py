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
_FIRST_YEAR, _LAST_YEAR = 2001, 2998  # what else stands in a name is no day of ours
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
    """All files in and below `folder` that somebody may have sent, sorted by name.

    What lies in a sub-folder that cannot be read, or that is named for a day that does not exist, is
    not among them: `passed_over` names it.
    """
    found = [dropped for path in _look(folder) if (dropped := _dropped(path, folder)) is not None]
    possible = [dropped for dropped in found if not _impossible_day(PurePosixPath(dropped.name))]
    return sorted(possible, key=lambda dropped: (dropped.name, dropped.path))


def has_ready(folder: Path) -> bool:
    """Whether there is a file that can be taken now."""
    return any(_can_be_taken(dropped) for dropped in list_inbox(folder))


def list_any(path: Path) -> list[Dropped]:
    """What `path` stands for: a file, or all files of a folder as `list_inbox` finds them.

    The names begin with `path`, so that a reader knows which file is meant.
    """
    if path.is_dir():
        return [replace(dropped, name=str(path / dropped.name)) for dropped in list_inbox(path)]
    dropped = _dropped(path, path.parent)
    return [replace(dropped, name=str(path.parent / dropped.name))] if dropped else []


def passed_over(folder: Path) -> list[str]:
    """What is told, not taken: files whose name says that they are hidden or not yet whole, links, those in
    a folder for a day that does not exist, and folders that cannot be read."""
    try:
        paths = list(folder.rglob("*"))
    except OSError:
        paths = []  # the look below says what is wrong
    links = [path for path in paths if path.is_symlink()]
    files = [path.relative_to(folder).as_posix() for path in paths if path.is_file() and path not in links]
    odd = [name for name in files if _looks_sent(PurePosixPath(name.lower()))]
    for path in links:
        if not _is_noise(path.name.lower(), path.parent == folder):
            odd.append(f"{_shown(path, folder)} (là liên kết: hãy chép chính tệp, thư mục ấy vào inbox)")
    for path in _look(folder):
        name = _shown(path, folder)
        if path.is_dir():
            odd.append(f"{name}/ (không đọc được: hãy kiểm tra quyền đọc thư mục này)")
        elif day := _impossible_day(PurePosixPath(name)):
            odd.append(f"{name} (không có ngày {day}: hãy sửa tên thư mục)")
    return sorted(odd)


def _look(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise OperatorError(f"Không có thư mục {folder}. Hãy tạo thư mục này rồi chạy lại.")
    try:
        return list(_walk(folder, is_top=True))
    except OSError as fault:
        raise WorldError(f"Không đọc được thư mục {folder}. Hãy kiểm tra quyền đọc rồi chạy lại.") from fault


def _can_be_taken(dropped: Dropped) -> bool:
    try:
        take(dropped)
    except StillCopying:
        return False
    return True


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
    age = time.time_ns() - dropped.changed_ns  # far below 0 where the clock of another machine was wrong
    return abs(age) < QUIET_SECONDS * 1_000_000_000


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
    """The files in and below `folder`, and the folders below it that cannot be read."""
    for path in folder.iterdir():
        if _is_noise(path.name.lower(), is_top) or path.is_symlink():
            continue
        if path.is_dir():
            yield from _walk_below(path)
        elif path.is_file():
            yield path


def _walk_below(folder: Path) -> list[Path]:
    try:
        return list(_walk(folder, is_top=False))
    except FileNotFoundError:  # it has just been moved away
        return []
    except OSError:
        return [folder]


def _is_noise(name: str, is_top: bool) -> bool:
    return (
        name.startswith(_NOISE_STARTS)
        or name.endswith(_NOISE_ENDS)
        or name in _NOISE_NAMES
        or (is_top and name == _OWN_NOTE)
    )


def _dropped(path: Path, inbox: Path) -> Dropped | None:
    """The file as listed, or None for a folder and for what has just been moved away."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    name = _shown(path, inbox)
    return Dropped(path, name, status.st_size, status.st_mtime_ns, _day(PurePosixPath(name)))


def _shown(path: Path, inbox: Path) -> str:
    """A name that is not UTF-8, or that would break a line, can be shown nowhere: question marks instead."""
    odd = path.relative_to(inbox).as_posix().encode("utf-8", "replace").decode()
    return "".join(letter if letter.isprintable() else "?" for letter in odd)


def _day(name: PurePosixPath) -> date | None:
    """The day that the nearest folder named for one gives."""
    named = [folder.name for folder in name.parents if _DAY.fullmatch(folder.name)]
    return _real_day(named[0]) if named else None


def _impossible_day(name: PurePosixPath) -> str:
    """The first folder above that is named for a day that does not exist, or ""."""
    named = [folder.name for folder in name.parents if _DAY.fullmatch(folder.name)]
    return next((day for day in named if _real_day(day) is None), "")


def _real_day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if _FIRST_YEAR <= day.year <= _LAST_YEAR else None


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
