"""Hand letters to the mail server over SMTP, and tell for certain which of them have left."""

import smtplib
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from pipeline.base.errors import OperatorError
from pipeline.edges.mailbox.connection import lost, not_admitted, tls_context, told
from pipeline.edges.mailbox.password import Password
from pipeline.edges.unpacking.names import one_line
from pipeline.spec.mailbox import Smtp

_LONGEST_REPLY = 200
_CLOSING = 421  # the server says so and hangs up
_ACCEPTED = (250, 251)

_Answer = tuple[int, bytes | str]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the server said: the letter was taken, or it was not. `detail` names refused addresses."""

    outcome: Literal["sent", "refused"]
    detail: str = ""


class Outbox:
    """A connection to the server that sends; to be used in a `with` statement.

    Every fault of the connection is an `OperatorError` or a `WorldError`. Where one comes out of `send`,
    nobody knows whether the letter has left.
    """

    def __init__(self, settings: Smtp, password: Password, ca_file: Path | None, timeout: int) -> None:
        self._settings = settings
        context = tls_context(ca_file)
        host, port = settings.host, settings.usual_port
        with self._told():
            if settings.security == "tls":
                self._smtp: smtplib.SMTP = smtplib.SMTP_SSL(host, port, context=context, timeout=timeout)
            else:
                self._smtp = smtplib.SMTP(host, port, timeout=timeout)
        try:
            with self._told():
                if settings.security == "starttls":
                    self._smtp.ehlo()
                    self._smtp.starttls(context=context)
                self._smtp.ehlo()
                self._log_in(password)
        except BaseException:
            self._smtp.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError, smtplib.SMTPException):  # the server may be gone already
            self._smtp.quit()
        self._smtp.close()

    def announce(self, recipients: Sequence[str]) -> Delivery:
        """Ask the server whether it would take a letter to these addresses; nothing has left yet.

        "sent" means that it would: `send` is next. An address that it refuses is named and left out.
        """
        with self._told():
            self._smtp.rset()
            answer = self._smtp.mail(self._settings.sender)
            if answer[0] != 250:
                return self._refused(answer)
            refused = {a: r for a in recipients if (r := self._smtp.rcpt(a))[0] not in _ACCEPTED}
            if len(refused) == len(recipients):
                return self._refused(next(iter(refused.values())))
        return Delivery("sent", "; ".join(f"{a}: {_reply(r)}" for a, r in refused.items()))

    def send(self, data: bytes) -> Delivery:
        """Hand over the letter that was announced. A refusal means that it has not left."""
        with self._told():
            try:
                answer: _Answer = self._smtp.data(data)
            except smtplib.SMTPDataError as fault:
                answer = (fault.smtp_code, fault.smtp_error)
        return Delivery("sent") if answer[0] == 250 else self._refused(answer)

    def _refused(self, answer: _Answer) -> Delivery:
        if answer[0] == _CLOSING:
            self._smtp.close()
        return Delivery("refused", _reply(answer))

    def _log_in(self, password: Password) -> None:
        """By hand, since smtplib takes no password beyond ASCII."""
        user, secret = self._settings.user, password.reveal()
        known = self._smtp.esmtp_features.get("auth", "").upper().split()
        if "PLAIN" in known:
            code, _ = self._smtp.docmd("AUTH", f"PLAIN {_base64(f'{chr(0)}{user}{chr(0)}{secret}')}")
        elif "LOGIN" in known:
            code, _ = self._smtp.docmd("AUTH", f"LOGIN {_base64(user)}")
            if code == 334:
                code, _ = self._smtp.docmd(_base64(secret))
        else:
            raise OperatorError(
                f"Máy chủ thư {self._settings.host} không cho đăng nhập bằng mật khẩu. "
                "Hãy kiểm tra port và security trong hop-thu.toml."
            )
        if code != 235:
            raise not_admitted(self._settings)

    @contextmanager
    def _told(self) -> Iterator[None]:
        with told(self._settings, self._settings.usual_port):
            try:
                yield
            except smtplib.SMTPServerDisconnected as fault:
                raise lost(self._settings) from fault
            except smtplib.SMTPNotSupportedError as fault:
                raise OperatorError(
                    f"Máy chủ thư {self._settings.host} không có STARTTLS; đã dừng và chưa gửi mật khẩu. "
                    "Hãy kiểm tra port và security trong hop-thu.toml."
                ) from fault
            except smtplib.SMTPException as fault:
                raise lost(self._settings) from fault


def _base64(text: str) -> str:
    return b64encode(text.encode()).decode("ascii")


def _reply(answer: _Answer) -> str:
    """What the server said, in one line of bounded length."""
    code, text = answer
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return one_line(f"{code} {words}")[:_LONGEST_REPLY]
