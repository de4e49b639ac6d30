"""train, evaluate, compare, active, suspects, models: what is done with classifiers."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from ..errors import DataFileError, ReportError
from .common import Inputs, Model, choice, err, explained, out, sources_of, splits

app = typer.Typer()

Corpora = Annotated[list[Path], typer.Option("--corpus", help="A corpus file or folder (JSONL); several are joined.")]
Split = Annotated[str, typer.Option("--split", help="Which split: train, dev, test, several joined by commas, or all.")]
Seed = Annotated[int, typer.Option("--seed", help="Orders folds, shuffles and initialises.")]
Taxonomy = Annotated[Path | None, typer.Option("--taxonomy", help="YAML that adds themes to ours.")]
FORMATS = ("text", "json")


@app.command(epilog="Example: `nlp-reports train --corpus corpus --corpus mine.jsonl --backend linear --out my-model`")
def train(
    corpus: Corpora,
    out_dir: Annotated[Path, typer.Option("--out", help="The model folder to write.")],
    backend: Annotated[str, typer.Option("--backend", help="linear, spacy or transformers.")] = "linear",
    split: Split = "train",
    seed: Seed = 0,
    taxonomy: Taxonomy = None,
    encoder: Annotated[
        Path | None, typer.Option("--encoder", help="transformers: a folder with an encoder; pre-trained here without.")
    ] = None,
    max_steps: Annotated[int, typer.Option("--max-steps", help="spacy, transformers: stop after so many steps.")] = 0,
) -> None:
    """Train a classifier on labelled reports and write it as a model folder; give your own corpus beside ours."""
    choice(backend, ("linear", "spacy", "transformers"), "--backend")
    split = splits(split)
    with explained():
        err().print(f"training {backend} on {', '.join(map(str, corpus))} ({split})", markup=False)
        metrics = _trainer(backend, encoder, max_steps)(
            corpus, out=out_dir, split=split, seed=seed, taxonomy=taxonomy, progress=_tell
        )
    held = metrics["cross_validation"]
    out().print(
        f"{out_dir}: {backend}, {metrics['units']} units of {metrics['reports']} reports; held-out micro-F1 "
        f"{held['micro_f1']:.3f}, macro-F1 {held['macro_f1']:.3f}, stance {held['stance_accuracy']:.3f}",
        markup=False,
    )


def _tell(line: str) -> None:
    err().print(line, markup=False, highlight=False)


def _trainer(backend: str, encoder: Path | None, max_steps: int) -> Callable[..., dict[str, Any]]:
    if backend == "linear":
        from ..training.linear import train_linear

        return train_linear
    if backend == "spacy":
        from ..training.spacy import train_spacy

        return lambda corpora, **options: train_spacy(corpora, max_steps=max_steps or None, **options)
    from ..training.transformer import pretrain_encoder, train_transformers

    def fit(corpora: list[Path], **options: Any) -> dict[str, Any]:
        folder = encoder
        if folder is None:
            folder = options["out"].with_name(options["out"].name + ".encoder")
            err().print(f"pre-training a small encoder in {folder}", markup=False)
            pretrain_encoder(
                corpora,
                out=folder,
                split=options["split"],
                seed=options["seed"],
                max_steps=max_steps or -1,
                progress=_tell,
            )
        return train_transformers(corpora, encoder=folder, max_steps=max_steps or -1, **options)

    return fit


@app.command(
    epilog="Examples: `nlp-reports evaluate --corpus corpus --split all --model rules --intervals 200` · "
    "`nlp-reports evaluate counts gold.jsonl tagged/ --format html --out errors.html`"
)
def evaluate(
    task: Annotated[str, typer.Argument(help="themes (a labelled corpus), segment or counts.")] = "themes",
    gold: Annotated[Path | None, typer.Argument(help="segment, counts: gold rows, JSONL or an output folder.")] = None,
    pred: Annotated[Path | None, typer.Argument(help="segment, counts: what was found; our own work without.")] = None,
    corpus: Annotated[Path | None, typer.Option("--corpus", help="themes: a corpus file or folder (JSONL).")] = None,
    model: Model = None,
    split: Split = "test",
    intervals: Annotated[int, typer.Option("--intervals", min=0, help="Bootstrap resamples for 95 % intervals.")] = 0,
    slices: Annotated[
        bool, typer.Option("--slices", help="Also by level, year, script, sampling, writer, phenomenon.")
    ] = False,
    format: Annotated[str, typer.Option("--format", help="text, json or (segment, counts) html.")] = "text",
    out_file: Annotated[Path | None, typer.Option("--out", help="File to write; standard output without.")] = None,
) -> None:
    """Score themes and stance on a labelled corpus, or units and counts against gold rows with a list of errors."""
    choice(task, ("themes", "segment", "counts"), "TASK")
    split = splits(split)
    choice(format, (*FORMATS, "html"), "--format")
    with explained():
        if task == "themes":
            if corpus is None or format == "html":
                raise typer.BadParameter("themes need --corpus, and --format text or json")
            text = _themes(corpus, model, split, intervals, slices, format)
        else:
            if gold is None:
                raise typer.BadParameter(f"{task} needs GOLD", param_hint="GOLD")
            text = _rows(task, gold, pred, format)
        if out_file is not None:
            try:
                out_file.write_text(text, encoding="utf-8")
            except OSError as error:
                raise ReportError("NR304", path=str(out_file), detail=str(error.strerror or error)) from error
            return
    sys.stdout.write(text)


def _themes(corpus: Path, model: str | None, split: str, intervals: int, slices: bool, format: str) -> str:
    from ..evaluation import evaluate_corpus
    from ..view import plain_text, scores_table, slices_table

    scores = evaluate_corpus(corpus, model=model, split=split, intervals=intervals, by_slice=slices)
    if format == "json":
        return json.dumps(scores, ensure_ascii=False, indent=2) + "\n"
    return plain_text([scores_table(scores), *([slices_table(scores["slices"])] if slices else [])])


def _rows(task: str, gold: Path, pred: Path | None, format: str) -> str:
    from dataclasses import asdict

    from .. import scoring

    scores = scoring.evaluate(task, gold, pred)
    if format == "json":
        return json.dumps(asdict(scores), ensure_ascii=False, indent=2, default=str) + "\n"
    return (scoring.as_html(scores) if format == "html" else scoring.as_text(scores)).rstrip() + "\n"


@app.command(epilog="Example: `nlp-reports compare --corpus corpus --first rules --second default --split all`")
def compare(
    corpus: Annotated[Path, typer.Option("--corpus", help="A corpus file or folder (JSONL).")],
    first: Annotated[str, typer.Option("--first", help="`rules`, a bundled model or a model folder.")],
    second: Annotated[str, typer.Option("--second", help="Likewise.")],
    split: Split = "test",
) -> None:
    """Compare two classifiers on the same units: figures, approximate randomisation, McNemar; as JSON."""
    from ..classify import load_backend
    from ..evaluation import STATISTICS, outcomes
    from ..evaluation.significance import compare as compare_outcomes

    split = splits(split)
    with explained():
        found = [outcomes(corpus, backend=load_backend(name), split=split) for name in (first, second)]
        result = compare_outcomes(*found, statistics=STATISTICS)
    sys.stdout.write(json.dumps(result, ensure_ascii=False, indent=2) + "\n")


@app.command(epilog="Example: `nlp-reports active reports/ --model default --other rules -n 50 > label-these.jsonl`")
def active(
    inputs: Inputs,
    model: Model = None,
    other: Annotated[str | None, typer.Option("--other", help="A second backend, to find disagreements.")] = None,
    n: Annotated[int, typer.Option("-n", help="How many sentences.")] = 50,
) -> None:
    """Choose the sentences that are most worth labelling next, as JSONL."""
    from ..active import iter_candidates_json, select
    from ..batch import read_and_segment
    from ..classify import load_backend

    with explained():
        reports = list(read_and_segment(sources_of(inputs)))
        chosen = select(reports, backend=load_backend(model), other=load_backend(other) if other else None, n=n)
    for row in iter_candidates_json(chosen):
        sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")


@app.command(epilog="Example: `nlp-reports suspects --corpus mine.jsonl --model default`")
def suspects(
    corpus: Annotated[Path, typer.Option("--corpus", help="A corpus file or folder (JSONL).")],
    model: Model = None,
    split: Split = "all",
) -> None:
    """List labels that a model contradicts with confidence (confident learning), as JSONL."""
    from dataclasses import asdict

    from ..active import suspicious_labels
    from ..classify import load_backend
    from ..classify.taxonomy import load_taxonomy
    from ..corpus.dataset import iter_records, labelled

    split = splits(split)
    with explained():
        reports = [labelled(record) for record in iter_records(corpus, split=split)]
        found = suspicious_labels(reports, backend=load_backend(model), themes=load_taxonomy().theme_ids)
    for suspect in found:
        sys.stdout.write(json.dumps(asdict(suspect), ensure_ascii=False) + "\n")


@app.command()
def models() -> None:
    """List the bundled models and whether their digests hold."""
    from ..classify.persistence import models_dir, read_config

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
