"""Files of mail that change their place: into the inbox, or away."""

from pathlib import Path

from pipeline.base.errors import WorldError
from pipeline.edges.store.files import cannot_write, make_folder


def move(path: Path, target: Path) -> None:
    """Put the file at `path` where `target` says, at once and whole."""
    make_folder(target.parent)
    try:
        path.replace(target)
    except OSError as fault:
        raise cannot_write(target, fault) from fault


def discard(path: Path) -> None:
    """Delete a file, unless it is gone already."""
    try:
        path.unlink(missing_ok=True)
    except OSError as fault:
        raise WorldError(
            f"Không xóa được {path}: tệp đang mở ở chương trình khác? Hãy đóng lại rồi chạy lại."
        ) from fault
