"""Which letters are due, for whom and in which words: decided without a file, a clock or a server."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pipeline.base.period import Period
from pipeline.base.post import Kind
from pipeline.base.record import Fact, Submission
from pipeline.core.calendar import is_due
from pipeline.core.letters import Letter, letters_due
from pipeline.core.occasion import Answer, Occasion
from pipeline.core.register import register
from pipeline.run.mail_place import letter_texts
from pipeline.spec.contacts import Contacts
from tests.entries import a_fact, a_submission, digest
from tests.forms import PLAN

PERIOD = Period(2026, 11)
TEXTS = letter_texts()
CONTACTS = Contacts(
    {unit.id: (f"{unit.id.lower()}@example.org",) for unit in PLAN.expected_units},
    head=("lanh-dao@example.org",),
    readers=("ubnd@example.org",),
)
FORMS = {unit.id: f"outbox/2026-11/mau/{unit.id}-2026-11.xlsx" for unit in PLAN.expected_units}
BOOK = "outbox/2026-11/tong-hop-2026-11.xlsx"


def on(day: int, hour: int = 8, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def desk(now: datetime, *sent: Submission, facts: Sequence[Fact] = (), **more: Any) -> Occasion:
    lines = register(PLAN, PERIOD, sent, now)
    return Occasion(PLAN, PERIOD, now, lines, submissions=sent, facts=facts, **more)


def due(now: datetime, *sent: Submission, wanted: Sequence[Kind] = (), **more: Any) -> tuple[Letter, ...]:
    return letters_due(desk(now, *sent, **more), TEXTS, CONTACTS, wanted)


def of(kind: Kind, letters: Sequence[Letter]) -> list[str]:
    return [letter.unit for letter in letters if letter.kind == kind]


def a_report(unit: str, outcome: str = "valid", **changes: str) -> Submission:
    return a_submission(f"phiếu {unit}", unit, outcome=outcome, **changes)


def all_facts(unit: str, *left_out: str) -> list[Fact]:
    return [
        replace(a_fact(f"phiếu {unit}", i.code, unit=unit), period="2026-11")
        for i in PLAN.indicators_of(unit)
        if i.code not in left_out and is_due(i, PERIOD)
    ]


EXPECTED = [unit.id for unit in PLAN.expected_units]


# --- days -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "kinds"),
    [
        (on(1), {"form"}),
        (on(14, 23), {"form"}),
        (on(16, 7), {"form"}),
        (on(16), {"form", "reminder"}),
        (on(19, 23), {"form", "reminder"}),
        (on(20, 7), set()),
        (on(20), {"overdue"}),
        (on(22), {"overdue"}),
        (on(23), {"overdue", "escalation"}),
        (on(24), {"overdue", "escalation", "workbook"}),
        (on(25), {"workbook"}),
        (on(20, month=10), {"form"}),
        (on(19, month=10), set()),
    ],
)
def test_the_days_of_the_letters(now: datetime, kinds: set[str]) -> None:
    """Those of the steps of the plan."""
    sent = a_report("CA")
    letters = due(now, sent, forms=FORMS, workbook=BOOK, told=[sent.sha256])
    assert {letter.kind for letter in letters} == kinds


def test_each_reminder_of_a_period_has_a_day_of_its_own_and_a_day_slept_through_is_made_up_for() -> None:
    keys = {day: {x.key for x in due(on(day)) if x.unit == "CA"} for day in range(15, 26)}
    first, second = {"2026-11/reminder/CA/2026-11-16"}, {"2026-11/reminder/CA/2026-11-18"}
    after = {"2026-11/overdue/CA/2026-11-20"}
    assert keys == {
        15: set(), 16: first, 17: first, 18: second, 19: second,
        20: after, 21: after, 22: after, 23: after, 24: after, 25: set(),
    }  # fmt: skip


def test_a_kind_that_is_asked_for_comes_alone_and_on_any_day() -> None:
    letters = due(on(2), wanted=["reminder"], forms=FORMS, workbook=BOOK)
    assert (set(of("reminder", letters)), {x.kind for x in letters}) == (set(EXPECTED), {"reminder"})
    assert {x.key[-10:] for x in letters} == {"2026-11-02"}
    assert of("workbook", due(on(2), wanted=["workbook"], workbook=BOOK)) == [""]
    assert of("workbook", due(on(2), wanted=["workbook"])) == []


# --- who owes what --------------------------------------------------------------------------------


def test_whoever_has_sent_everything_is_left_in_peace() -> None:
    letters = due(on(18), a_report("CA"), facts=all_facts("CA"))
    assert of("reminder", letters) == [unit for unit in EXPECTED if unit != "CA"]
    assert of("overdue", due(on(22), a_report("CA"), facts=all_facts("CA"))) == of("reminder", letters)


@pytest.mark.parametrize(
    ("sent", "facts", "said"),
    [
        ([], [], "đơn vị chưa gửi phiếu báo cáo."),
        ([a_report("CA", "rejected")], [], "đơn vị đã gửi phiếu nhưng phiếu chưa dùng được."),
        ([a_report("CA", "empty")], [], "đơn vị đã gửi phiếu nhưng phiếu chưa dùng được."),
        (
            [a_report("CA", "partial")],
            all_facts("CA", "V.20"),
            f"còn 1/{len(all_facts('CA'))} chỉ tiêu chưa có số liệu hợp lệ.",
        ),
    ],
)
def test_the_reminder_says_what_is_owed(sent: list[Submission], facts: list[Fact], said: str) -> None:
    (letter,) = [x for x in due(on(18), *sent, facts=facts) if x.kind == "reminder" and x.unit == "CA"]
    assert said in letter.body
    assert "Hạn nộp là trước ngày 20/11/2026" in letter.body
    assert "còn 2 ngày." in letter.body
    assert letter.recipients == ("ca@example.org",)


def test_a_unit_whose_only_figure_is_yearly_owes_nothing_but_its_form() -> None:
    owed = [i.code for i in PLAN.indicators_of("KT") if is_due(i, PERIOD)]
    assert owed == []
    assert "KT" not in of("reminder", due(on(18), a_report("KT")))
    assert "KT" in of("reminder", due(on(18)))


def test_the_figures_of_another_period_or_unit_settle_nothing() -> None:
    october = [replace(fact, period="2026-10") for fact in all_facts("CA")]
    others = [replace(fact, unit="TH") for fact in all_facts("CA")]
    assert "CA" in of("reminder", due(on(18), a_report("CA"), facts=[*october, *others]))


def test_the_head_reads_who_owes_what_and_how_many() -> None:
    letters = due(on(23), a_report("CA"), a_report("TH", "rejected"), facts=all_facts("CA"))
    (letter,) = [x for x in letters if x.kind == "escalation"]
    assert letter.recipients == ("lanh-dao@example.org",)
    assert f"Đến 08:00 ngày 23/11/2026, {len(EXPECTED) - 1}/{len(EXPECTED)} đơn vị" in letter.body
    assert (
        "- Các trường học trên địa bàn: đã gửi phiếu nhưng phiếu chưa dùng được" in letter.body.splitlines()
    )
    assert letter.body.count("\n- ") == len(EXPECTED) - 1
    assert "Công an xã" not in letter.body


def test_a_unit_that_was_given_more_time_is_told_its_own_deadline_and_not_late_before_it() -> None:
    given = {"CA": date(2026, 11, 22)}
    (reminder,) = [x for x in due(on(18), extensions=given) if x.kind == "reminder" and x.unit == "CA"]
    assert "Hạn nộp là trước ngày 23/11/2026" in reminder.body
    assert "còn 5 ngày." in reminder.body
    assert of("overdue", due(on(22), extensions=given)) == [unit for unit in EXPECTED if unit != "CA"]
    last = due(on(23), extensions=given)
    assert of("overdue", last) == EXPECTED
    assert f"{len(EXPECTED)}/{len(EXPECTED)} đơn vị" in next(x.body for x in last if x.kind == "escalation")
    more = due(on(23), extensions={"CA": date(2026, 11, 23)})
    assert "Công an xã" not in next(x.body for x in more if x.kind == "escalation")


def test_a_deadline_that_is_past_is_not_named_as_if_it_lay_ahead() -> None:
    def body(kind: Kind, day: int, **more: Any) -> str:
        letters = due(on(day), wanted=[kind], forms=FORMS, **more)
        return next(x.body for x in letters if x.unit in ("", "CA"))

    assert "gửi lại trước ngày 20/11/2026 (chậm nhất 23 giờ 59 phút ngày 19/11/2026)" in body("form", 19)
    past = "gửi lại trong thời gian sớm nhất (hạn nộp trước ngày 20/11/2026 đã qua) bằng cách trả lời"
    assert past in body("form", 20)
    given = {"CA": date(2026, 11, 22)}
    assert "gửi lại trước ngày 23/11/2026" in body("form", 22, extensions=given)
    assert "hạn nộp trước ngày 23/11/2026 đã qua" in body("form", 23, extensions=given)
    assert "(hạn nộp: trước ngày 20/11/2026)" in body("escalation", 19)
    assert "(hạn nộp trước ngày 20/11/2026 đã qua)" in body("escalation", 20)
    assert "gửi phiếu ngay để kịp tổng hợp, báo cáo UBND xã Phước An trước ngày 25/11/2026." in body(
        "overdue", 24
    )
    late = "để tổng hợp, báo cáo bổ sung UBND xã Phước An (hạn báo cáo trước ngày 25/11/2026 đã qua)."
    assert f"gửi phiếu ngay {late}" in body("overdue", 25)
    assert f"đôn đốc {late}" in body("escalation", 25)


def test_where_nobody_owes_anything_nobody_is_told() -> None:
    sent = [a_report(unit) for unit in EXPECTED]
    facts = [fact for unit in EXPECTED for fact in all_facts(unit)]
    assert due(on(23), *sent, facts=facts, told=[s.sha256 for s in sent]) == ()


# --- answers --------------------------------------------------------------------------------------


def test_a_receipt_counts_the_rows_of_its_own_file() -> None:
    facts = all_facts("CA", "V.20")
    (letter,) = [x for x in due(on(14), a_report("CA"), facts=facts) if x.kind == "receipt"]
    assert f"{len(facts)}/{len(facts) + 1} chỉ tiêu hợp lệ" in letter.body
    assert letter.key == f"2026-11/receipt/CA/{digest('phiếu CA')[:8]}"
    assert letter.enclosures == ()


def test_a_receipt_names_the_file_as_its_sender_did_and_no_hour_that_nobody_knows() -> None:
    fetched = {"name": "thu/20261114T011500Z_ab.eml/Phiếu.xlsx", "arrival_source": "mailbox"}
    for changes, said in (
        (
            {"arrived_at": "2026-11-14T01:15:00+00:00", **fetched},
            "(tệp «Phiếu.xlsx») lúc 08:15 ngày 14/11/2026.",
        ),
        ({"name": "2026-11-14/a.xlsx", "arrival_source": "day_folder"}, "(tệp «a.xlsx») ngày 18/11/2026."),
    ):
        (letter,) = [x for x in due(on(14), a_report("CA", **changes)) if x.kind == "receipt"]
        assert said in letter.body


def test_a_unit_that_has_sent_its_form_already_needs_no_blank_one() -> None:
    assert of("form", due(on(14), a_report("CA"), forms=FORMS)) == [u for u in EXPECTED if u != "CA"]


def test_what_has_something_to_mend_is_answered_with_its_feedback_and_never_with_a_receipt() -> None:
    form = "outbox/2026-11/phan-hoi/CA-2026-11-abc.xlsx"
    answers = {digest("phiếu CA"): Answer("Kính gửi Công an xã,\nĐề nghị sửa {ô} G17.\n", form)}
    told = {digest("phiếu CA")}
    letters = due(on(14), a_report("CA", "partial"), told=told, answers=answers)
    assert (of("receipt", letters), of("feedback", letters)) == ([], ["CA"])
    assert letters[0].body.startswith("Kính gửi Công an xã,\nĐề nghị sửa {ô} G17.\n\nTrân trọng.")
    assert [(e.path, e.name) for e in letters[0].enclosures] == [(form, "CA-2026-11-abc.xlsx")]
    assert due(on(14), a_report("CA", "partial"), told=told) == ()


def test_a_form_that_a_later_usable_one_replaced_is_answered_no_more() -> None:
    def about(later: str) -> list[str]:
        first = a_report("CA", "partial", arrived_at="2026-11-17T08:00:00+07:00")
        second = a_submission("lại", "CA", outcome=later, arrived_at="2026-11-18T08:00:00+07:00")
        told = {first.sha256, second.sha256}
        answers = {sha256: Answer(sha256[:8], "") for sha256 in told}
        letters = due(on(18), first, second, told=told, answers=answers)
        words = {first.sha256[:8]: "first", second.sha256[:8]: "second"}
        return sorted(words[x.body.split("\n")[0]] for x in letters if x.kind == "feedback")

    assert about("warned") == ["second"]
    assert about("rejected") == ["first", "second"]  # nothing of the second is usable: the first still counts


def test_a_file_that_is_nobodys_goes_back_to_the_unit_that_its_sender_writes_for() -> None:
    for sender, units in (("CA@Example.org", ["CA"]), ("la@example.com", []), ("", [])):
        lost = a_submission("lạ", "", "", outcome="rejected", sender=sender)
        answers = {lost.sha256: Answer("Tệp không dùng được.", "")}
        letters = due(on(14), lost, told={lost.sha256}, answers=answers)
        assert of("feedback", letters) == units


def test_scans_and_wrappings_get_no_receipt() -> None:
    sent = [a_report("CA", "companion"), a_submission("thư", "", "", outcome="opened")]
    assert due(on(14), *sent) == ()


# --- words ----------------------------------------------------------------------------------------


def test_every_letter_is_filled_and_within_one_subject_line() -> None:
    answers = {digest("phiếu TH"): Answer("Lời.", "")}
    sent = [a_report("CA"), a_report("TH", "partial")]
    kinds = ["form", "receipt", "feedback", "reminder", "escalation", "workbook"]
    letters = due(on(18), *sent, wanted=kinds, forms=FORMS, workbook=BOOK, answers=answers, told=answers)  # type: ignore[arg-type]  # they are kinds
    letters += due(on(22), *sent, wanted=["overdue"])
    assert {x.kind for x in letters} == {*kinds, "overdue"}
    for letter in letters:
        assert "{" not in letter.subject + letter.body
        assert letter.subject.isprintable()
        assert letter.body.endswith("Phòng Văn hóa - Xã hội\n")
    assert len({x.key for x in letters}) == len({(x.stem, x.kind) for x in letters}) == len(letters)


def test_an_attachment_has_a_name_that_every_system_takes() -> None:
    book = replace(TEXTS.letters["workbook"], attachment="Bảng {period} {plan}.xlsx")
    texts = replace(TEXTS, letters={**TEXTS.letters, "workbook": book})
    (letter,) = letters_due(desk(on(24), workbook=BOOK), texts, CONTACTS, ["workbook"])
    name = "Bảng tháng 11-2026 Kết quả thực hiện Kế hoạch Nghị quyết 57-NQ-TW năm 2026.xlsx"
    assert letter.enclosures[0].name == name
    assert f"tệp «{name}» kèm theo" in letter.body
