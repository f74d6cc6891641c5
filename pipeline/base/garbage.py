"""How often the interpreter looks for garbage."""

import gc


def look_seldom() -> None:
    """Hardly anything becomes garbage while modules are loaded or a month is made, and one look for it
    through the objects of pandas takes longer than to score a month."""
    gc.set_threshold(100_000, 50, 100)
