"""How the office's mailbox is reached, from `hop-thu.toml` in the workspace: no secret is in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pipeline.base.address import is_address
from pipeline.base.errors import SpecError
from pipeline.spec.shape import Faults, build, read_toml

Security = Literal["tls", "starttls"]

_MEGABYTE = 1_000_000
_DAY = 24 * 60  # minutes
_MOST_ANSWERS = 200
_SECRETS = ("password", "passwd", "mat_khau", "secret")


@dataclass(frozen=True, kw_only=True)
class Server:
    """A mail server. `port` 0 is the usual one; `ca_file` is a path in the workspace.

    `by_itself` lets the machine use it while nobody is at the desk.
    """

    host: str
    user: str
    security: Security = "tls"
    port: int = 0
    ca_file: str = ""
    password_env: str = "HOP_THU_MAT_KHAU"
    by_itself: bool = False


@dataclass(frozen=True, kw_only=True)
class Imap(Server):
    """Where mail is fetched. Messages older than `days` are not looked at.

    By itself the machine looks every so many minutes.
    """

    folders: tuple[str, ...] = ("INBOX",)
    days: int = 92
    every_minutes: int = 5

    @property
    def usual_port(self) -> int:
        return self.port or (993 if self.security == "tls" else 143)


@dataclass(frozen=True, kw_only=True)
class Smtp(Server):
    """Where letters leave, and as whose.

    By itself the machine sends at once, and looks every so many minutes for what has not left. It answers
    the files of a unit so often a day: whoever writes under a unit's address can send any number.
    """

    sender: str
    sender_name: str = ""
    every_minutes: int = 30
    answers_a_day: int = 10

    @property
    def usual_port(self) -> int:
        return self.port or (465 if self.security == "tls" else 587)


@dataclass(frozen=True)
class Limits:
    """What is refused: a message beyond a size, a server that is silent for too long."""

    message_mb: int = 25
    timeout_seconds: int = 60

    @property
    def message_bytes(self) -> int:
        return self.message_mb * _MEGABYTE


@dataclass(frozen=True)
class MailSettings:
    """The mailbox; either half may be left out."""

    imap: Imap | None = None
    smtp: Smtp | None = None
    limits: Limits = Limits()


def load_mail_settings(file: str, text: str) -> MailSettings:
    """The settings in `text`. Raises `SpecError` with every fault."""
    faults = Faults()
    data = read_toml(file, text)
    _check_secrets(data, "", faults)
    settings = build(MailSettings, data, "", faults)
    if settings is not None:
        for place, server in (("imap", settings.imap), ("smtp", settings.smtp)):
            if server is not None:
                _check_server(place, server, faults)
        _check_numbers(settings, faults)
    if settings is None or faults:
        raise SpecError(file, faults)
    return settings


def _check_secrets(data: Mapping[str, Any], place: str, faults: Faults) -> None:
    """Somebody who writes the password down is told why it is refused; its value is never shown."""
    for key, value in data.items():
        if key.lower() in _SECRETS:
            faults.add(f"{place}{key}", "không ghi mật khẩu vào tệp này; xóa dòng ấy và đổi mật khẩu")
        elif isinstance(value, dict):
            _check_secrets(value, f"{place}{key}.", faults)


def _check_server(place: str, server: Imap | Smtp, faults: Faults) -> None:
    for name in ("host", "user", "password_env"):
        value = getattr(server, name)
        if not value or not value.isprintable() or " " in value:
            faults.add(f"{place}.{name}", "không được trống và không có dấu cách")
    if not 0 <= server.port <= 65535:
        faults.add(f"{place}.port", "phải từ 1 đến 65535")
    if not 1 <= server.every_minutes <= _DAY:
        faults.add(f"{place}.every_minutes", f"phải từ 1 đến {_DAY}")
    if isinstance(server, Smtp):
        if not is_address(server.sender):
            faults.add(f"{place}.sender", f"«{server.sender}» không phải là địa chỉ thư")
        if not 1 <= server.answers_a_day <= _MOST_ANSWERS:
            faults.add(f"{place}.answers_a_day", f"phải từ 1 đến {_MOST_ANSWERS}")


def _check_numbers(settings: MailSettings, faults: Faults) -> None:
    limits = settings.limits
    if not 1 <= limits.message_mb <= 200:
        faults.add("limits.message_mb", "phải từ 1 đến 200")
    if not 1 <= limits.timeout_seconds <= 600:
        faults.add("limits.timeout_seconds", "phải từ 1 đến 600")
    if settings.imap is not None:
        if not settings.imap.folders or not all(settings.imap.folders):
            faults.add("imap.folders", "phải có ít nhất một thư mục, tên không được trống")
        if not 1 <= settings.imap.days <= 366:
            faults.add("imap.days", "phải từ 1 đến 366")
