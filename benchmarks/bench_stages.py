"""Time of each stage, medians over repeated runs, as shares of the whole: a line a report and one for all together.

python benchmarks/bench_stages.py [FILE ...] [--runs N] [--model NAME]
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

from nlp_reports import Pipeline, read
from nlp_reports.schema import Report

SAMPLES = Path(__file__).parent.parent / "corpus" / "samples"


def measure(path: Path, pipeline: Pipeline, runs: int) -> tuple[dict[str, float], Report]:
    """Median seconds of each stage on one file, and the finished report."""
    times: dict[str, list[float]] = {}
    for _ in range(runs):
        start = time.perf_counter()
        report = read(path)
        times.setdefault("read", []).append(time.perf_counter() - start)
        for name, stage in pipeline.stages:
            start = time.perf_counter()
            report = stage(report)
            times.setdefault(name, []).append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in times.items()}, report


def line(title: str, median: dict[str, float]) -> str:
    total = sum(median.values())
    shares = "  ".join(f"{name} {value / total:5.1%}" for name, value in median.items())
    return f"{title:<22} {total * 1000:7.1f} ms  {shares}"


def main(paths: list[Path], runs: int, model: str | None) -> None:
    pipeline = Pipeline.default(model=model)
    whole: dict[str, float] = {}
    for path in paths:
        median, report = measure(path, pipeline, runs)
        print(line(path.name, median), f"  {len(report.text)} code points, {len(report.sentences)} units")
        for name, value in median.items():
            whole[name] = whole.get(name, 0.0) + value
    print(line(f"all {len(paths)} reports", whole))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--model")
    arguments = parser.parse_args()
    files = arguments.files or sorted(p for p in SAMPLES.iterdir() if p.suffix in (".txt", ".html"))
    main(files, arguments.runs, arguments.model)
