"""Ruled tables: drawn lines to cells, letters into cells, parts of a table on several pages to one grid."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from nlp_reports.read.knowledge import knowledge
from nlp_reports.read.page import Glyph, Page, group_lines, line_text
from nlp_reports.read.raw import RawCell, RawGrid
from nlp_reports.text.normalize import fold
from nlp_reports.text.repair import join_lines, repair

#: Lines this near are one line; ends this near touch (points at 72 to the inch, scaled for other units).
_SNAP = 3.0
_JOIN = 4.0
#: A border is there when this share of a cell's side is drawn.
_COVER = 0.4
_MAX_LINES = 2_000


@dataclass(slots=True)
class Cell:
    """A cell by the indices of its bounding lines: rows ``top:bottom``, columns ``left:right``."""

    top: int
    bottom: int
    left: int
    right: int
    text: str = ""


@dataclass(slots=True)
class Table:
    """A ruled table on one page (or, once merged, on several): its grid lines and cells."""

    page: int
    xs: list[float]
    ys: list[float]
    cells: list[Cell]
    glyphs: list[list[Glyph]] = field(default_factory=list)
    last_page: int = 0

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]


def find_tables(page: Page) -> list[Table]:
    """The ruled tables of a page, top to bottom, their cells without text yet.

    Cells are found by joining neighbours that no drawn line parts, so a line that stops short of a corner, or a border
    that is left open at a page break, does no harm.
    """
    scale = max(page.width, page.height) / 842.0
    snap, join = _SNAP * scale, _JOIN * scale
    horizontal = _merge([(r.y0, r.x0, r.x1) for r in page.rules if r.y0 == r.y1], snap, join)
    vertical = _merge([(r.x0, r.y0, r.y1) for r in page.rules if r.x0 == r.x1], snap, join)
    if len(horizontal) > _MAX_LINES or len(vertical) > _MAX_LINES:
        return []
    tables = []
    for rows, columns in _components(horizontal, vertical, join):
        table = _table(rows, columns, page.number, snap, scale)
        if table is not None:
            tables.append(table)
    tables.sort(key=lambda t: (t.ys[0], t.xs[0]))
    return [t for t in tables if not any(_inside(t, other) for other in tables if other is not t)]


#: A line: its position across, its start and its end.
_Span = tuple[float, float, float]


def _merge(lines: list[_Span], snap: float, join: float) -> list[_Span]:
    """Lines of (nearly) the same position as one, with its drawn stretches joined where they touch."""
    merged: list[_Span] = []
    group: list[_Span] = []

    def close() -> None:
        if not group:
            return
        position = sum(g[0] for g in group) / len(group)
        start, end = None, 0.0
        for _, a, b in sorted(group, key=lambda g: g[1]):
            if start is None:
                start, end = a, b
            elif a <= end + join:
                end = max(end, b)
            else:
                merged.append((position, start, end))
                start, end = a, b
        if start is not None:
            merged.append((position, start, end))
        group.clear()

    for line in sorted(lines):
        if group and line[0] - group[0][0] > snap:
            close()
        group.append(line)
    close()
    return merged


def _components(
    horizontal: list[_Span], vertical: list[_Span], join: float
) -> Iterable[tuple[list[_Span], list[_Span]]]:
    """Sets of lines that touch one another."""
    parent = list(range(len(horizontal) + len(vertical)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    positions = [x for x, _, _ in vertical]
    for i, (y, x0, x1) in enumerate(horizontal):
        first, last = bisect_right(positions, x0 - join - 1e-6), bisect_right(positions, x1 + join)
        for j in range(first, last):
            _, y0, y1 = vertical[j]
            if y0 - join <= y <= y1 + join:
                parent[root(i)] = root(len(horizontal) + j)
    groups: dict[int, tuple[list[_Span], list[_Span]]] = {}
    for i, line in enumerate([*horizontal, *vertical]):
        rows, columns = groups.setdefault(root(i), ([], []))
        (rows if i < len(horizontal) else columns).append(line)
    return groups.values()


def _table(rows: list[_Span], columns: list[_Span], page: int, snap: float, scale: float) -> Table | None:
    if len(rows) < 2 or not columns:
        return None
    ys = _positions([r[0] for r in rows], snap)
    xs = _positions([c[0] for c in columns], snap)
    # A side left open: lines that end together, clearly beyond the last line across.
    xs = _open_side(xs, [r[1] for r in rows], [r[2] for r in rows], 8 * scale, snap)
    ys = _open_side(ys, [c[1] for c in columns], [c[2] for c in columns], 8 * scale, snap)
    if len(xs) < 2 or len(ys) < 2 or (len(xs) - 1) * (len(ys) - 1) < 2:
        return None
    n_cols, n_rows = len(xs) - 1, len(ys) - 1
    right = _drawn(columns, xs, ys, snap)  # right[j][i]: the line xs[j] is drawn along row i
    below = _drawn(rows, ys, xs, snap)  # below[i][j]: the line ys[i] is drawn along column j
    owner = [[-1] * n_cols for _ in range(n_rows)]
    cells: list[Cell] = []
    for i in range(n_rows):
        for j in range(n_cols):
            if owner[i][j] >= 0:
                continue
            last = j + 1
            while last < n_cols and not right[last][i] and owner[i][last] < 0:
                last += 1
            bottom = i + 1
            while bottom < n_rows and not any(below[bottom][c] for c in range(j, last)):
                # The next row belongs to the cell when it has the same open width.
                if any(right[c][bottom] for c in range(j + 1, last)) or (last < n_cols and not right[last][bottom]):
                    break
                bottom += 1
            for r in range(i, bottom):
                for c in range(j, last):
                    owner[r][c] = len(cells)
            cells.append(Cell(i, bottom, j, last))
    return Table(page, xs, ys, cells, last_page=page)


def _positions(values: list[float], snap: float) -> list[float]:
    out: list[float] = []
    for value in sorted(values):
        if not out or value - out[-1] > snap:
            out.append(value)
    return out


def _open_side(at: list[float], starts: list[float], ends: list[float], beyond: float, snap: float) -> list[float]:
    first, last = min(starts), max(ends)
    if at and first < at[0] - beyond and sum(1 for s in starts if s - first <= 2 * snap) >= 2:
        at = [first, *at]
    if at and last > at[-1] + beyond and sum(1 for e in ends if last - e <= 2 * snap) >= 2:
        at = [*at, last]
    return at


def _drawn(lines: list[_Span], across: list[float], along: list[float], snap: float) -> list[list[bool]]:
    """For each grid line in ``across`` and each interval of ``along``: is the line drawn there."""
    cover = [[0.0] * (len(along) - 1) for _ in across]
    for position, start, end in lines:
        i = min(range(len(across)), key=lambda k: abs(across[k] - position))
        if abs(across[i] - position) > 2 * snap:
            continue
        k = max(bisect_right(along, start) - 1, 0)
        while k < len(along) - 1 and along[k] < end:
            cover[i][k] += max(0.0, min(end, along[k + 1]) - max(start, along[k]))
            k += 1
    return [[c >= _COVER * (along[k + 1] - along[k]) for k, c in enumerate(row)] for row in cover]


def _inside(table: Table, other: Table) -> bool:
    a, b = table.box, other.box
    return b[0] - 1 <= a[0] and b[1] - 1 <= a[1] and a[2] <= b[2] + 1 and a[3] <= b[3] + 1 and a != b


def fill(tables: Sequence[Table], glyphs: Iterable[Glyph]) -> list[Glyph]:
    """Put letters into the cells they stand in.

    Returns:
        The letters outside all tables, those of frames that turn out to be no tables included.
    """
    outside: list[Glyph] = []
    maps = []
    for table in tables:
        n_cols = len(table.xs) - 1
        owner = [[0] * n_cols for _ in range(len(table.ys) - 1)]
        for k, cell in enumerate(table.cells):
            for r in range(cell.top, cell.bottom):
                for c in range(cell.left, cell.right):
                    owner[r][c] = k
        maps.append(owner)
        table.glyphs = [[] for _ in table.cells]
    for glyph in glyphs:
        x, y = (glyph.x0 + glyph.x1) / 2, (glyph.y0 + glyph.y1) / 2
        for table, owner in zip(tables, maps, strict=True):
            if table.xs[0] <= x <= table.xs[-1] and table.ys[0] <= y <= table.ys[-1]:
                row = min(bisect_right(table.ys, y) - 1, len(owner) - 1)
                column = min(bisect_right(table.xs, x) - 1, len(owner[0]) - 1)
                table.glyphs[owner[row][column]].append(glyph)
                break
        else:
            outside.append(glyph)
    for table in tables:
        filled = sum(1 for g in table.glyphs if g)
        columns = {c.left for c, g in zip(table.cells, table.glyphs, strict=True) if g}
        if filled < 2 or (len(columns) < 2 and len(table.cells) < 6):
            outside.extend(g for group in table.glyphs for g in group)
            table.cells = []
            continue
        for cell, group in zip(table.cells, table.glyphs, strict=True):
            cell.text = cell_text(group)
    return outside


def cell_text(glyphs: Sequence[Glyph]) -> str:
    """The text of one cell: its lines joined, a label set upright letter by letter included."""
    if not glyphs:
        return ""
    lines = [line_text(line)[0] for line in group_lines(glyphs)]
    return repair(join_lines(lines, digits=True), spaces=True).text


def continues(table: Table, other: Table) -> bool:
    """Whether ``other``, at the head of the next page, goes on where ``table`` ends."""
    a, b = table.box, other.box
    slack = 0.03 * (a[2] - a[0]) + 4
    return other.page == table.last_page + 1 and abs(a[0] - b[0]) <= slack and abs(a[2] - b[2]) <= slack


def join_tables(table: Table, other: Table) -> Table:
    """``other`` appended to ``table``: columns aligned, cells and rows that the page break cut made whole again."""
    slack = 0.012 * (table.xs[-1] - table.xs[0]) + 1
    xs = _positions([*table.xs, *other.xs], slack)
    upper = _realigned(table, xs)
    n_rows = len(table.ys) - 1
    lower = [Cell(c.top + n_rows, c.bottom + n_rows, c.left, c.right, c.text) for c in _realigned(other, xs)]
    ends = {(c.left, c.right): c for c in upper if c.bottom == n_rows}
    starts = {(c.left, c.right): c for c in lower if c.top == n_rows}
    cut = _cut_row(ends, starts)
    for above, cell in cut or ():
        # The first row of the new page is the rest of the last row of the old one.
        above.text = join_lines([above.text, cell.text], digits=True)
        lower.remove(cell)
    for key, cell in starts.items():
        # A label over several rows is printed on one page and left blank on the other.
        label = ends.get(key)
        if label is None or cell.text or cell not in lower:
            continue
        if max(cell.bottom - cell.top, label.bottom - label.top) > 1:
            label.bottom = cell.bottom
            lower.remove(cell)
    shift = 1 if cut else 0
    if cut:
        for cell in upper:
            cell.bottom -= cell.bottom > n_rows
        for cell in lower:
            cell.top = max(cell.top - 1, n_rows)
            cell.bottom -= 1
    ys = [*table.ys, *(table.ys[-1] + y - other.ys[0] for y in other.ys[1 + shift :])]
    return Table(table.page, xs, ys, [*upper, *lower], last_page=other.page)


def _realigned(table: Table, xs: list[float]) -> list[Cell]:
    at = [min(range(len(xs)), key=lambda k, x=x: abs(xs[k] - x)) for x in table.xs]  # type: ignore[misc]
    return [Cell(c.top, c.bottom, at[c.left], max(at[c.right], at[c.left] + 1), c.text) for c in table.cells]


def _cut_row(ends: dict[tuple[int, int], Cell], starts: dict[tuple[int, int], Cell]) -> list[tuple[Cell, Cell]] | None:
    """The halves of a row that a page break cut in two, or ``None``.

    A cut row has the label on both sides, the values on one. Labels over several rows take no part in it.
    """
    pairs = [(ends[key], cell) for key, cell in starts.items() if key in ends and cell.bottom - cell.top == 1]
    if len(pairs) < 2 or any(c.bottom - c.top == 1 and key not in ends for key, c in starts.items()):
        return None
    both = [pair for pair in pairs if pair[0].text and pair[1].text]
    upper = sum(1 for cell, _ in pairs if cell.text)
    lower = sum(1 for _, cell in pairs if cell.text)
    if not upper or not lower:
        return pairs  # all of the row stands on one side of the break
    if len(both) != 1 or min(upper, lower) != 1 or max(upper, lower) < 2:
        return None
    rest = fold(both[0][1].text)
    known = knowledge()
    if rest[0].isdigit() or known.paragraph_start.match(rest) or known.table_row_start.match(rest):
        return None
    return pairs


def to_grid(table: Table) -> RawGrid:
    """The grid of a table: rows without a printed cell left out, columns in which no cell begins taken together."""
    cells = sorted((c for c in table.cells), key=lambda c: (c.top, c.left))
    used: dict[int, list[Cell]] = {}
    for cell in cells:
        used.setdefault(cell.top, []).append(cell)
    n_cols = len(table.xs) - 1
    # A blank row of one cell is a gap between two tables, not a row.
    gone = {r for r, row in used.items() if len(row) == 1 and not row[0].text and row[0].right - row[0].left == n_cols}
    rows = {r: i for i, r in enumerate(sorted(set(used) - gone))}
    columns = {c: i for i, c in enumerate(sorted({c.left for c in cells if c.top not in gone}))}
    bounds_r, bounds_c = sorted(rows), sorted(columns)
    out = []
    for cell in cells:
        if cell.top in gone:
            continue
        row, col = rows[cell.top], columns[cell.left]
        height = bisect_right(bounds_r, cell.bottom - 1) - row
        width = bisect_right(bounds_c, cell.right - 1) - col
        out.append(RawCell(row, col, cell.text, max(height, 1), max(width, 1)))
    source = f"page:{table.page} box:" + ",".join(str(round(v)) for v in table.box)
    if table.last_page > table.page:
        source = f"page:{table.page}-{table.last_page}"
    return RawGrid(len(rows), len(columns), tuple(out), source)
