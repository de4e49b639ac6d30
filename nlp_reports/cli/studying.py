"""shares, retag, lint-rules, learning-curve: figures for a paper and for whoever keeps the rules."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ..errors import DataFileError
from .common import FAILED, Inputs, Model, choice, err, explained, reports_of, settings_of, splits

app = typer.Typer()

Labelled = Annotated[Path, typer.Option("--corpus", help="Labelled reports: a corpus file or folder (JSONL).")]
Split = Annotated[str, typer.Option("--split", help="Which split of it: train, dev, test or all.")]
Format = Annotated[str, typer.Option("--format", help="text or json.")]
FORMATS = ("text", "json")


@app.command(epilog="Example: `nlp-reports shares reports/ --corpus corpus --split test`")
def shares(
    inputs: Inputs, corpus: Labelled, model: Model = None, split: Split = "test", format: Format = "text"
) -> None:
    """Shares of themes and stances over reports, corrected for the classifier's errors, with 95 % intervals.

    The errors are measured on labelled reports that the classifier has not been trained on.
    """
    from ..classify import load_backend
    from ..corpus.dataset import corpus_digest, iter_records
    from ..evaluation import outcomes
    from ..evaluation.shares import tag_shares
    from ..view import plain_text
    from .tables import shares_table

    choice(format, FORMATS, "--format")
    split = splits(split)
    with explained():
        backend = load_backend(model)
        if getattr(backend, "corpus_digest", "") == corpus_digest(list(iter_records(corpus, split=split))):
            err().print(
                "warning: the model was trained on these very labels; its errors on them are too few", markup=False
            )
        found = outcomes(corpus, backend=backend, split=split)
        reports = list(reports_of(inputs, settings_of(model, None, None)))
        failed = [report for report in reports if report.status == "error"]
        rows = tag_shares((report for report in reports if report.status != "error"), found)
    for report in failed:
        err().print(f"failed: {report.error}", markup=False)
    if format == "json":
        sys.stdout.write(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=2) + "\n")
    else:
        sys.stdout.write(plain_text([shares_table(rows)]))
    if failed:
        raise typer.Exit(FAILED)


@app.command(epilog="Example: `nlp-reports retag reports/ --first rules --second default > differences.jsonl`")
def retag(
    inputs: Inputs,
    first: Annotated[str, typer.Option("--first", help="`rules`, a bundled model or a model folder.")],
    second: Annotated[str, typer.Option("--second", help="Likewise.")],
) -> None:
    """List the sentences that two models (or two versions of one) tag differently, as JSONL; the totals go to stderr."""
    from ..batch import read_and_segment
    from ..classify import load_backend
    from .common import sources_of

    with explained():
        backends = [load_backend(name) for name in (first, second)]
        units = differ = 0
        for report in read_and_segment(sources_of(inputs)):
            for sentence, a, b in zip(report.sentences, *(x.classify(report) for x in backends), strict=True):
                units += sentence.kind == "sentence"
                if (set(a.themes), a.stance) == (set(b.themes), b.stance):
                    continue
                differ += 1
                row = {
                    "report_id": report.report_id, "path": report.path, "sentence_id": sentence.sentence_id,
                    "section": sentence.section, "text": sentence.text,
                    "gained": sorted(set(b.themes) - set(a.themes)), "lost": sorted(set(a.themes) - set(b.themes)),
                    "stance": [a.stance, b.stance] if a.stance != b.stance else None,
                }  # fmt: skip
                sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
    err().print(f"{differ} of {units} sentences differ between {first} and {second}", markup=False)


@app.command("lint-rules", epilog="Example: `nlp-reports lint-rules --corpus corpus --split train`")
def lint(
    corpus: Labelled,
    split: Split = "all",
    cues: Annotated[
        Path | None, typer.Option("--cues", help="A cue file of your own; the bundled one without.")
    ] = None,
    format: Format = "text",
    everything: Annotated[bool, typer.Option("--all", help="Also the cues with which nothing is wrong.")] = False,
) -> None:
    """Judge the theme rules on labelled reports: cues that are dead, shadowed or contradicting, and how precise each is.

    Ends with the rules as labelling functions: coverage, overlap, conflict, precision a theme.
    """
    from ..active import labelling_functions
    from ..classify.taxonomy import load_taxonomy
    from ..corpus.dataset import iter_records, labelled
    from ..evaluation.rulelint import lint_rules
    from ..view import plain_text
    from .tables import cues_table, functions_table

    choice(format, FORMATS, "--format")
    split = splits(split)
    with explained():
        reports = [labelled(record) for record in iter_records(corpus, split=split)]
        if not reports:
            raise DataFileError("NR301", path=str(corpus), detail=f"no labelled reports in split {split!r}")
        found = lint_rules(reports, cues=cues)
        table = labelling_functions(reports, themes=load_taxonomy().theme_ids, cues=cues)
    shown = [row for row in found if everything or row.verdict not in ("ok", "rare")]
    if format == "json":
        value = {"cues": [asdict(row) for row in shown], "functions": [asdict(row) for row in table]}
        sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")
    else:
        sys.stdout.write(plain_text([cues_table(shown, len(found)), functions_table(table)]))


@app.command(
    "learning-curve", epilog="Example: `nlp-reports learning-curve --corpus corpus --on corpus --on-split test`"
)
def curve(
    corpus: Annotated[list[Path], typer.Option("--corpus", help="What to train on; several are joined.")],
    on: Annotated[Path, typer.Option("--on", help="Labelled reports to score on.")],
    split: Annotated[str, typer.Option("--split", help="Which split to train on.")] = "train",
    on_split: Annotated[str, typer.Option("--on-split", help="Which split to score on.")] = "test",
    seed: Annotated[int, typer.Option("--seed", help="The order in which reports are added.")] = 0,
) -> None:
    """Train on growing parts of a corpus, by whole writers and by reports, and score each model; as JSONL."""
    from ..training.curve import figures_on, learning_curve

    split, on_split = splits(split), splits(on_split)
    with explained():
        points = learning_curve(corpus, judge=figures_on(on, on_split), split=split, seed=seed)
    for point in points:
        sys.stdout.write(json.dumps(asdict(point)) + "\n")
