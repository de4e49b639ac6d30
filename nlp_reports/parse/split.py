"""Cutting lines that hold more than one thing: headings glued to text, and pages whose line breaks were lost.

A page crawled as one paragraph joins headings, prose and table cells by single blanks. It is cut at its headings, and
stretches that name a table are cut at every blank; pieces of prose are put together again by their ``piece`` number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from ..template import section_rules
from ..template.wording import wording
from .lines import Line, paragraph_line
from .values import read_value
from .vocabulary import cue_pattern, equate, find_keys, squeeze

NUMERALS = {c: i for i, c in enumerate("一二三四五六七八九十", 1)}
_BEFORE = re.compile(r"[\s。!?)》】|0-9]")
_LEADER = re.compile(r"[.…·。\-—\s]*[0-9]{1,3}")
_AFTER_BAR = re.compile(r"(?<=\|)\s+")
_SENTENCE = re.compile("[。;!?]")
_ENTRY = re.compile(r"(?<=[。!?])\s+")
_ATOM = re.compile(r"\S+")
_SHORTEST_PAGE = 300
_FEW = 4


@lru_cache(maxsize=1)
def _inline() -> re.Pattern[str]:
    titles = "|".join(f"(?:{r.canonical.pattern})" for r in section_rules().sections)
    return re.compile(wording()["heading_inline_start"].pattern + f"(?:{titles})")


def compact_map(text: str) -> tuple[str, list[int]]:
    """Folded text without blanks, and for each of its characters the offset in ``text`` (with the end at the end)."""
    at = [i for i, c in enumerate(text) if not c.isspace()]
    return equate("".join(text[i] for i in at)), [*at, len(text)]


def _headings_in(line: Line) -> list[tuple[int, int]]:
    """Slices (relative to the line) of headings that stand in a line with other text."""
    compact, at = compact_map(line.text)
    found: list[tuple[int, int]] = []
    for hit in _inline().finditer(compact):
        start, end = at[hit.start()], at[hit.end() - 1] + 1
        if not line.text[:start].strip("#* "):
            start = 0
        if start and not _BEFORE.match(line.text[start - 1]) and not wording()["title_end"].search(line.text[:start]):
            continue
        rest = line.text[end:].lstrip()
        if rest and (wording()["enumeration"].match(rest) or _LEADER.fullmatch(rest)):
            continue  # an enumeration of the parts of the report, or a table of contents
        end += len(line.text[end:]) - len(line.text[end:].lstrip("。:、 ")) if not rest.strip("。:、 ") else 0
        if line.text[end : end + 1] in ("。", ":"):
            end += 1
        found.append((start, end))
    return found


def _piece(line: Line, a: int, b: int, piece: int = -1) -> Line | None:
    text = line.text[a:b]
    left = len(text) - len(text.lstrip())
    text = text.strip()
    return (
        replace(line, start=line.start + a + left, end=line.start + a + left + len(text), text=text, piece=piece)
        if text
        else None
    )


def _cut(line: Line, points: Sequence[int]) -> Iterator[Line]:
    for a, b in zip([0, *points], [*points, len(line.text)], strict=True):
        if piece := _piece(line, a, b):
            yield piece


def _is_flat_table(line: Line) -> bool:
    if len(line.text) < 40 or _SENTENCE.search(line.text):
        return False
    text = squeeze(line.text)
    if not cue_pattern().search(text) and not find_keys(text):
        return False
    return sum(1 for m in _ATOM.finditer(line.text) if m[0].isdigit()) >= _FEW


def _row_starts(line: Line) -> list[int]:
    """Where further rows begin on a line of fields: at labels, cues and headings that follow a value."""
    starts, values = [], False
    for f in line.fields:
        text = squeeze(f.text)
        if f.text and read_value(f.text).kind == "text":
            if values and (find_keys(text) or cue_pattern().search(text) or _inline().match(text)):
                starts.append(f.start - line.start)
                values = False
        elif f.text:
            values = True
    return starts


def _reline(line: Line) -> Iterator[Line]:
    """Rows between bars that stand on one line, one a line: joined by a reader that takes them for wrapped prose, or a
    page that lost its line breaks."""
    headings = _headings_in(line) if line.kind == "row" else []
    points = sorted({p for span in headings for p in span} | set(_row_starts(line) if line.kind == "row" else ()))
    points = [p for p in points if 0 < p < len(line.text)]
    if not points:
        yield line
        return
    joined_page = len(headings) >= 2 and len(line.text) >= _SHORTEST_PAGE
    for a, b in pairwise([0, *points, len(line.text)]):
        cuts = [a, *(a + m.end() for m in _AFTER_BAR.finditer(line.text[a:b])), b] if joined_page else [a, b]
        for c, d in pairwise(cuts):
            if part := paragraph_line(line.text, c, d, line.block, shift=line.start):
                yield part


def split_lines(lines: Sequence[Line]) -> list[Line]:
    """Lines with headings on lines of their own, and joined pages cut into their parts."""
    out: list[Line] = []
    for number, line in enumerate(relined for one in lines for relined in _reline(one)):
        if line.kind != "plain":
            out.append(line)
            continue
        found = _headings_in(line)
        if len(found) == 1 and found[0] == (0, len(line.text)):
            found = []
        points = sorted({p for span in found for p in span} - {0, len(line.text)})
        joined_page = len(found) >= 2 and len(line.text) >= _SHORTEST_PAGE
        for part in _cut(line, points):
            if _is_flat_table(part):
                out += [p for m in _ATOM.finditer(part.text) if (p := _piece(part, m.start(), m.end(), number))]
            elif joined_page:
                out += _cut(part, [m.start() for m in _ENTRY.finditer(part.text)])
            else:
                out.append(part)
    return out
