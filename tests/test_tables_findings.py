"""The sheet of findings: equal ones told once, none lost, none joined with what is mended."""

from dataclasses import replace

from tests.sent import counts, finding, sent
from tests.test_tables import LATE, pages, row


def test_equal_findings_of_a_file_share_a_row_and_add_up_to_the_count_of_the_register() -> None:
    blank, odd = finding("R01", "V.20"), finding("C01", "V.28")
    places = [replace(blank, row_code=code, cells=cells) for code, cells in PLACES]
    frames = pages(sent("CA", *places, odd, finding("R12", "V.30", "warning"), outcome="partial")).frames
    found = frames["findings"].set_index("code")
    joined = found.loc["R01"]
    assert (joined["row_code"], joined["cells"], joined["places"]) == (
        "V.20, V.28, V.30",
        "F7, F8, F9, G9",
        3,
    )
    assert found["places"].tolist() == [3, 1, 1]
    counted = row(frames["register"], "unit", "CA")
    for severity, count in (("error", 4), ("warning", 1)):
        shown = found[found[f"{severity}s_of"].eq(counted["latest_sha256"])]
        assert set(shown["severity"]) == {severity}
        assert counted[f"{severity}s"] == shown["places"].sum() == count


PLACES = (("V.20", "F7"), ("V.28", "F8"), ("V.30", "F9, G9"))


def test_mended_findings_are_never_joined_with_those_that_are_still_there() -> None:
    blank = [finding("R01", code) for code in ("V.20", "V.28", "V.30")]
    later = sent("CA", counts("V.28", 1, 2), at=LATE, outcome="partial")
    frame = pages(sent("CA", *blank, outcome="partial"), later).frames["findings"]
    said = frame[["mending", "row_code", "places"]].itertuples(index=False, name=None)
    assert list(said) == [("open", "V.20, V.30", 2), ("mended", "V.28", 1)]


def test_the_same_finding_in_two_files_stands_twice() -> None:
    first = sent("CA", finding("R01", "V.20"), outcome="partial")
    second = sent("CA", finding("R01", "V.20"), at=LATE, outcome="partial")
    other = sent("VHXH", finding("R01", "I.1"), outcome="partial")
    frame = pages(second, first, other).frames["findings"]
    assert frame["unit"].tolist() == ["Phòng VH-XH", "Công an xã", "Công an xã"]  # in the plan's order
    assert frame["file"].tolist()[1:] == [f.submission.name for f in (first, second)]


def test_a_row_of_many_places_goes_on_in_another_that_a_page_can_show() -> None:
    many = [replace(finding("R08", f"X.{n}"), cells=f"M{n}") for n in range(1, 46)]
    frame = pages(sent("CA", *many, outcome="partial")).frames["findings"]
    assert frame["places"].tolist() == [40, 5]
    assert ", ".join(frame["cells"]) == ", ".join(f"M{n}" for n in range(1, 46))
