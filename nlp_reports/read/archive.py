"""ZIP archives of reports: their members one at a time, within limits, a bad one never stopping the others."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePosixPath

from nlp_reports.errors import ReportError
from nlp_reports.read.sniff import SUFFIXES

#: An archive may hold this many documents, nest this deep, and unpack to this many times the limit of one file.
MAX_MEMBERS = 10_000
MAX_DEPTH = 2
MAX_TOTAL = 8
_PIECE = 1 << 20


def iter_members(data: bytes, *, path: str, max_bytes: int) -> Iterator[tuple[str, bytes | ReportError]]:
    """The documents of an archive in name order, as ``(name, content or error)``.

    Raises:
        ReportError: ``NR107`` when the archive itself is damaged, ``NR113`` when it holds too many members.
    """
    if path.count("!") >= MAX_DEPTH:
        raise ReportError("NR112", path=path, detail=f"archives nested more than {MAX_DEPTH} deep")
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise ReportError("NR107", path=path, detail="the ZIP archive is cut off or no archive") from error
    with archive:
        members = [(member_name(info), info) for info in archive.infolist() if not info.is_dir()]
        members = sorted((m for m in members if _wanted(m[0])), key=lambda m: m[0])
        if len(members) > MAX_MEMBERS:
            raise ReportError("NR113", path=path, detail=f"{len(members)} members, limit {MAX_MEMBERS}")
        left = max_bytes * MAX_TOTAL
        for name, info in members:
            content = _content(archive, info, f"{path}!{name}", min(max_bytes, left))
            if isinstance(content, bytes):
                left -= len(content)
            yield name, content


def member_name(info: zipfile.ZipInfo) -> str:
    """The name of a member; tools on Chinese Windows write GB18030 without saying so."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _wanted(name: str) -> bool:
    path = PurePosixPath(name)
    if path.name.startswith((".", "~$")) or "__MACOSX" in path.parts:
        return False
    return path.suffix.lower() in SUFFIXES


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: str, limit: int) -> bytes | ReportError:
    if info.flag_bits & 0x1:
        return ReportError("NR108", path=path)
    # The size in the directory is only a claim; what counts is what comes out.
    pieces: list[bytes] = []
    size = 0
    try:
        with archive.open(info) as file:
            while piece := file.read(_PIECE):
                size += len(piece)
                if size > limit:
                    return ReportError("NR113", path=path, detail=f"it unpacks to more than {limit} bytes")
                pieces.append(piece)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        return ReportError("NR112", path=path, detail=str(error) or type(error).__name__)
    if not size:
        return ReportError("NR103", path=path)
    return b"".join(pieces)
