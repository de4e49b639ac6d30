"""Pages to blocks: reading order, columns, page furniture, paragraphs joined over lines and pages, ruled tables."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nlp_reports.read.grid import unfold_layout
from nlp_reports.read.knowledge import knowledge
from nlp_reports.read.page import Glyph, Page, TextLine, group_lines, split_pieces, text_line, typical_height
from nlp_reports.read.plain import note_repairs
from nlp_reports.read.raw import RawDocument, RawParagraph
from nlp_reports.read.ruled import Table, continues, fill, find_tables, join_tables, to_grid
from nlp_reports.read.wrap import FIRST_WORD, is_table_line
from nlp_reports.text.normalize import fold
from nlp_reports.text.repair import is_wide, join_lines, repair

_BARE_NUMBER = re.compile(r"\d{1,4}$")
# A label and at least four numbers: a row of table three that lost its rules.
_NUMBERS_AT_END = re.compile(r"(?:[\d.,]+|[/—-])(?: (?:[\d.,]+|[/—-])){3,}$")
_ROW_OF_NUMBERS = re.compile(r"[\d.,|/\s-]+$")
_SENTENCE_END = re.compile(r"[。!?][”’」』)\]》]{0,2}$")
_DIGITS = re.compile(r"\d+")
_NUMBER_PARTS = frozenset("0123456789.,")
#: Share of the page height, above and below, in which furniture stands.
_MARGIN = 0.09


@dataclass(slots=True)
class _Flow:
    """A run of lines of one column, in reading order; left and right are the column's edges."""

    lines: list[TextLine]
    left: float
    right: float


_Item = _Flow | Table


def read_pages(pages: Iterable[Page], document: RawDocument) -> None:
    """Add the blocks of ``pages`` to ``document``.

    Pages are taken one at a time; what must be known of all (furniture, margins) is kept as lines, not as letters.
    """
    items: list[_Item] = []
    counts: Counter[str] = Counter()
    heights: dict[int, float] = {}
    unseen = 0
    for page in pages:
        heights[page.number] = page.height
        glyphs = []
        beyond = False
        for glyph in page.glyphs:
            beyond = beyond or not _on_page(glyph, page)
            fixed = repair(glyph.text)
            counts.update(fixed.counts)
            if fixed.text:
                glyphs.append(glyph if fixed.text is glyph.text else glyph._replace(text=fixed.text))
        if beyond:
            seen = _visible(glyphs, page)
            unseen += len(glyphs) - len(seen)
            glyphs = seen
        tables = find_tables(page)
        outside = fill(tables, glyphs)
        tables = [t for t in tables if t.cells]
        items.extend(_page_items(outside, tables, page.number))
    note_repairs(document, dict(counts))
    if unseen:
        document.note("outside_page", f"{unseen} letters outside the visible page, dropped", "author")
    items = _without_furniture(items, heights, document)
    items = _joined(items)
    _emit(items, document)


def _on_page(glyph: Glyph, page: Page) -> bool:
    return 0 <= glyph.x0 + glyph.x1 <= 2 * page.width and 0 <= glyph.y0 + glyph.y1 <= 2 * page.height


def _visible(glyphs: list[Glyph], page: Page) -> list[Glyph]:
    """The letters on the page; of a number that its edge cuts nothing, for half a number is a wrong number."""
    seen: list[Glyph] = []
    for line in group_lines(glyphs):
        kept = [g for g in line if _on_page(g, page)]
        beyond = [g for g in line if not _on_page(g, page)]
        while kept and beyond and kept[-1].text in _NUMBER_PARTS:
            if min(g.x0 for g in beyond) - kept[-1].x1 > 0.4 * (kept[-1].y1 - kept[-1].y0):
                break
            beyond.append(kept.pop())
        seen.extend(kept)
    return seen


def _page_items(glyphs: list[Glyph], tables: list[Table], number: int) -> list[_Item]:
    """Text flows and tables of one page in reading order: a table parts the text above it from that below."""
    items: list[_Item] = []
    rest = glyphs
    for table in tables:
        _, top, _, bottom = table.box
        middle = (top + bottom) / 2
        above = [g for g in rest if (g.y0 + g.y1) / 2 < min(top + 2, middle)]
        if above:
            items.extend(_flows(above, number))
            taken = set(map(id, above))
            rest = [g for g in rest if id(g) not in taken]
        items.append(table)
    if rest:
        items.extend(_flows(rest, number))
    return items


def _flows(glyphs: list[Glyph], number: int) -> list[_Flow]:
    lines = group_lines(glyphs)
    if not lines:
        return []
    gutter = _gutter(lines)
    if gutter is None:
        return [_flow([text_line(line, number) for line in lines])]
    # Bands of two columns between lines that cross the gutter (titles, headings set over both columns).
    flows: list[_Flow] = []
    band: list[Glyph] = []
    full: list[TextLine] = []

    def close_band() -> None:
        if band:
            for side in ([g for g in band if g.x1 <= gutter], [g for g in band if g.x1 > gutter]):
                if side:
                    flows.append(_flow([text_line(line, number) for line in group_lines(side)]))
            band.clear()

    for line in lines:
        if any(g.x0 < gutter < g.x1 for g in line) or _crosses(line, gutter):
            close_band()
            full.append(text_line(line, number))
        else:
            if full:
                flows.append(_flow(full))
                full = []
            band.extend(line)
    close_band()
    if full:
        flows.append(_flow(full))
    return flows


def _flow(lines: list[TextLine]) -> _Flow:
    return _Flow(lines, min(l.x0 for l in lines), max(l.x1 for l in lines))


def _crosses(line: Sequence[Glyph], x: float) -> bool:
    """Whether text runs on over ``x``: its neighbours there are nearer than a column gap."""
    left = max((g.x1 for g in line if g.x1 <= x), default=None)
    right = min((g.x0 for g in line if g.x0 >= x), default=None)
    return left is not None and right is not None and right - left < 0.9 * typical_height(line)


def _gutter(lines: Sequence[Sequence[Glyph]]) -> float | None:
    """The middle of the blank strip between two columns of running text, if there is one.

    Both sides must hold running text in many lines; the columns of a table hold short pieces.
    """
    gaps: list[tuple[float, float]] = []
    for line in lines:
        pieces = split_pieces(line)
        if len(pieces) == 2 and min(map(len, pieces)) >= 8:
            gaps.append((pieces[0][-1].x1, pieces[1][0].x0))
    if len(gaps) < 4 or len(gaps) * 2 < len(lines) * 0.7:
        return None
    low = sorted(g[0] for g in gaps)[int(len(gaps) * 0.9)]
    high = sorted(g[1] for g in gaps)[int(len(gaps) * 0.1)]
    if low >= high:
        return None
    middle = (low + high) / 2
    agree = sum(1 for a, b in gaps if a <= middle <= b)
    return middle if agree * 10 >= len(gaps) * 8 else None


def _without_furniture(items: list[_Item], heights: dict[int, float], document: RawDocument) -> list[_Item]:
    """Drop page numbers, and headers and footers that repeat at the same height of most pages."""
    known = knowledge()
    seen: Counter[tuple[str, int]] = Counter()
    tall = max(heights.values(), default=1.0)

    def key(line: TextLine) -> tuple[str, int]:
        return _DIGITS.sub("#", fold(line.text).replace(" ", "")), round(line.middle / tall * 100)

    def in_margin(line: TextLine) -> bool:
        height = heights[line.page]
        return line.y1 < height * _MARGIN or line.y0 > height * (1 - _MARGIN)

    for item in items:
        if isinstance(item, _Flow):
            seen.update({key(line) for line in item.lines if in_margin(line)})
    n_pages = len(heights)
    numbers = _page_numbers([line for item in items if isinstance(item, _Flow) for line in item.lines], n_pages)
    dropped: Counter[str] = Counter()
    kept: list[_Item] = []
    for item in items:
        if isinstance(item, Table):
            kept.append(item)
            continue
        lines = []
        for line in item.lines:
            folded = fold(line.text).strip()
            if in_margin(line):
                if known.page_furniture.match(folded) or id(line) in numbers:
                    dropped["page numbers"] += 1
                    continue
                # A line of nothing but numbers and bars is a row of a table, however often it comes back.
                if _ROW_OF_NUMBERS.match(folded):
                    lines.append(line)
                    continue
                if n_pages >= 3 and seen[key(line)] * 2 > n_pages and len(folded) <= 80:
                    dropped["repeated headers or footers"] += 1
                    continue
            elif known.page_furniture.match(folded):
                dropped["page numbers"] += 1
                continue
            lines.append(line)
        if lines:
            kept.append(_Flow(lines, item.left, item.right))
    for what, count in sorted(dropped.items()):
        document.note("page_furniture", f"{count} {what}, dropped", "author")
    return kept


def _page_numbers(lines: Sequence[TextLine], n_pages: int) -> set[int]:
    """Ids of the lines that are bare page numbers: outermost on their page, and counting up with the pages.

    A bare number at the edge of a page may as well be a cell of a table without rules; only one that follows the count of
    the pages on at least half of them (and on two) is taken for furniture.
    """
    by_page: dict[int, list[TextLine]] = {}
    for line in lines:
        by_page.setdefault(line.page, []).append(line)
    offsets: Counter[tuple[bool, int]] = Counter()
    found: list[tuple[TextLine, tuple[bool, int]]] = []
    for page, own in by_page.items():
        for top, line in ((True, min(own, key=lambda l: l.y0)), (False, max(own, key=lambda l: l.y1))):
            folded = fold(line.text).strip()
            if _BARE_NUMBER.match(folded):
                key = (top, int(folded) - page)
                offsets[key] += 1
                found.append((line, key))
    return {
        id(line) for line, key in found if offsets[key] >= max(2, n_pages / 2) or (n_pages == 1 and key == (False, 0))
    }


def _joined(items: list[_Item]) -> list[_Item]:
    """Join tables that a page break cut: nothing but the break stands between their parts."""
    out: list[_Item] = []
    for item in items:
        if isinstance(item, Table) and out and isinstance(out[-1], Table) and continues(out[-1], item):
            out[-1] = join_tables(out[-1], item)
        else:
            out.append(item)
    return out


def _emit(items: list[_Item], document: RawDocument) -> None:
    flows = [i for i in items if isinstance(i, _Flow)]
    left, right = _margins(flows)
    group: list[TextLine] = []

    def close() -> None:
        if group:
            text = join_lines([line.text for line in group])
            if not is_table_line(fold(text)) or len(group) > 1:
                text = repair(text, spaces=True).text
            pages = sorted({line.page for line in group})
            where = f"page:{pages[0]}" + (f"-{pages[-1]}" if len(pages) > 1 else "")
            if len(pages) == 1:
                box = (min(l.x0 for l in group), group[0].y0, max(l.x1 for l in group), group[-1].y1)
                where += " box:" + ",".join(str(round(v)) for v in box)
            document.blocks.append(RawParagraph(text, where))
            group.clear()

    before: _Flow | None = None
    for item in items:
        if isinstance(item, Table):
            close()
            before = None
            if item.last_page > item.page:
                document.note("table_over_pages", f"a table on pages {item.page} to {item.last_page}, joined", "author")
            document.blocks.extend(unfold_layout(to_grid(item)))
            continue
        # A column narrower than the page has margins of its own.
        narrow = item.right - item.left < 0.6 * (right - left) and len(item.lines) >= 4
        edges = (item.left, item.right) if narrow else (left, right)
        if before is None:
            close()
        for line in item.lines:
            if group and not _runs_on(group, line, edges):
                close()
            group.append(line)
        before = item
    close()


def _margins(flows: Sequence[_Flow]) -> tuple[float, float]:
    """The left and right edge of running text: the outermost that several lines share."""
    lines = [line for flow in flows for line in flow.lines if line.pieces < 3 and len(line.text) >= 12]
    lines = lines or [line for flow in flows for line in flow.lines]
    if not lines:
        return 0.0, 0.0
    height = sorted(l.height for l in lines)[len(lines) // 2]
    lefts, rights = sorted(l.x0 for l in lines), sorted(l.x1 for l in lines)
    # On the left the outermost edge that several lines share (first lines are set in); on the right the commonest
    # (last lines end anywhere, a stop may hang over the edge).
    left = lefts[0]
    for i, value in enumerate(lefts[:-1]):
        if lefts[min(i + max(2, len(lefts) // 20), len(lefts) - 1)] - value <= height:
            left = value
            break
    right, most = rights[-1], 0
    for value in rights:
        near = bisect_right(rights, value + 0.3 * height) - bisect_left(rights, value - 0.7 * height)
        if near >= most:
            right, most = value, near
    return left, right


def _runs_on(group: Sequence[TextLine], line: TextLine, edges: tuple[float, float]) -> bool:
    """Whether ``line`` goes on with the paragraph of ``group``.

    It does when the line before ends at the right edge (its next word would not have fitted) and this one begins at
    the left edge, in the same type and at the usual distance.
    """
    before = group[-1]
    left, right = edges
    height = max(before.height, line.height)
    folded_before, folded = fold(before.text), fold(line.text)
    if any(_NUMBERS_AT_END.search(f) or _ROW_OF_NUMBERS.match(f) for f in (folded_before, folded)):
        return False
    if before.pieces >= 3 or line.pieces >= 3 or (is_table_line(folded_before) and before.pieces > 1):
        return False
    if is_table_line(folded) and line.pieces > 1:
        return False
    if not 0.8 <= line.height / (before.height or 1) <= 1.25:
        return False
    word = FIRST_WORD.match(line.text)
    size = sum(1.0 if is_wide(c) else 0.55 for c in (word.group() if word else line.text[:1]))
    if before.x1 + (size + 0.3) * height < right:
        return False
    start = knowledge().paragraph_start
    ended = _SENTENCE_END.search(folded_before) is not None
    indented = line.x0 - left > 1.3 * height
    if indented and (ended or start.match(folded) or group[0].x0 - left > 1.3 * height):
        # Lines set in from the left alike (a quotation, a centred title) go on when they share their edge.
        return len(group) > 1 and abs(line.x0 - before.x0) < 0.5 * height and not ended and not start.match(folded)
    if ended and start.match(folded):
        return False
    if line.page == before.page and line.y0 > before.y0:
        pitch = line.middle - before.middle
        usual = group[1].middle - group[0].middle if len(group) > 1 and group[0].page == group[1].page else 2.2 * height
        if pitch > max(1.5 * usual, 2.6 * height):
            return False
    return True
