"""Grids: merged cells resolved, tables that only lay out a page unfolded into paragraphs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nlp_reports.read.knowledge import knowledge
from nlp_reports.read.raw import RawBlock, RawCell, RawGrid, RawParagraph
from nlp_reports.text.normalize import fold

#: A cell as markup has it: text, rowspan (0: to the end of the table), colspan.
SpanCell = tuple[str, int, int]

#: No statutory table is wider; a larger span is an attack or a slip, and is cut.
MAX_COLUMNS = 256
MAX_ROWS = 20_000
_LONG_CELL = 80


def resolve_spans(rows: Sequence[Sequence[SpanCell]], source: str = "") -> RawGrid:
    """Place the cells of ``rows`` on a grid as HTML does: each at the first free position of its row.

    Spans that reach beyond the table or beyond :data:`MAX_COLUMNS` are cut. Columns in which no cell begins are taken
    out, so a padded span (``colspan=100``) does not widen the grid. Linear in cells and columns.

    Example:
        >>> grid = resolve_spans([[("许可", 2, 1), ("12", 1, 1)], [("13", 1, 1)]])
        >>> [(c.row, c.col, c.text) for c in grid.cells]
        [(0, 0, '许可'), (0, 1, '12'), (1, 1, '13')]
    """
    rows = rows[:MAX_ROWS]
    n_rows = len(rows)
    free_from = [0] * MAX_COLUMNS  # the first row in which each column is free again
    placed: list[tuple[int, int, str, int, int]] = []
    starts: set[int] = set()
    n_cols = 0
    for row, cells in enumerate(rows):
        col = 0
        for text, rowspan, colspan in cells:
            while col < MAX_COLUMNS and free_from[col] > row:
                col += 1
            if col >= MAX_COLUMNS:
                break
            if rowspan == 1 and colspan == 1:
                free_from[col] = row + 1
            else:
                rowspan = n_rows - row if rowspan < 1 else min(rowspan, n_rows - row)
                # A span ends where a column is still taken from above: overlapping cells are an error of the page.
                last = col + 1
                while last < col + colspan and last < MAX_COLUMNS and free_from[last] <= row:
                    last += 1
                colspan = last - col
                for c in range(col, last):
                    free_from[c] = row + rowspan
            placed.append((row, col, text, rowspan, colspan))
            starts.add(col)
            col += colspan
            if col > n_cols:
                n_cols = col
    if len(starts) < n_cols:
        return RawGrid(n_rows, len(starts), _closed_up([RawCell(*p) for p in placed], starts, n_cols), source)
    return RawGrid(n_rows, n_cols, tuple([RawCell(*p) for p in placed]), source)


def _closed_up(cells: Sequence[RawCell], starts: set[int], n_cols: int) -> tuple[RawCell, ...]:
    """``cells`` without the columns in which none of them begins."""
    at = []
    seen = 0
    for column in range(n_cols):
        at.append(seen)
        seen += column in starts
    at.append(seen)
    closed = []
    for c in cells:
        col = at[c.col]
        closed.append(RawCell(c.row, col, c.text, c.rowspan, max(at[min(c.col + c.colspan, n_cols)] - col, 1)))
    return tuple(closed)


def unfold_layout(grid: RawGrid) -> Iterator[RawBlock]:
    """Cut a table at rows that are no table rows: a section heading or running text alone in its row.

    A page that is one table thus becomes paragraphs and the grids between them; an ordinary table comes back as it is.
    """
    if not grid.cells:
        return
    alone: dict[int, RawCell] = {}
    per_row: dict[int, int] = {}
    covered: set[int] = set()
    for cell in grid.cells:
        row = cell.row
        if cell.text and (cell.text.isalnum() or cell.text.strip()):
            per_row[row] = per_row.get(row, 0) + 1
            alone[row] = cell
        else:
            per_row.setdefault(row, 0)
        if cell.rowspan > 1:
            covered.update(range(row + 1, min(row + cell.rowspan, grid.n_rows)))
    cuts = [r for r, n in per_row.items() if n == 1 and r not in covered and _is_running(alone[r], grid)]
    if grid.n_cols == 1:
        cuts = sorted(per_row)
    if not cuts:
        yield grid
        return
    # A table that holds the page: other rows of one sentence or title are its paragraphs too.
    cuts = [
        r for r, n in per_row.items() if n == 1 and r not in covered and (r in cuts or _is_sentence(alone[r], grid))
    ]
    first = 0
    for row in [*cuts, grid.n_rows]:
        if row > first:
            part = [c for c in grid.cells if first <= c.row < row]
            if any(c.text.strip() for c in part):
                cells = [RawCell(c.row - first, c.col, c.text, min(c.rowspan, row - c.row), c.colspan) for c in part]
                starts = {c.col for c in cells}
                yield RawGrid(row - first, len(starts), _closed_up(cells, starts, grid.n_cols), grid.source)
        if row < grid.n_rows and row in alone:
            for line in alone[row].text.split("\n"):
                yield RawParagraph(line, grid.source)
        first = row + 1


def _is_sentence(cell: RawCell, grid: RawGrid) -> bool:
    text = fold(cell.text.strip())
    wide = cell.rowspan == 1 and cell.colspan * 2 >= grid.n_cols
    return wide and ("。" in text or len(text) > 40 or knowledge().report_title.search(text) is not None)


def _is_running(cell: RawCell, grid: RawGrid) -> bool:
    if cell.rowspan > 1:
        return False
    text = cell.text.strip()
    if len(text) >= _LONG_CELL and cell.colspan * 2 >= grid.n_cols and ("。" in text or "\n" in text):
        return True
    return len(text) <= 50 and knowledge().section_heading.match(fold(text)) is not None
