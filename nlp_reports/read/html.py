"""Web pages: the article alone, its paragraphs and its tables with merged cells resolved.

The page is linearised: libxml2 writes the article's tree out again, all tags but those of tables are replaced in two
passes of a regular expression, and what is left is read table by table. That keeps Python's work per element small.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain

from nlp_reports.errors import ReportError
from nlp_reports.read import article as art
from nlp_reports.read.encoding import decode
from nlp_reports.read.grid import SpanCell, resolve_spans, unfold_layout
from nlp_reports.read.knowledge import knowledge
from nlp_reports.read.plain import note_repairs, split_run_on
from nlp_reports.read.raw import RawBlock, RawDocument, RawGrid, RawParagraph
from nlp_reports.read.wrap import Line, rewrap, wrap_width
from nlp_reports.text.normalize import fold
from nlp_reports.text.repair import drop_pinyin, is_wide, repair

# The end of a paragraph in the linearised text: a noncharacter, which no document may hold.
_PAR = "\ufdd0"
# Tags that part nothing. Any other tag but those of tables ends a paragraph.
_INLINE = (
    *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins"),
    *(
        "kbd",
        "label",
        "mark",
        "q",
        "ruby",
        "rb",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
    ),
    *("tt", "u", "var", "wbr", "tbody", "thead", "tfoot", "colgroup", "col", "img", "input", "link", "meta", "nobr"),
)
_OTHER_TAG = re.compile("<(?!/?(?:table|tr|td|th)[ />])[^>]*>")
_TABLE_TAG = re.compile("<t[dh]( [^>]*)?(?:/>|>([^<]*)</t[dh]>)|<(/?t(?:able|r|d|h))(?: ([^>]*))?/?>")
_SPAN = re.compile('(row|col)span="\\s*(\\d{1,9})')
_SPACE = re.compile(r"[ \t\r\n\x0b\x0c\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_\-]{3,20})", re.I)
_ESCAPED = re.compile(r"\\u[4-9][0-9a-fA-F]{3}")
_HAN = re.compile("[\u4e00-\u9fff]")
_SITE_SUFFIX = re.compile(r"[-_|—–][^-_|—–]{2,40}$")
_MAX_SPAN = 10_000
_MAX_NESTED = 60
_STRIP = f"{_PAR} \t\r\n\xa0\u3000"
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
    markup = source.encode("utf-8", "replace")
    root = etree.fromstring(markup, parser)
    if root is None:
        raise ReportError("NR109", path=path, detail="an empty page")
    _head(root, document)
    titles = [*art.meta_values(root, knowledge().meta_title), *_page_title(root)]
    containers, pictures = art.clean(root, markup)
    body = root.find("body")
    body = root if body is None else body
    article = art.find_article(body, containers)
    fixed = repair(_linearise(article))
    note_repairs(document, fixed.counts)
    fixed = drop_pinyin(fixed.text)
    note_repairs(document, fixed.counts)
    blocks = list(_blocks(fixed.text, document))
    blocks = _without_furniture(blocks, document)
    _check(blocks, source, pictures, path)
    document.blocks = _with_title(blocks, chain(art.title_before(body, article), titles), document)
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


def _linearise(article: art.Element) -> str:
    """The markup of ``article`` with table tags alone left in it, and a mark where a paragraph ends."""
    from lxml import etree

    etree.strip_tags(article, *_INLINE)
    markup: str = etree.tostring(article, method="xml", encoding="unicode", with_tail=False)
    return _OTHER_TAG.sub(_PAR, markup.replace(_PAR, ""))


@lru_cache(maxsize=1024)
def _spans(attributes: str | None) -> tuple[int, int]:
    """Rowspan and colspan as browsers read them: leading digits, 1 without any, never huge; 0 rows: to the end."""
    rowspan = colspan = 1
    if attributes and "span" in attributes:
        for which, number in _SPAN.findall(attributes):
            if which == "row":
                rowspan = min(int(number), _MAX_SPAN)
            else:
                colspan = min(max(int(number), 1), _MAX_SPAN)
    return rowspan, colspan


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
    text = text.strip(_STRIP)
    if "&" in text:
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&#13;", " ").replace("&amp;", "&")
    if _PAR not in text:
        line = _squeeze(text)
        return [line] if line else []
    return [line for part in text.split(_PAR) if (line := _squeeze(part))]


class _Table:
    """A table while its markup is read: rows of cells, each a list of text and nested blocks."""

    __slots__ = ("cell_open", "nested", "nested_text", "open", "own_text", "rows")

    def __init__(self) -> None:
        self.rows: list[list[SpanCell]] = []
        self.nested: dict[tuple[int, int], list[RawBlock]] = {}
        self.nested_text = self.own_text = 0
        self.cell_open = False
        #: False once text between its cells has shown that its end tag is missing.
        self.open = True


def _blocks(markup: str, document: RawDocument) -> Iterator[RawBlock]:
    """Read the linearised markup: paragraphs and tables, nested ones inside out."""
    stack: list[_Table] = []
    at = count = 0

    def outside(text: str) -> Iterator[RawBlock]:
        """Text that no cell holds: of the page, of a cell around, or the sign that a table was not closed."""
        lines = _lines(text)
        if not lines:
            return
        while stack and stack[-1].open and not stack[-1].cell_open and stack[-1].rows:
            yield from ended(stack[-1], unclosed=True)
        around = next((t for t in reversed(stack) if t.open), None)
        if around is None:
            yield from _paragraphs(lines, document)
        else:
            _fill(around, lines)

    def ended(table: _Table, *, unclosed: bool = False) -> Iterator[RawBlock]:
        nonlocal count
        if unclosed:
            document.note("unclosed_table", "a table without its end tag; it ends where other text begins", "author")
        count += 1
        table.open = False
        done = list(_close(table, f"table[{count}]"))
        around = next((t for t in reversed(stack) if t.open), None)
        if around is None:
            yield from done
        else:
            _nest(around, done)

    for match in _TABLE_TAG.finditer(markup):
        gap = markup[at : match.start()]
        if gap and not gap.isspace():
            yield from outside(gap)
        at = match.end()
        attributes, text, tag, _ = match.groups()
        if tag is None:  # a cell without further tags in it, which most are
            if not stack:
                yield from outside(text or "")
                continue
            table = stack[-1]
            if not table.open:
                table = stack[-1] = _Table()
            if not table.rows:
                table.rows.append([])
            content = text.strip(_STRIP) if text else ""
            if not content.isalnum():
                content = "\n".join(_lines(content)) if content else ""
            table.own_text += len(content)
            table.rows[-1].append((content, *_spans(attributes)))
            table.cell_open = False
        elif tag == "table":
            while stack and stack[-1].open and not stack[-1].cell_open and stack[-1].rows:
                yield from ended(stack[-1], unclosed=True)
            # Deeper tables only lay out the page; their cells are taken into the table around them.
            stack.append(_Table() if len(stack) < _MAX_NESTED else stack[-1])
        elif not stack:
            continue
        elif tag == "/table":
            table = stack[-1]
            if table.open and (len(stack) < _MAX_NESTED or table not in stack[:-1]):
                yield from ended(table)
            stack.pop()
        elif tag in ("/td", "/th"):
            stack[-1].cell_open = False
        elif tag != "/tr":
            table = stack[-1]
            if not table.open:
                table = stack[-1] = _Table()
            if tag == "tr" or not table.rows:
                table.rows.append([])
            table.cell_open = tag != "tr"
            if table.cell_open:
                table.rows[-1].append(("", *_spans(match.group(4))))
    yield from outside(markup[at:])
    for table in stack:  # cut off before its end
        if table.open:
            yield from ended(table, unclosed=True)


def _fill(table: _Table, lines: list[str]) -> None:
    content = "\n".join(lines)
    table.own_text += len(content)
    if not table.rows or not table.rows[-1]:
        # Text beside the cells (a caption, or text in a row that has no cell): a row of its own.
        table.rows[-1:] = [[(content, 1, _MAX_SPAN)], []]
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
    first = next((i for i, b in enumerate(blocks) if _is_body(b)), len(blocks))
    last = next((i for i in range(len(blocks) - 1, first, -1) if _is_body(blocks[i])), first)
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
        texts = [c.text for c in block.cells if c.text]
        if len(texts) < 3:
            return False
        furniture = len([t for t in texts if known.web_furniture.match(fold(t))])
        return furniture * 4 < len(texts) and (len(texts) >= 12 or len([t for t in texts if t[0].isdigit()]) >= 3)
    if len(block.text) > _SHORT:
        return not known.web_furniture.match(fold(block.text[:_SHORT]))
    return known.section_heading.match(fold(block.text)) is not None


def _with_title(blocks: list[RawBlock], titles: Iterable[str], document: RawDocument) -> list[RawBlock]:
    """Put the title of the page before an article that does not begin with one."""
    is_title = knowledge().report_title
    for block in blocks[:6]:
        # A short sentence that speaks of the report is no title.
        if (
            isinstance(block, RawParagraph)
            and len(block.text) <= _SHORT
            and not block.text.endswith("。")
            and is_title.search(fold(block.text))
        ):
            return blocks
    for text in titles:
        if len(text) <= _SHORT and is_title.search(fold(text)):
            document.note("title_outside", "the title was taken from outside the article", "author")
            return [RawParagraph(repair(text).text, "title"), *blocks]
    return blocks


def _check(blocks: list[RawBlock], source: str, pictures: int, path: str) -> None:
    letters = 0
    for block in blocks:
        letters += len(block.text) if isinstance(block, RawParagraph) else sum([len(c.text) for c in block.cells])
        if letters >= 200:
            return
    if letters >= 200:
        return
    scripted = 0
    for part in re.split("<script", source, flags=re.I)[1:]:
        script = re.split("</script", part, maxsplit=1, flags=re.I)[0]
        scripted = max(scripted, len(_HAN.findall(script)) + len(_ESCAPED.findall(script)))
    if scripted >= 200 and scripted > 2 * letters:
        raise ReportError("NR111", path=path)
    if letters == 0:
        raise ReportError("NR109", path=path, detail="only pictures" if pictures else "an empty page")
