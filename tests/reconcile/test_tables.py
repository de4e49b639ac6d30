"""The identities solved together: intervals, causes, slips, and that one change is found as one cause."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from nlp_reports.reconcile import Reconciler
from nlp_reports.schema import Cell, Finding, Note, Report
from nlp_reports.synth.compose import compose
from nlp_reports.synth.ledger import make_ledger

from .helpers import base_cells, build

RECONCILER = Reconciler()


def check(cells: Mapping[str, object] | None = None, **changes: object) -> list[Finding]:
    report = build("各项工作有序开展。", cells=cells, **changes)  # type: ignore[arg-type]
    return list(RECONCILER(report).findings)


def roots(findings: list[Finding]) -> list[Finding]:
    return [f for f in findings if f.status == "mismatch" and f.root == f.finding_id and f.severity != "info"]


def test_clean_tables_have_no_mismatch() -> None:
    for template in ("f2021", "f2019"):
        assert not [f for f in check(template=template) if f.status == "mismatch"]


@given(st.integers(0, 10**6), st.integers(0, 174), st.integers(1, 3000))
@settings(max_examples=120, deadline=None)
def test_any_one_changed_cell_is_one_cause(seed: int, at: int, delta: int) -> None:
    rng = random.Random(seed)
    report = compose(rng, make_ledger(rng, size=rng.choice(["none", "small", "medium"]))).report().replace(counts=())
    cells = list(report.cells)
    t3 = [n for n, c in enumerate(cells) if c.table == "t3"]
    chosen = t3[at]
    cells[chosen] = replace(cells[chosen], value=(cells[chosen].value or Decimal(0)) + delta)
    found = roots(list(RECONCILER(report.replace(cells=tuple(cells))).findings))
    assert len(found) == 1
    assert found[0].severity == "error"
    row, column = cells[chosen].row, cells[chosen].column
    names = RECONCILER.rules.names["t3"]
    assert f"{names[row]}·{names[column]}" in found[0].explanation or names[row] in found[0].explanation


def test_dependents_hang_under_their_root_as_information() -> None:
    findings = check({"t3.total_processed.natural_person": 13})
    root = roots(findings)[0]
    dependents = [f for f in findings if f.root == root.finding_id and f is not root]
    assert {f.rule for f in (root, *dependents)} == {"T3-ROW", "T3-COL", "T3-BAL"}
    assert {f.severity for f in dependents} == {"info"}
    assert "数字颠倒" in root.explanation


def test_two_slips_in_two_places_are_two_causes() -> None:
    found = roots(check({"t3.granted.natural_person": 11, "t4.review.total": 7}))
    assert sorted(f.rule[:2] for f in found) == ["T3", "T4"]


def test_two_slips_in_one_table_are_two_causes() -> None:
    found = roots(check({"t3.granted.natural_person": 11, "t3.rejected_petition.commercial_enterprise": 4}))
    assert len(found) == 2
    assert any("（一）予以公开·自然人" in f.explanation for f in found)
    assert any("（五）1.信访举报投诉·商业企业" in f.explanation for f in found)


def test_swapped_cells_are_one_cause() -> None:
    found = roots(check({"t3.new_received.natural_person": 4, "t3.new_received.commercial_enterprise": 30}))
    assert len(found) == 1
    assert "互换" in found[0].explanation


def test_last_years_number_is_recognised() -> None:
    last = build("", cells={"t3.new_received.natural_person": 77})
    report = build("", cells={"t3.new_received.natural_person": 77})
    found = [f for f in RECONCILER(report, previous=last).findings if f.status == "mismatch"]
    assert any("沿用上年数字" in f.explanation for f in found)


def test_prose_decides_between_equal_candidates() -> None:
    text = "因信息公开被申请行政复议⟦6件|reviews|行政复议⟧。"
    report = build(text, cells={"t4.review.total": 7})
    found = roots(list(RECONCILER(report).findings))
    assert len(found) == 1
    assert "行政复议·总计印作 7，应为 6" in found[0].explanation
    assert "正文所述数字亦如此" in found[0].explanation


def test_undecided_candidates_are_all_named() -> None:
    found = roots(check({"t4.litigation_direct.total": 5}))
    assert "可能是" in found[0].explanation


class TestBlanks:
    """An empty cell is an interval: an identity over it is proved, possible or impossible."""

    def test_impossible(self) -> None:
        findings = check({"t3.granted.natural_person": 40, "t3.granted.total": None, "t3.granted.other_org": None})
        assert any(f.rule in ("T3-COL", "T3-BAL2") for f in findings if f.status == "mismatch")

    def test_possible_only(self) -> None:
        findings = check({"t4.review.upheld": None})
        assert [f.status for f in findings if f.rule == "T4-SUM"].count("not_comparable") == 1

    def test_proved_by_the_others(self) -> None:
        # the row follows from the column, so the row's own identity is borne out, not assumed
        findings = check({"t3.granted.research_institution": None})
        row = next(f for f in findings if f.rule == "T3-ROW" and "（一）予以公开" in f.explanation)
        assert row.status == "match"

    def test_prose_is_compared_with_what_the_blanks_must_be(self) -> None:
        report = build(
            "予以公开⟦10件|result_granted|予以公开⟧。",
            cells={f"t3.{row}.total": None for row in ("granted", "partially_granted", "rejected_petition")},
        )
        found = roots(list(RECONCILER(report).findings))
        assert [f.rule for f in found] == ["NT-GRANT"]
        assert found[0].expected == "12"


def test_a_cell_that_was_not_read_reliably_is_no_proof() -> None:
    cells = tuple(
        replace(c, value=Decimal(9), fault="reader") if c.cell_id == "t4.review.total" else c for c in base_cells()
    )
    report = build("各项工作有序开展。").replace(cells=cells)
    finding = next(f for f in RECONCILER(report).findings if f.rule == "T4-SUM" and "行政复议" in f.explanation)
    assert (finding.status, finding.fault) == ("not_comparable", "reader")


def test_recognised_digits_are_never_certain() -> None:
    report = build("各项工作有序开展。", cells={"t4.review.total": 0}).replace(
        notes=(Note("ocr_digits", "digits were recognised", fault="reader"),)
    )
    found = roots(list(RECONCILER(report).findings))
    assert [(f.severity, f.fault) for f in found] == [("warning", "undecidable")]


def test_an_empty_report_gives_remarks_and_no_crash() -> None:
    findings = RECONCILER(Report("r", "a.txt", "", "")).findings
    assert findings
    assert {f.status for f in findings} == {"not_comparable"}


@given(
    st.lists(
        st.tuples(st.integers(0, 199), st.sampled_from([None, "0", "7", "-3", "2.5", "999999999999"])), max_size=40
    )
)
@settings(max_examples=60, deadline=None)
def test_any_tables_give_findings(changes: list[tuple[int, str | None]]) -> None:
    cells = list(base_cells())
    for at, text in changes:
        old = cells[at]
        value = None if text is None else Decimal(text)
        cells[at] = Cell(
            old.cell_id, old.table, old.row, old.column, value, text or "", "missing" if text is None else "ok"
        )
    report = build("各项工作有序开展。").replace(cells=tuple(cells))
    findings = RECONCILER(report).findings
    ids = {f.finding_id for f in findings}
    assert len(ids) == len(findings)
    assert all(f.root in ids for f in findings)
    assert len({f.fingerprint for f in findings}) == len(findings)


def test_a_flattened_table_at_odds_all_over_is_not_laid_at_the_authors_door() -> None:
    changes = {f"t3.{row}.natural_person": 50 + n for n, row in enumerate(RECONCILER.rules.sets["refused"])}
    report = build("各项工作有序开展。", cells=changes)
    found = roots(list(RECONCILER(report).findings))
    assert [(f.severity, f.fault) for f in found] == [("warning", "undecidable")]


def test_unread_cells_make_the_rest_of_their_table_doubtful() -> None:
    cells = tuple(
        replace(c, value=None, status="unreadable", fault="reader")
        if c.cell_id == "t3.refused_case_file.natural_person"
        else c
        for c in base_cells(changes={"t3.granted.total": 13})
    )
    report = build("各项工作有序开展。").replace(cells=cells)
    found = roots(list(RECONCILER(report).findings))
    assert [(f.severity, f.fault) for f in found] == [("warning", "undecidable")]
