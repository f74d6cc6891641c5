"""System calls that fail on demand, since permission bits stop nobody who is root."""

import os
from collections.abc import Callable
from typing import Any


def refusing(number: int) -> Callable[..., Any]:
    """Something to put in place of a system call, so that it fails with this error number."""

    def refuse(*args: Any, **options: Any) -> None:
        raise OSError(number, os.strerror(number), "ten")

    return refuse
