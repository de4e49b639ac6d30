"""Learning curve of the linear backend on published reports and on the test split: figures against reports and writers.

python benchmarks/learning_curve.py [--real DIR] [--shares 0.15,0.4,1.0]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(Path(__file__).parent))

from real_reports import labelled_reports, outcomes_of  # noqa: E402

from nlp_reports.classify import Backend  # noqa: E402
from nlp_reports.evaluation import score  # noqa: E402
from nlp_reports.training.curve import figures_on, learning_curve  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--real", type=Path)
    parser.add_argument("--shares", default="0.15,0.4,1.0")
    arguments = parser.parse_args()
    items = list(labelled_reports(arguments.real)) if arguments.real else []
    on_test = figures_on(ROOT / "corpus", "test")

    def judge(backend: Backend) -> dict[str, float]:
        figures = {f"test {k}": v for k, v in on_test(backend).items()}
        if items:
            real = score(outcomes_of(items, backend))
            figures |= {
                "real micro_f1": real["micro"]["f1"],
                "real macro_f1": real["macro_f1"],
                "real stance": real["stance_accuracy"],
            }
        return figures

    shares = [float(x) for x in arguments.shares.split(",")]
    for p in learning_curve([ROOT / "corpus"], judge=judge, split="train,dev", shares=shares):
        figures = "  ".join(f"{k} {v:.3f}" for k, v in p.figures.items())
        print(f"by {p.by:<8} {p.writers:3} writers {p.reports:4} reports {p.units:6} units  {figures}", flush=True)


if __name__ == "__main__":
    main()
