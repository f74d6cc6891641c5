"""The group `plan`: the plan as a workbook, and back."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from pipeline.cli import options, plan_texts, texts
from pipeline.cli.output import say, workspace_at
from pipeline.cli.vietnamese import Commands


class Book(click.ParamType[Path]):
    """A workbook that is there."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = Path(value)
        if not path.is_file():
            self.fail(texts.NO_SUCH_FILE.format(value=path), param, ctx)
        return path


class NewPlan(click.ParamType[Path]):
    """A plan file that need not be there yet."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = Path(value)
        if path.suffix != ".toml" or path.is_dir():
            self.fail(plan_texts.NOT_TOML.format(value=value), param, ctx)
        return path


@click.group(
    "plan",
    cls=Commands,
    default="export",
    short_help=plan_texts.PLAN_SHORT,
    help=plan_texts.PLAN_HELP,
    subcommand_metavar=texts.COMMANDS_METAVAR,
)
@options.place
@options.about
def plan(**_: Any) -> None:
    """Nothing of its own: the options have been handed on to the command."""


@plan.command("export", short_help=plan_texts.EXPORT_SHORT, help=plan_texts.EXPORT_HELP)
@options.place
@options.about
def export(workspace: Path, plan: Path | None, now: datetime | None) -> int:
    """Write the plan as a workbook."""
    from pipeline.cli.plan_report import export_lines
    from pipeline.run.plan_book import export_plan

    say(export_lines(export_plan(workspace_at(workspace, plan, now))))
    return 0


@plan.command("import", short_help=plan_texts.IMPORT_SHORT, help=plan_texts.IMPORT_HELP)
@click.argument("file", type=Book(), metavar=plan_texts.BOOK, help=plan_texts.BOOK_HELP)
@click.option("--write", is_flag=True, help=plan_texts.WRITE_HELP)
@click.option("--out", type=NewPlan(), metavar=plan_texts.OUT, help=plan_texts.OUT_HELP)
@options.place
@options.about
@click.pass_context
def read_back(
    ctx: click.Context,
    file: Path,
    workspace: Path,
    plan: Path | None,
    now: datetime | None,
    write: bool,
    out: Path | None,
) -> int:
    """Read an edited workbook back."""
    if write and out:
        ctx.fail(plan_texts.WRITE_OR_OUT)
    from pipeline.cli.plan_report import import_lines
    from pipeline.run.plan_book import import_plan

    say(import_lines(import_plan(workspace_at(workspace, plan, now), file, write, out)))
    return 0
