"""Title, agency, year and reporting period, each with the slice of text that it was taken from.

Nothing is filled in that the text does not say: a report whose title names no agency and whose preamble names none
keeps the agency empty.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ..schema import Evidence
from ..template.wording import wording
from .lines import Line
from .split import compact_map
from .vocabulary import squeeze

_HAN_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_TITLES = ("title_year_first", "title_year_last", "title_year_inside", "title_without_year")
_TITLE_LINES = 40
_LONGEST_TITLE = 90


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the title and preamble say. ``lines`` are the indices of the lines that make up the title."""

    title: str = ""
    agency: str = ""
    year: int | None = None
    period: str = ""
    evidence: tuple[Evidence, ...] = ()
    lines: frozenset[int] = frozenset()


def _year(text: str) -> int:
    return int(text.translate(_HAN_DIGITS))


@dataclass(frozen=True, slots=True)
class _Title:
    first: int
    last: int
    start: int
    end: int
    agency: tuple[int, int] | None
    year: tuple[int, int] | None


def _spans(lines: Sequence[Line], first: int, last: int) -> tuple[str, list[int]]:
    """The lines joined and compact, with the offset of each character in the report."""
    text, at = "", []
    for line in lines[first : last + 1]:
        compact, offsets = compact_map(line.text)
        text += compact
        at += [line.start + o for o in offsets[:-1]]
    return text, at


def _agency_span(text: str, hit: re.Match[str]) -> tuple[int, int] | None:
    """The agency in a title: what stands before the year, or between the year and 信息公开."""
    for name in ("before", "between"):
        if name not in hit.re.groupindex:
            continue
        a, b = hit.span(name)
        lead = wording()["agency_lead"].match(text[a:b])
        a += lead.end() if lead else 0
        tail = wording()["agency_tail"].search(text[a:b])
        b = a + tail.start() if tail else b
        shared = wording()["agency_shared_end"].match(text, b)
        if shared and wording()["agency_shared_start"].search(text[a:b]):
            b = shared.end()
        if b - a >= 2 and not wording()["no_agency"].fullmatch(text[a:b]):
            return a, b
    return None


def _match_title(lines: Sequence[Line], first: int, last: int) -> _Title | None:
    text, at = _spans(lines, first, last)
    if not 6 <= len(text) <= _LONGEST_TITLE:
        return None
    for pattern in (wording()[name] for name in _TITLES):
        if not (hit := pattern.search(text)) or hit.start() > 20:
            continue
        rest = text[hit.end() :]
        if wording()["not_title"].match(rest):
            return None  # a sentence about the report
        agency = _agency_span(text, hit)
        year = hit.span("year") if "year" in hit.re.groupindex else None
        start = hit.start()
        lead = wording()["agency_lead"].match(text[start:])
        start += lead.end() if lead else 0
        if start >= hit.end():
            return None
        return _Title(
            first,
            last,
            at[start],
            at[hit.end() - 1] + 1,
            (at[agency[0]], at[agency[1] - 1] + 1) if agency else None,
            (at[year[0]], at[year[1] - 1] + 1) if year else None,
        )
    return None


def _find_title(lines: Sequence[Line], stop: int) -> _Title | None:
    """The title before the first heading: the fullest of one to three lines; the later one when it is repeated."""
    best: tuple[tuple[int, int, int], _Title] | None = None
    for i in range(min(stop, _TITLE_LINES)):
        for size in (1, 2, 3):
            chosen = lines[i : i + size]
            if i + size > stop or any(line.kind != "plain" or len(line.text) > _LONGEST_TITLE for line in chosen):
                break
            title = _match_title(lines, i, i + size - 1)
            if title is None:
                continue
            if size > 1 and (title.start >= lines[i + 1].start or title.end <= lines[i + size - 1].start):
                continue  # the first or the last line adds nothing to it
            rank = (bool(title.year) + bool(title.agency), -size, i)
            if best is None or rank >= best[0]:
                best = (rank, title)
    return best[1] if best else None


def _period(lines: Sequence[Line], stop: int, year: int | None) -> Evidence | None:
    for line in lines[:stop]:
        compact, at = compact_map(line.text)
        for hit in wording()["period"].finditer(compact):
            y1 = _year(hit["y1"]) if hit["y1"] else _year(hit["y2"]) if hit["y2"] else year
            y2 = _year(hit["y2"]) if hit["y2"] else y1
            if y1 is None or y2 is None or not (1 <= int(hit["m1"]) <= 12 and 1 <= int(hit["m2"]) <= 12):
                continue
            value = (
                f"{y1:04d}-{int(hit['m1']):02d}-{int(hit['d1']):02d}/{y2:04d}-{int(hit['m2']):02d}-{int(hit['d2']):02d}"
            )
            return Evidence(
                "period", value, line.start + at[hit.start()], line.start + at[hit.end() - 1] + 1, "statistics_period"
            )
    return None


def read_metadata(text: str, lines: Sequence[Line], stop: int, body: Sequence[Line]) -> Metadata:
    """Metadata from the lines before the first heading (``lines[:stop]``); ``body`` are the lines of section one.

    The year is taken from the title, then the period, the preamble, and the most frequent year of section one.
    Offsets of the evidence slice ``text``.
    """
    evidence: list[Evidence] = []
    title = _find_title(lines, stop)
    year: int | None = None
    name = agency = ""
    if title:
        name = squeeze_surface(text, title.start, title.end)
        evidence.append(Evidence("title", name, title.start, title.end, "title_line"))
        if title.agency:
            agency = squeeze_surface(text, *title.agency)
            evidence.append(Evidence("agency", agency, *title.agency, rule="title"))
        if title.year:
            year = _year(squeeze(_folded(lines, title.year)))
            evidence.append(Evidence("year", str(year), *title.year, rule="title"))
    period = _period(lines, stop, year)
    if period and year is None:
        year = int(period.value[:4])
        evidence.append(Evidence("year", str(year), period.start, period.end, "period"))
    if not agency or year is None:
        for line in lines[:stop]:
            compact, at = compact_map(line.text)
            if not (hit := wording()["preamble_agency"].search(compact)):
                continue
            spans = {
                k: (line.start + at[hit.start(k)], line.start + at[hit.end(k) - 1] + 1) for k in ("agency", "year")
            }
            if not agency and (tail := squeeze_surface(text, *spans["agency"]).removeprefix("將").removeprefix("将")):
                agency = tail
                evidence.append(
                    Evidence("agency", agency, spans["agency"][1] - len(tail), spans["agency"][1], "preamble")
                )
            if year is None:
                year = _year(hit["year"])
                evidence.append(Evidence("year", str(year), *spans["year"], rule="preamble"))
            break
    if year is None and (found := _frequent_year(body)):
        year = int(found.value)
        evidence.append(found)
    if period:
        evidence.append(period)
    used: frozenset[int] = frozenset()
    if title:
        whole = _spans(lines, title.first, title.last)[0]  # printed again by the site, above or below
        again = {i for i in range(stop) if squeeze(lines[i].text) == whole}
        used = frozenset(range(title.first, title.last + 1)) | again
    return Metadata(name, agency, year, period.value if period else "", tuple(evidence), used)


def _folded(lines: Sequence[Line], span: tuple[int, int]) -> str:
    for line in lines:
        if line.start <= span[0] < line.end:
            return line.text[span[0] - line.start : span[1] - line.start]
    return ""


def squeeze_surface(text: str, start: int, end: int) -> str:
    """The surface without blanks and line breaks: a name is one word however it was broken."""
    return "".join(text[start:end].split())


def _frequent_year(lines: Sequence[Line]) -> Evidence | None:
    counts: Counter[int] = Counter()
    places: dict[int, tuple[int, int]] = {}
    for line in lines:
        for hit in wording()["year_mention"].finditer(line.text):
            value = _year(hit["year"])
            counts[value] += 1
            places.setdefault(value, (line.start + hit.start("year"), line.start + hit.end("year")))
    if not counts:
        return None
    (value, times), *others = counts.most_common(2)
    if times < 2 or (others and others[0][1] == times):
        return None
    return Evidence("year", str(value), *places[value], rule="most_frequent_in_overview")
