"""Hard-wrapped lines back to paragraphs.

A text dump of a PDF or a flip-book breaks each paragraph at a fixed width. Lines are joined when the next word would
not have fitted, which is what the wrapper saw; headings, table lines and lines after a blank one stay apart. Widths
are columns: 2 for a wide letter, 1 for any other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nlp_reports.read.knowledge import knowledge
from nlp_reports.text.normalize import fold
from nlp_reports.text.repair import LOOSE_BLANK, join_lines

_NARROW = re.compile("[\x00-\u1100]")
_TERMINAL = re.compile(r"[。!?;:][”’」』)\]》]{0,2}$")
_SENTENCE_END = re.compile(r"[。!?][”’」』)\]》]{0,2}$")
_NUMBER = re.compile(r"-?\d[\d,.]*%?")
_PUNCTUATED = re.compile(r"[,。;:!?]")
# What cannot be parted at a line end: a Latin word or number, or a letter, with the brackets and stops that cling to it.
FIRST_WORD = re.compile(
    r"[“‘「『(（《〈【\[〔]{0,3}(?:[0-9A-Za-z@._/:%+\-]+|.)[,，。、;；:：!！?？”’)）\]》〉】〕」』]{0,3}", re.S
)
#: The least and the most columns of a wrapped page: 15 to 60 Han letters.
_MIN_WIDTH, _MAX_WIDTH = 30, 124
#: Columns that justified setting may gain or lose by compressed punctuation.
_SLACK = 3


def width(text: str) -> int:
    """The columns that ``text`` takes: 2 for a wide letter, 1 for any other.

    Example:
        >>> width("2024年")
        6
    """
    return 2 * len(text) - len(_NARROW.findall(text))


@dataclass(frozen=True, slots=True)
class Line:
    """A line and what a person sees of it: its number, a blank line before it, its indentation."""

    text: str
    number: int
    after_blank: bool = False
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Joined lines: the text, and the numbers of the first and last line."""

    text: str
    first: int
    last: int
    wrapped: bool = False


def is_table_line(folded: str) -> bool:
    """Whether a line is a row of a flattened table: bars, or a label and numbers without a sentence mark."""
    if "|" in folded:
        return True
    last = folded.rsplit(" ", 1)[-1]
    return _NUMBER.fullmatch(last) is not None and not _PUNCTUATED.search(folded)


def wrap_width(lines: Sequence[str]) -> int | None:
    """The width at which ``lines`` were broken, or ``None`` when they are paragraphs.

    Broken text shows three things at once: many lines of nearly the same, greatest width; most of those end inside a
    sentence; hardly any line is longer.
    """
    # Paragraphs, plainly: spare the measuring.
    if len([1 for line in lines if len(line) > _MAX_WIDTH]) * 8 > len(lines):
        return None
    widths = sorted(w for line in lines if (w := _set_width(line)) >= _MIN_WIDTH - 8)
    if len(widths) < 3:
        return None
    # The greatest width but for a few outliers (an address that no wrapper breaks), then the commonest one near it.
    top = widths[-1 - len(widths) // 20]
    if top > _MAX_WIDTH or widths[-1] > 2 * top:
        return None
    full = max(range(top - 8, top + 1), key=lambda f: (sum(f - 3 <= w <= f + 1 for w in widths), f))
    band = [line for line in lines if full - 6 <= _set_width(line) <= full + 4]
    if full < _MIN_WIDTH or len(band) < 3 or len(band) * 4 < len(widths):
        return None
    inside = sum(1 for line in band if not _TERMINAL.search(fold(line)))
    return full if inside * 2 >= len(band) and inside >= 3 else None


def _set_width(text: str) -> int:
    """The width without the blanks that a layout put beside Han letters."""
    return width(LOOSE_BLANK.sub("", text)) if " " in text else width(text)


def rewrap(lines: Sequence[Line], full: int) -> list[Paragraph]:
    """Join ``lines`` that were broken at ``full`` columns. A table line is a paragraph of its own.

    Example:
        >>> lines = [Line("一、总体情况", 1), Line("全年公开信息三百条，其中", 2), Line("网站二百条。", 3)]
        >>> [p.text for p in rewrap(lines, 24)]
        ['一、总体情况', '全年公开信息三百条，其中网站二百条。']
    """
    start = knowledge().paragraph_start
    indented = sum(1 for line in lines if line.indent >= 2) * 12 >= len(lines)
    paragraphs: list[Paragraph] = []
    group: list[Line] = []
    folded_before = ""

    def close() -> None:
        if group:
            text = join_lines([line.text for line in group])
            paragraphs.append(Paragraph(text, group[0].number, group[-1].number, len(group) > 1))
            group.clear()

    for line in lines:
        folded = fold(line.text)
        joined = bool(group) and _continues(group[-1], line, full, first=len(group) == 1)
        if is_table_line(folded) and not joined:
            close()
            paragraphs.append(Paragraph(line.text, line.number, line.number))
            folded_before = ""
            continue
        if group:
            ended = _SENTENCE_END.search(folded_before) is not None
            if (
                (line.after_blank and (ended or start.match(folded) or not joined))
                or (joined and start.match(folded) and _TERMINAL.search(folded_before))
                or (joined and indented and line.indent >= 2 and group[-1].indent < line.indent)
                or (
                    joined
                    and len(group) == 1
                    and start.match(folded)
                    and start.match(folded_before)
                    and not _PUNCTUATED.search(folded_before)
                )
            ):
                joined = False
            if not joined:
                close()
        group.append(line)
        folded_before = folded
    close()
    return paragraphs


def _continues(before: Line, line: Line, full: int, *, first: bool) -> bool:
    """Whether the wrapper broke after ``before``: the first word of ``line`` would not have fitted.

    The first line of a paragraph is two Han letters shorter when the dump lost its indentation.
    """
    if before.text.startswith("#"):
        return False
    word = FIRST_WORD.match(line.text)
    room = full - _SLACK - (4 if first and before.indent < 2 else 0)
    return width(before.text) + width(word.group() if word else line.text[:1]) > room
