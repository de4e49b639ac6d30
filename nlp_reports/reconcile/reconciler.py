"""One report in, the same report with its findings out."""

from __future__ import annotations

from pathlib import Path

from ..schema import Report
from ..template.rules import RuleSet, load_rules
from .arithmetic import TableCheck
from .cells import CellTable
from .drafts import Draft, finish
from .form import FormCheck
from .listing import ListingCheck
from .narrative import NarrativeCheck
from .prose import Prose
from .restated import RestatedCheck
from .structure import StructureCheck


class Reconciler:
    """Compare all numbers of a report and fill ``report.findings``.

    Args:
        rules: a YAML file that switches, re-weighs or adds rules (see ``template/rules.yaml``).
        off: ids of rules to leave out; ``NT-*`` leaves out a family.

    Raises:
        DataFileError: NR301, the rules file does not say what it must, or ``off`` names no rule.

    Limits: one report at a time; what needs last year's report or neighbours is not decided here. A finding reports,
    it never repairs.

    Example:
        >>> from decimal import Decimal
        >>> from nlp_reports.schema import Cell, Report
        >>> names = ["upheld", "corrected", "other_result", "pending", "total"]
        >>> cells = tuple(
        ...     Cell(f"t4.review.{name}", "t4", "review", name, Decimal(value), str(value), "ok")
        ...     for name, value in zip(names, [4, 1, 0, 0, 0])
        ... )
        >>> report = Reconciler()(Report("r", "a.txt", "", "", cells=cells, template="f2021"))
        >>> [(f.rule, f.expected, f.found) for f in report.findings if f.status == "mismatch"]
        [('T4-SUM', '5', '0')]
    """

    def __init__(self, *, rules: Path | None = None, off: tuple[str, ...] = ()) -> None:
        loaded = load_rules(rules)
        self.rules: RuleSet = loaded.without(tuple(off)) if off else loaded

    def __call__(self, report: Report, *, previous: Report | None = None) -> Report:
        """Return ``report`` with its findings.

        Args:
            report: parsed and counted; missing parts give ``not_comparable``.
            previous: last year's report of the same agency, only to recognise numbers copied from it.
        """
        return report.replace(findings=finish(report, self.drafts(report, previous=previous)))

    def drafts(self, report: Report, *, previous: Report | None = None) -> list[Draft]:
        """The findings before they are numbered."""
        rules = self.rules
        table = CellTable(report, rules)
        last = CellTable(previous, rules).values if previous is not None else {}
        prose = Prose(report, rules)
        tables = TableCheck(report, table, rules)
        narrative = NarrativeCheck(prose, table, rules, tables.causes)
        drafts = tables.run(narrative.told(), last)
        drafts += narrative.run()
        drafts += ListingCheck(prose, table, rules, narrative).run()
        drafts += RestatedCheck(prose, rules, narrative).run()
        drafts += StructureCheck(prose, table, rules, tables.causes).run()
        drafts += FormCheck(prose, rules).run()
        return drafts
