"""The folder of the demonstration: made anew, and never in place of anything else."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from pipeline.base.errors import OperatorError, WorldError
from pipeline.edges.store.files import cannot_read, make_folder, write_atomically


def renew_folder(folder: Path, marker: str, note: str, parts: Sequence[str]) -> None:
    """Make `folder` ready: empty, save for the file `marker` that says what it is.

    Of an earlier demonstration the sub-folders `parts` are deleted; a folder that holds anything but
    a demonstration is refused.
    """
    make_folder(folder)
    if not (folder / marker).is_file() and _holds_anything(folder):
        raise OperatorError(
            f"Thư mục {folder} đã có nội dung khác. Hãy chọn một thư mục mới hoặc còn trống cho bản minh họa."
        )
    write_atomically(folder / marker, f"{note}\n".encode())
    for part in parts:
        _delete(folder / part)


def drop(path: Path, data: bytes, moment: float) -> None:
    """Put a file where an officer would, as old as one that came by mail at `moment` (seconds)."""
    write_atomically(path, data)
    os.utime(path, (moment, moment))


def _holds_anything(folder: Path) -> bool:
    try:
        return any(folder.iterdir())
    except OSError as fault:
        raise cannot_read(folder, fault) from fault


def _delete(folder: Path) -> None:
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return
    except OSError as fault:
        raise WorldError(
            f"Không xóa được {folder}: có tệp đang mở ở chương trình khác? Hãy đóng lại rồi chạy lại."
        ) from fault
