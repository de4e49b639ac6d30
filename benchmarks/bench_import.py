"""Import time of the package above bare Python, as a ratio to `import json`, medians of interleaved runs."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time


def seconds(code: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - start


def main(runs: int = 15) -> None:
    cases = {"bare": "pass", "import json": "import json", "import nlp_reports": "import nlp_reports"}
    times: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(runs):
        for name, code in cases.items():
            times[name].append(seconds(code))
    median = {name: statistics.median(values) for name, values in times.items()}
    for name, value in median.items():
        print(f"{name:<20} {value * 1000:7.1f} ms  above bare {1000 * (value - median['bare']):6.1f} ms")
    print(f"ratio to import json: {median['import nlp_reports'] / median['import json']:.2f}")


if __name__ == "__main__":
    main()
