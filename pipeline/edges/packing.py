"""Zip files the same way every time."""

import io
import zipfile
from collections.abc import Mapping

_OLDEST = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip file can name


def packed(files: Mapping[str, bytes], comment: bytes = b"") -> bytes:
    """A zip file with `files` by their names, without the moment of packing."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as pack:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, _OLDEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            pack.writestr(entry, data)
        pack.comment = comment
    return buffer.getvalue()
