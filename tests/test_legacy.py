"""Every letter of the two legacy encodings, against charts that were not made from ours."""

import shutil
import subprocess
import unicodedata
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.base.legacy import LETTERS, Encoding, encoding_of, to_unicode
from pipeline.base.syllable import is_syllable
from tests.forms import PLAN, SCHEMAS

# TCVN 5712:1993 from 0xA1 on, row by row, as the charmap TCVN5712-1 of glibc has it; a dot where the
# set VN3 has nothing (there the larger sets have capitals with tones).
TCVN3_CHART = (
    ".ĂÂÊÔƠƯĐăâêôơưđ......àảãáạ.ằẳẵắ.......ặầẩẫấậè.ẻẽéẹềểễếệìỉ...ĩíịò.ỏõóọồổỗốộờởỡớợù.ủũúụừửữứựỳỷỹýỵ."
)
# VNI for Windows as its users write it down: letter, sign. Capitals are built alike.
VNI_CHART = """
á aù  à aø  ả aû  ã aõ  ạ aï   â aâ  ấ aá  ầ aà  ẩ aå  ẫ aã  ậ aä   ă aê  ắ aé  ằ aè  ẳ aú  ẵ aü  ặ aë
é eù  è eø  ẻ eû  ẽ eõ  ẹ eï   ê eâ  ế eá  ề eà  ể eå  ễ eã  ệ eä   í í   ì ì   ỉ æ   ĩ ó   ị ò
ó où  ò oø  ỏ oû  õ oõ  ọ oï   ô oâ  ố oá  ồ oà  ổ oå  ỗ oã  ộ oä   ơ ô   ớ ôù  ờ ôø  ở ôû  ỡ ôõ  ợ ôï
ú uù  ù uø  ủ uû  ũ uõ  ụ uï   ư ö   ứ öù  ừ öø  ử öû  ữ öõ  ự öï   ý yù  ỳ yø  ỷ yû  ỹ yõ  ỵ î   đ ñ
"""
_PAIRS = VNI_CHART.split()
TO_TCVN3 = {letter: chr(0xA0 + n) for n, letter in enumerate(TCVN3_CHART) if letter != "."}
TO_VNI = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))
TO_VNI |= {letter.upper(): sign.upper() for letter, sign in TO_VNI.items()}
SMALL = sorted(letter for letter in LETTERS if letter.islower())

# Words as they are found in old files, and as they are read.
TCVN3_WORDS = {
    "Céng hßa x· héi chñ nghÜa ViÖt Nam": "Cộng hòa xã hội chủ nghĩa Việt Nam",
    "§éc lËp - Tù do - H¹nh phóc": "Độc lập - Tự do - Hạnh phúc",
    "ñy ban nh©n d©n x· Ph­íc An": "ủy ban nhân dân xã Phước An",
    "¸p dông phÇn mÒm, ®­êng truyÒn 5G, 85,5%": "áp dụng phần mềm, đường truyền 5G, 85,5%",
}
VNI_WORDS = {
    "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam": "Cộng hòa xã hội chủ nghĩa Việt Nam",
    "ÑOÄC LAÄP - TÖÏ DO - HAÏNH PHUÙC": "ĐỘC LẬP - TỰ DO - HẠNH PHÚC",
    "UÛy ban nhaân daân xaõ Phöôùc An": "Ủy ban nhân dân xã Phước An",
    "kyû nieäm, thò tröôøng, tæ leä, lyù do": "kỷ niệm, thị trường, tỉ lệ, lý do",
    "Yù kieán, Aùnh Döông": "Ý kiến, Ánh Dương",
}

vietnamese = st.text(
    st.sampled_from([*LETTERS, *"abcdeghiklmnopqrstuvxyABCDEGHIKLMNOPQRSTUVXY 0123456789.,/-"])
)


def encoded(text: str, table: Mapping[str, str]) -> str:
    """The text as an old file stores it; what the table lacks stays as it is."""
    return "".join(table.get(letter, letter) for letter in text)


def test_the_letters_are_those_of_vietnamese() -> None:
    vowels = "aăâeêioôơuưy"
    toned = {unicodedata.normalize("NFC", v + t) for v in vowels for t in "\u0301\u0300\u0309\u0303\u0323"}
    small = toned | set("ăâđêôơư")
    assert small | {letter.upper() for letter in small} == LETTERS


def test_the_charts_of_this_test_are_whole() -> None:
    assert set(TO_TCVN3) == {*SMALL, *"ĂÂĐÊÔƠƯ"}
    assert set(TO_VNI) == LETTERS


@pytest.mark.parametrize("letter", TO_TCVN3)
def test_every_letter_of_tcvn3(letter: str) -> None:
    assert to_unicode(TO_TCVN3[letter], "tcvn3") == letter
    assert to_unicode(TO_TCVN3[letter], "tcvn3_capitals") == letter.upper()


@pytest.mark.parametrize("letter", TO_VNI)
def test_every_letter_of_vni(letter: str) -> None:
    assert to_unicode(TO_VNI[letter], "vni") == letter


@pytest.mark.skipif(shutil.which("iconv") is None, reason="this machine has no iconv to compare with")
def test_glibc_agrees_on_tcvn3() -> None:
    text = "".join(TO_TCVN3)
    done = subprocess.run(
        ["iconv", "-f", "TCVN5712-1", "-t", "UTF-8"],
        input=encoded(text, TO_TCVN3).encode("latin-1"),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"this iconv does not know TCVN5712-1: {done.stderr.decode(errors='replace')}")
    assert unicodedata.normalize("NFC", done.stdout.decode()) == text


@given(vietnamese)
def test_vni_comes_back_as_it_was(text: str) -> None:
    assert to_unicode(encoded(text, TO_VNI), "vni") == text


@given(vietnamese)
def test_tcvn3_comes_back_in_small_letters_and_in_capitals(text: str) -> None:
    small = text.lower()
    assert to_unicode(encoded(small, TO_TCVN3), "tcvn3") == small
    assert to_unicode(encoded(small, TO_TCVN3), "tcvn3_capitals") == small.upper()


@given(st.text(), st.sampled_from(["tcvn3", "tcvn3_capitals", "vni"]))
def test_any_text_comes_out_in_nfc(text: str, encoding: Encoding) -> None:
    assert unicodedata.is_normalized("NFC", to_unicode(text, encoding))


@given(st.text(st.characters(max_codepoint=127)))
def test_ascii_stays_what_it_is(text: str) -> None:
    assert to_unicode(text, "tcvn3") == to_unicode(text, "vni") == text


@pytest.mark.parametrize(("stored", "read"), TCVN3_WORDS.items())
def test_words_in_tcvn3(stored: str, read: str) -> None:
    assert to_unicode(stored, "tcvn3") == read
    assert to_unicode(stored, "tcvn3_capitals") == read.upper()


@pytest.mark.parametrize(("stored", "read"), VNI_WORDS.items())
def test_words_in_vni(stored: str, read: str) -> None:
    assert to_unicode(stored, "vni") == read


@pytest.mark.parametrize(
    ("font", "encoding"),
    [
        (".VnTime", "tcvn3"),
        (".VnArial Narrow", "tcvn3"),
        (" .vntime", "tcvn3"),
        (".VnTimeH", "tcvn3_capitals"),
        (".VnArial NarrowH", "tcvn3_capitals"),
        (".VNTIMEH", "tcvn3_capitals"),
        ("VNI-Times", "vni"),
        ("VNI-Helve-Condense", "vni"),
        ("vni-times", "vni"),
        ("Times New Roman", None),
        ("Arial", None),
        ("UVN Bay Buom", None),
        ("VNI", None),
        ("", None),
    ],
)
def test_fonts(font: str, encoding: Encoding | None) -> None:
    assert encoding_of(font) == encoding


# --- syllables ------------------------------------------------------------------------------------


def test_every_word_of_the_plan_and_the_form_is_vietnamese() -> None:
    texts = "".join((SCHEMAS / name).read_text("utf-8") for name in ("template-v1.toml", "messages.toml"))
    texts += " ".join([*(i.name for i in PLAN.indicators), *(task.work for task in PLAN.tasks)])
    letters = "".join(c if c.isalpha() else " " for c in texts)
    words = {word for word in letters.split() if not word.isascii() and not word.isupper()}
    assert len(words) > 400
    assert {word for word in words if not is_syllable(word)} == set()


@pytest.mark.parametrize(
    "word",
    ["nghiêng", "giếng", "gì", "giữa", "quốc", "khuya", "QUYẾT", "hoà", "hòa", "thuỷ", "ở", "Ý", "yêu", "ăn"],
)
def test_syllables(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize(
    "word",
    [
        "",
        "ng",
        "céng",
        "nghành",
        "kà",
        "tôt",
        "mât",
        "tốṕ",
        "café",
        "hôpital",
        "où",
        "chuyÓn",
        "taùc",
        "ñoåi",
        "fà",
    ],
)
def test_no_syllables(word: str) -> None:
    assert not is_syllable(word)


@given(st.text())
def test_any_word_is_judged(word: str) -> None:
    assert is_syllable(word) in (True, False)
