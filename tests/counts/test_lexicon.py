"""The user's own lexicon, and what is said when it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp_reports.counts import CountExtractor, extract, load_lexicon
from nlp_reports.counts.scan import lookalikes
from nlp_reports.errors import DataFileError

OWN = """\
items:
  - id: flood_warnings
    name: 洪水预警
    label: 洪水预警|汛情预警
units:
  - unit: 站次
    class: events
lookalikes:
  phrases: [九进小区]
  patterns:
    - {id: gauge, pattern: '水位\\d+(?:\\.\\d+)?米'}
"""


def test_own_items_units_and_lookalikes_are_used_first(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(OWN, encoding="utf-8")
    text = "发布洪水预警14条，巡测水文站320站次，水位21.5米。"
    counts = extract(text, lexicon=path)
    assert [(c.label, str(c.value), c.unit, c.item) for c in counts] == [
        ("洪水预警", "14", "条", "flood_warnings"),
        ("巡测水文站", "320", "站次", ""),
    ]
    assert extract("公开信息3条。", lexicon=path)[0].item == extract("公开信息3条。")[0].item
    assert "gauge" in {rule for rule, _, _ in lookalikes(text, load_lexicon(path))}
    CountExtractor(lexicon=path)


def test_an_empty_file_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "empty.yaml"
    path.write_text("# nothing yet\n", encoding="utf-8")
    assert extract("公开信息3条。", lexicon=path) == extract("公开信息3条。")


MISTAKES = [
    ("items:\n  - name: 无\n    label: 甲\n", "line 2", "needs 'id'"),
    ("items:\n  - id: Flood\n    label: 甲\n", "line 2", "lower-case"),
    ("items:\n  - id: flood\n", "line 2", "needs 'label' or 'near'"),
    ("items:\n  - id: flood\n    label: '(['\n", "line 3", "not a regular expression"),
    ("items:\n  - id: flood\n    labels: 甲\n", "line 3", "unknown key 'labels'"),
    ("items:\n  - id: flood\n    label: 甲\n    kind: [counts]\n", "line 4", "unknown kind 'counts'"),
    ("items:\n  flood: 甲\n", "line 2", "must be a list"),
    ("items:\n  - id: flood\n    label: [甲]\n", "line 3", "must be text"),
    ("units:\n  - unit: 站次\n    han: maybe\n", "line 3", "true or false"),
    ("units:\n  - class: events\n", "line 2", "needs 'unit'"),
    ("things: []\n", "line 1", "unknown key 'things'"),
    ("lookalikes:\n  words: []\n", "line 2", "unknown key 'words'"),
    ("lookalikes:\n  patterns:\n    - {id: a, pattern: '*'}\n", "line 3", "not a regular expression"),
    ("- a\n", "line 1", "must be a mapping"),
    ("items: [\n", "line 2", ""),
]


@pytest.mark.parametrize(("text", "line", "message"), MISTAKES)
def test_mistakes_name_file_line_and_remedy(tmp_path: Path, text: str, line: str, message: str) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        load_lexicon(path)
    assert caught.value.code == "NR301"
    assert str(path) in str(caught.value) and line in str(caught.value) and message in str(caught.value)
    assert "Correct the line" in str(caught.value)


def test_a_missing_or_binary_file_is_named(tmp_path: Path) -> None:
    binary = tmp_path / "own.yaml"
    binary.write_bytes(b"\xff\xfe\x00items")
    for path in (tmp_path / "none.yaml", binary):
        with pytest.raises(DataFileError, match="cannot be read"):
            load_lexicon(path)
