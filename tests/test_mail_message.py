"""A letter as a file and as it leaves; names of folders and of fetched messages; passwords that hide."""

import email
import email.policy
import sys
from datetime import UTC, datetime, timedelta, timezone
from email.header import decode_header, make_header
from email.message import EmailMessage
from types import ModuleType, SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.base.errors import OperatorError, WorldError
from pipeline.base.post import FetchedMail
from pipeline.core.post import looks_spoofed, message_name, received_of
from pipeline.edges.mailbox.folder_name import wire_name
from pipeline.edges.mailbox.message import Draft, leaving, message_bytes
from pipeline.edges.mailbox.password import Password, find_password, keep_password
from pipeline.spec.mailbox import Imap
from tests.entries import digest

NOW = datetime(2026, 11, 21, 8, tzinfo=timezone(timedelta(hours=7)))
LATER = datetime(2026, 11, 22, 9, 30, tzinfo=timezone(timedelta(hours=7)))
NAME = "Bảng tổng hợp tháng 11-2026 của xã Phước An, gửi Ủy ban nhân dân.xlsx"
DRAFT = Draft(
    key="2026-11/workbook",
    sender="tonghop@example.org",
    sender_name="Phòng Văn hóa - Xã hội xã Phước An",
    recipients=("ubnd@example.org", "van-phong@example.org"),
    subject="Bảng tổng hợp tháng 11/2026 - Kết quả thực hiện Kế hoạch Nghị quyết 57-NQ/TW năm 2026",
    body="Kính gửi: UBND xã Phước An\n\n.Dòng bắt đầu bằng dấu chấm\nTrân trọng.\n",
    files=((NAME, b"PK\x03\x04" + bytes(range(256))),),
)
SERVER = Imap(host="imap.example.org", user="tonghop@example.org")
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)


def parsed(data: bytes) -> EmailMessage:
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_a_letter_says_what_it_was_given_and_the_same_at_every_writing() -> None:
    data = message_bytes(DRAFT, NOW)
    assert data == message_bytes(DRAFT, NOW)
    assert data.isascii()
    message = parsed(data)
    assert message["Subject"] == DRAFT.subject
    # By RFC 2047: the newer parser of Python 3.11 puts a blank between two encoded words of a name.
    sender = str(make_header(decode_header(email.message_from_bytes(data)["From"])))
    assert sender == "Phòng Văn hóa - Xã hội xã Phước An <tonghop@example.org>"
    assert message["To"] == "ubnd@example.org, van-phong@example.org"
    assert message["Date"] == "Sat, 21 Nov 2026 08:00:00 +0700"
    body = message.get_body()
    assert body
    assert body.get_content().replace("\r\n", "\n") == DRAFT.body
    (file,) = message.iter_attachments()
    assert (file.get_filename(), file.get_content()) == DRAFT.files[0]
    assert file.get_content_type() == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@given(st.lists(WORDS, min_size=1, max_size=12).map(" ".join), WORDS)
def test_subjects_and_names_survive_whatever_is_in_them(subject: str, name: str) -> None:
    files = ((f"{name}.xlsx", b"PK"),)
    message = parsed(message_bytes(Draft("k", "a@b.vn", "", (), subject, "x", files), NOW))
    assert message["Subject"] == subject
    assert [part.get_filename() for part in message.iter_attachments()] == [f"{name}.xlsx"]


def test_what_leaves_is_no_draft_and_bears_the_moment_of_leaving() -> None:
    file = message_bytes(DRAFT, NOW)
    assert parsed(file)["X-Unsent"] == "1"
    sent = leaving(file, LATER)
    assert parsed(sent)["X-Unsent"] is None
    assert parsed(sent)["Date"] == "Sun, 22 Nov 2026 09:30:00 +0700"
    assert parsed(sent)["Message-ID"] == parsed(file)["Message-ID"]
    assert sent.partition(b"\r\n\r\n")[2] == file.partition(b"\r\n\r\n")[2]


def test_the_body_of_a_letter_is_never_taken_for_its_head() -> None:
    draft = Draft("k", "", "", (), "s", "X-Unsent: 1\nDate: hôm nay\n", ())
    body = parsed(leaving(message_bytes(draft, NOW), LATER)).get_body()
    assert body
    assert body.get_content().splitlines() == ["X-Unsent: 1", "Date: hôm nay"]


def test_a_digest_tells_what_a_letter_says_and_not_when() -> None:
    assert DRAFT.digest == Draft(**{name: getattr(DRAFT, name) for name in Draft.__slots__}).digest
    for changed in (
        {"body": "khác"},
        {"recipients": ("ubnd@example.org",)},
        {"files": ((NAME, b"PK"),)},
        {"files": (("khác.xlsx", DRAFT.files[0][1]),)},
    ):
        values = {name: getattr(DRAFT, name) for name in Draft.__slots__} | changed
        assert Draft(**values).digest != DRAFT.digest


# --- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "wire"),
    [
        ("INBOX", '"INBOX"'),
        ("Báo cáo & kiến nghị", '"B&AOE-o c&AOE-o &- ki&Hr8-n ngh&Hss-"'),
        ('a"b\\c', '"a\\"b\\\\c"'),
        ("~peter/mail/台北/日本語", '"~peter/mail/&U,BTFw-/&ZeVnLIqe-"'),  # the example of RFC 3501
    ],
)
def test_folders_are_named_as_the_protocol_wants_it(name: str, wire: str) -> None:
    assert wire_name(name) == wire


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)), st.text())
def test_the_name_of_a_message_gives_its_moment_back(moment: datetime, word: str) -> None:
    name = message_name(moment, digest(word))
    assert received_of(f"thu/{name}", digest(word)) == moment.replace(microsecond=0)
    assert received_of(f"2026-11-18/thu/{name}", digest(word)) == moment.replace(microsecond=0)


@pytest.mark.parametrize(
    "name",
    [
        "20261118T031500Z_{sha}.eml",  # not where fetched messages lie
        "thu/20261118T031500Z_{other}.eml",  # not the bytes that were fetched
        "thu/20261399T031500Z_{sha}.eml",
        "thu/20261118T031500Z_{sha}.xlsx",
        "thu/bao-cao.eml",
        "thu/20261118T031500Z_{sha}.eml/phieu.xlsx",
    ],
)
def test_a_name_that_somebody_else_gave_tells_nothing(name: str) -> None:
    told = name.format(sha=digest("a")[:16], other=digest("b")[:16])
    assert received_of(told, digest("a")) is None


def test_a_sender_is_odd_where_the_server_names_another_domain() -> None:
    def mail(sender: str, envelope: str) -> FetchedMail:
        return FetchedMail("a", "INBOX", 1, 1, "", "", sender, envelope, "", 1, "", "", "taken", "")

    assert looks_spoofed(mail("ca@example.org", "ke-gian@example.com"))
    assert not looks_spoofed(mail("ca@example.org", "Bounce@EXAMPLE.org"))
    assert not looks_spoofed(mail("ca@example.org", ""))


# --- the password ---------------------------------------------------------------------------------


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], str]:
    """A keyring of the system as the package of this name offers it."""
    kept: dict[tuple[str, str], str] = {}
    module = ModuleType("keyring")
    module.__spec__ = SimpleNamespace(name="keyring")  # type: ignore[assignment]  # all that is asked for
    module.errors = SimpleNamespace(KeyringError=RuntimeError)  # type: ignore[attr-defined]
    module.get_password = lambda service, user: kept.get((service, user))  # type: ignore[attr-defined]
    module.set_password = lambda service, user, text: kept.__setitem__((service, user), text)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", module)
    monkeypatch.delenv(SERVER.password_env, raising=False)
    return kept


def test_a_password_shows_itself_to_nobody() -> None:
    secret = Password("bimat57")
    assert "bimat57" not in f"{secret} {secret!r} {[secret]} {vars(type(secret))}"
    assert secret.reveal() == "bimat57"


def test_the_environment_goes_before_the_keyring(
    keyring: dict[tuple[str, str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_password(SERVER, Password("trong kho"))
    assert keyring == {("hop-thu imap.example.org", "tonghop@example.org"): "trong kho"}
    assert find_password(SERVER).reveal() == "trong kho"
    monkeypatch.setenv(SERVER.password_env, "biến")
    assert find_password(SERVER).reveal() == "biến"


def test_a_keyring_that_refuses_is_told(
    keyring: dict[tuple[str, str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: str) -> None:
        raise RuntimeError("locked")

    monkeypatch.setattr(sys.modules["keyring"], "get_password", refuse)
    monkeypatch.setattr(sys.modules["keyring"], "set_password", refuse)
    with pytest.raises(WorldError, match="Không dùng được kho mật khẩu"):
        find_password(SERVER)
    with pytest.raises(WorldError, match="Không dùng được kho mật khẩu"):
        keep_password(SERVER, Password("x"))


def test_without_the_package_the_environment_is_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.edges.mailbox.password._PACKAGE", "keyring_that_is_not_there")
    monkeypatch.delenv(SERVER.password_env, raising=False)
    with pytest.raises(OperatorError, match=SERVER.password_env):
        find_password(SERVER)
    with pytest.raises(OperatorError, match="chưa có gói keyring"):
        keep_password(SERVER, Password("x"))
