"""A form that comes from the address of another unit: told to the officer, and it changes nothing."""

from email.message import EmailMessage
from pathlib import Path

import pytest

from pipeline.run.checking import check_files
from pipeline.run.results import FileVerdict
from pipeline.run.workspace import Workspace
from tests.forms import sent_form
from tests.test_take import NOW, drop, run

REGISTER = """
[units]
CA = ["ca@example.org"]
KT = ["kt@example.org"]
TYT = ["KT@example.org"]
VHXH = ["vhxh@example.org"]
"""


def mail_from(sender: str) -> bytes:
    """The form of the police, attached to a mail that this address sent."""
    message = EmailMessage()
    message["From"] = sender
    message["Subject"] = "Báo cáo tháng 11"
    message.set_content("Kính gửi phiếu báo cáo.")
    form = sent_form("CA")
    message.add_attachment(form, maintype="application", subtype="octet-stream", filename="ca.xlsx")
    return message.as_bytes()


def verdict(root: Path, sender: str, register: str | None = REGISTER) -> FileVerdict:
    if register is not None:
        (root / "danh-ba.toml").write_text(register, encoding="utf-8")
    drop(root, thu__eml=mail_from(sender))
    return next(v for v in run(root).verdicts if v.unit == "CA")


def told(found: FileVerdict) -> list[tuple[str, str, str]]:
    return [(f.code, f.severity, f.found) for f in found.findings]


SAID = "Thư mang phiếu này gửi từ địa chỉ mà danh bạ ghi cho Phòng Kinh tế, Trạm Y tế."


def test_the_officer_hears_whose_address_it_was_and_the_form_counts_as_it_is(tmp_path: Path) -> None:
    found = verdict(tmp_path, "Kinh tế <kt@example.org>")
    assert told(found) == [("F25", "note", SAID)]
    assert found.outcome == "valid"


@pytest.mark.parametrize("sender", ["ca@example.org", "vhxh@example.org", "la@example.org"])
def test_own_addresses_those_of_the_coordinator_and_strange_ones_are_no_news(
    tmp_path: Path, sender: str
) -> None:
    assert told(verdict(tmp_path, sender)) == []


@pytest.mark.parametrize("register", [None, "[units]\nXX = 1"])
def test_without_a_register_that_can_be_read_nothing_is_said(tmp_path: Path, register: str | None) -> None:
    assert told(verdict(tmp_path, "kt@example.org", register)) == []


def test_check_says_the_same(tmp_path: Path) -> None:
    (tmp_path / "danh-ba.toml").write_text(REGISTER, encoding="utf-8")
    (tmp_path / "thu.eml").write_bytes(mail_from("kt@example.org"))
    found, _ = check_files(Workspace(tmp_path, None, NOW), [tmp_path / "thu.eml"])
    assert told(found) == [("F25", "note", SAID)]
