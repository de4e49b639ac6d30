"""Every coded error is documented, and reads as what was wrong, where, and what to do."""

from __future__ import annotations

import copy
import pickle
import re
from pathlib import Path

from nlp_reports.errors import CATALOGUE, MissingExtra, ReportError


def test_the_page_lists_every_code(root: Path) -> None:
    page = (root / "docs" / "errors.md").read_text(encoding="utf-8")
    assert set(re.findall(r"NR\d{3}", page)) == set(CATALOGUE)


def test_messages_name_file_cause_and_remedy() -> None:
    for code, (what, todo) in CATALOGUE.items():
        message = str(ReportError(code, path="a.pdf", detail="the detail", remedy="Do this."))
        assert message.startswith(f"{code} a.pdf: ") and message.rstrip().endswith("."), message
        assert ("{detail}" in what + todo) == ("the detail" in message)


def test_errors_cross_process_borders() -> None:
    for error in (ReportError("NR104", path="a", detail="a film"), MissingExtra("torch", "transformers")):
        for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
            assert str(twin) == str(error) and type(twin) is type(error)
    assert "pip install 'nlp-reports[transformers]'" in str(MissingExtra("torch", "transformers"))
