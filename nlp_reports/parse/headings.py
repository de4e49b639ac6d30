"""Which lines are headings of sections.

A heading is found by its title, not by its number: reports renumber, restart, skip and add sections. Four traps are
kept apart: row labels of table 3 carry the same numerals; preambles enumerate all titles in running text; a table of
contents prints them in a row; problem items are numbered 一、二、 as well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..schema import SectionId
from ..template import section_rules
from ..template.wording import wording
from .lines import Line
from .split import NUMERALS
from .vocabulary import find_keys, squeeze

_ARABIC = re.compile(r"[#*]{0,6}(?P<numeral>[1-9])(?P<mark>[、.,])(?P<title>[^0-9].*)")
_NOT_TITLE = re.compile(r"[。;!?,|]|[0-9]{2}")
_EDGE = "。:、;*# "
_LONGEST = 40
_LONGEST_OWN = 26
_STRONG, _MEDIUM, _WEAK = 3, 2, 1


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its lines (first and last index), its slice, section (``unknown`` when only its form tells), numeral.

    ``strength`` 3: a whole canonical title; 2: a title-like line that names a section; 1: a numbered title-like line.
    """

    first: int
    last: int
    start: int
    end: int
    section: SectionId
    numeral: int | None
    strength: int
    rule: str


def _numeral(text: str) -> int:
    return NUMERALS[text] if len(text) == 1 else 10 + NUMERALS[text[1]]


def section_of(title: str) -> tuple[SectionId, int]:
    """The section that a compact title names, and how surely (3 canonical, 2 by keyword, 1 by none).

    Example:
        >>> section_of("依申请公开政府信息办理情况"), section_of("加强队伍建设")
        (('requests', 2), ('unknown', 1))
    """
    best: tuple[int, int, SectionId] | None = None
    for rule in section_rules().sections:
        if rule.canonical.fullmatch(title):
            return rule.section, _STRONG
        if (hit := rule.keywords.search(title)) and (best is None or (hit.start(), -len(hit[0])) < best[:2]):
            best = (hit.start(), -len(hit[0]), rule.section)
    return (best[2], _MEDIUM) if best else ("unknown", _WEAK)


def _content(line: Line) -> str:
    """The compact text of a line that is one piece of text; empty for table rows and long lines."""
    if line.kind == "plain":
        return wording()["contents_leader"].sub("", squeeze(line.text)) if len(line.text) <= 3 * _LONGEST else ""
    printed = [f.text for f in line.fields if f.text]
    return squeeze(printed[0]) if len(printed) == 1 and len(printed[0]) <= 3 * _LONGEST else ""


def _candidate(text: str, pattern: re.Pattern[str]) -> tuple[SectionId, int, int] | None:
    """Section, numeral and strength of a numbered title-like line."""
    hit = pattern.fullmatch(text.strip("*"))
    if not hit or len(text) > _LONGEST:
        return None
    title = wording()["heading_year"].sub("", hit["title"].strip(_EDGE))
    if not title or _NOT_TITLE.search(title) or section_rules().not_headings.match(title):
        return None
    if any(k.row in ("new_received", "carried_over", "carried_forward", "result") for k in find_keys(title)):
        return None
    section, strength = section_of(title)
    if strength < _STRONG and (not hit["mark"] and not wording()["heading_chapter"].match(text)):
        return None
    if strength == _WEAK and (
        len(title) > _LONGEST_OWN or wording()["not_own_heading"].search(title) or len(title) < 2
    ):
        return None
    numeral = int(hit["numeral"]) if hit["numeral"].isdigit() else _numeral(hit["numeral"])
    return section, numeral, strength


def _broken(lines: Sequence[Line], i: int, pattern: re.Pattern[str]) -> tuple[SectionId, int, int] | None:
    """A heading whose title goes on on the next line."""
    if i + 1 >= len(lines) or _content(lines[i + 1]).strip(_EDGE) not in section_rules().title_tails:
        return None
    found = _candidate(_content(lines[i]) + _content(lines[i + 1]), pattern)
    return found if found and found[2] > _WEAK else None


def _candidates(lines: Sequence[Line], pattern: re.Pattern[str]) -> list[Heading]:
    found: list[Heading] = []
    skip = -1
    for i, line in enumerate(lines):
        text = _content(line)
        if not text or i == skip:
            continue
        last = i
        hit = None
        if (whole := _broken(lines, i, pattern)) is not None:
            hit, last, skip = whole, i + 1, i + 1
        else:
            hit = _candidate(text, pattern)
        if hit:
            section, numeral, strength = hit
            found.append(
                Heading(
                    i,
                    last,
                    _begin(line),
                    _end(lines[last]),
                    section,
                    numeral,
                    strength,
                    "title" if strength > 1 else "numeral",
                )
            )
        elif len(text) <= _LONGEST:
            section, strength = section_of(wording()["heading_year"].sub("", text.strip(_EDGE)))
            if strength == _STRONG:
                found.append(Heading(i, i, _begin(line), _end(line), section, None, _STRONG, "title_without_numeral"))
    return found


def _begin(line: Line) -> int:
    """Where the text of a heading begins: after marks of Markdown."""
    printed = [f for f in line.fields if f.text]
    start, text = (printed[0].start, printed[0].text) if printed else (line.start, line.text)
    return start + len(text) - len(text.lstrip("#* "))


def _end(line: Line) -> int:
    """Where the text of a heading ends: before the bars that a table layout put behind it."""
    printed = [f for f in line.fields if f.text]
    return printed[0].end if printed else line.end


def _contents(found: list[Heading]) -> list[Heading]:
    """A table of contents: titles in a row with nothing between them that all come again later."""
    run = 1
    while run < len(found) and found[run].first == found[run - 1].last + 1:
        run += 1
    while run > 3 and found[run - 1].numeral == 1:
        run -= 1  # the first real heading follows the contents at once
    later = {h.section for h in found[run:]}
    named = [h for h in found[:run] if h.section != "unknown"]
    return found[:run] if len(named) >= 3 and all(h.section in later for h in named) else []


def _sequence(found: list[Heading]) -> list[Heading]:
    """Keep top-level headings; leave out items that are numbered like headings."""
    accepted: list[Heading] = []
    top = inner = 0
    last_strong = {h.section: at for at, h in enumerate(found) if h.strength == _STRONG}
    numbered = {h.section for h in found if h.numeral is not None}
    for at, h in enumerate(found):
        strong_later = last_strong.get(h.section, -1) > at
        if h.numeral is None:
            if h.section not in numbered:
                numbered.add(h.section)
                accepted.append(h)
            continue
        in_problems = bool(accepted) and accepted[-1].section == "problems_improvements"
        follows = h.numeral == top + 1
        is_inner = inner > 0 and h.numeral == inner + 1
        if h.strength == _STRONG:
            keep = True
        elif h.strength == _MEDIUM:
            restarts = h.numeral <= top
            keep = not (restarts and (in_problems or strong_later)) and not (
                is_inner and (in_problems or strong_later) and not _closes(h)
            )
        else:
            keep = follows and not is_inner and (bool(accepted) or h.numeral == 1)
        if keep:
            accepted.append(h)
            top, inner = h.numeral, 0
        elif h.numeral == 1 or is_inner:
            inner = h.numeral
    return accepted


def _closes(heading: Heading) -> bool:
    return heading.section == "other_matters"


def find_headings(lines: Sequence[Line], annex: int) -> tuple[list[Heading], frozenset[int]]:
    """The headings of sections in document order, and the lines of a table of contents.

    Headings that name no section have ``unknown``. ``annex`` is the line where a statistical annex begins: its numbered
    parts are no sections. Reports that number their sections 1. 2. 3. are tried only when no Han numeral heads one.
    """
    found, contents = _find(lines, wording()["heading_numbered"], annex)
    if sum(1 for h in found if h.strength > _WEAK) < 2:
        arabic, other = _find(lines, _ARABIC, annex, least=_MEDIUM)
        if len(arabic) >= 3:
            return [replace(h, rule="arabic") for h in arabic], other
    return found, contents


def _find(
    lines: Sequence[Line], pattern: re.Pattern[str], annex: int, least: int = _WEAK
) -> tuple[list[Heading], frozenset[int]]:
    found = [h for h in _candidates(lines, pattern) if h.strength >= (least if h.first < annex else _STRONG)]
    contents = _contents(found)
    return _sequence(found[len(contents) :]), frozenset(i for h in contents for i in range(h.first, h.last + 1))
