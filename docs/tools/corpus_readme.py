"""Writes corpus/README.md: the data statement with the figures of the corpus as it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nlp_reports.corpus.dataset import iter_records
from nlp_reports.corpus.likeness import likeness
from nlp_reports.corpus.validate import corpus_stats
from nlp_reports.evaluation.agreement import agreement_of_records

ROOT = Path(__file__).parent.parent.parent
TEXT = (Path(__file__).parent / "corpus_readme.md").read_text(encoding="utf-8")


def main() -> None:
    corpus = ROOT / "corpus"
    records = list(iter_records(corpus))
    stats: dict[str, Any] = corpus_stats(corpus)
    alike, agree = likeness(records), agreement_of_records(records)
    natural = sum(r.get("sampling") == "natural" for r in records)
    by = {k: sum(r.get("split") == k for r in records) for k in ("train", "dev", "test")}
    slices = stats["slices"]

    def part(name: str) -> str:
        return ", ".join(f"{k.split(':')[1]} {v}" for k, v in slices.items() if k.startswith(name + ":"))

    lengths = ", ".join(f"{k} {v}" for k, v in stats["length"].items())
    ratios = sorted(alike["by_writer"].values())
    lines = [
        f"{stats['reports']} reports by {len(stats['writers'])} writers ({natural} reports with natural frequencies); {stats['units']} labelled units, {stats['counts']} counts.",
        f"Splits (reports): {', '.join(f'{k} {v}' for k, v in by.items())}. Script: {part('script')}. Form: {part('template')}. Level: {part('level')}. Years: {part('year')}.",
        f"Stances: {', '.join(f'{k} {v}' for k, v in stats['stances'].items())}. Units with a theme {stats['units_with_themes']}, with several {stats['units_with_several_themes']}.",
        f"Hard cases: {sum(stats['hard_cases'].values())} ({', '.join(f'{k} {v}' for k, v in stats['hard_cases'].items())}).",
        f"Length of units in characters: {lengths}. Near-duplicates: {alike['near_duplicate_rate']:.2%} of units share half of their 5-grams with a unit by another writer (formula such as 无其他需要报告的事项 among them). "
        f"Words: {alike['tokens']} tokens, {alike['types']} types; type/token ratio over a writer's first 10,000 words {ratios[0]:.2f} – {ratios[-1]:.2f}.",
    ]
    table = [
        "| theme | units | achievement | problem | plan | rectification | neutral | κ |",
        "|---|---|---|---|---|---|---|---|",
    ]
    kappa: Any = agree["kappa"]
    for theme, row in stats["themes"].items():
        cells = " | ".join(str(row.get(s, 0)) for s in ("achievement", "problem", "plan", "rectification", "neutral"))
        table.append(f"| `{theme}` | {row['units']} | {cells} | {kappa.get(theme, float('nan')):.2f} |")
    figures = "\n".join(f"- {line}" for line in lines) + "\n\n" + "\n".join(table)
    double = (
        f"{agree['units']} units were labelled a second time blind: theme micro-F1 between the two {agree['theme_micro_f1']:.3f}, Krippendorff's α (MASI) "
        f"{agree['alpha_masi']:.3f}, the same theme set in {agree['exact_themes']:.1%}; stance κ {agree['stance_kappa']:.3f}; κ a theme in the table. {agree['adjudicated']} units were adjudicated."
    )
    (corpus / "README.md").write_text(TEXT.format(figures=figures, double=double), encoding="utf-8")


if __name__ == "__main__":
    main()
