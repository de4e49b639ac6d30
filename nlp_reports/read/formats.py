"""One document of a known format to raw blocks: the dispatch to the format modules, which load on first use."""

from __future__ import annotations

from nlp_reports.errors import ReportError
from nlp_reports.read.raw import RawDocument


def read_format(data: bytes, kind: str, *, path: str) -> RawDocument:
    """Read ``data`` as ``kind`` (a name from :func:`nlp_reports.read.sniff.sniff`).

    Raises:
        ReportError: coded, naming ``path``.
    """
    if kind in ("text", "markdown"):
        from nlp_reports.read.plain import read_text

        return read_text(data, path=path, markdown=kind == "markdown")
    if kind == "html":
        from nlp_reports.read.html import read_html

        return read_html(data, path=path)
    if kind == "mhtml":
        from nlp_reports.read.mhtml import read_mhtml

        return read_mhtml(data, path=path)
    if kind == "docx":
        from nlp_reports.read.docx import read_docx

        return read_docx(data, path=path)
    if kind == "office":
        from nlp_reports.read.office import read_office

        return read_office(data, path=path)
    if kind == "ofd":
        from nlp_reports.read.ofd import read_ofd

        return read_ofd(data, path=path)
    if kind == "image":
        from nlp_reports.read.ocr import read_image

        return read_image(data, path=path)
    if kind == "pdf":
        from nlp_reports.read.pdf import read_pdf

        return read_pdf(data, path=path)
    raise ReportError("NR104", path=path, detail=f"of format {kind}")
