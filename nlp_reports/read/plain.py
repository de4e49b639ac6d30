"""Plain text and Markdown: logical lines as they stand, hard wraps undone, Markdown tables as grids.

A file with one paragraph a line is left as it is. The rows of tables that an extractor flattened (with or without
bars) are kept line by line: putting them together needs the labels, which is the parser's knowledge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nlp_reports.read.encoding import decode
from nlp_reports.read.knowledge import knowledge
from nlp_reports.read.raw import RawBlock, RawDocument, RawParagraph, grid_of
from nlp_reports.read.wrap import Line, is_table_line, rewrap, wrap_width
from nlp_reports.text.normalize import fold
from nlp_reports.text.repair import drop_pinyin, repair

_BLANKS = " \t\u3000\xa0\u2002\u2003\u2009"
_HEADING = re.compile(r"#{1,6}[ \t]+(?=\S)")
_DELIMITER = re.compile(r"\|?(?:\s*:?-{2,}:?\s*\|)+(?:\s*:?-{2,}:?\s*)?")
_EMPHASIS = re.compile(r"\*\*(?=\S)([^*\n]{1,200}?)(?<=\S)\*\*")
_BAR = re.compile(r"(?<!\\)\|")
# An indent in the middle of a long line: the start of a paragraph whose line end was lost.
_INNER_INDENT = re.compile(
    r"(?<=[。；;：:！!？?”）)\u3400-\u9fff])[ \u3000\xa0]*(?:\u3000{2}|\xa0{4}| {4})[ \u3000\xa0]*(?=\S)"
)
_RUN_ON_HEADING = re.compile(
    r"(?<=[。；;：:！!？?”）)\u3400-\u9fff]) (?=[一二三四五六七八九十]{1,2}、[^ 。，,|]{2,32} )"
)
_AFTER_HEADING = re.compile(r"^([一二三四五六七八九十]{1,2}、[^ 。，,|]{2,32}) (?=\S)")
_LONG = 160


def read_text(data: bytes, *, path: str = "", markdown: bool = False) -> RawDocument:
    """Read plain text or Markdown.

    Args:
        data: the bytes of the file.
        path: named in errors.
        markdown: read ``#`` headings, ``**emphasis**`` and bar tables as Markdown does, without looking for them.

    Raises:
        ReportError: ``NR106``/``NR104`` when the encoding cannot be told.
    """
    decoded = decode(data, path=path)
    document = RawDocument("markdown" if markdown else "text")
    for code, message in decoded.notes:
        document.note(code, message, "author" if code != "encoding_guessed" else "reader")
    fixed = repair(decoded.text)
    note_repairs(document, fixed.counts)
    plain = drop_pinyin(fixed.text)
    note_repairs(document, plain.counts)
    add_lines(document, plain.text, markdown=markdown)
    return document


def note_repairs(document: RawDocument, counts: dict[str, int]) -> None:
    """Say what :func:`nlp_reports.text.repair.repair` met."""
    said = {
        "radical": "radicals or compatibility ideographs in place of letters, read as the letters they look like",
        "invisible": "invisible characters, dropped",
        "private_use": "private-use characters, dropped",
        "pinyin": "readings in brackets after letters, dropped",
    }
    for kind, count in counts.items():
        if kind in said:
            document.note("pinyin" if kind == "pinyin" else f"{kind}_characters", f"{count} {said[kind]}", "author")


def add_lines(document: RawDocument, text: str, *, markdown: bool = False, source: str = "line:") -> None:
    """Cut repaired ``text`` into blocks and add them to ``document``; undo hard wraps when it has them."""
    lines = list(_lines(text, document))
    markdown = markdown or any(_DELIMITER.fullmatch(line.text) for line in lines)
    prose = [line.text for line in lines if not is_table_line(fold(line.text)) and not line.text.startswith("#")]
    full = wrap_width(prose)
    if full is not None:
        document.note("hard_wrap", f"lines broken at {full} columns, joined to paragraphs", "author")
    at = 0
    while at < len(lines):
        if markdown and "|" in lines[at].text:
            stop = at
            while stop < len(lines) and "|" in lines[stop].text:
                stop += 1
            document.blocks.extend(_tables(lines[at:stop], source))
            at = stop
            continue
        stop = at
        while stop < len(lines) and not (markdown and "|" in lines[stop].text):
            stop += 1
        document.blocks.extend(_paragraphs(lines[at:stop], full, markdown, source))
        at = stop


def _lines(text: str, document: RawDocument) -> Iterator[Line]:
    furniture = knowledge().page_furniture
    blank = False
    paged = 0
    for number, whole in enumerate(text.split("\n"), 1):
        line = whole.strip(_BLANKS)
        if not line:
            blank = True
            continue
        likely = (len(line) <= 80 and not line[0].isalnum()) or line[0] in "第共pP"
        if likely and furniture.match(fold(line)):
            paged += 1
            # A page break is no paragraph break: whether the text runs on is told by the lines around it.
            blank = False
            continue
        indent = len(whole) - len(whole.lstrip(_BLANKS))
        yield Line(line, number, blank, indent)
        blank = False
    if paged:
        document.note("page_furniture", f"{paged} lines with nothing but a page number, dropped", "author")


def _paragraphs(lines: Sequence[Line], full: int | None, markdown: bool, source: str) -> Iterator[RawBlock]:
    if full is None:
        for line in lines:
            text = _plain(line.text) if markdown else line.text
            for part in split_run_on(text):
                yield RawParagraph(part, f"{source}{line.number}")
        return
    group: list[Line] = []

    def flush() -> Iterator[RawBlock]:
        for paragraph in rewrap(group, full):
            text = _plain(paragraph.text) if markdown else paragraph.text
            spaces = not is_table_line(fold(text)) and (paragraph.wrapped or _is_prose(text))
            where = f"{source}{paragraph.first}" + (f"-{paragraph.last}" if paragraph.last > paragraph.first else "")
            yield RawParagraph(repair(text, spaces=spaces).text, where)
        group.clear()

    for line in lines:
        if markdown and _HEADING.match(line.text):
            yield from flush()
            yield RawParagraph(_plain(line.text), f"{source}{line.number}")
        else:
            group.append(line)
    yield from flush()


_PROSE = re.compile(r"[，。；：！？,;]|\d ?年")


def _is_prose(text: str) -> bool:
    return _PROSE.search(text) is not None


def _plain(text: str) -> str:
    text = _HEADING.sub("", text, count=1) if text.startswith("#") else text
    return _EMPHASIS.sub(r"\1", text) if "**" in text else text


def split_run_on(text: str) -> list[str]:
    """Cut a line that holds several paragraphs at the indents left in it, and around section headings.

    Lines of ordinary length are never cut.
    """
    if len(text) < _LONG:
        return [text]
    if not any(blank in text for blank in (" ", "\u3000\u3000", "\xa0\xa0")):
        return [text]
    parts = [p for p in _INNER_INDENT.split(text) if p]
    if len(parts) == 1 and len(_RUN_ON_HEADING.findall(text)) >= 2:
        parts = []
        for part in _RUN_ON_HEADING.split(text):
            heading = _AFTER_HEADING.match(part)
            parts += [heading.group(1), part[heading.end() :]] if heading else [part]
    return [p.strip(_BLANKS) for p in parts]


def _tables(lines: Sequence[Line], source: str) -> Iterator[RawBlock]:
    """Bar lines as Markdown reads them: a delimiter row makes the row before it the head of a new table."""
    rows: list[list[str]] = []
    first = lines[0].number

    def flush() -> Iterator[RawBlock]:
        if rows:
            yield grid_of(rows, f"{source}{first}-{first + len(rows) - 1}")

    for line in lines:
        if _DELIMITER.fullmatch(line.text):
            head = rows.pop() if rows else None
            yield from flush()
            rows = [head] if head is not None else []
            first = line.number - (1 if head is not None else 0)
            continue
        rows.append(_cells(line.text))
    yield from flush()


def _cells(line: str) -> list[str]:
    cells = [_plain(c.strip(_BLANKS).replace("\\|", "|")) for c in _BAR.split(line)]
    if cells and line.startswith("|"):
        cells = cells[1:]
    if len(cells) > 1 and line.endswith("|") and not line.endswith("\\|"):
        cells = cells[:-1]
    return [re.sub(r"<br ?/?>", "", c) for c in cells]
