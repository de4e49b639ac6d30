"""From violated identities to causes: the smallest set of cells whose change would satisfy all of them.

This is an exact small search: every violated identity must hold one of the cells chosen (a hitting set), and with those
cells free all identities must be satisfiable. What a repair would need is named, never written into the report.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from .cells import CellTable, Interval
from .system import System

_MAX_CELLS = 4
_MAX_NODES = 6000
_MAX_SOLUTIONS = 12


@dataclass(frozen=True, slots=True)
class Solution:
    """Cells whose change satisfies the identities, what they would have to be, and the slip that explains it."""

    cells: tuple[str, ...]
    needed: Mapping[str, Interval]
    slip: str = ""
    slip_zh: str = ""
    support: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause: the identities it breaks (numbers in the system) and the solutions, the likeliest first.

    ``sure`` says that one solution stands out; otherwise all are candidates.
    """

    identities: tuple[int, ...]
    solutions: tuple[Solution, ...]
    sure: bool
    row: str = ""
    told: tuple[str, ...] = field(default=())


def diagnose(
    system: System, violated: Sequence[int], told: Mapping[Decimal, str], previous: Mapping[str, Decimal]
) -> list[Cause]:
    """Explain the violated identities of ``system``.

    Args:
        violated: numbers of identities that cannot hold.
        told: numbers that the prose gives for the quantities of these tables, with a reference to each; they decide
            between equal candidates.
        previous: cells of last year's report, to recognise numbers copied from it.
    """
    causes: list[Cause] = []
    components = _components(system, violated)
    if len(components) > 1:
        row = _reordered_row(system, components)
        if row is not None:
            return [row, *(c for left in _beyond(components, row) for c in _explain(system, left, told, previous))]
    for component in components:
        causes.extend(_explain(system, component, told, previous))
    return causes


def _components(system: System, violated: Sequence[int]) -> list[list[int]]:
    """Violated identities that share a cell belong together."""
    groups: list[tuple[set[str], list[int]]] = []
    for number in violated:
        cells = set(system.identities[number].difference.cells)
        joined, rest = (cells, [number]), []
        for group in groups:
            if group[0] & joined[0]:
                joined = (group[0] | joined[0], group[1] + joined[1])
            else:
                rest.append(group)
        groups = [*rest, joined]
    return [sorted(numbers) for _, numbers in groups]


def _explain(
    system: System, component: list[int], told: Mapping[Decimal, str], previous: Mapping[str, Decimal]
) -> list[Cause]:
    table = system.table
    found: list[tuple[str, ...]] = []
    row = ""
    for size in range(1, _MAX_CELLS + 1):
        found = _search(system, component, size)
        if found:
            break
        if size >= 2:
            row, block = _whole_row(system, component)
            if row:
                found = [block]
                break
    if not found:
        return [Cause(tuple(component), (), False)]
    if len(found[0]) >= 3 and not row:
        block_row, block = _whole_row(system, component)
        if block_row and any(set(cells) <= set(block) for cells in found):
            row, found = block_row, [next(cells for cells in found if set(cells) <= set(block))]
    solutions = [_solution(system, component, cells, row, told, previous) for cells in found]
    solutions.sort(key=lambda s: (-len(s.support), s.slip == "", s.cells))
    best = solutions[0]
    sure = len(solutions) == 1 or (len(best.support), best.slip != "") > (
        len(solutions[1].support),
        solutions[1].slip != "",
    )
    # Two slips at two places: the component falls apart into one cause per cell, each with its own identities.
    if sure and len(best.cells) > 1 and not row and best.slip == "":
        return _apart(system, component, best, table)
    return [Cause(tuple(component), tuple(solutions), sure, row)]


def _apart(system: System, component: list[int], solution: Solution, table: CellTable) -> list[Cause]:
    left = list(component)
    causes: list[Cause] = []
    for cell in solution.cells:
        mine = [n for n in left if cell in system.identities[n].difference.cells]
        if not mine:
            continue
        left = [n for n in left if n not in mine]
        need = solution.needed[cell]
        single = Solution((cell,), {cell: need}, *_slip_of_cell(table, cell, need, {}))
        causes.append(Cause(tuple(mine), (single,), True))
    return causes


def _search(system: System, component: list[int], size: int) -> list[tuple[str, ...]]:
    """All sets of ``size`` cells that hit every violated identity and leave the system satisfiable."""
    hits: dict[str, set[int]] = {}
    for number in component:
        for cell in system.identities[number].difference.cells:
            if cell in system.table.values:
                hits.setdefault(cell, set()).add(number)
    most = max((len(h) for h in hits.values()), default=0)
    solutions: list[tuple[str, ...]] = []
    tried: set[frozenset[str]] = set()
    nodes = 0

    def extend(chosen: tuple[str, ...], unhit: set[int]) -> None:
        nonlocal nodes
        nodes += 1
        if nodes > _MAX_NODES or len(solutions) >= _MAX_SOLUTIONS:
            return
        if not unhit:
            key = frozenset(chosen)
            if key not in tried:
                tried.add(key)
                if len(chosen) == size and system.solve(chosen)[2] is None:
                    solutions.append(tuple(sorted(chosen)))
            return
        if len(unhit) > (size - len(chosen)) * most:
            return
        first = min(unhit, key=lambda n: len(system.identities[n].difference.cells))
        for cell in system.identities[first].difference.cells:
            if cell in hits and cell not in chosen:
                extend((*chosen, cell), unhit - hits[cell])

    extend((), set(component))
    return solutions


def _whole_row(system: System, component: list[int]) -> tuple[str, tuple[str, ...]]:
    """A row of table 3 whose numbers, all free, would satisfy everything; only the cells that would change."""
    rows: dict[str, None] = {}
    for number in component:
        for cell in system.identities[number].difference.cells:
            if cell.startswith("t3."):
                rows.setdefault(cell.split(".")[1], None)
    broken = set(component)
    for row in rows:
        cells = list(system.rows.get(f"t3.{row}", ()))
        if not all(any(n in system.touching[c] for c in cells) for n in broken):
            continue
        domain, _, contradiction = system.solve(cells)
        if contradiction is None and all(domain[c].fixed for c in cells):
            changed = tuple(c for c in cells if system.table.values.get(c) != domain[c].lo)
            if changed:
                return row, changed
    return "", ()


def _reordered_row(system: System, components: Sequence[list[int]]) -> Cause | None:
    """A row whose right numbers stand in the wrong columns: its sum holds, so its columns seem to fail apart."""
    table = system.table
    for row in table.members("rows"):
        cells = [c for c in system.rows.get(f"t3.{row}", ()) if c in table.values]
        if not cells:
            continue
        mine = [n for component in components for n in component if any(n in system.touching[c] for c in cells)]
        hit = [component for component in components if set(component) <= set(mine)]
        if len(hit) < 2:
            continue
        domain, _, contradiction = system.solve(cells, skip=frozenset(n for c in components if c not in hit for n in c))
        if contradiction is not None or not all(domain[c].fixed for c in cells):
            continue
        if sorted(domain[c].lo for c in cells) != sorted(table.values[c] for c in cells):
            continue
        needed = {c: domain[c] for c in cells if domain[c].lo != table.values[c]}
        numbers = tuple(n for component in hit for n in component)
        if len(needed) == 2:
            solution = Solution(tuple(needed), needed, "swapped_cells", "两格数字互换")
            return Cause(numbers, (solution,), True)
        return Cause(numbers, (Solution(tuple(needed), needed, *_slip_of_row(table, row, needed)),), True, row)
    return None


def _beyond(components: Sequence[list[int]], cause: Cause) -> list[list[int]]:
    return [component for component in components if not set(component) <= set(cause.identities)]


def _solution(
    system: System,
    component: list[int],
    cells: tuple[str, ...],
    row: str,
    told: Mapping[Decimal, str],
    previous: Mapping[str, Decimal],
) -> Solution:
    domain, _, _ = system.solve(cells)
    needed = {cell: domain[cell] for cell in cells}
    table = system.table
    support = tuple(told[i.lo] for i in needed.values() if i.fixed and i.lo in told and i.lo > 0)
    if row:
        slip = _slip_of_row(table, row, needed)
    elif len(cells) == 1:
        slip = _slip_of_cell(table, cells[0], needed[cells[0]], previous)
    elif len(cells) == 2 and _swapped(table, cells, needed):
        slip = ("swapped_cells", "两格数字互换")
    elif _split(table, cells, needed):
        slip = ("split_cell", "一格数字被拆成两格")
    else:
        slip = ("", "")
    return Solution(cells, needed, *slip, support)


def _swapped(table: CellTable, cells: tuple[str, ...], needed: Mapping[str, Interval]) -> bool:
    a, b = cells
    return (
        needed[a].fixed
        and needed[b].fixed
        and needed[a].lo == table.values.get(b)
        and needed[b].lo == table.values.get(a)
    )


def _split(table: CellTable, cells: tuple[str, ...], needed: Mapping[str, Interval]) -> bool:
    """Whether, in one row, two neighbours together spell the number that the first of them should have."""
    for cell in cells:
        need, row = needed[cell], [cell, *_beside(table, cell)]
        if not need.fixed or len({c.rpartition(".")[0] for c in cells}) != 1:
            continue
        order = sorted(row, key=lambda c: _place(table, c))
        at = order.index(cell)
        pair = [table.values.get(c) for c in order[at : at + 2]]
        if None not in pair and len(pair) == 2 and "".join(map(_digits, pair)) == _digits(need.lo):  # type: ignore[arg-type]
            return True
    return False


def _place(table: CellTable, cell: str) -> int:
    names = (*table.members("columns"), *table.members("outcomes"))
    column = cell.rpartition(".")[2]
    return names.index(column) if column in names else len(names)


def _digits(value: Decimal) -> str:
    return format(value.normalize(), "f") if value else "0"


def _slip_of_cell(table: CellTable, cell: str, need: Interval, previous: Mapping[str, Decimal]) -> tuple[str, str]:
    """Name the slip that turns what is needed into what is printed: ``(id, 中文)``, empty when none fits."""
    printed = table.values.get(cell)
    if printed is None:
        return "", ""
    if not need.fixed:
        if cell.endswith(".in_force") and printed == 0:
            return "not_maintained", "现行有效件数未填"
        return "", ""
    was, want = _digits(printed), _digits(need.lo)
    if cell.endswith(".total") or ".total_processed." in cell:
        if printed == 0:
            return "omitted_total", "总计漏填"
        parts = [table.values.get(c) for c in _beside(table, cell)]
        if printed in parts and printed != need.lo:
            return "part_as_total", "总计只填了其中一项"
    if previous.get(cell) == printed:
        return "last_year", "沿用上年数字"
    if printed == 0 and need.lo > 0:
        return "omitted_number", "漏填"
    if len(was) == len(want) > 1 and was != want and sorted(was) == sorted(want):
        return "transposed_digits", "数字颠倒"
    neighbours = _beside(table, cell)
    for other in neighbours:
        value = table.values.get(other)
        if value is not None and was + _digits(value) == want and len(want) > 1:
            return "split_cell", "一格数字被拆成两格"
    if want.startswith(was) or want.endswith(was) or was.startswith(want) or was.endswith(want):
        if want.rstrip("0") == was.rstrip("0"):
            return "extra_or_missing_zero", "末尾多零或少零"
        return "digit_dropped_or_added", "漏写或多写一位数字"
    if any(table.values.get(other) == printed and printed > 1 for other in neighbours):
        return "neighbour_copied", "误填相邻格数字"
    return "", ""


def _beside(table: CellTable, cell: str) -> list[str]:
    """The other cells of the row, in printed order."""
    head, _, _ = cell.rpartition(".")
    if cell.startswith("t3."):
        names = table.members("columns")
    elif cell.startswith("t4."):
        names = (*table.members("outcomes"), "total")
    else:
        return [c for c in table.values if c.startswith(head + ".") and c != cell]
    return [f"{head}.{name}" for name in names if f"{head}.{name}" != cell]


def _slip_of_row(table: CellTable, row: str, needed: Mapping[str, Interval]) -> tuple[str, str]:
    names = table.members("columns")
    printed = [table.values.get(f"t3.{row}.{name}") for name in names]
    want = [needed[cell].lo if (cell := f"t3.{row}.{name}") in needed else printed[at] for at, name in enumerate(names)]
    numbers = [value for value in printed if value]
    if len(numbers) == 1 and numbers[0] == want[-1] and printed[-1] != want[-1]:
        return "displaced_total", f"总计误填入“{table.rules.names['t3'][names[printed.index(numbers[0])]]}”列"
    for shift, text in ((1, "整行右移一格"), (-1, "整行左移一格")):
        moved = [want[at - shift] if 0 <= at - shift < len(want) else None for at in range(len(want))]
        if all(p == m or m is None for p, m in zip(printed, moved, strict=True)):
            return "shifted_row", text
    for other in table.members("rows"):
        cells = [table.values.get(f"t3.{other}.{name}") for name in names]
        if other != row and cells == printed and any(cells):
            return "row_of_another", f"填成了“{table.rules.names['t3'][other]}”一行的数字"
    if sorted(map(str, printed)) == sorted(map(str, want)):
        return "row_permuted", "整行数字错列"
    return "row_wrong", "整行数字有误"
