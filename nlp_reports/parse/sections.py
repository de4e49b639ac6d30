"""Headings, table lines and prose as sections with their narrative paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..schema import Section, SectionId
from ..template import section_rules
from ..template.wording import wording
from .headings import Heading, section_of
from .lines import Line
from .values import read_value
from .vocabulary import cue_pattern, find_keys, squeeze

_TABLE_SECTION: dict[str, SectionId] = {"t2": "proactive_disclosure", "t3": "requests", "t4": "review_litigation"}
_SENTENCE = re.compile("[。;!?]")
_SHORT_FURNITURE = 60


@dataclass(frozen=True, slots=True)
class _Start:
    """Where a section begins: at a heading, or at a line whose heading was lost."""

    first: int
    body: int
    start: int
    body_start: int
    section: SectionId
    title: str
    numeral: int | None
    rule: str


def table_kinds(lines: Sequence[Line], inside: Sequence[bool]) -> list[str]:
    """For each line the table it belongs to (``t2``, ``t3``, ``t4``), empty for prose."""
    kinds, current = [], ""
    for line, table in zip(lines, inside, strict=True):
        if not table:
            kinds.append("")
            continue
        text = squeeze(line.text)
        hit = cue_pattern().search(text)
        rows = [k.table for k in find_keys(text)]
        if hit:
            current = hit.lastgroup or current
        elif rows:
            current = rows[-1]
        kinds.append(current)
    return kinds


def _heading_start(text: str, h: Heading) -> _Start:
    title = "".join(text[h.start : h.end].split("\n")).strip()
    return _Start(h.first, h.last + 1, h.start, h.end, h.section, title, h.numeral, h.rule)


def _lost_start(line: Line, at: int, section: SectionId, rule: str) -> _Start:
    return _Start(at, at, line.start, line.start, section, "", None, rule)


def _is_prose(line: Line) -> bool:
    return bool(_SENTENCE.search(line.text)) or len(squeeze(line.text)) >= 12


def _name_weak(starts: list[_Start], kinds: Sequence[str]) -> list[_Start]:
    """Numbered headings that name no section: part of section one while they stand before tables and problems."""
    first_table = next((i for i, k in enumerate(kinds) if k), len(kinds))
    end = min([first_table, *(s.first for s in starts if s.section == "problems_improvements")])
    out = []
    for s in starts:
        if s.section == "unknown" and s.first < end:
            s = _Start(s.first, s.body, s.start, s.body_start, "overview", s.title, s.numeral, s.rule)
        out.append(s)
    return out


def _lost_headings(
    lines: Sequence[Line], kinds: Sequence[str], starts: list[_Start], titles: frozenset[int]
) -> list[_Start]:
    """Sections whose heading the source or its reader lost."""
    rules = section_rules()
    have = {s.section for s in starts}
    found: list[_Start] = []
    for table, section in _TABLE_SECTION.items():
        at = next((i for i, k in enumerate(kinds) if k == table), -1)
        if at >= 0 and section not in have:
            found.append(_lost_start(lines[at], at, section, "table_without_heading"))
    heads = {s.first for s in starts}
    after = max((i for i, k in enumerate(kinds) if k == "t4"), default=-1)
    if after >= 0 and not any(s.section == "problems_improvements" and s.first > after for s in starts):
        for i in range(after + 1, len(lines)):
            if i in heads or rules.after.match(squeeze(lines[i].text)):
                break
            if _is_prose(lines[i]) or wording()["subheading"].match(lines[i].text):
                found.append(_lost_start(lines[i], i, "problems_improvements", "text_after_table_4"))
                break
    first = min([s.first for s in [*starts, *found]], default=len(lines))
    if (starts or found) and "overview" not in have:
        last_cue = max(
            (i for i in range(first) if i in titles or rules.preamble_cues.search(squeeze(lines[i].text))), default=-1
        )
        at = next(
            (
                i
                for i in range(last_cue + 1, first)
                if _is_prose(lines[i]) and not rules.before.match(squeeze(lines[i].text))
            ),
            -1,
        )
        if last_cue >= 0 and at >= 0:
            found.append(_lost_start(lines[at], at, "overview", "text_after_preamble"))
    if "other_matters" not in have:
        everything = sorted([*starts, *found], key=lambda s: s.first)
        if everything and everything[-1].section == "problems_improvements":
            at = next(
                (
                    i
                    for i in range(everything[-1].body + 1, len(lines))
                    if wording()["fee_statement"].search(squeeze(lines[i].text))
                ),
                -1,
            )
            if at >= 0:
                found.append(_lost_start(lines[at], at, "other_matters", "fee_statement"))
    return found


class _Prose:
    """Which lines of a report are narrative paragraphs."""

    def __init__(self, lines: Sequence[Line], inside: Sequence[bool], titles: frozenset[int], agency: str) -> None:
        self.lines, self.inside, self.titles, self.agency = lines, inside, titles, agency

    def _is_furniture(self, i: int, text: str, *, preamble: bool, last: bool) -> bool:
        rules = section_rules()
        if len(text) > _SHORT_FURNITURE:
            return False
        if (
            rules.anywhere.match(text)
            or wording()["date_line"].fullmatch(text)
            or wording()["unit_line"].fullmatch(text)
            or text == self.agency
        ):
            return True
        if not _SENTENCE.search(text) and rules.not_headings.match(text):
            return True
        if preamble:
            return bool(rules.before.match(text))
        if not last:
            return False
        signed = (
            i + 1 < len(self.lines)
            and wording()["date_line"].fullmatch(squeeze(self.lines[i + 1].text))
            and not _SENTENCE.search(text)
        )
        return bool(signed or (rules.after.match(text) and not text.endswith("。")))

    def paragraphs(self, first: int, stop: int, section: SectionId, *, last: bool) -> tuple[tuple[int, int], ...]:
        spans: list[tuple[int, int]] = []
        previous = -1
        for i in range(first, stop):
            line = self.lines[i]
            if self.inside[i] or i in self.titles or line.kind in ("bar", "pad"):
                previous = -1
                continue
            pieces = (
                [(line.start, line.end, line.text)]
                if line.kind == "plain"
                else [(f.start, f.end, f.text) for f in line.fields if f.text]
            )
            for start, end, text in pieces:
                compact = squeeze(text)
                if line.kind != "plain" and not (_SENTENCE.search(text) or (line.kind == "cell" and len(compact) >= 4)):
                    continue
                if (
                    not compact
                    or read_value(text).kind not in ("text", "not_applicable")
                    or (read_value(text).kind != "text" and len(compact) == 1 and not compact.isalpha())
                ):
                    continue
                if self._is_furniture(i, compact, preamble=section == "preamble", last=last):
                    if last and section_rules().after.match(compact):
                        return tuple(spans)
                    continue
                if section_of(compact)[1] == 3 and section_of(compact)[0] == section:
                    continue  # the title again, as the caption of the table
                if line.piece >= 0 and previous == line.piece and spans:
                    spans[-1] = (spans[-1][0], end)
                else:
                    spans.append((start, end))
                previous = line.piece
        return tuple(spans)


def build_sections(
    text: str,
    lines: Sequence[Line],
    headings: Sequence[Heading],
    inside: Sequence[bool],
    *,
    titles: frozenset[int],
    skipped: frozenset[int],
    agency: str,
) -> tuple[Section, ...]:
    """The sections in document order; together they cover every line.

    ``inside`` tells which lines are tables, ``titles`` are the indices of title lines, ``skipped`` of contents and annex,
    ``agency`` is compact and folded.
    Text before the first heading is ``preamble``; a report without any heading is one section ``unknown``.
    """
    if not lines:
        return ()
    kinds = table_kinds(lines, inside)
    starts = _name_weak([_heading_start(text, h) for h in headings], kinds)
    starts = sorted([*starts, *_lost_headings(lines, kinds, starts, titles)], key=lambda s: s.first)
    if not starts or starts[0].first > 0:
        section: SectionId = "preamble" if starts else "unknown"
        starts.insert(0, _lost_start(lines[0], 0, section, "before_first_heading" if starts else "no_heading"))
    prose = _Prose(lines, inside, titles | skipped, agency)
    out = []
    for number, start in enumerate(starts):
        stop = starts[number + 1].first if number + 1 < len(starts) else len(lines)
        end = max((line.end for line in lines[start.first : stop]), default=start.body_start)
        paragraphs = prose.paragraphs(start.body, stop, start.section, last=stop == len(lines))
        out.append(
            Section(
                start.section,
                number + 1,
                start.title,
                start.start,
                max(end, start.body_start),
                start.body_start,
                start.numeral,
                paragraphs,
                start.rule,
            )
        )
    return tuple(out)
