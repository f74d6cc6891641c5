"""The whole program: every command in one group, and the way to invoke it."""

from collections.abc import Sequence
from pathlib import Path

import click

from pipeline.base.errors import OperatorError
from pipeline.cli import texts
from pipeline.cli.commands import commands
from pipeline.cli.office_commands import OFFICE
from pipeline.cli.plan import plan
from pipeline.cli.vietnamese import explain

__all__ = ["commands", "invoke"]

for _command in OFFICE:
    commands.add_command(_command)
commands.add_command(plan)


def invoke(argv: Sequence[str], places: dict[str, Path]) -> int:
    """Run the command of `argv`, which notes its workspace in `places`; returns the exit status.

    A fault of the arguments is an `OperatorError`.
    """
    try:
        with commands.make_context(texts.PROGRAM, list(argv), obj=places) as context:
            status: int = commands.invoke(context)
            return status
    except click.exceptions.Exit as done:  # after --help and --version
        return done.exit_code
    except click.ClickException as fault:
        raise OperatorError(explain(fault)) from fault
