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
    if kind == "pdf":
        from nlp_reports.read.pdf import read_pdf

        return read_pdf(data, path=path)
    raise ReportError("NR104", path=path, detail=f"of format {kind}")
