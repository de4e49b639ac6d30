"""Answers to blind sheets, the cases that two labellers leave open, and the files that come of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from nlp_reports.classify.taxonomy import load_taxonomy
from nlp_reports.cli import app
from nlp_reports.corpus.blind import case_sheet, differences, read_answers, read_decisions
from nlp_reports.corpus.build import build_folder
from nlp_reports.corpus.markup import MarkedReport, parse_markup
from nlp_reports.corpus.second import Labelling
from nlp_reports.errors import DataFileError

TAX = load_taxonomy()
IDS = {"themes": frozenset(TAX.theme_ids), "stances": frozenset(TAX.stances)}
BODY = """[overview] 一、总体情况
H 1 | （一）主动公开情况
P achievement proactive_disclosure | 全年公开政府信息162条。
H 2 | 1.重点领域
P achievement proactive_disclosure | 公开工程招标结果。
H 1 | （二）监督保障情况
P achievement training,staffing | 两名新手跟班学习。
S achievement supervision | 按季度通报检查结果。
"""
ANSWERS = "1 achievement proactive_disclosure\n2 achievement -\n3 achievement training\n4 achievement supervision\n"


@pytest.fixture
def source(header: str, tmp_path: Path) -> Path:
    folder = tmp_path / "src"
    folder.mkdir()
    for name in ("x-01", "x-02"):
        (folder / f"{name}.report").write_text(header.format(id=name) + BODY, encoding="utf-8")
    return folder


@pytest.fixture
def marked(source: Path) -> MarkedReport:
    return parse_markup(source / "x-01.report", **IDS)


def answers(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "x-01.lab"
    path.write_text(text, encoding="utf-8")
    return path


def test_answers_are_read_in_order_of_the_units(marked: MarkedReport, tmp_path: Path) -> None:
    shuffled = "\n".join(reversed(ANSWERS.splitlines())) + "\n\n"
    found = read_answers(answers(tmp_path, shuffled), marked, **IDS)
    assert [str(labels) for labels in found] == [line.split(" ", 1)[1] for line in ANSWERS.splitlines()]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ANSWERS.replace("4 achievement supervision\n", ""), "no label for unit 4"),
        (ANSWERS + "4 achievement supervision\n", "line 5: unit 4 was labelled above"),
        (ANSWERS + "9 achievement -\n", "line 5: the report has no unit 9"),
        (ANSWERS.replace("training", "trainig"), "line 3: unknown theme 'trainig'"),
        (ANSWERS.replace("4 achievement", "4 success"), "line 4: unknown stance 'success'"),
        (ANSWERS.replace("2 achievement -", "2 achievement"), "line 2: expected"),
    ],
)
def test_bad_answers_are_named_by_line(marked: MarkedReport, tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(DataFileError, match=r"x-01\.lab") as caught:
        read_answers(answers(tmp_path, text), marked, **IDS)
    assert said in str(caught.value)


def test_cases_carry_their_headings_and_do_not_say_whose_label_is_whose(marked: MarkedReport, tmp_path: Path) -> None:
    cases = list(differences(marked, read_answers(answers(tmp_path, ANSWERS), marked, **IDS)))
    assert [(c.number, c.headings, c.before) for c in cases] == [
        (2, ("一、总体情况", "（一）主动公开情况", "1.重点领域"), ""),
        (3, ("一、总体情况", "（二）监督保障情况"), ""),
    ]
    assert {str(side) for side in cases[1].sides} == {"achievement staffing,training", "achievement training"}
    shown = case_sheet(cases)
    assert shown.count("=>") == 2 and "first" not in shown and "second" not in shown
    turned = {
        c.sides[0] == c.first for n in range(40) for c in [cases[0].__class__("r", n, (), "", "", *cases[0].sides)]
    }
    assert turned == {True, False}


def test_decisions_are_a_or_b_or_own_labels(marked: MarkedReport, tmp_path: Path) -> None:
    cases = list(differences(marked, read_answers(answers(tmp_path, ANSWERS), marked, **IDS)))
    path = tmp_path / "cases.txt"
    first, second = case_sheet(cases).split("=>\n", 1)
    path.write_text(first + "=> B\n" + second.replace("=>", "=> achievement staffing"), encoding="utf-8")
    decided = read_decisions(path, cases, **IDS)
    assert decided == {("x-01", 2): cases[0].sides[1], ("x-01", 3): Labelling("achievement", frozenset({"staffing"}))}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("=>\n", "=> A\n", 1), "unit 3 of x-01 is not decided: write A, B or labels"),
        (("x-01 2 |", "x-01 4 |", 1), "line 1: unit 4 of x-01 is no case"),
        (("=>\n", "=> C\n", 2), "'C' is not `stance theme,theme`"),
        (("=>\n", "=> A\n    => B\n", 1), "unit 2 of x-01 was decided above"),
        (("x-01 2 |", "", 1), "a decision without a case above it"),
    ],
)
def test_bad_decisions_are_named_by_line(
    marked: MarkedReport, tmp_path: Path, change: tuple[str, str, int], said: str
) -> None:
    cases = list(differences(marked, read_answers(answers(tmp_path, ANSWERS), marked, **IDS)))
    path = tmp_path / "cases.txt"
    path.write_text(case_sheet(cases).replace(*change), encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        read_decisions(path, cases, **IDS)
    assert said in str(caught.value)


@pytest.mark.parametrize("old", ["unit: 公开工程招标结果。", "A: achievement -", "B: achievement proactive_disclosure"])
def test_a_decision_on_other_text_or_labels_is_not_taken(marked: MarkedReport, tmp_path: Path, old: str) -> None:
    cases = list(differences(marked, read_answers(answers(tmp_path, ANSWERS), marked, **IDS)))
    shown = case_sheet(cases)
    if old not in shown:  # the sides of this case are turned
        old = {"A": "B", "B": "A"}[old[0]] + old[1:]
    path = tmp_path / "cases.txt"
    path.write_text(shown.replace(old, old + "（旧）").replace("=>", "=> A"), encoding="utf-8")
    with pytest.raises(DataFileError, match="unit 2 of x-01 reads otherwise by now"):
        read_decisions(path, cases, **IDS)


def test_a_case_that_was_cut_out_is_missed(marked: MarkedReport, tmp_path: Path) -> None:
    cases = list(differences(marked, read_answers(answers(tmp_path, ANSWERS), marked, **IDS)))
    path = tmp_path / "cases.txt"
    path.write_text(case_sheet(cases[:1]).replace("=>", "=> A"), encoding="utf-8")
    with pytest.raises(DataFileError, match="unit 3 of x-01 is not decided"):
        read_decisions(path, cases, **IDS)


def test_from_sheets_to_second_labels(source: Path, tmp_path: Path) -> None:
    run = CliRunner().invoke
    sheets, cases = tmp_path / "sheets", tmp_path / "cases.txt"
    assert run(app, ["corpus", "sheets", str(source), "--out", str(sheets)]).exit_code == 0
    (sheets / "x-01.lab").write_text(ANSWERS, encoding="utf-8")
    (sheets / "x-02.lab").write_text(ANSWERS.replace("2 achievement -", "2 achievement proactive_disclosure"), "utf-8")
    call = ["corpus", "second", str(source), str(sheets), "--labeller", "l01", "--cases", str(cases)]
    result = run(app, call)
    assert result.exit_code == 0 and "8 units of 2 reports, 3 differ; theme micro-F1 of the two 0.824" in result.output
    assert not list(source.glob("*.second")) and cases.read_text(encoding="utf-8").count("=>") == 3
    assert run(app, call).exit_code == 2  # nobody is named who decided
    refused = run(app, [*call, "--adjudicator", "a01"])
    assert refused.exit_code == 2 and "is not decided" in refused.output and not list(source.glob("*.second"))
    cases.write_text(cases.read_text(encoding="utf-8").replace("=>", "=> achievement training"), encoding="utf-8")
    assert run(app, [*call, "--adjudicator", "a01"]).exit_code == 0
    units = [unit for record in build_folder(source) for unit in record["units"] if unit["kind"] == "sentence"]
    assert [unit["themes"] for unit in units[2::4]] == [["training"], ["training"]]
    nowhere = run(app, [*call[:7], str(tmp_path / "no" / "cases.txt")])
    assert nowhere.exit_code == 2 and "NR304" in nowhere.output
    other = run(app, [*call[:5], "l02", *call[6:], "--adjudicator", "a01"])
    assert other.exit_code == 2 and "another labeller" in other.output


def test_answers_to_a_report_that_is_not_there(source: Path, tmp_path: Path) -> None:
    (tmp_path / "y-01.lab").write_text(ANSWERS, encoding="utf-8")
    call = ["corpus", "second", str(source), str(tmp_path), "--labeller", "l", "--cases", str(tmp_path / "c.txt")]
    result = CliRunner().invoke(app, call)
    assert result.exit_code == 2 and "no report y-01" in result.output
    result = CliRunner().invoke(app, [*call[:3], str(tmp_path / "src"), *call[4:]])
    assert result.exit_code == 2 and "no answers" in result.output
