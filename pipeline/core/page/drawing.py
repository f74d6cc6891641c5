"""Where the lines of the page's drawings go: months to places, figures to heights, as SVG writes them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeGuard

from pipeline.spec.page import Tick

Figure = float | None


@dataclass(frozen=True)
class Field:
    """The area of a drawing in its own units: figures from `low` to `high` fill its height."""

    left: float
    top: float
    width: float
    height: float
    low: float = 0.0
    high: float = 100.0

    def x(self, place: int, count: int) -> float:
        """The place of a month; a single one stands at the right end."""
        return self.left + self.width * (place / (count - 1) if count > 1 else 1.0)

    def y(self, value: float) -> float:
        """The height of a figure; where all are alike they stand in the middle."""
        span = self.high - self.low
        share = (min(max(value, self.low), self.high) - self.low) / span if span else 0.5
        return self.top + self.height * (1 - share)


def path(values: Sequence[Figure], field: Field) -> str:
    """A line through the figures, broken where a month has none."""
    parts, drawing = [], False
    for place, value in enumerate(values):
        if not is_figure(value):
            drawing = False
            continue
        at = f"{place_text(field.x(place, len(values)))} {place_text(field.y(value))}"
        # A month between two gaps is a line of no length, which round ends make a dot.
        parts.append(f"L{at}" if drawing else f"M{at}L{at}")
        drawing = True
    return "".join(parts)


def points(values: Sequence[Figure], field: Field) -> tuple[Tick, ...]:
    """The places of the figures: `at` is x, `label` is y."""
    return tuple(
        Tick(place_text(field.x(place, len(values))), place_text(field.y(value)))
        for place, value in enumerate(values)
        if is_figure(value)
    )


def close_field(values: Iterable[Figure], left: float, top: float, width: float, height: float) -> Field:
    """A field that the figures fill from the lowest to the highest."""
    known = [value for value in values if is_figure(value)] or [0.0]
    return Field(left, top, width, height, min(known), max(known))


def is_figure(value: Figure) -> TypeGuard[float]:
    """Whether there is a figure."""
    return value is not None and value == value


def place_text(value: float) -> str:
    """A place as SVG writes it, no finer than can be seen."""
    return f"{value:.1f}".removesuffix(".0")
