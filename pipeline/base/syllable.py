"""Whether a word is written as a syllable of Vietnamese: a beginning, a rime, a tone that fits."""

import re
from functools import lru_cache
from unicodedata import normalize

_TONES = dict.fromkeys(map(ord, "\u0301\u0300\u0309\u0303\u0323"))
_ACUTE, _DOT = "\u0301", "\u0323"
_LONGEST = len("nghiêng")

# c, g and ng are written k, gh and ngh before e, ê, i and y; save for "gi", as in "gì" and "giết".
_BEFORE_BACK, _BEFORE_FRONT = frozenset({"c", "g", "ng"}), frozenset({"k", "gh", "ngh"})
_BEGINNING = re.compile("b|ch?|d|đ|gh|gi|g|h|kh?|l|m|ngh|ng|nh|n|ph?|qu|r|s|th|tr|t|v|x")
_FRONT = tuple("eêiy")
_Y_AFTER = frozenset({"", "h", "k", "l", "m", "n", "qu", "s", "t", "th", "v"})

_OPEN = """
a ai ao au ay âu ây e eo ê êu i ia iu iêu o oa oai oao oay oe oeo oi ô ôi ơ ơi u ua uây uê ui uy uya uyu
uơ uôi ư ưa ưi ưu ươi ươu y yêu
"""
_NASAL = """
am an ang anh ăm ăn ăng âm ân âng em en eng êm ên ênh im in inh iêm iên iêng om on ong oong ôm ôn ông ơm ơn
oam oan oang oanh oăm oăn oăng oen um un ung uân uâng uên uênh uôm uôn uông uyên uyn uynh ưm ưn ưng
ươm ươn ương yên yêm ynh
"""
_STOPPED = """
ac ach ap at ăc ăp ăt âc âp ât ec ep et êch êp êt ich ip it iêc iêp iêt oc op ot ooc ôc ôp ôt ơp ơt
oac oach oat oăc oăt oet uc up ut uât uêch uôc uôt uych uyp uyt uyêt ưc ưt ươc ươp ươt yêt ych
"""
_STOPPED_RIMES = frozenset(_STOPPED.split())
_RIMES = frozenset((_OPEN + _NASAL).split()) | _STOPPED_RIMES


def is_syllable(word: str) -> bool:
    """Whether the word, in NFC and any case, could be Vietnamese; the place of the tone mark is free."""
    return len(word) <= _LONGEST and _is_written_so(word)


@lru_cache(maxsize=20_000)  # more than Vietnamese has, in all writings of their letters
def _is_written_so(word: str) -> bool:
    decomposed = normalize("NFD", word.casefold())
    bare = normalize("NFC", decomposed.translate(_TONES))
    tones = [sign for sign in decomposed if ord(sign) in _TONES]
    return any(_fits(begin, rime, tones) for begin, rime in _divisions(bare))


def _divisions(word: str) -> list[tuple[str, str]]:
    """Beginning and rime; "gì" and "giếng" are g and ì, g and iếng."""
    found = _BEGINNING.match(word)
    begin = found[0] if found else ""
    divided = [(begin, word[len(begin) :])]
    return [*divided, ("g", word[1:])] if begin == "gi" else divided


def _fits(begin: str, rime: str, tones: list[str]) -> bool:
    if rime not in _RIMES or len(tones) > 1:
        return False
    front = rime.startswith(_FRONT)
    if begin in _BEFORE_BACK and front and (begin, rime[0]) != ("g", "i"):
        return False
    if begin in _BEFORE_FRONT and not front:
        return False
    if rime[0] == "y" and begin not in _Y_AFTER:
        return False
    return rime not in _STOPPED_RIMES or tones in ([_ACUTE], [_DOT])
