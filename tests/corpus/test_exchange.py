"""Labels go to Label Studio and doccano and come back unchanged; labels that fit nothing are named."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import pytest

from nlp_reports.corpus.exchange import (
    apply_labels,
    from_doccano,
    from_label_studio,
    label_studio_config,
    to_doccano,
    to_label_studio,
    unit_key,
)
from nlp_reports.errors import DataFileError

RECORD = {
    "id": "r1", "writer": "w", "text": "（一）队伍\n人手不足。培训2次。", "provenance": {"labeller": "w"},
    "units": [
        {"start": 0, "end": 5, "kind": "heading", "section": "overview", "text": "（一）队伍"},
        {"start": 6, "end": 11, "kind": "sentence", "section": "overview", "text": "人手不足。", "themes": ["staffing"], "stance": "problem"},
        {"start": 11, "end": 16, "kind": "sentence", "section": "overview", "text": "培训2次。", "themes": ["training"], "stance": "achievement"},
    ],
}  # fmt: skip


def gold() -> dict[str, tuple[list[str], str]]:
    return {unit_key(RECORD, u): (u["themes"], u["stance"]) for u in RECORD["units"][1:]}


def test_label_studio_round_trip() -> None:
    tasks = json.loads(json.dumps(list(to_label_studio([RECORD]))))
    assert tasks[0]["data"]["context"] == "（一）队伍"
    assert from_label_studio(tasks) == gold()


def test_doccano_round_trip() -> None:
    assert from_doccano(json.dumps(row, ensure_ascii=False) for row in to_doccano([RECORD])) == gold()


def test_config_is_xml_with_every_choice() -> None:
    root = ET.fromstring(label_studio_config(["a&b", "c"], ["plan"]))
    assert [c.get("value") for c in root.iter("Choice")] == ["a&b", "c", "plan"]


def test_applied_labels_keep_the_old_ones_and_name_strangers() -> None:
    labels = {unit_key(RECORD, RECORD["units"][1]): (["training"], "plan"), "r9#0-1": ([], "plan")}
    [changed], missing = apply_labels([RECORD], labels, labeller="second")
    unit = changed["units"][1]
    assert (unit["themes"], unit["stance"]) == (["training"], "plan") and missing == ["r9#0-1"]
    assert unit["labels"] == [{"labeller": "w", "themes": ["staffing"], "stance": "problem"}]
    assert changed["provenance"]["labeller"] == "second" and RECORD["units"][1]["themes"] == ["staffing"]


@pytest.mark.parametrize("line", ["{", '{"label": ["fees"]}'])
def test_broken_lines_name_their_number(line: str) -> None:
    with pytest.raises(DataFileError, match="line 2"):
        from_doccano(["", line])
