"""The cells of one report as numbers and intervals, and expressions over them.

A printed number is a point; an empty, stroked or unreadable cell is the interval from zero upwards (domain 0: empty is
missing, not nought). Nothing is filled in; what the identities force is kept beside the printed values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from ..schema import Cell, Report
from ..template.rules import RuleSet, parse_expression

#: cells that count a change and may be negative
SIGNED = "item_change"


class Interval(NamedTuple):
    """The values a cell or an expression may take; ``hi`` is ``None`` when nothing bounds it."""

    lo: Decimal
    hi: Decimal | None

    @property
    def fixed(self) -> bool:
        """Whether only one value is left."""
        return self.hi is not None and self.lo == self.hi

    def holds(self, value: Decimal) -> bool:
        """Whether ``value`` is possible."""
        return self.lo <= value and (self.hi is None or value <= self.hi)


@dataclass(frozen=True, slots=True)
class Linear:
    """A sum of cells with factors, and a constant.

    ``cells`` are the ids in the order of the expression, ``tables`` and ``rows`` the tables and rows of table 3 they
    stand in.
    """

    terms: tuple[tuple[int, str], ...]
    constant: int
    cells: tuple[str, ...]
    tables: frozenset[str]
    rows: frozenset[str]


def linear(factors: Mapping[str, int], constant: int) -> Linear:
    """A linear expression without the cells that cancel out."""
    terms = tuple((factor, cell) for cell, factor in factors.items() if factor)
    cells = tuple(cell for _, cell in terms)
    tables = frozenset(cell.split(".", 1)[0] for cell in cells)
    return Linear(terms, constant, cells, tables, frozenset(filter(None, map(_row, cells))))


class CellTable:
    """The cells of ``report`` by id, with the sets of ``rules`` fitted to what the form prints.

    Two things depend on the report: whether row (六) is divided, and which tables are there at all.
    """

    def __init__(self, report: Report, rules: RuleSet) -> None:
        self.rules = rules
        self.cells: dict[str, Cell] = {}
        for cell in report.cells:
            # of a cell given twice the first counts; the reader has noted the second
            self.cells.setdefault(cell.cell_id, cell)
        self.values: dict[str, Decimal] = {
            cell.cell_id: cell.value for cell in self.cells.values() if cell.status == "ok" and cell.value is not None
        }
        self.tables = frozenset([cell.table for cell in self.cells.values() if cell.cell_id in self.values])
        divided, whole = (
            any(
                f"t3.{row}.{column}" in self.values
                for row in rules.sets.get(name, ())
                for column in rules.sets["columns"]
            )
            for name in ("other", "other_undivided")
        )
        self.undivided = not divided and (whole or report.template == "f2019")
        self.absent = frozenset(rules.sets.get("other" if self.undivided else "other_undivided", ()))
        self.derived: dict[str, Interval] = {}
        self.suspects: frozenset[str] = frozenset()
        self.repaired: dict[str, Interval] = {}

    def expand(self, expression: str, bindings: Mapping[str, str] | None = None) -> Linear:
        """The cells that ``expression`` stands for in this report."""
        return expand(self.rules, self.undivided, expression, tuple((bindings or {}).items()))

    def cells_of(self, patterns: Sequence[str], binding: tuple[tuple[str, str], ...] = ()) -> tuple[str, ...]:
        """All cells that several expressions stand for, in order."""
        return _cells_of(RuleKey(self.rules), self.undivided, tuple(patterns), binding)

    def members(self, name: str) -> tuple[str, ...]:
        """The members of a set in this report."""
        return members(self.rules, self.undivided, name)

    def has(self, expression: Linear) -> bool:
        """Whether the tables of all its cells were read, in a form that has these rows."""
        return expression.tables <= self.tables and not (expression.rows & self.absent)

    def interval(self, cell_id: str, *, repaired: bool = False) -> Interval:
        """What is known of a cell: its printed number, else what the identities leave open.

        With ``repaired`` a cell that the diagnosis found wrong gives what the identities ask for instead.
        """
        if repaired and cell_id in self.repaired:
            return self.repaired[cell_id]
        value = self.values.get(cell_id)
        if value is not None:
            return Interval(value, value)
        return self.derived.get(cell_id) or blank(cell_id)

    def evaluate(self, expression: Linear, *, repaired: bool = False) -> Interval:
        """The interval of an expression."""
        lo = hi = Decimal(expression.constant)
        low_open = high_open = False
        for factor, cell_id in expression.terms:
            part = self.interval(cell_id, repaired=repaired)
            a: Decimal | None = part.lo * factor
            b: Decimal | None = None if part.hi is None else part.hi * factor
            if factor < 0:
                a, b = b, a
            if a is None:
                low_open = True
            else:
                lo += a
            if b is None:
                high_open = True
            else:
                hi += b
        return Interval(Decimal("-Infinity") if low_open else lo, None if high_open else hi)

    def printed(self, expression: Linear) -> Decimal | None:
        """The value of an expression from printed numbers alone; ``None`` when one is missing."""
        get, total = self.values.get, Decimal(expression.constant)
        for factor, cell_id in expression.terms:
            value = get(cell_id)
            if value is None:
                return None
            if value:
                total += value if factor == 1 else factor * value
        return total

    def doubtful(self, cells: Iterable[str]) -> bool:
        """Whether the reader is to blame for one of these cells, or may be."""
        return any(
            (cell := self.cells.get(cell_id)) is not None and (cell.fault == "reader" or cell.status == "unreadable")
            for cell_id in cells
        )


def blank(cell_id: str) -> Interval:
    """What an empty cell may hold."""
    return Interval(Decimal("-Infinity"), None) if cell_id.endswith(SIGNED) else Interval(Decimal(0), None)


def _row(cell_id: str) -> str:
    parts = cell_id.split(".")
    return parts[1] if len(parts) > 1 and parts[0] == "t3" else ""


def members(rules: RuleSet, undivided: bool, name: str) -> tuple[str, ...]:
    """The members of a set, with row (六) whole or in its three parts."""
    found: list[str] = []
    whole, parts = rules.sets.get("other_undivided", ()), rules.sets.get("other", ())
    for item in rules.sets[name]:
        if undivided and item in parts:
            found.extend(w for w in whole if w not in found)
        elif item not in found:
            found.append(item)
    return tuple(found)


def expand(rules: RuleSet, undivided: bool, expression: str, bindings: tuple[tuple[str, str], ...]) -> Linear:
    """Write an expression out as cells; see :meth:`CellTable.expand`."""
    return _expand(RuleKey(rules), undivided, expression, bindings)


class RuleKey:
    """A rule set as a cache key."""

    __slots__ = ("rules",)

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules

    def __hash__(self) -> int:
        return id(self.rules)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RuleKey) and other.rules is self.rules


@lru_cache(maxsize=4096)
def _expand(key: RuleKey, undivided: bool, expression: str, bindings: tuple[tuple[str, str], ...]) -> Linear:
    bound = dict(bindings)
    factors: dict[str, int] = {}
    constant = 0
    for term in parse_expression(expression):
        if term.cell.isdigit():
            constant += term.factor * int(term.cell)
            continue
        choices: list[tuple[str, ...]] = []
        for part in term.cell.split("."):
            if part.startswith("["):
                choices.append(members(key.rules, undivided, part[1:-1]))
            elif part.startswith("{"):
                choices.append((bound[part[1:-1]],))
            else:
                choices.append((part,))
        for parts in product(*choices):
            cell_id = ".".join(parts)
            factors[cell_id] = factors.get(cell_id, 0) + term.factor
    return linear(factors, constant)


@lru_cache(maxsize=1024)
def _cells_of(
    key: RuleKey, undivided: bool, patterns: tuple[str, ...], binding: tuple[tuple[str, str], ...]
) -> tuple[str, ...]:
    return tuple(c for p in patterns for c in _expand(key, undivided, p, binding).cells)
