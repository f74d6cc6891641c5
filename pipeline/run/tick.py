"""One tick: take what lies in the inbox, then do whatever step has become due and is not done yet."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Protocol
from zoneinfo import ZoneInfo

from pipeline.base.errors import OperatorError, PipelineError
from pipeline.base.step_record import StepOutcome, StepRecord
from pipeline.core.steps import DatedStep, due_steps, may_try, next_attempt, steps_of_year
from pipeline.edges.store.files import lock, make_folder
from pipeline.edges.store.inbox import has_ready, passed_over
from pipeline.edges.store.log import add_line
from pipeline.edges.store.steps import Steps
from pipeline.run.acts import Act
from pipeline.run.workspace import Tell, Workspace, plans_around
from pipeline.spec.calendar import Calendar
from pipeline.spec.plan import Plan

Explain = Callable[[Exception], str]

INBOX, NOTICES = "inbox", "notices"  # keys of what is no step of a period
_INBOX_NAME = "Nhận tệp trong inbox"
DIARY = "nhat-ky.txt"


class Done(Protocol):
    """Where it is kept what has been done."""

    def records(self) -> Mapping[str, StepRecord]:
        """What is known of everything that was ever begun, by key."""

    def begin(self, key: str, moment: datetime) -> None:
        """Keep that it is being tried, before anything is done."""

    def finish(self, key: str, outcome: StepOutcome, moment: datetime, message: str = "") -> None:
        """Keep what became of it."""


@dataclass(frozen=True, slots=True)
class TickResult:
    """What was done, by name; what stays undone for a reason that somebody has to know."""

    done: tuple[str, ...]
    notices: tuple[str, ...]
    has_failed: bool


@dataclass(frozen=True)
class _Errand:
    """One thing to do. Without `act` it is skipped, for the reason `why`."""

    key: str
    name: str
    act: Callable[[], object] | None
    why: str = ""


@dataclass(frozen=True)
class _Tick:
    """What every errand of one tick needs."""

    workspace: Workspace
    calendar: Calendar  # of the latest plan: it says when to try again
    done: Done
    tell: Tell
    explain: Explain

    @property
    def now(self) -> datetime:
        return self.workspace.now


def tick(workspace: Workspace, acts: Mapping[str, Act], tell: Tell, explain: Explain) -> TickResult:
    """Do what is due in `workspace` at its moment; again at the same moment it finds nothing to do.

    Whatever stands in the way of one errand is noted, and tried again after a while; it stops no other.
    `explain` puts an exception into a line. Two ticks at once: the second is a `WorldError`.
    """
    with lock(workspace.tick_lock):
        make_folder(workspace.inbox)
        steps = Steps(workspace.steps)
        plans, faults = plans_around(workspace)
        if not plans:
            _note_news(workspace, steps, tell, faults)
            raise OperatorError("\n".join(faults))
        calendar = plans[-1].calendar
        workspace = replace(workspace, now=workspace.now.astimezone(ZoneInfo(calendar.time_zone)))
        this = _Tick(workspace, calendar, steps, tell, explain)
        done = tuple(errand.name for errand in _errands(this, plans, acts) if _carry_out(this, errand))
        failed = tuple(_failures(this, plans))
        notices = (*faults, *_unknown_years(plans), *_odd_files(workspace))
        _note_news(workspace, steps, tell, notices)
        return TickResult(done, (*failed, *notices), bool(failed))


def _errands(this: _Tick, plans: Sequence[Plan], acts: Mapping[str, Act]) -> Iterator[_Errand]:
    """First the inbox, so that nobody is reminded whose form lies there; then the steps by their days."""
    if _inbox_calls(this):
        yield _Errand(INBOX, _INBOX_NAME, lambda: _take_inbox(this.workspace, this.tell))
    records = this.done.records()
    due = [dated for plan in plans for dated in due_steps(plan, this.now, records)]
    for dated in sorted(due, key=lambda one: one.due):
        act = acts.get(dated.step.action)
        if dated.has_lapsed(this.now):
            why = "đã qua ngày cần làm" if act else "chương trình chưa làm được việc này"
            yield _Errand(dated.key, _name(dated), None, why)
        elif act is not None:
            yield _Errand(dated.key, _name(dated), partial(act, this.workspace, dated, this.tell))


def _inbox_calls(this: _Tick) -> bool:
    """Whether files wait there, or the last attempt at them did not come to its end."""
    record = this.done.records().get(INBOX)
    if not may_try(this.calendar, record, this.now):
        return False
    if record is not None and record.outcome != "done":
        return True
    try:
        return has_ready(this.workspace.inbox)
    except PipelineError:
        return True  # the attempt says what is wrong


def _take_inbox(workspace: Workspace, tell: Tell) -> None:
    from pipeline.run.month import run_month

    run_month(workspace, None, tell)


def _carry_out(this: _Tick, errand: _Errand) -> bool:
    """Do it, or skip it, and note what became of it; returns whether it was done."""
    if errand.act is None:
        this.done.finish(errand.key, "skipped", this.now)
        _say(this, f"Bỏ qua: {errand.name}, {errand.why}")
        return False
    before = this.done.records().get(errand.key)
    this.done.begin(errand.key, this.now)
    try:
        errand.act()
    except Exception as fault:  # noqa: BLE001  # whatever one errand ends in, it stops no other
        message = this.explain(fault)
        this.done.finish(errand.key, "failed", this.now, message)
        if before is None or before.message != message:
            _note(this.workspace, this.tell, f"Chưa xong: {errand.name}: {message}")
        return False
    this.done.finish(errand.key, "done", this.now)
    _say(this, f"Xong: {errand.name}")
    return True


def _failures(this: _Tick, plans: Sequence[Plan]) -> Iterator[str]:
    """What failed and waits for its next attempt, at this tick or at one before."""
    names = step_names(plans)
    for key, record in this.done.records().items():
        if record.outcome == "failed" and key in names:
            again = next_attempt(this.calendar, record).astimezone(this.now.tzinfo)
            said = record.message.rstrip(".")
            yield f"Chưa xong: {names[key]}: {said}. Sẽ thử lại từ {again:%H:%M ngày %d/%m}."


def step_names(plans: Sequence[Plan]) -> dict[str, str]:
    """What people call the errands of these plans, by key."""
    return {INBOX: _INBOX_NAME} | {dated.key: _name(dated) for plan in plans for dated in steps_of_year(plan)}


def _unknown_years(plans: Sequence[Plan]) -> Iterator[str]:
    for plan in plans:
        if not plan.calendar.knows(plan.year):
            yield f"Không biết ngày nghỉ lễ năm {plan.year}: chỉ tính cuối tuần và những ngày kế hoạch ghi."


def _odd_files(workspace: Workspace) -> list[str]:
    try:
        return [f"Không nhận: {name}" for name in passed_over(workspace.inbox)]
    except PipelineError:
        return []  # the attempt at the inbox has said what is wrong


def _name(dated: DatedStep) -> str:
    return f"{dated.step.label}, kỳ {dated.period.label}"


def _say(this: _Tick, line: str) -> None:
    this.tell(line)
    _note(this.workspace, this.tell, line)


def _note_news(workspace: Workspace, done: Done, tell: Tell, notices: Sequence[str]) -> None:
    """Note what was not yet so at the tick before: nobody may be there to read what a tick tells."""
    before = done.records().get(NOTICES)
    known = before.message.split("\n\n") if before and before.message else []
    for line in notices:
        if line not in known:
            _note(workspace, tell, line)
    if list(notices) != known:
        done.finish(NOTICES, "done", workspace.now, "\n\n".join(notices))


def _note(workspace: Workspace, tell: Tell, line: str) -> None:
    """A diary that cannot be written holds up nothing."""
    try:
        add_line(workspace.root / "outbox" / DIARY, workspace.now, line)
    except PipelineError as fault:
        tell(str(fault))
