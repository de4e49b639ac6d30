"""What the terminal shows: findings with both sides in context, summaries and scores, as rich renderables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from .evidence import Exhibit, consequences, roots, sides
from .schema import Finding, Report

_COLOURS = {"error": "bold red", "warning": "yellow", "info": "cyan"}
_FAULTS = {
    "author": "in the report itself",
    "reader": "arose in reading",
    "undecidable": "source or reading: undecidable",
}


def _exhibit(side: str, item: Exhibit) -> Text:
    line = Text(f"    {side} ")
    if item.kind == "cell":
        line.append(f"{item.label} = ").append(item.surface or "(nothing printed)", style="bold underline")
        return line.append(f"  {item.ref}", style="dim")
    line.append("…" if item.before else "").append(item.before, style="dim")
    line.append(item.surface or item.label, style="bold underline")
    line.append(item.after, style="dim").append("…" if item.after else "")
    return line


def _finding(report: Report, finding: Finding) -> Group:
    head = Text()
    head.append(f"{finding.severity.upper():<7} ", style=_COLOURS[finding.severity])
    head.append(finding.rule, style="bold").append(f"  expected {finding.expected}, found {finding.found}")
    head.append(f"  ({_FAULTS[finding.fault]})", style="dim")
    left, right = sides(report, finding)
    lines: list[RenderableType] = [head, Text(f"  {finding.explanation}")]
    shown = 6
    lines += [_exhibit("◀", item) for item in left[:shown]]
    lines += [_exhibit("▶", item) for item in right[:shown]]
    if len(left) > shown or len(right) > shown:
        lines.append(Text(f"    … {max(len(left) - shown, 0) + max(len(right) - shown, 0)} more", style="dim"))
    after = consequences(report, finding)
    if after:
        rules = sorted({f.rule for f in after})
        lines.append(Text(f"    {len(after)} further checks fail because of it: {', '.join(rules)}", style="dim"))
    return Group(*lines)


def findings_view(report: Report, *, minimum: str = "warning") -> Group:
    """All root contradictions of a report, each with its evidence, and a closing line of totals."""
    title = Text(f"{report.agency or report.title or report.path} {report.year or ''}".strip(), style="bold")
    title.append(f"  {report.path}", style="dim")
    chosen = roots(report, minimum=minimum)
    parts: list[RenderableType] = [title]
    for finding in chosen:
        parts += [_finding(report, finding), Text("")]
    hidden = sum(f.status == "mismatch" for f in report.findings) - sum(
        1 + len(consequences(report, f)) for f in chosen
    )
    by_status = {s: sum(f.status == s for f in report.findings) for s in ("match", "mismatch", "not_comparable")}
    parts.append(
        Text(
            f"{len(chosen)} contradictions ({minimum} and up); {by_status['match']} checks hold, "
            f"{by_status['mismatch']} fail{f' ({hidden} below {minimum})' if hidden > 0 else ''}, "
            f"{by_status['not_comparable']} could not be made",
            style="dim",
        )
    )
    return Group(*parts)


def findings_record(report: Report, *, minimum: str = "warning") -> dict[str, Any]:
    """The same as plain values for ``--format json``."""
    records = []
    for finding in roots(report, minimum=minimum):
        left, right = sides(report, finding)
        records.append(
            asdict(finding)
            | {
                "evidence_left": [asdict(e) for e in left],
                "evidence_right": [asdict(e) for e in right],
                "consequences": [f.finding_id for f in consequences(report, finding)],
            }
        )
    return {
        "report_id": report.report_id,
        "path": report.path,
        "agency": report.agency,
        "year": report.year,
        "findings": records,
    }


def summary_table(reports: Sequence[Report]) -> Table:
    """One line a report."""
    table = Table(title="政府信息公开工作年度报告")
    table.add_column("file", overflow="fold")
    table.add_column("agency", overflow="fold", min_width=16)
    for column in ("year", "form", "script"):
        table.add_column(column, no_wrap=True)
    for column in ("sentences", "counts", "cells", "errors", "warnings"):
        table.add_column(column, justify="right", no_wrap=True)
    for report in reports:
        errors, warnings = (sum(f.severity == severity for f in roots(report)) for severity in ("error", "warning"))
        table.add_row(
            escape(report.path.rsplit("/", 1)[-1]), escape(report.agency), str(report.year or ""), report.template,
            report.script, str(sum(s.kind == "sentence" for s in report.sentences)), str(len(report.counts)),
            str(sum(c.status == "ok" for c in report.cells)),
            Text(str(errors), style="bold red" if errors else ""), Text(str(warnings), style="yellow" if warnings else ""),
        )  # fmt: skip
    return table


def scores_table(scores: Mapping[str, Any]) -> Table:
    """Scores of a classifier: a line a theme, then micro, macro and stance."""
    warning = " (it was trained on these very reports)" if scores.get("trained_on_these") else ""
    table = Table(title=f"{scores['model']} on {scores['units']} units of {scores['reports']} reports{warning}")
    for column in ("theme", "precision", "recall", "F1", "units"):
        table.add_column(column, justify="left" if column == "theme" else "right")
    for theme, row in scores["themes"].items():
        table.add_row(theme, *(f"{row[k]:.3f}" for k in ("precision", "recall", "f1")), str(row["support"]))
    table.add_section()
    between = {k: f" [{low:.3f}, {high:.3f}]" for k, (low, high) in scores.get("intervals", {}).items()}
    micro = [f"{scores['micro'][k]:.3f}" for k in ("precision", "recall", "f1")]
    table.add_row("micro", micro[0], micro[1], escape(micro[2] + between.get("micro_f1", "")), "")
    table.add_row("macro", "", "", escape(f"{scores['macro_f1']:.3f}{between.get('macro_f1', '')}"), "")
    stance = f"{scores['stance_accuracy']:.3f}{between.get('stance_accuracy', '')}"
    table.add_row("stance accuracy", "", "", escape(stance), str(scores["units"]))
    return table


def slices_table(slices: Mapping[str, Mapping[str, Any]]) -> Table:
    """Scores by slice: a line a level, year, script, writer and hard-case phenomenon."""
    table = Table("slice")
    for column in ("units", "micro-F1", "stance"):
        table.add_column(column, justify="right")
    for name, row in slices.items():
        table.add_row(name, str(row["units"]), f"{row['micro_f1']:.3f}", f"{row['stance_accuracy']:.3f}")
    return table


def plain_text(renderables: Sequence[RenderableType]) -> str:
    """Renderables as plain text, without colour and not wrapped."""
    import io

    from rich.console import Console

    text = io.StringIO()
    console = Console(file=text, highlight=False, soft_wrap=True, no_color=True, width=200)
    for renderable in renderables:
        console.print(renderable)
    return text.getvalue()
