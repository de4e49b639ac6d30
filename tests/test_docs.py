"""Documentation runs: Python blocks of the README and docs, doctests of the package, notebooks from top to bottom."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import nlp_reports

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
BLOCK = re.compile(r"^```python\n(.*?)^```", re.M | re.S)


@pytest.mark.parametrize("page", [p for p in PAGES if BLOCK.search(p.read_text("utf-8"))], ids=lambda p: p.name)
def test_python_blocks_run(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    space: dict[str, object] = {"__name__": page.stem}
    for match in BLOCK.finditer(page.read_text(encoding="utf-8")):
        line = page.read_text(encoding="utf-8")[: match.start()].count("\n") + 1
        code = compile("\n" * line + match.group(1), str(page), "exec")
        exec(code, space)


def _modules() -> list[str]:
    found = []
    for info in pkgutil.walk_packages(nlp_reports.__path__, "nlp_reports."):
        source = Path(nlp_reports.__path__[0]).parent / (
            info.name.replace(".", "/") + ("/__init__.py" if info.ispkg else ".py")
        )
        if source.exists() and ">>>" in source.read_text(encoding="utf-8"):
            found.append(info.name)
    return found


@pytest.mark.parametrize("name", ["nlp_reports", *_modules()])
def test_doctests(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    assert result.failed == 0 and (result.attempted > 0 or name == "nlp_reports")


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda p: p.name)
def test_notebooks_run_from_top_to_bottom(path: Path) -> None:
    nbformat = pytest.importorskip("nbformat")
    client = pytest.importorskip("nbclient").NotebookClient
    notebook = nbformat.read(path, as_version=4)
    assert all(not c.get("outputs") for c in notebook.cells), "commit notebooks without outputs"
    client(notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}}).execute()
    shown = "".join(str(c.get("outputs", "")) for c in notebook.cells)
    assert "text/html" in shown
