"""Files, folders, patterns, archives and standard input: from what a person names to reports, one at a time."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nlp_reports.errors import ReportError
from nlp_reports.read.archive import iter_members
from nlp_reports.read.assemble import assemble
from nlp_reports.read.formats import read_format
from nlp_reports.read.sniff import SUFFIXES, sniff
from nlp_reports.schema import Report
from nlp_reports.text.normalize import script_of

#: The largest file that is read unless told otherwise: a scanned report of some hundred pages.
MAX_BYTES = 256 * 1024 * 1024
_MAGIC = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read, or standard input (``path == "-"``); nothing of it has been read yet."""

    path: str

    def load(self, *, max_bytes: int = MAX_BYTES) -> bytes:
        """Its bytes.

        Raises:
            ReportError: ``NR101`` not there, ``NR102`` cannot be opened, ``NR103`` empty, ``NR113`` too large.
        """
        if self.path == "-":
            data = sys.stdin.buffer.read(max_bytes + 1)
        else:
            try:
                with Path(self.path).open("rb") as file:
                    size = os.fstat(file.fileno()).st_size
                    if size > max_bytes:
                        raise ReportError("NR113", path=self.path, detail=f"{size} bytes, limit {max_bytes}")
                    data = file.read(max_bytes + 1)
            except FileNotFoundError as error:
                raise ReportError("NR101", path=self.path) from error
            except OSError as error:
                raise ReportError("NR102", path=self.path, detail=error.strerror or str(error)) from error
        if len(data) > max_bytes:
            raise ReportError("NR113", path=self.path, detail=f"more than {max_bytes} bytes")
        if not data:
            raise ReportError("NR103", path=self.path)
        return data


def read(source: str | Path, *, max_bytes: int = MAX_BYTES) -> Report:
    """Read one file.

    Args:
        source: a path, or ``"-"`` for standard input.
        max_bytes: the largest file that is read.

    Returns:
        A report with its text, blocks, format and notes; later stages fill in the rest. Offsets are code points into
        its text. ``report_id`` is the first 16 hex digits of the SHA-256 of the file.

    Raises:
        ReportError: what was wrong with the file, coded (``docs/errors.md``). A ZIP with one document reads as that
            document; with several it is refused with ``NR114`` (see :func:`read_bytes`).

    Example:
        >>> read("report_2023.txt")  # doctest: +SKIP
    """
    path = os.fspath(source)
    reports = read_bytes(Source(path).load(max_bytes=max_bytes), path=path, max_bytes=max_bytes)
    if len(reports) != 1:
        raise ReportError("NR114", path=path, detail=str(len(reports)))
    if reports[0].status == "error":
        _raise(reports[0])
    return reports[0]


def read_bytes(data: bytes, *, path: str, max_bytes: int = MAX_BYTES) -> list[Report]:
    """Read the bytes of one file; a ZIP gives one report for each document in it.

    Args:
        data: the content of the file.
        path: its name, for messages and for telling formats apart that share their bytes.
        max_bytes: the most that one member of a ZIP may unpack to.

    Returns:
        The reports in order. A member that cannot be read is a report with status ``error`` and the coded message;
        its path is ``archive.zip!member``.

    Raises:
        ReportError: when the file itself cannot be read.

    Example:
        >>> [report] = read_bytes("一、总体情况\\n公开信息3条。".encode(), path="a.txt")
        >>> report.text, report.format, len(report.report_id)
        ('一、总体情况\\n公开信息3条。', 'text', 16)
    """
    kind = sniff(data, path=path)
    if kind != "zip":
        return [_report(data, kind, path)]
    reports = []
    for name, content in iter_members(data, path=path, max_bytes=max_bytes):
        member = f"{path}!{name}"
        if isinstance(content, ReportError):
            reports.append(failed(content, path=member))
            continue
        try:
            reports.extend(read_bytes(content, path=member, max_bytes=max_bytes))
        except ReportError as error:
            reports.append(failed(error, path=member, data=content))
    if not reports:
        raise ReportError("NR109", path=path, detail="an archive without a document")
    return reports


def read_all(source: Source, *, max_bytes: int = MAX_BYTES) -> list[Report]:
    """Read a source and never raise for it: what cannot be read is a report with status ``error``.

    Example:
        >>> [report] = read_all(Source("missing.txt"))
        >>> report.status, report.error[:5]
        ('error', 'NR101')
    """
    data = b""
    try:
        data = source.load(max_bytes=max_bytes)
        return read_bytes(data, path=source.path, max_bytes=max_bytes)
    except ReportError as error:
        return [failed(error, path=source.path, data=data)]


def failed(error: ReportError, *, path: str, data: bytes = b"") -> Report:
    """The report of a file that could not be read."""
    digest = hashlib.sha256(data or path.encode("utf-8", "surrogateescape")).hexdigest()
    return Report(digest[:16], path, digest if data else "", "", status="error", error=str(error))


def _raise(report: Report) -> None:
    code, _, _ = report.error.partition(" ")
    raise ReportError("NR112", path=report.path, detail=f"{code}: {report.error}")


def _report(data: bytes, kind: str, path: str) -> Report:
    document = read_format(data, kind, path=path)
    text, blocks, notes = assemble(document)
    if not text.strip():
        raise ReportError("NR109", path=path, detail="nothing but blanks")
    digest = hashlib.sha256(data).hexdigest()
    unread = [note.message for note in notes if note.code == "page_unread"]
    return Report(
        digest[:16],
        path,
        digest,
        text,
        blocks,
        status="partial" if unread else "ok",
        error=str(ReportError("NR109", path=path, detail="; ".join(unread))) if unread else "",
        script=script_of(text),  # type: ignore[arg-type]
        format=document.format,
        notes=notes,
    )


def iter_sources(inputs: Iterable[str | Path]) -> Iterator[Source]:
    """Expand files, folders (searched recursively), patterns and ``-`` into sources, without reading any.

    The order is that of ``inputs``, sorted by name inside a folder or pattern, the same on every machine. One folder's
    names are held at a time, so any number of files streams. A file named twice, or reached twice, comes once.

    Raises:
        ReportError: ``NR101`` for a path that does not exist or a pattern that matches nothing, ``NR105`` for a folder
            without any file that could be a report, as soon as it is reached.

    Example:
        >>> [s.path for s in iter_sources(["-"])]
        ['-']
    """
    given = [os.fspath(i) for i in inputs]
    seen: set[str] | None = set() if len(given) > 1 else None
    for name in given:
        for path in _expand(name):
            if seen is not None:
                key = os.path.normpath(path) if path != "-" else path
                if key in seen:
                    continue
                seen.add(key)
            yield Source(path)


def _expand(name: str) -> Iterator[str]:
    if name == "-":
        yield name
        return
    path = Path(name)
    if path.is_dir():
        found = False
        for file in _walk(name):
            found = True
            yield file
        if not found:
            raise ReportError("NR105", path=name)
    elif path.exists():
        yield name
    elif _MAGIC & set(name):
        yield from _glob(name)
    else:
        raise ReportError("NR101", path=name)


def _glob(pattern: str) -> Iterator[str]:
    import glob

    found = False
    for match in sorted(glob.iglob(pattern, recursive=True)):  # noqa: PTH207  (Path.glob takes no absolute pattern)
        if Path(match).is_dir():
            # ``**`` reaches the files of a folder by itself; a plain ``*`` that meets a folder means what is in it.
            if "**" not in pattern:
                for file in _walk(match):
                    found = True
                    yield file
        else:
            found = True
            yield match
    if not found:
        raise ReportError("NR101", path=pattern)


def _walk(folder: str) -> Iterator[str]:
    """The candidates below ``folder``: files before subfolders are not told apart, all by name."""
    try:
        with os.scandir(folder) as entries:
            names = sorted(
                (e.name, e.is_dir(follow_symlinks=False)) for e in entries if not e.name.startswith((".", "~$"))
            )
    except OSError as error:
        raise ReportError("NR102", path=folder, detail=error.strerror or str(error)) from error
    for name, is_folder in names:
        path = os.path.join(folder, name)  # noqa: PTH118  (a Path for each of a million names costs more than reading)
        if is_folder:
            if name != "__MACOSX":
                yield from _walk(path)
        elif os.path.splitext(name)[1].lower() in SUFFIXES:  # noqa: PTH122
            yield path
