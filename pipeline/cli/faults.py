"""Say in one line what ended a command or a step of it, and keep the details of faults of our own."""

import errno
from pathlib import Path
from zoneinfo import ZoneInfoNotFoundError

from pipeline.base.errors import PipelineError
from pipeline.cli import texts
from pipeline.cli.lines import short_path


def line_of(fault: Exception, workspace: Path) -> str:
    """The line for `fault`. The trace of one that should not be is written into the outbox."""
    match fault:
        case PipelineError():
            return str(fault)
        case ModuleNotFoundError():
            return texts.NOT_INSTALLED.format(name=fault.name)
        case ZoneInfoNotFoundError():  # Windows has no zone data of its own
            return texts.NOT_INSTALLED.format(name="tzdata")
        case OSError():
            return _of_the_world(fault)
        case _:
            return _keep_crash(fault, workspace)


def _of_the_world(fault: OSError) -> str:
    name = errno.errorcode.get(fault.errno or 0, type(fault).__name__)
    what = texts.WORLD_REASONS.get(name) or texts.WORLD_OTHER.format(name=name)
    where = texts.WHERE.format(file=short_path(Path(fault.filename))) if fault.filename else ""
    return texts.WORLD.format(what=what, where=where)


def _keep_crash(fault: Exception, workspace: Path) -> str:
    """Write the traceback into the outbox; returns the line that says so."""
    import traceback

    file = workspace / "outbox" / texts.CRASH_FILE
    kind = type(fault).__name__
    try:
        file.parent.mkdir(exist_ok=True)
        file.write_text("".join(traceback.format_exception(fault)), encoding="utf-8", errors="replace")
    except OSError:
        last = traceback.extract_tb(fault.__traceback__)[-1]
        place = f"{Path(last.filename).name}:{last.lineno}"
        return texts.CRASH_UNWRITTEN.format(kind=kind, place=place, file=short_path(file))
    return texts.CRASH.format(kind=kind, file=short_path(file))
