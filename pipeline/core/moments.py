"""Moments as people write them."""

from datetime import datetime


def moment_text(moment: str) -> str:
    """An ISO moment as people write it: `18/11/2026 08:30`; a blank stays blank."""
    return f"{datetime.fromisoformat(moment):%d/%m/%Y %H:%M}" if moment else ""
