"""The tables of a written report: rows that are not all zero, expanded to cells and checked."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from ..errors import DataFileError
from ..synth.layouts import table_text
from ..template import statute
from .markup import MarkedReport

_SUMS = ("new_received", "carried_over", "total_processed", "carried_forward")


class Ledger:
    """The cells of one written report, by cell id; ``None`` where ``/`` is printed."""

    def __init__(self, marked: MarkedReport) -> None:
        self.marked = marked
        self.values: dict[str, Decimal | None] = {}
        for table, rows in marked.tables.items():
            self._expand(table, rows)

    def _fail(self, what: str) -> DataFileError:
        return DataFileError("NR301", path=self.marked.path, detail=what)

    def _number(self, text: str) -> Decimal | None:
        if text == "/":
            return None
        try:
            return Decimal(text)
        except InvalidOperation:
            raise self._fail(f"{text!r} is no number") from None

    def _rows(self, table: str) -> dict[str, list[str]]:
        rows = statute().rows_of(table, self.marked.meta["template"])
        return {row.row_id: [cell.cell_id for cell in row.cells] for row in rows}

    def _expand(self, table: str, rows: Mapping[str, list[str]]) -> None:
        columns = self._rows(table)
        if table == "t4":
            values = [v for row in rows.values() for v in row]
            ids = [cell for cells in columns.values() for cell in cells]
            if len(values) != len(ids):
                raise self._fail(f"[t4] needs {len(ids)} numbers, found {len(values)}")
            self.values |= {cell: self._number(value) for cell, value in zip(ids, values, strict=True)}
            return
        for row in rows:
            if row not in columns:
                raise self._fail(f"[{table}] has no row {row!r}")
        for row, cells in columns.items():
            values = rows.get(row) or ["0"] * len(cells)
            if len(values) != len(cells):
                raise self._fail(f"[{table}] {row} needs {len(cells)} numbers, found {len(values)}")
            self.values |= {cell: self._number(value) for cell, value in zip(cells, values, strict=True)}

    def cells(self) -> dict[str, str | None]:
        """Cell id → value as a string, ``None`` for not applicable."""
        return {cell: None if value is None else format(value, "f") for cell, value in self.values.items()}

    def check(self) -> None:
        """Every identity of the tables holds, unless the report plants a contradiction in them.

        Raises:
            DataFileError: NR301 that names the identity.
        """
        if any(p.split()[0].startswith(("T2", "T3", "T4")) for p in self.marked.planted):
            return
        if "t3" in self.marked.tables:
            self._check_t3()
        if "t4" in self.marked.tables:
            cells = [cell for row in self._rows("t4").values() for cell in row]
            for first in (0, 5, 10):
                block = [self.values[c] or Decimal(0) for c in cells[first : first + 5]]
                if sum(block[:4]) != block[4]:
                    raise self._fail(f"[t4] {cells[first]}…: {block[:4]} do not add up to {block[4]}")
        for row in ("regulations", "normative_documents"):
            stock = [self.values.get(f"t2.{row}.{c}") or Decimal(0) for c in ("issued", "repealed", "in_force")]
            if stock[2] - stock[0] + stock[1] < 0:
                raise self._fail(
                    f"[t2] {row}: in force {stock[2]} - issued {stock[0]} + repealed {stock[1]} is negative"
                )

    def _check_t3(self) -> None:
        value = {row: [self.values[c] or Decimal(0) for c in cells] for row, cells in self._rows("t3").items()}
        for row, cells in value.items():
            if sum(cells[:6]) != cells[6]:
                raise self._fail(f"[t3] {row}: {sum(cells[:6])} in the six columns, {cells[6]} as total")
        for i in range(7):
            parts = sum((cells[i] for row, cells in value.items() if row not in _SUMS), Decimal(0))
            if parts != value["total_processed"][i]:
                raise self._fail(
                    f"[t3] column {i + 1}: results add up to {parts}, total_processed has {value['total_processed'][i]}"
                )
            left = value["new_received"][i] + value["carried_over"][i]
            right = value["total_processed"][i] + value["carried_forward"][i]
            if left != right:
                raise self._fail(f"[t3] column {i + 1}: {left} came in, {right} went out or on")


def printed_values(ledger: Ledger) -> dict[str, str]:
    """What is printed in each cell: the number, or ``/`` where it is not applicable."""
    return {cell: "/" if value is None else format(value, "f") for cell, value in ledger.values.items()}


def table_lines(table: str, ledger: Ledger, *, layout: str = "C") -> list[str]:
    """The table as lines of text in one of the layouts A … J."""
    meta = ledger.marked.meta
    lines = table_text(table, printed_values(ledger), template=meta["template"], script=meta["script"], layout=layout)
    return [line for line in lines if line.strip()]
