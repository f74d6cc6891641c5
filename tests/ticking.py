"""Ticks for tests: acts that only note what they were asked for, and what a workspace says of itself."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import get_args

from pipeline.core.steps import DatedStep
from pipeline.edges.store.steps import Steps
from pipeline.run.acts import Act
from pipeline.run.tick import TickResult, tick
from pipeline.run.workspace import Tell, Workspace
from pipeline.spec.calendar import Action

Happened = list[tuple[str, datetime]]


def noting(happened: Happened, failing: Mapping[str, Exception] | None = None) -> dict[str, Act]:
    """Acts that only note what they were asked for; those in `failing` fail."""

    def act(workspace: Workspace, dated: DatedStep, tell: Tell) -> None:
        fault = (failing or {}).get(dated.step.name)
        if fault is not None:
            raise fault
        happened.append((dated.key, workspace.now))

    return dict.fromkeys(get_args(Action), act)


def beat(root: Path, now: datetime, acts: Mapping[str, Act], told: list[str] | None = None) -> TickResult:
    lines = told if told is not None else []
    return tick(Workspace(root, None, now), acts, lines.append, str)


def outcomes(root: Path) -> dict[str, str]:
    return {key: r.outcome for key, r in Steps(root / "archive" / "steps.json").records().items()}


def diary(root: Path) -> list[str]:
    return (root / "outbox" / "nhat-ky.txt").read_text(encoding="utf-8").splitlines()
