"""The package as a whole: light import, extras that install, one source of the version."""

from __future__ import annotations

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
    import re

    bad = re.compile(
        r"\b(pickle|joblib|dill|cloudpickle)\b|(?<![.\w])(eval|exec)\(|shell=True|trust_remote_code=True|allow_pickle=True"
    )
    for path in (root / "nlp_reports").rglob("*.py"):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            code = line.split("#")[0]
            if '"""' not in code:
                found = bad.search(code)
                assert not found or "allow_pickle=False" in code, f"{path}:{number}: {line.strip()}"
