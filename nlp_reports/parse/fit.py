"""The fields of a row on the columns of its table: which value stands in which column, or why that cannot be told.

Nothing is left-aligned silently. A row with fewer values than columns is placed only when its blanks have a place of
their own (a grid column, a blank field between bars); otherwise it is reported with the reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, pairwise

from .rows import Row, Slot
from .values import Value

_MOST_JOINS = 4


@dataclass(frozen=True, slots=True)
class Fit:
    """``slots`` has one entry a column (``None``: nothing printed there), or is empty when ``reason`` says why not.

    ``total`` is the one value that is certain in a row that lost the place of its blanks.
    """

    slots: tuple[Slot | None, ...]
    reason: str = ""
    total: Slot | None = None


@dataclass(frozen=True, slots=True)
class Habits:
    """What the full rows of a table tell about its layout.

    ``columns`` are the grid columns of the values, by grid number; ``trailing`` the number of blank fields after the
    last value, by number of label fields; ``extra`` the position of a subtotal column that the form does not have.
    ``sums``: full rows print a total that is the sum of the others. ``doubtful_end``: a lone bar at the end of a row may be a blank field or the filling of a row that lost a cell.
    """

    columns: dict[int, tuple[int, ...]]
    trailing: dict[int, int]
    extra: int = -1
    doubtful_end: bool = False
    sums: bool = False


def _subtotal(rows: Sequence[Row], n: int) -> int:
    """Where a table with one column too many has its subtotal (法人或其他组织 小计); -1 when that is not certain."""
    wide = [[s.value.number for s in r.filled] for r in rows if len(r.filled) == n + 1]
    if len(wide) < 3 or 2 * len(wide) < len(rows):
        return -1
    numbers = [[v if v is not None else Decimal(0) for v in row] for row in wide]
    fits = [p for p in (1, n - 1) if all(row[p] == sum(row[2:n] if p == 1 else row[1 : n - 1]) for row in numbers)]
    same = all(row[:p] + row[p + 1 :] == row[:q] + row[q + 1 :] for row in numbers for p in fits for q in fits)
    return fits[0] if fits and same else -1


def habits_of(
    rows: Sequence[Row], n: int, headers: dict[int, dict[str, int]], first: str = "", last: str = ""
) -> Habits:
    """Learn the layout of a table of ``n`` value columns; ``first`` and ``last`` are the header words of its outer columns."""
    full = [r for r in rows if len(r.filled) == n]
    columns: dict[int, tuple[int, ...]] = {}
    trailing: dict[int, Counter[int]] = {}
    by_grid: dict[int, Counter[tuple[int, ...]]] = {}
    for row in full:
        if row.kind == "grid" or row.width:
            by_grid.setdefault(row.grid, Counter())[tuple(s.col for s in row.filled)] += 1
        blanks = len(row.slots) - 1 - max(i for i, s in enumerate(row.slots) if s.filled)
        trailing.setdefault(row.n_labels, Counter())[blanks] += 1
    widths = {g: {r.width for r in rows if r.grid == g and r.width} for g in {r.grid for r in rows}}
    for grid, found in by_grid.items():
        cols, times = found.most_common(1)[0]
        if (grid >= 0 or len(widths[grid]) == 1) and times * 2 > found.total():
            columns[grid] = cols
    for grid, words in headers.items():
        if (
            first in words
            and last in words
            and words[last] - words[first] == n - 1
            and (grid >= 0 or len(widths.get(grid, ())) == 1)
        ):
            columns.setdefault(grid, tuple(range(words[first], words[last] + 1)))
    common = {k: c.most_common(1)[0][0] for k, c in trailing.items()}
    sums = any(_certain_total(row.filled) for row in full)
    return Habits(columns, common, _subtotal(rows, n), sums=sums)


def rejoin(slots: Sequence[Slot], blocks: Sequence[int]) -> tuple[Slot, ...] | None:
    """Undo the splitting of numbers into digits when the row's own sums allow exactly one way.

    ``blocks`` are the lengths of the parts of the row whose last number is the sum of the others.
    """
    n = sum(blocks)
    joins = len(slots) - n
    numbers = [s.value.number for s in slots]
    if (
        not 0 < joins <= _MOST_JOINS
        or len(slots) > 20
        or any(v is None or v < 0 or v != v.to_integral_value() for v in numbers)
    ):
        return None
    digits = [str(v) for v in numbers]
    found: list[tuple[tuple[int, int], ...]] = []
    for gaps in combinations(range(1, len(slots)), joins):
        bounds = [i for i in range(len(slots) + 1) if i not in gaps]
        parts = tuple((a, b) for a, b in pairwise(bounds))
        words = ["".join(digits[a:b]) for a, b in parts]
        if any(len(w) > 1 and w[0] == "0" for w in words):
            continue
        values, at, good = [int(w) for w in words], 0, True
        for size in blocks:
            good = good and sum(values[at : at + size - 1]) == values[at + size - 1]
            at += size
        if good:
            found.append(parts)
            if len(found) > 1:
                return None
    if not found:
        return None
    return tuple(
        slots[a]
        if b == a + 1
        else Slot(
            slots[a].start,
            slots[b - 1].end,
            slots[a].col,
            Value("number", Decimal("".join(digits[a:b])), note="rejoined"),
        )
        for a, b in found[0]
    )


def _certain_total(filled: Sequence[Slot]) -> Slot | None:
    numbers = [s.value.number for s in filled]
    if len(numbers) < 3 or any(v is None for v in numbers):
        return None
    *parts, total = [v for v in numbers if v is not None]
    return filled[-1] if total > 0 and sum(parts) == total else None


def fit(
    row: Row, n: int, habits: Habits, *, summed: bool = False, last: bool = False, columns: tuple[int, ...] = ()
) -> Fit:
    """Place the fields of ``row`` on ``n`` columns; ``columns`` are those of the header above it, when it is known.

    ``summed`` tells that the last column is the sum of the others, ``last`` that the row is the last of its table (which
    no filling bars follow). Reasons: ``too_many_values``, ``blank_position_lost``, ``no_values``.
    """
    slots, filled = row.slots, row.filled
    if len(filled) == n:
        return Fit(tuple(filled))
    if len(filled) > n:
        if len(filled) == n + 1 and habits.extra >= 0:
            return Fit(tuple(filled[: habits.extra] + filled[habits.extra + 1 :]))
        joined = rejoin(filled, [n]) if summed else None
        return Fit(joined) if joined else Fit((), "too_many_values")
    columns = columns or habits.columns.get(row.grid, ())
    if (
        columns
        and slots
        and row.label_col < columns[0]
        and all(s.col in columns for s in filled)
        and (row.kind == "grid" or row.width)
    ):
        at = {s.col: s for s in slots}
        return Fit(tuple(at.get(c) for c in columns))
    if habits.doubtful_end and row.kind == "cell" and filled and all(s.filled for s in slots[: len(filled)]):
        return Fit((), "blank_position_lost")
    trailing = 0 if last or row.kind == "grid" else habits.trailing.get(row.n_labels, 0)
    if len(slots) == n and not trailing:
        return Fit(tuple(slots))
    if row.kind != "grid" and len(slots) - trailing >= n and not any(s.filled for s in slots[n:]):
        return Fit(tuple(slots[:n]))
    if not filled:
        blank = len(slots) >= n or row.ended > 0
        return Fit((None,) * n) if blank else Fit((), "no_values")
    return Fit((), "blank_position_lost", _certain_total(filled) if summed and habits.sums else None)
