"""The command line, and the only module that prints.

Exit codes: 0 done · 1 ``check`` found a mismatch of severity error · 2 wrong usage or nothing to read · 3 some reports failed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from . import __version__
from .errors import DataFileError, ReportError

app = typer.Typer(
    name="nlp-reports",
    help="Read, segment, tag, count and reconcile 政府信息公开工作年度报告 (annual disclosure reports of Chinese public bodies).",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Examples: `nlp-reports tag reports/ --out tagged --format jsonl` · `nlp-reports check report.pdf` · "
    "`nlp-reports page report.html --out page.html`. Exit codes: 0 done, 1 check found errors, 2 usage, 3 some reports failed.",
)

OK, FOUND, USAGE, FAILED = 0, 1, 2, 3
_state = {"debug": False}

Inputs = Annotated[list[str], typer.Argument(help="Files, folders (searched recursively), globs, or - for standard input.")]
Model = Annotated[str | None, typer.Option("--model", help="`rules`, a bundled model's name, or a model folder.")]
Lexicon = Annotated[Path | None, typer.Option("--lexicon", help="YAML that extends the count lexicon.")]
Rules = Annotated[Path | None, typer.Option("--rules", help="YAML that switches, re-weighs or adds reconciliation rules.")]
Workers = Annotated[int, typer.Option("--workers", "-j", min=1, help="Worker processes.")]


def out() -> Console:
    """Standard output, width and colour as the terminal has them."""
    return Console(highlight=False, soft_wrap=not sys.stdout.isatty())


def err() -> Console:
    """Standard error."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def _version(value: bool) -> None:
    if value:
        out().print(f"nlp-reports {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks.")] = False,
) -> None:
    """Read, segment, tag, count and reconcile annual disclosure reports."""
    _state["debug"] = debug


@contextmanager
def _explained() -> Iterator[None]:
    """Turn coded errors into one line and an exit code; let everything through with ``--debug``."""
    try:
        yield
    except ReportError as error:
        if _state["debug"]:
            raise
        err().print(f"error: {error}", markup=False)
        raise typer.Exit(USAGE) from None
    except KeyboardInterrupt:
        err().print("stopped", markup=False)
        raise typer.Exit(130) from None


def _sources(inputs: list[str]) -> Iterator[Any]:
    """Expand the inputs one by one: one that is missing is reported in its place, the others are done.

    Raises:
        ReportError: when none of them leads anywhere.
    """
    from .read import iter_sources

    found, first = False, None
    for name in inputs:
        try:
            for source in iter_sources([name]):
                found = True
                yield source
        except ReportError as error:
            first = first or error
            if len(inputs) > 1:
                yield error
            elif not found:
                raise
    if not found and first is not None:
        raise first


def _settings(model: str | None, lexicon: Path | None, rules: Path | None, granularity: str = "item") -> Any:
    from .batch import Settings

    return Settings(
        model=model,
        granularity=granularity,
        lexicon=str(lexicon) if lexicon else None,
        rules=str(rules) if rules else None,
        debug=_state["debug"],
    )


class _Progress:
    """A bar on a terminal, a plain line now and then otherwise; always on standard error."""

    def __init__(self) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        self.console = err()
        self.live = self.console.is_terminal
        self.bar = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            console=self.console, transient=True,
        )  # fmt: skip
        self.task = self.bar.add_task("tagging", total=None)
        self.next = 1

    def __enter__(self) -> _Progress:
        if self.live:
            self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.live:
            self.bar.stop()

    def __call__(self, totals: Any, path: str) -> None:
        if self.live:
            self.bar.update(self.task, completed=totals.reports, description=f"tagging {Path(path).name[:40]}")
        elif totals.reports >= self.next:
            self.console.print(f"{totals.reports} reports, {totals.errors} failed, last {path}", markup=False)
            self.next = totals.reports * 2


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
) -> None:
    """Tag reports: sentences with themes and stances, counts, cells and findings, as tables."""
    from . import batch

    if format not in ("parquet", "jsonl", "csv"):
        raise typer.BadParameter("choose parquet, jsonl or csv", param_hint="--format")
    if granularity not in ("item", "sentence", "clause"):
        raise typer.BadParameter("choose item, sentence or clause", param_hint="--granularity")
    with _explained(), _Progress() as progress:
        totals = batch.run(
            _sources(inputs), out=out_dir, format=format, workers=workers, progress=progress,  # type: ignore[arg-type]
            settings=_settings(model, lexicon, rules, granularity),
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


def _reports(inputs: list[str], settings: Any) -> Iterator[Any]:
    from .batch import iter_reports

    yield from iter_reports(_sources(inputs), settings=settings)


@app.command(epilog="Example: `nlp-reports check report.html --min-severity error`")
def check(
    inputs: Inputs,
    format: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
    min_severity: Annotated[str, typer.Option("--min-severity", help="error, warning or info.")] = "warning",
    lexicon: Lexicon = None,
    rules: Rules = None,
) -> None:
    """Check the numbers of reports against each other and show both sides of every contradiction.

    Exit code 1 when a contradiction of severity error was found.
    """
    from . import view

    if format not in ("text", "json"):
        raise typer.BadParameter("choose text or json", param_hint="--format")
    if min_severity not in ("error", "warning", "info"):
        raise typer.BadParameter("choose error, warning or info", param_hint="--min-severity")
    found = failures = 0
    records = []
    with _explained():
        for report in _reports(inputs, _settings("rules", lexicon, rules)):
            if report.status == "error":
                failures += 1
                err().print(f"failed: {report.error}", markup=False)
                continue
            found += sum(f.status == "mismatch" and f.severity == "error" for f in report.findings)
            if format == "json":
                records.append(view.findings_record(report, minimum=min_severity))
            else:
                out().print(view.findings_view(report, minimum=min_severity))
    if format == "json":
        sys.stdout.write(json.dumps(records, ensure_ascii=False, indent=2) + "\n")
    if failures:
        raise typer.Exit(FAILED)
    if found:
        raise typer.Exit(FOUND)


@app.command(epilog="Example: `nlp-reports page report.html --out page.html`")
def page(
    inputs: Inputs,
    out_file: Annotated[Path, typer.Option("--out", help="The HTML file to write.")],
    model: Model = None,
    lexicon: Lexicon = None,
    rules: Rules = None,
) -> None:
    """Write one self-contained HTML page: the coloured text, counts, tables and findings."""
    from .render import overview_page, report_page

    with _explained():
        reports = list(_reports(inputs, _settings(model, lexicon, rules)))
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


@app.command(epilog="Example: `nlp-reports summary demo/`")
def summary(inputs: Inputs, model: Model = None) -> None:
    """Print one line a report: agency, year, sentences, counts, cells, contradictions."""
    from . import view

    failures = 0
    with _explained():
        reports = []
        for report in _reports(inputs, _settings(model, None, None)):
            failures += report.status == "error"
            reports.append(report)
        out().print(view.summary_table(reports))
    if failures:
        raise typer.Exit(FAILED)


@app.command(epilog="Example: `nlp-reports train --corpus corpus --backend linear --out my-model`")
def train(
    corpus: Annotated[Path, typer.Option("--corpus", help="A corpus file or folder (JSONL).")],
    out_dir: Annotated[Path, typer.Option("--out", help="The model folder to write.")],
    backend: Annotated[str, typer.Option("--backend", help="linear.")] = "linear",
    split: Annotated[str, typer.Option("--split", help="Which split to train on; all without one.")] = "train",
    seed: Annotated[int, typer.Option("--seed")] = 0,
) -> None:
    """Train a classifier on a corpus and write it as a model folder."""
    from .training import train_linear

    if backend != "linear":
        raise typer.BadParameter("choose linear", param_hint="--backend")
    with _explained():
        metrics = train_linear(corpus, out=out_dir, split=split, seed=seed)
    out().print(f"{out_dir}: trained on {metrics['units']} units of {metrics['reports']} reports", markup=False)


@app.command(epilog="Example: `nlp-reports evaluate --corpus corpus --model my-model --split test`")
def evaluate(
    corpus: Annotated[Path, typer.Option("--corpus", help="A corpus file or folder (JSONL).")],
    model: Model = None,
    split: Annotated[str, typer.Option("--split", help="Which split to score; all without one.")] = "test",
    format: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
) -> None:
    """Score a classifier on a labelled corpus: F1 a theme, micro, macro, and stance accuracy."""
    from .evaluation import evaluate_corpus
    from .view import scores_table

    with _explained():
        scores = evaluate_corpus(corpus, model=model, split=split)
    if format == "json":
        sys.stdout.write(json.dumps(scores, ensure_ascii=False, indent=2) + "\n")
    else:
        out().print(scores_table(scores))


@app.command()
def models() -> None:
    """List the bundled models and whether their digests hold."""
    from .classify.persistence import models_dir, read_config

    console = out()
    console.print("rules  (always there: cues, context, explanations)", markup=False)
    folder = models_dir()
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if (path / "config.json").is_file():
            try:
                config = read_config(path)
                console.print(f"{path.name}  {config['backend']}  {config['digest'][:16]}  ok", markup=False)
            except DataFileError as error:
                console.print(f"{path.name}  {error}", markup=False)


def main() -> None:
    """Entry point of the console script."""
    try:
        app()
    except BrokenPipeError:
        sys.exit(0)


if __name__ == "__main__":
    main()
