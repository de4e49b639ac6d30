"""The statutory tables of a report, ready to print: by section, with labels from the template."""

from __future__ import annotations

from dataclasses import dataclass

from ..schema import Cell, Report
from ..template import statute

_SECTION = {
    "t2": "proactive_disclosure",
    "t2_2019": "proactive_disclosure",
    "t3": "requests",
    "t4": "review_litigation",
}


@dataclass(frozen=True, slots=True)
class RowView:
    """A printed row: its label and its cells, ``None`` where the row has none under a column."""

    label: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class TableView:
    """A printed table."""

    table: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[RowView, ...]


def tables_by_section(report: Report) -> dict[int, list[TableView]]:
    """Tables by the ordinal of the section that they stand in; by the last section when theirs is missing."""
    views: dict[int, list[TableView]] = {}
    for table in dict.fromkeys(cell.table for cell in report.cells):
        cells = [c for c in report.cells if c.table == table]
        if all(c.reason == "table_absent" for c in cells):
            continue
        home = [s.ordinal for s in report.sections if s.section == _SECTION.get(table)]
        ordinal = home[-1] if home else max((s.ordinal for s in report.sections), default=0)
        views.setdefault(ordinal, []).append(_view(report, table, cells))
    return views


def _view(report: Report, table: str, cells: list[Cell]) -> TableView:
    by_id = {c.cell_id: c for c in cells}
    rows = statute().rows_of(table, report.template)
    width = max((len(r.cells) for r in rows), default=0)
    # Table 2 prints another header over each block; its columns are named in the rows' hover texts instead.
    columns = tuple(c.label for c in rows[0].cells) if rows and table in ("t3", "t4") else ("",) * width
    views = []
    for row in rows:
        values = [by_id.get(c.cell_id) for c in row.cells]
        label = f"{row.enumerator}{row.label}"
        if table not in ("t3", "t4"):
            label += f"（{'、'.join(c.label for c in row.cells)}）"
        views.append(RowView(label, tuple(values + [None] * (width - len(values)))))
    ok = sum(c.status == "ok" for c in cells)
    return TableView(table, f"{table} · {ok}/{len(cells)}", columns, tuple(views))
