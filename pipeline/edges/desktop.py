"""Show a folder in the window that the desktop of the machine has for it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

_OPENERS = ("open", "xdg-open")  # of macOS, of Linux


def show_folder(folder: Path) -> bool:
    """Open a window on `folder`; False where the machine has no desktop, or no such folder."""
    if not folder.is_dir():
        return False
    return _show(folder)


if sys.platform == "win32":

    def _show(folder: Path) -> bool:
        os.startfile(folder)
        return True

else:

    def _show(folder: Path) -> bool:
        opener = next(filter(None, map(shutil.which, _OPENERS)), None)
        if opener is None:
            return False
        return subprocess.run([opener, folder], capture_output=True, check=False).returncode == 0
