"""Segmenters side by side in one run: F1 on the golden set, characters per second, and growth of time with length.

python benchmarks/bench_segment.py [--json]

Peers that are not installed are skipped and named (pip install pysbd jionlp spacy). Two gold sets: all units of the golden
rules (our codebook: enumerators and headings too), and the rules whose every boundary is a stop, semicolon or line, which
is what a general splitter can be asked for.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import statistics
import sys
import time
from bisect import bisect_left
from collections.abc import Callable
from pathlib import Path

from nlp_reports.segment import segment_text

GOLDEN = Path(__file__).parent.parent / "tests" / "golden" / "segmentation.jsonl"
CORPUS = Path(__file__).parent.parent / "corpus" / "reports.jsonl"
Splitter = Callable[[str], list[str]]
BARE = re.compile(r"[^。！？!?；;\n]*[。！？!?；;\n]+[”’」』）)】》]*|[^。！？!?；;\n]+$")


def ours(text: str) -> list[str]:
    return [u.text for u in segment_text(text)]


def bare(text: str) -> list[str]:
    return BARE.findall(text)


def peers() -> dict[str, Splitter | None]:
    """Splitters by name; ``None`` for one that is not installed."""
    found: dict[str, Splitter | None] = {"nlp_reports": ours, "bare regex": bare}
    try:
        import pysbd

        found["pySBD zh"] = pysbd.Segmenter(language="zh", clean=False).segment
    except ImportError:
        found["pySBD zh"] = None
    try:
        import spacy

        nlp = spacy.blank("zh")
        nlp.add_pipe("sentencizer", config={"punct_chars": ["。", "！", "？", "!", "?", "；", ";"]})
        nlp.max_length = 10**7
        found["spaCy zh + sentencizer"] = lambda text: [s.text for s in nlp(text).sents]
    except ImportError:
        found["spaCy zh + sentencizer"] = None
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            import jionlp

        found["JioNLP coarse"] = lambda text: list(jionlp.split_sentence(text, criterion="coarse"))
    except ImportError:
        found["JioNLP coarse"] = None
    return found


def ends(pieces: list[str]) -> set[int]:
    """End offsets with white space left out."""
    out: set[int] = set()
    at = 0
    for piece in pieces:
        at += len(re.sub(r"\s", "", piece))
        out.add(at)
    return out


def spans(pieces: list[str]) -> set[tuple[int, int]]:
    out: set[tuple[int, int]] = set()
    at = 0
    for piece in pieces:
        size = len(re.sub(r"\s", "", piece))
        if size:
            out.add((at, at + size))
        at += size
    return out


def f1(hits: int, found: int, gold: int) -> float:
    return 2 * hits / (found + gold) if found + gold else 1.0


def score(split: Splitter, rules: list[dict[str, object]]) -> tuple[float, float]:
    totals = [0] * 6
    for rule in rules:
        gold = [u[0] for u in rule["units"]]  # type: ignore[index, attr-defined]
        found = [p for p in split(str(rule["text"])) if p.strip()]
        for i, measure in enumerate((ends, spans)):
            a, b = measure(gold), measure(found)
            totals[3 * i] += len(a & b)
            totals[3 * i + 1] += len(b)
            totals[3 * i + 2] += len(a)
    return f1(*totals[:3]), f1(*totals[3:])


def plain(rule: dict[str, object]) -> bool:
    """Whether every boundary of the rule is a stop, a semicolon or a line end."""
    text, at = str(rule["text"]), 0
    for unit, _ in rule["units"]:  # type: ignore[attr-defined]
        at = text.index(unit, at) + len(unit)
        tail = unit.rstrip("”’」』）)】》")
        if at < len(text) and tail[-1:] not in "。！？!?；;" and text[at] not in "\r\n":
            return False
    return True


def speed(split: Splitter, text: str, runs: int = 5) -> float:
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        split(text)
        times.append(time.perf_counter() - start)
    return len(text) / statistics.median(times)


def narratives() -> list[str]:
    """The prose of the corpus reports: the lines that hold a labelled unit or a heading, tables left out."""
    found = []
    for line in CORPUS.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        starts = sorted(u["start"] for u in record["units"])
        kept, at = [], 0
        for paragraph in record["text"].split("\n"):
            end = at + len(paragraph)
            i = bisect_left(starts, at)
            if i < len(starts) and starts[i] < end:
                kept.append(paragraph)
            at = end + 1
        found.append("\n".join(kept))
    return found


def speed_by_report(split: Splitter, reports: list[str], runs: int = 3) -> float:
    """Characters a second, report by report, none twice in a run; the median of the runs."""
    split(reports[0])
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        for report in reports:
            split(report)
        times.append(time.perf_counter() - start)
    return sum(map(len, reports)) / statistics.median(times)


ADVERSARIAL = {
    "brackets": "（",
    "quotes": "“”",
    "digits": "1",
    "dots": "..",
    "stops": "。",
    "enumerators": "1.a；",
    "blanks": " ",
}


def growth(split: Splitter, piece: str, size: int) -> float:
    """Time on twice the text over time on the text."""
    times = []
    for n in (size, 2 * size):
        text = (piece * n)[:n]
        start = time.perf_counter()
        split(text)
        times.append(time.perf_counter() - start)
    return times[1] / times[0]


def main(*, as_json: bool = False) -> None:
    rules = [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]
    reports = narratives()
    long = "\n".join(reports)
    long = (long + "\n") * (400_000 // len(long) + 1)
    long = long[:400_000]
    result: dict[str, dict[str, object]] = {}
    for name, split in peers().items():
        if split is None:
            result[name] = {"installed": False}
            continue
        boundary, exact = score(split, rules)
        general = score(split, [r for r in rules if plain(r)])
        result[name] = {
            "installed": True,
            "boundary_f1": round(boundary, 4),
            "exact_f1": round(exact, 4),
            "exact_f1_plain_rules": round(general[1], 4),
            "chars_per_second": round(speed_by_report(split, reports)),
            "chars_per_second_400k": round(speed(split, long, 3)),
        }
    ratios = {name: round(growth(ours, piece, 500_000), 2) for name, piece in ADVERSARIAL.items()}
    if as_json:
        print(json.dumps({"peers": result, "growth_500k_to_1M": ratios}, ensure_ascii=False, indent=1))
        return
    print(f"{len(rules)} golden rules, {sum(map(plain, rules))} with plain boundaries only; {len(reports)} reports")
    print(f"{'':24} {'boundary F1':>11} {'exact F1':>9} {'plain rules':>11} {'chars/s':>12} {'on 400k':>12}")
    for name, row in result.items():
        if not row["installed"]:
            print(f"{name:24} not installed")
            continue
        print(
            f"{name:24} {row['boundary_f1']:>11.4f} {row['exact_f1']:>9.4f} {row['exact_f1_plain_rules']:>11.4f} {row['chars_per_second']:>12,} {row['chars_per_second_400k']:>12,}"
        )
    print("time of 1 MB over time of 0.5 MB:", ", ".join(f"{k} {v}" for k, v in ratios.items()))


if __name__ == "__main__":
    main(as_json="--json" in sys.argv)
