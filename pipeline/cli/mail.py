"""The group `mail`: each command turns its options into one call of `pipeline.run` and prints the result."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from pipeline.base.errors import WorldError
from pipeline.base.period import Period
from pipeline.base.post import STEMS, Kind
from pipeline.cli import mail_texts, options, texts
from pipeline.cli.output import say, tell, workspace_at
from pipeline.cli.vietnamese import Commands

_KINDS = ", ".join(STEMS.values())


class KindType(click.ParamType[Kind]):
    """A kind of letter, by the word with which its files begin."""

    name = "kind"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Kind:
        found = next((kind for kind, word in STEMS.items() if word == value), None)
        if found is None:
            self.fail(mail_texts.NOT_A_KIND.format(value=value, kinds=_KINDS), param, ctx)
        return found


@click.group(
    "mail",
    cls=Commands,
    default="status",
    short_help=mail_texts.MAIL_SHORT,
    help=mail_texts.MAIL_HELP,
    subcommand_metavar=texts.COMMANDS_METAVAR,
)
@options.place
@options.period
@options.about
def mail(**_: Any) -> None:
    """Nothing of its own: the options have been handed on to the command."""


@mail.command("fetch", short_help=mail_texts.FETCH_SHORT, help=mail_texts.FETCH_HELP)
@options.place
@options.about
def fetch(workspace: Path, plan: Path | None, now: datetime | None) -> int:
    """Take what is new in the mailbox."""
    from pipeline.cli.mail_report import fetch_lines
    from pipeline.run.mail_fetch import fetch_mail

    result = fetch_mail(workspace_at(workspace, plan, now), tell)
    say(fetch_lines(result))
    return WorldError.exit_status if result.trouble else 0


@mail.command("send", short_help=mail_texts.SEND_SHORT, help=mail_texts.SEND_HELP)
@click.option("--send", is_flag=True, help=mail_texts.SEND_OPTION)
@click.option("--resend", is_flag=True, help=mail_texts.RESEND_OPTION)
@click.option("--done", is_flag=True, help=mail_texts.DONE_OPTION)
@click.option(
    "--kind",
    "kinds",
    type=KindType(),
    multiple=True,
    metavar=mail_texts.KIND,
    help=mail_texts.KIND_OPTION.format(kinds=_KINDS),
)
@options.place
@options.period
@options.about
@click.pass_context
def send(
    ctx: click.Context,
    workspace: Path,
    plan: Path | None,
    now: datetime | None,
    period: Period | None,
    send: bool,
    resend: bool,
    done: bool,
    kinds: tuple[Kind, ...],
) -> int:
    """Write the letters that are due, and send them."""
    if resend and not send:
        ctx.fail(mail_texts.RESEND_NEEDS_SEND)
    if send and done:
        ctx.fail(mail_texts.SEND_OR_DONE)
    from pipeline.cli.mail_report import send_lines
    from pipeline.run.mail_send import SendOrder, send_mail

    order = SendOrder(frozenset(kinds), deliver=send, again=resend, by_hand=done)
    result = send_mail(workspace_at(workspace, plan, now), period, order, tell)
    say(send_lines(result))
    refused = send and any(letter.state == "refused" for letter in result.letters)
    return WorldError.exit_status if result.trouble or refused else 0


@mail.command("status", short_help=mail_texts.STATUS_SHORT, help=mail_texts.STATUS_HELP)
@options.place
@options.period
@options.about
def status(workspace: Path, plan: Path | None, now: datetime | None, period: Period | None) -> int:
    """Say what was sent and what waits."""
    from pipeline.cli.mail_report import mail_status_lines
    from pipeline.run.mail_status import read_mail_status

    say(mail_status_lines(read_mail_status(workspace_at(workspace, plan, now), period)))
    return 0


@mail.command("admit", short_help=mail_texts.ADMIT_SHORT, help=mail_texts.ADMIT_HELP)
@click.argument("files", nargs=-1, required=True, metavar=texts.FILES)
@options.place
@options.about
def admit(files: tuple[str, ...], workspace: Path, plan: Path | None, now: datetime | None) -> int:
    """Let in what was set aside."""
    from pipeline.cli.mail_report import admit_lines
    from pipeline.run.mail_fetch import admit_mail

    say(admit_lines(admit_mail(workspace_at(workspace, plan, now), files)))
    return 0


@mail.command("password", short_help=mail_texts.PASSWORD_SHORT, help=mail_texts.PASSWORD_HELP)
@options.place
@options.about
def password(workspace: Path, plan: Path | None, now: datetime | None) -> int:
    """Ask for the passwords of the mailbox and put them into the keyring."""
    from pipeline.edges.mailbox.password import Password
    from pipeline.run.mail_place import MailPlace, keep_passwords

    def ask(user: str, host: str) -> Password:
        text = click.prompt(mail_texts.ASK_PASSWORD.format(user=user, host=host), hide_input=True)
        return Password(text)

    for user, host in keep_passwords(MailPlace(workspace_at(workspace, plan, now)), ask):
        say([mail_texts.PASSWORD_KEPT.format(user=user, host=host)])
    return 0
