"""Web pages saved as one file (``.mht``, and Word's ``.doc`` that is one inside): their page alone."""

from __future__ import annotations

from email import message_from_bytes
from email.message import Message

from nlp_reports.errors import ReportError
from nlp_reports.read.html import read_html
from nlp_reports.read.raw import RawDocument


def read_mhtml(data: bytes, *, path: str = "") -> RawDocument:
    """Read the first page of a web archive.

    Raises:
        ReportError: ``NR107`` when it holds no page.
    """
    message: Message = message_from_bytes(data)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            page = part.get_payload(decode=True)
            if isinstance(page, bytes) and page.strip():
                document = read_html(page, path=path)
                document.format = "mhtml"
                return document
    raise ReportError("NR107", path=path, detail="a web archive without a page")
