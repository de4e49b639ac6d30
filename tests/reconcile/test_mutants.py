"""Clean composed reports are silent; change one number that something decides, and it is found."""

from __future__ import annotations

import random

import pytest

from nlp_reports.reconcile import Reconciler
from nlp_reports.schema import Report
from nlp_reports.synth.compose import Composition, compose
from nlp_reports.synth.ledger import make_ledger
from nlp_reports.synth.mutate import cell_mutants, told_mutants
from nlp_reports.synth.slips import SLIPS, plant

RECONCILER = Reconciler()


def composition(seed: int) -> tuple[random.Random, Composition]:
    rng = random.Random(seed)
    template = rng.choice(["f2021", "f2019"])
    return rng, compose(rng, make_ledger(rng, template=template, size=rng.choice(["none", "small", "medium"])))


def mismatches(report: Report) -> list[str]:
    return [f.explanation for f in RECONCILER(report).findings if f.status == "mismatch"]


@pytest.mark.parametrize("seed", range(40))
def test_clean_report_is_silent(seed: int) -> None:
    assert mismatches(composition(seed)[1].report()) == []


def test_mutants_are_found() -> None:
    found = missed = 0
    lost = []
    for seed in range(8):
        rng, clean = composition(seed)
        mutants = [*told_mutants(clean, rng), *rng.sample(list(cell_mutants(clean, rng)), 12)]
        for mutant in mutants:
            if mismatches(mutant.composition.report()):
                found += 1
            else:
                missed += 1
                lost.append((mutant.where, mutant.slip, mutant.before, mutant.after))
    assert found / (found + missed) >= 0.99, lost


@pytest.mark.parametrize("name", sorted(SLIPS))
def test_planted_slip_is_told_by_its_rule(name: str) -> None:
    placed = 0
    for seed in range(14):
        rng, clean = composition(seed)
        for planted in plant(clean, [name], rng):
            placed += 1
            rules = {f.rule for f in RECONCILER(clean.report()).findings if f.status == "mismatch"}
            assert rules & set(planted.rules), (seed, planted)
    assert placed
