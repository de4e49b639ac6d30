"""Findings in forms that leave the house: SARIF, CSV, and the list of questions for the agency as XLSX or DOCX."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from . import __version__
from .evidence import Exhibit, roots, sides
from .schema import Finding, Report
from .template.rules import load_rules

QUESTION_COLUMNS = ("机关", "年度", "文件", "级别", "位置", "原文", "规则", "应为", "实为", "说明", "编号")
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}


def statements() -> dict[str, tuple[str, str, str]]:
    """Rule id → (statement in Chinese, in English, legal source)."""
    return {rule.id: (rule.zh, rule.en, rule.source) for rule in load_rules().rules}


def _place(report: Report, item: Exhibit) -> str:
    if item.kind == "cell":
        return item.label
    section = next((s.title for s in report.sections if s.start <= item.start < s.end), "")
    return section or "正文"


def _surface(item: Exhibit) -> str:
    if item.kind == "cell":
        return f"{item.label} = {item.surface}"
    return f"{item.before}{item.surface}{item.after}".strip()


def question_rows(reports: Iterable[Report], *, minimum: str = "warning") -> list[list[str]]:
    """One row a root contradiction, in :data:`QUESTION_COLUMNS`; both sides' text stands in 原文."""
    rules = statements()
    rows = []
    for report in reports:
        for finding in roots(report, minimum=minimum):
            left, right = sides(report, finding)
            items = [*left, *right]
            rows.append(
                [
                    report.agency or report.title, str(report.year or ""), Path(report.path).name, finding.severity,
                    "；".join(dict.fromkeys(_place(report, i) for i in items)),
                    "\n".join(dict.fromkeys(_surface(i) for i in items)),
                    f"{finding.rule} {rules.get(finding.rule, ('', '', ''))[0]}".strip(),
                    finding.expected, finding.found, finding.explanation, finding.fingerprint,
                ]
            )  # fmt: skip
    return rows


def to_csv(reports: Iterable[Report], *, minimum: str = "warning") -> str:
    """The list of questions as CSV (UTF-8 with BOM is up to the writer of the file)."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(QUESTION_COLUMNS)
    # A cell that starts like a formula would be run by a spreadsheet.
    writer.writerows([_inert(value) for value in row] for row in question_rows(reports, minimum=minimum))
    return text.getvalue()


def _inert(value: str) -> str:
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def to_sarif(reports: Sequence[Report], *, minimum: str = "warning") -> dict[str, Any]:
    """Findings as SARIF 2.1.0, with code-point regions into the text of each report and the fingerprint kept.

    Reference: OASIS, Static Analysis Results Interchange Format 2.1.0.
    """
    known = statements()
    used: dict[str, int] = {}
    results = []
    for report in reports:
        for finding in roots(report, minimum=minimum):
            index = used.setdefault(finding.rule, len(used))
            left, right = sides(report, finding)
            places = [_location(report, i) for i in (*left, *right) if i.start >= 0]
            results.append(
                {
                    "ruleId": finding.rule,
                    "ruleIndex": index,
                    "level": _LEVELS[finding.severity],
                    "message": {"text": finding.explanation},
                    "locations": places[:1] or [{"physicalLocation": {"artifactLocation": {"uri": _uri(report)}}}],
                    "relatedLocations": places[1:],
                    "partialFingerprints": {"finding/v1": finding.fingerprint},
                    "properties": _properties(finding),
                }
            )
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "nlp-reports",
                        "version": __version__,
                        "rules": [
                            {
                                "id": rule,
                                "shortDescription": {"text": known.get(rule, ("", rule, ""))[1] or rule},
                                "fullDescription": {"text": known.get(rule, (rule, "", ""))[0] or rule},
                            }
                            for rule in used
                        ],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": results,
            }
        ],
    }


def _uri(report: Report) -> str:
    from urllib.parse import quote

    return quote(report.path.replace("\\", "/"))


def _location(report: Report, item: Exhibit) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(report)},
            "region": {
                "charOffset": item.start,
                "charLength": max(item.end - item.start, 0),
                "snippet": {"text": report.text[item.start : item.end]},
            },
        },
        "logicalLocations": [{"name": item.ref}],
    }


def _properties(finding: Finding) -> dict[str, Any]:
    return {"expected": finding.expected, "found": finding.found, "fault": finding.fault}


def write_xlsx(path: Path, reports: Iterable[Report], *, minimum: str = "warning") -> int:
    """Write the list of questions as a workbook; returns the number of questions."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    rows = question_rows(reports, minimum=minimum)
    book = Workbook()
    sheet = book.active
    sheet.title = "核对问题"
    sheet.append(QUESTION_COLUMNS)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in rows:
        sheet.append(row)
        for cell in sheet[sheet.max_row]:
            # Text stays text: nothing from a report becomes a formula.
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for column, width in zip("ABCDEFGHIJK", (24, 8, 20, 9, 30, 60, 40, 12, 12, 60, 18), strict=True):
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes = "A2"
    book.save(path)
    return len(rows)


def write_docx(path: Path, reports: Sequence[Report], *, minimum: str = "warning") -> int:
    """Write the list of questions as a letter-like document, one table a report; returns the number of questions."""
    from docx import Document

    document = Document()
    document.add_heading("政府信息公开工作年度报告核对问题清单", level=1)
    total = 0
    for report in reports:
        rows = question_rows([report], minimum=minimum)
        if not rows:
            continue
        total += len(rows)
        document.add_heading(f"{report.agency or report.title} {report.year or ''}".strip(), level=2)
        table = document.add_table(rows=1, cols=5)
        table.style = "Table Grid"
        for cell, name in zip(table.rows[0].cells, ("位置", "原文", "规则", "应为", "实为"), strict=True):
            cell.text = name
        for row in rows:
            for cell, column in zip(table.add_row().cells, (4, 5, 6, 7, 8), strict=True):
                cell.text = row[column]
            document.add_paragraph(row[9], style="List Bullet")
    document.save(str(path))
    return total
