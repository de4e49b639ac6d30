"""Labelled rows as statutory cells: every cell of the detected form is given, read or not, with the reason.

Reasons a cell is no number: ``blank``, ``not_applicable`` (a mark such as ``/``), ``table_absent``, ``row_absent``,
``row_collapsed`` (the group is printed as one row), ``no_values`` (the label stands alone) are ``missing``;
``blank_position_lost``, ``too_many_values``, ``duplicate_row``, ``torn_table``, ``lines_deduplicated``,
``layout_table_pads``, ``masked``, ``not_a_number`` are ``unreadable``. Reasons beside a number: ``annotated``, ``rejoined``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..schema import Cell, CellStatus, Fault, Note, Template
from ..template import CellSpec, RowSpec, statute
from ..text.normalize import compact
from .fit import Habits, fit, habits_of, rejoin
from .lines import Line
from .rows import Row, Slot, Walked, rows_of
from .vocabulary import cue_pattern, form_patterns, looks_printed, nearest_row, squeeze

_SOME = 10  # fewer values without any header word are no table 4
_WIDE_PAD = 50  # no statutory table is so wide: the page is one layout table
_FAULT: dict[str, Fault] = {
    "blank": "author",
    "not_applicable": "author",
    "masked": "author",
    "not_a_number": "author",
    "annotated": "author",
    "row_collapsed": "author",
    "blank_position_lost": "reader",
    "torn_table": "reader",
    "lines_deduplicated": "reader",
    "layout_table_pads": "reader",
    "rejoined": "reader",
}
_MISSING = frozenset({"blank", "not_applicable", "table_absent", "row_absent", "row_collapsed", "no_values"})


def form_of(lines: Sequence[Line]) -> tuple[Template, tuple[int, int]]:
    """The form that the header words of table lines prove, with the slice that proves it; ``unknown`` without any."""
    for line in lines:
        for form, pattern in form_patterns().items():
            if pattern.search(squeeze(line.text)):
                return ("f2021" if form == "f2021" else "f2019"), (line.start, line.end)
    return "unknown", (-1, -1)


def _cell(text: str, spec: CellSpec, slot: Slot | None) -> Cell:
    """The cell that a placed field gives."""
    if slot is None or not slot.filled:
        return _none(spec, "blank")
    raw, value = text[slot.start : slot.end], slot.value
    status: CellStatus = "ok"
    if value.kind == "number":
        reason = "rejoined" if value.note == "rejoined" else "annotated" if value.note else ""
    else:
        reason = value.kind if value.kind in ("not_applicable", "masked") else "not_a_number"
        status = "missing" if reason in _MISSING else "unreadable"
    fault = _FAULT.get(reason)
    return Cell(
        spec.cell_id, spec.table, spec.row, spec.column, value.number, raw, status, slot.start, slot.end, reason, fault
    )


def _none(spec: CellSpec, reason: str, raw: str = "", start: int = -1, end: int = -1) -> Cell:
    status: CellStatus = "missing" if reason in _MISSING else "unreadable"
    fault = _FAULT.get(reason, "undecidable")
    return Cell(spec.cell_id, spec.table, spec.row, spec.column, None, raw, status, start, end, reason, fault)


def _unread(
    text: str, specs: Sequence[CellSpec], reason: str, rows: Sequence[Row] = (), total: Slot | None = None
) -> list[Cell]:
    """Cells of a row whose values cannot be placed; they keep what is printed for the row as their raw text."""
    printed = [s for r in rows for s in r.slots if s.filled]
    start, end = (printed[0].start, printed[-1].end) if printed else (-1, -1)
    cells = [_none(spec, reason, text[start:end] if printed else "", start, end) for spec in specs]
    if total is not None:
        cells[-1] = _cell(text, specs[-1], total)
    return cells


class _Reader:
    """The state of one reading: the text, the walked rows and the whole-table defects."""

    def __init__(self, text: str, lines: Sequence[Line], walked: Walked, template: Template) -> None:
        self.text, self.walked, self.template = text, walked, template
        self.defect = ""
        padded = any(r.ended > 0 for r in walked.rows)
        kept = any(not s.filled for r in walked.rows for s in r.slots[: len(r.filled)] if r.filled)
        self.drops_blanks = padded and not kept
        if any(line.text.count("|") >= _WIDE_PAD for line in lines):
            self.defect = "layout_table_pads"
        elif _deduplicated(walked):
            self.defect = "lines_deduplicated"

    def rows(self, table: str) -> dict[str, list[Row]]:
        """Rows of a table by row id, values that lost their label left out."""
        found: dict[str, list[Row]] = {}
        for row in self.walked.rows:
            if row.key and row.key.table == table and not row.key.is_group and not (row.loose and row.skipped):
                found.setdefault(row.key.row, []).append(row)
        return found

    def place(
        self, specs: tuple[CellSpec, ...], rows: Sequence[Row], habits: Habits, *, summed: bool, last: bool = False
    ) -> list[Cell]:
        """The cells of one statutory row from the printed rows that carry its label."""
        names = [compact(spec.label) for spec in specs]
        fits = []
        for row in rows:
            columns = tuple(row.header[name] for name in names if name in row.header)
            known = columns if len(columns) == len(specs) and list(columns) == sorted(set(columns)) else ()
            fits.append((fit(row, len(specs), habits, summed=summed, last=last, columns=known), row))
        good = [(f, r) for f, r in fits if f.slots]
        if not good:
            worst = max(fits, key=lambda p: len(p[1].filled))[0]
            return _unread(self.text, specs, worst.reason, rows, worst.total if len(rows) == 1 else None)
        readings = {tuple(s.value.number if s else None for s in f.slots) for f, _ in good}
        if len(readings) > 1:
            return _unread(self.text, specs, "duplicate_row", rows)
        return [_cell(self.text, spec, slot) for spec, slot in zip(specs, good[0][0].slots, strict=True)]


def _deduplicated(walked: Walked) -> bool:
    """Whether the page dropped every line that it had printed before: table 3 has its labels, but no value line twice."""
    rows = [r for r in walked.rows if r.key and r.key.table == "t3" and r.filled]
    labels = {row for table, row in walked.seen if table == "t3"}
    values = [s.value for r in rows for s in r.filled]
    by_line = all(r.kind in ("plain", "cell") and not r.loose for r in rows)
    full = sum(1 for r in rows if len(r.filled) >= 7)
    return len(labels) >= 8 and full <= 2 and by_line and 0 < len(values) == len(set(values))


def _table2(reader: _Reader, template: str) -> list[Cell]:
    table = "t2" if template == "f2021" else "t2_2019"
    rows = reader.rows("t2")
    cells: list[Cell] = []
    for spec in statute().rows_of(table, template):
        n = len(spec.cells)
        mine = rows.get(spec.row_id, [])
        alike = [
            r
            for other in statute().rows_of(table, template)
            if len(other.cells) == n
            for r in rows.get(other.row_id, [])
        ]
        if reader.defect:
            cells += _unread(reader.text, spec.cells, reader.defect, mine)
        elif mine:
            cells += reader.place(
                spec.cells,
                mine,
                replace(habits_of(alike, n, {}), doubtful_end=n > 1 and template == "f2021" and reader.drops_blanks),
                summed=False,
            )
        elif ("t2", spec.row_id) in reader.walked.seen:
            cells += _unread(reader.text, spec.cells, "no_values")
        else:
            cells += _unread(reader.text, spec.cells, "row_absent" if rows else "table_absent")
    return cells


def _orphans(reader: _Reader) -> list[Row]:
    """Rows of values that stand by no label, or by several: the table was torn apart in reading."""
    found, before_t4 = [], True
    for row in reader.walked.rows:
        if row.key and row.key.row == "carried_forward":
            before_t4 = False
        if row.loose and 6 <= len(row.filled) <= 8 and before_t4 and (row.key is None or row.skipped):
            found.append(row)
    return found


def _rebind(rows: list[Row], taken: dict[str, list[Row]]) -> None:
    """Give back values to a wrapped label when the header of its group stands on the same line as the values."""
    book = statute()
    for row in rows:
        key = row.key
        if key is None or len(row.skipped) != 1 or row.loose or len(row.filled) < 7:
            continue
        group = "other" if key.row == "other_processing" else key.row if key.is_group else ""
        before = row.skipped[0]
        if group and book.row("t3", before.row).group == group and before.row not in taken:
            row.key, row.skipped = before, ()


def _table3(reader: _Reader, template: str) -> list[Cell]:
    book, walked = statute(), reader.walked
    specs = book.rows_of("t3", template)
    _rebind(walked.rows, reader.rows("t3"))
    rows = reader.rows("t3")
    for row in walked.rows:
        if (
            row.key is None
            and len(row.filled) == 7
            and row.label
            and (near := nearest_row(row.label))
            and near not in rows
        ):
            rows[near] = [row]
    torn = bool(_orphans(reader))
    labels = [c.label for c in specs[0].cells]
    everything = [r for found in rows.values() for r in found]
    habits = habits_of(everything, len(labels), walked.headers, labels[0], labels[-1])
    seen = {row for table, row in walked.seen if table == "t3"}
    group_row = rows.get("other_processing", [])
    others = [s for s in specs if s.group == "other" and s.row_id != "other_processing"]
    collapsed = template == "f2021" and group_row and not any(s.row_id in rows for s in others)
    if collapsed and any(r.filled for r in group_row):
        specs = tuple(book.row("t3", "other_processing") if s is others[0] else s for s in specs)
    cells: list[Cell] = []
    for spec in specs:
        cells += _row3(
            reader, spec, rows.get(spec.row_id, []), habits, seen=spec.row_id in seen, torn=torn, any_row=bool(rows)
        )
        if spec.row_id == "other_processing" and template == "f2021":
            cells += [c for s in others[:1] for c in _unread(reader.text, s.cells, "row_collapsed")]
    if collapsed:
        gone = {s.row_id for s in others}
        cells = [_none(_spec(c), "row_collapsed") if c.row in gone else c for c in cells]
    return cells


def _spec(cell: Cell) -> CellSpec:
    return CellSpec(cell.cell_id, cell.table, cell.row, cell.column, "")


def _row3(
    reader: _Reader, spec: RowSpec, mine: list[Row], habits: Habits, *, seen: bool, torn: bool, any_row: bool
) -> list[Cell]:
    text, last = reader.text, spec.row_id == "carried_forward"
    if reader.defect:
        return _unread(text, spec.cells, reader.defect, mine)
    if torn and (seen or mine) and not any(len(r.filled) == 7 and not r.loose for r in mine):
        return _unread(text, spec.cells, "torn_table", mine)
    if mine:
        return reader.place(spec.cells, mine, habits, summed=True, last=last)
    if seen:
        return _unread(text, spec.cells, "no_values")
    return _unread(text, spec.cells, "row_absent" if any_row else "table_absent")


def _row4(reader: _Reader, lines: Sequence[Line]) -> tuple[Sequence[Slot | None], str, list[Row]]:
    """The fifteen fields of table 4, or the reason why they cannot be told."""
    cue = next(
        (line.start for line in lines if (m := cue_pattern().search(squeeze(line.text))) and m.lastgroup == "t4"), -1
    )
    keyed = [r for r in reader.walked.rows if r.key]
    anchor = cue if cue >= 0 else max((r.start for r in keyed if r.key and r.key.table == "t3"), default=-1)
    rows = [r for r in reader.walked.rows if r.key is None and r.filled and r.slots[0].start >= anchor]
    whole = [r for r in rows if len(r.filled) == 15] or [r for r in rows if len(r.slots) == 15]
    if whole:
        return (whole[0].filled if len(whole[0].filled) == 15 else whole[0].slots), "", whole[:1]
    if cue < 0 and anchor < 0:
        return (), "table_absent", []
    rows = [r for r in rows if not r.label or looks_printed(r.label) or cue_pattern().search(r.label)]
    slots = [s for r in rows for s in r.filled]
    if cue < 0 and len(slots) < _SOME:
        return (), "table_absent", []
    if len(slots) == 15:
        return slots, "", rows
    blocks = [5, 5, 5]
    if joined := rejoin(slots, blocks):
        return joined, "", rows
    if not slots:
        return (), "no_values", []
    one = rows[0]
    if len(rows) == 1 and len(one.slots) > 15 and not any(s.filled for s in one.slots[15:]):
        return one.slots[:15], "", rows
    return (), ("blank_position_lost" if len(slots) < 15 else "too_many_values"), rows


def _table4(reader: _Reader, lines: Sequence[Line]) -> list[Cell]:
    specs = [c for r in statute().rows_of("t4", "f2021") for c in r.cells]
    slots, reason, rows = _row4(reader, lines)
    if reader.defect and reason != "table_absent":
        return _unread(reader.text, specs, reader.defect, rows)
    if not slots:
        return _unread(reader.text, specs, reason, rows)
    return [_cell(reader.text, spec, slot) for spec, slot in zip(specs, slots, strict=True)]


def read_tables(text: str, lines: Sequence[Line], template: Template) -> tuple[tuple[Cell, ...], tuple[Note, ...]]:
    """All cells of ``template`` from the table lines of a report, and notes on what was met.

    Cells of a row that the form does not have but the report prints (``other_processing`` of table 3 in ``f2021``) are
    given beside those of the form.
    """
    if template not in ("f2021", "f2019"):
        return (), ()
    reader = _Reader(text, lines, rows_of(lines), template)
    cells = [*_table2(reader, template), *_table3(reader, template), *_table4(reader, lines)]
    return tuple(cells), tuple(_notes(reader, cells))


def _notes(reader: _Reader, cells: Sequence[Cell]) -> list[Note]:
    notes = []
    if reader.defect:
        notes.append(Note("table_unreadable", reader.defect, fault="reader"))
    for table in dict.fromkeys(c.table for c in cells):
        if all(c.reason == "table_absent" for c in cells if c.table == table):
            notes.append(Note("table_absent", table))
    notes += [Note("annotated_cell", c.cell_id, c.start, c.end, "author") for c in cells if c.reason == "annotated"]
    for row in _orphans(reader):
        notes.append(Note("values_without_label", "", row.slots[0].start, row.slots[-1].end, "reader"))
    for row in reader.walked.rows:
        if row.key and row.key.is_group and row.filled:
            notes.append(Note("group_row_with_values", row.key.row, row.slots[0].start, row.slots[-1].end, "author"))
    return notes
