"""The proposed scorecards of the units: all of them, or of very many those with the lowest totals."""

from pipeline.base.sheet import number_text
from pipeline.core.page.sources import Sources, bar
from pipeline.core.rows import Row, rows_of
from pipeline.core.units import rests_on_no_results
from pipeline.spec.page import Card


def cards(src: Sources) -> tuple[tuple[Card, ...], str]:
    """The scorecards from the first rank on, those without a rank last, and what was left out."""
    frame = src.pages.frames["units"]
    ordered = rows_of(frame.sort_values(["rank_first", "unit"], kind="stable", na_position="last"))
    most = src.words.limits.cards
    if len(ordered) <= most:
        return tuple(_card(src, row) for row in ordered), ""
    ranked = [row for row in ordered if row["rank"]]
    sheet = src.looks.page_names["units"]
    left_out = src.words.say("more_cards", shown=most, all=number_text(len(ordered), 0), sheet=sheet)
    return tuple(_card(src, row) for row in (ranked or ordered)[-most:]), left_out


def _card(src: Sources, row: Row) -> Card:
    return Card(
        rank=row["rank"] or src.looks.absent,
        rank_range=row["rank_range"] or src.looks.absent,
        unit=row["short_name"],
        total=src.number(row["total"], 1),
        bar=bar(row["total"]),
        grade=row["grade"],
        note=row["remark"] if rests_on_no_results(row) else "",
        results=src.number(row["results"], 1),
        timeliness=src.number(row["timeliness"], 1),
        quality=src.number(row["quality"], 1),
    )
