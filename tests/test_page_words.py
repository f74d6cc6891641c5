"""The words and the template of the leaders' page: complete, and each fault told with its place."""

from dataclasses import asdict

import pytest

from pipeline.base.errors import OperatorError, SpecError
from pipeline.spec.page_words import SENTENCES, load_page_words
from tests import pages
from tests.pages import LAYOUT, WORDS, WORDS_TEXT, rendered
from tests.tables import month


def test_every_sentence_stands_in_the_file_and_no_other() -> None:
    assert WORDS.sentences.keys() == SENTENCES.keys()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("skip         =", "#", "sentences.skip: thiếu câu này"),
        ("skip         =", 'them = "a"\nskip =', "sentences.them: câu này không dùng vào đâu"),
        ("{number}%", "{so}%", "sentences.percent: không có từ {so}; các từ dùng được: {number}"),
        ("late    = 8", "late    = 0", "limits.late: phải từ 1 trở lên"),
        ('"#1A1F27"', '"black"', "light.ink: «black» không phải màu dạng #RRGGBB"),
        ('solid = "#8A929C"', 'solid = "#8A929"', "dark.colours.grey.solid: «#8A929» không phải màu"),
        ('grey   = { fill = "#E8', 'gray   = { fill = "#E8', "light.colours: phải có đúng: green, grey, red"),
        ("[limits]", "[limits]\nmany = 1", "limits.many: khóa lạ"),
    ],
)
def test_faults_are_told(old: str, new: str, said: str) -> None:
    assert old in WORDS_TEXT
    with pytest.raises(SpecError) as raised:
        load_page_words("trang.toml", WORDS_TEXT.replace(old, new, 1))
    assert any(said in fault for fault in raised.value.faults)


def test_every_word_of_the_template_stands_in_the_file_and_no_other() -> None:
    in_template = {key for key in SENTENCES if f"words.{key} " in LAYOUT}
    without_places = {key for key, words in SENTENCES.items() if not words}
    said_by_the_program = {
        "other",
        "late_answer",
        "unreported_answer",
        "asked_answer",
        "proposed",
        "change_same",
    }
    assert in_template | said_by_the_program == without_places


def test_every_field_is_used() -> None:
    fields = asdict(pages.built(month()))
    assert [name for name in fields if f"page.{name}" not in LAYOUT] == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{{ page.headline }}", "{{ page.headlin }}", "không có trường «headlin»"),
        ("{{ words.skip }}", "{{ words.skipp }}", "không có trường «skipp»"),
        ("{% if page.remarks %}", "{% if page.remarks", "dấu ngoặc {{ }} hoặc {% %} chưa đúng"),
    ],
)
def test_faults_of_the_template_are_told(old: str, new: str, said: str) -> None:
    assert old in LAYOUT
    with pytest.raises(SpecError) as raised:
        rendered(month(), LAYOUT.replace(old, new))
    assert said in str(raised.value)


def test_a_template_that_cannot_be_filled_is_told() -> None:
    with pytest.raises(OperatorError, match=r"Không điền được mẫu trang\.html"):
        rendered(month(), LAYOUT.replace("{{ page.headline }}", "{{ page.headline() }}"))
