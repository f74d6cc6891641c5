"""What a machine sends back is for a person to read: two machines that answer each other never end."""

from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from pipeline.edges.store.steps import Steps
from pipeline.run.acts import ACTS
from tests.calendars import at
from tests.forms import sent_form
from tests.mail_servers import SmtpServer
from tests.mailbox import FORM_NAME, Office, message, standings
from tests.outgoing import connect, parsed
from tests.ticking import beat

CA = "congan@example.org"


@pytest.mark.parametrize(
    ("header", "standing"),
    [
        (("Auto-Submitted", "auto-replied (zimbra; vacation)"), "echo"),
        (("Auto-Submitted", "Auto-Generated"), "echo"),
        (("X-Autoreply", "yes"), "echo"),
        (("Precedence", "auto_reply"), "echo"),
        (("Precedence", "bulk"), "taken"),
        (("Auto-Submitted", "NO; written by hand"), "taken"),
    ],
)
def test_a_form_that_no_person_sent_is_set_aside(
    office: Office, header: tuple[str, str], standing: str
) -> None:
    office.deliver(message((FORM_NAME, sent_form("CA")), headers=(header,)))
    assert standings(office.fetch()) == [standing]
    assert len(office.aside) == (standing == "echo")


def test_a_machine_that_says_nothing_of_itself_gets_one_answer(
    office: Office, smtp: SmtpServer, certificate: tuple[Path, Path]
) -> None:
    """It sends everything back to us, with what was attached to it."""
    root, now = set_up(office, smtp, certificate[0]), at(2026, 11, 3, 8)
    faulty = sent_form("CA", V_20__numerator="khoảng 40")
    office.deliver(message((FORM_NAME, faulty), sender=CA), at=now)
    for beats in range(4):
        seen = len(smtp.post.taken)
        beat(root, now + timedelta(minutes=10 * beats), ACTS, [])
        for _, to, data in smtp.post.taken[seen:]:
            assert to == (CA,)
            office.deliver(returned(data), at=now)
    (letter,) = [parsed(data) for _, _, data in smtp.post.taken]
    assert str(letter["Subject"]).startswith("Đề nghị hoàn thiện phiếu")
    assert letter["Auto-Submitted"] == "auto-generated"
    assert len(office.aside) == 1


def test_an_office_that_writes_to_itself_does_not_answer_itself(
    office: Office, smtp: SmtpServer, certificate: tuple[Path, Path]
) -> None:
    """The coordinator is a unit, whose mailbox may be the very one that is fetched."""
    root, now = set_up(office, smtp, certificate[0]), at(2026, 11, 3, 8)
    Steps(root / "archive" / "steps.json").finish("2026-11/phat-mau", "failed", at(2026, 10, 26))
    (root / "danh-ba.toml").write_text('[units]\nVHXH = ["tonghop@example.org"]\n', encoding="utf-8")
    for beats in range(3):
        seen = len(smtp.post.taken)
        beat(root, now + timedelta(minutes=10 * beats), ACTS, [])
        for _, _, data in smtp.post.taken[seen:]:
            office.deliver(data, at=now)
    assert len(smtp.post.taken) == 1
    assert (office.taken, len(office.aside)) == ([], 1)


def set_up(office: Office, smtp: SmtpServer, certificate: Path) -> Path:
    """A workspace that fetches and sends by itself, and has done everything up to the opening."""
    office.connect(by_itself="true")
    fetching = (office.root / "hop-thu.toml").read_text(encoding="utf-8").partition("[limits]")[0]
    (office.root / "ca.pem").write_bytes(certificate.read_bytes())
    connect(office.root, smtp.port, by_itself="true")
    both = fetching + (office.root / "hop-thu.toml").read_text(encoding="utf-8")
    (office.root / "hop-thu.toml").write_text(both, encoding="utf-8")
    steps = Steps(office.root / "archive" / "steps.json")
    for key in ("inbox", "2026-10/tong-hop-cuoi", "2026-10/gui-bang-tong-hop", "2026-11/phat-mau"):
        steps.finish(key, "done", at(2026, 10, 26))
    return office.root


def returned(data: bytes) -> bytes:
    answer = EmailMessage()
    answer["From"], answer["To"], answer["Subject"] = CA, "tonghop@example.org", "Tôi đi vắng"
    answer.set_content("Tôi đi vắng.")
    answer.add_attachment(parsed(data))
    return answer.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
