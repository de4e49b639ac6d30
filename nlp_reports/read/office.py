"""``.doc``, ``.wps``, ``.rtf`` and ``.odt`` through LibreOffice, converted to ``.docx`` in a folder of their own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path, PurePosixPath

from nlp_reports.errors import ReportError
from nlp_reports.read.docx import read_docx
from nlp_reports.read.raw import RawDocument

#: Seconds that one conversion may take; a start from cold takes about five.
TIMEOUT = 120
_NAMES = ("soffice", "libreoffice")
_PLACES = (
    "/usr/lib/libreoffice/program/soffice",
    "/opt/libreoffice/program/soffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)


def find_office() -> str | None:
    """The LibreOffice program: ``$NLP_REPORTS_SOFFICE``, then the search path, then the usual places."""
    named = os.environ.get("NLP_REPORTS_SOFFICE")
    if named is not None:
        return named if named and Path(named).exists() else None
    return next((p for name in _NAMES if (p := shutil.which(name))), None) or next(
        (p for p in _PLACES if Path(p).exists()), None
    )


def read_office(data: bytes, *, path: str = "") -> RawDocument:
    """Read an older or another office format by converting it.

    Raises:
        ReportError: ``NR110`` without LibreOffice, ``NR107`` when it cannot convert the file in time.
    """
    program = find_office()
    suffix = _suffix(data)
    if program is None:
        remedy = "Install LibreOffice (https://www.libreoffice.org), or save the file as .docx in its own program."
        raise ReportError("NR110", path=path, detail=f"a {PurePosixPath(path).suffix or suffix} file", remedy=remedy)
    # A profile of its own: two conversions may run at once, and the user's own settings and macros stay out.
    with tempfile.TemporaryDirectory(prefix="nlp-reports-") as folder:
        source = Path(folder, f"report{suffix}")
        source.write_bytes(data)
        command = [
            program,
            f"-env:UserInstallation={Path(folder, 'profile').as_uri()}",
            *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard"),
            *("--convert-to", "docx:MS Word 2007 XML", "--outdir", folder, str(source)),
        ]
        _run(command, path)
        result = Path(folder, "report.docx")
        if not result.exists():
            raise ReportError("NR107", path=path, detail="LibreOffice cannot convert it")
        document = read_docx(result.read_bytes(), path=path)
    document.format = suffix[1:]
    return document


def _run(command: list[str], path: str) -> None:
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        process.wait(TIMEOUT)
    except subprocess.TimeoutExpired as error:
        # The program starts another that does the work: end the whole group.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise ReportError("NR107", path=path, detail=f"LibreOffice did not convert it in {TIMEOUT} seconds") from error


def _suffix(data: bytes) -> str:
    """The suffix by which LibreOffice chooses its filter; a ``.wps`` of WPS Writer is a ``.doc``."""
    if data[:4] == b"PK\x03\x04":
        return ".odt"
    if data[:4] == b"{\\rt":
        return ".rtf"
    return ".doc"
