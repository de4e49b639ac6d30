"""Numerals with their units in one unit of text, after look-alikes are masked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from ..text.numerals import parse_number
from .lexicon import Lexicon, UnitWord

_STRUCTURAL_ARABIC = re.compile(r"\s?(?:个|大|项)?(?:方面|部分|层面|环节|维度|层次|大类)")
# 靠办公室一名干事应付: one person that exists, after who employs or what limits them.
_PERSON = re.compile(r"[^,。;、]{0,6}(?:干事|人员|职工|干部|编辑|同志|专员|员|干警|主任|局长|县长)")
_SOMEONE = re.compile(r"(?:[室局办县区市镇乡街道科股院委所站]|仅|只|靠|由|共|有|了|其中|,|;|^)$")
_ODD_UNITS = frozenset({"成", "字"})
_FULL_WIDTH = frozenset("０１２３４５６７８９")


@dataclass(slots=True)
class Draft:
    """A count while it is being read; offsets are relative to the text of its unit.

    ``start``/``end`` is the numeral, ``unit_end`` the end of its unit (or of the numeral), ``opened`` the position of
    the innermost bracket around it or -1, ``head`` where the expression begins (百分之 stands before its numeral). ``label`` is
    folded, ``shown`` the same as written; an inherited label has a ``source`` and no span.
    """

    start: int
    end: int
    value: Decimal
    value_max: Decimal | None
    word: UnitWord | None
    unit_start: int
    unit_end: int
    fuzzy: bool = False
    han: bool = False
    head: int = -1
    opened: int = -1
    label: str = ""
    label_start: int = -1
    label_end: int = -1
    origin: str = ""
    kind: str = "count"
    bound: str = "exact"
    zero: bool = False
    rule: str = ""
    scope: str = ""
    item: str = ""
    part_of: Draft | None = None
    shared: UnitWord | None = None
    count_id: str = ""
    source: Draft | None = None
    shown: str = ""
    floor: int = 0
    outcome: bool = False

    @property
    def group(self) -> str:
        """The class of its unit; a number without one has none."""
        word = self.word or self.shared
        return word.group if word else ""


def mask(s: str, lexicon: Lexicon) -> bytearray:
    """Mark every character of ``s`` that belongs to a look-alike."""
    marks = bytearray(len(s))
    for _, pattern in lexicon.lookalikes:
        for match in pattern.finditer(s):
            a, b = match.span()
            marks[a:b] = b"\x01" * (b - a)
    quotes = [i for i, c in enumerate(s) if c == '"'] if '"' in s else []
    if len(quotes) % 2 == 0:
        for a, b in zip(quotes[::2], quotes[1::2], strict=True):
            if b - a <= 24:  # "创业富民30条": a name
                marks[a:b] = b"\x01" * (b - a)
    return marks


def lookalikes(s: str, lexicon: Lexicon) -> Iterator[tuple[str, int, int]]:
    """The look-alikes in folded text, as ``(rule, start, end)``; for explanations and tests."""
    for rule, pattern in lexicon.lookalikes:
        for match in pattern.finditer(s):
            yield rule, match.start(), match.end()


def scan(s: str, surface: str, lexicon: Lexicon) -> list[Draft]:
    """All numerals in ``s`` (folded; ``surface`` is the same text as written) that may be counts, in order."""
    matches = list(lexicon.number.finditer(s))
    if not matches:
        return []
    marks = mask(s, lexicon)
    drafts: list[Draft] = []
    for match in matches:
        draft = _draft(match, s, surface, lexicon)
        if draft is not None and draft.word is not None and draft.word.unit in _ODD_UNITS:
            draft = _odd(draft)
        if draft is not None and not any(marks[draft.start : draft.end]) and not _excluded(draft, s, lexicon):
            drafts.append(draft)
    if drafts:
        _brackets(s, drafts)
    return drafts


def _odd(draft: Draft) -> Draft | None:
    """四成 is 40 per cent; 八字 (a slogan of eight characters) counts nothing, 两千字 does."""
    if draft.word is not None and draft.word.unit == "字":
        return draft if draft.value >= 100 else None
    draft.value *= 10
    return draft if draft.value <= 100 else None


def _draft(match: re.Match[str], s: str, surface: str, lexicon: Lexicon) -> Draft | None:
    if match["percent_han"]:
        value = parse_number(match["ph"])
        if value is None:
            return None
        a, b = match.span("ph")
        return Draft(a, b, value, None, lexicon.units["%"], b, b, han=True, head=match.start())
    if match["han"]:
        return _han_draft(match, s, lexicon)
    a, b = match.span("arabic")
    while a < b and "①" <= surface[a] <= "⑳":
        a += 1  # ③2份: the enumerator is no digit
    text = s[a:b]
    if not text:
        return None
    if "," in text and any(c == "，" for c in surface[a:b]) and surface[a] not in _FULL_WIDTH:
        return None  # 5，120: a comma of the sentence, not of the number
    value = parse_number(text)
    if value is None:
        return None
    word = lexicon.units.get(match["unit"] or "")
    if match["unit2"]:
        top = parse_number(match["arabic2"])
        word2 = lexicon.units[match["unit2"]]
        if top is not None and top > value and (word is None or word == word2):
            c = match.end("arabic2")
            fuzzy = bool(match["fuzzy2"])
            return Draft(a, c, value, top, word2, match.start("unit2"), match.end("unit2"), fuzzy, head=a)
    unit_start, unit_end = match.span("unit") if word else (b, b)
    unit_end = max(unit_end, match.end("also"))  # 512部(件): one measure, two words for it
    if not word and match["fuzzy"]:
        unit_end = match.end("fuzzy")
    return Draft(a, b, value, None, word, unit_start, unit_end, bool(match["fuzzy"]) or "余" in text, head=a)


def _han_draft(match: re.Match[str], s: str, lexicon: Lexicon) -> Draft | None:
    text = match["han"]
    value = parse_number(text)
    if value is None:
        return None
    word = lexicon.units[match["han_unit"]]
    a, b = match.span("han")
    top = parse_number(match["han2"]) if match["han2"] else None
    if match["han2"] and (top is None or top <= value):
        return None
    if match["han2"]:
        b = match.end("han2")
    fuzzy = bool(match["han_fuzzy"])
    before = s[max(0, a - 6) : a]
    if (
        text[0] in "百千万亿"
        and not fuzzy
        and not re.search(r"(?:近|上|逾|超|超过|突破|约|不足|不到|不满|足有)$", before)
    ):
        return None
    if text[0] in "百千万亿" and before.endswith(("几", "数", "成")):
        return None
    if not before.endswith("先后") and before.endswith(
        ("第", "每", "某", "同", "逐", "首", "哪", "任", "前", "后", "这", "那", "该", "另", "下", "“", "其")
    ):
        return None
    rest = s[match.end() : match.end() + 12]
    if value == 1 and before.endswith(("没有", "无")):
        return None  # 没有一条滞后: none at all
    if value == 1 and top is None:
        if lexicon.patterns["rate_one"].search(s, max(0, a - 44), a):
            return None
        closes = not rest.strip() or rest.lstrip()[0] in ",。;、)!?"
        known = lexicon.patterns["one_verb"].search(before)
        single = match["han_unit"] == "名" and _PERSON.match(rest) and _SOMEONE.search(before)
        if not known and not single and not (closes and lexicon.patterns["event"].search(before)):
            if not _one_of(s, a, word, match["han_unit"]):
                return None
            return Draft(a, b, value, top, word, match.start("han_unit"), match.end(), fuzzy, han=True, head=a)
        if match["han_unit"] in ("批", "种", "套", "款", "起", "部", "组") or rest[:1] in ("性", "体", "定", "般"):
            return None
    if word.group not in ("money", "percent", "points") and (
        lexicon.patterns["structural"].match(rest)
        or lexicon.patterns["structural_kinds"].match(s, match.start("han_unit"))
        or (rest and rest[0] in "“一二三四五六七八九十")
    ):
        return None
    return Draft(a, b, value, top, word, match.start("han_unit"), match.end(), fuzzy, han=True, head=a)


# 复议2件，一件维持、一件纠正: 一 at the start of a clause, after a number of the same measure.
_ONE_CLAUSE = re.compile(r"(?:^|[,、;:。(]|其中)$")


def _one_of(s: str, a: int, word: UnitWord, unit: str) -> bool:
    """Whether 一件 at ``a`` is one of the things that a number before it has counted in this unit."""
    if word.group not in ("things", "people", "bodies") or not _ONE_CLAUSE.search(s, max(0, a - 2), a):
        return False
    return re.search(rf"(?:[2-9]|\d\d|[二两三四五六七八九十])余?{unit}", s[max(0, a - 80) : a]) is not None


def _excluded(draft: Draft, s: str, lexicon: Lexicon) -> bool:
    """Frequencies, tariffs, structural numerals and the like."""
    word = draft.word
    if not draft.han and _STRUCTURAL_ARABIC.match(s, draft.end):
        return True
    if draft.value >= 10**15:
        return True
    if word is None:
        return False
    unit = word.unit
    if unit in lexicon.cues["rate_units"]:
        if lexicon.patterns["rate_before"].search(s, max(0, draft.start - 20), draft.start):
            return True
        if lexicon.patterns["rate_after"].match(s, draft.unit_end):
            return True
    following = s[draft.unit_end : draft.unit_end + 1]
    return unit == "个" and following in "月年" and following != ""


def _brackets(s: str, drafts: list[Draft]) -> None:
    stack: list[int] = []
    position = 0
    for draft in drafts:
        for match in re.finditer(r"[()\[\]]", s[position : draft.start]):
            if match[0] in "([":
                stack.append(position + match.start())
            elif stack:
                stack.pop()
        position = draft.start
        draft.opened = stack[-1] if stack else -1
