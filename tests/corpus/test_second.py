"""Second labels: blind sheets, files that are checked, and what two of three agree on."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp_reports.classify.taxonomy import load_taxonomy
from nlp_reports.corpus.build import build_folder, read_splits
from nlp_reports.corpus.markup import MarkedReport, parse_markup
from nlp_reports.corpus.second import Labelling, agreed, read_second, sheet, write_second
from nlp_reports.errors import DataFileError
from nlp_reports.evaluation.agreement import agreement_of_records

TAX = load_taxonomy()
IDS = {"themes": frozenset(TAX.theme_ids), "stances": frozenset(TAX.stances)}
BODY = """[overview] 一、总体情况
H 1 | （一）主动公开情况
P achievement proactive_disclosure | 全年公开政府信息162条。
S achievement training,staffing | 两名新手跟班学习。
"""


@pytest.fixture
def marked(header: str, tmp_path: Path) -> MarkedReport:
    path = tmp_path / "x-01.report"
    path.write_text(header.format(id="x-01") + BODY, encoding="utf-8")
    return parse_markup(path, **IDS)


def labels(text: str) -> Labelling:
    return Labelling.parse(text)


def test_a_sheet_shows_no_label(marked: MarkedReport) -> None:
    text = sheet(marked)
    assert "1 ¶ | 全年公开政府信息162条。" in text and "2 | 两名新手跟班学习。" in text and "（一）主动公开情况" in text
    assert not any(word in text for word in ("achievement", "training", "proactive"))


def test_written_labels_are_read_back_and_joined(marked: MarkedReport, tmp_path: Path) -> None:
    second = [labels("achievement proactive_disclosure"), labels("achievement training")]
    path = tmp_path / "x-01.second"
    path.write_text(
        write_second(marked, second, {2: labels("achievement training")}, labeller="l", adjudicator="a"),
        encoding="utf-8",
    )
    found = read_second(path, marked, **IDS)
    assert (found.labeller, found.adjudicator, sorted(found.units)) == ("l", "a", [1, 2])
    assert agreed(*found.units[2]).themes == {"training"} and agreed(*found.units[2]).optional == {"staffing"}
    [record] = build_folder(tmp_path)
    unit = record["units"][-1]
    assert (unit["themes"], unit["themes_optional"], unit["adjudicated"]) == (["training"], ["staffing"], True)
    assert [o["labeller"] for o in unit["labels"]] == ["x", "l", "a"]
    assert record["provenance"]["second"] == "l"
    figures = agreement_of_records([record])
    assert figures["units"] == 2 and figures["adjudicated"] == 1 and figures["stance_kappa"] == 1.0
    assert figures["theme_micro_f1"] == 0.8


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("2\tachievement training,staffing\tachievement training\t\t两名新手", "nobody has decided"),
        ("2\tachievement training\t=\t\t两名新手", "not those of the report"),
        ("2\tachievement training,staffing\tachievement cooking\tachievement training\t两名新手", "unknown label"),
        ("9\tachievement -\t=\t\t两名新手", "of a unit of this report"),
        ("2\tachievement training,staffing\t=\t\t三名新手", "begins with"),
        ("2\tachievement\t=\t\t两名新手", "labels are"),
    ],
)
def test_what_does_not_hold_is_said_with_its_line(marked: MarkedReport, tmp_path: Path, line: str, what: str) -> None:
    path = tmp_path / "x-01.second"
    path.write_text(f"% second: l\n{line}\n", encoding="utf-8")
    with pytest.raises(DataFileError, match="line 2") as caught:
        read_second(path, marked, **IDS)
    assert what in str(caught.value)


def test_a_writer_stands_in_one_split(tmp_path: Path) -> None:
    path = tmp_path / "splits.yaml"
    path.write_text("train: [a, b]\ntest: [b]\n", encoding="utf-8")
    with pytest.raises(DataFileError, match="b stands in train and test"):
        read_splits(path)
    path.write_text("later: [a]\n", encoding="utf-8")
    with pytest.raises(DataFileError, match="unknown split"):
        read_splits(path)
    assert read_splits(tmp_path / "none.yaml") == {}
