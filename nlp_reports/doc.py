"""What a notebook holds: one tagged report with its tables a method away."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import export
from .pipeline import Pipeline
from .read import read
from .schema import Cell, Count, Finding, Report, Section, Sentence


@dataclass(frozen=True, slots=True)
class Doc:
    """A report that has gone through the pipeline.

    Example:
        >>> from nlp_reports.read import read_bytes
        >>> report = read_bytes("某某县水务局2023年政府信息公开工作年度报告\\n一、总体情况\\n公开信息12条。".encode(), path="a.txt")[0]
        >>> doc = tag(report)
        >>> doc.counts[0].value
        Decimal('12')
        >>> doc.report.text[doc.counts[0].number_start : doc.counts[0].number_end]
        '12'
    """

    report: Report

    @property
    def text(self) -> str:
        """The text that all offsets slice."""
        return self.report.text

    @property
    def sections(self) -> tuple[Section, ...]:
        return self.report.sections

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        return self.report.sentences

    @property
    def counts(self) -> tuple[Count, ...]:
        return self.report.counts

    @property
    def cells(self) -> tuple[Cell, ...]:
        return self.report.cells

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.report.findings

    def to_frame(self, table: str) -> Any:
        """One table of the output contract as a pandas DataFrame (an Arrow table without pandas).

        Args:
            table: ``reports``, ``sections``, ``sentences``, ``counts``, ``cells`` or ``findings``.
        """
        return export.to_frame(self.report, table)

    def to_html(self) -> str:
        """The report as one self-contained HTML page."""
        from .render import report_page

        return report_page(self.report)

    def _repr_html_(self) -> str:
        from .render import notebook_view

        return notebook_view(self.report)


def tag(report: Report | str | Path, *, pipeline: Pipeline | None = None) -> Doc:
    """Run the pipeline over a report (or over the file at a path).

    Args:
        report: what :func:`nlp_reports.read` returned, or a path.
        pipeline: your own; the default pipeline is built once and kept.

    Raises:
        ReportError: the file cannot be read.
    """
    if not isinstance(report, Report):
        report = read(report)
    return Doc((pipeline or _default())(report))


_kept: list[Pipeline] = []


def _default() -> Pipeline:
    if not _kept:
        _kept.append(Pipeline.default())
    return _kept[0]
