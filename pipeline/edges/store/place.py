"""Look at the folder of a workspace: where it lies, what can be written, what is held open."""

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline.base.observed import Access, Place

if sys.platform == "win32":
    import ctypes

_REMOTE = 4  # DRIVE_REMOTE of Windows
_OFFICE_LOCKS = ("~$*", ".~lock.*#")


def look_at_place(root: Path, folders: Iterable[str], outbox: Path) -> Place:
    """What is to be seen of the workspace at `root`, and of the files in `outbox` that are open elsewhere."""
    path = root.resolve()
    return Place(
        path=str(path),
        parts=path.parts,
        is_remote=_is_remote(path),
        limits_paths=sys.platform == "win32",
        folders={name: _access(root / name) for name in folders},
        free_bytes=shutil.disk_usage(path).free,
        open_files=tuple(_open_files(outbox)),
    )


def _access(folder: Path) -> Access:
    """Whether a file can be written there: Windows tells it only when one tries."""
    if not folder.is_dir():
        return "refused" if folder.exists() else "absent"
    probe = folder / f".{os.getpid()}.tmp"
    try:
        probe.touch()
        probe.unlink()
    except OSError:
        return "refused"
    return "writable"


def _open_files(outbox: Path) -> Iterator[str]:
    for pattern in _OFFICE_LOCKS:
        yield from sorted(map(_held_by, outbox.rglob(pattern)))


def _held_by(lock: Path) -> str:
    """The file that is locked. Word puts its mark in the place of the first letters of a name."""
    if lock.name.startswith(".~lock."):
        return lock.name.removeprefix(".~lock.").removesuffix("#")
    ending = lock.name.removeprefix("~$")
    beside = sorted(path.name for path in lock.parent.iterdir() if path != lock)
    return next((name for name in beside if name.endswith(ending)), ending)


if sys.platform == "win32":

    def _is_remote(path: Path) -> bool:
        return path.anchor.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(path.anchor) == _REMOTE

else:

    def _is_remote(path: Path) -> bool:
        return False
