"""Paragraphs into units: one pass over the punctuation, brackets matched beforehand, linear in the length of the text.

References: codebook section 1; GB/T 15834-2011 (``。？！`` end a sentence) for the granularity ``sentence``.
"""

from __future__ import annotations

import itertools
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from ..text.normalize import fold
from .nesting import Piece, Unit, new_piece, outline
from .outline import HAN, TITLE_KINDS, Marker, fold_outline, knowledge, match_marker, title_strength

if TYPE_CHECKING:
    pass

Granularity = Literal["item", "sentence", "clause"]
GRANULARITIES = ("item", "sentence", "clause")

_PAIRS = {"(": ")", "[": "]", "{": "}", "【": "】", "《": "》", "〈": "〉", "〔": "〕", "“": "”", "‘": "’"}
_CLOSERS = frozenset(_PAIRS.values())
_TAIL = "".join(re.escape(c) for c in sorted(_CLOSERS)) + '"'
# What an enumerator can begin with: a comma, colon or blank matters only before one of these.
_FIRST = "其第首再最(" + HAN + "0123456789㈠-㈩⑴-⒇⒈-⒛①-⑳❶-❿➀-➓㊀-㊉*·•・●■◆▪○□➢►★–－-"
_FIRST_SET = frozenset(re.sub("(.)-(.)", lambda m: "".join(map(chr, range(ord(m[1]), ord(m[2]) + 1))), _FIRST))
_MAY_BEGIN = re.compile(rf"\s*[{_FIRST}]")
_OPEN = r"()\[\]{}【】《》〈〉〔〕“”‘’\""
# Each pattern begins with a set of characters, so that the search passes over the others at full speed. A pair with no
# stop inside is passed over in one step (no group is set).
_SKIP = "|".join(
    rf"(?<={re.escape(a)})[^{re.escape(a)}{re.escape(b)}。!?;]{{0,200}}{re.escape(b)}" for a, b in _PAIRS.items()
)
_STEP = rf"(?:(?<=[。!?])(?P<end>[。!?;]*[{_TAIL}]*[,、]*)|{_SKIP}|(?<=[;{_OPEN}])(?P<one>)"
_EVENT = re.compile(rf"[。!?;:,、\s{_OPEN}]{_STEP}|(?<=[:,、\s])(?=\s*[{_FIRST}])(?P<gap>))")
_EVENT_CLAUSE = re.compile(rf"[。!?;:,、\s{_OPEN}]{_STEP}|(?<=[:,、\s])(?P<gap>))")
_BRACKETS = re.compile(r"[()\[\]{}【】《》〈〉〔〕“”‘’\"]")
_URL_TAIL = re.compile(r"[A-Za-z0-9_&=%]")
_CONTENT = re.compile(r"[^\W_]")
# After 。” these go on with the sentence: “谁主管谁负责。”的原则.
_GOES_ON = re.compile(r"\s*[,、;:的等和与與及并並或]")


def closers(folded: str, start: int, end: int) -> dict[int, int]:
    """Positions of opening marks and of the closing marks that belong to them; unbalanced ones are left out."""
    pairs: dict[int, int] = {}
    stack: list[int] = []
    waiting: dict[str, int] = {}
    straight = [m.start() for m in re.finditer('"', folded[start:end])]
    for a, b in zip(straight[::2], straight[1::2], strict=False):
        if len(straight) % 2 == 0:
            pairs[start + a] = start + b
    for match in _BRACKETS.finditer(folded, start, end):
        char = match[0]
        if char == '"':
            continue
        if char in _PAIRS:
            stack.append(match.start())
            waiting[_PAIRS[char]] = waiting.get(_PAIRS[char], 0) + 1
        elif waiting.get(char):
            while True:
                opened = stack.pop()
                closing = _PAIRS[folded[opened]]
                waiting[closing] -= 1
                if closing == char:
                    pairs[opened] = match.start()
                    break
    return pairs


# What the short way cannot decide: enumerators at a clause start, straight quotes, a question mark in an address.
_HARD = re.compile(
    rf"[。!?\"{_FIRST}](?:(?<=\")|(?<=[!?])[A-Za-z0-9_&=%]|(?<=[。!?])[{_TAIL}]+\s*[,、;:的等和与與及并並或]"
    rf"|(?<![^。!?;:,、\s{_TAIL}].)(?:(?<=[其第])[{HAN}]|(?<=[{HAN}])[{HAN}]{{0,2}}(?:[则則]?是|要|[、.)])|(?<=\()[{HAN}\d]"
    r"|(?<=\d)\d?[.、)]|(?<=首)先|(?<=其)次|(?<=再)[次者]|(?<=最)[后後]|(?<=[㈠-㈩⑴-⒇⒈-⒛①-⑳❶-❿➀-➓㊀-㊉*·•・●■◆▪○□➢►★–－-])))",
    re.DOTALL,
)
_SIMPLE = {
    True: re.compile(rf"[^。!?;]*(?:[。!?][。!?;]*[{_TAIL}]*[,、]*;?|;)|[^。!?;]+"),
    False: re.compile(rf"[^。!?]*[。!?][。!?;]*[{_TAIL}]*[,、]*;?|[^。!?]+"),
}


@lru_cache(maxsize=4096)
def _balanced(brackets: str) -> bool:
    stack: list[str] = []
    for c in brackets:
        if c in _PAIRS:
            stack.append(_PAIRS[c])
        elif not stack or stack.pop() != c:
            return False
    return not stack


def _short_way(folded: str, start: int, end: int, item: bool, paragraph: int) -> list[Piece] | None:
    """The pieces of a paragraph without enumerators whose stops all stand outside brackets; else ``None``."""
    if _HARD.search(folded, start, end):
        return None
    bracketed = _BRACKETS.search(folded, start, end) is not None
    out: list[Piece] = []
    for match in _SIMPLE[item].finditer(folded, start, end):
        a, b = match.span()
        if bracketed:
            brackets = "".join(_BRACKETS.findall(folded, a, b))
            if brackets and (len(brackets) > 64 or not _balanced(brackets)):
                return None
        if not folded[a].isalnum():
            if not _CONTENT.search(folded, a, b):
                return None
            a, b = _strip(folded, a, b)
        elif folded[b - 1].isspace():
            a, b = _strip(folded, a, b)
        out.append(new_piece((a, b, None, 0, paragraph, not out)))
    if out and out[0].end - out[0].start <= 40:
        first = out[0]
        title = _title(folded, first.start, first.end, None, True, len(out) == 1, item)[0]
        if title:
            out[0] = first._replace(title=title)
    return out


def cut_paragraph(folded: str, start: int, end: int, *, granularity: Granularity, paragraph: int) -> list[Piece]:
    """Cut ``folded[start:end]``, one paragraph, into pieces in order."""
    item = granularity != "sentence"
    if granularity != "clause":
        quick = _short_way(folded, start, end, item, paragraph)
        if quick is not None:
            return quick
    pairs: dict[int, int] | None = None
    cuts: list[int] = []
    markers: dict[int, Marker] = {}

    def look(position: int, previous: str, blank: bool) -> None:
        if not _MAY_BEGIN.match(folded, position, end):
            return
        while position < end and folded[position].isspace():
            position, blank = position + 1, True
        if position < end and position not in markers:
            found = match_marker(folded, position, previous, blank_before=blank, limit=end)
            if found is not None:
                markers[position] = found
                cuts.append(position)

    look(start, "", False)
    inside = -1  # the closing mark of the outermost bracket or quote that is open
    events = _EVENT_CLAUSE if granularity == "clause" else _EVENT
    for match in events.finditer(folded, start, end):
        group = match.lastgroup
        if group is None:
            continue
        position = match.start()
        if group == "end":
            stop = match.end()
            if position < inside:
                if stop <= inside or folded[stop - 1] in ",、" or _GOES_ON.match(folded, stop, end):
                    continue
                inside = -1
            elif folded[position] in "!?" and _in_url(folded, position, end):
                continue
            elif stop < end and folded[stop] == ";":
                stop += 1
            # A straight quote closes only when it was opened before; else it opens the next unit.
            if folded[stop - 1] == '"':
                pairs = closers(folded, start, end) if pairs is None else pairs
                while stop - 1 > position and folded[stop - 1] == '"' and (stop - 1) in pairs:
                    stop -= 1
            cuts.append(stop)
            if item and stop < end and (folded[stop] in _FIRST_SET or folded[stop].isspace()):
                look(stop, "。", False)
            continue
        if position < inside:
            continue
        char = folded[position]
        if group == "one":
            if char == ";":
                if item:
                    cuts.append(position + 1)
                    look(position + 1, ";", False)
            else:
                pairs = closers(folded, start, end) if pairs is None else pairs
                inside = pairs.get(position, inside)
        elif char in ":,、":
            if granularity == "clause" and char == "," and not _in_number(folded, position, end):
                cuts.append(position + 1)
            if item:
                look(position + 1, char, False)
        elif item and position > start and not folded[position - 1].isspace():
            look(position, folded[position - 1], True)
    return _pieces(folded, start, end, sorted(set(cuts)), markers, item, paragraph)


def _in_url(folded: str, position: int, end: int) -> bool:
    before = folded[position - 1] if position else ""
    after = folded[position + 1] if position + 1 < end else ""
    return before.isascii() and bool(_URL_TAIL.match(after)) and (before.isalnum() or before in "/.")


def _in_number(folded: str, position: int, end: int) -> bool:
    return 0 < position < end - 1 and folded[position - 1].isdigit() and folded[position + 1].isdigit()


def _pieces(
    folded: str, start: int, end: int, cuts: list[int], markers: dict[int, Marker], item: bool, paragraph: int
) -> list[Piece]:
    begin, close = _strip(folded, start, end)
    bounds = [start, *(c for c in cuts if start < c < end), end]
    # What holds no letter or digit is punctuation left over: it stays with its neighbour.
    holds = [folded[a].isalnum() or _CONTENT.search(folded, a, b) is not None for a, b in itertools.pairwise(bounds)]
    pending, filled = start, False
    out: list[Piece] = []
    for i, b in enumerate(bounds[1:]):
        filled = filled or holds[i]
        last = i + 2 == len(bounds)
        if not last and (not filled or (b not in markers and not holds[i + 1])):
            continue
        a = pending
        if folded[a].isspace() or folded[b - 1].isspace():
            a, b = _strip(folded, a, b)
        pending, filled = bounds[i + 1], False
        if a == b:
            continue
        marker = markers.get(a)
        title, stop = 0, b
        if marker is not None or (not out and a == begin):
            title, stop = _title(folded, a, b, marker, not out and a == begin, b >= close, item)
        out.append(new_piece((a, stop, marker, title, paragraph, not out)))
        if stop < b:
            c, d = _strip(folded, stop, b)
            inner = match_marker(folded, c, folded[stop - 1], blank_before=c > stop, limit=end) if item else None
            out.append(new_piece((c, d, inner, 0, paragraph, False)))
    return out


def _strip(folded: str, a: int, b: int) -> tuple[int, int]:
    while a < b and folded[a].isspace():
        a += 1
    while a < b and folded[b - 1].isspace():
        b -= 1
    return a, b


# 坚持“标准化”推进主动公开: a slogan around one catchword is a title even before a full stop.
_CATCHWORD = re.compile(r"[^,]*“[^”,]*”[^,]*")
_CLAUSE_END = re.compile(r"[,。;:]")
_FRAMES = ("情况", "方面")
_TITLE_STOP = re.compile(r"[。:;!?]")


def _title(
    folded: str, a: int, b: int, marker: Marker | None, opens: bool, whole_line: bool, item: bool
) -> tuple[int, int]:
    """Whether the piece begins with a title, and where the title ends (with its end mark)."""
    if marker is not None and marker.kind not in TITLE_KINDS:
        return 0, b
    if marker is None and not opens:
        return 0, b
    body = marker.end if marker else a
    while body < b and folded[body] in " 、.":
        body += 1
    stop = _TITLE_STOP.search(folded, body, b)
    close = stop.start() if stop else b
    if marker is None and stop is not None and (stop[0] != "。" or fold(folded[body:close]) not in knowledge().names):
        return 0, b
    if close - body <= 60:
        strength = title_strength(folded[body:close], marked=marker is not None)
        if strength and stop is None:
            # No end mark: a title only when the line ends here too, or an enumerator follows its noun phrase.
            if (marker is not None or strength == 2) if whole_line else (marker is not None and strength == 2):
                return strength, b
        elif strength and stop is not None:
            if strength == 1 and stop[0] == "。" and not _CATCHWORD.fullmatch(folded, body, close):
                return 0, b  # 提升解读实效。 has a verb and a full stop: a sentence
            named = marker is not None or fold(folded[body:close]) in knowledge().names
            if (stop[0] == "。" and named) or (stop[0] == ":" and marker is not None and item):
                return strength, stop.end()
    if marker is not None and item:
        glued = knowledge().glued.match(fold(folded[body : min(b, body + 60)]))
        if glued and b - body - glued.end() >= 8 and (strength := title_strength(glued["title"], marked=True)):
            # 平台建设不断完善，…: a subject with its predicate is no title before its text.
            clause = _CLAUSE_END.search(folded, body + glued.end(), b)
            short = clause is not None and clause.start() - body - glued.end() <= 5
            if not short or glued["title"].endswith(_FRAMES):
                return strength, body + glued.end()
    return 0, b


def cut(
    text: str,
    spans: list[tuple[int, int]],
    *,
    folded: str | None = None,
    granularity: Granularity = "item",
    heading: str = "",
    paragraph: int = 0,
) -> list[Unit]:
    """Cut the paragraphs ``spans`` of ``text`` into units; ``folded`` is ``fold_outline(text)`` when already known."""
    if granularity not in GRANULARITIES:
        raise ValueError(f"granularity must be one of {', '.join(GRANULARITIES)}, not {granularity!r}")
    folded = fold_outline(text) if folded is None else folded
    pieces = [
        piece
        for number, (start, end) in enumerate(spans)
        for piece in cut_paragraph(folded, start, end, granularity=granularity, paragraph=paragraph + number)
    ]
    return outline(text, folded, pieces, heading=heading)


_LINE = re.compile(r"[^\n]+")


def segment_text(text: str, *, granularity: Granularity = "item") -> list[Unit]:
    """Cut any text into units; every line is a paragraph.

    Args:
        text: the text, in either script; it is never changed.
        granularity: ``item`` (the default), ``sentence`` (only ``。？！`` and lines end a unit) or ``clause`` (also
            ``，`` outside brackets).

    Returns:
        The units in order, ``text[u.start:u.end] == u.text``, with nothing but white space between them. Text without
        any letter or digit comes back as one unit of punctuation.

    Example:
        >>> [u.text for u in segment_text("存在以下问题：一是更新不及时；二是人员不足。")]
        ['存在以下问题：', '一是更新不及时；', '二是人员不足。']
    """
    spans = [m.span() for m in _LINE.finditer(text) if not m[0].isspace()]
    return cut(text, spans, granularity=granularity)


def shift(unit: Unit, by: int) -> Unit:
    """``unit`` with its lead-in index moved ``by`` places, for joining lists of units."""
    return unit if unit.lead_in < 0 else unit._replace(lead_in=unit.lead_in + by)
