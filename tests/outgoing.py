"""Workspaces that send, for tests of the letters, and what a server took from them."""

import email
import email.policy
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from pipeline.base.period import Period
from pipeline.base.post import KeptLetter
from pipeline.edges.store.mail_log import MailLog
from pipeline.run.mail_send import SendOrder, SendResult, send_mail
from tests.mail_servers import (
    HOST,
    SmtpServer,
)
from tests.mailbox import CONTACTS, ZONE, at, quiet

PERIOD = Period(2026, 11)
OPENING = datetime(2026, 11, 2, 8, tzinfo=ZONE)
CLOSING = datetime(2026, 11, 14, 8, tzinfo=ZONE)  # a day without a reminder
REMINDER = datetime(2026, 11, 18, 8, tzinfo=ZONE)
LATE = datetime(2026, 11, 23, 8, tzinfo=ZONE)
END = datetime(2026, 11, 24, 17, tzinfo=ZONE)
SEND = SendOrder(deliver=True)
AGAIN = SendOrder(deliver=True, again=True)


def set_up_sending(root: Path, port: int, certificate: Path) -> None:
    """Settings and register in a workspace."""
    (root / "inbox").mkdir()
    (root / "ca.pem").write_bytes(certificate.read_bytes())
    (root / "danh-ba.toml").write_text(CONTACTS, encoding="utf-8")
    connect(root, port)


def connect(root: Path, port: int, security: str = "starttls", host: str = HOST, **changes: str) -> None:
    """The settings; `changes` are further lines of `[smtp]`."""
    more = "".join(f"{key} = {value}\n" for key, value in changes.items())
    (root / "hop-thu.toml").write_text(
        f'[smtp]\nhost = "{host}"\nport = {port}\nsecurity = "{security}"\nca_file = "ca.pem"\n'
        'user = "tonghop@example.org"\nsender = "tonghop@example.org"\n'
        f'sender_name = "Phòng Văn hóa - Xã hội"\n{more}[limits]\ntimeout_seconds = 5\n',
        encoding="utf-8",
    )


def send(root: Path, now: datetime, order: SendOrder = SEND) -> SendResult:
    return send_mail(at(root, now), PERIOD, order, quiet)


def states(result: SendResult) -> dict[str, str]:
    return {Path(letter.file).name: letter.state for letter in result.letters}


def parsed(data: bytes) -> EmailMessage:
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(message: EmailMessage) -> str:
    part = message.get_body()
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def taken(server: SmtpServer) -> list[tuple[tuple[str, ...], str]]:
    return [(to, str(parsed(data)["Subject"])) for _, to, data in server.post.taken]


def log_of(root: Path) -> dict[str, KeptLetter]:
    with MailLog(root / "archive" / "mail.sqlite") as log:
        return log.letters()


def addressed(result: SendResult) -> dict[str, str]:
    return {letter.file: letter.state for letter in result.letters if letter.recipients}
