"""Enumerators and titles: where a list item begins, what kind of enumerator it has, which line is a heading.

Everything here works on text with half-width marks (:func:`fold_outline`); the words of the data file are compared with folded
slices. Authors skip, repeat and misnumber, so no rule looks at the value of an enumerator.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..text.normalize import fold

HAN = "一二三四五六七八九十"
_CIRCLED = re.compile("[①-⑳❶-❿➀-➓㊀-㊉]")

#: Longest title, in characters without quotes and brackets; the codebook says "about 20".
MAX_TITLE = 26
MAX_NOUN_TITLE = 34


@dataclass(frozen=True, slots=True)
class Marker:
    """An enumerator: its kind and its span in the text that was searched."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The data of ``data/outline.yaml``, compiled."""

    marker: re.Pattern[str]
    finite: re.Pattern[str]
    slogan_finite: re.Pattern[str]
    exception: re.Pattern[str]
    short: re.Pattern[str]
    pointing: re.Pattern[str]
    noun_title: re.Pattern[str]
    glued: re.Pattern[str]
    lead_in: re.Pattern[str]
    names: frozenset[str]
    answers: frozenset[str]


def _any(words: list[str], *, escape: bool = True) -> str:
    return "|".join(re.escape(w) if escape else w for w in sorted(words, key=len, reverse=True))


@lru_cache(maxsize=1)
def knowledge() -> Knowledge:
    """Load and compile the data file, once per process."""
    import yaml

    path = Path(__file__).parent / "data" / "outline.yaml"
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 (safe loader)
    number = f"[{HAN}]{{1,3}}"
    marker = "|".join(
        (
            rf"(?P<shi>(?:其{number}|{number}(?:[则則]是|是))(?!否)|其[{HAN}]是?)",
            rf"(?P<yao>[{HAN}]要(?=[\u4e00-\u9fff])(?![{data['no_demands']}]))",
            rf"(?P<paren>\({number}\)是?|[㈠-㈩])",
            r"(?P<paren_arabic>\(\d{1,2}\)|[⑴-⒇])",
            rf"(?P<half_paren>(?:\d{{1,2}}|{number})\)(?!号))",
            r"(?P<arabic>\d{1,2}[.、](?!\d)|[⒈-⒛])",
            r"(?P<circled>[①-⑳❶-❿➀-➓㊀-㊉]、?)",
            rf"(?P<han>{number}[、.](?![{HAN}\d]))",
            rf"(?P<ordinal>第[{HAN}]{{1,2}}(?=[,:是]|、(?![第{HAN}])))",
            rf"(?P<ordinal_verb>第[{HAN}]{{1,2}}(?={_any(data['ordinal_verbs'])}))",
            r"(?P<order>首先|其次|再次|再者|最后(?!一))",
            r"(?P<bullet>[-–－*·•・●■◆▪○□➢►★](?=\s*[\u4e00-\u9fff“《]))",
        )
    )
    nouns, names = _any(data["title_nouns"]), _any(data["title_names"])
    starts = _any(data["body_starts"], escape=False)
    return Knowledge(
        marker=re.compile(marker),
        finite=re.compile(
            f"{_any(data['finite'])}|{data['adjective_predicates']}|\\d[\\d.,]*[万亿]?余?[条件次个期篇份项人场%]"
        ),
        slogan_finite=re.compile(_any(data["finite_in_slogans"])),
        short=re.compile(data["short_predicates"]),
        pointing=re.compile(data["pointing"]),
        exception=re.compile(f"(?:20\\d\\d年度?)?.{{0,14}}?(?:{_any(data['title_exceptions'], escape=False)})"),
        noun_title=re.compile(f".{{0,32}}(?:{nouns})|(?:{names})(?:工作)?"),
        glued=re.compile(
            f"(?P<title>(?:[\\u4e00-\\u9fff、]{{2,18}}?(?:情况|方面)|(?:{names}))(?=(?:{starts}))"
            f"|(?:[\\u4e00-\\u9fff、]{{2,18}}?(?:{nouns})|(?:{names}))(?=\\s+\\S)"
            r"|[\u4e00-\u9fff]{6,14}(?=20\d\d年(?:度|以来)?,))"
        ),
        lead_in=re.compile(_any(data["lead_in_cues"], escape=False)),
        names=frozenset(data["title_names"]),
        answers=frozenset(data["answers"]),
    )


_HALF = tuple(zip("（）：；，！？．［］｛｝＂「」『』", '():;,!?.[]{}"“”‘’', strict=True))
_WIDE_DIGITS = re.compile("[０-９]")
_DIGITS = {ord(c): ord(c) - 0xFEE0 for c in "０１２３４５６７８９"}
# Radicals, small and vertical forms: rare enough to fold the whole text when one is met.
_ODD = re.compile("[\u2e80-\u2fdf\ufe10-\ufe6b\uff61-\uff9f]")


def fold_outline(text: str) -> str:
    """``text`` with half-width marks and digits, of the same length; letters keep their script.

    Much faster than folding everything: titles and the few words that open a list are folded when they are met.
    Circled numbers stay as they are (folding makes them plain digits).

    Example:
        >>> fold_outline("①加強學習；②完善制度")
        '①加強學習;②完善制度'
    """
    if _ODD.search(text):
        return "".join(o if _CIRCLED.match(o) else f for o, f in zip(text, fold(text), strict=True))
    for wide, half in _HALF:
        text = text.replace(wide, half)
    return text.translate(_DIGITS) if _WIDE_DIGITS.search(text) else text


_ENDS = "。!?;"
_OPENS_LIST = ":"
_REFERENCE = "项項款目条條号號第章节節至到和及或"
_WORDS = frozenset("第其首再最")


def match_marker(folded: str, position: int, previous: str, *, blank_before: bool, limit: int) -> Marker | None:
    """The enumerator at ``position``, or ``None``.

    Args:
        folded: the folded text; ``limit`` is where its paragraph ends.
        position: a clause start.
        previous: the last character before it that is no blank, ``""`` at the start of the paragraph.
        blank_before: whether blanks stand between the two; after a blank the enumerators that cannot be mistaken
            for anything else count even without punctuation (pages whose paragraphs were joined by blanks).
    """
    if folded[position] in _WORDS:  # 第一加強學習: the verb list is simplified
        match = knowledge().marker.match(fold(folded[position : min(position + 12, limit)]))
        shift = position
    else:
        match = knowledge().marker.match(folded, position, limit)
        shift = 0
    if match is None:
        return None
    kind, end = str(match.lastgroup), match.end() + shift
    following = folded[end : end + 1] if end < limit else ""
    at_sentence_start = previous == "" or previous in _ENDS or previous in "”’)】》"
    at_clause_start = at_sentence_start or previous in ":,、"
    if not at_clause_start and not (blank_before and kind in ("shi", "paren", "han", "arabic", "circled")):
        return None
    if kind in ("paren", "paren_arabic", "half_paren") and following and following in _REFERENCE:
        return None  # 第二十条第(一)、(五)项
    if kind == "paren" and previous == "、" and following == "、":
        return None
    if kind == "arabic" and (previous == "、" or (not following and previous)):
        return None  # 1、2、3、号文件
    if kind == "arabic" and blank_before and not at_clause_start and not _is_han(following):
        return None
    if kind == "han" and not (at_sentence_start or previous == _OPENS_LIST or blank_before):
        return None
    if kind in ("ordinal_verb", "yao", "bullet", "half_paren") and not (at_sentence_start or previous == _OPENS_LIST):
        return None
    if kind == "bullet" and previous and not blank_before:
        return None
    if kind == "order" and not (at_sentence_start or previous == _OPENS_LIST or following == ","):
        return None
    kind = {"ordinal_verb": "ordinal", "order": "ordinal", "yao": "shi"}.get(kind, kind)
    return Marker(kind, position, end)


def _is_han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff" or char in "“《"


#: Enumerators that titles are written with; 一是… and 首先… always open a sentence.
TITLE_KINDS = frozenset({"han", "paren", "arabic", "paren_arabic", "half_paren", "circled"})


_NOT_COUNTED = {ord(c): None for c in ' \t\n\r“”‘’"()《》'}


@lru_cache(maxsize=4096)  # statutory titles recur in every report
def title_strength(title: str, *, marked: bool) -> int:
    """How surely ``title`` (without enumerator and end mark) is a heading: 2 noun phrase, 1 slogan, 0 not.

    Example:
        >>> [title_strength(t, marked=True) for t in ("主动公开情况", "坚持“标准化”推进主动公开", "队伍稳定性有待加强")]
        [2, 1, 0]
    """
    data = knowledge()
    bare = fold(title).translate(_NOT_COUNTED)
    if not bare or len(bare) > MAX_NOUN_TITLE or bare in data.answers:
        return 0
    if data.pointing.search(bare):
        return 0
    if data.exception.fullmatch(bare):
        return 2
    if data.finite.search(bare) or data.short.fullmatch(bare) or any(c in bare for c in "!?;:。"):
        return 0
    pieces = bare.split(",")
    if data.noun_title.fullmatch(bare) and (len(pieces) == 1 or marked):
        return 2
    if not marked or len(bare) > MAX_TITLE or data.slogan_finite.search(bare):
        return 0
    return 1 if len(pieces) <= 3 and all(2 <= len(p) <= 16 for p in pieces) else 0
