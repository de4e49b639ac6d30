"""Balanced tables from a seed: every identity of the form holds, so that any contradiction found later was put there."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from ..template.load import statute

APPLICANTS = (
    "natural_person",
    "commercial_enterprise",
    "research_institution",
    "public_welfare_org",
    "legal_service_org",
    "other_org",
)
OUTCOMES = ("upheld", "corrected", "other_result", "pending")
_SIZES = {"none": (0, 0), "small": (1, 12), "medium": (15, 180), "large": (400, 4000)}
# How applications end, roughly as published reports have it; only the shape matters here.
_RESULTS = {
    "granted": 34,
    "partially_granted": 9,
    "refused_law_forbids": 1,
    "refused_third_party": 1,
    "refused_internal_affairs": 1,
    "refused_process_info": 2,
    "refused_case_file": 1,
    "refused_query_matter": 1,
    "unavailable_not_held": 30,
    "unavailable_must_create": 2,
    "unavailable_still_unclear": 1,
    "rejected_petition": 5,
    "rejected_duplicate": 2,
    "other_no_correction": 2,
    "other_other": 6,
}


@dataclass(slots=True)
class Ledger:
    """The cells of a report being composed, by id; ``None`` is printed as an empty cell.

    ``printed`` overrides what stands in a cell (``/``, ``251000元``).
    """

    template: str
    values: dict[str, Decimal | None] = field(default_factory=dict)
    printed: dict[str, str] = field(default_factory=dict)

    def number(self, *cells: str) -> int:
        """The sum of some cells."""
        return int(sum((self.values.get(c) or Decimal(0)) for c in cells))

    def text(self, cell: str) -> str:
        """What is printed in a cell."""
        if cell in self.printed:
            return self.printed[cell]
        value = self.values.get(cell)
        if value is None:
            return ""
        return str(int(value)) if value == value.to_integral_value() else format(value.normalize(), "f")

    def row(self, table: str, row: str) -> list[str]:
        """The printed cells of one row."""
        spec = statute().row(table, row)
        return [self.text(cell.cell_id) for cell in spec.cells]

    def results(self) -> list[str]:
        """The ids of the result rows of this form."""
        rows = [r.row_id for r in statute().rows_of("t3", self.template)]
        return [r for r in rows if r not in ("new_received", "carried_over", "total_processed", "carried_forward")]


def make_ledger(
    rng: random.Random,
    *,
    template: str = "f2021",
    size: str = "medium",
    cells: Mapping[str, Decimal | None] | None = None,
) -> Ledger:
    """Tables that balance.

    Args:
        rng: the source of chance; the same seed gives the same tables.
        template: ``f2021`` or ``f2019``.
        size: ``none``, ``small``, ``medium`` or ``large`` numbers of applications.
        cells: values that replace the drawn ones (the caller answers for their balance).

    Example:
        >>> ledger = make_ledger(random.Random(1), size="small")
        >>> new, old = ledger.number("t3.new_received.total"), ledger.number("t3.carried_over.total")
        >>> new + old == ledger.number("t3.total_processed.total", "t3.carried_forward.total")
        True
    """
    ledger = Ledger(template, {c.cell_id: Decimal(0) for c in statute().cells(template)})
    _table3(ledger, rng, size)
    _table4(ledger, rng, size)
    (_table2 if template == "f2021" else _table2_2019)(ledger, rng, size)
    for cell, value in (cells or {}).items():
        ledger.values[cell] = value
    return ledger


def _table3(ledger: Ledger, rng: random.Random, size: str) -> None:
    low, high = _SIZES[size]
    received = rng.randint(low, high)
    carried = rng.randint(0, max(1, received // 20)) if received else 0
    shares = [0.86, 0.09, 0.01, 0.015, 0.015, 0.01]
    results = ledger.results()
    weights = [_RESULTS.get(row, 0) + (6 if row == "other_processing" else 0) for row in results]
    left_over = rng.randint(0, max(1, (received + carried) // 25)) if received else 0
    columns = rng.choices(APPLICANTS, shares, k=received), rng.choices(APPLICANTS, shares, k=carried)
    for row, drawn in zip(("new_received", "carried_over"), columns, strict=True):
        for column in drawn:
            _add(ledger, row, column)
    pool = [c for drawn in columns for c in drawn]
    rng.shuffle(pool)
    for at, column in enumerate(pool):
        row = "carried_forward" if at < left_over else rng.choices(results, weights)[0]
        _add(ledger, row, column)
        if row != "carried_forward":
            _add(ledger, "total_processed", column)


def _add(ledger: Ledger, row: str, column: str) -> None:
    for cell in (f"t3.{row}.{column}", f"t3.{row}.total"):
        ledger.values[cell] = (ledger.values[cell] or Decimal(0)) + 1


def _table4(ledger: Ledger, rng: random.Random, size: str) -> None:
    most = {"none": 0, "small": 2, "medium": 14, "large": 120}[size]
    for block in ("review", "litigation_direct", "litigation_after_review"):
        total = 0
        for outcome in OUTCOMES:
            value = rng.randint(0, most) if rng.random() < 0.6 else 0
            ledger.values[f"t4.{block}.{outcome}"] = Decimal(value)
            total += value
        ledger.values[f"t4.{block}.total"] = Decimal(total)


def _table2(ledger: Ledger, rng: random.Random, size: str) -> None:
    scale = {"none": 0, "small": 3, "medium": 25, "large": 200}[size]
    issued, repealed = rng.randint(0, scale), rng.randint(0, scale)
    stock = rng.randint(repealed, repealed + 4 * scale)
    put = ledger.values.__setitem__
    put("t2.normative_documents.issued", Decimal(issued))
    put("t2.normative_documents.repealed", Decimal(repealed))
    put("t2.normative_documents.in_force", Decimal(stock + issued - repealed))
    for name, factor in (("license", 400), ("penalty", 90), ("coercion", 9)):
        put(f"t2.administrative_{name}.decisions", Decimal(rng.randint(1, max(scale, 1) * factor)))
    put("t2.administrative_fees.amount_wan_yuan", Decimal(rng.randint(0, scale * 100000)) / 100)


def _table2_2019(ledger: Ledger, rng: random.Random, size: str) -> None:
    scale = {"none": 0, "small": 3, "medium": 25, "large": 200}[size]
    put = ledger.values.__setitem__
    made = rng.randint(0, scale)
    put("t2_2019.normative_documents.newly_made", Decimal(made))
    put("t2_2019.normative_documents.newly_disclosed", Decimal(made))
    put("t2_2019.normative_documents.total_disclosed", Decimal(made + rng.randint(0, 4 * scale)))
    for row in ("administrative_license", "other_public_services", "administrative_penalty", "administrative_coercion"):
        put(f"t2_2019.{row}.prior_year_items", Decimal(rng.randint(0, scale)))
        put(f"t2_2019.{row}.item_change", Decimal(rng.randint(-2, 2)))
        put(f"t2_2019.{row}.decisions", Decimal(rng.randint(scale * 2 + 5, scale * 90 + 9)))
    put("t2_2019.administrative_fees.prior_year_items", Decimal(rng.randint(0, scale)))
    projects = rng.randint(0, scale)
    put("t2_2019.government_procurement.projects", Decimal(projects))
    put("t2_2019.government_procurement.amount", Decimal(projects * rng.randint(900, 90000)))
