"""The page of many reports: themes by agency and year, and a sortable list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ..classify.taxonomy import load_taxonomy
from ..evidence import roots
from ..schema import Report
from .assets import page


def overview_page(reports: Sequence[Report]) -> str:
    """An overview of several reports as one self-contained HTML page.

    A heat table of themes by report (units, and of these problems), bars of themes and of problems over all reports,
    and a sortable list with the contradictions of each.
    """
    taxonomy = load_taxonomy()
    units = [[s for s in r.sentences if s.kind == "sentence"] for r in reports]
    total: Counter[str] = Counter(t for us in units for u in us for t in u.themes)
    problems: Counter[str] = Counter(t for us in units for u in us if u.stance == "problem" for t in u.themes)
    rows = [
        {
            "report": report,
            "units": len(us),
            "themes": Counter(t for u in us for t in u.themes),
            "problems": sum(u.stance == "problem" for u in us),
            "errors": sum(f.severity == "error" for f in roots(report)),
            "warnings": sum(f.severity == "warning" for f in roots(report)),
            "findings": roots(report, minimum="warning"),
        }
        for report, us in zip(reports, units, strict=True)
    ]
    years: dict[int, Counter[str]] = {}
    for report, us in zip(reports, units, strict=True):
        if report.year:
            years.setdefault(report.year, Counter()).update(t for u in us for t in u.themes)
    return page(
        "overview.html.j2",
        rows=rows,
        themes=[t for t in taxonomy.themes if total[t.id]],
        total=total,
        problems=problems,
        most=max(total.values(), default=1),
        years=sorted(years.items()),
    )
