"""The rules file: what is in it, and what a person who edits it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp_reports.errors import DataFileError
from nlp_reports.reconcile import Reconciler
from nlp_reports.template.load import statute
from nlp_reports.template.rules import load_rules, parse_expression

from .helpers import build

CLEAN = "全年收到政府信息公开申请⟦53件|requests_received|政府信息公开申请⟧。"


def test_every_rule_says_what_and_why_in_both_languages() -> None:
    for rule in load_rules().rules:
        assert rule.zh and rule.en and rule.source, rule.id
        assert rule.zh != rule.en


def test_identities_name_only_cells_of_the_forms() -> None:
    rules = load_rules()
    known = {c.cell_id for form in ("f2021", "f2019") for c in statute().cells(form)}
    from nlp_reports.reconcile.system import identities_of

    for form, undivided in (("f2021", False), ("f2019", True)):
        for identity in identities_of(rules, undivided, form):
            assert set(identity.difference.cells) <= known, identity.key
    counts = {r.id: sum(i.rule.id == r.id for i in identities_of(rules, False, "f2021")) for r in rules.rules}
    assert (counts["T3-ROW"], counts["T3-COL"], counts["T3-BAL"], counts["T4-SUM"]) == (25, 7, 7, 3)
    assert sum(i.rule.id == "T3-ROW" for i in identities_of(rules, True, "f2019")) == 23


def test_every_cell_has_a_display_name() -> None:
    rules = load_rules()
    for form in ("f2021", "f2019"):
        for cell in statute().cells(form):
            assert not any(c.isascii() and c.isalpha() for c in rules.cell_name(cell.cell_id)), cell.cell_id


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("rules:\n- id: T3-ROW\n  severty: info\n", 3, "severty"),
        ("rules:\n- id: T3-ROW\n  severity: fatal\n", 3, "error, warning, info"),
        ("rules:\n- id: X-1\n  kind: nonsense\n  zh: a\n  en: b\n  source: c\n  severity: info\n", 3, "nonsense"),
        ("rules:\n- id: X-1\n  kind: leak\n  zh: a\n  en: b\n  source: c\n  severity: info\n", 2, "pattern"),
        (
            "rules:\n- id: X-1\n  kind: leak\n  zh: a\n  en: b\n  source: c\n  severity: info\n  pattern: '(a'\n",
            8,
            "regular expression",
        ),
        (
            "rules:\n- id: X-1\n  kind: identity\n  zh: a\n  en: b\n  source: c\n  severity: info\n"
            "  left: t4.review.total * t4.review.upheld\n  right: '0'\n",
            8,
            "cannot read",
        ),
        (
            "rules:\n- id: X-1\n  kind: identity\n  zh: a\n  en: b\n  source: c\n  severity: info\n"
            "  left: t3.[nosuch].total\n  right: '0'\n",
            8,
            "nosuch",
        ),
        ("rulez: []\n", 1, "rulez"),
        ("rules: [\n", 2, ""),
    ],
)
def test_a_slip_in_a_rules_file_is_named_with_its_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        load_rules(path)
    assert f"line {line}" in str(caught.value)
    assert says in str(caught.value)
    assert caught.value.code == "NR301"


def test_a_user_switches_off_reweighs_and_adds(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(
        "rules:\n"
        "- {id: NT-RECV, severity: info}\n"
        "- {id: T4-SUM, enabled: false}\n"
        "- id: X-LICENSE\n"
        "  kind: identity\n"
        "  zh: 行政许可不少于行政处罚\n"
        "  en: Licences are at least as many as penalties\n"
        "  source: 本单位规定\n"
        "  severity: warning\n"
        "  left: t2.administrative_license.decisions\n"
        "  relation: '>='\n"
        "  right: t2.administrative_penalty.decisions\n",
        encoding="utf-8",
    )
    report = build(CLEAN, cells={"t4.review.total": 0, "t2.administrative_license.decisions": 7})
    found = {f.rule: f.severity for f in Reconciler(rules=path)(report).findings if f.status == "mismatch"}
    assert found == {"NT-RECV": "info", "X-LICENSE": "warning"}


def test_off_takes_ids_and_families_and_refuses_unknown_ones() -> None:
    report = build(CLEAN, cells={"t4.review.total": 0})
    assert not [f for f in Reconciler(off=("NT-*", "T4-SUM"))(report).findings if f.status == "mismatch"]
    with pytest.raises(DataFileError, match="T9-NONE"):
        Reconciler(off=("T9-NONE",))


@pytest.mark.parametrize("text", ["", "+", "t3", "t3.a.b t3.c.d", "eval(1)", "t3.a.b ** 2", "(t3.a.b)"])
def test_an_expression_is_a_sum_and_nothing_else(text: str) -> None:
    with pytest.raises(ValueError, match=r"cannot read|empty"):
        parse_expression(text)
