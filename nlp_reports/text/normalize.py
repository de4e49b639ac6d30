"""Folding for matching: simplified, half-width, radicals as letters, always of the same length as the input.

The text that a person sees is never rewritten; stages match on ``fold(text)`` and slice the original with the same
offsets. This is the only module that imports OpenCC. References: Unicode NFKC (UAX #15), CJK Radicals Supplement
(U+2E80–2EFF, which NFKC leaves alone), Kangxi Radicals (U+2F00–2FDF, which it maps).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from opencc import OpenCC

# CJK Radicals Supplement look-alikes that PDF text layers put in place of the letter (NFKC knows two).
RADICALS = dict(
    zip(
        "⺀⺁⺄⺅⺆⺈⺊⺋⺍⺎⺏⺑⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺶⺷⺸⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳",
        "冫厂乙亻冂刀卜卩小兀尣尢巳幺彑彐忄心扌攵旡日月歹母民氵水灬爪爫丬犭王疋目示礻竹糸纟罒罒羊羊羊耂肀聿月臼艹艹艹虎衤覀西见角角讠贝足车辶辶辶阝钅长镸长门阜阝雨青韦页风飞食食食饣首马骨鬼鱼鸟卤麦黄黾齐齐齿齿龙龙龟龟龟",
        strict=True,
    )
)
# Quotation marks and dashes are brought to one form; they keep opening and closing apart.
_PUNCTUATION = {
    "「": "“",
    "」": "”",
    "『": "‘",
    "』": "’",
    "﹝": "〔",
    "﹞": "〕",
    "﹁": "“",
    "﹂": "”",
    "―": "—",
    "‐": "-",
    "‑": "-",
    "–": "-",
    "－": "-",
    "•": "·",
    "・": "·",
}


# Traditional letters that OpenCC converts by the word only; in this genre they have one simplified form.
_ONE_FORM = {"瞭": "了", "衞": "卫", "藉": "借", "枱": "台", "澂": "澄"}
# 答覆 is 答复, 三批覆盖 stays; 座標 is 坐标, 一座标志 stays; 著重 is 着重, 显著 stays: these depend on their neighbours. All of the
# same length.
_BY_NEIGHBOUR = (
    ("覆", re.compile("(?<=[答回批反办])覆(?!盖)|覆(?=[核审校查验检函文电信])"), "复"),
    ("座标", re.compile("(?<![0-9一二两三四五六七八九十百几])座(?=标(?![准志杆识牌题兵]))"), "坐"),
    ("著", re.compile("(?<![显卓昭编原名专巨土论])著(?![名作称者述录])"), "着"),
)


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    from opencc import OpenCC

    return OpenCC("t2s")


def _fold_char(char: str) -> str:
    char = RADICALS.get(char, char)
    char = _PUNCTUATION.get(char, char)
    char = _ONE_FORM.get(char, char)
    if char.isspace():
        return "\n" if char in "\n\x0b\x0c\x85\u2028\u2029" else " "
    wide = unicodedata.normalize("NFKC", char)
    if len(wide) == 1:
        char = wide
    if char >= "\u3400" and not "\ud800" <= char <= "\udfff":  # a lone surrogate cannot be encoded
        simple = _converter().convert(char)
        if len(simple) == 1:
            char = cast(str, simple)
    return char


class _Table(dict[int, str]):
    """A translation table that learns each code point when it is first met."""

    def __missing__(self, key: int) -> str:
        value = self[key] = _fold_char(chr(key))
        return value


_TABLE = _Table()


def fold(text: str) -> str:
    """Return ``text`` simplified, half-width and with plain blanks, of the same length.

    Characters whose compatibility form is longer (``㈠``, ``㎡``, ``…``) stay as they are. Newlines stay newlines, every
    other white space becomes one blank.

    Example:
        >>> fold("熱點新聞３１９條（全年）")
        '热点新闻319条(全年)'
        >>> len(fold("㈠ ⻓期")) == len("㈠ ⻓期")
        True
    """
    return _fold(text) if len(text) < _LONG else _fold_long(text)


#: From this many characters on the fold is kept for a while: every stage asks for that of the whole report.
_LONG = 500
# The marks that simplified text is full of; replacing them first spares most texts the letter by letter way.
_MARKS = tuple((mark, half) for mark, half in zip("，。、：；（）！？　", ",。、:;()!? ", strict=True) if mark != half)


@lru_cache(maxsize=1)
def _changing() -> re.Pattern[str]:
    """A pattern for what folding changes, from ``data/changing.txt``; beyond the basic plane anything may."""
    pieces = (Path(__file__).parent / "data" / "changing.txt").read_text(encoding="ascii").split()
    marks = []
    for piece in pieces:
        first, _, last = piece.partition("-")
        marks.append(f"\\u{first}-\\u{last or first}")
    return re.compile("[" + "".join(marks) + "\U00010000-\U0010ffff\ud800-\udfff]")


def _fold(text: str) -> str:
    pattern = _changing()
    if pattern.search(text):
        for mark, half in _MARKS:
            text = text.replace(mark, half)
        if pattern.search(text):
            text = text.translate(_TABLE)
    for sign, variant, letter in _BY_NEIGHBOUR:
        if sign in text:
            text = variant.sub(letter, text)
    return text


@lru_cache(maxsize=4)
def _fold_long(text: str) -> str:
    return _fold(text)


_BLANKS = {ord(c): None for c in " \t\r\n\u3000\xa0\u200b\ufeff"}


def compact(text: str) -> str:
    """Fold and drop all blanks: the form in which labels and headings are compared.

    Example:
        >>> compact("社會公 益組織")
        '社会公益组织'
    """
    return fold(text).translate(_BLANKS).replace(" ", "")


# Letters that only one of the scripts uses, frequent in running text and in this genre.
_HANT_ONLY = (
    "們個為這進過還條對開關辦報壹貳參總體動況處複復訴訟問題網臺員機構業務規範訊聞請與議實類準門長東車馬麼"
    "將責學習質據數經濟負認識術區縣鎮鄉"
)
_HANS_ONLY = (
    "们个为这进过还条对开关办报总体动况处复诉讼问题网员机构业务规讯闻请与议实类门长东车马么"
    "将责学习质据数经济负认识术区县镇乡"
)
_IS_HANT = re.compile(f"[{_HANT_ONLY}]")
_IS_HANS = re.compile("[" + "".join(sorted(set(_HANS_ONLY) - set(_HANT_ONLY))) + "]")


def script_of(text: str) -> str:
    """Tell the script of ``text``: ``hans``, ``hant`` or ``mixed`` (each at least a tenth of the telling characters).

    Example:
        >>> script_of("收到政府信息公開申請"), script_of("收到政府信息公开申请")
        ('hant', 'hans')
    """
    hant, hans = len(_IS_HANT.findall(text)), len(_IS_HANS.findall(text))
    if not hant and not hans:
        return "hans"
    share = hant / (hant + hans)
    return "hant" if share > 0.9 else "hans" if share < 0.1 else "mixed"


def is_han(char: str) -> bool:
    """Whether ``char`` is a Han character (BMP unified, extension A, compatibility, or planes 2–3)."""
    return (
        "\u4e00" <= char <= "\u9fff"
        or "\u3400" <= char <= "\u4dbf"
        or "\uf900" <= char <= "\ufaff"
        or "\U00020000" <= char <= "\U0003ffff"
    )


@lru_cache(maxsize=4)
def _traditional(variant: str) -> OpenCC:
    from opencc import OpenCC

    return OpenCC(variant)


def to_traditional(text: str, *, variant: str = "s2t") -> str:
    """Convert composed simplified text to traditional; for making samples and tests, never applied to what is read.

    Args:
        text: simplified text.
        variant: ``s2t``, ``s2tw`` or ``s2hk`` (by character, so that the length mostly stays).

    Example:
        >>> to_traditional("总体情况")
        '總體情況'
    """
    return cast(str, _traditional(variant).convert(text))


@lru_cache(maxsize=8)
def _to(configuration: str) -> OpenCC:
    from opencc import OpenCC

    return OpenCC(configuration)


def to_script(text: str, configuration: str) -> str:
    """Convert by an OpenCC configuration (``s2t``, ``s2tw``, ``s2hk``, ``t2s``): for composed text, never for what was read.

    The length may change with phrase configurations (``s2twp``).

    Example:
        >>> to_script("政府信息公开", "s2t")
        '政府信息公開'
    """
    return cast(str, _to(configuration).convert(text))
