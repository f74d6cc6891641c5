"""Files whole or not at all: atomic writes, one run at a time, and faults told in one plain line."""

import errno
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from pipeline.base.errors import OperatorError, PipelineError, WorldError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_OPEN_ELSEWHERE = "tệp đang mở ở chương trình khác? Hãy đóng lại rồi chạy lại."
_FULL = "đĩa đã đầy. Hãy xóa bớt tệp rồi chạy lại."
_FORBIDDEN = "thư mục chỉ cho đọc. Hãy cấp quyền ghi rồi chạy lại."
_IN_THE_WAY = "một tệp hoặc thư mục cùng tên đang chiếm chỗ. Hãy đổi tên nó rồi chạy lại."
_TOO_LONG = "tên hoặc đường dẫn quá dài. Hãy đặt thư mục làm việc ở nơi có đường dẫn ngắn hơn."
_REASONS = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EROFS: _FORBIDDEN,
    errno.EACCES: _FORBIDDEN,
    errno.EPERM: _FORBIDDEN,
    errno.EEXIST: _IN_THE_WAY,
    errno.EISDIR: _IN_THE_WAY,
    errno.ENOTDIR: _IN_THE_WAY,
    errno.ENAMETOOLONG: _TOO_LONG,
}


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: how many bytes, and their sha256."""

    size: int
    sha256: str


def written_of(data: bytes) -> Written:
    """What would be written of `data`."""
    import hashlib  # late: whoever only looks at the ledger needs none of it, and would wait for it

    return Written(len(data), hashlib.sha256(data).hexdigest())


def write_atomically(path: Path, data: bytes) -> None:
    """Put `data` at `path`: whoever looks sees the old file or the new one, also after a power cut."""
    write_parts(path, [data])


def write_parts(path: Path, parts: Iterable[bytes]) -> Written:
    """The same for a content that comes in parts, so that it need not be in memory as a whole."""
    make_folder(path.parent)
    temporary = path.with_name(f".{os.getpid()}.tmp")
    try:
        written = _write_through(temporary, parts)
        _put_in_place(temporary, path)
    except OSError as fault:
        raise cannot_write(path, fault) from fault
    finally:
        with suppress(OSError):  # after a success it is gone already
            temporary.unlink()
    _sync_folder(path.parent)
    return written


def make_folder(folder: Path) -> None:
    """Create `folder` and those above it, unless they are there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise WorldError(f"Không tạo được thư mục {folder}: {_reason(fault)}") from fault


def is_there(path: Path) -> bool:
    """Whether there is a file at `path`; a folder in its place is told, never taken for nothing."""
    if path.is_dir():
        raise OperatorError(
            f"{path} phải là tệp nhưng lại là một thư mục. Hãy đổi tên thư mục ấy; nếu trước đó đã có tệp "
            "này thì lấy lại từ bản sao lưu."
        )
    return path.is_file()


def read_bytes(path: Path) -> bytes:
    """The content of a file that must be there."""
    try:
        return path.read_bytes()
    except OSError as fault:
        raise cannot_read(path, fault) from fault


def read_text(path: Path) -> str:
    """The text of a UTF-8 file that must be there; the mark that Notepad puts before it is dropped."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as fault:
        raise cannot_read(path, fault) from fault
    except UnicodeDecodeError as fault:
        raise OperatorError(f"Tệp {path} không ở mã UTF-8. Hãy lưu lại tệp với mã UTF-8.") from fault


def delete(path: Path) -> None:
    """Remove a file that may be there."""
    try:
        path.unlink(missing_ok=True)
    except PermissionError as fault:
        raise WorldError(f"Không xóa được {path}: {_OPEN_ELSEWHERE}") from fault
    except OSError as fault:
        raise cannot_write(path, fault) from fault


def set_aside(path: Path) -> None:
    """Give a file that may be there a name of its own beside it; nothing is overwritten."""
    if not path.exists():
        return
    number = 1
    while (aside := path.with_name(f"{path.name}.cu-{number}")).exists():
        number += 1
    try:
        path.rename(aside)
    except PermissionError as fault:
        raise WorldError(f"Không đổi được tên {path}: {_OPEN_ELSEWHERE}") from fault
    except OSError as fault:
        raise cannot_write(path, fault) from fault


def free_place(place: Path, is_ours: Callable[[Path], bool]) -> tuple[Path, Path | None]:
    """Where a file may be written: at `place`, or beside it under a number, never over one that somebody has
    changed; and the latest of those, which stay as they are."""
    kept = None
    for number in count(1):
        path = place if number == 1 else place.with_name(f"{place.stem} ({number}){place.suffix}")
        if not path.exists() or is_ours(path):
            break
        kept = path
    return path, kept


def keep_copy(path: Path) -> Path | None:
    """Copy a file that may be there under a name of its own beside it; returns the copy."""
    if not path.exists():
        return None
    number = 1
    while (copy := path.with_name(f"{path.name}.cu-{number}")).exists():
        number += 1
    write_atomically(copy, read_bytes(path))
    return copy


@contextmanager
def lock(path: Path) -> Iterator[None]:
    """Hold the lock file `path`; where another process holds it, `WorldError` at once.

    The lock belongs to the process and ends with it, however it ends; the file stays, and its time says
    when the lock was last taken.
    """
    make_folder(path.parent)
    try:
        file = path.open("ab")
    except OSError as fault:
        raise cannot_write(path, fault) from fault
    with file:
        try:
            _claim(file.fileno())
        except (BlockingIOError, PermissionError) as fault:
            raise WorldError(
                "Đang có một lần chạy khác trên thư mục làm việc này. Hãy chờ lần đó xong rồi chạy lại."
            ) from fault
        except OSError as fault:
            raise cannot_write(path, fault) from fault
        with suppress(OSError):  # some network disks refuse
            os.utime(path)
        try:
            yield
        finally:
            _release(file.fileno())


def last_taken(path: Path) -> datetime | None:
    """When the lock file `path` was last taken, None where it never was."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError:
        return None


def cannot_write(path: Path, fault: OSError) -> WorldError:
    """What to say when writing `path` ended in `fault`."""
    return WorldError(f"Không ghi được {path}: {_reason(fault)}")


def cannot_read(path: Path, fault: OSError) -> PipelineError:
    """What to say when reading `path` ended in `fault`."""
    if isinstance(fault, FileNotFoundError):
        return OperatorError(f"Không tìm thấy {path}. Hãy kiểm tra lại tên và thư mục.")
    if path.is_dir():
        return OperatorError(f"{path} là thư mục, không phải tệp. Hãy chỉ rõ tệp.")
    if isinstance(fault, PermissionError):
        return WorldError(
            f"Không đọc được {path}: tệp đang mở ở chương trình khác hoặc không có quyền đọc. "
            "Hãy đóng lại rồi chạy lại."
        )
    return WorldError(f"Không đọc được {path}: {_by_the_system(fault)}")


def _write_through(path: Path, parts: Iterable[bytes]) -> Written:
    import hashlib  # late, as above

    size, digest = 0, hashlib.sha256()
    with path.open("wb") as file:
        for part in parts:
            file.write(part)
            digest.update(part)
            size += len(part)
        file.flush()
        os.fsync(file.fileno())
    return Written(size, digest.hexdigest())


def _put_in_place(temporary: Path, path: Path) -> None:
    try:
        temporary.replace(path)
    except PermissionError as fault:
        # The folder took the temporary file, so it is the target that somebody holds.
        raise WorldError(
            f"Không ghi được {path}: tệp đang mở trong Excel hoặc Word? Hãy đóng lại rồi chạy lại."
        ) from fault


def _sync_folder(folder: Path) -> None:
    """Make the new name last too. Windows cannot, some network disks refuse: the content is safe."""
    if sys.platform != "win32":
        with suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _reason(fault: OSError) -> str:
    return _REASONS.get(fault.errno or 0, _by_the_system(fault))


def _by_the_system(fault: OSError) -> str:
    return f"hệ thống báo «{fault.strerror}». Hãy kiểm tra đĩa rồi chạy lại."


if sys.platform == "win32":

    def _claim(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

    def _release(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    # lockf, not flock: a worker that was forked from a killed run must not keep the lock alive.

    def _claim(descriptor: int) -> None:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _release(descriptor: int) -> None:
        fcntl.lockf(descriptor, fcntl.LOCK_UN)
