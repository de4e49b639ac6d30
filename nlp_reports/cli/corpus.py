"""corpus build, validate, stats: what is done with labelled reports."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from .common import explained, out

app = typer.Typer(name="corpus", help="Build, check and describe a labelled corpus.", no_args_is_help=True)

Corpus = Annotated[Path, typer.Argument(help="A corpus file or folder (JSONL).")]


@app.command(epilog="Example: `nlp-reports corpus build corpus/src --out corpus`")
def build(
    source: Annotated[Path, typer.Argument(help="A folder of files in the corpus notation (*.report).")],
    out_dir: Annotated[Path, typer.Option("--out", help="The folder for reports.jsonl.")],
) -> None:
    """Check labelled files and assemble them into records with offsets."""
    from ..corpus.build import write_corpus

    with explained():
        totals = write_corpus(source, out=out_dir)
    out().print(
        f"{totals['reports']} reports, {totals['units']} units, {totals['counts']} counts -> {out_dir}", markup=False
    )


@app.command(epilog="Example: `nlp-reports corpus samples corpus/src/samples --out corpus/samples`")
def render(
    source: Annotated[Path, typer.Argument(help="A folder of files in the corpus notation (*.report).")],
    out_dir: Annotated[Path, typer.Option("--out", help="The folder for text and HTML files.")],
) -> None:
    """Render labelled files as the text and HTML files that agencies would publish."""
    from ..corpus.render import render_folder

    with explained():
        paths = render_folder(source, out=out_dir)
    out().print(f"{len(paths)} files -> {out_dir}", markup=False)


@app.command(epilog="Example: `nlp-reports corpus validate corpus`")
def validate(corpus: Corpus) -> None:
    """Check every record: schema, spans, labels, splits."""
    from ..corpus.validate import validate_corpus

    with explained():
        totals = validate_corpus(corpus)
    out().print(f"{totals['reports']} reports, {totals['units']} units: valid", markup=False)


@app.command(epilog="Example: `nlp-reports corpus stats corpus`")
def stats(corpus: Corpus) -> None:
    """Describe a corpus: sizes, themes by stance, lengths, writers."""
    from ..corpus.validate import corpus_stats

    with explained():
        json.dump(corpus_stats(corpus), sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
