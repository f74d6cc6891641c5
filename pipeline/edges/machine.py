"""Look at the machine: Python, the packages that are installed, what is compiled, the console."""

import importlib.metadata
import importlib.util
import locale
import platform
import struct
import sys
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from pipeline.base.observed import Machine
from pipeline.edges.report.pdf import find_office

# What takes longest to compile; of the program, the part that no look at the machine compiles by itself.
_SLOW = ("pandas", "pandera", "xlsxwriter", "pipeline.run.month")


def look_at_machine(wanted: Mapping[str, str]) -> Machine:
    """What is to be seen of the machine. Nothing is imported but what tells about packages."""
    return Machine(
        python=platform.python_version(),
        bits=struct.calcsize("P") * 8,
        wanted=wanted,
        installed=_installed(wanted),
        uncompiled=tuple(name.partition(".")[0] for name in _SLOW if not _is_compiled(name)),
        encoding=_console_encoding(),
        office=str(find_office() or ""),
    )


def own_offset(moment: datetime) -> timedelta:
    """How far the clock of the machine is set from UTC at a moment."""
    return moment.astimezone().utcoffset() or timedelta()


def _installed(names: Iterable[str]) -> dict[str, str]:
    found = {}
    for name in names:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def _is_compiled(name: str) -> bool:
    """Whether Python finds bytecode of a module; one that is not installed is told elsewhere."""
    try:
        spec = importlib.util.find_spec(name)
    except ModuleNotFoundError:
        return True
    if spec is None or spec.origin is None:
        return True
    return Path(importlib.util.cache_from_source(spec.origin)).is_file()


def _console_encoding() -> str:
    """The encoding in which the console reads; that of Windows takes Unicode, whatever its code page."""
    return "utf-8" if sys.platform == "win32" else locale.getencoding()
