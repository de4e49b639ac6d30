"""What a format module yields: paragraphs and grids as plain strings, without offsets.

Format modules know bytes and markup, nothing of offsets; :mod:`nlp_reports.read.assemble` alone turns these values
into ``Report.text`` and blocks that slice it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from nlp_reports.schema import Fault


@dataclass(frozen=True, slots=True)
class RawParagraph:
    """One logical line of text, rewrapped and repaired; ``source`` as in :class:`nlp_reports.schema.Block`."""

    text: str
    source: str = ""


class RawCell(NamedTuple):
    """One printed cell at its top-left grid position. Lines inside ``text`` are kept apart by newlines."""

    row: int
    col: int
    text: str
    rowspan: int = 1
    colspan: int = 1


@dataclass(frozen=True, slots=True)
class RawGrid:
    """A table with its merged cells resolved; cells in reading order (by row, then column)."""

    n_rows: int
    n_cols: int
    cells: tuple[RawCell, ...]
    source: str = ""


RawBlock = RawParagraph | RawGrid


@dataclass(frozen=True, slots=True)
class RawNote:
    """A remark that becomes a :class:`nlp_reports.schema.Note`; ``block`` is the index of the block it is about."""

    code: str
    message: str
    fault: Fault = "undecidable"
    block: int | None = None


@dataclass(slots=True)
class RawDocument:
    """The blocks of one document in reading order, and what was met while reading them."""

    format: str
    blocks: list[RawBlock] = field(default_factory=list)
    notes: list[RawNote] = field(default_factory=list)

    def note(self, code: str, message: str, fault: Fault = "undecidable", *, block: int | None = None) -> None:
        """Add a remark; the same remark is made once."""
        note = RawNote(code, message, fault, block)
        if note not in self.notes:
            self.notes.append(note)


def grid_of(rows: Sequence[Sequence[str]], source: str = "") -> RawGrid:
    """A grid without merged cells from rows of texts; short rows stay short (no cell is invented).

    Example:
        >>> grid_of([["a", "b"], ["c"]]).n_cols
        2
    """
    cells = tuple(RawCell(i, j, text) for i, row in enumerate(rows) for j, text in enumerate(row))
    return RawGrid(len(rows), max(map(len, rows), default=0), cells, source)
