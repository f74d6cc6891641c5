"""The plan of 2026 sets its calendar, its steps and its scoring as decided, typed here a second time."""

from tests.forms import PLAN


def test_calendar() -> None:
    calendar = PLAN.calendar
    assert calendar.time_zone == "Asia/Ho_Chi_Minh"
    assert (calendar.closing_first_day, calendar.closing_last_day) == (15, 14)
    assert (calendar.submit_before_day, calendar.report_before_day) == (20, 25)
    assert (calendar.day_off, calendar.deadline_month) == ("none", "same")
    assert [(special.day.isoformat(), special.kind) for special in calendar.overrides] == [
        ("2026-01-02", "off"),
        ("2026-01-10", "working"),
        ("2026-11-24", "working"),
    ]
    assert all(special.reason for special in calendar.overrides)


def test_steps() -> None:
    found = [(s.action, s.anchor, s.days, s.working_days, s.hour, s.until) for s in PLAN.calendar.steps]
    assert found == [
        ("templates", "month", 0, False, 7, "report"),
        ("remind", "deadline", -3, True, 8, "deadline"),
        ("remind", "deadline", -1, True, 8, "deadline"),
        ("run", "deadline", 1, False, 7, "report"),
        ("remind_late", "deadline", 1, True, 8, "report"),
        ("escalate", "deadline", 2, True, 8, "report"),
        ("final_run", "report", 0, True, 7, "next_closing"),
        ("workbook", "report", 0, True, 8, "next_closing"),
    ]


def test_scoring() -> None:
    scoring = PLAN.scoring
    assert (scoring.version, scoring.attainment_cap) == (2, 100)
    assert (scoring.on_path_share, scoring.no_path_attainment) == (0.85, 80)
    assert scoring.enough_fraction * 3 == 2
    card, timeliness, quality = scoring.scorecard, scoring.timeliness, scoring.quality
    assert (card.results, card.timeliness, card.quality) == (80, 10, 10)
    assert (timeliness.on_time, timeliness.late, timeliness.missing) == (100, 50, 0)
    assert (quality.clean, quality.warned, quality.faulty) == (100, 50, 0)
    projection, ranking = scoring.projection, scoring.ranking
    assert (projection.from_periods, projection.range_from_periods, projection.middle_share) == (2, 6, 0.8)
    assert (ranking.decimals, ranking.weight_shift) == (1, 0.25)
    assert PLAN.confirmations == ()
    assert [(g.label, g.lowest, g.below) for g in scoring.grades] == [
        ("Hoàn thành xuất sắc nhiệm vụ", 90, 100),
        ("Hoàn thành tốt nhiệm vụ", 70, 90),
        ("Hoàn thành nhiệm vụ", 50, 70),
        ("Không hoàn thành nhiệm vụ", 0, 50),
    ]
