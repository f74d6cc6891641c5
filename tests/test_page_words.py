"""The words of the leaders' page: the file is complete, and each fault of it is told with its place."""

import pytest

from pipeline.base.errors import SpecError
from pipeline.spec.page_words import SENTENCES, load_page_words
from tests.pages import WORDS, WORDS_TEXT


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
