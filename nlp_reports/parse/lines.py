"""Blocks as lines: the one shape in which paragraphs, flattened tables and grids are walked.

A line is a paragraph line or one row of a grid. A paragraph line with bars is cut into fields here, because only here
the difference between a bar that ends a cell and a run of bars that only fills up a row (``0 |||``) can still be seen.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from typing import Literal

from ..schema import Block, Grid, Report
from ..text.normalize import fold

LineKind = Literal["plain", "row", "cell", "bar", "pad", "grid"]
_BARS = "|│┃¦"
_BAR = re.compile(f"[{_BARS}]")
_ONLY_BARS = re.compile(f"[{_BARS}\\s]+")
_RULE = re.compile(f"[{_BARS}\\s:=+-]*-{{3}}[{_BARS}\\s:=+-]*")
_SENTENCE = re.compile("[。;!?]")


@dataclass(frozen=True, slots=True)
class Field:
    """One cell of a row: its slice of the text, grid column (or field number) and folded text without outer blanks."""

    start: int
    end: int
    col: int
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line; ``start``/``end`` slice ``Report.text`` without outer blanks, ``text`` is that slice folded.

    kind: ``plain`` no bars; ``row`` several fields; ``cell`` one field ended by a bar; ``bar`` a lone bar; ``pad`` a run
    of bars; ``grid`` a row of a real table. ``pad`` counts the filling bars at the end. ``grid`` numbers the table.
    ``piece`` is set on the parts of a line that was cut at its blanks.
    """

    kind: LineKind
    start: int
    end: int
    text: str
    block: int
    fields: tuple[Field, ...] = ()
    pad: int = 0
    grid: int = -1
    piece: int = -1


def _strip(folded: str, start: int, end: int) -> tuple[int, int]:
    piece = folded[start:end]
    left = len(piece) - len(piece.lstrip())
    return start + left, start + max(left, len(piece.rstrip()))


def _field(folded: str, start: int, end: int, col: int) -> Field:
    a, b = _strip(folded, start, end)
    return Field(a, b, col, folded[a:b])


def _paragraph(folded: str, start: int, end: int, block: int) -> Line | None:
    """One line of a paragraph block; ``None`` for an empty line or a rule of dashes."""
    start, end = _strip(folded, start, end)
    text = folded[start:end]
    if not text:
        return None
    bars = [m.start() for m in _BAR.finditer(text)]
    if not bars:
        return Line("plain", start, end, text, block)
    if "---" in text and _RULE.fullmatch(text):
        return None
    if _ONLY_BARS.fullmatch(text):
        tight = len(bars) == len(text)
        if tight and len(bars) > 1:
            return Line("pad", start, end, text, block, pad=len(bars))
        blanks = tuple(Field(start + b, start + b, i, "") for i, b in enumerate(bars[1:]))
        return Line("row", start, end, text, block, blanks) if blanks else Line("bar", start, end, text, block)
    tail = len(text) - len(text.rstrip(_BARS))  # bars that touch each other at the end of the line
    pad = max(0, tail - 1)
    if pad:
        bars = bars[:-pad]
    cuts = [-1, *bars, len(text) - pad]
    fields = [
        _field(folded, start + a + 1, start + max(a + 1, b), i) for i, (a, b) in enumerate(itertools.pairwise(cuts))
    ]
    if not fields[0].text and bars and bars[0] == 0:
        fields = fields[1:]
    if tail and fields and not fields[-1].text:
        fields = fields[:-1]
    kind: LineKind = "row" if len(fields) > 1 else "cell"
    return Line(kind, start, end, text, block, tuple(fields), pad)


def paragraph_line(text: str, start: int, end: int, block: int, *, shift: int) -> Line | None:
    """A line from a piece of another line; ``shift`` is where ``text`` begins in the report."""
    line = _paragraph(text, start, end, block)
    if line is None:
        return None
    fields = tuple(Field(f.start + shift, f.end + shift, f.col, f.text) for f in line.fields)
    return replace(line, start=line.start + shift, end=line.end + shift, fields=fields)


def _grid_rows(folded: str, grid: Grid, block: int) -> list[Line]:
    rows: dict[int, list[Field]] = {}
    for cell in grid.cells:
        rows.setdefault(cell.row, []).append(_field(folded, cell.start, cell.end, cell.col))
    lines = []
    for number in sorted(rows):
        fields = sorted(rows[number], key=lambda f: f.col)
        printed = [f for f in fields if f.text]
        if any(len(f.text) > 60 and _SENTENCE.search(f.text) for f in printed):
            # A layout table: its cells hold prose, each is a paragraph of its own.
            lines += [Line("plain", f.start, f.end, f.text, block) for f in printed]
            continue
        start, end = fields[0].start, max(f.end for f in fields)
        lines.append(Line("grid", start, end, folded[start:end], block, tuple(fields), grid=block))
    return lines


def lines_of(report: Report) -> list[Line]:
    """All lines of a report in document order. Without blocks the text is taken line by line.

    Example:
        >>> r = Report("", "", "", "规章 | 0 |\\n第一条\\n|||")
        >>> [(line.kind, len(line.fields), line.pad) for line in lines_of(r)]
        [('row', 2, 0), ('plain', 0, 0), ('pad', 0, 3)]
    """
    folded = fold(report.text)
    blocks = report.blocks or (Block("paragraph", 0, len(report.text)),)
    lines: list[Line] = []
    for number, block in enumerate(blocks):
        if block.kind == "grid" and block.grid is not None and block.grid.cells:
            lines += _grid_rows(folded, block.grid, number)
            continue
        start = block.start
        while start <= block.end:
            stop = folded.find("\n", start, block.end)
            stop = block.end if stop < 0 else stop
            if line := _paragraph(folded, start, stop, number):
                lines.append(line)
            start = stop + 1
    return lines
