"""The sentences of the monthly report, from `schemas/report.toml`: each with the words it may use."""

from collections.abc import Mapping, Set
from dataclasses import dataclass

from pipeline.base.errors import SpecError
from pipeline.spec.sentences import check_words
from pipeline.spec.shape import Faults, build, read_toml

VERDICTS = (
    *("met", "on_track", "warning", "behind", "insufficient", "missing"),
    *("no_figure", "no_activity", "not_due", "not_owed"),
)
_LISTED = "count units"
_CHANGE = "by before"
_WORDS = {
    # dates, numbers, lists
    "date": "month year",
    "month_year": "month year",
    "month": "month",
    "item": "text",
    "inner_item": "text",
    "percent": "number",
    "points": "number",
    "index_points": "number",
    "measured": "number measure",
    "and": "others last",
    # opening and closing
    "opening": "plan issuer month first last",
    "closing": "month issuer addressee",
    "enclosed": "symbol date issuer",
    # who has sent
    "submission": "deadline made_at reported expected on_time",
    "none_sent": "deadline made_at expected",
    "none_expected": "",
    "late": _LISTED,
    "not_sent": _LISTED,
    "waiting": _LISTED,
    "unusable": _LISTED,
    "fill_direction": "",
    # results
    "verdicts": "listed parts",
    "mean": "mean with_missing reported owed",
    "not_enough": "reported owed",
    "trend_up": "before then now",
    "trend_down": "before then now",
    "trend_same": "before then now",
    "moves": "compared before parts",
    "moves_up": "count",
    "moves_down": "count",
    "moves_same": "count",
    **{f"count_{verdict}": "count" for verdict in VERDICTS},
    **{f"title_{verdict}": "count" for verdict in VERDICTS},
    "group": "letter name listed parts mean",
    "group_part": "count verdict",
    "group_mean": "mean",
    "result": "name code figure target",
    "result_lagging": "name code figure change target gap lead",
    "no_result": "name code lead",
    "listed": "items",
    "listed_codes": "codes",
    "year_so_far": "result month value",
    "change_up": _CHANGE,
    "change_down": _CHANGE,
    "change_same": "before",
    "not_comparable": "before",
    "gap": "by",
    "gap_over": "by",
    # tasks
    "tasks": "count parts",
    "own_tasks": "count parts",
    "no_tasks": "",
    "task_part": "count state",
    "task_unreported": "",
    "unassigned": "count codes",
    "slow_task": "work code unit state progress",
    "task_progress": "progress",
    # assessment
    "reached": "reached reported",
    "risers": "before",
    "riser": "name code by",
    "on_time": "on_time expected",
    "lagging": "parts",
    "farthest": "",
    "attained": "name code attainment",
    "exceeds": "name code by",
    "not_yet": "name code figure",
    "good_falls": "before",
    "fallers": "count before",
    "bad_rises": "count before",
    "faller": "name code by",
    "held": "count",
    "slow_tasks": "count",
    "loose_tasks": "count",
    "no_strengths": "",
    "no_shortfalls": "",
    "reason": "name code unit reason",
    "see_obstacles": "",
    "fill_causes": "",
    # what units wrote
    "voice": "unit text",
    "voice_begins": "unit",
    "none_KQ": "",
    "none_KK": "",
    "none_KN": "",
    "none_PH": "",
    "fill_requests": "issuer",
    "focus": "parts",
    "complete": "parts",
    "next_period": "month deadline issuer addressee report_deadline",
    # appendices
    "appendix_group": "code name",
    "own_section": "",
    "responsible": "unit responsibility",
    "absent": "",
    "rows": "accepted owed",
    "note_figures": "",
    "note_no_path": "year",
    "note_declared": "declared listed",
}
SENTENCES = {key: frozenset(words.split()) for key, words in _WORDS.items()}
"""The words that the program knows for each sentence."""


@dataclass(frozen=True)
class ReportWords:
    """All sentences of the report by key."""

    sentences: dict[str, str]

    def say(self, key: str, **words: object) -> str:
        """Fill a sentence; words that it does not use are left out."""
        return self.sentences[key].format(**words)


def load_report_words(file: str, text: str) -> ReportWords:
    """The sentences in `text`. Raises `SpecError` with every fault."""
    faults = Faults()
    words = build(ReportWords, read_toml(file, text), "", faults)
    if words is not None:
        for key in [k for k in SENTENCES if k not in words.sentences]:
            faults.add(f"sentences.{key}", "thiếu câu này")
        for key, sentence in words.sentences.items():
            check_sentence(key, sentence, SENTENCES, faults)
    if words is None or faults:
        raise SpecError(file, faults)
    return words


def check_sentence(key: str, sentence: str, known: Mapping[str, Set[str]], faults: Faults) -> None:
    """Add what is wrong with a sentence; `known` are the words that each sentence may use."""
    place = f"sentences.{key}"
    if key not in known:
        faults.add(place, "câu này không dùng vào đâu")
        return
    check_words(place, sentence, known[key], faults)
