"""What a file is, told by its bytes; its name only decides between formats that share their bytes."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import PurePosixPath

from nlp_reports.errors import ReportError

#: Suffixes of files that could be a report, for searching folders.
SUFFIXES = frozenset(
    [
        ".txt",
        ".text",
        ".md",
        ".markdown",
        ".htm",
        ".html",
        ".shtml",
        ".xhtml",
        ".mht",
        ".mhtml",
        ".docx",
        ".docm",
        ".doc",
        ".wps",
        ".rtf",
        ".odt",
        ".pdf",
        ".ofd",
        ".png",
        ".jpg",
        ".jpeg",
        ".tif",
        ".tiff",
        ".bmp",
        ".webp",
        ".zip",
    ]
)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|title|table|div|p|script|span|font|br)\b", re.I)
_IMAGES = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"BM", "bmp"),
)
_OTHER = (
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\x1f\x8b", "a gzip file"),
    (b"GIF8", "a GIF picture"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"%!PS", "PostScript"),
    (b"SQLite format 3", "a database"),
    (b"ID3", "a sound file"),
    (b"OggS", "a sound file"),
    (b"RIFF", "a media file"),
    (b"PAR1", "a Parquet file"),
)
_MARKDOWN = re.compile(r"^(?:#{1,6} \S|\|[ :]*-{3,})", re.M)


def sniff(data: bytes, *, path: str = "") -> str:
    """Name the format of ``data``.

    Returns:
        ``text``, ``markdown``, ``html``, ``mhtml``, ``docx``, ``office`` (what LibreOffice has to convert), ``pdf``,
        ``ofd``, ``image`` or ``zip``.

    Raises:
        ReportError: ``NR103`` empty, ``NR104`` another kind of file, ``NR107`` a damaged ZIP container, ``NR108``
            an encrypted office document.

    Example:
        >>> sniff(b"%PDF-1.7 ..."), sniff("一、总体情况".encode(), path="a.pdf")
        ('pdf', 'text')
    """
    if not data:
        raise ReportError("NR103", path=path)
    head = data[:1024]
    if b"%PDF-" in head:
        return "pdf"
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _container(data, path)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _compound(data, path)
    if head.startswith(b"{\\rt"):
        return "office"
    for magic, _ in _IMAGES:
        if head.startswith(magic) and (magic != b"BM" or data[6:10] == b"\0\0\0\0"):
            return "image"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image"
    for magic, name in _OTHER:
        if head.startswith(magic) and (magic != b"MZ" or b"\0" in head):
            raise ReportError("NR104", path=path, detail=name)
    return _textual(data, head, path)


def _textual(data: bytes, head: bytes, path: str) -> str:
    suffix = PurePosixPath(path.rsplit("!", 1)[-1]).suffix.lower()
    plain = head.replace(b"\0", b"") if head[:2] in (b"\xff\xfe", b"\xfe\xff") else head
    start = plain.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:13].lower() == b"mime-version:" or (
        suffix in (".mht", ".mhtml") and b"multipart/related" in data[:4096].lower()
    ):
        return "mhtml"
    if start.startswith(b"<") and (_HTML.search(start) or suffix in (".htm", ".html", ".shtml", ".xhtml")):
        return "html"
    if suffix in (".htm", ".html", ".shtml", ".xhtml") or len(_HTML.findall(data[:20_000])) >= 5:
        return "html" if _HTML.search(data[:200_000]) else "text"
    if suffix in (".md", ".markdown"):
        return "markdown"
    return "text"


def _container(data: bytes, path: str) -> str:
    suffix = PurePosixPath(path.rsplit("!", 1)[-1]).suffix.lower()
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        if suffix in (".docx", ".docm", ".ofd", ".odt") or b"word/" in data[:65536] or b"OFD.xml" in data[:65536]:
            raise ReportError("NR107", path=path, detail="its ZIP container is cut off") from error
        raise ReportError("NR107", path=path, detail="the ZIP archive is cut off or no archive") from error
    lower = [n.lower() for n in names]
    if any(n.endswith("ofd.xml") and n.count("/") == 0 for n in lower):
        return "ofd"
    if "[content_types].xml" in lower:
        if any(n.startswith("word/") for n in lower):
            return "docx"
        kind = (
            "a spreadsheet"
            if any(n.startswith("xl/") for n in lower)
            else "a presentation"
            if any(n.startswith("ppt/") for n in lower)
            else ""
        )
        if kind:
            raise ReportError("NR104", path=path, detail=kind)
    if "mimetype" in lower and "content.xml" in lower:
        return "office"
    return "zip"


def _compound(data: bytes, path: str) -> str:
    """The old OLE container: Word, WPS Writer, or an encrypted newer document."""

    def has(name: str) -> bool:
        return name.encode("utf-16-le") in data

    if has("EncryptedPackage") or has("EncryptionInfo"):
        raise ReportError("NR108", path=path)
    if has("WordDocument"):
        # The file information block: bit 8 of its flags says that the text is encrypted.
        at = data.find(b"\xec\xa5")
        if 0 <= at <= 4096 and at % 512 == 0 and data[at + 11] & 0x01:
            raise ReportError("NR108", path=path)
        return "office"
    if has("Workbook") or has("Book"):
        raise ReportError("NR104", path=path, detail="a spreadsheet")
    if has("PowerPoint Document"):
        raise ReportError("NR104", path=path, detail="a presentation")
    return "office"
