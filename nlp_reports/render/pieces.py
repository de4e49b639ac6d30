"""Cutting a report's text into pieces that nest: paragraphs, in them sentences, in them counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..schema import Count, Finding, Report, Section, Sentence


@dataclass(slots=True)
class Piece:
    """A run of text inside a sentence: plain, or one count."""

    text: str
    count: Count | None = None
    broken: bool = False


@dataclass(slots=True)
class Line:
    """A run of a paragraph: text between units, or one unit cut into pieces."""

    pieces: list[Piece]
    sentence: Sentence | None = None


@dataclass(slots=True)
class Part:
    """A section of the page: heading, paragraphs of lines, tables and the source lines the tables were read from."""

    section: Section
    paragraphs: list[list[Line]] = field(default_factory=list)
    source: list[str] = field(default_factory=list)


def pieces_of(text: str, start: int, end: int, counts: Sequence[Count], broken: frozenset[str]) -> list[Piece]:
    """Cut ``text[start:end]`` at its counts; of counts that overlap the first one is shown."""
    pieces: list[Piece] = []
    position = start
    for count in sorted(counts, key=lambda c: (c.number_start, c.number_end)):
        first, last = count.number_start, count.number_end
        if first < 0 or first == last:
            first, last = count.start, count.end
        last = _with_unit(text, last, end, count)
        if first < position or last > end or first >= last:
            continue
        if position < first:
            pieces.append(Piece(text[position:first]))
        pieces.append(Piece(text[first:last], count, count.count_id in broken))
        position = last
    if position < end:
        pieces.append(Piece(text[position:end]))
    return pieces


def _with_unit(text: str, last: int, end: int, count: Count) -> int:
    """The unit directly after the number belongs to what is underlined."""
    return (
        last + len(count.unit) if count.unit and text[last : min(last + len(count.unit), end)] == count.unit else last
    )


def parts_of(report: Report) -> list[Part]:
    """The whole report as parts, one a section, in document order; nothing of the text is left out."""
    counts: dict[str, list[Count]] = {}
    for count in report.counts:
        counts.setdefault(count.sentence_id, []).append(count)
    broken = broken_refs(report.findings, "count")
    parts = []
    for section in report.sections:
        part = Part(section)
        inside = [b for b in report.blocks if section.body_start <= b.end and b.start < section.end]
        spans = [(b.start, b.end) for b in inside] or list(section.paragraphs)
        narrative = [s for s in report.sentences if s.start >= section.start and s.end <= section.end]
        for first, last in spans:
            first, last = max(first, section.body_start), min(last, section.end)
            if first >= last or not report.text[first:last].strip():
                continue
            units = [s for s in narrative if s.start < last and s.end > first]
            if units:
                part.paragraphs.append(_lines(report.text, first, last, units, counts, broken))
            else:
                part.source.append(report.text[first:last])
        parts.append(part)
    return parts


def _lines(
    text: str,
    first: int,
    last: int,
    units: Sequence[Sentence],
    counts: dict[str, list[Count]],
    broken: frozenset[str],
) -> list[Line]:
    lines: list[Line] = []
    position = first
    for unit in units:
        start, end = max(unit.start, first), min(unit.end, last)
        if position < start and text[position:start].strip():
            lines.append(Line([Piece(text[position:start])]))
        lines.append(Line(pieces_of(text, start, end, counts.get(unit.sentence_id, ()), broken), unit))
        position = end
    if position < last and text[position:last].strip():
        lines.append(Line([Piece(text[position:last])]))
    return lines


def broken_refs(findings: Sequence[Finding], kind: str) -> frozenset[str]:
    """Ids of the cells or counts that a mismatch names."""
    prefix = f"{kind}:"
    return frozenset(
        ref[len(prefix) :]
        for f in findings
        if f.status == "mismatch"
        for ref in (*f.left, *f.right)
        if ref.startswith(prefix)
    )
