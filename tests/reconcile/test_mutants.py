"""Clean composed reports are silent; change one number that something decides, and it is found."""

from __future__ import annotations

import random

import pytest

from nlp_reports.pipeline import Pipeline
from nlp_reports.read import read_bytes
from nlp_reports.reconcile import Reconciler
from nlp_reports.schema import Report
from nlp_reports.synth.compose import Composition, compose
from nlp_reports.synth.ledger import make_ledger
from nlp_reports.synth.mutate import cell_mutants, told_mutants
from nlp_reports.synth.render import render
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


def test_mutants_are_found_from_the_file_on() -> None:
    """What the author tied together by 分别为, 其中 or a bracket is compared whatever the sizes say."""
    pipeline = Pipeline.default()
    found = total = 0
    lost = []
    for seed in (1, 5, 7, 11, 15, 27):
        rng, clean = composition(seed)
        for mutant in told_mutants(clean, rng):
            data = render(mutant.composition, layout="B", fmt="text")
            hit = any(f.status == "mismatch" for f in pipeline(read_bytes(data, path="a.txt")[0]).findings)
            total += 1
            found += hit
            lost += [] if hit else [(seed, mutant.where, mutant.before, mutant.after)]
    assert total > 40 and found / total >= 0.99, lost
