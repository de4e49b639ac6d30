"""The stage itself: the parts in their order."""

from __future__ import annotations

from ..schema import Evidence, Note, Report, Script, Template
from ..text.normalize import compact, script_of
from .annex import annex_start, read_annex
from .headings import Heading, find_headings
from .lines import Line, lines_of
from .metadata import Metadata, read_metadata
from .sections import build_sections
from .split import split_lines
from .tables import form_of, read_tables
from .zones import table_lines

_SIX = 3  # so many canonical titles make a report one of the statutory form even when its tables are absent


def _form(
    proved: Template, cue: tuple[int, int], headings: list[Heading], year: int | None
) -> tuple[Template, Evidence | None]:
    """The form of the report: proved by table headers, else told by its titles and year."""
    if proved != "unknown":
        return proved, Evidence("template", proved, *cue, rule="table_headers")
    canonical = [h for h in headings if h.strength == 3]
    found: Template = "unknown"
    if len({h.section for h in canonical}) >= _SIX and (year is None or year >= 2019):
        found = "unknown" if year is None else "f2021" if year >= 2021 else "f2019"
    elif year is not None and year <= 2018 and headings:
        found = "pre2019"
    if found == "unknown":
        return found, None
    return found, Evidence("template", found, headings[0].start, headings[0].end, "titles_and_year")


def parse(report: Report) -> Report:
    """Fill in metadata, sections and cells.

    Uses ``text`` and ``blocks``; without blocks the text is taken line by line. Fills ``title agency year period template
    script evidence sections cells`` and adds ``notes``. All offsets slice ``report.text``. Never raises on any text.

    Example:
        >>> text = "青禾县人民政府2023年政府信息公开工作年度报告\\n一、总体情况\\n全年公开信息12条。"
        >>> r = parse(Report("", "", "", text))
        >>> r.agency, r.year, [s.section for s in r.sections], r.slice(r.sections[1].paragraphs[0])
        ('青禾县人民政府', 2023, ['preamble', 'overview'], '全年公开信息12条。')
    """
    lines: list[Line] = split_lines(lines_of(report))
    annex = annex_start(lines)
    headings, contents = find_headings(lines, annex)
    stop = next((h.first for h in headings if h.first > annex), len(lines))
    indicators, annex_lines = read_annex(lines, annex, stop)
    stops = {i for h in headings for i in range(h.first, h.last + 1)} | set(annex_lines)
    inside = table_lines(lines, stops)
    first = headings[0].first if headings else len(lines)
    body = lines[headings[0].last + 1 : headings[1].first] if len(headings) > 1 else lines[first:]
    meta: Metadata = read_metadata(report.text, lines, first, body)
    tables = [line for line, table in zip(lines, inside, strict=True) if table]
    template, proof = _form(*form_of(tables), headings, meta.year)
    cells, notes = read_tables(report.text, tables, template)
    indicators, annex_lines = read_annex(lines, annex, next((h.first for h in headings if h.first > annex), len(lines)))
    skipped = contents | frozenset(annex_lines)
    sections = build_sections(
        report.text, lines, headings, inside, titles=meta.lines, skipped=skipped, agency=compact(meta.agency)
    )
    return report.replace(
        title=meta.title,
        agency=meta.agency,
        year=meta.year,
        period=meta.period,
        template=template,
        script=_script(report.text),
        evidence=(*report.evidence, *meta.evidence, *((proof,) if proof else ()), *indicators),
        sections=sections,
        cells=cells,
        notes=(*report.notes, *notes, *_year_note(meta)),
    )


def _script(text: str) -> Script:
    found = script_of(text)
    return "hant" if found == "hant" else "mixed" if found == "mixed" else "hans"


def _year_note(meta: Metadata) -> tuple[Note, ...]:
    if meta.year is None or not meta.period or meta.period.startswith(str(meta.year)):
        return ()
    place = next(e for e in meta.evidence if e.name == "period")
    return (Note("period_of_another_year", meta.period, place.start, place.end, "author"),)
