"""Fill cells of a form inside LibreOffice, as a clerk at the screen does; run by the Python that has `uno`.

    /usr/bin/python3 tests/office_fill.py SOFFICE PROFILE FORM RESULT < cells.json

The cells are a list of [sheet, address, value]. The lock of a cell binds people, not this interface.
"""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import uno  # type: ignore[import-not-found]  # only the Python of LibreOffice has it
from com.sun.star.beans import PropertyValue  # type: ignore[import-not-found]
from com.sun.star.connection import NoConnectException  # type: ignore[import-not-found]

# Of this process alone: the office of a test that runs beside it must not answer.
PIPE = f"forms-in-office-{os.getpid()}"
PATIENCE = 60.0  # seconds until the office answers


def main(soffice: str, profile: Path, form: Path, result: Path) -> None:
    """Open `form` in LibreOffice, type the cells, save as `result` in the format of Excel."""
    office = subprocess.Popen(
        [
            soffice,
            "--headless",
            "--norestore",
            f"-env:UserInstallation={profile.as_uri()}",
            f"--accept=pipe,name={PIPE};urp;",
        ],
        start_new_session=True,
    )
    try:
        desktop = connect(PIPE)
        document = desktop.loadComponentFromURL(form.as_uri(), "_blank", 0, (named("Hidden", True),))
        for sheet, address, value in json.load(sys.stdin):
            cell = document.Sheets.getByName(sheet).getCellRangeByName(address)
            cell.setString(value) if isinstance(value, str) else cell.setValue(value)
        document.calculateAll()
        document.storeToURL(result.as_uri(), (named("FilterName", "Calc MS Excel 2007 XML"),))
        document.close(True)
        desktop.terminate()
        office.wait(PATIENCE)
    finally:
        with suppress(ProcessLookupError):  # what was started is a script, and the office its child
            os.killpg(office.pid, signal.SIGKILL)


def connect(pipe: str) -> Any:
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)


def named(name: str, value: object) -> Any:
    option = PropertyValue()
    option.Name, option.Value = name, value
    return option


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4]))
