"""Messages and workspaces for tests of the mailbox."""

from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.run.mail_fetch import FetchResult, fetch_mail
from pipeline.run.workspace import Workspace
from tests.mail_servers import HOST, Dovecot

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 21, 8, tzinfo=ZONE)
ON_TIME = datetime(2026, 11, 18, 10, 15, tzinfo=ZONE)
FORM_NAME = "Phiếu báo cáo tháng 11 - Công an xã.xlsx"
CONTACTS = """
head = ["lanh-dao@example.org"]
readers = ["ubnd@example.org"]
[units]
CA = ["congan@example.org"]
TH = ["truonghoc@example.org", "hieu-truong@example.org"]
"""


def message(
    *files: tuple[str, bytes],
    sender: str = "Công an xã <congan@example.org>",
    subject: str = "Báo cáo tháng 11 của Công an xã Phước An",
    headers: tuple[tuple[str, str], ...] = (),
) -> bytes:
    """A mail as a unit sends it; its own dates are wrong, as nobody relies on them."""
    letter = EmailMessage()
    for name, value in headers:
        letter[name] = value
    letter["From"] = sender
    letter["To"] = "tonghop@example.org"
    letter["Subject"] = subject
    letter["Date"] = "Mon, 02 Nov 2026 08:00:00 +0700"
    letter.set_content("Kính gửi phiếu báo cáo.")
    for name, data in files:
        letter.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return letter.as_bytes().replace(b"\n", b"\r\n")


def at(root: Path, now: datetime = NOW) -> Workspace:
    return Workspace(root, None, now)


def quiet(line: str) -> None:
    assert line


def set_up_fetching(root: Path, user: str, port: int, ca_file: Path, **changes: str) -> None:
    """Settings and register in a workspace; `changes` are further lines of `[imap]` and `[limits]`."""
    limits = changes.pop("limits", "")
    more = "\n".join(f"{key} = {value}" for key, value in changes.items())
    (root / "hop-thu.toml").write_text(
        f'[imap]\nhost = "{HOST}"\nuser = "{user}"\nport = {port}\nca_file = "{ca_file}"\n{more}\n'
        f"[limits]\ntimeout_seconds = 5\n{limits}\n",
        encoding="utf-8",
    )
    (root / "danh-ba.toml").write_text(CONTACTS, encoding="utf-8")
    (root / "inbox").mkdir(exist_ok=True)


def fetch(root: Path, now: datetime = NOW) -> FetchResult:
    return fetch_mail(at(root, now), quiet)


def files(folder: Path) -> list[bytes]:
    """The content of all files below a folder, in a fixed order."""
    return sorted(path.read_bytes() for path in folder.rglob("*") if path.is_file())


class Office:
    """A workspace with a mailbox of its own."""

    def __init__(self, root: Path, server: Dovecot) -> None:
        self.root, self.server, self.user = root, server, server.new_user()
        self.connect()

    def connect(self, port: int = 0, **changes: str) -> None:
        set_up_fetching(self.root, self.user, port or self.server.tls_port, self.server.ca_file, **changes)

    def deliver(self, *messages: bytes, at: datetime = ON_TIME, flags: str = "") -> None:
        self.server.deliver(self.user, *((data, at) for data in messages), flags=flags)

    def fetch(self) -> FetchResult:
        return fetch(self.root)

    @property
    def taken(self) -> list[bytes]:
        return files(self.root / "inbox" / "thu")

    @property
    def aside(self) -> list[bytes]:
        return files(self.root / "inbox-la")


def standings(result: FetchResult) -> list[str]:
    return [mail.standing for mail in result.mails]
