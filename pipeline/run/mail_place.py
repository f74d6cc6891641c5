"""Where mail is kept in a workspace, and the files that say how it is fetched and sent."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pipeline.base.errors import OperatorError
from pipeline.core.post import FETCHED
from pipeline.edges.mailbox.password import Password, keep_password
from pipeline.edges.store.files import is_there, read_text
from pipeline.run.workspace import SCHEMAS, Workspace
from pipeline.spec.contacts import Contacts, load_contacts
from pipeline.spec.letters import LetterTexts, load_letters
from pipeline.spec.mailbox import Imap, MailSettings, Server, Smtp, load_mail_settings
from pipeline.spec.plan import Plan

SETTINGS = "hop-thu.toml"
CONTACTS = "danh-ba.toml"
_BY_HAND = (
    "Hoặc tự gửi: chạy mail send (không ghi --send), mở các tệp .eml trong outbox, xong thì mail send --done."
)
_HOW = "Hãy chép schemas/{example} vào thư mục làm việc với tên {name} rồi sửa lại."


@dataclass(frozen=True)
class MailPlace:
    """The mail of one workspace. Settings and contacts may be absent: nothing else needs them."""

    workspace: Workspace

    @property
    def log(self) -> Path:
        return self.workspace.archive / "mail.sqlite"

    @property
    def lock(self) -> Path:
        return self.workspace.archive / "mail.lock"

    @property
    def fetched(self) -> Path:
        return self.workspace.inbox / FETCHED

    @property
    def aside(self) -> Path:
        """What waits for the officer's decision."""
        return self.workspace.root / "inbox-la"

    @cached_property
    def settings(self) -> MailSettings | None:
        path = self.workspace.root / SETTINGS
        return load_mail_settings(SETTINGS, read_text(path)) if is_there(path) else None

    def contacts(self, plan: Plan) -> Contacts | None:
        """The register, or None where there is none."""
        path = self.workspace.root / CONTACTS
        return load_contacts(CONTACTS, read_text(path), plan) if is_there(path) else None

    @property
    def imap(self) -> Imap:
        """The server that is fetched from; told where there is none."""
        if self.settings is None or self.settings.imap is None:
            raise _missing(SETTINGS, "phần [imap]", self.settings is not None)
        return self.settings.imap

    @property
    def smtp(self) -> Smtp:
        """The server that letters are handed to; told where there is none, with the way by hand."""
        if self.settings is None or self.settings.smtp is None:
            missing = _missing(SETTINGS, "phần [smtp]", self.settings is not None)
            raise OperatorError(f"{missing} {_BY_HAND}")
        return self.settings.smtp

    @property
    def timeout(self) -> int:
        return (self.settings or MailSettings()).limits.timeout_seconds

    def needed_contacts(self, plan: Plan) -> Contacts:
        """The register; told where there is none."""
        contacts = self.contacts(plan)
        if contacts is None:
            raise _missing(CONTACTS, "", is_there=False)
        return contacts

    def ca_file(self, server: Server) -> Path | None:
        return self.workspace.root / server.ca_file if server.ca_file else None


def letter_texts() -> LetterTexts:
    """The words of the letters."""
    return load_letters("letters.toml", read_text(SCHEMAS / "letters.toml"))


def keep_passwords(place: MailPlace, ask: Callable[[str, str], Password]) -> Iterator[tuple[str, str]]:
    """Ask for the password of each server and put it into the keyring; yields user and host."""
    settings = place.settings or MailSettings()
    servers: list[Server] = [server for server in (settings.imap, settings.smtp) if server is not None]
    if not servers:
        raise _missing(SETTINGS, "phần [imap] hoặc [smtp]", place.settings is not None)
    for server in servers:
        keep_password(server, ask(server.user, server.host))
        yield server.user, server.host


def _missing(name: str, part: str, is_there: bool) -> OperatorError:
    if is_there:
        return OperatorError(f"Tệp {name} chưa có {part}. Xem ví dụ ở schemas/{_example(name)}.")
    return OperatorError(f"Chưa có tệp {name}. {_HOW.format(example=_example(name), name=name)}")


def _example(name: str) -> str:
    return name.replace(".toml", ".example.toml")
