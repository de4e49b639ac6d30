"""Composed sentences beside tables: what must be found, and what must not be called wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nlp_reports.reconcile import Reconciler
from nlp_reports.schema import Finding, Report

from .helpers import build, recounted

GOLDEN = Path(__file__).parents[1] / "golden"


def lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (GOLDEN / name).read_text(encoding="utf-8").splitlines()]


def report_of(case: dict[str, Any]) -> Report:
    keys = ("cells", "template", "agency", "section", "preamble", "tables", "other", "without")
    return build(case["text"], **{k: case[k] for k in keys if k in case})


def mismatches(report: Report) -> list[Finding]:
    return [f for f in Reconciler()(report).findings if f.status == "mismatch"]


@pytest.mark.parametrize("case", lines("traps.jsonl"), ids=lambda case: str(case["id"]))
def test_honest_trap_is_not_accused(case: dict[str, Any]) -> None:
    found = [f for f in mismatches(report_of(case)) if f.severity != "info"]
    assert [f.explanation for f in found] == [], case["why"]


def test_there_are_enough_traps() -> None:
    assert len(lines("traps.jsonl")) >= 60
    assert len({case["id"] for case in lines("traps.jsonl")}) == len(lines("traps.jsonl"))


@pytest.mark.parametrize("case", lines("contradictions.jsonl"), ids=lambda case: str(case["id"]))
def test_contradiction_is_found_once(case: dict[str, Any]) -> None:
    found = mismatches(report_of(case))
    roots = [f for f in found if f.root == f.finding_id]
    assert case["rule"] in [f.rule for f in found]
    assert len(roots) == 1, [f.explanation for f in roots]
    if "says" in case:
        assert case["says"] in roots[0].explanation
    if "severity" in case:
        assert roots[0].severity == case["severity"]


@pytest.mark.parametrize("case", lines("rule_examples.jsonl"), ids=lambda case: str(case["rule"]))
def test_rule_has_an_example(case: dict[str, Any]) -> None:
    found = [f for f in Reconciler()(report_of(case)).findings if f.rule == case["rule"]]
    assert case["status"] in [f.status for f in found]


def test_every_active_rule_has_an_example() -> None:
    shown = {case["rule"] for name in ("rule_examples.jsonl", "contradictions.jsonl") for case in lines(name)}
    wanted = {rule.id for rule in Reconciler().rules.active()}
    assert wanted - shown == set()


@pytest.mark.parametrize("case", lines("traps.jsonl"), ids=lambda case: str(case["id"]))
def test_honest_trap_read_by_the_real_stages_is_no_error(case: dict[str, Any]) -> None:
    assert [f.explanation for f in mismatches(recounted(report_of(case))) if f.severity == "error"] == []


def test_real_stages_agree_with_the_marks() -> None:
    warned = [
        c["id"]
        for c in lines("traps.jsonl")
        if [f for f in mismatches(recounted(report_of(c))) if f.severity != "info"]
    ]
    missed = [
        c["id"]
        for c in lines("contradictions.jsonl")
        if c["rule"] not in {f.rule for f in mismatches(recounted(report_of(c)))}
    ]
    assert len(warned) <= 1, warned
    assert len(missed) <= 2, missed
