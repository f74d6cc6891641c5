"""Seal original files in the archive: written once, read-only, never replaced by other bytes."""

import hashlib
import re
import stat
from pathlib import Path, PurePosixPath

from pipeline.base.errors import OperatorError, WorldError
from pipeline.base.text import fold
from pipeline.edges.store.files import cannot_write, read_bytes, write_atomically

_UNIDENTIFIED = "khong-ro"
_HASH_LENGTH = 12
_LONGEST_STEM = 60
_LONGEST_SUFFIX = 8
# A name in the archive is made by this program: no separator, no dot at either end, no trick.
_PART = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")


class Archive:
    """The folder of sealed originals. Places in it are relative paths with forward slashes."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def seal(self, data: bytes, folder: str, name: str) -> str:
        """Keep `data` as `folder`/`name`, unless the same bytes are there; returns the relative path."""
        _check(*folder.split("/"), name)
        place = PurePosixPath(folder, name)
        path = self._root / place
        if not path.exists():
            write_atomically(path, data)
        elif read_bytes(path) != data:
            raise WorldError(
                f"Kho lưu trữ đã có {path} với nội dung khác nên không ghi đè. "
                "Hãy chuyển tệp đó đi nơi khác rồi chạy lại."
            )
        _forbid_writing(path)
        return place.as_posix()

    def holds(self, place: str) -> bool:
        """Whether there is a sealed file at a place."""
        return (self._root / place).is_file()

    def read(self, place: str, sha256: str = "") -> bytes:
        """The sealed file at a place; with `sha256` refused where it is no longer what was sealed."""
        path = self._root / place
        data = read_bytes(path)
        if sha256 and hashlib.sha256(data).hexdigest() != sha256:
            raise OperatorError(
                f"Tệp đã lưu {path} bị sửa hoặc hỏng nên không dùng. Hãy lấy lại tệp này từ bản sao lưu."
            )
        return data


def archived_name(period: str, unit: str, sha256: str, name: str) -> str:
    """Where the file that came as `name` is sealed: by period and unit, else among the unidentified."""
    stem, suffix = _split(name)
    short = sha256[:_HASH_LENGTH]
    if not (period and unit):
        _check(short)
        return f"{_UNIDENTIFIED}/{short}_{stem}{suffix}"
    _check(period, unit, short)
    return f"{period}/{unit}/{period}_{unit}_{short}{suffix}"


def _split(name: str) -> tuple[str, str]:
    """Stem and suffix of a foreign file name, in plain letters and figures."""
    base = name.replace("\\", "/").rpartition("/")[2]
    stem, dot, ending = base.rpartition(".")
    if not dot:
        stem, ending = base, ""
    plain_stem = re.sub(r"[^a-z0-9]+", "-", fold(stem))[:_LONGEST_STEM].strip("-")
    plain_ending = re.sub(r"[^a-z0-9]+", "", fold(ending))[:_LONGEST_SUFFIX]
    return plain_stem or "tep", f".{plain_ending}" if plain_ending else ""


def _check(*parts: str) -> None:
    for part in parts:
        if _PART.fullmatch(part) is None:
            raise ValueError(f"not a name for the archive: {part!r}")


def _forbid_writing(path: Path) -> None:
    try:
        path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
    except OSError as fault:
        raise cannot_write(path, fault) from fault
