"""Faults of the operator and of the world, each one sentence that says what to do.

Faults in the data that units send are never exceptions: they are `Finding` values.
"""

from collections.abc import Sequence

_MOST_LINES = 100  # more than anybody mends at once


class PipelineError(Exception):
    """Base of every fault that ends a command; its text is shown to the user as it is."""

    exit_status = 1


class OperatorError(PipelineError):
    """The command, the plan or the workspace is wrong: the person at the desk can mend it."""

    exit_status = 2


class WorldError(PipelineError):
    """The disk, a lock or a server refused: try again once the cause is gone."""

    exit_status = 3


class SpecError(OperatorError):
    """A data file of `schemas/` is not well formed. `faults` lists every fault with its place."""

    def __init__(self, file: str, faults: Sequence[str]) -> None:
        self.file = file
        self.faults = tuple(faults)
        lines = "\n".join(f"  - {fault}" for fault in self.faults[:_MOST_LINES])
        if len(self.faults) > _MOST_LINES:
            lines += f"\n  … và {len(self.faults) - _MOST_LINES} chỗ nữa"
        super().__init__(f"Tệp {file} có {len(self.faults)} chỗ chưa đúng:\n{lines}")
