"""The data files of the mailbox: examples that load, and every fault told with its place."""

import re

import pytest

from pipeline.base.errors import SpecError
from pipeline.spec.contacts import load_contacts
from pipeline.spec.letters import load_letters
from pipeline.spec.mailbox import load_mail_settings
from tests.forms import PLAN, SCHEMAS
from tests.mail_servers import program

LETTERS = (SCHEMAS / "letters.toml").read_text(encoding="utf-8")
SETTINGS = (SCHEMAS / "hop-thu.example.toml").read_text(encoding="utf-8")
CONTACTS = (SCHEMAS / "danh-ba.example.toml").read_text(encoding="utf-8")


def test_the_examples_load_and_cover_every_unit_that_owes_a_form() -> None:
    settings = load_mail_settings("hop-thu", SETTINGS)
    assert settings.imap
    assert (settings.imap.usual_port, settings.imap.security) == (993, "tls")
    assert settings.smtp
    assert (settings.smtp.usual_port, settings.smtp.security) == (587, "starttls")
    assert settings.limits.message_bytes == 25_000_000
    assert not settings.imap.by_itself  # nothing leaves or comes unless somebody has said so
    assert not settings.smtp.by_itself
    contacts = load_contacts("danh-ba", CONTACTS, PLAN)
    assert set(contacts.units) == {unit.id for unit in PLAN.expected_units}
    assert contacts.units_of("MOT-CUA@Example.org ") == ("PVHCC",)


def test_the_examples_name_nobody() -> None:
    for text in (SETTINGS, CONTACTS):
        assert set(re.findall(r"[\w.-]+@([\w.-]+)", text)) == {"example.org"}


def test_either_half_of_the_mailbox_may_be_left_out() -> None:
    assert load_mail_settings("x", "").imap is None
    smtp = load_mail_settings("x", '[smtp]\nhost = "m"\nuser = "u"\nsecurity = "tls"\nsender = "a@b.vn"').smtp
    assert smtp
    assert smtp.usual_port == 465


@pytest.mark.parametrize(
    ("old", "new", "place", "said"),
    [
        ('"imap.example.org"', '""', "imap.host", "không được trống"),
        ('"imap.example.org"', '"imap example"', "imap.host", "không có dấu cách"),
        ('security     = "tls"', 'security = "none"', "imap.security", "chọn một trong: tls, starttls"),
        ("# port       = 993", "port = 70000", "imap.port", "từ 1 đến 65535"),
        ('["INBOX"]', "[]", "imap.folders", "ít nhất một thư mục"),
        ("= 92", "= 0", "imap.days", "từ 1 đến 366"),
        ('sender       = "tonghop@example.org"', 'sender = "phòng"', "smtp.sender", "không phải là địa chỉ"),
        ("message_mb      = 25", "message_mb = 0", "limits.message_mb", "từ 1 đến 200"),
        ("timeout_seconds = 60", "timeout_seconds = 0", "limits.timeout_seconds", "từ 1 đến 600"),
        ("# every_minutes = 5 ", "every_minutes = 0", "imap.every_minutes", "từ 1 đến 1440"),
        ("# every_minutes = 30", "every_minutes = 1441", "smtp.every_minutes", "từ 1 đến 1440"),
        ("# answers_a_day = 10", "answers_a_day = 0", "smtp.answers_a_day", "từ 1 đến 200"),
        ("[limits]", '[limits]\nPassword = "x"', "limits.Password", "không ghi mật khẩu"),
    ],
)
def test_a_fault_of_the_settings_is_told_with_its_place(old: str, new: str, place: str, said: str) -> None:
    assert SETTINGS.count(old) == 1
    with pytest.raises(SpecError) as told:
        load_mail_settings("hop-thu.toml", SETTINGS.replace(old, new))
    assert any(fault.startswith(f"{place}: ") and said in fault for fault in told.value.faults)


def test_a_password_in_the_settings_is_refused_without_being_shown() -> None:
    with pytest.raises(SpecError) as told:
        load_mail_settings("hop-thu.toml", f'mat_khau = "bimat57"\n{SETTINGS}')
    assert told.value.faults[0].startswith("mat_khau: không ghi mật khẩu vào tệp này")
    assert "bimat57" not in str(told.value)


def test_the_faults_of_the_register_are_told_all_at_once() -> None:
    text = CONTACTS.replace("CA    =", "CAX   =").replace(
        '["kinhte@example.org"]', '["kinhte", "a@b.vn", "A@b.vn"]'
    )
    text = text.replace('"ubnd@example.org"', '"UBND <ubnd@example.org>"')
    with pytest.raises(SpecError) as told:
        load_contacts("danh-ba.toml", text, PLAN)
    faults = told.value.faults
    assert len(faults) == 4
    assert faults[0].startswith("units.CAX: không có trong VHXH, ")
    assert faults[1:] == (
        "units.KT: «kinhte» không phải là địa chỉ thư",
        "units.KT: «a@b.vn» có 2 lần",
        "readers: «UBND <ubnd@example.org>» không phải là địa chỉ thư",
    )


@pytest.mark.parametrize(
    ("old", "new", "place", "said"),
    [
        ("Không cần đổi tên tệp.", "{tên}", "letters.form.body", "không có từ {tên}; các từ dùng được: "),
        ("Không cần đổi tên tệp.", "{unit.id}", "letters.form.body", "không có từ {unit.id}"),
        ("Không cần đổi tên tệp.", "{unit!r}", "letters.form.body", "trong ngoặc nhọn chỉ ghi từ"),
        ("Không cần đổi tên tệp.", "{", "letters.form.body", "dấu ngoặc nhọn không khớp"),
        ('subject = "Mẫu', 'subject = "{file} Mẫu', "letters.form.subject", "không có từ {file}"),
        ('subject = "Mẫu', 'subject = "Mẫu\\n', "letters.form.subject", "phải là một dòng"),
        ("tháng {month}.xlsx", "{month}/x.xlsx", "letters.workbook.attachment", "tên tệp không có các dấu"),
        ("[letters.overdue]", "[letters.late]", "letters", "phải có đúng các thư: form, receipt"),
        ("{missing}/{owed}", "{count}", "states.partial", "dùng được: {accepted}, {missing}, {owed}"),
        ("- {unit}: {state}", "- {list}", "escalation_line", "dùng được: {state}, {unit}"),
        ("số {number}", "số {count}", "editions.issued", "dùng được: {number}"),
        (
            "chậm nhất 23 giờ 59 phút ngày {last_day})",
            "{unit}",
            "limits.submit_by.ahead",
            "không có từ {unit}",
        ),
        ("chưa phát hành", "{number}", "editions.draft", "dùng được: không có từ nào"),
    ],
)
def test_a_fault_of_the_letters_is_told_with_its_place(old: str, new: str, place: str, said: str) -> None:
    assert old in LETTERS
    with pytest.raises(SpecError) as told:
        load_letters("letters.toml", LETTERS.replace(old, new, 1 if "{" not in old else -1))
    assert any(fault.startswith(f"{place}: ") and said in fault for fault in told.value.faults)


# --- the servers of the tests ---------------------------------------------------------------------


def test_a_server_that_is_not_installed_is_said_and_fails_on_a_clean_checkout(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reason = r"dovecot-khong-co \(goi\) is not installed"
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=reason):
        program("dovecot-khong-co", "goi")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=reason):
        program("dovecot-khong-co", "goi")
