"""What units write stands on the leaders' page as text, short, and without persons."""

from dataclasses import replace

from tests.pages import HOSTILE, WORDS, having, parsed, rendered, section, text_of, with_texts
from tests.tables import month


def test_hostile_text_stays_text() -> None:
    plain, hostile = (
        parsed(rendered(with_texts(month(), "a"))),
        parsed(rendered(with_texts(month(), HOSTILE))),
    )
    assert [node.tag for node in hostile.iter()] == [node.tag for node in plain.iter()]
    assert hostile.xpath("//@onerror") == []
    (said, *_) = having(section(hostile, "kien-nghi"), "voices")[0].xpath(".//p")
    assert text_of(said) == " ".join(HOSTILE.split())


def test_characters_that_show_nothing_or_turn_texts_round_are_left_out() -> None:
    data = rendered(with_texts(month(), "Thiếu\u202e máy\x01 tính\ufffe, \u2067hai\u2069 cái")).decode()
    assert "Thiếu máy tính, hai cái" in data


def test_persons_and_ways_to_reach_them_are_left_out() -> None:
    text = "Liên hệ ông Tám, 0912 345 678, tam@xa.vn"
    told = with_texts(month(), text)
    data = rendered(replace(told, overview=replace(told.overview, title="Kế hoạch"))).decode()
    assert "Liên hệ ông Tám, […]" in data
    assert "0912" not in data
    assert "tam@xa.vn" not in data
    tasks = month().frames["tasks"].assign(person="Người Nào Đó", state="Chưa thực hiện, quá hạn")
    assert (
        "Người Nào Đó" not in rendered(replace(month(), frames={**month().frames, "tasks": tasks})).decode()
    )


def test_long_texts_are_cut_between_words() -> None:
    data = parsed(rendered(with_texts(month(), "từng chữ " * 200)))
    said = text_of(having(section(data, "kien-nghi"), "voices")[0].xpath(".//p")[0])
    assert said.endswith("từng chữ …")
    assert len(said) <= WORDS.limits.letters + 2
