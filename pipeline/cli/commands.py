"""The commands: each turns its options into one call of `pipeline.run` and prints the result."""

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import click

from pipeline.base.errors import WorldError
from pipeline.base.period import Period
from pipeline.cli import options, texts
from pipeline.cli.faults import line_of
from pipeline.cli.lines import short_path
from pipeline.cli.output import say, tell, workspace_at
from pipeline.cli.vietnamese import Commands

DEFAULT = "run"
HAS_ERRORS = 1


def _more() -> list[click.Command]:
    from pipeline.cli.doctor import doctor
    from pipeline.cli.mail import mail
    from pipeline.cli.office_commands import OFFICE
    from pipeline.cli.plan import plan

    return [mail, *OFFICE, doctor, plan]


@click.group(
    cls=Commands,
    default=DEFAULT,
    more=_more,
    help=texts.PROGRAM_HELP,
    epilog=texts.PROGRAM_EPILOG,
    subcommand_metavar=texts.COMMANDS_METAVAR,
)
@options.place
@options.period
@options.as_json
@options.about
def commands(**_: Any) -> None:
    """Nothing of its own: the options have been handed on to the command."""


@commands.command("run", short_help=texts.RUN_SHORT, help=texts.RUN_HELP)
@options.place
@options.period
@options.opening
@options.about
def run(
    workspace: Path, plan: Path | None, now: datetime | None, period: Period | None, opening: bool
) -> int:
    """Consolidate a period."""
    from pipeline.run.ahead import inbox_ahead

    place = workspace_at(workspace, plan, now)
    with inbox_ahead(place):
        from pipeline.cli.report import month_lines, opened_lines
        from pipeline.run.month import run_month

        result = run_month(place, period, tell)
        say(month_lines(result))
    if opening:
        from pipeline.edges.desktop import show_folder

        folder = place.outbox(result.status.period)
        say(opened_lines(folder, show_folder(folder)))
    return 0


@commands.command("templates", short_help=texts.TEMPLATES_SHORT, help=texts.TEMPLATES_HELP)
@options.place
@options.period
@options.about
def templates(workspace: Path, plan: Path | None, now: datetime | None, period: Period | None) -> int:
    """Issue the forms of a period."""
    from pipeline.cli.report import template_lines
    from pipeline.run.templates import issue_templates

    say(template_lines(issue_templates(workspace_at(workspace, plan, now), period, tell)))
    return 0


@commands.command("check", short_help=texts.CHECK_SHORT, help=texts.CHECK_HELP)
@options.files
@options.place
@options.as_json
@options.about
def check(
    files: tuple[Path, ...], workspace: Path, plan: Path | None, now: datetime | None, as_json: bool
) -> int:
    """Say what is wrong with files."""
    from pipeline.run.ahead import files_ahead

    place = workspace_at(workspace, plan, now)
    with files_ahead(files):
        from pipeline.cli.report import check_json, check_lines, has_errors
        from pipeline.run.checking import check_files
        from pipeline.run.labels import labels, sentences

        verdicts = check_files(place, files)
    say([_as_json(check_json(verdicts))] if as_json else check_lines(verdicts, labels(), sentences()))
    return HAS_ERRORS if has_errors(verdicts) else 0


@commands.command("status", short_help=texts.STATUS_SHORT, help=texts.STATUS_HELP)
@options.place
@options.period
@options.as_json
@options.about
def status(
    workspace: Path, plan: Path | None, now: datetime | None, period: Period | None, as_json: bool
) -> int:
    """Say who has sent."""
    from pipeline.cli.status_report import status_json, status_lines
    from pipeline.run.status import read_status

    standing = read_status(workspace_at(workspace, plan, now), period)
    say([_as_json(status_json(standing))] if as_json else status_lines(standing))
    return 0


@commands.command("calendar", short_help=texts.CALENDAR_SHORT, help=texts.CALENDAR_HELP)
@options.place
@options.year
@options.as_json
@options.about
def calendar(
    workspace: Path, plan: Path | None, now: datetime | None, year: int | None, as_json: bool
) -> int:
    """Print the year."""
    from pipeline.cli.calendar_report import calendar_json, calendar_lines
    from pipeline.run.acts import ACTS
    from pipeline.run.year import read_year

    shown = read_year(workspace_at(workspace, plan, now), year)
    say([_as_json(calendar_json(shown))] if as_json else calendar_lines(shown, ACTS))
    return 0


@commands.command("report", short_help=texts.REPORT_SHORT, help=texts.REPORT_HELP)
@options.place
@options.period
@options.pdf
@options.about
def report(workspace: Path, plan: Path | None, now: datetime | None, period: Period | None, pdf: bool) -> int:
    """Write the report of a period."""
    from pipeline.cli.report import report_lines
    from pipeline.run.report import write_report

    say(report_lines(write_report(workspace_at(workspace, plan, now), period, pdf, tell)))
    return 0


@commands.command("demo", short_help=texts.DEMO_SHORT, help=texts.DEMO_HELP)
@options.demo_folder
@options.about
def demo(folder: Path) -> int:
    """Make a workspace to look at."""
    from pipeline.cli.report import demo_lines
    from pipeline.run.demo import make_demo

    say(demo_lines(make_demo(folder, tell)))
    return 0


@commands.command("tick", short_help=texts.TICK_SHORT, help=texts.TICK_HELP)
@options.place
@options.about
def tick(workspace: Path, plan: Path | None, now: datetime | None) -> int:
    """Do what is due, once."""
    from pipeline.run.acts import ACTS
    from pipeline.run.tick import tick as tick_once

    result = tick_once(workspace_at(workspace, plan, now), ACTS, tell, partial(line_of, workspace=workspace))
    say(result.notices or ([] if result.done else [texts.NOTHING_DUE]))
    return WorldError.exit_status if result.has_failed else 0


@commands.command("schedule", short_help=texts.SCHEDULE_SHORT, help=texts.SCHEDULE_HELP)
@options.place
@options.every
@options.about
def schedule(workspace: Path, plan: Path | None, now: datetime | None, every: int) -> int:
    """Work until stopped."""
    from pipeline.run.acts import ACTS
    from pipeline.run.heartbeat import keep_running

    tell(texts.SCHEDULE_STARTS.format(inbox=short_path(workspace / "inbox"), every=every))
    explain = partial(line_of, workspace=workspace)
    keep_running(lambda: workspace_at(workspace, plan, now), ACTS, tell, explain, every)
    return 0


def _as_json(value: Any) -> str:
    import json

    return json.dumps(value, ensure_ascii=False, indent=2)
