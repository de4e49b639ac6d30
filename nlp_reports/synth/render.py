"""A composition as a file: text in the flattened layouts of crawled pages, HTML, DOCX or PDF.

``layout`` says how tables look in plain text (the letters are those of ``docs/reading.md``); the other formats keep the
merged cells and ignore it.
"""

from __future__ import annotations

import html
import subprocess
import tempfile
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

from ..errors import ReportError
from .compose import Composition
from .tables import Printed, Rows, table_four, table_three, table_two

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMATS = ("text", "html", "docx", "pdf")
LAYOUTS = tuple("ABCDEFGHIJKL")
_TABLES = {"proactive_disclosure": table_two, "requests": table_three, "review_litigation": table_four}
Piece = tuple[str, str | Rows]


def render(composition: Composition, *, layout: str, fmt: str) -> bytes:
    """The bytes of the report.

    Raises:
        ValueError: an unknown layout or format.
        ReportError: NR110, PDF is asked for and LibreOffice is not installed.
    """
    if fmt not in FORMATS or layout not in LAYOUTS:
        raise ValueError(f"format must be one of {', '.join(FORMATS)}, layout one of {', '.join(LAYOUTS)}")
    if fmt == "text":
        return text(composition, layout).encode()
    if fmt == "html":
        return page(composition).encode()
    document = docx(composition)
    return document if fmt == "docx" else pdf(document)


def pieces(composition: Composition) -> Iterator[Piece]:
    """The report in order: ``title``, ``heading``, ``paragraph`` with text, ``table`` with rows."""
    yield "title", composition.title
    yield "paragraph", composition.preamble
    for name, paragraphs in composition.sections.items():
        if name not in composition.titles:
            continue
        yield "heading", composition.titles[name]
        for sentences in paragraphs:
            if sentences:
                yield "paragraph", "".join(s.text for s in sentences)
        if name in _TABLES:
            yield "table", _TABLES[name](composition.ledger)


# ---------------------------------------------------------------------- text
def text(composition: Composition, layout: str) -> str:
    """Plain text as extractors leave it."""
    lines: list[str] = []
    for kind, content in pieces(composition):
        if kind == "table" and not isinstance(content, str):
            lines.extend(flatten(content, layout))
        else:
            lines.append(str(content))
    if layout == "K":
        # deduplicated by line, as some crawlers do: what was said once is gone the second time
        lines = list(dict.fromkeys(lines))
    return "\n".join(lines) + "\n"


def flatten(rows: Rows, layout: str) -> list[str]:
    """The lines of a table.

    A one cell a line with pads · B one row a line with pads · C one row a line · D leading bar · E bar on its own line ·
    F bare lines · G bare lines between empty lines, labels broken · H label and numbers as a PDF line · I positions kept ·
    J bar, line break, cell · K cells as F, repeated lines lost · L B with the pads of a page that is one table.
    """
    width = max(sum(c.colspan for c in row) for row in rows)
    if layout == "I":
        return [f"| {' | '.join(cells)} |" for cells in _positions(rows, width)]
    lines: list[str] = []
    for number, row in enumerate(rows):
        cells = [c.text for c in row if c.text] if layout not in "ABCDJ" else [c.text for c in row]
        pad = "" if number == len(rows) - 1 else "|" * (width - len(cells))
        if layout == "A":
            lines += [f"{cell} |" if cell else "|" for cell in cells] + ([pad] if pad else [])
        elif layout == "B":
            lines.append("".join(f"{cell} | " for cell in cells) + " ".join(pad))
        elif layout == "C":
            lines.append(" | ".join(cells) + " |")
        elif layout == "D":
            lines.append("| " + " | ".join(cells) + " |")
        elif layout == "E":
            lines += [part for cell in cells for part in (cell, "|")]
        elif layout in "FK":
            lines += cells
        elif layout == "G":
            lines += [part for cell in cells for part in (*_broken(cell), "")]
        elif layout == "H":
            lines.append(" ".join(cells))
        elif layout == "J":
            lines += [part for cell in cells for part in ("|", f" {cell}  |")]
        else:
            lines.append("".join(f"{cell} | " for cell in cells) + "| " * 200)
    return lines


def _broken(cell: str) -> list[str]:
    return [cell[:2], cell[2:]] if len(cell) == 4 and not cell.isdigit() else [cell]


def _positions(rows: Rows, width: int) -> list[list[str]]:
    """Every grid position, covered ones empty."""
    covered: set[tuple[int, int]] = set()
    out = []
    for r, row in enumerate(rows):
        line = [""] * width
        column = 0
        for cell in row:
            while (r, column) in covered:
                column += 1
            line[column] = cell.text
            covered |= {(r + y, column + x) for y in range(cell.rowspan) for x in range(cell.colspan)}
            column += cell.colspan
        out.append(line)
    return out


# ---------------------------------------------------------------------- html
def page(composition: Composition) -> str:
    """A plain page with tables as offices publish them."""
    body: list[str] = []
    for kind, content in pieces(composition):
        if kind == "table" and not isinstance(content, str):
            body.append(html_table(content))
        else:
            tag = {"title": "h1", "heading": "h2"}.get(kind, "p")
            body.append(f"<{tag}>{html.escape(str(content))}</{tag}>")
    title = html.escape(composition.title)
    return (
        f'<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title></head>\n'
        f'<body><div class="article">\n{chr(10).join(body)}\n</div></body></html>\n'
    )


def html_table(rows: Rows) -> str:
    def cell(c: Printed) -> str:
        spans = (f' colspan="{c.colspan}"' if c.colspan > 1 else "") + (
            f' rowspan="{c.rowspan}"' if c.rowspan > 1 else ""
        )
        return f"<td{spans}>{html.escape(c.text) or '&nbsp;'}</td>"

    lines = ["<tr>" + "".join(map(cell, row)) + "</tr>" for row in rows]
    return '<table border="1">\n' + "\n".join(lines) + "\n</table>"


# ---------------------------------------------------------------------- docx and pdf
def docx(composition: Composition) -> bytes:
    """A Word document with merged table cells."""
    import io

    from docx import Document

    document = Document()
    for kind, content in pieces(composition):
        if kind == "table" and not isinstance(content, str):
            _docx_table(document, content)
        else:
            document.add_paragraph(str(content))
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _docx_table(document: object, rows: Rows) -> None:
    width = max(sum(c.colspan for c in row) for row in rows)
    table = document.add_table(rows=len(rows), cols=width, style="Table Grid")  # type: ignore[attr-defined]
    covered: set[tuple[int, int]] = set()
    for r, row in enumerate(rows):
        column = 0
        for cell in row:
            while (r, column) in covered:
                column += 1
            covered |= {(r + y, column + x) for y in range(cell.rowspan) for x in range(cell.colspan)}
            first = table.cell(r, column)
            if cell.colspan > 1 or cell.rowspan > 1:
                first = first.merge(table.cell(r + cell.rowspan - 1, column + cell.colspan - 1))
            first.text = cell.text
            column += cell.colspan


def pdf(document: bytes) -> bytes:
    """A PDF of a Word document, by LibreOffice."""
    office = which("soffice") or which("libreoffice")
    if office is None:
        raise ReportError("NR110", detail="a composed report as PDF", remedy="Install LibreOffice (soffice).")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "report.docx")
        source.write_bytes(document)
        profile = Path(folder, "profile").as_uri()
        command = [office, "--headless", f"-env:UserInstallation={profile}", "--convert-to", "pdf", "--outdir", folder]
        subprocess.run([*command, str(source)], check=True, capture_output=True, timeout=180)
        return Path(folder, "report.pdf").read_bytes()
