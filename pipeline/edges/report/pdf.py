"""Make a PDF of a Word document with LibreOffice, where the machine has it."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

_PROGRAMS = ("soffice", "libreoffice")
_FOLDERS = ("ProgramFiles", "ProgramFiles(x86)")  # of Windows, where the program is on no path
_SECONDS = 180


def find_office() -> Path | None:
    """The program of LibreOffice, None where there is none."""
    return next(_found(), None)


def to_pdf(office: Path, document: bytes) -> bytes | None:
    """The PDF of a .docx, None where LibreOffice did not make one.

    It gets a profile of its own, so that it neither waits for a window that is open nor changes one.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        source = Path(folder, "bao-cao.docx")
        source.write_bytes(document)
        profile = Path(folder, "profile").as_uri()
        command = [str(office), f"-env:UserInstallation={profile}", "--headless", "--norestore"]
        command += ["--convert-to", "pdf", "--outdir", folder, str(source)]
        try:
            subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return None
        made = source.with_suffix(".pdf")
        return made.read_bytes() if made.is_file() else None


def _found() -> Iterator[Path]:
    for program in _PROGRAMS:
        on_path = shutil.which(program)
        if on_path is not None:
            yield Path(on_path)
    for variable in _FOLDERS:
        path = Path(os.environ.get(variable, ""), "LibreOffice", "program", "soffice.exe")
        if path.is_file():
            yield path
