"""corpus build, validate, stats, sheets, second, split, import, export: what is done with labelled reports."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from ..errors import DataFileError, ReportError
from .common import choice, explained, out

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
    """Describe a corpus: sizes, themes by stance, lengths, writers, near-duplicates, agreement of the labellers."""
    from ..corpus.dataset import iter_records
    from ..corpus.likeness import likeness
    from ..corpus.validate import corpus_stats
    from ..evaluation.agreement import agreement_of_records

    with explained():
        found = corpus_stats(corpus)
        records = list(iter_records(corpus))
        found["likeness"] = likeness(records)
        if any("labels" in unit for record in records for unit in record["units"]):
            found["agreement"] = agreement_of_records(records)
        json.dump(found, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


@app.command(epilog="Example: `nlp-reports corpus sheets corpus/src --out sheets`")
def sheets(
    source: Annotated[Path, typer.Argument(help="A folder of files in the corpus notation (*.report).")],
    out_dir: Annotated[Path, typer.Option("--out", help="The folder for the sheets.")],
) -> None:
    """Write blind sheets, one a report, for a second labeller: the text and the numbers of the units, no labels."""
    from ..classify.taxonomy import load_taxonomy
    from ..corpus.markup import markup_files, parse_markup
    from ..corpus.second import sheet

    tax = load_taxonomy()
    with explained():
        paths = list(markup_files(source))
        if not paths:
            raise DataFileError("NR301", path=str(source), detail="no file of the corpus notation (*.report) is there")
        try:
            out_dir.mkdir(parents=True, exist_ok=True)
            for path in paths:
                marked = parse_markup(path, themes=frozenset(tax.theme_ids), stances=frozenset(tax.stances))
                (out_dir / f"{marked.meta['id']}.sheet").write_text(sheet(marked), encoding="utf-8")
        except OSError as error:
            raise ReportError("NR304", path=str(out_dir), detail=str(error.strerror or error)) from error
    out().print(f"{len(paths)} sheets -> {out_dir}", markup=False)


def _write_all(texts: list[tuple[Path, str]]) -> None:
    """Write every file beside its place first, then put all in place: a full disk leaves what was there."""
    parts = [(target.with_name(target.name + ".part"), target, text) for target, text in texts]
    try:
        for part, _, text in parts:
            part.write_text(text, encoding="utf-8")
        for part, target, _ in parts:
            part.replace(target)
    except OSError as error:
        if parts[0][0].parent.is_dir():
            for part, *_ in parts:
                part.unlink(missing_ok=True)
        path = str(error.filename or parts[0][1])
        raise ReportError("NR304", path=path, detail=str(error.strerror or error)) from error


@app.command(epilog="Example: `nlp-reports corpus second corpus/src sheets --labeller l01 --cases cases.txt`")
def second(
    source: Annotated[Path, typer.Argument(help="A folder of files in the corpus notation (*.report).")],
    answers: Annotated[Path, typer.Argument(help="The folder of sheets with the answers of one labeller (*.lab).")],
    labeller: Annotated[str, typer.Option("--labeller", help="Who labelled, as it shall stand in the files.")],
    cases_file: Annotated[
        Path, typer.Option("--cases", help="Where labels differ: written if new, else read as decided.")
    ],
    adjudicator: Annotated[str, typer.Option("--adjudicator", help="Who decided the cases.")] = "",
) -> None:
    """Take in a second labeller's answers: agreement and cases to decide; once these are decided, `.second` files.

    The first call writes the cases in which the two differ, without saying whose label is whose; fill in each `=>` with A, B
    or labels. The second call, with --adjudicator, checks everything and writes `<id>.second` beside each report.
    """
    from ..classify.taxonomy import load_taxonomy
    from ..corpus.blind import case_sheet, differences, read_answers, read_decisions
    from ..corpus.markup import markup_files, parse_markup
    from ..corpus.second import Labelling, sentences_of, write_second
    from ..evaluation.agreement import agreement, theme_agreement

    tax = load_taxonomy()
    known = {"themes": frozenset(tax.theme_ids), "stances": frozenset(tax.stances)}
    with explained():
        labs = {path.stem: path for path in sorted(answers.glob("*.lab"))}
        every = [(path, parse_markup(path, **known)) for path in markup_files(source)]
        reports = [(path, marked) for path, marked in every if marked.meta["id"] in labs]
        if lost := labs.keys() - {marked.meta["id"] for _, marked in reports}:
            raise DataFileError("NR301", path=str(labs[min(lost)]), detail=f"no report {min(lost)} is in {source}")
        if not labs:
            raise DataFileError("NR301", path=str(answers), detail="no answers (*.lab) are there")
        taken = [(path, marked, read_answers(labs[marked.meta["id"]], marked, **known)) for path, marked in reports]
        cases = [case for _, marked, found in taken for case in differences(marked, found)]
        one = [Labelling(u.stance, frozenset(u.themes)) for _, marked, _ in taken for _, u in sentences_of(marked)]
        two = [opinion for *_, found in taken for opinion in found]
        pairs = [(x.themes, x.stance) for x in one], [(x.themes, x.stance) for x in two]
        agreed = agreement(*pairs, themes=tax.theme_ids)
        out().print(
            f"{len(one)} units of {len(taken)} reports, {len(cases)} differ; theme micro-F1 of the two "
            f"{theme_agreement(*pairs):.3f}, alpha {agreed['alpha_masi']}, kappa of stance {agreed['stance_kappa']}",
            markup=False,
        )
        if cases and not cases_file.exists():
            _write_all([(cases_file, case_sheet(cases))])
            out().print(f"to decide -> {cases_file}; then call again with --adjudicator", markup=False)
            return
        if cases and not adjudicator:
            raise typer.BadParameter(f"{cases_file} is there: say who decided it (--adjudicator), or name a new file")
        decided = read_decisions(cases_file, cases, **known) if cases else {}
        texts = [
            (path.with_suffix(".second"), write_second(
                marked, found, {number: labels for (report, number), labels in decided.items() if report == marked.meta["id"]},
                labeller=labeller, adjudicator=adjudicator,
            )) for path, marked, found in taken
        ]  # fmt: skip
        for target, _ in texts:
            if target.exists() and not target.read_text(encoding="utf-8").startswith(f"% second: {labeller}\n"):
                raise DataFileError("NR301", path=str(target), detail="holds another labeller's answers; move it away")
        _write_all(texts)
    out().print(f"{len(texts)} files -> {source}", markup=False)


@app.command(epilog="Example: `nlp-reports corpus split mine.jsonl --out mine-split.jsonl --test 0.2`")
def split(
    corpus: Corpus,
    out_file: Annotated[Path, typer.Option("--out", help="The corpus file (JSONL) to write.")],
    dev: Annotated[float, typer.Option("--dev", min=0, max=0.9, help="Share of the units for dev.")] = 0.1,
    test: Annotated[float, typer.Option("--test", min=0, max=0.9, help="Share of the units for test.")] = 0.2,
    seed: Annotated[int, typer.Option("--seed", help="Orders the groups.")] = 0,
) -> None:
    """Divide a corpus into train, dev and test; writers and agencies are kept apart."""
    from collections import Counter

    from ..corpus.dataset import iter_records
    from ..corpus.sentences import write_records
    from ..corpus.split import split_records

    if dev + test >= 1:
        raise typer.BadParameter("--dev and --test leave nothing to train on")
    with explained():
        try:
            records = split_records(list(iter_records(corpus)), dev=dev, test=test, seed=seed)
        except ValueError as error:
            raise DataFileError("NR301", path=str(corpus), detail=str(error)) from error
        write_records(records, out_file)
    sizes = Counter(record["split"] for record in records)
    out().print(", ".join(f"{sizes[s]} {s}" for s in ("train", "dev", "test")) + f" -> {out_file}", markup=False)


@app.command("import", epilog="Example: `nlp-reports corpus import mine.csv --out mine.jsonl`")
def import_sentences(
    source: Annotated[Path, typer.Argument(help="CSV, TSV or JSONL with text, themes, stance.")],
    out_file: Annotated[Path, typer.Option("--out", help="The corpus file (JSONL) to write.")],
) -> None:
    """Turn your own labelled sentences into a corpus file that `train` takes beside ours."""
    from ..corpus.sentences import records_of_sentences, write_records

    with explained():
        records = records_of_sentences(source)
        write_records(records, out_file)
    units = sum(u["kind"] == "sentence" for r in records for u in r["units"])
    out().print(f"{units} sentences in {len(records)} records -> {out_file}", markup=False)


@app.command(epilog="Example: `nlp-reports corpus export corpus --format label-studio --out tasks.json`")
def export(
    corpus: Corpus,
    format: Annotated[str, typer.Option("--format", help="label-studio, doccano or datasets.")],
    out_path: Annotated[Path, typer.Option("--out", help="The file (or, for datasets, folder) to write.")],
    split: Annotated[str, typer.Option("--split", help="train, dev, test or all.")] = "all",
) -> None:
    """Export units for a labelling tool, or the corpus as a `datasets.DatasetDict`."""
    from ..corpus.dataset import iter_records
    from ..corpus.exchange import to_doccano, to_label_studio

    choice(format, ("label-studio", "doccano", "datasets"), "--format")
    with explained():
        if format == "datasets":
            from ..corpus.hub import dataset_dict

            dataset_dict(corpus).save_to_disk(str(out_path))
        else:
            records = iter_records(corpus, split=split)
            if format == "label-studio":
                text = json.dumps(list(to_label_studio(records)), ensure_ascii=False, indent=1) + "\n"
            else:
                text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in to_doccano(records))
            out_path.write_text(text, encoding="utf-8")
    out().print(f"{corpus} -> {out_path}", markup=False)
