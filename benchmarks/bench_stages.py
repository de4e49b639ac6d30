"""Time of each stage on one report, medians over repeated runs, as shares of the whole.

python benchmarks/bench_stages.py [FILE] [RUNS]
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

from nlp_reports import Pipeline, read

SAMPLE = Path(__file__).parent.parent / "corpus" / "samples" / "sample-02.html"


def main(path: Path = SAMPLE, runs: int = 40) -> None:
    pipeline = Pipeline.default()
    times: dict[str, list[float]] = {}
    for _ in range(runs):
        start = time.perf_counter()
        report = read(path)
        times.setdefault("read", []).append(time.perf_counter() - start)
        for name, stage in pipeline.stages:
            start = time.perf_counter()
            report = stage(report)
            times.setdefault(name, []).append(time.perf_counter() - start)
    median = {name: statistics.median(values) for name, values in times.items()}
    total = sum(median.values())
    print(f"{path.name}: {len(report.text)} code points, {len(report.sentences)} units, {total * 1000:.1f} ms a report")
    for name, value in median.items():
        print(f"  {name:<10} {value * 1000:7.2f} ms  {value / total:6.1%}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLE, int(sys.argv[2]) if len(sys.argv) > 2 else 40)
