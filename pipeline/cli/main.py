"""The entry of the program: one clear line and an exit status for whatever happens."""

import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfoNotFoundError

from pipeline.base.errors import OperatorError, PipelineError, WorldError
from pipeline.cli import texts
from pipeline.cli.faults import line_of
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
    except (ModuleNotFoundError, ZoneInfoNotFoundError) as fault:
        return _fail(line_of(fault, places[WORKSPACE]), OperatorError.exit_status)
    except KeyboardInterrupt:
        return _fail(texts.STOPPED, STOPPED)
    except BrokenPipeError:
        _drop_output()
        return PIPE_CLOSED
    except OSError as fault:
        _drop_output()
        return _fail(line_of(fault, places[WORKSPACE]), WorldError.exit_status)
    except Exception as fault:  # noqa: BLE001  # an officer gets a line, the details are kept for us
        return _fail(line_of(fault, places[WORKSPACE]), CRASHED)


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
