"""The three statutory tables as printed grids, from a ledger: what the form prints, with its merged cells."""

from __future__ import annotations

from dataclasses import dataclass

from ..template.load import RowSpec, statute
from .ledger import Ledger

_NOTE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
_ARTICLES = {
    "f2021": (
        ("第二十条第（一）项", 2),
        ("第二十条第（五）项", 1),
        ("第二十条第（六）项", 2),
        ("第二十条第（八）项", 1),
    ),
    "f2019": (
        ("第二十条第（一）项", 2),
        ("第二十条第（五）项", 2),
        ("第二十条第（六）项", 2),
        ("第二十条第（八）项", 1),
        ("第二十条第（九）项", 1),
    ),
}


@dataclass(frozen=True, slots=True)
class Printed:
    """One printed cell with its spans."""

    text: str
    colspan: int = 1
    rowspan: int = 1


Rows = list[list[Printed]]


def table_two(ledger: Ledger) -> Rows:
    """Section two: blocks by article, each with its header row."""
    table = "t2" if ledger.template == "f2021" else "t2_2019"
    rows = list(statute().rows_of(table, ledger.template))
    width = 4
    out: Rows = []
    at = 0
    for article, number in _ARTICLES[ledger.template]:
        block, at = rows[at : at + number], at + number
        out.append([Printed(article, colspan=width)])
        headers = [cell.label for cell in block[0].cells]
        wide = width - len(headers)
        out.append([Printed("信息内容"), *_stretch(headers, wide)])
        for row in block:
            out.append([Printed(row.label), *_stretch([ledger.text(c.cell_id) for c in row.cells], wide)])
    return out


def _stretch(texts: list[str], wide: int) -> list[Printed]:
    """The last of fewer cells takes the columns left over."""
    return [Printed(t, colspan=wide if n == len(texts) - 1 else 1) for n, t in enumerate(texts)]


def table_three(ledger: Ledger) -> Rows:
    """Section three: ten grid columns, three of labels and seven of numbers."""
    spec = statute()
    rows = spec.rows_of("t3", ledger.template)
    columns = [c.label for c in rows[0].cells]
    out: Rows = [
        [Printed(_NOTE, 3, 3), Printed("申请人情况", 7)],
        [Printed(columns[0], 1, 2), Printed("法人或其他组织", 5), Printed(columns[-1], 1, 2)],
        [Printed(label) for label in columns[1:-1]],
    ]
    results = [r for r in rows if r.row_id not in ("new_received", "carried_over", "carried_forward")]
    groups = {g.row_id: g.label for g in spec.groups}
    seen: set[str] = set()
    for row in rows:
        values = [Printed(ledger.text(c.cell_id)) for c in row.cells]
        label = _label(row)
        if row not in results:
            out.append([Printed(label, 3), *values])
            continue
        line: list[Printed] = []
        if row is results[0]:
            line.append(Printed(_wide(groups["result"]), 1, len(results)))
        if row.group:
            if row.group not in seen:
                seen.add(row.group)
                members = [r for r in results if r.group == row.group]
                line.append(Printed(_wide(groups.get(row.group, "（六）其他处理")), 1, len(members)))
            line.append(Printed(label))
        else:
            line.append(Printed(label, 2))
        out.append([*line, *values])
    return out


def _label(row: RowSpec) -> str:
    return _wide(row.enumerator) + _wide(row.label)


def _wide(text: str) -> str:
    """The full-width brackets and commas that offices print."""
    return text.translate(str.maketrans("(),:", "（），："))


def table_four(ledger: Ledger) -> Rows:
    """Section four: three header rows and one row of fifteen numbers."""
    blocks = statute().rows_of("t4", ledger.template)
    names = [c.label for c in blocks[0].cells]
    return [
        [Printed(blocks[0].label, 5), Printed("行政诉讼", 10)],
        [*(Printed(n, 1, 2) for n in names), Printed(blocks[1].label, 5), Printed(blocks[2].label, 5)],
        [Printed(n) for n in names * 2],
        [Printed(ledger.text(c.cell_id)) for block in blocks for c in block.cells],
    ]
