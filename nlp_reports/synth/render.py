"""A composition as a file: text in the flattened layouts of crawled pages, HTML, DOCX or PDF.

``layout`` says how tables look in plain text (see :mod:`~nlp_reports.synth.layouts`); the other formats keep the merged
cells and ignore it.
"""

from __future__ import annotations

import html
import io
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from shutil import which
from typing import Any

from ..errors import ReportError
from .compose import Composition
from .layouts import LAYOUTS, Rows, grid, printed, table_html, table_text, width_of

FORMATS = ("text", "html", "docx", "pdf")
_TABLES = {"requests": "t3", "review_litigation": "t4"}
Piece = tuple[str, str]


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
    """The report in order: ``title``, ``heading``, ``paragraph`` with their text, ``table`` with the table's id."""
    yield "title", composition.title
    yield "paragraph", composition.preamble
    for name, paragraphs in composition.sections.items():
        if name not in composition.titles:
            continue
        yield "heading", composition.titles[name]
        for sentences in paragraphs:
            if sentences:
                yield "paragraph", "".join(s.text for s in sentences)
        if name == "proactive_disclosure":
            yield "table", "t2" if composition.template == "f2021" else "t2_2019"
        elif name in _TABLES:
            yield "table", _TABLES[name]


def _values(composition: Composition) -> Mapping[str, str | None]:
    ledger = composition.ledger
    return {cell: ledger.text(cell) or None for cell in ledger.values}


# ---------------------------------------------------------------------- text
def text(composition: Composition, layout: str) -> str:
    """Plain text as extractors leave it."""
    lines: list[str] = []
    values = _values(composition)
    for kind, content in pieces(composition):
        if kind == "table":
            form, script = composition.template, composition.script
            lines.extend(table_text(content, values, template=form, script=script, layout=layout))
        else:
            lines.append(content)
    if layout == "K":
        # deduplicated by line, as some crawlers do: what was said once is gone the second time
        lines = list(dict.fromkeys(lines))
    return "\n".join(lines) + "\n"


# ---------------------------------------------------------------------- html
def page(composition: Composition) -> str:
    """A plain page with tables as offices publish them."""
    body: list[str] = []
    values = _values(composition)
    for kind, content in pieces(composition):
        if kind == "table":
            body.append(table_html(content, values, template=composition.template, script=composition.script))
        else:
            tag = {"title": "h1", "heading": "h2"}.get(kind, "p")
            body.append(f"<{tag}>{html.escape(content)}</{tag}>")
    title = html.escape(composition.title)
    return (
        f'<!DOCTYPE html>\n<html lang="zh"><head><meta charset="utf-8"><title>{title}</title></head>\n'
        f'<body><div class="article">\n{chr(10).join(body)}\n</div></body></html>\n'
    )


# ---------------------------------------------------------------------- docx and pdf
def docx(composition: Composition) -> bytes:
    """A Word document with merged table cells."""
    from docx import Document

    document = Document()
    values = _values(composition)
    for kind, content in pieces(composition):
        if kind == "table":
            rows = printed(content, values, template=composition.template, script=composition.script)
            _docx_table(document, rows)
        else:
            document.add_paragraph(content)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _docx_table(document: Any, rows: Rows) -> None:
    table = document.add_table(rows=len(rows), cols=width_of(rows), style="Table Grid")
    for row, column, cell in grid(rows):
        first = table.cell(row, column)
        if cell.colspan > 1 or cell.rowspan > 1:
            first = first.merge(table.cell(row + cell.rowspan - 1, column + cell.colspan - 1))
        first.text = cell.text


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
