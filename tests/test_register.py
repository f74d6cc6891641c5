"""Receipt, time and outcome of every unit, kept apart."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.base.period import Period
from pipeline.base.record import Outcome, Submission
from pipeline.core.register import RegisterLine, has_reported, register, replaced, reporting_rate
from tests.entries import a_finding, a_submission
from tests.forms import AFTER, PLAN

NOVEMBER = Period(2026, 11)
EXPECTED = ["VHXH", "PVHCC", "CA", "VP", "KT", "CQ", "TH", "TYT", "TCNS"]
OUTCOMES: list[Outcome] = ["valid", "warned", "partial", "rejected", "empty"]


def file(day: int, outcome: Outcome, unit: str = "CA", hour: int = 8, period: str = "2026-11") -> Submission:
    moment = f"2026-11-{day:02d}T{hour:02d}:00:00+07:00"
    word = f"{unit} {moment} {outcome} {period}"
    made = a_submission(word, unit, period, arrived_at=moment, decided_at=moment)
    return replace(made, outcome=outcome)


def line(*files: Submission, unit: str = "CA") -> RegisterLine:
    return next(entry for entry in register(PLAN, NOVEMBER, files, AFTER) if entry.unit == unit)


def standing(*files: Submission) -> tuple[str, str, str]:
    found = line(*files)
    return found.receipt, found.time, found.outcome


def test_every_unit_that_owes_a_form_has_its_line_in_the_order_of_the_plan() -> None:
    lines = register(PLAN, NOVEMBER, [], AFTER)
    assert [entry.unit for entry in lines] == EXPECTED
    assert {(e.receipt, e.time, e.outcome, e.file, e.files) for e in lines} == {("not_sent", "", "", "", 0)}


@pytest.mark.parametrize(
    ("day", "outcome", "expected"),
    [
        (18, "valid", ("sent", "on_time", "valid")),
        (19, "warned", ("sent", "on_time", "warned")),
        (19, "partial", ("sent", "on_time", "partial")),
        (20, "valid", ("sent", "late", "valid")),
        (24, "partial", ("sent", "late", "partial")),
        (18, "empty", ("sent", "", "empty")),  # received, but no report on time
        (24, "empty", ("sent", "", "empty")),
        (18, "rejected", ("sent", "", "rejected")),
    ],
)
def test_one_file(day: int, outcome: Outcome, expected: tuple[str, str, str]) -> None:
    assert standing(file(day, outcome)) == expected


def test_refused_then_accepted() -> None:
    """The refused one in time does not make the accepted one timely."""
    assert standing(file(18, "rejected"), file(21, "valid")) == ("sent", "late", "valid")
    assert standing(file(17, "rejected"), file(18, "partial")) == ("sent", "on_time", "partial")
    assert standing(file(18, "empty"), file(21, "valid")) == ("sent", "late", "valid")


def test_a_correction_after_the_deadline_keeps_the_first_report_on_time() -> None:
    found = line(file(18, "partial"), file(22, "valid"))
    assert (found.time, found.outcome, found.files) == ("on_time", "valid", 2)
    assert found.arrived_at == "2026-11-18T08:00:00+07:00"


def timed(*sent: tuple[int, dict[str, str]]) -> str:
    """The time of a unit that sent on these days these indicators with their states."""
    files = [file(day, "partial") for day, _ in sent]
    answers = [
        (made.sha256, code, state)
        for made, (_, said) in zip(files, sent, strict=True)
        for code, state in said.items()
    ]
    lines = register(PLAN, NOVEMBER, files, AFTER, answers=answers)
    return next(entry.time for entry in lines if entry.unit == "CA")


THREE = dict.fromkeys(("V.20", "V.28", "V.30"), "reported")
NOTHING_YET = dict.fromkeys(THREE, "no_data")


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ([(18, {}), (22, THREE)], "late"),  # a form that was sent to keep the place
        ([(18, {"V.20": "reported"}), (22, THREE)], "late"),  # one of three rows
        ([(18, {"V.20": "reported", "V.28": "reported"}), (22, THREE)], "on_time"),
        ([(18, NOTHING_YET), (22, THREE)], "late"),
        ([(18, NOTHING_YET), (22, {"V.20": "reported"})], "on_time"),  # two of three words stand
        ([(18, THREE), (22, THREE)], "on_time"),  # a correction
        ([(18, THREE), (22, NOTHING_YET)], "late"),  # what is taken back does not count
        ([(18, {}), (22, {})], "on_time"),  # words and tasks alone
    ],
)
def test_a_form_with_hardly_anything_keeps_no_place(
    sent: list[tuple[int, dict[str, str]]], expected: str
) -> None:
    assert timed(*sent) == expected


def test_a_later_refused_or_empty_file_takes_nothing_away() -> None:
    assert standing(file(18, "valid"), file(19, "rejected")) == ("sent", "on_time", "valid")
    assert standing(file(18, "valid"), file(23, "empty")) == ("sent", "on_time", "valid")


def test_files_of_other_periods_and_of_nobody_are_not_counted() -> None:
    others = [
        file(18, "valid", period="2026-10"),
        file(18, "rejected", unit=""),
        file(18, "rejected", period=""),
    ]
    assert standing(*others) == ("not_sent", "", "")


def test_a_unit_that_owes_nothing_and_sends() -> None:
    lines = register(PLAN, NOVEMBER, [file(18, "rejected", unit="NHNN")], AFTER)
    assert [entry.unit for entry in lines] == [*EXPECTED[:5], "NHNN", *EXPECTED[5:]]
    found = next(entry for entry in lines if entry.unit == "NHNN")
    assert (found.receipt, found.outcome) == ("not_expected", "rejected")
    assert reporting_rate(lines) == (9, 0, 0)


def test_the_outcome_and_its_file_belong_together() -> None:
    """What has been mended is not told again: errors are counted in the file that the outcome is of."""
    first, second = file(18, "partial"), file(22, "valid")
    found = line(first, second)
    assert (found.sha256, found.latest_sha256) == (first.sha256, second.sha256)
    refused = file(23, "rejected")
    assert line(first, second, refused).latest_sha256 == second.sha256
    assert line(refused).latest_sha256 == refused.sha256


@pytest.mark.parametrize(
    ("day", "expected"),
    [(19, "on_time"), (20, "extended"), (22, "extended"), (23, "late")],
)
def test_an_extension_counts_to_the_end_of_its_last_good_day(day: int, expected: str) -> None:
    sent = file(day, "valid", hour=23)
    lines = register(PLAN, NOVEMBER, [sent], AFTER, {"CA": date(2026, 11, 22)})
    found = next(entry for entry in lines if entry.unit == "CA")
    assert (found.receipt, found.time) == ("sent", expected)
    assert reporting_rate(lines) == (9, 1, int(expected != "late"))


def test_an_extension_is_for_its_unit_alone() -> None:
    sent = [file(21, "valid"), file(21, "valid", "VP")]
    lines = register(PLAN, NOVEMBER, sent, AFTER, {"CA": date(2026, 11, 22), "?": date(2026, 11, 30)})
    assert {entry.unit: entry.time for entry in lines if entry.time} == {"CA": "extended", "VP": "late"}


def test_an_empty_form_within_an_extension_is_no_report_on_time() -> None:
    lines = register(PLAN, NOVEMBER, [file(21, "empty")], AFTER, {"CA": date(2026, 11, 22)})
    assert reporting_rate(lines) == (9, 0, 0)


def test_a_unit_is_waited_for_until_its_own_deadline() -> None:
    extended = {"CA": date(2026, 11, 24)}
    receipts = {e.unit: e.receipt for e in register(PLAN, NOVEMBER, [], AFTER, extended)}
    assert receipts.pop("CA") == "waiting"
    assert set(receipts.values()) == {"not_sent"}
    day_after = AFTER + timedelta(days=1)
    assert {e.receipt for e in register(PLAN, NOVEMBER, [], day_after, extended)} == {"not_sent"}


FILES = st.lists(
    st.builds(
        file,
        st.integers(1, 30),
        st.sampled_from(OUTCOMES),
        st.sampled_from([*EXPECTED, "NHNN"]),
        st.integers(0, 23),
    ),
    max_size=20,
    unique_by=lambda s: s.sha256,
)


EXTENSIONS = st.dictionaries(
    st.sampled_from([*EXPECTED, "NHNN"]), st.dates(date(2026, 11, 1), date(2026, 12, 15))
)


@given(FILES, EXTENSIONS)
def test_rates_are_never_over_the_whole(files: list[Submission], extensions: dict[str, date]) -> None:
    expected, reported, on_time = reporting_rate(register(PLAN, NOVEMBER, files, AFTER, extensions))
    assert 0 <= on_time <= reported <= expected == len(EXPECTED)


@given(FILES)
def test_the_order_of_the_files_does_not_matter(files: list[Submission]) -> None:
    assert register(PLAN, NOVEMBER, files, AFTER) == register(PLAN, NOVEMBER, files[::-1], AFTER)
    for entry in register(PLAN, NOVEMBER, files, AFTER):
        assert bool(entry.time) is has_reported(entry)
        assert (entry.receipt == "not_sent") is (entry.files == 0) is (entry.outcome == "")


def test_findings_are_counted_one_by_one_in_the_file_that_the_outcome_speaks_of() -> None:
    first, latest, refused = file(17, "partial"), file(18, "warned"), file(19, "rejected")
    told = [
        replace(a_finding("", number), sha256=sha256, severity=severity)
        for sha256, severities in (
            (first.sha256, ["error"] * 4),
            (latest.sha256, ["warning", "warning", "note"]),
            (refused.sha256, ["error"]),
        )
        for number, severity in enumerate(severities)
    ]
    lines = {e.unit: e for e in register(PLAN, NOVEMBER, [first, latest, refused], AFTER, findings=told)}
    assert (lines["CA"].outcome, lines["CA"].errors, lines["CA"].warnings) == ("warned", 0, 2)
    assert (lines["VP"].errors, lines["VP"].warnings) == (0, 0)


def test_a_later_form_takes_the_place_of_the_earlier_ones() -> None:
    """A later one that reports nothing takes nobody's place, unless none reports anything."""
    first, mended, refused = file(16, "partial"), file(17, "warned"), file(18, "rejected")
    other, earlier = file(16, "partial", unit="TH"), file(15, "partial", period="2026-10")
    assert replaced([refused, mended, first, other, earlier], NOVEMBER) == {first.sha256}
    assert replaced([first, refused], NOVEMBER) == set()
    empty = file(19, "empty")
    assert replaced([refused, empty], NOVEMBER) == {refused.sha256}


def test_a_form_of_an_unknown_month_is_replaced_by_that_of_the_month() -> None:
    early, right, kept_out = file(15, "rejected", period=""), file(16, "valid"), file(17, "pending")
    assert replaced([early, right, kept_out], NOVEMBER) == {early.sha256}
    assert replaced([early, kept_out], NOVEMBER) == set()
