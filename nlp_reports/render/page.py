"""The page of one report."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ..classify.taxonomy import load_taxonomy
from ..evidence import Exhibit, consequences, exhibit, roots, sides
from ..schema import Cell, Count, Finding, Report
from .assets import fragment, page
from .pieces import broken_refs, parts_of
from .tables import tables_by_section


@dataclass(frozen=True, slots=True)
class FindingView:
    """A root finding with both sides resolved and what follows from it."""

    finding: Finding
    left: list[Exhibit]
    right: list[Exhibit]
    after: list[Finding]


def _anchor(item: Exhibit) -> str:
    if item.kind == "cell":
        return f"cell-{item.ref.partition(':')[2]}"
    if item.kind == "count":
        return item.ref.partition(":")[2]
    return ""


def finding_views(report: Report) -> list[FindingView]:
    """All root mismatches of a report, worst first."""
    return [FindingView(f, *sides(report, f), consequences(report, f)) for f in roots(report)]


def report_page(report: Report) -> str:
    """One report as a self-contained HTML page.

    Text coloured by stance with theme labels, counts underlined, statutory tables with broken cells marked, and the
    findings, each linked to both places.
    """
    taxonomy = load_taxonomy()
    used = {theme for s in report.sentences for theme in s.themes}
    return page(
        "report.html.j2",
        report=report,
        parts=parts_of(report),
        tables=tables_by_section(report),
        findings=finding_views(report),
        broken=broken_refs(report.findings, "cell"),
        themes=[t for t in taxonomy.themes if t.id in used],
        stances=[s for s in taxonomy.stances if any(x.stance == s for x in report.sentences)],
        name=taxonomy.name,
        anchor=_anchor,
        number=plain_number,
        count_title=count_title,
        checks={s: sum(f.status == s for f in report.findings) for s in ("match", "mismatch", "not_comparable")},
        others=[f for f in report.findings if f.status == "not_comparable"],
        exhibit=lambda ref: exhibit(report, ref),
    )


def notebook_view(report: Report) -> str:
    """A small HTML view for notebooks: metadata, findings and tagged sentences, without style of its own."""
    taxonomy = load_taxonomy()
    return fragment(
        "notebook.html.j2",
        report=report,
        findings=finding_views(report),
        sentences=[s for s in report.sentences if s.kind == "sentence"][:40],
        name=taxonomy.name,
    )


def plain_number(value: Decimal | None) -> str:
    """A number as people write it: no exponent, no trailing zeros after the point."""
    if value is None:
        return ""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def count_title(count: Count) -> str:
    """The hover text of a count: what was read, and by which rule."""
    parts = [f"{count.label or count.item or '?'} = {plain_number(count.value)} {count.unit}".strip()]
    if count.value_max is not None:
        parts[0] += f" – {plain_number(count.value_max)}"
    parts += [x for x in (count.kind, count.bound if count.bound != "exact" else "", count.item, count.scope) if x]
    if count.part_of:
        parts.append(f"part of {count.part_of}")
    return " · ".join(parts)


def cell_title(cell: Cell) -> str:
    """The hover text of a table cell."""
    return " · ".join(x for x in (cell.cell_id, cell.status, cell.reason, f"raw {cell.raw!r}" if cell.raw else "") if x)
