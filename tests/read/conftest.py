"""Programs and packages that some readers and tests need, and how a report is compared with what it was made from."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def soffice() -> str:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    return program


@pytest.fixture(scope="session")
def chromium() -> str:
    pytest.importorskip("playwright")
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no Chromium on the search path")
    return program


@pytest.fixture(scope="session")
def same():
    """Check that a report holds exactly the paragraphs and the cells (place, span, text) of a sample."""
    import samples

    from nlp_reports.text.normalize import compact

    def check(report, sample) -> None:
        want = samples.parts(sample)
        assert len(report.blocks) == len(want)
        for block, part in zip(report.blocks, want, strict=True):
            if isinstance(part, str):
                assert report.text[block.start : block.end] == part
                continue
            assert block.grid is not None, part
            got = [(c.row, c.col, c.rowspan, c.colspan, compact(c.text)) for c in block.grid.cells]
            assert got == [(*cell[:4], compact(cell[4])) for cell in samples.place(part)]
            assert all(report.text[c.start : c.end] == c.text for c in block.grid.cells)

    return check
