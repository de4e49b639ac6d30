"""Time of `check` per report, split by stage; reconciliation should take at most a tenth of the whole.

    python benchmarks/bench_check.py [FILE…]

Without files: composed reports of every size. Prints milliseconds per stage and each stage's share.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from pathlib import Path

from nlp_reports.pipeline import Pipeline
from nlp_reports.read import read_bytes
from nlp_reports.synth import generate


def sources(arguments: list[str]) -> list[tuple[str, bytes]]:
    if arguments:
        return [(name, Path(name).read_bytes()) for name in arguments]
    return [
        (f"composed-{size}-{seed}.txt", generate({"size": size}, layout="B", seed=seed)[0])
        for size in ("none", "small", "medium", "large")
        for seed in range(5)
    ]


def main(arguments: list[str]) -> None:
    pipeline = Pipeline.default()
    files = sources(arguments)
    for name, data in files[:2]:
        pipeline(read_bytes(data, path=name)[0])
    spent: dict[str, float] = defaultdict(float)
    for name, data in files:
        start = time.perf_counter()
        report = read_bytes(data, path=name)[0]
        spent["read"] += time.perf_counter() - start
        for stage, step in pipeline.stages:
            start = time.perf_counter()
            report = step(report)
            spent[stage] += time.perf_counter() - start
    whole = sum(spent.values())
    print(f"{len(files)} reports, {whole / len(files) * 1000:.1f} ms each")
    for stage, seconds in spent.items():
        print(f"{stage:12} {seconds / len(files) * 1000:8.2f} ms {seconds / whole:7.1%}")


if __name__ == "__main__":
    main(sys.argv[1:])
