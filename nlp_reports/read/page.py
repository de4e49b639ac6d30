"""A page as positions: letters and ruled lines. PDF, OFD and OCR all come to this, and one layout engine reads it.

Lengths are in points or pixels; nothing depends on the unit, only on letter heights. ``y`` grows downwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from nlp_reports.text.repair import is_wide

#: Gaps, in letter heights, that are read as a blank: between Latin letters, and beside a Han letter.
_LATIN_GAP, _WIDE_GAP = 0.15, 0.6
#: A gap that parts two pieces of a line: table columns, page columns.
PIECE_GAP = 1.4


class Glyph(NamedTuple):
    """A letter (or a word, from OCR) and its box."""

    x0: float
    y0: float
    x1: float
    y1: float
    text: str


class Rule(NamedTuple):
    """A drawn line, horizontal (``y0 == y1``) or vertical (``x0 == x1``)."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(slots=True)
class Page:
    """The letters and lines of one page, and how many pictures stand on it."""

    number: int
    width: float
    height: float
    glyphs: list[Glyph] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    pictures: int = 0


@dataclass(slots=True)
class TextLine:
    """A line of letters in reading order, with its box; ``pieces`` counts the parts that wide gaps leave."""

    x0: float
    y0: float
    x1: float
    y1: float
    text: str
    height: float
    pieces: int = 1
    page: int = 0

    @property
    def middle(self) -> float:
        """The vertical middle."""
        return (self.y0 + self.y1) / 2


def group_lines(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Letters into lines, top to bottom, each from left to right.

    A letter belongs to the line whose middle is within half a letter height of its own.
    """
    # Blanks are read from gaps: a text layer sets them where no gap is, and leaves them out where one is.
    ordered = sorted((g for g in glyphs if g.text.strip()), key=lambda g: (g.y0 + g.y1, g.x0))
    lines: list[list[Glyph]] = []
    middle = height = 0.0
    for glyph in ordered:
        own = (glyph.y0 + glyph.y1) / 2
        tall = glyph.y1 - glyph.y0
        if lines and own - middle <= 0.5 * max(height, min(tall, 1.2 * height)):
            line = lines[-1]
            line.append(glyph)
            # The taller letters carry the line: small marks sit above or below its middle.
            if tall >= height:
                middle, height = (middle * 3 + own) / 4, tall
        else:
            lines.append([glyph])
            middle, height = own, tall
    for line in lines:
        line.sort(key=lambda g: g.x0)
    return lines


def line_text(glyphs: Sequence[Glyph]) -> tuple[str, int]:
    """The text of one line with blanks where the gaps are, and the number of pieces that wide gaps leave."""
    height = typical_height(glyphs)
    out: list[str] = []
    pieces = 1
    previous: Glyph | None = None
    for glyph in glyphs:
        text = glyph.text
        if previous is not None:
            gap = glyph.x0 - previous.x1
            if (
                gap < -0.5 * (glyph.x1 - glyph.x0)
                and text == previous.text
                and abs(glyph.x0 - previous.x0) < 0.2 * height
            ):
                continue  # the same letter printed twice, for bold type
            wide = is_wide(previous.text[-1]) or is_wide(text[0])
            if gap > (_WIDE_GAP if wide else _LATIN_GAP) * height:
                out.append(" ")
                if gap > PIECE_GAP * height:
                    pieces += 1
        out.append(text)
        previous = glyph
    return "".join(out), pieces


def typical_height(glyphs: Sequence[Glyph]) -> float:
    """The median letter height."""
    heights = sorted(g.y1 - g.y0 for g in glyphs)
    return heights[len(heights) // 2] if heights else 0.0


def text_line(glyphs: Sequence[Glyph], page: int = 0) -> TextLine:
    """A line value from its letters."""
    text, pieces = line_text(glyphs)
    return TextLine(
        min(g.x0 for g in glyphs),
        min(g.y0 for g in glyphs),
        max(g.x1 for g in glyphs),
        max(g.y1 for g in glyphs),
        text,
        typical_height(glyphs),
        pieces,
        page,
    )


def split_pieces(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Cut one line at its wide gaps."""
    height = typical_height(glyphs)
    pieces: list[list[Glyph]] = []
    for glyph in glyphs:
        if pieces and glyph.x0 - pieces[-1][-1].x1 <= PIECE_GAP * height:
            pieces[-1].append(glyph)
        else:
            pieces.append([glyph])
    return pieces
