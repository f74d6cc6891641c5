"""What comes out of mails, with whose letter, however they are spelled."""

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.edges.unpacking.unpack import unpack
from tests.unpacking import (
    FORM,
    HEAD,
    ICT,
    NAME,
    OTHER_FORM,
    PDF,
    PNG,
    as_base64,
    bounded,
    codes,
    mail,
    names,
    only,
    raw_mail,
    zipped,
)


def test_mail_with_letter() -> None:
    unpacked = unpack("thu.eml", bytes(mail((NAME, FORM), ("scan.pdf", PDF))))
    assert [(m.name, m.data) for m in unpacked.members] == [(NAME, FORM), ("scan.pdf", PDF)]
    assert not unpacked.faults
    letter = unpacked.members[0].letter
    assert letter is not None
    assert letter.sender == "kinhte@xa.example"
    assert letter.subject == "Báo cáo tháng 11"
    assert letter.date_header == "Tue, 17 Nov 2026 08:00:00 +0700"
    assert letter.received_at == datetime(2026, 11, 19, 22, 10, 5, tzinfo=ICT)
    assert letter.received_at.utcoffset() == timedelta(hours=7)
    assert letter.message_id == "<1@xa.example>"
    assert letter.carried_by is None


@pytest.mark.parametrize(
    ("received", "moment"),
    [
        ("from a by b; Thu, 19 Nov 2026 15:10:05 -0000", datetime(2026, 11, 19, 15, 10, 5, tzinfo=UTC)),
        (
            "from a by b (x; y);\r\n\tThu, 19 Nov 2026 15:10:05 GMT",
            datetime(2026, 11, 19, 15, 10, 5, tzinfo=UTC),
        ),
        ("from a by b; hom qua", None),
        ("from a by b; Thu, 99 Nov 2026 15:10:05 +0700", None),
        ("from a by b; Thu, 19 Nov 99999999999999999999 15:10:05 +0700", None),
        ("from a by b; Thu, 19 Nov 2026 15:10:05 +99999999999", None),
        ("", None),
    ],
)
def test_received_header(received: str, moment: datetime | None) -> None:
    data = f"Received: {received}\r\nReceived: from z by y; Mon, 2 Nov 2026 01:00:00 +0700\r\n".encode()
    (member,) = unpack("thu.eml", data + bytes(mail(("a.xlsx", FORM), received=False))).members
    assert member.letter is not None
    assert member.letter.received_at == moment


def test_mail_that_nobody_received() -> None:
    (member,) = unpack("thu.eml", bytes(mail(("a.xlsx", FORM), received=False))).members
    assert member.letter is not None
    assert member.letter.received_at is None


@pytest.mark.parametrize(
    ("sender", "address"),
    [
        ("=?utf-8?q?gia=40gia=2Eexample?= <that@xa.example>", "that@xa.example"),
        ('"gia@gia.example" <that@xa.example>', "that@xa.example"),
        ("that@xa.example (Phòng Kinh tế)", "that@xa.example"),
        ("(" * 2_000 + "a@xa.example", ""),
    ],
)
def test_sender(sender: str, address: str) -> None:
    head = f"From: {sender}\nDate: x\nMessage-ID: <1>\n".encode()
    (member,) = unpack(
        "thu.eml", head + raw_mail("Content-Type: application/pdf", PDF).partition(b"\r\n")[2]
    ).members
    assert member.letter is not None
    assert member.letter.sender == address


@pytest.mark.parametrize(
    "disposition",
    [
        "filename*=UTF-8''Phi%E1%BA%BFu%20th%C3%A1ng.xlsx",
        "filename*=us-ascii''Phi%E1%BA%BFu%20th%C3%A1ng.xlsx",
        "filename*=khong-co''Phi%E1%BA%BFu%20th%C3%A1ng.xlsx",
        "filename*0*=UTF-8''Phi%E1%BA;\r\n filename*1*=%BFu%20th;\r\n filename*2*=%C3%A1ng.xlsx",
        'filename="=?UTF-8?B?UGhp4bq/dSB0aMOhbmcueGxzeA==?="',
        'filename="=?utf-8?Q?Phi=E1=BA?=\r\n =?utf-8?Q?=BFu_th=C3=A1ng.xlsx?="',
        'filename="=?iso-8859-1?Q?Phi=E1=BA=BFu_th=C3=A1ng.xlsx?="',
        'filename="=?windows-1258?Q?Phi=EA=ECu_th=E1ng.xlsx?="',
        'filename="Phiếu tháng.xlsx"',
        'filename="../../Phiếu tháng.xlsx"',
    ],
)
@pytest.mark.parametrize(
    "header", ["Content-Disposition: attachment", "Content-Type: application/octet-stream"]
)
def test_attachment_name(disposition: str, header: str) -> None:
    spelled = disposition if header.startswith("Content-D") else disposition.replace("file", "")
    part = f"{header}; {spelled}\r\nContent-Transfer-Encoding: base64"
    unpacked = unpack("thu.eml", raw_mail(part, as_base64(FORM)))
    assert only(unpacked) == FORM
    assert names(unpacked) == ["Phiếu tháng.xlsx"]


@pytest.mark.parametrize("charset", ["khong-co", "u\0tf-8", "zlib", "undefined", "idna", "utf-16"])
def test_charset_that_makes_no_sense(charset: str) -> None:
    data = f"Message-ID: <1>\r\nSubject: =?{charset}?q?Ch=C3?= abc\r\n".encode()
    (member,) = unpack("thu.eml", data + raw_mail("Content-Type: application/pdf", PDF)).members
    assert member.letter is not None
    assert member.letter.subject.endswith("abc")


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("base64", as_base64(FORM)),
        ("BASE64 ", as_base64(FORM)),
        ("base64", as_base64(FORM).rstrip(b"=\n")),
        ("base64", as_base64(FORM).replace(b"\n", b"\r\n \r\n")),
        ("binary", FORM),
        ("8bit", FORM),
        ("", FORM),
    ],
)
def test_transfer_encodings(encoding: str, body: bytes) -> None:
    part = f"Content-Type: text/plain; name=a.xlsx\r\nContent-Transfer-Encoding: {encoding}"
    assert only(unpack("thu.eml", raw_mail(part, body))) == FORM


def test_quoted_printable_and_uuencode() -> None:
    quoted = "Content-Type: text/csv; name=a.csv\r\nContent-Transfer-Encoding: quoted-printable"
    assert only(unpack("a", raw_mail(quoted, b"ch=C3=AD s=E1=BB=91=\r\n;1"))) == "chí số;1".encode()
    spelled = b"begin 644 a.xlsx\r\n#0V%T\r\n`\r\nend\r\n"
    old = "Content-Type: application/x; name=a\r\nContent-Transfer-Encoding: x-uuencode"
    assert only(unpack("a", raw_mail(old, spelled))) == b"Cat"
    assert codes(unpack("a", raw_mail(old, b"khong phai"))) == [("a", "U04")]
    assert codes(unpack("a", raw_mail(old, b"begin 644 a\n\xff\xff\nend\n"))) == [("a", "U04")]


def test_text_behind_base64() -> None:
    part = "Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64"
    assert only(unpack("thu.eml", raw_mail(part, b"JVBERi0=\r\n-- \r\nDanh sach thu\r\n"))) == b"%PDF-"


@pytest.mark.parametrize("body", [b"A", b"!!!", b"#"])
def test_base64_beyond_repair(body: bytes) -> None:
    part = "Content-Type: application/x; name=a.xlsx\r\nContent-Transfer-Encoding: base64"
    assert codes(unpack("thu.eml", raw_mail(part, body))) == [("a.xlsx", "U04")]


def test_mail_that_was_cut_gives_what_is_left() -> None:
    data = raw_mail("Content-Type: application/x; name=a.pdf", PDF, end=b"")
    assert only(unpack("thu.eml", b"Date: x\r\n" + data)) == PDF


@pytest.mark.parametrize(
    "kind", ["multipart/mixed", "multipart/mixed; boundary=khac", 'multipart/mixed; boundary=""']
)
def test_parts_that_cannot_be_found(kind: str) -> None:
    data = f"From: a@xa.example\nDate: x\nSubject: y\nContent-Type: {kind}\n\n--x\n\nabc\n--x--\n".encode()
    assert codes(unpack("thu.eml", data)) == [("thu.eml", "U04")]


def test_text_alone() -> None:
    letter = mail()
    letter.add_alternative("<p>Kính gửi</p>", subtype="html")
    assert codes(unpack("thu.eml", bytes(letter))) == [("thu.eml", "U06")]


def with_picture(data: bytes, disposition: str, cid: str | None) -> bytes:
    letter = mail(("phieu.xlsx", FORM))
    letter.add_attachment(
        data, maintype="image", subtype="png", disposition=disposition, filename="a.png", cid=cid
    )
    return bytes(letter)


def test_picture_of_a_signature_is_left_out_but_a_scan_is_kept() -> None:
    big = PNG + bytes(30_000)
    assert names(unpack("t", with_picture(PNG, "inline", "<1@x>"))) == ["phieu.xlsx"]
    assert names(unpack("t", with_picture(big, "inline", "<1@x>"))) == ["phieu.xlsx", "a.png"]
    assert names(unpack("t", with_picture(PNG, "attachment", "<1@x>"))) == ["phieu.xlsx", "a.png"]
    assert names(unpack("t", with_picture(PNG, "inline", None))) == ["phieu.xlsx", "a.png"]
    assert names(unpack("t", with_picture(FORM, "inline", "<1@x>"))) == ["phieu.xlsx", "a.png"]


def test_forwarded_mail_has_its_own_letter_and_that_of_its_carrier() -> None:
    outer = mail(("2.xlsx", OTHER_FORM), subject="Chuyển tiếp")
    outer.add_attachment(mail(("1.xlsx", FORM), subject="Bên trong"))
    outer.add_attachment(mail(subject="Chỉ có chữ"))
    unpacked = unpack("thu.eml", bytes(outer))
    assert names(unpacked) == ["2.xlsx", "1.xlsx"]
    assert not unpacked.faults
    direct, forwarded = (member.letter for member in unpacked.members)
    assert direct is not None
    assert forwarded is not None
    assert (direct.subject, forwarded.subject) == ("Chuyển tiếp", "Bên trong")
    assert forwarded.carried_by == direct


def test_forwarded_mail_in_base64_and_as_a_plain_file() -> None:
    inner = bytes(mail(("1.xlsx", FORM)))
    part = "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64"
    assert only(unpack("thu.eml", raw_mail(part, as_base64(inner)))) == FORM
    assert only(unpack("thu.eml", bytes(mail(("fw.eml", inner))))) == FORM


def test_zip_in_mail_in_zip_keeps_the_letter() -> None:
    inner = bytes(mail(("a.zip", zipped(("phieu.xlsx", FORM)))))
    unpacked = unpack("a.zip", zipped(("thu.eml", inner)))
    assert only(unpacked) == FORM
    letter = unpacked.members[0].letter
    assert letter is not None
    assert letter.sender == "kinhte@xa.example"


def test_mbox() -> None:
    start = b"From a@xa.example Thu Nov 19 22:10:05 2026\n"
    first, second = bytes(mail(("1.xlsx", FORM))), bytes(mail(("2.xlsx", OTHER_FORM), subject="Thư sau"))
    unpacked = unpack("thu", start + first + b"\n" + start + second)
    assert names(unpacked) == ["1.xlsx", "2.xlsx"]
    assert [m.letter and m.letter.subject for m in unpacked.members] == ["Báo cáo tháng 11", "Thư sau"]


def test_signed_mail() -> None:
    letter = mail(("phieu.xlsx", FORM))
    letter.add_attachment(b"x", maintype="application", subtype="pkcs7-signature", filename="smime.p7s")
    assert names(unpack("thu.eml", bytes(letter))) == ["phieu.xlsx"]


@pytest.mark.parametrize(
    "data",
    [
        HEAD + b'Content-Type: multipart/mixed; x="' + b";" * 3_000_000,
        HEAD + b"Content-Type: multipart/mixed" + b'; a*0="x"; a*="y"' * 100_000,
        HEAD + b"Content-Type: text/plain; name*" + b"9" * 5_000 + b"=x\n\nabc",
        HEAD + b"a:\n" * 1_000_000,
        HEAD + b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n" * 1_000_000,
        HEAD + b"Content-Type: multipart/mixed; boundary=x\n\n--x\n\n" + b"\n" * 20_000_000,
        HEAD + b"Content-Type: text/plain; boundary=x\n\n" + b"\n" * 20_000_000,
        b"From x\n" + HEAD + b"\n" + b"\n\nFrom 1:11\n" * 50_000,
        HEAD
        + b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(5_000)),
        HEAD
        + b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(19))
        + b"\n"
        + b"x" * 50_000_000,
        HEAD + b"Subject: " + b"=?a?b?c?= " * 300_000 + b"\n\n",
        HEAD + b"From: " + b"<" * 3_000_000,
        HEAD + b"Content-Type: multipart/mixed; boundary=x\n\n" + b"a--x\n" * 10_000_000,
        HEAD
        + b"Content-Type: application/x\nContent-Transfer-Encoding: x-uuencode\n\n"
        + b"begin 644 a\n" * 1_000_000,
    ],
)
def test_mails_made_to_take_long(data: bytes) -> None:
    unpacked = bounded(data)
    assert unpacked.faults
