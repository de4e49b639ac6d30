"""Reading speed per format, beside the bare library call on the same bytes in the same run.

Run: python benchmarks/bench_reading.py [FILE ...]

Without arguments the composed report of the tests is used in every format. "bare" is what one would write with the
library alone: parse, and take the text of each paragraph and each table cell (pdfplumber: ``extract_text`` and
``extract_tables`` of each page). "ours" is :func:`nlp_reports.read.read_bytes` whole: telling the format, digest,
decoding, article, merged cells, rewrapping, repair, offsets. "overhead" is (ours - bare) / bare, so 1.5 means two and
a half times the library's own time; a negative number means faster than the bare library.
"""

from __future__ import annotations

import io
import logging
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests" / "read"))

from nlp_reports.read import read_bytes  # noqa: E402

GATE = 1.5


def bare_html(data: bytes) -> object:
    from lxml import html

    page = html.document_fromstring(data)
    paragraphs = [p.text_content() for p in page.iter("p")]
    tables = [[[c.text_content() for c in row.iter("td", "th")] for row in t.iter("tr")] for t in page.iter("table")]
    return paragraphs, tables


def bare_docx(data: bytes) -> object:
    from docx import Document

    document = Document(io.BytesIO(data))
    tables = [[[c.text for c in row.cells] for row in table.rows] for table in document.tables]
    return [p.text for p in document.paragraphs], tables


def bare_pdf(data: bytes) -> object:
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as pdf:
        return [(page.extract_text(), page.extract_tables()) for page in pdf.pages]


BARE: dict[str, tuple[str, Callable[[bytes], object]]] = {
    ".html": ("lxml", bare_html),
    ".docx": ("python-docx", bare_docx),
    ".pdf": ("pdfplumber", bare_pdf),
    ".txt": ("str.splitlines", lambda data: data.decode("utf-8").splitlines()),
}


def seconds(call: Callable[[], object], *, budget: float = 2.0) -> float:
    """The least of several runs: the machine's noise only adds."""
    call()
    best, spent = float("inf"), 0.0
    while spent < budget:
        start = time.perf_counter()
        call()
        took = time.perf_counter() - start
        best, spent = min(best, took), spent + took
    return best


def composed() -> list[tuple[str, bytes]]:
    import samples

    sample = samples.sample()
    files = [
        ("report.html", samples.html_report(sample).encode()),
        ("report.docx", samples.docx_report(sample)),
        ("report.ofd", samples.ofd_report(sample)),
        (
            "report.txt",
            "\n".join(
                p if isinstance(p, str) else "\n".join(" | ".join(c[0] for c in r) for r in p)
                for p in samples.parts(sample)
            ).encode(),
        ),
    ]
    import shutil
    import subprocess

    office = shutil.which("soffice")
    if office:
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "report.docx").write_bytes(files[1][1])
            profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
            command = [
                office,
                profile,
                "--headless",
                "--convert-to",
                "pdf",
                "--outdir",
                folder,
                f"{folder}/report.docx",
            ]
            subprocess.run(command, capture_output=True, check=True, timeout=120)
            files.append(("report.pdf", Path(folder, "report.pdf").read_bytes()))
    return files


def main(paths: list[str]) -> int:
    logging.disable(logging.CRITICAL)
    files = [(Path(p).name, Path(p).read_bytes()) for p in paths] if paths else composed()
    print(f"{'file':<24}{'bytes':>9}{'ours ms':>10}{'bare ms':>10}{'overhead':>10}  library")
    worst = float("-inf")
    for name, data in files:
        ours = seconds(lambda d=data, n=name: read_bytes(d, path=n))
        library, call = BARE.get(Path(name).suffix, ("-", None))
        if call is None:
            print(f"{name:<24}{len(data):>9}{ours * 1e3:>10.2f}{'-':>10}{'-':>10}  {library}")
            continue
        bare = seconds(lambda d=data, c=call: c(d))
        overhead = (ours - bare) / bare
        if library != "str.splitlines":
            worst = max(worst, overhead)
        print(f"{name:<24}{len(data):>9}{ours * 1e3:>10.2f}{bare * 1e3:>10.2f}{overhead:>10.2f}  {library}")
    print(f"worst overhead over a library {worst:.2f}, gate {GATE}")
    return 0 if worst <= GATE else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
