"""Writes docs/mutants.md: how many changed numbers the checker finds, how often it is silent on clean reports."""

from __future__ import annotations

import random
import sys
from collections import Counter
from pathlib import Path

from nlp_reports.pipeline import Pipeline
from nlp_reports.read import read_bytes
from nlp_reports.reconcile import Reconciler
from nlp_reports.schema import Finding
from nlp_reports.synth.compose import Composition, compose
from nlp_reports.synth.ledger import make_ledger
from nlp_reports.synth.mutate import cell_mutants, told_mutants
from nlp_reports.synth.render import render
from nlp_reports.synth.slips import SLIPS, plant

PAGE = Path(__file__).resolve().parents[1] / "mutants.md"
HEAD = """# Mutation test

Written by `docs/tools/mutants_page.py {arguments}`. Reports are composed with tables that balance and prose that quotes them
(`nlp_reports/synth`), in both forms, with none, few, some and very many applications. One number is changed at a time: ±1,
digits transposed, dropped or doubled, zeroed, or the neighbour's. A mutant is found when there is any `mismatch`; *one cause*
says that there is a single root. Numbers that are still right in another sense of the same words (收到 with or without what was
carried in, `NT-*` candidates) are no mutants and are left out.

"""


def composition(
    seed: int, sizes: tuple[str, ...] = ("none", "small", "medium", "large")
) -> tuple[random.Random, Composition]:
    rng = random.Random(seed)  # noqa: S311 - chance that can be repeated
    template = rng.choice(["f2021", "f2019"])
    return rng, compose(rng, make_ledger(rng, template=template, size=rng.choice(sizes)))


class Checkers:
    """The checker on what was composed (``told``), and on the file read back (``file``)."""

    def __init__(self) -> None:
        self.reconciler, self.pipeline = Reconciler(), Pipeline.default()

    def told(self, composed: Composition) -> list[Finding]:
        return [f for f in self.reconciler(composed.report()).findings if f.status == "mismatch"]

    def file(self, composed: Composition) -> list[Finding]:
        report = self.pipeline(read_bytes(render(composed, layout="B", fmt="text"), path="composed.txt")[0])
        return [f for f in report.findings if f.status == "mismatch"]


def table(counts: Counter[tuple[str, str]], kinds: list[str]) -> list[str]:
    rows = ["| changed | mutants | found | one cause |", "|---|---|---|---|"]
    for kind in kinds:
        n, found, single = (counts[kind, key] for key in ("n", "found", "single"))
        if n:
            rows.append(f"| {kind} | {n} | {found} ({found / n:.2%}) | {single} ({single / n:.2%}) |")
    return rows


def measure(check: object, reports: int, cells: int) -> tuple[list[str], int]:
    counts: Counter[tuple[str, str]] = Counter()
    loud = 0
    for seed in range(reports):
        rng, clean = composition(seed)
        loud += bool(check(clean))  # type: ignore[operator]
        mutants = list(told_mutants(clean, rng))
        chosen = list(cell_mutants(clean, rng))
        for mutant in [*mutants, *rng.sample(chosen, min(cells, len(chosen)))]:
            kind = f"cell of {mutant.where.split('.')[0]}" if mutant.kind == "cell" else "number of the prose"
            findings = check(mutant.composition)  # type: ignore[operator]
            for key in (kind, "all"):
                counts[key, "n"] += 1
                counts[key, "found"] += bool(findings)
                counts[key, "single"] += len({f.root for f in findings}) == 1
    return table(counts, ["cell of t3", "cell of t4", "number of the prose", "all"]), loud


def slips(check: object, reports: int) -> list[str]:
    rows = ["| planted | reports | told by its rule | one cause |", "|---|---|---|---|"]
    for name in SLIPS:
        n = told = single = 0
        for seed in range(reports):
            rng, clean = composition(seed, ("small", "medium", "large"))
            for planted in plant(clean, [name], rng):
                n += 1
                findings = check(clean)  # type: ignore[operator]
                told += bool({f.rule for f in findings} & set(planted.rules))
                single += len({f.root for f in findings}) == 1
        rows.append(f"| `{name}` | {n} | {told} | {single} |")
    return rows


def main(reports: int = 60, files: int = 12) -> None:
    checkers = Checkers()
    lines, loud = measure(checkers.told, reports, 20)
    page = [HEAD.format(arguments=f"{reports} {files}"), "## Reconciliation alone (numbers and labels known)\n", *lines]
    page.append(f"\nClean reports: {reports}; with any mismatch: {loud}.\n")
    lines, loud = measure(checkers.file, files, 6)
    page += ["## From the file (text, layout B) to the findings\n", *lines]
    page.append(f"\nClean reports: {files}; with any mismatch: {loud}.\n")
    page += ["## Planted contradictions\n", *slips(checkers.told, 30), ""]
    PAGE.write_text("\n".join(page), encoding="utf-8")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
