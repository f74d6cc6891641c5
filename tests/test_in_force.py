"""Decisions that hold, and how far."""

from dataclasses import replace

from pipeline.base.record import Decision
from pipeline.core.decisions import in_force


def test_an_acceptance_holds_for_the_figures_the_rules_the_unit_and_the_month_it_is_about() -> None:
    whose = Decision(4, "accept", "2026-11-21T09:00:00+07:00", "Đúng", "a", "CA", "2026-11", "V.30")
    holding = in_force([replace(whose, rule="R03, R08", figures="60")])

    def accepting(sha256: str, unit: str, period: str, rule: str, figures: str) -> int:
        return holding.spared(sha256, unit, period).accepting("V.30", rule, figures)

    assert accepting("a", "", "", "R04", "61") == 4  # its own file, whatever it says
    assert [accepting("b", "CA", "2026-11", rule, "60") for rule in ("R03", "R08", "R04", "")] == [4, 4, 0, 0]
    assert accepting("b", "CA", "2026-11", "R03", "61") == 0
    assert accepting("b", "TH", "2026-11", "R03", "60") == accepting("b", "CA", "2026-10", "R03", "60") == 0
