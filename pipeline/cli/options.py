"""The options and arguments of the commands, and what may stand in them."""

import glob
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import click

from pipeline.base.period import Period
from pipeline.cli import texts
from pipeline.cli.places import PROJECT, WORKSPACE

F = TypeVar("F", bound=Callable[..., Any])

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DEFAULT_EVERY = 60
_MOST_SECONDS = 86_400
# A year away from the bounds of `Period`, since the months beside it are asked for.
FIRST_YEAR, LAST_YEAR = 2001, 2998


class PeriodType(click.ParamType[Period]):
    """A reporting period, written 2026-11."""

    name = "period"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Period:
        try:
            period = Period.parse(value)
        except ValueError:
            period = None
        if period is None or not FIRST_YEAR <= period.year <= LAST_YEAR:
            self.fail(texts.NOT_A_PERIOD.format(value=value), param, ctx)
        return period


class Moment(click.ParamType[datetime]):
    """A moment in ISO form; without offset it is Vietnamese time."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            moment = datetime.fromisoformat(value.strip())
        except ValueError:
            moment = None
        if moment is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
            self.fail(texts.NOT_A_MOMENT.format(value=value), param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)


class PlanFile(click.ParamType[Path]):
    """The file of a plan, which is there."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = Path(value)
        if path.is_dir():
            example = path / texts.EXAMPLE_PLAN
            self.fail(texts.IS_A_FOLDER.format(value=value, example=example), param, ctx)
        return _there(path, self, param, ctx)


class FileOrFolder(click.ParamType[Path]):
    """A file, or a folder of files, that is there."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = Path(value)
        return path if path.is_dir() else _there(path, self, param, ctx)


def _there(
    path: Path, kind: click.ParamType[Path], param: click.Parameter | None, ctx: click.Context | None
) -> Path:
    if not path.is_file():
        kind.fail(texts.NO_SUCH_FILE.format(value=path), param, ctx)
    return path


class Folder(click.ParamType[Path]):
    """A folder; one that need not be there yet where `new` is set."""

    name = "folder"

    def __init__(self, new: bool = False) -> None:
        self.new = new

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = Path(value)
        if path.is_file():
            self.fail(texts.IS_A_FILE.format(value=value), param, ctx)
        if not (self.new or path.is_dir()):
            self.fail(texts.NO_SUCH_FOLDER.format(value=value), param, ctx)
        return path


class YearType(click.ParamType[int]):
    """A year in four figures."""

    name = "year"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        text = str(value)
        year = int(text) if text.isdecimal() else 0
        if not FIRST_YEAR <= year <= LAST_YEAR:
            self.fail(texts.NOT_A_YEAR.format(value=value), param, ctx)
        return year


class Seconds(click.ParamType[int]):
    """A number of seconds from 1 to a day."""

    name = "seconds"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        text = str(value)
        seconds = int(text) if text.isdecimal() else 0
        if not 1 <= seconds <= _MOST_SECONDS:
            self.fail(texts.NOT_SECONDS.format(value=value, most=_MOST_SECONDS), param, ctx)
        return seconds


def _note(ctx: click.Context, _: click.Parameter, value: Path) -> Path:
    """Note the workspace where `main` finds it when a command breaks off."""
    ctx.ensure_object(dict)[WORKSPACE] = value
    return value


def _files(ctx: click.Context, param: click.Parameter, values: Sequence[str]) -> tuple[Path, ...]:
    """The files and folders meant by names and patterns, each once."""
    kind = FileOrFolder()
    return tuple(
        dict.fromkeys(kind.convert(name, param, ctx) for value in values for name in _matches(value))
    )


def _matches(value: str) -> list[str]:
    """What a pattern stands for: the shells of Windows hand patterns on as they are."""
    if Path(value).exists():
        return [value]
    names = glob.glob(value)  # noqa: PTH207  # unlike Path.glob it takes absolute patterns
    # "~$…" is how Excel marks a file that is open.
    return sorted(name for name in names if not Path(name).name.startswith("~$")) or [value]


_workspace = click.option(
    "--workspace",
    type=Folder(),
    default=PROJECT,
    callback=_note,
    metavar=texts.FOLDER,
    help=texts.WORKSPACE_HELP,
)
_plan = click.option("--plan", type=PlanFile(), metavar=texts.FILE, help=texts.PLAN_HELP)
_now = click.option("--now", type=Moment(), metavar=texts.MOMENT, help=texts.NOW_HELP)
_version = click.version_option(
    texts.VERSION, "--version", message=texts.VERSION_LINE, help=texts.VERSION_HELP
)
_help = click.help_option("-h", "--help", help=texts.HELP_HELP)

period = click.option("--period", type=PeriodType(), metavar=texts.PERIOD, help=texts.PERIOD_HELP)
as_json = click.option("--json", "as_json", is_flag=True, help=texts.JSON_HELP)
year = click.option("--year", type=YearType(), metavar=texts.YEAR, help=texts.YEAR_HELP)
pdf = click.option("--pdf", is_flag=True, help=texts.PDF_HELP)
opening = click.option("--open", "opening", is_flag=True, help=texts.OPEN_HELP)
every = click.option(
    "--every",
    type=Seconds(),
    default=DEFAULT_EVERY,
    metavar=texts.SECONDS,
    help=texts.EVERY_HELP.format(default=DEFAULT_EVERY),
)
files = click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.UNPROCESSED,
    callback=_files,
    metavar=texts.FILES,
    help=texts.FILES_HELP,
)
demo_folder = click.argument(
    "folder", type=Folder(new=True), default="demo", metavar=f"[{texts.FOLDER}]", help=texts.DEMO_FOLDER_HELP
)


def place(command: F) -> F:
    """Where and when: the options of every command that works on a workspace."""
    return _workspace(_plan(_now(command)))


def about(command: F) -> F:
    """The options that tell about the program."""
    return _version(_help(command))
