"""The entry of the program: one clear line and an exit status for whatever happens."""

import errno
import io
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from pipeline.base.errors import OperatorError, PipelineError, WorldError
from pipeline.cli import texts
from pipeline.cli.lines import short_path
from pipeline.cli.places import PROJECT, WORKSPACE

CRASHED = 1
STOPPED = 130  # as shells have it: 128 and the number of the signal
PIPE_CLOSED = 141


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command of `argv` (default: of the process); returns the exit status.

    0: done. 1: `check` found errors, or the program is faulty. 2: the operator's fault. 3: the world's.
    """
    _speak_utf8()
    places = {WORKSPACE: PROJECT}
    try:
        return _invoke(sys.argv[1:] if argv is None else argv, places)
    except PipelineError as fault:
        return _fail(str(fault), fault.exit_status)
    except ModuleNotFoundError as fault:
        return _fail(texts.NOT_INSTALLED.format(name=fault.name), OperatorError.exit_status)
    except KeyboardInterrupt:
        return _fail(texts.STOPPED, STOPPED)
    except BrokenPipeError:
        _drop_output()
        return PIPE_CLOSED
    except OSError as fault:
        _drop_output()
        return _fail(_of_the_world(fault), WorldError.exit_status)
    except Exception as fault:  # noqa: BLE001  # an officer gets a line, the details are kept for us
        return _fail(_keep_crash(fault, places[WORKSPACE]), CRASHED)


def _invoke(argv: Sequence[str], places: dict[str, Path]) -> int:
    from pipeline.cli.program import invoke  # late, so that a package that is not installed is told above

    status = invoke(argv, places)
    # A full disk or a closed pipe shows here, not in the last breath of the interpreter.
    print(end="", flush=True)
    return status


def _speak_utf8() -> None:
    """Vietnamese needs UTF-8, also where Windows redirects the output in an older encoding."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _fail(line: str, status: int) -> int:
    print(line, file=sys.stderr, flush=True)
    return status


def _drop_output() -> None:
    """Let go what can no longer be written, or the interpreter complains about it when it ends."""
    try:
        print(end="", flush=True)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _of_the_world(fault: OSError) -> str:
    name = errno.errorcode.get(fault.errno or 0, type(fault).__name__)
    what = texts.WORLD_REASONS.get(name) or texts.WORLD_OTHER.format(name=name)
    where = texts.WHERE.format(file=short_path(Path(fault.filename))) if fault.filename else ""
    return texts.WORLD.format(what=what, where=where)


def _keep_crash(fault: Exception, workspace: Path) -> str:
    """Write the traceback into the outbox; returns the line that says so."""
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
