"""The statutory tables as they are printed, and as crawlers, extractors and page makers leave them.

``printed`` gives a table with its merged cells; the layouts A–L turn it into text lines, ``table_html`` into HTML,
``grid`` into cells with positions. Values are printed as given, so that blanks, marks and annotations can be rendered.

A one cell a line, filling bars · B one row a line, filling bars · C one row a line · D leading bar and a rule · E the bar
on its own line · F bare lines · G bare lines between empty lines, words broken · H lines of a PDF: label and numbers,
long labels wrapped around them · I merged cells expanded into positional blanks · J bar, line break, cell · K as F with
repeated lines lost · L as A inside a layout table of hundreds of columns. K and L cannot be read back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from ..template.load import RowSpec, Statute, statute

LAYOUTS = tuple("ABCDEFGHIJKL")
#: Layouts from which the values can be read back.
READABLE = tuple("ABCDEFGHIJ")
_WRAP = 12
_LAYOUT_TABLE = 300
_CHECK_NOTE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
_BLOCKS: dict[str, tuple[str, ...]] = {
    "一": ("regulations", "normative_documents"),
    "五": ("administrative_license", "other_public_services"),
    "六": ("administrative_penalty", "administrative_coercion"),
    "八": ("administrative_fees",),
    "九": ("government_procurement",),
}

Values = Mapping[str, Decimal | int | str | None]


@dataclass(frozen=True, slots=True)
class Printed:
    """One printed cell with its spans."""

    text: str
    colspan: int = 1
    rowspan: int = 1
    is_value: bool = False


Rows = list[list[Printed]]


def _full(text: str) -> str:
    """Labels are printed with full-width brackets and colons."""
    return text.translate(str.maketrans("():,", "（）：，"))


def _value(values: Values, cell_id: str) -> str:
    value = values.get(cell_id)
    return "" if value is None else str(value)


def _spread(n: int, width: int) -> list[int]:
    """The spans of ``n`` cells over ``width`` columns, the last ones wider."""
    size, more = divmod(width, n)
    return [size + (1 if i >= n - more else 0) for i in range(n)]


def _table2(values: Values, template: str, book: Statute) -> Rows:
    table, width = ("t2", 4) if template == "f2021" else ("t2_2019", 5)
    specs = {r.row_id: r for r in book.rows_of(table, template)}
    rows: Rows = []
    for block, names in _BLOCKS.items():
        present = [specs[n] for n in names if n in specs]
        if not present:
            continue
        rows.append([Printed(f"第二十条第（{block}）项", width)])
        spans = _spread(len(present[0].cells), width - 1)
        rows.append(
            [Printed("信息内容"), *(Printed(_full(c.label), s) for c, s in zip(present[0].cells, spans, strict=True))]
        )
        for spec in present:
            cells = zip(spec.cells, spans, strict=True)
            rows.append([Printed(spec.label), *(Printed(_value(values, c.cell_id), s, 1, True) for c, s in cells)])
    return rows


def _table3(values: Values, template: str, book: Statute, collapsed: bool) -> Rows:
    specs = book.rows_of("t3", template)
    if collapsed and template == "f2021":
        one = book.row("t3", "other_processing")
        specs = tuple(
            one if s.row_id == "other_other" else s
            for s in specs
            if s.row_id not in ("other_no_correction", "other_fee_unpaid")
        )
    labels = [c.label for c in specs[0].cells]
    groups = {g.row_id: g.label for g in book.groups} | {"other": "(六)其他处理"}
    sizes: dict[str, int] = {}
    for spec in specs:
        if spec.enumerator[:1].isdigit():
            sizes[spec.group] = sizes.get(spec.group, 0) + 1
    rows: Rows = [
        [Printed(_CHECK_NOTE, 3, 3), Printed("申请人情况", 7)],
        [Printed(labels[0], 1, 2), Printed("法人或其他组织", 5), Printed(labels[-1], 1, 2)],
        [Printed(label) for label in labels[1:-1]],
    ]
    inside = len(specs) - 3
    for spec in specs:
        label, row = _full(spec.enumerator + spec.label), []
        if spec.row_id in ("new_received", "carried_over", "carried_forward"):
            row = [Printed(label, 3)]
        else:
            row = [Printed(_full(groups["result"]), 1, inside)] if spec.row_id == "granted" else []
            if spec.enumerator[:1].isdigit():
                if spec.enumerator.startswith("1"):
                    row.append(Printed(_full(groups[spec.group]), 1, sizes[spec.group]))
                row.append(Printed(label))
            else:
                row.append(Printed(label, 2))
        rows.append(row + [Printed(_value(values, c.cell_id), is_value=True) for c in spec.cells])
    return rows


def _table4(values: Values, book: Statute) -> Rows:
    specs: tuple[RowSpec, ...] = book.rows_of("t4", "f2021")
    labels = [c.label for c in specs[0].cells]
    return [
        [Printed("行政复议", 5), Printed("行政诉讼", 10)],
        [*(Printed(label, 1, 2) for label in labels), Printed("未经复议直接起诉", 5), Printed("复议后起诉", 5)],
        [Printed(label) for label in labels * 2],
        [Printed(_value(values, c.cell_id), is_value=True) for spec in specs for c in spec.cells],
    ]


def printed(table: str, values: Values, *, template: str, script: str = "hans", collapsed: bool = False) -> Rows:
    """The rows of a table (``t2``, ``t2_2019``, ``t3``, ``t4``) with merged cells, as the form prints them.

    ``values`` maps cell ids to what is printed (``None`` or absent: blank). ``script`` is ``hans`` or an OpenCC
    configuration (``hant`` means ``s2t``). ``collapsed`` prints group (六) of table 3 as one row, as some agencies do.

    Example:
        >>> [c.text for c in printed("t2", {"t2.regulations.issued": 3}, template="f2021")[2]]
        ['规章', '3', '', '']
    """
    book = statute()
    if table == "t3":
        rows = _table3(values, template, book, collapsed)
    elif table == "t4":
        rows = _table4(values, book)
    elif table in ("t2", "t2_2019"):
        rows = _table2(values, template, book)
    else:
        raise ValueError(f"no such table: {table}")
    if script == "hans":
        return rows
    return [[Printed(convert(c.text, script), c.colspan, c.rowspan, c.is_value) for c in row] for row in rows]


def convert(text: str, script: str) -> str:
    """``text`` in another script: ``hans`` as it is, ``hant`` by OpenCC ``s2t``, else by the named configuration."""
    from ..text.normalize import to_script

    return text if script == "hans" else to_script(text, "s2t" if script == "hant" else script)


def width_of(rows: Rows) -> int:
    """The number of grid columns."""
    return max(sum(c.colspan for c in row) for row in rows)


def grid(rows: Rows) -> list[tuple[int, int, Printed]]:
    """Every printed cell with its grid row and column."""
    covered: set[tuple[int, int]] = set()
    placed = []
    for r, row in enumerate(rows):
        column = 0
        for cell in row:
            while (r, column) in covered:
                column += 1
            covered |= {(r + y, column + x) for y in range(cell.rowspan) for x in range(cell.colspan)}
            placed.append((r, column, cell))
            column += cell.colspan
    return placed


def _broken(text: str) -> list[str]:
    """A word as a narrow column breaks it."""
    return [text[:2], text[2:]] if len(text) == 4 and not text.isdigit() else [text]


def _pdf_lines(rows: Rows) -> list[str]:
    """Rows as PDF lines: group labels between the rows of their group, long labels wrapped around the numbers."""
    lines: list[str] = []
    for row in rows:
        labels, numbers = [c for c in row if not c.is_value], [c.text for c in row if c.is_value]
        if not numbers:
            if all(len(c.text) == 4 for c in row):
                lines += ["".join(c.text[:2] for c in row), "".join(c.text[2:] for c in row)]
            else:
                lines.append(" ".join(c.text for c in row))
            continue
        lines += [c.text for c in labels[:-1]]
        label = labels[-1].text if labels else ""
        if len(label) > 2 * _WRAP:
            lines += [label[:_WRAP], " ".join(numbers), label[_WRAP:]]
        else:
            lines.append(" ".join([label, *numbers]).strip())
    return lines


def flatten(rows: Rows, layout: str, *, drop_blanks: bool = False) -> list[str]:
    """The lines that ``layout`` makes of a table; an empty string is an empty line.

    ``drop_blanks`` loses empty cells, as extractors do with ``<td></td>``: only the filling bars of A and B tell of them.

    Example:
        >>> flatten(printed("t2", {}, template="f2021"), "B")[:3]
        ['第二十条第（一）项 ||||', '信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数 |', '规章 |  |  |  |']
    """
    if layout not in LAYOUTS:
        raise ValueError(f"no such layout: {layout}")
    width = width_of(rows)
    if layout == "H":
        return [line for line in _pdf_lines(rows) if line]
    if layout == "I":
        cells = [[""] * width for _ in rows]
        for r, c, cell in grid(rows):
            cells[r][c] = cell.text
        lines = [f"| {' | '.join(row)} |" for row in cells]
        return [lines[0], "|" + "---|" * width, *lines[1:]]
    lines = []
    for number, row in enumerate(rows):
        texts = [c.text for c in row if c.text or not drop_blanks]
        pad = "" if number == len(rows) - 1 else "|" * (width - len(texts))
        if layout in "AL":
            pad = "|" * (_LAYOUT_TABLE - len(texts)) if layout == "L" else pad
            lines += [f"{t} |" if t else "|" for t in texts] + ([pad] if pad else [])
        elif layout == "B":
            lines.append(" | ".join(texts) + " |" + pad)
        elif layout == "C":
            lines.append(" | ".join(texts) + " |")
        elif layout == "D":
            lines += ["| " + " | ".join(texts) + " |"] + (["|" + "---|" * len(texts)] if number == 0 else [])
        elif layout == "E":
            lines += [part for t in texts for part in ((t, "|") if t else ("|",))]
        elif layout == "J":
            lines += ["|", *(f" {t}  |" for t in texts)]
        elif layout == "G":
            lines += [part for t in texts if t for part in (*_broken(t), "")]
        else:
            lines += [t for t in texts if t]
    return lines if layout != "K" else list(dict.fromkeys(lines))


def table_text(table: str, values: Values, *, template: str, script: str = "hans", layout: str = "C") -> list[str]:
    """The text lines of a table in a layout (see the module)."""
    return flatten(printed(table, values, template=template, script=script), layout)


def table_html(table: str, values: Values, *, template: str, script: str = "hans") -> str:
    """The table as HTML with merged cells; an empty cell holds a no-break space."""

    def cell(c: Printed) -> str:
        spans = f' colspan="{c.colspan}"' * (c.colspan > 1) + f' rowspan="{c.rowspan}"' * (c.rowspan > 1)
        return f"<td{spans}><p>{escape(c.text) or '&nbsp;'}</p></td>"

    rows = printed(table, values, template=template, script=script)
    return '<table border="1">\n' + "\n".join("<tr>" + "".join(map(cell, row)) + "</tr>" for row in rows) + "\n</table>"
