"""The package as a whole: light import, extras that install, one source of the version."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest


def test_import_is_light_and_writes_nothing(tmp_path: Path) -> None:
    code = (
        "import sys, nlp_reports\n"
        "heavy = {'numpy', 'yaml', 'lxml', 'jieba', 'opencc', 'sklearn', 'spacy', 'torch', 'transformers', 'pyarrow', 'typer', 'rich'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-B", "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.strip() == "[]"
    assert not list(tmp_path.iterdir())


def test_public_names_are_what_they_say() -> None:
    import nlp_reports as nr

    for name in nr.__all__:
        assert getattr(nr, name) is not None
    assert callable(nr.read) and callable(nr.tag)
    importlib.import_module("nlp_reports.read.sources")
    assert callable(nr.read)
    assert set(nr.__all__) <= set(dir(nr))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        nr.nothing  # noqa: B018


@pytest.mark.parametrize("name", ["spacy", "transformers", "torch", "datasets"])
def test_extras_are_installed_in_the_full_environment(name: str) -> None:
    assert importlib.import_module(name).__version__


def test_one_source_of_version_and_extras(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    assert "version" in project["dynamic"]
    assert {"spacy", "transformers", "datasets", "ray", "ocr", "notebooks", "dev", "all"} <= set(
        project["optional-dependencies"]
    )
    assert project["scripts"] == {"nlp-reports": "nlp_reports.cli:main"}
    assert (root / "nlp_reports" / "py.typed").exists()


def test_nothing_of_the_project_reads_pickles_or_evaluates_text(root: Path) -> None:
    names = {"pickle", "joblib", "dill", "cloudpickle", "marshal", "shelve"}
    for path in (root / "nlp_reports").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            where = f"{path}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.Import):
                assert not names & {a.name.split(".")[0] for a in node.names}, where
            elif isinstance(node, ast.ImportFrom):
                assert (node.module or "").split(".")[0] not in names, where
            elif isinstance(node, ast.Call):
                assert not (isinstance(node.func, ast.Name) and node.func.id in ("eval", "exec")), where
                for keyword in node.keywords:
                    if keyword.arg in ("shell", "trust_remote_code", "allow_pickle"):
                        assert isinstance(keyword.value, ast.Constant) and keyword.value.value is False, where
