"""Word documents: paragraphs and tables in document order, merged cells resolved, automatic numbers printed.

The markup is read directly: one pass over ``word/document.xml`` gives what a person sees (insertions in, deletions and
hidden text out) and costs a fraction of building an object for every run and cell.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from nlp_reports.errors import ReportError
from nlp_reports.read.grid import SpanCell, resolve_spans, unfold_layout
from nlp_reports.read.numbering import Numbering
from nlp_reports.read.plain import note_repairs, split_run_on
from nlp_reports.read.raw import RawBlock, RawDocument, RawGrid, RawParagraph
from nlp_reports.text.repair import repair

_MAX_PART = 256 * 1024 * 1024
_MAX_DEPTH = 30
# Properties, deleted text, field codes, references, and what stands a second time for older programs.
_SKIP = frozenset(("del", "moveFrom", "instrText", "delText", "delInstrText", "pPr", "rPr", "tblPr", "tblGrid", "trPr"))
_SKIP |= {"tcPr", "sectPr", "footnoteReference", "endnoteReference", "commentReference", "annotationRef", "Fallback"}
_SKIP |= {"pict", "object", "ruby"}
_OFFICE_DOCUMENT = "/officeDocument"

Element = Any


def read_docx(data: bytes, *, path: str = "") -> RawDocument:
    """Read a ``.docx``.

    Raises:
        ReportError: ``NR107`` when the file is damaged, ``NR113`` when a part unpacks to more than the limit,
            ``NR109`` when it holds no text.
    """
    document = RawDocument("docx")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            main = _main_part(archive)
            root = _xml(archive, main, path)
            folder = posixpath.dirname(main)
            numbering = Numbering(
                _xml(archive, f"{folder}/numbering.xml", path, optional=True),
                _xml(archive, f"{folder}/styles.xml", path, optional=True),
            )
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, NotImplementedError, OSError) as error:
        raise ReportError("NR107", path=path, detail=f"its parts cannot be unpacked: {error}") from error
    body = next((e for e in root if _name(e) == "body"), root)
    reader = _Reader(document, numbering)
    document.blocks = list(reader.blocks(body, 0))
    if reader.pictures:
        document.note("pictures", f"{reader.pictures} pictures in the document, not read", "undecidable")
    note_repairs(document, reader.counts)
    if not any(isinstance(b, RawGrid) or b.text.strip() for b in document.blocks):
        raise ReportError("NR109", path=path, detail="only pictures" if reader.pictures else "an empty document")
    return document


def _main_part(archive: zipfile.ZipFile) -> str:
    from lxml import etree

    try:
        relations = etree.fromstring(archive.read("_rels/.rels"))
        for relation in relations:
            if relation.get("Type", "").endswith(_OFFICE_DOCUMENT):
                return str(relation.get("Target", "")).lstrip("/")
    except (KeyError, etree.XMLSyntaxError):
        pass
    return "word/document.xml"


def _xml(archive: zipfile.ZipFile, name: str, path: str, *, optional: bool = False) -> Element:
    from lxml import etree

    try:
        info = archive.getinfo(name)
    except KeyError:
        if optional:
            return None
        raise
    with archive.open(info) as file:
        content = file.read(_MAX_PART + 1)
    if len(content) > _MAX_PART:
        raise ReportError("NR113", path=path, detail=f"{name} unpacks to more than {_MAX_PART} bytes")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, remove_comments=True)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        if optional:
            return None
        raise ReportError("NR107", path=path, detail=f"{name} is not well formed") from error


def _name(element: Element) -> str:
    tag = element.tag
    return tag[tag.rfind("}") + 1 :] if isinstance(tag, str) else ""


def _get(element: Element, name: str) -> str | None:
    """An attribute by its local name (two namespaces are in use, transitional and strict)."""
    for key, value in element.attrib.items():
        if key == name or key.endswith("}" + name):
            return str(value)
    return None


class _Reader:
    """One walk over the body; the counters of automatic numbers and tables go with it."""

    def __init__(self, document: RawDocument, numbering: Numbering) -> None:
        self.document, self.numbering = document, numbering
        self.pictures = self.tables = 0
        self.counts: dict[str, int] = {}

    def blocks(self, parent: Element, depth: int) -> Iterator[RawBlock]:
        """The blocks of a body, a cell or a text box."""
        if depth > _MAX_DEPTH:
            return
        for child in parent:
            name = _name(child)
            if name == "p":
                yield from self._paragraph(child, depth)
            elif name == "tbl":
                yield from self._table(child, depth)
            elif name not in _SKIP and len(child):  # content controls, custom XML, insertions
                yield from self.blocks(child, depth + 1)

    def _paragraph(self, element: Element, depth: int) -> Iterator[RawBlock]:
        pieces: list[str] = []
        boxes: list[Element] = []
        self._runs(element, pieces, boxes)
        fixed = repair("".join(pieces))
        for kind, count in fixed.counts.items():
            self.counts[kind] = self.counts.get(kind, 0) + count
        text = fixed.text
        if text.strip():
            label = self.numbering.label(element)
            for i, line in enumerate(text.split("\n")):
                for part in split_run_on(line.strip()):
                    yield RawParagraph(label + part if i == 0 and part else part)
                    label = ""
        for box in boxes:
            yield from self.blocks(box, depth + 1)

    def _runs(self, element: Element, pieces: list[str], boxes: list[Element]) -> None:
        for child in element:
            name = _name(child)
            if name == "t":
                pieces.append(child.text or "")
            elif name == "r":
                if not _hidden(child):
                    self._runs(child, pieces, boxes)
            elif name in ("br", "cr"):
                # A page break inside a paragraph parts nothing that a person would read as two.
                if _get(child, "type") not in ("page", "column"):
                    pieces.append("\n")
            elif name in ("tab", "ptab"):
                pieces.append(" ")
            elif name == "noBreakHyphen":
                pieces.append("-")
            elif name == "sym":
                pieces.append("")
            elif name == "txbxContent":
                boxes.append(child)
            elif name == "blip":
                self.pictures += 1
            elif name == "ruby":
                for base in child:
                    if _name(base) == "rubyBase":
                        self._runs(base, pieces, boxes)
            elif name == "pict" or name == "object":
                before = len(boxes)
                self._boxes(child, boxes)
                self.pictures += len(boxes) == before
            elif name not in _SKIP and len(child):
                self._runs(child, pieces, boxes)

    def _boxes(self, element: Element, boxes: list[Element]) -> None:
        boxes.extend(e for e in element.iter() if _name(e) == "txbxContent")

    def _table(self, element: Element, depth: int) -> Iterator[RawBlock]:
        self.tables += 1
        source = f"table[{self.tables}]"
        rows: list[list[list[Any]]] = []
        nested: list[RawBlock] = []
        own = inner = 0
        open_cells: dict[int, list[Any]] = {}  # by grid column: the cell that a vertical merge continues
        for row in _children(element, "tr"):
            cells: list[list[Any]] = []
            column, after = _skipped(row)
            if column:
                cells.append(["", 1, column])
            touched: dict[int, list[Any]] = {}
            for cell in _children(row, "tc"):
                span, merge = _cell_properties(cell)
                blocks = list(self.blocks(cell, depth + 1))
                text = "\n".join(b.text for b in blocks if not isinstance(b, RawGrid))
                own += len(text)
                for block in blocks:
                    if isinstance(block, RawGrid):
                        inner += sum(len(c.text) for c in block.cells)
                nested.extend(blocks)
                if merge == "continue" and column in open_cells:
                    above = open_cells[column]
                    above[1] += 1
                    if text:
                        above[0] = f"{above[0]}\n{text}" if above[0] else text
                    touched[column] = above
                else:
                    if any(isinstance(b, RawGrid) for b in blocks):
                        text = "\n".join(_flat(b) for b in blocks)
                    value: list[Any] = [text, 1, span]
                    cells.append(value)
                    if merge is not None:
                        touched[column] = value
                column += span
            if after:
                cells.append(["", 1, after])
            open_cells = touched
            rows.append(cells)
        if inner * 2 > own and inner:
            yield from nested  # a layout table: what it holds, in reading order
            return
        spans: list[list[SpanCell]] = [[(text, rowspan, colspan) for text, rowspan, colspan in row] for row in rows]
        yield from unfold_layout(resolve_spans(spans, source))


def _flat(block: RawBlock) -> str:
    return "\n".join(c.text for c in block.cells) if isinstance(block, RawGrid) else block.text


def _children(element: Element, name: str) -> Iterator[Element]:
    """Children of this name, those inside content controls and insertions too."""
    for child in element:
        own = _name(child)
        if own == name:
            yield child
        elif own in ("sdt", "sdtContent", "ins", "customXml", "smartTag", "moveTo"):
            yield from _children(child, name)


def _property(element: Element, group: str) -> Element:
    return next((e for e in element if _name(e) == group), ())


def _number(element: Element, least: int = 0) -> int:
    try:
        return max(int(_get(element, "val") or ""), least)
    except ValueError:
        return least


def _skipped(row: Element) -> tuple[int, int]:
    before = after = 0
    for item in _property(row, "trPr"):
        if _name(item) == "gridBefore":
            before = _number(item)
        elif _name(item) == "gridAfter":
            after = _number(item)
    return before, after


def _cell_properties(cell: Element) -> tuple[int, str | None]:
    span, merge = 1, None
    for item in _property(cell, "tcPr"):
        name = _name(item)
        if name == "gridSpan":
            span = min(_number(item, 1), 1_000)
        elif name == "vMerge":
            merge = _get(item, "val") or "continue"
    return span, merge


def _hidden(run: Element) -> bool:
    for item in _property(run, "rPr"):
        if _name(item) in ("vanish", "webHidden"):
            return (_get(item, "val") or "true") not in ("0", "false", "off")
    return False
