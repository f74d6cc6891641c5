"""Equal findings are told once: what counts as equal, in which order, and how long lists are cut."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.base.errors import SpecError
from pipeline.base.record import KeptFinding
from pipeline.core.grouping import enumerated, grouped
from pipeline.run.labels import sentences
from pipeline.spec.wording import load_wording
from tests.entries import a_finding
from tests.forms import SCHEMAS

DASH = replace(a_finding("a", 1), row_code="V.2", cells="F17", label="Tử số", found="Ô ghi «-».")
WORDING = sentences()


def test_one_fault_in_three_cells_is_one_group() -> None:
    (group,) = grouped(
        [
            DASH,
            replace(DASH, number=2, row_code="V.4", cells="F19"),
            replace(DASH, number=3, row_code="V.4", cells="I19", label="Mẫu số"),
        ]
    )
    assert (group.cells, group.rows) == (("F17", "F19", "I19"), ("V.2", "V.4"))
    assert (group.label, len(group.findings), group.first) == ("Tử số; Mẫu số", 3, DASH)


def test_cells_of_one_finding_stay_together_and_stand_once() -> None:
    pair = replace(DASH, cells="F17, G17")
    (group,) = grouped([pair, replace(pair, number=2, cells="G17, F18")])
    assert group.cells == ("F17", "G17", "F18")


def test_a_finding_about_the_whole_file_names_no_place() -> None:
    (group,) = grouped([replace(DASH, sheet="", row_code="", cells="", label="")])
    assert (group.rows, group.cells, group.label) == ((), (), "")


@pytest.mark.parametrize(
    "difference",
    [
        *({"sha256": "b"}, {"code": "C99"}, {"severity": "warning"}, {"sheet": "Nhiệm vụ"}),
        *({key: "khác"} for key in ("title", "found", "expected", "mend", "example")),
    ],
    ids=lambda difference: next(iter(difference)),
)
def test_whatever_is_said_differently_stays_apart(difference: dict[str, str]) -> None:
    other = replace(DASH, number=2, **difference)  # type: ignore[arg-type]  # only texts are changed
    assert [group.findings for group in grouped([DASH, other])] == [(DASH,), (other,)]


def test_file_by_file_errors_come_first_then_warnings_then_notes() -> None:
    def said(sha256: str, severity: str, code: str) -> KeptFinding:
        return replace(DASH, sha256=sha256, severity=severity, code=code)

    told = [
        said("b", "note", "F10"),
        said("b", "error", "R02"),
        said("a", "warning", "R12"),
        said("b", "error", "R01"),
        said("b", "warning", "R11"),
        said("a", "error", "R03"),
    ]
    codes = [group.first.code for group in grouped(told)]
    assert codes == ["R02", "R01", "R11", "F10", "R03", "R12"]


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["-", "x"]), st.integers(1, 9))))
def test_no_finding_is_lost_or_told_twice(drawn: list[tuple[str, str, int]]) -> None:
    told = [
        replace(DASH, sha256=sha256, found=found, number=number, cells=f"F{row}")
        for number, (sha256, found, row) in enumerate(drawn)
    ]
    groups = grouped(told)
    assert sorted((f for g in groups for f in g.findings), key=lambda f: f.number) == told
    assert len({(g.first.sha256, g.first.found) for g in groups}) == len(groups)


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, ""),
        (1, "V.1"),
        (10, ", ".join(f"V.{n}" for n in range(1, 11))),
        (11, "V.1, V.2, V.3, V.4, V.5, V.6, V.7, V.8 và 3 dòng khác"),
        (40, "V.1, V.2, V.3, V.4, V.5, V.6, V.7, V.8 và 32 dòng khác"),
    ],
)
def test_a_long_list_is_cut_and_says_how_much_is_left_out(count: int, shown: str) -> None:
    assert enumerated([f"V.{n}" for n in range(1, count + 1)], WORDING, "more_rows") == shown


def test_a_cut_list_cannot_be_longer_than_a_whole_one() -> None:
    text = (SCHEMAS / "wording.toml").read_text(encoding="utf-8")
    for odd in ("begins = 11", "begins = 0"):
        with pytest.raises(SpecError, match=r"lists\.begins"):
            load_wording("wording.toml", text.replace("begins = 8", odd))
