"""Web pages: the article alone, its paragraphs and its tables with merged cells resolved.

The page is linearised in one pass: marks are put where paragraphs, tables, rows and cells begin and end, the tree is
serialised as text by libxml2, and the marked text is read back. That keeps the work per element small.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp_reports.errors import ReportError
from nlp_reports.read import article as art
from nlp_reports.read.encoding import decode
from nlp_reports.read.grid import SpanCell, resolve_spans, unfold_layout
from nlp_reports.read.knowledge import knowledge
from nlp_reports.read.plain import note_repairs, split_run_on
from nlp_reports.read.raw import RawBlock, RawDocument, RawGrid, RawParagraph
from nlp_reports.read.wrap import Line, rewrap, wrap_width
from nlp_reports.text.normalize import fold
from nlp_reports.text.repair import is_wide, repair

# Marks in the linearised text: noncharacters, which no document may hold.
_PAR, _CELL, _ROW, _TABLE, _END, _STRAY = "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3", "\ufdd4", "\ufdd5"
_MARK = re.compile(f"([{_CELL}{_ROW}{_TABLE}{_END}{_STRAY}])")
_MARKS = frozenset((_CELL, _ROW, _TABLE, _END, _STRAY))
_TABLE_PARTS = frozenset(["tr", "td", "th", "tbody", "thead", "tfoot", "caption", "col", "colgroup", "form"])
_MAX_NESTED = 60
_SPACE = re.compile(r"[ \t\r\n\x0b\x0c\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_BLOCK = frozenset(
    "address article aside blockquote center dd details dialog div dl dt fieldset figcaption figure form h1 h2 h3 h4 h5 h6 "
    "header hgroup hr li main ol p pre section summary ul caption body html title".split()
)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_\-]{3,20})", re.I)
_SCRIPT_TEXT = re.compile(r"<script\b[^>]*>(.{200,}?)</script", re.I | re.S)
_ESCAPED = re.compile(r"\\u[4-9][0-9a-fA-F]{3}")
_HAN = re.compile("[\u4e00-\u9fff]")
_SITE_SUFFIX = re.compile(r"[-_|—–][^-_|—–]{2,40}$")
_MAX_SPAN = 10_000
_SHORT = 80


def read_html(data: bytes, *, path: str = "") -> RawDocument:
    """Read a web page.

    Args:
        data: the bytes of the page; its own declaration of the encoding is believed when the bytes agree.
        path: named in errors.

    Raises:
        ReportError: ``NR111`` when the article stands in a script, ``NR109`` when the page holds no text, ``NR106``
            when the encoding cannot be told.
    """
    from lxml import etree

    declared = _CHARSET.search(data[:4096])
    decoded = decode(data, path=path, declared=declared.group(1).decode("ascii") if declared else "")
    document = RawDocument("html")
    for code, message in decoded.notes:
        document.note(code, message, "author" if code != "encoding_guessed" else "reader")
    source = decoded.text.replace("\x00", "")
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(source.encode("utf-8", "replace"), parser)
    if root is None:
        raise ReportError("NR109", path=path, detail="an empty page")
    _head(root, document)
    titles = [*art.meta_values(root, knowledge().meta_title), *_page_title(root)]
    containers, pictures = art.clean(root)
    body = root.find("body")
    body = root if body is None else body
    article = art.find_article(body, containers)
    heading = list(art.title_before(body, article)) if article is not body else []
    text, spans = _linearise(article)
    fixed = repair(text)
    note_repairs(document, fixed.counts)
    blocks = list(_blocks(fixed.text, spans, document))
    blocks = _without_furniture(blocks, document)
    _check(blocks, source, pictures, path)
    document.blocks = _with_title(blocks, heading, titles, document)
    if pictures:
        document.note("pictures", f"{pictures} pictures in the page, not read", "undecidable")
    return document


def _head(root: art.Element, document: RawDocument) -> None:
    known = knowledge()
    for value in art.meta_values(root, known.meta_date):
        document.note("published", value, "author")
        break


def _page_title(root: art.Element) -> Iterator[str]:
    for title in root.iter("title"):
        text = " ".join("".join(title.itertext()).split())
        # The name of the site follows the title, sometimes twice.
        for _ in range(3):
            short = _SITE_SUFFIX.sub("", text).strip()
            if short == text or not knowledge().report_title.search(fold(short)):
                break
            text = short
        if text:
            yield text


def _linearise(article: art.Element) -> tuple[str, list[tuple[int, int]]]:
    """The text of ``article`` with marks, and the spans of its cells in document order."""
    from lxml import etree

    spans: list[tuple[int, int]] = []
    for element in article.iter():
        tag = element.tag
        if tag == "td" or tag == "th":
            attributes = element.attrib
            if attributes:
                spans.append((_span(attributes.get("rowspan"), 0), _span(attributes.get("colspan"), 1)))
            else:
                spans.append((1, 1))
            element.text = _CELL + (element.text or "")
        elif tag in _BLOCK:
            element.text = _PAR + (element.text or "")
            element.tail = _PAR + (element.tail or "")
        elif tag == "br":
            element.tail = _PAR + (element.tail or "")
        elif tag == "tr":
            element.text = _ROW + (element.text or "")
            _mark_strays(element)
        elif tag == "table":
            element.text = _TABLE + (element.text or "")
            element.tail = _END + (element.tail or "")
            _mark_strays(element)
        elif tag == "tbody":
            _mark_strays(element)
    return etree.tostring(article, method="text", encoding="unicode", with_tail=False), spans


def _mark_strays(element: art.Element) -> None:
    """Mark what stands between the cells or rows of a table: text that an end tag before it is missing for."""
    for child in element:
        if child.tag not in _TABLE_PARTS and (child.tag == "table" or art.text_of(child).strip()):
            before = child.getprevious()
            if before is not None:
                before.tail = (before.tail or "") + _STRAY
            else:
                element.text = (element.text or "") + _STRAY


def _span(value: str | None, least: int) -> int:
    """A span as browsers read it: leading digits, 1 when there are none or too few, never huge."""
    if value is None:
        return 1
    match = re.match(r"\s*(\d{1,9})", value)
    number = int(match.group(1)) if match else 1
    return min(number, _MAX_SPAN) if number >= least else 1


def _squeeze(text: str) -> str:
    """Source white space as a browser shows it; a line end of the source between Han letters is nothing."""
    text = text.strip()
    if text.isprintable() and "  " not in text and "\u3000" not in text and "\xa0" not in text:
        return text

    def blank(match: re.Match[str]) -> str:
        if "\n" in match.group():
            before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
            if is_wide(before) and is_wide(after):
                return ""
        return " "

    return _SPACE.sub(blank, text)


def _lines(text: str) -> list[str]:
    if _PAR not in text:
        line = _squeeze(text)
        return [line] if line else []
    return [line for part in text.split(_PAR) if (line := _squeeze(part))]


class _Table:
    """A table while its marked text is read: rows of cells, each a list of text and nested blocks."""

    __slots__ = ("nested", "nested_text", "open", "own_text", "rows")

    def __init__(self) -> None:
        self.rows: list[list[SpanCell]] = []
        self.nested: dict[tuple[int, int], list[RawBlock]] = {}
        self.nested_text = self.own_text = 0
        #: False once stray text has shown that its end tag is missing.
        self.open = True


def _blocks(text: str, spans: list[tuple[int, int]], document: RawDocument) -> Iterator[RawBlock]:
    """Read the marked text back: paragraphs and tables, nested ones inside out."""
    stack: list[_Table] = []
    cell = count = 0
    for token in _MARK.split(text):
        if token not in _MARKS:
            if token:
                around = next((t for t in reversed(stack) if t.open), None)
                if around is None:
                    yield from _paragraphs(_lines(token), document)
                else:
                    _fill(around, token)
            continue
        if token == _TABLE:
            # Deeper tables only lay out the page; their cells are taken into the table around them.
            if len(stack) < _MAX_NESTED:
                stack.append(_Table())
            else:
                stack.append(stack[-1])
            continue
        if token == _CELL:
            cell += 1
        if not stack:
            continue
        table = stack[-1]
        if token in (_CELL, _ROW) and not table.open:
            table = stack[-1] = _Table()
        if token == _ROW or (token == _CELL and not table.rows):
            table.rows.append([])
        if token == _CELL:
            rowspan, colspan = spans[cell - 1] if cell <= len(spans) else (1, 1)
            table.rows[-1].append(("", rowspan, colspan))
        elif token in (_END, _STRAY) and table.open and table not in stack[:-1]:
            if token == _STRAY:
                document.note("unclosed_table", "a table without its end tag; it ends where other text begins", "author")
            count += 1
            table.open = False
            around = next((t for t in reversed(stack) if t.open), None)
            done = list(_close(table, f"table[{count}]"))
            if around is not None:
                _nest(around, done)
            else:
                yield from done
        if token == _END:
            stack.pop()
    for table in stack:  # cut off before its end
        if table.open:
            yield from _close(table, "table")


def _fill(table: _Table, text: str) -> None:
    lines = _lines(text)
    if not lines:
        return
    content = "\n".join(lines)
    table.own_text += len(content)
    if not table.rows or not table.rows[-1]:
        # Text beside the cells (a caption, or text in a row that has no cell): a row of its own.
        table.rows.append([(content, 1, _MAX_SPAN)])
        return
    row = table.rows[-1]
    before, rowspan, colspan = row[-1]
    where = (len(table.rows) - 1, len(row) - 1)
    if where in table.nested:
        table.nested[where].extend(RawParagraph(line) for line in lines)
        return
    row[-1] = (f"{before}\n{content}" if before else content, rowspan, colspan)


def _nest(table: _Table, done: list[RawBlock]) -> None:
    """A table inside a cell: kept as blocks, after the text that the cell already has."""
    if not table.rows or not table.rows[-1]:
        table.rows.append([("", 1, 1)])
    row = table.rows[-1]
    where = (len(table.rows) - 1, len(row) - 1)
    text = row[-1][0]
    kept = table.nested.setdefault(where, [RawParagraph(line) for line in text.split("\n")] if text else [])
    kept.extend(done)
    for block in done:
        table.nested_text += sum(len(c.text) for c in block.cells) if isinstance(block, RawGrid) else len(block.text)


def _close(table: _Table, source: str) -> Iterator[RawBlock]:
    if table.nested and table.nested_text * 2 > table.own_text:
        # A layout table: its cells in reading order, each unfolded.
        for i, row in enumerate(table.rows):
            for j, (text, _, _) in enumerate(row):
                if (i, j) in table.nested:
                    yield from table.nested[i, j]
                else:
                    for line in text.split("\n"):
                        yield from (RawParagraph(part, source) for part in split_run_on(line))
        return
    for (i, j), blocks in table.nested.items():
        text, rowspan, colspan = table.rows[i][j]
        flat = "\n".join("\n".join(c.text for c in b.cells) if isinstance(b, RawGrid) else b.text for b in blocks)
        table.rows[i][j] = (flat, rowspan, colspan)
    rows = [row for row in table.rows if row]
    yield from unfold_layout(resolve_spans(rows, source))


def _paragraphs(lines: list[str], document: RawDocument) -> Iterator[RawBlock]:
    """Lines of running text; a page that breaks each line at a fixed width is rewrapped."""
    full = wrap_width(lines) if len(lines) >= 6 else None
    if full is not None:
        document.note("hard_wrap", f"lines broken at {full} columns, joined to paragraphs", "author")
        for paragraph in rewrap([Line(text, i) for i, text in enumerate(lines)], full):
            yield RawParagraph(paragraph.text)
        return
    for line in lines:
        for part in split_run_on(line):
            yield RawParagraph(part)


def _without_furniture(blocks: list[RawBlock], document: RawDocument) -> list[RawBlock]:
    """Drop metadata, share bars and footers before the first and after the last piece of the report itself."""
    known = knowledge()
    body = [i for i, b in enumerate(blocks) if _is_body(b)]
    first, last = (body[0], body[-1]) if body else (len(blocks), len(blocks))
    kept: list[RawBlock] = []
    dropped = 0
    for i, block in enumerate(blocks):
        if first <= i <= last:
            kept.append(block)
            continue
        text = block.text if isinstance(block, RawParagraph) else " ".join(c.text for c in block.cells)
        folded = fold(text).strip()
        if (match := known.published.search(folded)) and len(folded) <= 4 * _SHORT:
            document.note("published", "-".join(match.groups()), "author")
        if isinstance(block, RawGrid):
            furniture = sum(1 for c in block.cells if known.web_furniture.match(fold(c.text).strip()))
            if furniture * 4 >= sum(1 for c in block.cells if c.text.strip()):
                dropped += 1
                continue
        elif len(folded) <= _SHORT and known.web_furniture.match(folded) and not known.report_title.search(folded):
            dropped += 1
            continue
        kept.append(block)
    if dropped:
        document.note("page_furniture", f"{dropped} lines or tables of metadata and navigation, dropped", "author")
    return kept


def _is_body(block: RawBlock) -> bool:
    known = knowledge()
    if isinstance(block, RawGrid):
        numbers = sum(1 for c in block.cells if c.text[:1].isdigit())
        furniture = sum(1 for c in block.cells if c.text and known.web_furniture.match(fold(c.text)))
        return furniture * 4 < max(len(block.cells), 1) and (numbers >= 3 or len(block.cells) >= 12)
    if len(block.text) > _SHORT:
        return not known.web_furniture.match(fold(block.text[:_SHORT]))
    return known.section_heading.match(fold(block.text)) is not None


def _with_title(blocks: list[RawBlock], heading: list[str], titles: list[str], document: RawDocument) -> list[RawBlock]:
    """Put the title of the page before an article that does not begin with one."""
    is_title = knowledge().report_title
    for block in blocks[:6]:
        if isinstance(block, RawParagraph) and len(block.text) <= _SHORT and is_title.search(fold(block.text)):
            return blocks
    for text in (*heading, *titles):
        if len(text) <= _SHORT and is_title.search(fold(text)):
            document.note("title_outside", "the title was taken from outside the article", "author")
            return [RawParagraph(repair(text).text, "title"), *blocks]
    return blocks


def _check(blocks: list[RawBlock], source: str, pictures: int, path: str) -> None:
    letters = sum(len(b.text) if isinstance(b, RawParagraph) else sum(len(c.text) for c in b.cells) for b in blocks)
    if letters >= 200:
        return
    scripted = 0
    for match in _SCRIPT_TEXT.finditer(source):
        scripted = max(scripted, len(_HAN.findall(match.group(1))) + len(_ESCAPED.findall(match.group(1))))
    if scripted >= 200 and scripted > 2 * letters:
        raise ReportError("NR111", path=path)
    if letters == 0:
        raise ReportError("NR109", path=path, detail="only pictures" if pictures else "an empty page")
