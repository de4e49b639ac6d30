"""How checked reports are handed over: on the terminal, or as a file in one of several forms."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from ..errors import ReportError
from ..schema import Report
from .common import out


def deliver(reports: Sequence[Report], *, format: str, target: Path | None, minimum: str) -> None:
    """Print or write the findings of reports.

    Args:
        reports: what was checked.
        format: ``text``, ``json``, ``sarif``, ``csv``, ``html``, ``xlsx`` or ``docx``.
        target: the file; standard output without one.
        minimum: least severity.

    Raises:
        ReportError: NR304, when the file cannot be written.
    """
    from .. import handover, view

    if format == "text" and target is None:
        for report in reports:
            out().print(view.findings_view(report, minimum=minimum))
        return
    try:
        if target is not None:
            target.parent.mkdir(parents=True, exist_ok=True)
        if format in ("xlsx", "docx") and target is not None:
            write = handover.write_xlsx if format == "xlsx" else handover.write_docx
            total = write(target, reports, minimum=minimum)
            out().print(f"{target} ({total} questions)", markup=False)
            return
        text = _text(reports, format, minimum)
        if target is None:
            sys.stdout.write(text)
        else:
            # Spreadsheets take UTF-8 in CSV for what it is only with a byte order mark.
            target.write_text(text, encoding="utf-8-sig" if format == "csv" else "utf-8", newline="\n")
    except OSError as error:
        raise ReportError("NR304", path=str(target), detail=str(error.strerror or error)) from error


def _text(reports: Sequence[Report], format: str, minimum: str) -> str:
    from .. import handover, view
    from ..render import overview_page, report_page

    if format == "json":
        records = [view.findings_record(report, minimum=minimum) for report in reports]
        return json.dumps(records, ensure_ascii=False, indent=2) + "\n"
    if format == "sarif":
        return json.dumps(handover.to_sarif(reports, minimum=minimum), ensure_ascii=False, indent=2) + "\n"
    if format == "csv":
        return handover.to_csv(reports, minimum=minimum)
    if format == "html":
        return report_page(reports[0]) if len(reports) == 1 else overview_page(reports)
    return view.plain_text([view.findings_view(report, minimum=minimum) for report in reports])
