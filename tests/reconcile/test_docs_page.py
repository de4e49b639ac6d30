"""docs/rules.md says what the data says, and its examples still come out as printed."""

from __future__ import annotations

import importlib.util
from pathlib import Path


def test_rules_page_is_up_to_date(root: Path) -> None:
    spec = importlib.util.spec_from_file_location("rules_page", root / "docs" / "tools" / "rules_page.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (root / "docs" / "rules.md").read_text(encoding="utf-8") == module.page(), "run docs/tools/rules_page.py"
