"""The leaders' page in a real browser: by keyboard, by day and by night, wide, narrow, on paper."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from shutil import which

import pytest

from tests.browser import Browser, Tab, browser, look
from tests.demonstration import Demonstration
from tests.pages import HOSTILE, rendered, with_texts
from tests.tables import month

PHONE, DESK = (390, 844), (1280, 900)
SIZES = {"phone": PHONE, "small phone": (320, 568), "tablet": (768, 1024), "desk": DESK}
_TAB = ("Tab", 9)
_BEYOND = """[...document.querySelectorAll('body *')].filter(e =>
  !e.closest('.skip, .filter input, thead') && !e.closest('svg svg, svg > *')
  && e.getBoundingClientRect().width && e.getBoundingClientRect().right > innerWidth + 0.5
).map(e => e.outerHTML.slice(0, 80))"""
_FOCUSED = "document.activeElement.outerHTML.slice(0, 60)"
_ROWS = (
    "[...document.querySelectorAll('.indicators .row')].filter(r => r.getBoundingClientRect().height).length"
)


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with browser() as running:
        yield running


@pytest.fixture(scope="module")
def page(demonstration: Demonstration) -> Path:
    return demonstration.workbooks[-1].with_suffix(".html")


@pytest.fixture
def phone(chrome: Browser, page: Path) -> Tab:
    return look(chrome, page, *PHONE)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_nothing_lies_beyond_the_edge(chrome: Browser, page: Path, size: str, dark: bool) -> None:
    tab = look(chrome, page, *SIZES[size], dark=dark)
    assert tab.evaluate("[innerWidth, document.documentElement.scrollWidth]") == [SIZES[size][0]] * 2
    assert tab.evaluate(_BEYOND) == []


def test_long_words_of_units_break_rather_than_push(chrome: Browser, tmp_path: Path) -> None:
    path = tmp_path / "trang.html"
    path.write_bytes(rendered(with_texts(month(), "mộttừrấtdài" * 60)))
    tab = look(chrome, path, *PHONE)
    assert tab.evaluate("document.documentElement.scrollWidth") == PHONE[0]
    assert tab.evaluate(_BEYOND) == []


def test_hostile_text_does_nothing(chrome: Browser, tmp_path: Path) -> None:
    path = tmp_path / "trang.html"
    path.write_bytes(rendered(with_texts(month(), HOSTILE)))
    before = len(chrome.asked)
    tab = look(chrome, path, *PHONE)
    assert tab.evaluate("document.scripts.length + document.images.length") == 0
    assert chrome.asked[before:] == [path.resolve().as_uri()]


def test_the_page_asks_for_nothing(chrome: Browser, page: Path) -> None:
    before = len(chrome.asked)
    look(chrome, page, *DESK).picture(*DESK)
    assert chrome.asked[before:] == [page.resolve().as_uri()]


def test_night_is_dark_and_day_is_light(chrome: Browser, page: Path) -> None:
    shade = "getComputedStyle(document.body).backgroundColor"
    assert look(chrome, page, *PHONE).evaluate(shade) == "rgb(255, 255, 255)"
    assert look(chrome, page, *PHONE, dark=True).evaluate(shade) == "rgb(17, 22, 29)"


def test_the_answers_stand_on_the_first_screen_of_a_phone(phone: Tab) -> None:
    bottoms = """['.figure', '.answers', '.legend'].map(c =>
      document.querySelector(c).getBoundingClientRect().bottom)"""
    assert all(bottom < PHONE[1] for bottom in phone.evaluate(bottoms))
    assert (
        phone.evaluate("Math.min(...[...document.querySelectorAll('.answers a')].map(a => a.offsetHeight))")
        >= 44
    )


def test_the_tab_key_reaches_every_link_in_order(phone: Tab) -> None:
    order = "[...document.querySelectorAll('a, summary, input:checked')].map(e => e.outerHTML.slice(0, 60))"
    wanted = phone.evaluate(order)
    reached = []
    for _ in wanted:
        phone.press(*_TAB)
        reached.append(phone.evaluate(_FOCUSED))
    assert reached == wanted
    assert len(wanted) > 9


def test_the_skip_link_shows_itself_when_it_is_reached(phone: Tab) -> None:
    left = "document.querySelector('.skip').getBoundingClientRect().left"
    assert phone.evaluate(left) < 0
    phone.press(*_TAB)
    assert phone.evaluate(left) >= 0


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_indicators_are_filtered_without_a_script(chrome: Browser, page: Path, size: tuple[int, int]) -> None:
    tab = look(chrome, page, *size)
    assert tab.evaluate(_ROWS) == 40
    tab.evaluate("document.querySelector('#muc-behind').click()")
    assert tab.evaluate(_ROWS) == 7
    assert tab.evaluate("document.querySelectorAll('.indicators .row.behind').length") == 7
    tab.press("ArrowLeft", 37)
    tab.evaluate("document.querySelector('#muc-all').click()")
    assert tab.evaluate(_ROWS) == 40


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_screen_reader_hears_names_tables_and_landmarks(
    chrome: Browser, page: Path, size: tuple[int, int]
) -> None:
    tab = look(chrome, page, *size)
    tab.call("Accessibility.enable")
    nodes = [n for n in tab.call("Accessibility.getFullAXTree")["nodes"] if not n["ignored"]]
    roles = [node["role"]["value"] for node in nodes]
    for landmark in ("banner", "main", "navigation", "contentinfo"):
        assert roles.count(landmark) == 1, landmark
    named = ("image", "link", "radio", "table", "region", "navigation")
    nameless = [n["role"]["value"] for n in nodes if n["role"]["value"] in named and not n["name"]["value"]]
    assert nameless == []
    assert roles.count("table") == 3
    assert roles.count("row") > 40
    assert roles.count("rowheader") >= 40
    assert roles.count("radio") == 6
    assert "Chỉ xem" in [n["name"]["value"] for n in nodes if n["role"]["value"] == "group"]


def test_on_paper_it_is_light_whole_and_a4(chrome: Browser, page: Path, tmp_path: Path) -> None:
    tab = look(chrome, page, *PHONE, dark=True)
    path = tmp_path / "trang.pdf"
    path.write_bytes(tab.on_paper())
    assert path.read_bytes().startswith(b"%PDF")
    tab.call("Emulation.setEmulatedMedia", media="print")
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert tab.evaluate("getComputedStyle(document.querySelector('fieldset')).display") == "none"
    program = which("pdftotext")
    if program is not None:
        text = subprocess.run(
            [program, "-layout", path, "-"], capture_output=True, check=True
        ).stdout.decode()
        assert text.count("\f") <= 9
        assert "V.30" in text
        assert "08/2026" in text  # the figures of the months, which stand folded on the screen
