"""Mutants of a clean composed report: one cell or one told number changed, nothing else.

Whether a checker finds each of them says how much it misses; whether it is silent on the report unchanged, how much it
accuses wrongly.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from ..reconcile.cells import CellTable
from ..reconcile.narrative import Candidate, targets
from ..template.rules import load_rules
from .compose import Composition, Told, phrases, retell

#: ways to get a number wrong, as hands and machines do
SLIPS = ("plus_one", "minus_one", "transposed", "digit_dropped", "digit_doubled", "zeroed", "neighbour")


@dataclass(frozen=True, slots=True)
class Mutant:
    """``where`` is a cell id or ``section/sentence/number``; ``kind`` is ``cell`` or ``told``."""

    kind: str
    where: str
    slip: str
    before: str
    after: str
    composition: Composition


def slipped(figures: str, slip: str, neighbour: str = "") -> str | None:
    """The number after the slip; ``None`` when the slip cannot happen to it or changes nothing.

    Example:
        >>> slipped("120", "transposed"), slipped("7", "transposed"), slipped("10", "digit_dropped")
        ('210', None, '1')
    """
    value = Decimal(figures)
    whole = figures.isdigit()
    if slip == "plus_one":
        new = str(value + 1)
    elif slip == "minus_one":
        new = str(value - 1) if value >= 1 else ""
    elif slip == "transposed":
        new = figures[1] + figures[0] + figures[2:] if whole and len(figures) > 1 and figures[1] != "0" else ""
    elif slip == "digit_dropped":
        new = figures[:-1] if whole and len(figures) > 1 else ""
    elif slip == "digit_doubled":
        new = figures + figures[-1] if whole and value else ""
    elif slip == "zeroed":
        new = "0" if value else ""
    else:
        new = neighbour
    return new if new and Decimal(new) != value else None


def cell_mutants(
    composition: Composition, rng: random.Random, *, tables: tuple[str, ...] = ("t3", "t4")
) -> Iterator[Mutant]:
    """One mutant for every cell of the tables that stands in an identity, with a slip drawn for each."""
    ledger = composition.ledger
    cells = [c for c in ledger.values if c.split(".", 1)[0] in tables]
    for at, cell in enumerate(cells):
        figures = ledger.text(cell)
        beside = ledger.text(cells[at - 1])
        slips = [s for s in SLIPS if slipped(figures, s, beside) is not None]
        if not slips:
            continue
        slip = rng.choice(slips)
        after = slipped(figures, slip, beside)
        mutant = copy.deepcopy(composition)
        mutant.ledger.values[cell] = Decimal(after or 0)
        yield Mutant("cell", cell, slip, figures, after or "", mutant)


def told_mutants(composition: Composition, rng: random.Random) -> Iterator[Mutant]:
    """One mutant for every told number that stands in a cell, a sum, a share or a second statement."""
    related = counterparts(composition)
    for name, paragraphs in composition.sections.items():
        for p, sentences in enumerate(paragraphs):
            for s, said in enumerate(sentences):
                for n, told in enumerate(said.told):
                    if told.negated_zero or (name, p, s, n) not in related:
                        continue
                    figures = said.text[told.start : told.end]
                    slips = [x for x in SLIPS[:-1] if slipped(figures, x) is not None]
                    if not slips:
                        continue
                    slip = rng.choice(slips)
                    after = slipped(figures, slip) or ""
                    if still_true(composition, told, Decimal(after)):
                        continue
                    mutant = copy.deepcopy(composition)
                    mutant.sections[name][p][s] = retell(said, n, after)
                    yield Mutant("told", f"{name}/{p}/{s}/{told.fact}", slip, figures, after, mutant)


def still_true(composition: Composition, told: Told, value: Decimal) -> bool:
    """Whether the number is right in another sense of the same words (收到 with or without what was carried in)."""
    report = composition.report()
    rules = load_rules()
    target = targets(rules, report.template).get(told.item)
    if target is None or value == 0:
        return False
    table = CellTable(report, rules)
    meanings = list(target.candidates)
    for rule_ids in target.rule.get("verbs", {}).values():
        for rule_id in rule_ids:
            meanings += [Candidate(c["expr"], c["zh"]) for c in rules.rule(rule_id).get("candidates")]
    for candidate in meanings:
        linear = table.expand(candidate.expression, dict(candidate.bindings))
        if table.has(linear) and table.printed(linear) == value:
            return True
    return False


def counterparts(composition: Composition) -> set[tuple[str, int, int, int]]:
    """The numbers of the prose that something else in the report decides."""
    specs = phrases()["facts"]
    places: dict[str, list[tuple[str, int, int, int]]] = {}
    parts: dict[str, set[str]] = {}
    for name, paragraphs in composition.sections.items():
        for p, sentences in enumerate(paragraphs):
            for s, said in enumerate(sentences):
                for n, told in enumerate(said.told):
                    places.setdefault(told.fact, []).append((name, p, s, n))
                    if told.whole:
                        parts.setdefault(told.whole, set()).add(told.fact)
    related: set[tuple[str, int, int, int]] = set()
    for fact, where in places.items():
        spec = specs.get(fact, {})
        held = any(c in composition.ledger.values for c in spec.get("cells", ()))
        if held or "group" in spec or "share" in spec or len(where) > 1:
            related.update(where)
        # a listing decides its whole and its parts when all parts are told
        if "sum" in spec and set(spec["sum"]) == parts.get(fact):
            related.update(where)
            for part in spec["sum"]:
                related.update(places[part])
    return related
