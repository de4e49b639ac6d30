"""Paragraphs into units: one pass over the punctuation, brackets matched beforehand, linear in the length of the text.

References: codebook section 1; GB/T 15834-2011 (``。？！`` end a sentence) for the granularity ``sentence``.
"""

from __future__ import annotations

import itertools
import re
from functools import lru_cache
from typing import Literal, NamedTuple

from .outline import HAN, TITLE_KINDS, Marker, fold_outline, knowledge, match_marker, title_strength

Granularity = Literal["item", "sentence", "clause"]
GRANULARITIES = ("item", "sentence", "clause")

_PAIRS = {"(": ")", "[": "]", "{": "}", "【": "】", "《": "》", "〈": "〉", "〔": "〕", "“": "”", "‘": "’"}
_CLOSERS = frozenset(_PAIRS.values())
_TAIL = "".join(re.escape(c) for c in sorted(_CLOSERS)) + '"'
# A run of end marks with the closing marks after it, or one character that may matter.
_END = rf"(?P<end>[。!?][。!?;]*[{_TAIL}]*[,、]*)"
# What an enumerator can begin with: a comma, colon or blank matters only before one of these.
_FIRST = "其第首再最(" + HAN + "0123456789㈠-㈩⑴-⒇⒈-⒛①-⑳❶-❿➀-➓㊀-㊉*·●■◆▪○□➢►★-"
_MAY_BEGIN = re.compile(rf"\s*[{_FIRST}]")
_OPEN = r"()\[\]{}【】《》〈〉〔〕“”‘’\""
# A pair with no stop inside is passed over in one step.
_SKIP = "|".join(
    rf"{re.escape(a)}[^{re.escape(a)}{re.escape(b)}。!?;]{{0,200}}{re.escape(b)}" for a, b in _PAIRS.items()
)
_EVENT = re.compile(rf"{_SKIP}|{_END}|(?P<one>[;{_OPEN}]|[:,、\s](?=\s*[{_FIRST}]))")
_EVENT_CLAUSE = re.compile(rf"{_SKIP}|{_END}|(?P<one>[;:,、\s{_OPEN}])")
_BRACKETS = re.compile(r"[()\[\]{}【】《》〈〉〔〕“”‘’\"]")
_BRACKET_CHARS = frozenset('()[]{}【】《》〈〉〔〕“”‘’"')
_URL_TAIL = re.compile(r"[A-Za-z0-9_&=%]")
_CONTENT = re.compile(r"[^\W_]")
# After 。” these go on with the sentence: “谁主管谁负责。”的原则.
_GOES_ON = re.compile(r"\s*[,、;:的等和与及并或]")


class Unit(NamedTuple):
    """A unit with offsets into the text that was cut.

    ``kind`` is ``heading`` or ``sentence``; ``lead_in`` the index (in the same list) of the sentence that introduces
    the list it belongs to, -1 without one. ``level`` and ``heading_path`` as in :class:`nlp_reports.schema.Sentence`.
    """

    start: int
    end: int
    text: str
    kind: Literal["heading", "sentence"] = "sentence"
    marker: str = ""
    level: int = 0
    heading_path: tuple[str, ...] = ()
    lead_in: int = -1
    paragraph: int = 0


class Piece(NamedTuple):
    """A unit before its place in the outline is known. ``title`` is 2, 1 or 0 as in :func:`title_strength`."""

    start: int
    end: int
    marker: Marker | None
    title: int
    paragraph: int
    opens_paragraph: bool


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
    rf"(?<![^。!?;:,、\s{_TAIL}])(?:[其第][{HAN}]|[{HAN}]{{1,3}}(?:则?是|[、.)])|\([{HAN}\d]|\d{{1,2}}[.、)]"
    r"|首先|其次|再[次者]|最后|[㈠-㈩⑴-⒇⒈-⒛①-⑳❶-❿➀-➓㊀-㊉*·●■◆▪○□➢►★-])"
    rf"|\"|[!?][A-Za-z0-9_&=%]|[。!?][{_TAIL}]+\s*[,、;:的等和与及并或]"
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


def _short_way(folded: str, start: int, end: int, item: bool) -> list[tuple[int, int]] | None:
    """The pieces of a paragraph without enumerators whose stops all stand outside brackets; else ``None``."""
    if _HARD.search(folded, start, end):
        return None
    spans = [m.span() for m in _SIMPLE[item].finditer(folded, start, end)]
    bracketed = _BRACKETS.search(folded, start, end) is not None
    for a, b in spans:
        if not _CONTENT.search(folded, a, b):
            return None
        if bracketed:
            brackets = "".join(_BRACKETS.findall(folded, a, b))
            if brackets and (len(brackets) > 64 or not _balanced(brackets)):
                return None
    return spans


def cut_paragraph(folded: str, start: int, end: int, *, granularity: Granularity, paragraph: int) -> list[Piece]:
    """Cut ``folded[start:end]``, one paragraph, into pieces in order."""
    item = granularity != "sentence"
    if granularity != "clause":
        spans = _short_way(folded, start, end, item)
        if spans is not None:
            return _plain_pieces(folded, spans, item, paragraph)
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
            if item:
                look(stop, "。", False)
            continue
        if position < inside:
            continue
        char = match["one"]
        if char in _BRACKET_CHARS:
            pairs = closers(folded, start, end) if pairs is None else pairs
            inside = pairs.get(position, inside)
        elif char == ";":
            if item:
                cuts.append(position + 1)
                look(position + 1, ";", False)
        elif char in ":,、":
            if granularity == "clause" and char == "," and not _in_number(folded, position, end):
                cuts.append(position + 1)
            if item:
                look(position + 1, char, False)
        elif item and char.isspace() and position > start and not folded[position - 1].isspace():
            look(position, folded[position - 1], True)
    return _pieces(folded, start, end, sorted(set(cuts)), markers, item, paragraph)


def _plain_pieces(folded: str, spans: list[tuple[int, int]], item: bool, paragraph: int) -> list[Piece]:
    out: list[Piece] = []
    for a, b in spans:
        if folded[a].isspace() or folded[b - 1].isspace():
            a, b = _strip(folded, a, b)
        title = 0
        if not out and b - a <= 40:
            title = _title(folded, a, b, None, True, len(spans) == 1, item)[0]
        out.append(Piece(a, b, None, title, paragraph, not out))
    return out


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
        a, b = _strip(folded, pending, b)
        pending, filled = bounds[i + 1], False
        if a == b:
            continue
        marker = markers.get(a)
        title, stop = 0, b
        if marker is not None or (not out and a == begin):
            title, stop = _title(folded, a, b, marker, not out and a == begin, b >= close, item)
        out.append(Piece(a, stop, marker, title, paragraph, not out))
        if stop < b:
            c, d = _strip(folded, stop, b)
            inner = match_marker(folded, c, folded[stop - 1], blank_before=c > stop, limit=end) if item else None
            out.append(Piece(c, d, inner, 0, paragraph, False))
    return out


def _strip(folded: str, a: int, b: int) -> tuple[int, int]:
    while a < b and folded[a].isspace():
        a += 1
    while a < b and folded[b - 1].isspace():
        b -= 1
    return a, b


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
    if marker is None and stop is not None and (stop[0] != "。" or folded[body:close] not in knowledge().names):
        return 0, b
    if close - body <= 60:
        strength = title_strength(folded[body:close], marked=marker is not None)
        if strength and stop is None:
            # No end mark: a title only when the line ends here too, or an enumerator follows its noun phrase.
            if (marker is not None or strength == 2) if whole_line else (marker is not None and strength == 2):
                return strength, b
        elif strength and stop is not None:
            named = marker is not None or folded[body:close] in knowledge().names
            if (stop[0] == "。" and named) or (stop[0] == ":" and marker is not None and item):
                return strength, stop.end()
    if marker is not None and item:
        glued = knowledge().glued.match(folded, body, b)
        if (
            glued
            and glued.end() < b
            and b - glued.end() >= 8
            and (strength := title_strength(glued["title"], marked=True))
        ):
            return strength, glued.end()
    return 0, b


def outline(text: str, folded: str, pieces: list[Piece], *, heading: str = "") -> list[Unit]:
    """Give each piece its kind, level, heading path and lead-in. ``heading`` is the section title above them all."""
    base = 1 if heading else 0
    stack: list[tuple[str, str]] = []  # (kind of enumerator, heading text or "")
    leads: list[int] = []
    units: list[Unit] = []
    path = _path(heading, stack)
    for i, piece in enumerate(pieces):
        kind = piece.marker.kind if piece.marker else ""
        is_heading = piece.title > 0 and (piece.title == 2 or _has_body(pieces, i))
        if is_heading and piece.title == 1 and (kind, "") in stack:
            is_heading = False  # its sisters in the list are sentences
        if is_heading and not kind and not _has_body(pieces, i):
            is_heading = False  # the last line of a section is a signature or an answer
        if kind:
            depth = next((d for d, entry in enumerate(stack) if entry[0] == kind), len(stack))
            opened = depth == len(stack)
            del stack[depth:]
            lead = leads[depth] if not opened and depth < len(leads) else -1
            del leads[depth:]
            if units and units[-1].kind == "sentence" and _introduces(folded, units[-1]):
                lead = len(units) - 1
            path = _path(heading, stack)
            stack.append((kind, ""))
            leads.append(lead)
        elif is_heading:
            stack, leads = [entry for entry in stack if entry[1] and entry[0] != "title"], []
            path = _path(heading, stack)
            stack.append(("title", ""))
            leads = [-1] * len(stack)
        elif piece.opens_paragraph and stack and not stack[-1][1]:
            while stack and not stack[-1][1]:
                stack.pop()
            del leads[len(stack) :]
            path = _path(heading, stack)
        surface = text[piece.start : piece.end]
        units.append(
            Unit(
                piece.start,
                piece.end,
                surface,
                "heading" if is_heading else "sentence",
                text[piece.marker.start : piece.marker.end] if piece.marker else "",
                base + len(stack),
                path,
                -1 if is_heading or not leads else leads[-1],
                piece.paragraph,
            )
        )
        if is_heading:
            stack[-1] = (stack[-1][0], surface.rstrip("。：: \u3000"))
            path = _path(heading, stack)
    return units


def _path(heading: str, stack: list[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(t for t in (heading, *(entry[1] for entry in stack)) if t)


def _has_body(pieces: list[Piece], i: int) -> bool:
    """Whether something stands under the title ``pieces[i]``: the next piece is no enumerator of the same kind."""
    if i + 1 >= len(pieces):
        return False
    this, following = pieces[i], pieces[i + 1]
    if following.marker is None:
        return not (this.marker is None and following.title == 2)
    if this.marker is None:
        return True
    return following.marker.kind != this.marker.kind and _rank(following.marker.kind) > _rank(this.marker.kind)


def _rank(kind: str) -> int:
    order = ("han", "paren", "arabic", "paren_arabic", "half_paren", "circled", "shi", "ordinal", "bullet")
    return order.index(kind)


def _introduces(folded: str, unit: Unit) -> bool:
    if folded[unit.end - 1] == ":":
        return True
    return knowledge().lead_in.search(folded, max(unit.start, unit.end - 24), unit.end) is not None


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
