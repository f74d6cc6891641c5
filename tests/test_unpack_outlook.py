"""What comes out of the files of Outlook: messages and winmail.dat; and of anything that was spoiled."""

import struct
from collections.abc import Callable
from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.edges.unpacking.unpack import unpack
from tests.unpacking import (
    FORM,
    HEAD,
    ICT,
    NAME,
    OLE2,
    OTHER_FORM,
    PNG,
    bounded,
    codes,
    mail,
    names,
    zipped,
)
from tests.wrappers import Tree, attachment, mapi, message, ole2, texts, winmail


def test_outlook_message() -> None:
    headers = bytes(mail(received=True)).partition(b"\n\n")[0].decode() + "\n\n"
    inner = message(texts(p0037="Bên trong"), attachment(b"Trong" * 9, p3707="trong.txt"))
    forwarded: Tree = {"__substg1.0_3701000D": inner, **texts(p3001="Thư cũ")}
    data = ole2(
        message(
            texts(p007d=headers, p0037="không dùng"),
            attachment(FORM + bytes(9_000), p3707=NAME, p3704="PHIEU~1.XLS"),
            attachment(PNG, p3707="chu-ky.png", p370e="image/png", p3712="1@x"),
            forwarded,
        )
    )
    unpacked = unpack("thu.msg", data)
    assert [(m.name, m.data) for m in unpacked.members] == [
        (NAME, FORM + bytes(9_000)),
        ("trong.txt", b"Trong" * 9),
    ]
    assert not unpacked.faults
    direct, within = (member.letter for member in unpacked.members)
    assert direct is not None
    assert within is not None
    assert (direct.sender, direct.subject) == ("kinhte@xa.example", "Báo cáo tháng 11")
    assert direct.received_at == datetime(2026, 11, 19, 22, 10, 5, tzinfo=ICT)
    assert (within.subject, within.carried_by) == ("Bên trong", direct)


def test_outlook_message_that_was_never_sent() -> None:
    data = ole2(
        message(
            texts(p0037="Báo cáo", p0c1f="a@xa.example", p1035="<2@xa.example>"),
            attachment(FORM, p3704="a.xlsx"),
        )
    )
    (member,) = unpack("thu.msg", data).members
    assert member.letter is not None
    assert (member.letter.sender, member.letter.subject) == ("a@xa.example", "Báo cáo")
    assert (member.letter.received_at, member.letter.message_id) == (None, "<2@xa.example>")


def test_outlook_eight_bit_texts() -> None:
    named = {"__substg1.0_3707001E": "Bi\u00ea\u0309u.xlsx".encode("cp1258"), "__substg1.0_37010102": FORM}
    assert names(unpack("thu.msg", ole2(message({}, named)))) == ["Biểu.xlsx"]


def test_outlook_faults() -> None:
    assert codes(unpack("t.msg", ole2(message(texts(p0037="x"))))) == [("t.msg", "U06")]
    linked = ole2(message({}, texts(p3707="lien-ket.xlsx")))
    assert codes(unpack("t.msg", linked)) == [("lien-ket.xlsx", "U04")]
    shared = attachment(bytes(range(250)) * 4_000, p3707="a.xlsx")
    unpacked = unpack("t.msg", ole2(message({}, *[shared] * 120)))
    assert len(unpacked.members) == 99
    assert set(codes(unpacked)) == {("a.xlsx", "U03")}
    tree = message({}, attachment(FORM, p3707="a.xlsx"))
    for _ in range(5):
        tree = message({}, {"__substg1.0_3701000D": tree, **texts(p3001="Thư")})
    assert codes(unpack("t.msg", ole2(tree))) == [("Thư", "U01")]


def test_outlook_message_that_was_cut() -> None:
    data = ole2(message({}, attachment(bytes(20_000), p3707="a.xlsx")))
    cut = data[:3_000] + "__properties_version1.0".encode("utf-16-le")
    assert codes(unpack("t.msg", cut)) == [("t.msg", "U04")]


def test_outlook_loops_end() -> None:
    data = bytearray(ole2(message({}, attachment(bytes(20_000), p3707="a.xlsx"))))
    table = 512 + 512 * struct.unpack_from("<I", data, 76)[0]
    data[table : table + 4] = bytes(4)  # the first sector is followed by itself
    assert bounded(bytes(data))


def test_winmail() -> None:
    wide = "Phiếu tháng.xlsx\0".encode("utf-16-le")
    data = winmail(
        (0x9002, bytes(14)),
        (0x8010, b"PHIEU~1.XLS\0"),
        (0x800F, FORM),
        (0x9005, mapi((0x3707, 0x1F, wide))),
        (0x9002, bytes(14)),
        (0x8010, b"2.xlsx\0"),
        (0x9005, mapi((0x3701, 0x0D, bytes(16) + OTHER_FORM))),
        (0x9002, bytes(14)),
        (0x8010, b"chu-ky.png\0"),
        (0x800F, PNG),
        (0x9005, mapi((0x370E, 0x1E, b"image/png\0"), (0x3712, 0x1E, b"1@x\0"))),
    )
    unpacked = unpack("thu.eml", bytes(mail(("winmail.dat", data))))
    assert [(m.name, m.data) for m in unpacked.members] == [
        ("Phiếu tháng.xlsx", FORM),
        ("2.xlsx", OTHER_FORM),
    ]
    assert not unpacked.faults
    assert unpacked.members[0].letter is not None


def test_winmail_faults() -> None:
    assert codes(unpack("winmail.dat", winmail())) == [("winmail.dat", "U06")]
    assert codes(unpack("w", winmail((0x9002, b""), (0x8010, b"a.xlsx\0")))) == [("a.xlsx", "U04")]
    whole = winmail((0x9002, b""), (0x800F, FORM), (0x9002, b""), (0x800F, OTHER_FORM))
    unpacked = unpack("w", whole[:-50])
    assert [m.data for m in unpacked.members] == [FORM]
    assert [code for _, code in codes(unpacked)] == ["U04", "U04"]


CONTAINERS = [
    zipped(("a.xlsx", FORM), ("b.zip", zipped(("c.xlsx", OTHER_FORM)))),
    bytes(mail((NAME, FORM), ("a.zip", zipped(("c.xlsx", OTHER_FORM))))),
    ole2(message(texts(p0037="x", p007d="From: a@xa.example\n\n"), attachment(FORM, p3707="a.xlsx"))),
    winmail((0x9002, b""), (0x800F, FORM), (0x9005, mapi((0x3707, 0x1F, b"a\0"), (0x3701, 0x0D, FORM)))),
]
Change = tuple[float, int]


def overwrite(data: bytes, changes: list[Change]) -> bytes:
    spoiled = bytearray(data)
    for place, byte in changes:
        spoiled[int(place * (len(data) - 1))] = byte
    return bytes(spoiled)


def cut(data: bytes, changes: list[Change]) -> bytes:
    return data[: int(changes[0][0] * len(data))]


def leave_out(data: bytes, changes: list[Change]) -> bytes:
    place = int(changes[0][0] * len(data))
    return data[:place] + data[place + changes[0][1] :]


@settings(max_examples=300)
@given(
    st.sampled_from(CONTAINERS),
    st.sampled_from([overwrite, cut, leave_out]),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=8),
)
def test_a_spoiled_container_gives_members_or_faults(
    data: bytes, spoil: Callable[[bytes, list[Change]], bytes], changes: list[Change]
) -> None:
    unpacked = unpack("a", spoil(data, changes))
    assert unpacked.members or unpacked.faults
    assert all(len(fault.code) == 3 and fault.code.startswith("U0") for fault in unpacked.faults)
    assert all(0 < len(member.name) <= 120 for member in unpacked.members)


@given(
    st.sampled_from([b"", OLE2, b"PK\3\4", b"\x78\x9f\x3e\x22", HEAD + b"Content-Type: "]),
    st.binary(max_size=2_000),
)
def test_random_bytes_give_members_or_faults(start: bytes, data: bytes) -> None:
    unpacked = unpack("a", start + data)
    assert unpacked.members or unpacked.faults
