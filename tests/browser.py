"""Chromium for tests, without a window: absent, it fails the test in CI and skips it elsewhere.

It is driven over two pipes, by the DevTools protocol, so that nothing listens on any port.
"""

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from typing import IO, Any

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--remote-debugging-pipe", "about:blank"),
)
_ABOVE = 20  # numbers of pipes that cannot be in the way of 3 and 4, where Chromium looks for them
_SECONDS, _MOST_SECONDS = 30, 240


def chromium() -> str:
    """The program; without it the test that asks is skipped, or fails where CI=true."""
    if sys.platform == "win32":
        pytest.skip("Chromium is driven over pipes here, which Windows hands over in another way")
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        reason = "Chromium (chromium) is not installed, so this test cannot look at the page with it"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@dataclass
class Browser:
    """A running Chromium. `asked` are the addresses that pages have asked for."""

    to: IO[bytes]
    back: IO[bytes]
    asked: list[str] = field(default_factory=list)
    last: int = 0

    def call(self, method: str, session: str = "", **params: Any) -> Any:
        """The answer to one command; what else is told meanwhile is noted."""
        self.last += 1
        message = {"id": self.last, "method": method, "params": params} | (
            {"sessionId": session} if session else {}
        )
        self.to.write(json.dumps(message).encode() + b"\0")
        self.to.flush()
        while True:
            told = json.loads(self._next())
            if told.get("method") == "Network.requestWillBeSent":
                self.asked.append(told["params"]["request"]["url"])
            if told.get("id") == self.last:
                assert "error" not in told, f"{method}: {told['error']}"
                return told["result"]

    def _next(self) -> bytes:
        said = bytearray()
        while (letter := self.back.read(1)) != b"\0":
            assert letter, "Chromium has ended"
            said += letter
        return bytes(said)


@dataclass(frozen=True)
class Tab:
    """An open page."""

    browser: Browser
    session: str

    def call(self, method: str, **params: Any) -> Any:
        return self.browser.call(method, self.session, **params)

    def evaluate(self, script: str) -> Any:
        """The value of a script, as JSON."""
        told = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    def press(self, key: str, code: int) -> None:
        """A key goes down and up again."""
        for kind in ("rawKeyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code)

    def picture(self, width: int, height: int) -> bytes:
        """The upper part of the page as a PNG."""
        part = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        told = self.call("Page.captureScreenshot", format="png", clip=part)
        return base64.b64decode(told["data"])

    def on_paper(self) -> bytes:
        """The page as it is printed, as a PDF."""
        told = self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=False)
        return base64.b64decode(told["data"])


@contextmanager
def browser() -> Iterator[Browser]:
    """A Chromium with an empty profile of its own."""
    program = chromium()
    import fcntl

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        given = [fcntl.fcntl(end, fcntl.F_DUPFD, _ABOVE) for end in (theirs_in, theirs_out)]
        start = f'exec "$@" 3<&{given[0]} 4>&{given[1]}'
        command = ["bash", "-c", start, "bash", program, f"--user-data-dir={profile}", *_QUIET]
        quiet = subprocess.DEVNULL
        process = subprocess.Popen(command, pass_fds=given, stdin=quiet, stdout=quiet, stderr=quiet)
        for end in (theirs_in, theirs_out, *given):
            os.close(end)
        watch = Timer(_MOST_SECONDS, process.kill)
        watch.start()
        try:
            with os.fdopen(ours_out, "wb") as to, os.fdopen(ours_in, "rb") as back:
                yield Browser(to, back)
        finally:
            watch.cancel()
            process.terminate()
            process.wait(_SECONDS)


def look(
    running: Browser, path: Path, width: int, height: int, *, scale: float = 1, dark: bool = False
) -> Tab:
    """Open a file at a size, by day or by night; it has been laid out when this returns."""
    target = running.call("Target.createTarget", url="about:blank")["targetId"]
    tab = Tab(running, running.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"])
    tab.call("Network.enable")
    tab.call(
        "Emulation.setDeviceMetricsOverride",
        width=width,
        height=height,
        deviceScaleFactor=scale,
        mobile=width < height,
    )
    colours = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    tab.call("Emulation.setEmulatedMedia", features=[colours])
    tab.call("Page.enable")
    tab.call("Page.navigate", url=path.resolve().as_uri())
    tab.evaluate(
        "new Promise(done => document.readyState === 'complete' ? done() : addEventListener('load', done))"
    )
    return tab
