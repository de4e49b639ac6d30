"""The statistical annex of reports on 2008–2018, and one series over all three generations of the form.

The annex has its own rows (收到申请数, 同意公开答复数 …). They are kept as evidence named ``annex.<indicator>``, because the
statutory cells are those of the later forms; :func:`series_values` brings both together through the crosswalk.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from decimal import Decimal

from ..schema import Evidence, Report
from ..template import Indicator, crosswalk
from ..template.wording import wording
from .lines import Line
from .values import Value, read_value
from .vocabulary import find_keys, squeeze

_LONGEST = 80
_PREFIX = "annex."
_FEWEST = 3  # fewer indicators are a mention of the annex, not the annex


def annex_start(lines: Sequence[Line]) -> int:
    """The index of the line that titles the annex; the number of lines when there is none.

    The last such line counts (a preamble may announce the annex), and only when indicators follow it.
    """
    for i in range(len(lines) - 1, -1, -1):
        text = squeeze(lines[i].text) if len(lines[i].text) <= _LONGEST else ""
        if text and crosswalk().start.search(text) and not re.search("[。;,]", text):
            if any(_is_table_three(line) for line in lines[i:]):
                return len(lines)  # the tables of the later forms, moved to an annex
            return i if len(read_annex(lines, i, len(lines))[0]) >= _FEWEST else len(lines)
    return len(lines)


def _is_table_three(line: Line) -> bool:
    return len(line.text) <= _LONGEST and any(k.row == "new_received" for k in find_keys(squeeze(line.text)))


def _fields(line: Line) -> list[tuple[int, int, str]]:
    """The pieces of a line: its fields, or its blank-separated atoms, with a number glued to its label cut off."""
    if line.kind not in ("plain",):
        return [(f.start, f.end, f.text) for f in line.fields]
    found = []
    for hit in re.finditer(r"\S+", line.text):
        start, end = line.start + hit.start(), line.start + hit.end()
        glued = re.fullmatch(r"(.*[\u4e00-\u9fff)]):?([0-9][0-9,.]*)([\u4e00-\u9fff]{0,2})", hit[0])
        if glued:
            cut = start + glued.start(2)
            found += [(start, cut, glued[1]), (cut, cut + len(glued[2]), glued[2])]
        else:
            found.append((start, end, hit[0]))
    return found


def _indicator(label: str, part: str) -> Indicator | None:
    """The indicator that a compact label names in a part of the annex; the longest match decides."""
    best: tuple[int, Indicator] | None = None
    for indicator in crosswalk().indicators:
        if indicator.parent and indicator.parent != part:
            continue
        hit = indicator.match.search(label)
        if hit and (best is None or len(hit[0]) > best[0]):
            best = (len(hit[0]), indicator)
    return best[1] if best else None


def read_annex(lines: Sequence[Line], start: int, stop: int) -> tuple[tuple[Evidence, ...], Collection[int]]:
    """The indicators of the annex in lines ``start`` to ``stop``, and the indices of these lines.

    A value is taken when it follows its label on the same line, or alone on a later one with at most a unit between. An
    indicator met twice with different values is left out: nothing tells which one holds.
    """
    found: dict[str, Evidence] = {}
    clash: set[str] = set()
    used: set[int] = set()
    part, label = "", ""
    for i in range(start, stop):
        used.add(i)
        for a, b, text in _fields(lines[i]):
            compact = squeeze(text)
            if not compact:
                continue
            value: Value = read_value(text)
            if value.kind == "number" and value.number is not None:
                indicator = _indicator(label, part)
                if indicator:
                    name = _PREFIX + indicator.indicator_id
                    if name in found and found[name].value != str(value.number):
                        clash.add(name)
                    found.setdefault(name, Evidence(name, str(value.number), a, b, "crosswalk"))
                label = ""
            elif not wording()["annex_unit"].fullmatch(compact.strip("()")):
                label = compact
                if wording()["annex_part"].match(compact):
                    part = next((p for p, pattern in crosswalk().parts.items() if pattern.search(compact)), part)
    return tuple(e for name, e in found.items() if name not in clash), used


def series_values(report: Report) -> dict[str, Decimal]:
    """The quantities of a report by crosswalk indicator, whatever its form: from the annex, or from the statutory cells.

    Only indicators whose ``relation`` is ``same`` are taken from cells, and only when all their cells of the form are read.

    Example:
        >>> from nlp_reports.schema import Cell
        >>> cell = Cell("t3.new_received.total", "t3", "new_received", "total", Decimal(6), "6", "ok")
        >>> series_values(Report("", "", "", "", cells=(cell,)))
        {'requests_received': Decimal('6')}
    """
    values = {e.name.removeprefix(_PREFIX): Decimal(e.value) for e in report.evidence if e.name.startswith(_PREFIX)}
    cells = {c.cell_id: c.value for c in report.cells}
    for indicator in crosswalk().indicators:
        present = [cells[c] for c in indicator.cells if c in cells]
        if present and indicator.relation == "same" and indicator.indicator_id not in values:
            numbers = [v for v in present if v is not None]
            if len(numbers) == len(present):
                values[indicator.indicator_id] = sum(numbers, Decimal(0))
    return values
