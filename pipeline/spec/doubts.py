"""When a figure is doubted: limits against earlier months, and relations between indicators."""

from dataclasses import dataclass, field
from typing import Literal, get_args

from pipeline.spec.shape import Faults

Part = Literal["numerator", "denominator", "value"]
Sign = Literal["<=", ">=", "=="]

_PARTS = {"numerator": "tử số", "denominator": "mẫu số", "value": "kết quả"}


@dataclass(frozen=True)
class Relation:
    """A relation that figures of one month must keep: `left` `sign` `right`.

    Sides name an indicator and a part of it, "V.19.denominator". `tolerance` is a share of the right
    side. `severity` "error" holds the row on the left back where both sides stand on one form;
    `if_missing` says whether a side without a figure is left alone or pointed out.
    """

    id: str
    left: str
    sign: Sign
    right: str
    text: str
    tolerance: float = 0.0
    severity: Literal["warning", "error"] = "warning"
    if_missing: Literal["skip", "ask"] = "skip"

    @property
    def sides(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """Indicator code and part of both sides."""
        return _side(self.left), _side(self.right)


@dataclass(frozen=True)
class Doubts:
    """What of a row is asked about in the light of the unit's earlier months. Shares are from 0 to 1.

    `denominator_share`: the denominator of a stock may move by this share · a figure of at least
    `tenfold_from` that is ten times (or a tenth of) the last one, within `tenfold_share` · a form whose
    figures, `same_figures` or more, all equal last month's · an outlier: farther from the median than
    `outlier_spreads` spreads, after `outlier_months` earlier months; the spread is 1.4826 times the
    median absolute deviation, and at least `outlier_floor` of the median · `parts` are the words for the
    parts that relations name.
    """

    denominator_share: float = 0.1
    tenfold_from: float = 100.0
    tenfold_share: float = 0.1
    same_figures: int = 4
    outlier_months: int = 4
    outlier_spreads: float = 6.0
    outlier_floor: float = 0.05
    parts: dict[str, str] = field(default_factory=lambda: dict(_PARTS))
    relations: tuple[Relation, ...] = ()


def check_doubts(doubts: Doubts, entries: dict[str, str], faults: Faults) -> None:
    """Add what does not hold together; `entries` says the kind of each indicator."""
    for name in ("denominator_share", "tenfold_share", "outlier_floor"):
        if not 0 < getattr(doubts, name) < 1:
            faults.add(f"doubts.{name}", "phải lớn hơn 0 và nhỏ hơn 1")
    for name in ("tenfold_from", "outlier_spreads"):
        if getattr(doubts, name) <= 0:
            faults.add(f"doubts.{name}", "phải lớn hơn 0")
    if doubts.same_figures < 2:
        faults.add("doubts.same_figures", "phải từ 2 trở lên")
    if doubts.outlier_months < 3:
        faults.add("doubts.outlier_months", "phải từ 3 trở lên: ít hơn thì chưa biết thế nào là bất thường")
    if doubts.parts.keys() != set(get_args(Part)):
        faults.add("doubts.parts", f"phải có đúng: {', '.join(get_args(Part))}")
    for relation in doubts.relations:
        _check_relation(relation, entries, faults)


def _check_relation(relation: Relation, entries: dict[str, str], faults: Faults) -> None:
    place = f"doubts.relations({relation.id})"
    for code, part in relation.sides:
        if code not in entries:
            faults.add(place, f"không có chỉ tiêu «{code}»; viết như V.19.denominator")
        elif part not in get_args(Part):
            faults.add(place, f"«{part}» phải là numerator, denominator hoặc value")
        elif part != "value" and entries[code] != "ratio":
            faults.add(place, f"chỉ tiêu {code} không có tử số và mẫu số")
    if relation.tolerance < 0:
        faults.add(f"{place}.tolerance", "không được âm")


def _side(text: str) -> tuple[str, str]:
    code, _, part = text.rpartition(".")
    return code, part
