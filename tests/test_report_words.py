"""The sentences of the report: the file is complete, and each fault of it is told with its place."""

import pytest

from pipeline.base.errors import SpecError
from pipeline.spec.report_words import SENTENCES, load_report_words
from tests.reports import WORDS, WORDS_TEXT


def faults(old: str, new: str) -> tuple[str, ...]:
    assert old in WORDS_TEXT
    with pytest.raises(SpecError) as raised:
        load_report_words("report.toml", WORDS_TEXT.replace(old, new, 1))
    return raised.value.faults


def test_every_sentence_stands_in_the_file_and_no_other() -> None:
    assert WORDS.sentences.keys() == SENTENCES.keys()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("late            =", "#", "sentences.late: thiếu câu này"),
        ("late            =", 'them = "a"\nlate =', "sentences.them: câu này không dùng vào đâu"),
        (
            '"Nộp trễ hạn ({count}',
            '"Nộp trễ hạn ({con}',
            "sentences.late: không có từ {con}; các từ dùng được: {count}, {units}",
        ),
        (
            '"{number}%"',
            '"{number%"',
            "sentences.percent: dấu ngoặc nhọn không khớp (expected '}' before end of string)",
        ),
        (
            '"{number}%"',
            '"{number:.1f}%"',
            "sentences.percent: trong ngoặc nhọn chỉ ghi từ, không ghi dạng số",
        ),
        ('"{number}%"', '"{0}%"', "sentences.percent: không có từ {0}; các từ dùng được: {number}"),
        (
            'absent         = "–"',
            'absent = "{a}"',
            "sentences.absent: không có từ {a}; các từ dùng được: không có từ nào",
        ),
        (
            'absent         = "–"',
            "absent = 1",
            "sentences.absent: phải là chữ (đặt trong ngoặc kép), đang là «1»",
        ),
    ],
)
def test_faults_are_told(old: str, new: str, said: str) -> None:
    assert said in faults(old, new)


def test_all_faults_are_told_at_once() -> None:
    text = WORDS_TEXT.replace("late            =", "latest =", 1).replace('"{number}%"', '"{n}%"', 1)
    with pytest.raises(SpecError) as raised:
        load_report_words("report.toml", text)
    assert len(raised.value.faults) == 3
