"""click in Vietnamese: help pages, faults in one line, and options before or after the command."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import click

from pipeline.cli import texts


class _Formatter(click.HelpFormatter):
    """Help pages with Vietnamese headings."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or texts.USAGE)

    def write_heading(self, heading: str) -> None:
        super().write_heading(texts.HEADINGS[heading])


class _Context(click.Context):
    formatter_class = _Formatter


class _Speaking(click.Command):
    """What a command and the group of commands share."""

    context_class = _Context

    def __init__(self, *args: Any, **attributes: Any) -> None:
        super().__init__(*args, **{"options_metavar": texts.OPTIONS_METAVAR, **attributes})

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.BadOptionUsage as fault:
            flags = {
                name for p in self.params if isinstance(p, click.Option) and p.is_flag for name in p.opts
            }
            text = texts.TAKES_NO_VALUE if fault.option_name in flags else texts.NEEDS_VALUE
            raise click.UsageError(text.format(name=fault.option_name), ctx) from fault


class Command(_Speaking):
    """A command whose faults are told in Vietnamese."""

    allow_extra_args = True  # refused below, in our own words

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        rest = super().parse_args(ctx, args)
        if rest:
            ctx.fail(texts.EXTRA.format(values=", ".join(f"«{value}»" for value in rest)))
        return rest


class Commands(_Speaking, click.Group):
    """A group that hands the options before a command on to it; without a command, to `default`.

    Its own options are declared for the help page and to tell their values from a command's name.
    Commands that `more` gives are loaded where one of them, or the list of all, is asked for.
    """

    command_class = Command

    def __init__(
        self,
        *args: Any,
        default: str,
        more: Callable[[], Iterable[click.Command]] = tuple,
        **attributes: Any,
    ) -> None:
        super().__init__(*args, **attributes)
        self.default = default
        self._more = more

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        before, rest = self._split(ctx, args)
        if before is None:
            return super().parse_args(ctx, args)
        return super().parse_args(ctx, [*(rest[:1] or [self.default]), *before, *rest[1:]])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return super().get_command(ctx, cmd_name) or self.every_command().get(cmd_name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.every_command())

    def every_command(self) -> Mapping[str, click.Command]:
        """The commands by name, in the order in which an officer meets them."""
        more, self._more = self._more, tuple
        for command in more():
            self.add_command(command)
        return self.commands

    def _split(self, ctx: click.Context, args: list[str]) -> tuple[list[str] | None, list[str]]:
        """The options before the command, and the rest; None where they are about the whole program."""
        try:
            _, rest, seen = self.make_parser(ctx).parse_args(list(args))
        except click.UsageError:
            return None, args  # parsed again, and told, by click itself
        if any(param.is_eager for param in seen):
            return None, args
        return args[: len(args) - len(rest)], rest


def explain(fault: click.ClickException) -> str:
    """One line that says what is wrong with the command line and where to read more."""
    ctx = fault.ctx if isinstance(fault, click.UsageError) else None
    command = ctx.command_path if ctx else texts.PROGRAM
    return texts.FAULT.format(message=_message(fault, ctx), command=command)


def _message(fault: click.ClickException, ctx: click.Context | None) -> str:
    match fault:
        case click.NoSuchOption():
            return _no_such_option(fault, ctx)
        case click.exceptions.NoSuchCommand():
            return _no_such_command(fault, ctx)
        case click.MissingParameter():
            return texts.MISSING.format(name=_argument_name(fault.param, ctx))
        case click.BadParameter(param=click.Option() as option):
            return texts.BAD_VALUE.format(name=option.opts[0], message=fault.message)
        case _:
            return fault.message


def _no_such_option(fault: click.NoSuchOption, ctx: click.Context | None) -> str:
    if ctx and fault.option_name in _option_names(ctx.find_root().command):
        return texts.OPTION_NOT_USED.format(command=ctx.info_name, name=fault.option_name)
    return texts.NO_SUCH_OPTION.format(name=fault.option_name, suggestion=_suggestion(fault.possibilities))


def _no_such_command(fault: "click.exceptions.NoSuchCommand", ctx: click.Context | None) -> str:
    suggestion = _suggestion(fault.possibilities)
    if not suggestion and ctx and isinstance(ctx.command, click.Group):
        suggestion = texts.ALL_COMMANDS.format(names=", ".join(ctx.command.list_commands(ctx)))
    return texts.NO_SUCH_COMMAND.format(name=fault.command_name, suggestion=suggestion)


def _option_names(command: click.Command) -> set[str]:
    return {name for param in command.params for name in param.opts}


def _suggestion(possibilities: Sequence[str] | None) -> str:
    """The nearest of what click found to be near."""
    return texts.NEAREST.format(name=possibilities[0]) if possibilities else ""


def _argument_name(param: click.Parameter | None, ctx: click.Context | None) -> str:
    """The word for it on the help page."""
    return param.make_metavar(ctx).strip("[].") if param and ctx else ""
