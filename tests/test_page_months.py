"""The leaders' page of a month with nothing, of one with very much, and of the same month again."""

from dataclasses import replace

import pandas as pd

from tests import pages
from tests.pages import MOST_BYTES, having, parsed, rendered, section, text_of
from tests.table_rows import LOOKS
from tests.tables import month, nothing_sent


def test_a_month_before_anything_came() -> None:
    root = parsed(rendered(nothing_sent()))
    assert text_of(having(root, "figure")[0]) == "Chưa đủ số liệu"
    assert text_of(section(root, "cham")).endswith(LOOKS.overview.blocks["attention"].empty)
    assert text_of(section(root, "kien-nghi")).endswith(LOOKS.overview.blocks["requests"].empty)
    assert LOOKS.overview.blocks["trend"].empty in text_of(section(root, "dien-bien"))
    assert "Chưa nộp (12)" in text_of(section(root, "nop"))


def test_of_very_many_units_the_page_names_a_few() -> None:
    """As many as there are communes in the country."""
    base, count = month(), 3321
    unsent = base.frames["register"].iloc[:1].assign(receipt="not_sent", time="", outcome="")
    register = pd.concat([unsent] * count, ignore_index=True)
    register = register.assign(short_name=[f"Đơn vị {n}" for n in range(1, count + 1)])
    ranked = pages.ranked(base).frames["units"].iloc[:1]
    units = pd.concat([ranked] * count, ignore_index=True)
    units = units.assign(
        short_name=register["short_name"],
        rank=[str(n) for n in range(1, count + 1)],
        rank_first=[float(n) for n in range(1, count + 1)],
    )
    voices = pd.concat([base.frames["voices"]] * 500, ignore_index=True)
    frames = {**base.frames, "register": register, "units": units, "voices": voices}
    data = rendered(replace(base, frames=frames))
    root = parsed(data)
    assert len(data) < MOST_BYTES
    assert "Chưa nộp (3321) Đơn vị 1, Đơn vị 2" in text_of(section(root, "nop"))
    assert "và 3.309 đơn vị khác" in text_of(section(root, "nop"))
    cards = section(root, "bang-diem").xpath(".//tbody/tr")
    assert [text_of(row.xpath("./td")[0]) for row in cards] == [str(n) for n in range(3302, 3322)]
    assert "20 đơn vị có tổng điểm thấp nhất trong 3.321 đơn vị" in text_of(section(root, "bang-diem"))
    assert "ý kiến nữa ở trang «Vướng mắc - Kiến nghị»" in text_of(section(root, "kien-nghi"))


def test_the_same_month_gives_the_same_bytes() -> None:
    assert rendered(month()) == rendered(month())
