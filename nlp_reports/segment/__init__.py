"""Sections into units: headings, sentences and list items, with their place in the outline (codebook section 1)."""

from __future__ import annotations

from ..schema import Report, Section, Sentence
from .nesting import Unit
from .outline import fold_outline
from .sentences import GRANULARITIES, Granularity, cut, segment_text

__all__ = ["Granularity", "Segmenter", "Unit", "segment_text"]

# Sections that are tables by statute: without a narrative paragraph they give no unit, not even their heading.
_TABLE_SECTIONS = frozenset({"proactive_disclosure", "requests", "review_litigation", "unknown"})


class Segmenter:
    """Fill ``report.sentences`` with untagged units, section by section.

    Offsets are code points into ``report.text``. Ids are ``s0001`` … in document order. A section whose body is only a
    table gives no unit when the statute makes it a table (二、三、四); the headings of 一、五、六 are always given.

    Args:
        granularity: ``item`` (default, codebook), ``sentence`` (GB/T 15834) or ``clause``.

    Raises:
        ValueError: for any other granularity.

    Example:
        >>> Segmenter(granularity="word")
        Traceback (most recent call last):
            ...
        ValueError: granularity must be one of item, sentence, clause, not 'word'
    """

    def __init__(self, *, granularity: Granularity = "item") -> None:
        if granularity not in GRANULARITIES:
            raise ValueError(f"granularity must be one of {', '.join(GRANULARITIES)}, not {granularity!r}")
        self.granularity: Granularity = granularity

    def __call__(self, report: Report) -> Report:
        """Return ``report`` with its sentences."""
        folded = fold_outline(report.text)
        sentences: list[Sentence] = []
        paragraph = 0
        for section in report.sections:
            if not section.paragraphs and section.section in _TABLE_SECTIONS:
                continue
            units = self._section(report.text, folded, section, paragraph)
            paragraph += len(section.paragraphs) + 1
            offset = len(sentences)
            for unit in units:
                sentences.append(
                    Sentence(
                        sentence_id=f"s{len(sentences) + 1:04}",
                        section=section.section,
                        kind=unit.kind,
                        text=unit.text,
                        start=unit.start,
                        end=unit.end,
                        marker=unit.marker,
                        level=unit.level,
                        heading_path=unit.heading_path,
                        lead_in=f"s{offset + unit.lead_in + 1:04}" if unit.lead_in >= 0 else "",
                        paragraph=unit.paragraph,
                    )
                )
        return report.replace(sentences=tuple(sentences))

    def _section(self, text: str, folded: str, section: Section, paragraph: int) -> list[Unit]:
        heading = text[section.start : section.body_start].strip()
        lead = section.start + (
            len(text[section.start : section.body_start]) - len(text[section.start : section.body_start].lstrip())
        )
        units = cut(
            text,
            list(section.paragraphs),
            folded=folded,
            granularity=self.granularity,
            heading=heading.rstrip("。：:") if section.section != "preamble" else "",
            paragraph=paragraph + 1,
        )
        if not heading or section.section == "preamble":
            return units
        marker = ""
        found = _marker(folded, lead, section.body_start)
        if found:
            marker = text[lead:found]
        first = Unit(lead, lead + len(heading), heading, "heading", marker, 1, (), -1, paragraph)
        return [first, *(_shifted(u) for u in units)]


def _marker(folded: str, start: int, end: int) -> int:
    from .outline import match_marker

    found = match_marker(folded, start, "", blank_before=False, limit=end)
    return found.end if found else 0


def _shifted(unit: Unit) -> Unit:
    from .sentences import shift

    return shift(unit, 1)
