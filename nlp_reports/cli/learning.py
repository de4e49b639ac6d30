"""train, evaluate, models: what is done with classifiers."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from ..errors import DataFileError
from .common import Model, choice, explained, out

app = typer.Typer()


@app.command(epilog="Example: `nlp-reports train --corpus corpus --backend linear --out my-model`")
def train(
    corpus: Annotated[Path, typer.Option("--corpus", help="A corpus file or folder (JSONL).")],
    out_dir: Annotated[Path, typer.Option("--out", help="The model folder to write.")],
    backend: Annotated[str, typer.Option("--backend", help="linear.")] = "linear",
    split: Annotated[str, typer.Option("--split", help="Which split to train on; all without one.")] = "train",
    seed: Annotated[int, typer.Option("--seed")] = 0,
) -> None:
    """Train a classifier on a corpus and write it as a model folder."""
    from ..training.linear import train_linear

    choice(backend, ("linear",), "--backend")
    with explained():
        metrics = train_linear([corpus], out=out_dir, split=split, seed=seed)
    out().print(f"{out_dir}: trained on {metrics['units']} units of {metrics['reports']} reports", markup=False)


@app.command(epilog="Example: `nlp-reports evaluate --corpus corpus --model my-model --split test`")
def evaluate(
    corpus: Annotated[Path, typer.Option("--corpus", help="A corpus file or folder (JSONL).")],
    model: Model = None,
    split: Annotated[str, typer.Option("--split", help="Which split to score; all without one.")] = "test",
    format: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
) -> None:
    """Score a classifier on a labelled corpus: F1 a theme, micro, macro, and stance accuracy."""
    from ..evaluation import evaluate_corpus
    from ..view import scores_table

    with explained():
        scores = evaluate_corpus(corpus, model=model, split=split)
    if format == "json":
        sys.stdout.write(json.dumps(scores, ensure_ascii=False, indent=2) + "\n")
    else:
        out().print(scores_table(scores))


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
