"""tag, check, page, summary: what is done with reports."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..errors import ReportError
from .common import (
    FAILED,
    Inputs,
    Lexicon,
    MaxBytes,
    Model,
    Progress,
    Rules,
    Workers,
    choice,
    err,
    explained,
    out,
    reports_of,
    settings_of,
    sources_of,
)

app = typer.Typer()


@app.command(epilog="Example: `nlp-reports tag reports/ --out tagged --format jsonl --workers 4`")
def tag(
    inputs: Inputs,
    out_dir: Annotated[Path, typer.Option("--out", help="Folder for the six tables and run.json.")],
    format: Annotated[str, typer.Option("--format", help="parquet, jsonl or csv.")] = "parquet",
    model: Model = None,
    granularity: Annotated[str, typer.Option("--granularity", help="item, sentence or clause.")] = "item",
    lexicon: Lexicon = None,
    rules: Rules = None,
    workers: Workers = 1,
    max_bytes: MaxBytes = 256 * 1024 * 1024,
    explain: Annotated[
        bool, typer.Option("--explain", help="Also write a table `explanations`: the cues that decided each tag.")
    ] = False,
    certainty: Annotated[
        float, typer.Option("--certainty", min=0, max=1, help="Abstain from tags less probable than this.")
    ] = 0.0,
) -> None:
    """Tag reports: sentences with themes and stances, counts, cells and findings, as tables."""
    from .. import batch

    choice(format, ("parquet", "jsonl", "csv"), "--format")
    choice(granularity, ("item", "sentence", "clause"), "--granularity")
    with explained(), Progress() as progress:
        totals = batch.run(
            sources_of(inputs), out=out_dir, format=format, workers=workers, progress=progress,  # type: ignore[arg-type]
            settings=settings_of(model, lexicon, rules, granularity, max_bytes, explain=explain, certainty=certainty),
        )  # fmt: skip
    for _, message in totals.failures:
        err().print(f"failed: {message}", markup=False)
    out().print(
        f"{totals.reports} reports, {totals.sentences} sentences, {totals.counts} counts, {totals.cells} cells, "
        f"{totals.findings} findings ({totals.mismatches} errors), {totals.errors} failed -> {out_dir}",
        markup=False,
    )
    if totals.errors:
        raise typer.Exit(FAILED)


@app.command(epilog="Example: `nlp-reports page report.html --out page.html`")
def page(
    inputs: Inputs,
    out_file: Annotated[Path, typer.Option("--out", help="The HTML file to write.")],
    model: Model = None,
    lexicon: Lexicon = None,
    rules: Rules = None,
) -> None:
    """Write one self-contained HTML page: the coloured text, counts, tables and findings."""
    from ..render import overview_page, report_page

    with explained():
        reports = list(reports_of(inputs, settings_of(model, lexicon, rules)))
        good = [r for r in reports if r.status != "error"]
        for report in reports:
            if report.status == "error":
                err().print(f"failed: {report.error}", markup=False)
        if good:
            html = report_page(good[0]) if len(reports) == 1 else overview_page(good)
            try:
                out_file.parent.mkdir(parents=True, exist_ok=True)
                out_file.write_text(html, encoding="utf-8")
            except OSError as error:
                raise ReportError("NR304", path=str(out_file), detail=str(error.strerror or error)) from error
            out().print(f"{out_file} ({len(good)} reports)", markup=False)
    if len(good) < len(reports):
        raise typer.Exit(FAILED)


@app.command(epilog="Example: `nlp-reports diff 2022.html 2023.html --out diff.html`")
def diff(
    left: Annotated[str, typer.Argument(help="A report.")],
    right: Annotated[str, typer.Argument(help="Another, e.g. of the next year.")],
    out_file: Annotated[Path, typer.Option("--out", help="The HTML file to write.")],
) -> None:
    """Show two reports side by side: what was copied, changed, new or gone, and which cells differ."""
    from ..render import diff_page

    with explained():
        reports = list(reports_of([left, right], settings_of("rules", None, None)))
        for report in reports:
            if report.status == "error":
                err().print(f"failed: {report.error}", markup=False)
        if all(report.status != "error" for report in reports):
            try:
                out_file.parent.mkdir(parents=True, exist_ok=True)
                out_file.write_text(diff_page(reports[0], reports[1]), encoding="utf-8")
            except OSError as error:
                raise ReportError("NR304", path=str(out_file), detail=str(error.strerror or error)) from error
            out().print(f"{out_file}", markup=False)
    if any(report.status == "error" for report in reports):
        raise typer.Exit(FAILED)


@app.command(epilog="Example: `nlp-reports summary demo/`")
def summary(inputs: Inputs, model: Model = None) -> None:
    """Print one line a report: agency, year, sentences, counts, cells, contradictions."""
    from .. import view

    failures = 0
    with explained():
        good = []
        for report in reports_of(inputs, settings_of(model, None, None)):
            if report.status == "error":
                failures += 1
                err().print(f"failed: {report.error}", markup=False)
            else:
                good.append(report)
        out().print(view.summary_table(good))
    if failures:
        raise typer.Exit(FAILED)
