"""check, review, synth: findings on the terminal or in a file, what people decide of them, and reports with planted ones."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from ..errors import DataFileError, ReportError
from ..schema import Report
from .common import FAILED, FOUND, Inputs, Lexicon, Rules, choice, err, explained, out, reports_of, settings_of

app = typer.Typer()
FORMATS = ("text", "json", "sarif", "csv", "html", "xlsx", "docx")
Reviewed = Annotated[
    Path | None,
    typer.Option("--reviews", help="Decisions of reviewers (YAML or JSON); dismissed findings are left out."),
]


@app.command(epilog="Example: `nlp-reports check report.html --min-severity error --format sarif --out findings.sarif`")
def check(
    inputs: Inputs,
    format: Annotated[str, typer.Option("--format", help=f"{', '.join(FORMATS)}.")] = "text",
    out_file: Annotated[
        Path | None, typer.Option("--out", help="File to write; standard output without it (not for xlsx, docx).")
    ] = None,
    min_severity: Annotated[str, typer.Option("--min-severity", help="error, warning or info.")] = "warning",
    baseline: Annotated[
        Path | None, typer.Option("--baseline", help="Known findings to accept: a baseline, reviews or findings.jsonl.")
    ] = None,
    save_baseline: Annotated[
        Path | None, typer.Option("--save-baseline", help="Write what is found now as the baseline.")
    ] = None,
    reviews: Reviewed = None,
    lexicon: Lexicon = None,
    rules: Rules = None,
) -> None:
    """Check the numbers of reports against each other and show both sides of every contradiction.

    Exit code 1 when a contradiction of severity error was found that the baseline and the reviews do not know.
    `xlsx` and `docx` are lists of questions for the agency.
    """
    from .. import reviews as reviewing

    choice(format, FORMATS, "--format")
    choice(min_severity, ("error", "warning", "info"), "--min-severity")
    if format in ("xlsx", "docx") and out_file is None:
        raise typer.BadParameter(f"--format {format} needs a file", param_hint="--out")
    good, failures = [], 0
    with explained():
        known = reviewing.load_baseline(baseline) if baseline else frozenset()
        decided = reviewing.Reviews.load(reviews) if reviews else reviewing.Reviews()
        for report in reports_of(inputs, settings_of("rules", lexicon, rules)):
            if report.status == "error":
                failures += 1
                err().print(f"failed: {report.error}", markup=False)
            else:
                good.append(report)
        if save_baseline:
            total = reviewing.save_baseline(save_baseline, good)
            err().print(f"{save_baseline}: {total} findings are known from now on", markup=False)
        good = [_without(report, known, decided) for report in good]
        deliver(good, format=format, target=out_file, minimum=min_severity)
    if failures:
        raise typer.Exit(FAILED)
    if any(f.status == "mismatch" and f.severity == "error" for report in good for f in report.findings):
        raise typer.Exit(FOUND)


def _without(report: Report, known: frozenset[str], decided: object) -> Report:
    """The report without findings that are known or dismissed, and without what hangs under them."""
    from ..reviews import Reviews

    kept = decided.undecided(report.findings) if isinstance(decided, Reviews) else list(report.findings)
    gone = {f.finding_id for f in kept if f.status == "mismatch" and f.fingerprint in known}
    return report.replace(findings=tuple(f for f in kept if f.finding_id not in gone and f.root not in gone))


@app.command(
    epilog="Example: `nlp-reports review report.html --reviews reviews.yaml --finding 1a2b… --verdict dismissed --note …`"
)
def review(
    inputs: Inputs,
    reviews: Annotated[Path, typer.Option("--reviews", help="The file that keeps decisions; created when missing.")],
    finding: Annotated[str, typer.Option("--finding", help="Fingerprint of the finding (its beginning is enough).")],
    verdict: Annotated[str, typer.Option("--verdict", help="confirmed, dismissed or open.")],
    note: Annotated[str, typer.Option("--note", help="Why.")] = "",
    rules: Rules = None,
) -> None:
    """Record what a person decided about a finding; it survives re-runs and new versions."""
    from ..reviews import Reviews

    choice(verdict, ("confirmed", "dismissed", "open"), "--verdict")
    with explained():
        decided = Reviews.load(reviews)
        found = [
            (report, f)
            for report in reports_of(inputs, settings_of("rules", None, rules))
            for f in report.findings
            if f.fingerprint.startswith(finding)
        ]
        if not found:
            raise typer.BadParameter(f"no finding has a fingerprint that begins with {finding}", param_hint="--finding")
        if len({f.fingerprint for _, f in found}) > 1:
            raise typer.BadParameter(f"{finding} is the beginning of several fingerprints", param_hint="--finding")
        report, chosen = found[0]
        decided.decide(chosen, verdict, note=note, report=report).save(reviews)  # type: ignore[arg-type]
    out().print(f"{reviews}: {chosen.rule} {chosen.fingerprint} {verdict}", markup=False)


@app.command(epilog="Example: `nlp-reports synth --out made.html --format html --error total_displaced --seed 3`")
def synth(
    out_file: Annotated[
        Path, typer.Option("--out", help="The report to write; its truth goes beside it as .gold.json.")
    ] = Path("composed.txt"),
    format: Annotated[str, typer.Option("--format", help="text, html, docx or pdf (pdf needs LibreOffice).")] = "text",
    layout: Annotated[str, typer.Option("--layout", help="How tables are flattened in text: A to L.")] = "C",
    errors: Annotated[
        list[str] | None, typer.Option("--error", help="A contradiction to plant; may be repeated.")
    ] = None,
    spec: Annotated[
        Path | None, typer.Option("--spec", help="YAML of what is fixed: agency, year, size, cells …")
    ] = None,
    script: Annotated[str, typer.Option("--script", help="hans or hant.")] = "hans",
    seed: Annotated[int, typer.Option("--seed")] = 0,
    list_errors: Annotated[bool, typer.Option("--list-errors", help="Name the contradictions and stop.")] = False,
) -> None:
    """Compose a report with known truth, clean or with planted contradictions."""
    from ..synth import SLIPS, generate
    from ..template.yamlfile import load_yaml

    if list_errors:
        for name in sorted(SLIPS):
            out().print(name, markup=False)
        return
    choice(format, ("text", "html", "docx", "pdf"), "--format")
    choice(layout, tuple("ABCDEFGHIJKL"), "--layout")
    choice(script, ("hans", "hant"), "--script")
    with explained():
        given = load_yaml(spec) if spec else {}
        if not isinstance(given, dict):
            raise DataFileError("NR301", path=str(spec), detail="the file must be a mapping of what is fixed")
        fixed = {"script": script} | given
        data, truth = generate(fixed, layout=layout, fmt=format, errors=errors or (), seed=seed)
        missing = set(errors or ()) - {str(e["slip"]) for e in truth["errors"]}
        if missing:
            detail = (
                f"{', '.join(sorted(missing))} finds no place in this composition; try another --seed or a larger size"
            )
            raise DataFileError("NR301", path=str(out_file), detail=detail)
        gold = out_file.with_suffix(".gold.json")
        try:
            out_file.parent.mkdir(parents=True, exist_ok=True)
            out_file.write_bytes(data)
            gold.write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        except OSError as error:
            raise ReportError("NR304", path=str(out_file), detail=str(error.strerror or error)) from error
    out().print(f"{out_file}, {gold}: {len(truth['errors'])} planted", markup=False)


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
