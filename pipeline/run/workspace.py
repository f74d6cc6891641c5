"""Where a run works and with which data files: folders, clock, plan, form, wording."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from pipeline.base.errors import OperatorError, PipelineError
from pipeline.base.period import Period
from pipeline.core.calendar import latest_closed
from pipeline.edges.store.files import read_text
from pipeline.spec.calendar import Calendar, KnowingCalendar
from pipeline.spec.roster import Roster, load_roster

if TYPE_CHECKING:
    from pipeline.spec.messages import Messages
    from pipeline.spec.plan import Plan
    from pipeline.spec.template import Template

SCHEMAS = Path(__file__).parents[2] / "schemas"
FEEDBACK = "phan-hoi"  # the folder of what goes back to the units
Tell = Callable[[str], None]
Usual = Callable[[Calendar, date], Period]
R = TypeVar("R", bound=Roster)
Load = Callable[[str, str], R]
"""How a plan, or as much of it as is needed, is made of a file's name and text."""


@dataclass(frozen=True)
class Workspace:
    """A folder with inbox, outbox and archive, at one moment. `now` carries its time zone."""

    root: Path
    plan_file: Path | None
    now: datetime

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    @property
    def archive(self) -> Path:
        return self.root / "archive"

    @property
    def ledger(self) -> Path:
        return self.archive / "ledger.sqlite"

    @property
    def journal(self) -> Path:
        return self.archive / "so-theo-doi.jsonl"

    @property
    def lock(self) -> Path:
        return self.archive / "run.lock"

    @property
    def steps(self) -> Path:
        return self.archive / "steps.json"

    @property
    def tick_lock(self) -> Path:
        return self.archive / "tick.lock"

    def outbox(self, period: Period) -> Path:
        return self.root / "outbox" / str(period)

    def feedback(self, period: Period) -> Path:
        return self.outbox(period) / FEEDBACK

    def workbook(self, period: Period) -> Path:
        return self.outbox(period) / f"tong-hop-{period}.xlsx"


@dataclass(frozen=True)
class Outline:
    """What a look at who has sent needs: the period asked for, and who reports by which calendar."""

    workspace: Workspace
    period: Period
    plan: Roster

    @property
    def today(self) -> date:
        """The day by the plan's time zone, whatever the machine's."""
        return self.now.date()

    @property
    def now(self) -> datetime:
        """This moment in the plan's time zone."""
        return self.workspace.now.astimezone(ZoneInfo(self.plan.calendar.time_zone))


@dataclass(frozen=True)
class Setting(Outline):
    """What a command works with: the period asked for, the whole plan of its year with its text, the form.

    Plan, form and messages are imported where they are asked for: `status` has to answer at once.
    """

    plan: "Plan"
    plan_text: str

    @cached_property
    def templates(self) -> "Mapping[int, Template]":
        """Every form that can be read, by version; what is issued is the newest."""
        from pipeline.spec.template_file import load_template

        read = [load_template(path.name, read_text(path)) for path in template_paths()]
        return {template.version: template for template in read}

    @property
    def template(self) -> "Template":
        from pipeline.core.identify import newest

        return newest(self.templates)

    def of(self, period: Period) -> "Setting":
        """The setting for another period: by the plan of its year, where there is one."""
        if period.year == self.plan.year or not _plan_path(period.year).is_file():
            return replace(self, period=period)
        return Setting(self.workspace, period, *_whole_plan_of(period.year))

    @cached_property
    def messages(self) -> "Messages":
        from pipeline.spec.messages import load_messages

        return load_messages("messages.toml", read_text(SCHEMAS / "messages.toml"))


def in_zone(chosen: Setting, moment: str) -> datetime:
    """An ISO moment in the plan's time zone."""
    return datetime.fromisoformat(moment).astimezone(ZoneInfo(chosen.plan.calendar.time_zone))


def outline(workspace: Workspace, period: Period | None) -> Outline:
    """The outline for `period`, or for the latest closed one."""
    chosen, roster, _ = _chosen(workspace, period, latest_closed, load_roster)
    return Outline(workspace, chosen, roster)


def setting(workspace: Workspace, period: Period | None, usual: Usual = latest_closed) -> Setting:
    """The setting for `period`, or for the `usual` period of the moment."""
    from pipeline.spec.plan_file import load_plan

    return Setting(workspace, *_chosen(workspace, period, usual, load_plan))


def _chosen(
    workspace: Workspace, period: Period | None, usual: Usual, load: Load[R]
) -> tuple[Period, R, str]:
    """The period asked for or else usual, the plan of its year as `load` makes it, and the plan's text."""
    if not workspace.root.is_dir():
        raise OperatorError(f"Không có thư mục làm việc {workspace.root}. Hãy kiểm tra --workspace.")
    if workspace.plan_file is not None:
        plan, text = _load(workspace.plan_file, load)
        chosen = period or _usual(workspace, plan, usual)
        if chosen.year != plan.year:
            raise OperatorError(f"Kỳ {chosen} không thuộc kế hoạch năm {plan.year} ({workspace.plan_file}).")
        return chosen, plan, text
    if period is not None:
        return period, *_plan_of(period.year, load)
    plan, text = _plan_of(_nearest_year(workspace.now.year), load)
    chosen = _usual(workspace, plan, usual)
    return chosen, *((plan, text) if plan.year == chosen.year else _plan_of(chosen.year, load))


def plan_for(workspace: Workspace, year: int | None) -> "Plan":
    """The plan of `year`; without one that of the present year, or the last that there is."""
    if workspace.plan_file is None:
        return _whole_plan_of(year or _nearest_year(workspace.now.year))[0]
    plan = _whole(workspace.plan_file)
    if year not in (None, plan.year):
        raise OperatorError(f"Tệp {workspace.plan_file} là kế hoạch năm {plan.year}, không phải năm {year}.")
    return plan


def plan_in(file: str, text: str, load: Load[R]) -> R:
    """The plan in a text; holidays only where deadlines depend on them, since looking up takes time."""
    plan = load(file, text)
    return plan if plan.calendar.day_off == "none" else with_holidays(plan)


def plan_file_of(workspace: Workspace) -> Path:
    """The file that `plan_for` reads where no year is asked for."""
    return workspace.plan_file or _plan_path(_nearest_year(workspace.now.year))


def with_holidays(plan: R) -> R:
    """The plan with a calendar that knows the public holidays of its year and of those beside it."""
    from pipeline.edges.public_holidays import public_holidays

    known = {field.name: getattr(plan.calendar, field.name) for field in fields(Calendar)}
    holidays = public_holidays((plan.year - 1, plan.year, plan.year + 1))
    return replace(plan, calendar=KnowingCalendar(**known, holidays=holidays))


def plan_paths() -> list[Path]:
    """The files of all plans, by year."""
    return sorted(SCHEMAS.glob("plan-[0-9][0-9][0-9][0-9].toml"))


def template_paths() -> list[Path]:
    """The files of all forms that can be read."""
    return sorted(SCHEMAS.glob("template-v*.toml"))


def plans_around(workspace: Workspace) -> "tuple[list[Plan], list[str]]":
    """The plans of the years that may have something to do at this moment, with their holidays, and
    what is wrong with those that cannot be read: they stop none of the others."""
    if workspace.plan_file is not None:
        return [with_holidays(_whole(workspace.plan_file))], []
    year = workspace.now.year
    plans: list[Plan] = []
    faults = [] if _plan_path(year).is_file() else [_no_plan(year)]
    for path in map(_plan_path, (year - 1, year, year + 1)):
        try:
            plans += [with_holidays(_whole(path))] if path.is_file() else []
        except PipelineError as fault:
            faults.append(str(fault))
    return plans, faults


def _usual(workspace: Workspace, plan: Roster, usual: Usual) -> Period:
    zone = ZoneInfo(plan.calendar.time_zone)
    return usual(plan.calendar, workspace.now.astimezone(zone).date())


def _nearest_year(year: int) -> int:
    """The year whose calendar tells the usual period: this one, or the last that has a plan."""
    years = [int(path.stem.removeprefix("plan-")) for path in plan_paths()]
    if not years:
        raise OperatorError(f"Không có tệp kế hoạch nào trong {SCHEMAS}.")
    return max((y for y in years if y <= year), default=years[0])


def _whole_plan_of(year: int) -> "tuple[Plan, str]":
    from pipeline.spec.plan_file import load_plan

    return _plan_of(year, load_plan)


def _whole(path: Path) -> "Plan":
    from pipeline.spec.plan_file import load_plan

    return _load(path, load_plan)[0]


def _plan_of(year: int, load: Load[R]) -> tuple[R, str]:
    if not _plan_path(year).is_file():
        raise OperatorError(_no_plan(year))
    return _load(_plan_path(year), load)


def _plan_path(year: int) -> Path:
    return SCHEMAS / f"plan-{year}.toml"


def _no_plan(year: int) -> str:
    return (
        f"Chưa có kế hoạch năm {year}: hãy tạo {_plan_path(year).name} trong thư mục schemas "
        "(xem README ở đó), hoặc chọn kỳ khác bằng --period."
    )


def _load(path: Path, load: Load[R]) -> tuple[R, str]:
    text = read_text(path)
    return plan_in(path.name, text, load), text
