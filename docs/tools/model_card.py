"""Writes models/default/MODEL_CARD.md and reliability.svg from the model's own scores on the test split.

python docs/tools/model_card.py [--real DIR]     DIR holds labelled published reports (see benchmarks/real_reports.py)
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))

from nlp_reports.classify import load_backend  # noqa: E402
from nlp_reports.classify.taxonomy import load_taxonomy  # noqa: E402
from nlp_reports.evaluation import STATISTICS, Outcome, outcomes, score, slices  # noqa: E402
from nlp_reports.evaluation.calibration import expected_calibration_error, reliability, reliability_svg  # noqa: E402
from nlp_reports.evaluation.significance import bootstrap  # noqa: E402

MODEL = ROOT / "models" / "default"
TEXT = (ROOT / "docs" / "tools" / "model_card.md").read_text(encoding="utf-8")


def interval(found: Sequence[Outcome]) -> dict[str, Any]:
    whole = score(found)
    values = {
        "micro_f1": whole["micro"]["f1"], "macro_f1": whole["macro_f1"], "stance_accuracy": whole["stance_accuracy"],
    }  # fmt: skip
    between = bootstrap(found, statistics=STATISTICS, resamples=500)
    return {k: f"{v:.3f} [{between[k][0]:.3f}, {between[k][1]:.3f}]" for k, v in values.items()}


def calibration(found: Sequence[Outcome]) -> tuple[list[float], list[bool]]:
    """Probabilities of all themes of all units, and whether the theme is there; optional themes are left out."""
    pairs = [
        (o.tags.theme_scores.get(t, 0.0), t in o.gold.themes)
        for o in found
        for t in load_taxonomy().theme_ids
        if t in o.gold.themes or t not in o.gold.themes_optional
    ]
    return [p for p, _ in pairs], [y for _, y in pairs]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--real", type=Path)
    real = parser.parse_args().real
    backend = load_backend(MODEL)
    found = outcomes(ROOT / "corpus", backend=backend, split="test")
    whole = score(found)
    metrics = json.loads((MODEL / "metrics.json").read_text(encoding="utf-8"))
    config = json.loads((MODEL / "config.json").read_text(encoding="utf-8"))
    rows = [("test split, unseen writers", len(found), interval(found))]
    if real is not None:
        from real_reports import labelled_reports, outcomes_of

        published = outcomes_of(list(labelled_reports(real)), backend)
        rows.append(("published reports, labelled by three people", len(published), interval(published)))
    figures = ["| text | sentences | theme micro-F1 | macro-F1 | stance |", "|---|---|---|---|---|"]
    figures += [f"| {n} | {k} | {v['micro_f1']} | {v['macro_f1']} | {v['stance_accuracy']} |" for n, k, v in rows]
    for name, key in (
        ("cross-validation over writers", "cross_validation"),
        ("… reports with natural frequencies", "cross_validation_natural"),
    ):
        if key in metrics:
            cv = metrics[key]
            figures.append(
                f"| {name} | – | {cv['micro_f1']:.3f} | {cv['macro_f1']:.3f} | {cv['stance_accuracy']:.3f} |"
            )
    themes = ["| theme | precision | recall | F1 | sentences |", "|---|---|---|---|---|"]
    themes += [
        f"| `{t}` | {r['precision']:.3f} | {r['recall']:.3f} | {r['f1']:.3f} | {r['support']} |"
        for t, r in whole["themes"].items()
    ]
    stances = ["| stance | recall | sentences |", "|---|---|---|"]
    stances += [f"| `{s}` | {r['accuracy']:.3f} | {r['support']} |" for s, r in whole["stances"].items()]
    parts = ["| slice | sentences | theme micro-F1 | stance |", "|---|---|---|---|"]
    parts += [
        f"| {name} | {r['units']} | {r['micro_f1']:.3f} | {r['stance_accuracy']:.3f} |"
        for name, r in slices(found).items()
        if r["units"] >= 10
    ]
    probabilities, right = calibration(found)
    worst = sorted(((r["f1"], t) for t, r in whole["themes"].items() if r["support"]))[:4]
    text = TEXT.format(
        figures="\n".join(figures), themes="\n".join(themes), stances="\n".join(stances), slices="\n".join(parts),
        ece=f"{expected_calibration_error(probabilities, right):.3f}", units=config["corpus"]["units"],
        reports=config["corpus"]["reports"], digest=config["digest"][:16],
        worst=", ".join(f"`{t}` ({f:.2f})" for f, t in worst),
        stance_ece=f"{expected_calibration_error([o.tags.stance_scores.get(o.tags.stance, 0.0) for o in found], [o.stance_right for o in found]):.3f}",
    )  # fmt: skip
    (MODEL / "MODEL_CARD.md").write_text(text, encoding="utf-8")
    picture = reliability_svg(reliability(probabilities, right), title="theme probabilities, test split")
    (MODEL / "reliability.svg").write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    main()
