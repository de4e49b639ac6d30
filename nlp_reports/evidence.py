"""From a finding's refs back to the text: what a person wants to see of each side."""

from __future__ import annotations

from dataclasses import dataclass

from .schema import Finding, Report
from .template.rules import load_rules


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One side's piece of evidence.

    ``start``/``end`` slice ``Report.text`` (both ``-1`` when nothing is printed); ``before`` and ``after`` are the text
    around it within its own line, at most ``width`` code points.
    """

    ref: str
    kind: str
    label: str
    surface: str
    start: int
    end: int
    before: str = ""
    after: str = ""


def exhibit(report: Report, ref: str, *, width: int = 24) -> Exhibit:
    """Resolve one ref (``cell:…``, ``count:…``, ``text:start-end``) to its text in context.

    Args:
        report: the report that the finding is of.
        ref: as in ``Finding.left`` and ``Finding.right``.
        width: code points of context on each side.
    """
    kind, _, key = ref.partition(":")
    if kind == "cell":
        cell = report.cell(key)
        name = load_rules().cell_name(key)
        if cell is None:
            return Exhibit(ref, kind, name, "", -1, -1)
        surface = cell.raw if cell.raw or cell.status != "ok" else str(cell.value)
        return Exhibit(ref, kind, name, surface or f"({cell.status})", cell.start, cell.end)
    if kind == "count":
        count = next((c for c in report.counts if c.count_id == key), None)
        if count is None:
            return Exhibit(ref, kind, key, "", -1, -1)
        return _in_context(report, ref, kind, count.label or count.item, count.start, count.end, width)
    first, _, last = key.partition("-")
    if kind == "text" and first.isdigit() and last.isdigit():
        return _in_context(report, ref, kind, "", int(first), int(last), width)
    return Exhibit(ref, kind, key, key, -1, -1)


def _in_context(report: Report, ref: str, kind: str, label: str, start: int, end: int, width: int) -> Exhibit:
    text = report.text
    left = max(start - width, text.rfind("\n", 0, start) + 1)
    newline = text.find("\n", end)
    right = min(end + width, newline if newline >= 0 else len(text))
    return Exhibit(ref, kind, label, text[start:end], start, end, text[left:start], text[end:right])


def sides(report: Report, finding: Finding, *, width: int = 24) -> tuple[list[Exhibit], list[Exhibit]]:
    """Both sides of a finding, resolved."""
    return (
        [exhibit(report, ref, width=width) for ref in finding.left],
        [exhibit(report, ref, width=width) for ref in finding.right],
    )


def roots(report: Report, *, status: str = "mismatch", minimum: str = "info") -> list[Finding]:
    """Root findings of a status and at least a severity, worst first, then in report order."""
    order = {"error": 0, "warning": 1, "info": 2}
    chosen = [
        f
        for f in report.findings
        if f.status == status and f.root == f.finding_id and order[f.severity] <= order[minimum]
    ]
    return sorted(chosen, key=lambda f: order[f.severity])


def consequences(report: Report, finding: Finding) -> list[Finding]:
    """The findings that fail because of this root."""
    return [f for f in report.findings if f.root == finding.finding_id and f.finding_id != finding.finding_id]
