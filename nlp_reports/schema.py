"""The data model: plain, frozen, slotted values that every stage hands to the next.

All offsets are code points into :attr:`Report.text`; ``report.text[x.start:x.end]`` is the surface of ``x``, in the
script of the input. Values pickle, compare and serialise; nothing here imports another module of the package.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Literal

SCHEMA_VERSION = "1.0"

SectionId = Literal[
    "preamble",
    "overview",
    "proactive_disclosure",
    "requests",
    "review_litigation",
    "problems_improvements",
    "other_matters",
    "unknown",
]
Template = Literal["f2021", "f2019", "pre2019", "unknown"]
Script = Literal["hans", "hant", "mixed"]
ReportStatus = Literal["ok", "partial", "error"]
UnitKind = Literal["heading", "sentence"]
CellStatus = Literal["ok", "missing", "unreadable"]
CountKind = Literal["count", "percent", "money", "change"]
Bound = Literal["exact", "about", "at_least", "at_most"]
FindingStatus = Literal["match", "mismatch", "not_comparable"]
Severity = Literal["error", "warning", "info"]
Fault = Literal["author", "reader", "undecidable"]


@dataclass(frozen=True, slots=True)
class GridCell:
    """One printed cell of a table, at its top-left grid position, with its span and its slice of ``Report.text``."""

    row: int
    col: int
    text: str
    start: int
    end: int
    rowspan: int = 1
    colspan: int = 1


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with merged cells resolved: every printed cell once, ``n_rows`` by ``n_cols`` grid positions."""

    n_rows: int
    n_cols: int
    cells: tuple[GridCell, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (one logical line after rewrapping) or a grid, in document order.

    ``start``/``end`` slice ``Report.text`` without the newline that separates blocks. ``source`` says where it stood:
    ``line:12``, ``page:3``, ``page:3 box:72,90,520,400``, ``table[2]``; for a person and for provenance, not parsed.
    """

    kind: Literal["paragraph", "grid"]
    start: int
    end: int
    grid: Grid | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A coded remark of a stage: what was met, where, and whether it stands in the source or arose in reading."""

    code: str
    message: str
    start: int | None = None
    end: int | None = None
    fault: Fault = "undecidable"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The text that a metadata value was taken from."""

    name: str
    value: str
    start: int
    end: int
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One section: heading and body.

    ``start`` is the start of the heading (or of the body when the heading is lost), ``body_start`` the first offset
    after it, ``end`` the end of the section. ``ordinal`` is the 1-based place in the document, ``numeral`` the printed
    number (``None`` without one). ``paragraphs`` are the spans of narrative paragraphs in the body, tables left out.
    """

    section: SectionId
    ordinal: int
    title: str
    start: int
    end: int
    body_start: int
    numeral: int | None = None
    paragraphs: tuple[tuple[int, int], ...] = ()
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A unit of the narrative: a heading, a sentence or an item (codebook 1), with its tags once classified.

    ``marker`` is the enumerator as written (``一是``, ``（二）``), ``level`` the nesting depth (0 = not enumerated and
    under no heading), ``heading_path`` the texts of the headings above it, ``lead_in`` the sentence_id of the colon
    sentence that introduces it (else empty), ``paragraph`` the running number of its paragraph in the report.
    ``explanation`` lists what decided each tag, as ``(tag, cue, start, end)`` with offsets into ``Report.text``.
    """

    sentence_id: str
    section: SectionId
    kind: UnitKind
    text: str
    start: int
    end: int
    marker: str = ""
    level: int = 0
    heading_path: tuple[str, ...] = ()
    lead_in: str = ""
    paragraph: int = 0
    themes: tuple[str, ...] = ()
    theme_scores: Mapping[str, float] = field(default_factory=dict)
    stance: str = ""
    stance_scores: Mapping[str, float] = field(default_factory=dict)
    model: str = ""
    explanation: tuple[tuple[str, str, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """A number that says how many of something (codebook 4).

    ``start``/``end`` cover label, number and unit; ``number_start``/``number_end`` the number as written (without its
    unit); ``label_start``/``label_end`` the label (both ``-1`` when it is not a contiguous slice or is inherited).
    ``value`` is a ``Decimal`` in the unit given (money in yuan, percent as printed); ``value_max`` only of a range.
    """

    count_id: str
    sentence_id: str
    section: SectionId
    text: str
    start: int
    end: int
    number_start: int
    number_end: int
    label: str
    label_start: int
    label_end: int
    value: Decimal
    value_max: Decimal | None = None
    unit: str = ""
    kind: CountKind = "count"
    bound: Bound = "exact"
    negated_zero: bool = False
    part_of: str | None = None
    scope: str = ""
    item: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One statutory table cell. ``value`` is ``None`` unless ``status`` is ``ok``; ``raw`` is the text as printed.

    ``start``/``end`` slice the printed value in ``Report.text`` (both ``-1`` when nothing is printed for it).
    ``reason`` is a code that says why a cell is missing or unreadable; ``fault`` where that arose.
    """

    cell_id: str
    table: str
    row: str
    column: str
    value: Decimal | None
    raw: str
    status: CellStatus
    start: int = -1
    end: int = -1
    reason: str = ""
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One comparison and its outcome. ``left``/``right`` are refs: ``cell:<cell_id>``, ``count:<count_id>`` or
    ``text:<start>-<end>`` for evidence that is neither. ``root`` is the finding_id of the root cause (its own when it
    is one). ``fingerprint`` is stable over re-runs and versions: it depends on the rule and on what it compares, never on offsets.
    """

    finding_id: str
    rule: str
    status: FindingStatus
    severity: Severity
    expected: str
    found: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    root: str
    fault: Fault
    fingerprint: str
    explanation: str


@dataclass(frozen=True, slots=True)
class Report:
    """One report on its way through the stages; each stage returns a new value with its part filled in.

    ``text`` is what a person sees after rewrapping: blocks joined by newlines, a table row a line with its cells
    joined by `` | ``. Everything that carries offsets slices it.
    """

    report_id: str
    path: str
    sha256: str
    text: str
    blocks: tuple[Block, ...] = ()
    title: str = ""
    agency: str = ""
    year: int | None = None
    period: str = ""
    template: Template = "unknown"
    script: Script = "hans"
    status: ReportStatus = "ok"
    error: str = ""
    format: str = ""
    notes: tuple[Note, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    sections: tuple[Section, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    counts: tuple[Count, ...] = ()
    cells: tuple[Cell, ...] = ()
    findings: tuple[Finding, ...] = ()

    def replace(self, **changes: Any) -> Report:
        """Return a copy with ``changes`` applied."""
        return replace(self, **changes)

    def section(self, section: SectionId) -> tuple[Section, ...]:
        """All sections with this id, in document order (a report may split or repeat one)."""
        return tuple(s for s in self.sections if s.section == section)

    def cell(self, cell_id: str) -> Cell | None:
        """The cell with this id, or ``None``."""
        return next((c for c in self.cells if c.cell_id == cell_id), None)

    def slice(self, span: tuple[int, int]) -> str:
        """The surface of a ``(start, end)`` pair."""
        return self.text[span[0] : span[1]]
