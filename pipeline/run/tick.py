"""One tick: fetch and take what was sent, do whatever step has become due, and write the letters."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Protocol
from zoneinfo import ZoneInfo

from pipeline.base.errors import OperatorError, PipelineError
from pipeline.base.period import Period
from pipeline.base.step_record import StepOutcome, StepRecord
from pipeline.core.calendar import latest_closed
from pipeline.core.steps import DatedStep, due_steps, may_try, next_attempt, steps_of_year, time_has_come
from pipeline.edges.store.files import lock, make_folder
from pipeline.edges.store.inbox import has_ready, passed_over
from pipeline.edges.store.log import add_line
from pipeline.edges.store.steps import Steps
from pipeline.run.acts import Act
from pipeline.run.mail_by_itself import allowed, fetch_by_itself, letters_by_itself, mail_notices
from pipeline.run.workspace import Tell, Workspace, plans_around
from pipeline.spec.calendar import Calendar
from pipeline.spec.mailbox import MailSettings
from pipeline.spec.plan import Plan

Explain = Callable[[Exception], str]

# Keys of what is no step of a period.
FETCH, INBOX, LETTERS, NOTICES = "fetch", "inbox", "letters", "notices"
_NAMES = {FETCH: "Lấy thư", INBOX: "Nhận tệp trong inbox", LETTERS: "Thư đến hạn"}
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
    """One thing to do. Without `act` it is skipped, for the reason `why`.

    What `act` returns is put into the line that says that it is done; "" is not worth a line.
    """

    key: str
    name: str
    act: Callable[[], str | None] | None
    why: str = ""


@dataclass(frozen=True)
class _Tick:
    """What every errand of one tick needs."""

    workspace: Workspace
    plans: Sequence[Plan]
    mail: MailSettings
    done: Done
    tell: Tell
    explain: Explain

    @property
    def now(self) -> datetime:
        return self.workspace.now

    @property
    def calendar(self) -> Calendar:
        """That of the latest plan: it says when to try again."""
        return self.plans[-1].calendar

    @property
    def fetches(self) -> bool:
        return self.mail.imap is not None and self.mail.imap.by_itself


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
        zone = ZoneInfo(plans[-1].calendar.time_zone)
        workspace = replace(workspace, now=workspace.now.astimezone(zone))
        mail, of_mail = allowed(workspace)
        this = _Tick(workspace, plans, mail, steps, tell, explain)
        done = tuple(errand.name for errand in _errands(this, acts) if _carry_out(this, errand))
        failed = tuple(_failures(this))
        notices = (*faults, *of_mail, *_notices(this))
        _note_news(workspace, steps, tell, notices)
        return TickResult(done, (*failed, *notices), bool(failed))


def _errands(this: _Tick, acts: Mapping[str, Act]) -> Iterator[_Errand]:
    """First what was sent, so that nobody is reminded whose form lies there; then the steps by their days;
    last the letters that come of both."""
    if this.fetches and _fetching_calls(this):
        yield _Errand(FETCH, _NAMES[FETCH], partial(fetch_by_itself, this.workspace, this.tell))
    if _inbox_calls(this):
        _owe_letters(this)
        yield _Errand(INBOX, _NAMES[INBOX], partial(_take_inbox, this))
    for errand in _steps(this, acts):
        _owe_letters(this)
        yield errand
    if _letters_call(this):
        yield _Errand(
            LETTERS, _NAMES[LETTERS], partial(letters_by_itself, this.workspace, this.plans, this.tell)
        )


def _steps(this: _Tick, acts: Mapping[str, Act]) -> Iterator[_Errand]:
    records = this.done.records()
    due = [dated for plan in this.plans for dated in due_steps(plan, this.now, records)]
    for dated in sorted(due, key=lambda one: one.due):
        act = acts.get(dated.step.action)
        if dated.has_lapsed(this.now):
            why = "đã qua ngày cần làm" if act else "chương trình chưa làm được việc này"
            yield _Errand(dated.key, _name(dated), None, why)
        elif act is not None:
            yield _Errand(dated.key, _name(dated), partial(act, this.workspace, dated, this.tell))


def _fetching_calls(this: _Tick) -> bool:
    """Whether it is time to look into the mailbox; after a failure sooner than usual."""
    record, imap = this.done.records().get(FETCH), this.mail.imap
    if record is not None and record.outcome == "failed":
        return may_try(this.calendar, record, this.now)
    return imap is not None and time_has_come(record, imap.every_minutes, this.now)


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


def _owe_letters(this: _Tick) -> None:
    """Note that there may be letters to write, before the cause is known for done: a cut forgets none."""
    record = this.done.records().get(LETTERS)
    if record is None or record.outcome == "done":
        this.done.begin(LETTERS, this.now)


def _letters_call(this: _Tick) -> bool:
    """Whether something has happened that letters may come of, or it is time to send what has not left."""
    record, smtp = this.done.records().get(LETTERS), this.mail.smtp
    if record is not None and record.outcome == "failed":
        return may_try(this.calendar, record, this.now)
    if smtp is not None and smtp.by_itself:
        return time_has_come(record, smtp.every_minutes, this.now)
    return record is not None and record.outcome == "begun"


def _take_inbox(this: _Tick) -> None:
    from pipeline.run.month import run_month

    run_month(this.workspace, _period_to_write(this), this.tell)


def _period_to_write(this: _Tick) -> Period:
    """The period to consolidate, or the nearest that has a plan: files are taken around New Year as well."""
    period, years = latest_closed(this.calendar, this.now.date()), [plan.year for plan in this.plans]
    if period.year in years:
        return period
    return Period(min(years), 1) if period.year < min(years) else Period(max(years), 12)


def _carry_out(this: _Tick, errand: _Errand) -> bool:
    """Do it, or skip it, and note what became of it; returns whether something worth a line was done.

    A failure is noted once for one cause, and so is its end.
    """
    if errand.act is None:
        this.done.finish(errand.key, "skipped", this.now)
        _say(this, f"Bỏ qua: {errand.name}, {errand.why}")
        return False
    before = this.done.records().get(errand.key)
    this.done.begin(errand.key, this.now)
    try:
        said = errand.act()
    except Exception as fault:  # noqa: BLE001  # whatever one errand ends in, it stops no other
        message = this.explain(fault)
        this.done.finish(errand.key, "failed", this.now, message)
        if before is None or before.message != message:
            _note(this.workspace, this.tell, f"Chưa xong: {errand.name}: {message}")
        return False
    this.done.finish(errand.key, "done", this.now)
    if said == "" and (before is None or before.outcome != "failed"):
        return False
    _say(this, f"Xong: {errand.name}: {said}" if said else f"Xong: {errand.name}")
    return True


def _failures(this: _Tick) -> Iterator[str]:
    """What failed and waits for its next attempt, at this tick or at one before."""
    names = step_names(this.plans)
    if not this.fetches:
        names.pop(FETCH)  # somebody has done without it since
    for key, record in this.done.records().items():
        if record.outcome == "failed" and key in names:
            again = next_attempt(this.calendar, record).astimezone(this.now.tzinfo)
            said = record.message.rstrip(".")
            yield f"Chưa xong: {names[key]}: {said}. Sẽ thử lại từ {again:%H:%M ngày %d/%m}."


def step_names(plans: Sequence[Plan]) -> dict[str, str]:
    """What people call the errands of these plans, by key."""
    return _NAMES | {dated.key: _name(dated) for plan in plans for dated in steps_of_year(plan)}


def _notices(this: _Tick) -> Iterator[str]:
    """What somebody has to know, though nothing has failed."""
    for plan in this.plans:
        if not plan.calendar.knows(plan.year):
            yield f"Không biết ngày nghỉ lễ năm {plan.year}: chỉ tính cuối tuần và những ngày kế hoạch ghi."
    with suppress(PipelineError):  # the attempt at the inbox has said what is wrong
        yield from (f"Không nhận: {name}" for name in passed_over(this.workspace.inbox))
    with suppress(PipelineError):  # so has the one at the mail
        yield from mail_notices(this.workspace, this.mail, this.plans)


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
