"""What is kept about a step of a period: what became of it, when, and after how many attempts."""

from dataclasses import dataclass
from typing import Literal

StepOutcome = Literal["begun", "done", "failed", "skipped"]


@dataclass(frozen=True, slots=True)
class StepRecord:
    """One step, by its key ("2026-11/run"). Moments are ISO 8601 texts with offset.

    "begun" without an end means that the program was cut off in the middle. `message` says why it
    failed; `first_at` is when it was first tried, `at` when the outcome was noted.
    """

    key: str
    outcome: StepOutcome
    first_at: str
    at: str
    attempts: int
    message: str = ""
