"""The commands by which the officer decides, issues, looks back and repairs."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.base.period import Period
from pipeline.cli import office_texts as texts
from pipeline.cli import options
from pipeline.cli.output import say, tell, workspace_at
from pipeline.cli.texts import MISSING, MOMENT
from pipeline.cli.vietnamese import Command

if TYPE_CHECKING:
    from pipeline.base.record import DecisionKind


class Day(click.ParamType[date]):
    """A day, written 2026-11-23."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return date.fromisoformat(str(value).strip())
        except ValueError:
            self.fail(texts.NOT_A_DAY.format(value=value), param, ctx)


class Number(click.ParamType[int]):
    """The number of a decision."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        text = str(value)
        if not text.isdecimal():
            self.fail(texts.NOT_A_NUMBER.format(value=value), param, ctx)
        return int(text)


def _given(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
    """The value of an option that must be there; click would say so in English on the help page."""
    if value is None:
        ctx.fail(MISSING.format(name=param.opts[0]))
    return value


Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]
OFFICE: list[click.Command] = []
"""The commands of this module, in the order in which an officer meets them."""


def _command(name: str, short_help: str, help: str) -> Callable[[Callable[..., Any]], click.Command]:
    def made(function: Callable[..., Any]) -> click.Command:
        OFFICE.append(click.command(name, cls=Command, short_help=short_help, help=help)(function))
        return OFFICE[-1]

    return made


_reason = click.option("--reason", default="", metavar=texts.REASON_META, help=texts.REASON_HELP)
_kept_file = click.argument("file", metavar=texts.FILE_META, help=texts.KEPT_FILE_HELP)
_unit = click.argument("unit", metavar=texts.UNIT_META, help=texts.UNIT_HELP)
_row = click.argument("row_code", metavar=texts.ROW_META, help=texts.ROW_HELP)
_one_row = click.option("--row", "row_code", default="", metavar=texts.ROW_META, help=texts.ONE_ROW_HELP)
_rule = click.argument("rule", metavar=texts.RULE_META, help=texts.RULE_HELP)
_until = click.argument("until", type=Day(), metavar=texts.DAY_META, help=texts.UNTIL_HELP)
_number = click.argument("number", type=Number(), metavar=texts.NUMBER_META, help=texts.NUMBER_HELP)
_as_of = click.option(
    "--as-of", type=options.Moment(), callback=_given, metavar=MOMENT, help=texts.AS_OF_HELP
)


@_command("issue", short_help=texts.ISSUE_SHORT, help=texts.ISSUE_HELP)
@options.place
@options.period
@options.about
def issue(workspace: Path, plan: Path | None, now: datetime | None, period: Period | None) -> int:
    """Freeze a period's workbook."""
    from pipeline.cli.office_report import issue_lines
    from pipeline.run import issuing

    say(issue_lines(issuing.issue(workspace_at(workspace, plan, now), period, tell)))
    return 0


@_command("replay", short_help=texts.REPLAY_SHORT, help=texts.REPLAY_HELP)
@options.place
@options.period
@_as_of
@options.about
def replay(
    workspace: Path, plan: Path | None, now: datetime | None, period: Period | None, as_of: datetime
) -> int:
    """Show a period as it stood."""
    from pipeline.cli.office_report import replay_lines
    from pipeline.run import replaying

    path = replaying.replay(workspace_at(workspace, plan, now), period, as_of)
    say(replay_lines(path, as_of))
    return 0


def _decision(kind: "DecisionKind", short: str, help_text: str, *parts: Decorator) -> None:
    """Register the command of a kind of decision; `parts` are its arguments, in their order."""

    def command(workspace: Path, plan: Path | None, now: datetime | None, **words: Any) -> int:
        from pipeline.cli.office_report import decision_lines
        from pipeline.run.deciding import Order, decide
        from pipeline.run.labels import labels

        result = decide(workspace_at(workspace, plan, now), Order(kind=kind, **words), tell)
        say(decision_lines(result, labels()))
        return 0

    decorated: Callable[..., Any] = command
    around: list[Decorator] = [options.about, *reversed(parts), _reason, options.place]
    for decorate in around:
        decorated = decorate(decorated)
    _command(kind, short_help=short, help=help_text)(decorated)


_decision("assign", texts.ASSIGN_SHORT, texts.ASSIGN_HELP, _kept_file, _unit, options.period)
_decision("withdraw", texts.WITHDRAW_SHORT, texts.WITHDRAW_HELP, _kept_file)
_decision("admit", texts.ADMIT_SHORT, texts.ADMIT_HELP, _kept_file)
_decision("accept", texts.ACCEPT_SHORT, texts.ACCEPT_HELP, _kept_file, _row)
_decision("extend", texts.EXTEND_SHORT, texts.EXTEND_HELP, _unit, _until, options.period)
_decision("waive", texts.WAIVE_SHORT, texts.WAIVE_HELP, _rule, _unit, _one_row, options.period)
_decision("revoke", texts.REVOKE_SHORT, texts.REVOKE_HELP, _number)


@_command("decisions", short_help=texts.DECISIONS_SHORT, help=texts.DECISIONS_HELP)
@options.place
@options.about
def decisions(workspace: Path, plan: Path | None, now: datetime | None) -> int:
    """List the decisions."""
    from pipeline.cli.office_report import decisions_lines
    from pipeline.run.deciding import list_decisions
    from pipeline.run.labels import labels

    say(decisions_lines(list_decisions(workspace_at(workspace, plan, now)), labels()))
    return 0


@_command("trial", short_help=texts.TRIAL_SHORT, help=texts.TRIAL_HELP)
@options.place
@options.period
@options.about
def trial(workspace: Path, plan: Path | None, now: datetime | None, period: Period | None) -> int:
    """Try shadow rules."""
    from pipeline.cli.report import check_lines
    from pipeline.run.labels import labels, sentences
    from pipeline.run.trial import try_shadow_rules

    found = try_shadow_rules(workspace_at(workspace, plan, now), period, tell)
    say(check_lines(found, labels(), sentences()) if found else [texts.TRIAL_SILENT])
    return 0


@_command("rebuild", short_help=texts.REBUILD_SHORT, help=texts.REBUILD_HELP)
@options.place
@options.about
def rebuild(workspace: Path, plan: Path | None, now: datetime | None) -> int:
    """Make the ledger again."""
    from pipeline.cli.office_report import rebuild_lines
    from pipeline.run import rebuilding

    say(rebuild_lines(rebuilding.rebuild(workspace_at(workspace, plan, now))))
    return 0
