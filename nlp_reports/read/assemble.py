"""The one place where blocks get their offsets: raw blocks in, ``Report.text`` and blocks that slice it out."""

from __future__ import annotations

from collections.abc import Iterable

from nlp_reports.read.raw import RawBlock, RawDocument, RawGrid
from nlp_reports.schema import Block, Grid, GridCell, Note
from nlp_reports.text.repair import join_lines

#: What separates the printed cells of one table row in ``Report.text``.
CELL_SEPARATOR = " | "


def one_line(text: str) -> str:
    """``text`` on one line: blanks at its ends dropped, inner line breaks joined as Chinese is (no blank between Han).

    Example:
        >>> one_line(" 商业\\n企业 ")
        '商业企业'
    """
    if "\n" in text:
        return join_lines(text.split("\n"))
    return text.strip()


def assemble(document: RawDocument) -> tuple[str, tuple[Block, ...], tuple[Note, ...]]:
    """Build the text, its blocks and the notes of ``document``.

    Paragraphs that hold nothing but blanks are left out. Offsets are code points into the text, counted while it is
    put together.

    Returns:
        ``(text, blocks, notes)``; ``text[b.start:b.end]`` is block ``b``, ``text[c.start:c.end] == c.text`` for each
        cell ``c`` of a grid.

    Example:
        >>> from nlp_reports.read.raw import RawParagraph, grid_of
        >>> document = RawDocument("text", [RawParagraph("一、总体情况"), grid_of([["规章", "0"], ["许可", "12"]])])
        >>> text, blocks, _ = assemble(document)
        >>> text
        '一、总体情况\\n规章 | 0\\n许可 | 12'
        >>> [text[c.start:c.end] for c in blocks[1].grid.cells]
        ['规章', '0', '许可', '12']
    """
    pieces: list[str] = []
    blocks: list[Block] = []
    index: dict[int, Block] = {}
    at = 0
    for i, raw in enumerate(document.blocks):
        if isinstance(raw, RawGrid):
            if not raw.cells:
                continue
            block, text = _grid(raw, at)
        else:
            text = one_line(raw.text)
            if not text:
                continue
            block = Block("paragraph", at, at + len(text), None, raw.source)
        pieces.append(text)
        blocks.append(block)
        index[i] = block
        at += len(text) + 1
    notes = tuple(_notes(document, index))
    return "\n".join(pieces), tuple(blocks), notes


def _grid(raw: RawGrid, at: int) -> tuple[Block, str]:
    start = at
    rows: list[list[str]] = [[] for _ in range(raw.n_rows)]
    cells: list[GridCell] = []
    row, width = 0, len(CELL_SEPARATOR)
    for cell in raw.cells:
        while row < cell.row:
            row += 1
            at += 1
        line = rows[row]
        if line:
            at += width
        text = cell.text
        if not text.isalnum():
            text = one_line(text)
        line.append(text)
        end = at + len(text)
        cells.append(GridCell(cell.row, cell.col, text, at, end, cell.rowspan, cell.colspan))
        at = end
    text = "\n".join(map(CELL_SEPARATOR.join, rows))
    grid = Grid(raw.n_rows, raw.n_cols, tuple(cells))
    return Block("grid", start, start + len(text), grid, raw.source), text


def _notes(document: RawDocument, index: dict[int, Block]) -> Iterable[Note]:
    for note in document.notes:
        block = index.get(note.block) if note.block is not None else None
        if block is None:
            yield Note(note.code, note.message, None, None, note.fault)
        else:
            yield Note(note.code, note.message, block.start, block.end, note.fault)


def blocks_text(blocks: Iterable[RawBlock]) -> str:
    """The characters of ``blocks`` without separators; for measuring how much text a candidate holds."""
    return "".join("".join(c.text for c in b.cells) if isinstance(b, RawGrid) else b.text for b in blocks)
