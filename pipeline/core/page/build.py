"""Put the leaders' page together."""

from pipeline.core.page import cards, course, head, indicators, late, voices
from pipeline.core.page.sources import Sources
from pipeline.spec.page import Page


def page(src: Sources) -> Page:
    """The page of a month, every figure as on the sheets of its workbook.

    As long as the page has fields, and nothing is decided here.
    """
    overview, say, total = src.overview, src.words.say, src.overview.total
    behind, more_late = late.late(src)
    tasks, more_tasks = late.tasks(src)
    requests, more_requests = voices.requests(src)
    obstacles, more_obstacles = voices.obstacles(src)
    turned, more_turned = course.turned(src)
    scored, more_cards = cards.cards(src)
    return Page(
        title=say("title", period=overview.period_label, authority=overview.authority),
        authority=overview.authority,
        status=overview.status,
        headline=say("headline", period=overview.period_label),
        subtitle=overview.title,
        moment=say("moment", closing=overview.closing_text, made=overview.made_text),
        mean=head.mean(src),
        mean_is_figure=head.has_mean(src),
        mean_label=src.looks.overview.tiles["mean"].label,
        mean_note=head.mean_note(src),
        mean_change=overview.details.get("mean", ""),
        with_missing=head.with_missing(src),
        answers=head.answers(src),
        listed=total.listed,
        strip_heading=src.heading("verdicts"),
        strip_desc=head.strip_desc(src),
        shares=head.shares(src),
        late_heading=src.heading("attention"),
        late_empty=src.empty("attention"),
        late=behind,
        more_late=more_late,
        tasks=tasks,
        more_tasks=more_tasks,
        submission_heading=src.heading("submission"),
        submission=late.submission(src),
        units=late.units(src),
        requests_heading=src.heading("requests"),
        requests_empty=src.empty("requests"),
        requests=requests,
        more_requests=more_requests,
        groups_heading=src.heading("groups"),
        groups=course.groups(src),
        trend_heading=src.heading("trend"),
        trend_empty=src.empty("trend"),
        chart=course.chart(src),
        turns=course.turns(src),
        turned=turned,
        more_turned=more_turned,
        cards_heading=src.words.say("proposed"),
        cards=scored,
        more_cards=more_cards,
        obstacles_heading=voices.obstacles_heading(src),
        obstacles_empty=src.looks.sheet_by_key["voices"].empty,
        obstacles=obstacles,
        more_obstacles=more_obstacles,
        indicators=indicators.indicator_groups(src),
        remarks_heading=src.heading("remarks"),
        remarks=tuple(src.said(text) for text in overview.remarks),
        source=say("source", workbook=src.workbook, status=overview.status.lower()),
    )
