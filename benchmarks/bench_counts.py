"""Count extraction side by side in one run: F1 on the golden set, characters per second, growth of time with length.

python benchmarks/bench_counts.py [--json]

No library extracts counts with labels, so what can be compared is compared: (number, unit) found by a digits + unit
expression, by cn2an's transformation before the same expression, by quantulum3, and values of numerals read by cn2an and by
JioNLP's money parser. Peers that are not installed are skipped and named (pip install jionlp cn2an quantulum3).
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path

from nlp_reports.counts import extract
from nlp_reports.text.numerals import parse_number

GOLDEN = Path(__file__).parent.parent / "tests" / "golden" / "counts.jsonl"
Found = list[tuple[Decimal, str]]
Finder = Callable[[str], Found]
UNITS = "人次|条次|件次|篇次|家次|场次|个百分点|条|件|次|期|场|篇|个|份|人|名|家|项|册|处|起|位|部|条|條|項|個|冊|場|處|萬元|万元|元|%|％"
BARE = re.compile(rf"(\d[\d,]*(?:\.\d+)?)\s?(万|萬|亿|億)?[余餘多]?({UNITS})")
SCALE = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8, "": 1}
NUMERALS = [
    ("1.2万", 12000), ("１千２百", 1200), ("3千余", 3000), ("1亿2千万", 120000000), ("278余万", 2780000), ("2,261", 2261),
    ("貳拾萬", 200000), ("兩千", 2000), ("廿三", 23), ("一億", 100000000), ("3.5萬", 35000), ("二〇二三", 2023), ("４５", 45),
    ("一百零五", 105), ("两万五", 25000), ("三审三校", None), ("一网通办", None), ("数十", None), ("1.2.3", None),
]  # fmt: skip


def ours(text: str) -> Found:
    return [(c.value, c.unit) for c in extract(text)]


def bare(text: str) -> Found:
    out: Found = []
    for number, scale, unit in BARE.findall(text):
        try:
            out.append((Decimal(number.replace(",", "")) * SCALE[scale], unit))
        except InvalidOperation:
            continue
    return out


def peers() -> dict[str, Finder | None]:
    found: dict[str, Finder | None] = {"nlp_reports": ours, "digits + unit": bare}
    try:
        import cn2an

        def transformed(text: str) -> Found:
            try:
                return bare(cn2an.transform(text, "cn2an"))
            except Exception:
                return bare(text)

        found["cn2an + digits + unit"] = transformed
    except ImportError:
        found["cn2an + digits + unit"] = None
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            from quantulum3 import parser

        def quantities(text: str) -> Found:
            try:
                return [(Decimal(str(q.value)), q.unit.name) for q in parser.parse(text)]
            except Exception:
                return []

        found["quantulum3"] = quantities
    except ImportError:
        found["quantulum3"] = None
    return found


def numeral_readers() -> dict[str, Callable[[str], object] | None]:
    found: dict[str, Callable[[str], object] | None] = {"nlp_reports": parse_number}
    try:
        import cn2an

        found["cn2an smart"] = lambda s: cn2an.cn2an(s, "smart")
    except ImportError:
        found["cn2an smart"] = None
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            import jionlp

        found["JioNLP money"] = lambda s: jionlp.parse_money(s + "元")["num"]
    except ImportError:
        found["JioNLP money"] = None
    return found


def numerals_right(read: Callable[[str], object]) -> tuple[int, int]:
    """How many numerals are read right, and how many are read as a wrong value."""
    right = wrong = 0
    for text, value in NUMERALS:
        try:
            got = read(text)
            number = None if got is None else Decimal(str(got))
        except Exception:
            number = None
        same = number is None if value is None else number == value
        right += same
        wrong += not same and number is not None
    return right, wrong


def f1(find: Finder, rules: list[dict[str, object]]) -> tuple[float, float, float]:
    hits = n_found = n_gold = 0
    for rule in rules:
        gold = Counter((Decimal(c["value"]), c["unit"]) for c in rule["counts"])  # type: ignore[attr-defined, index]
        found = Counter(find(str(rule["text"])))
        hits += sum((gold & found).values())
        n_found, n_gold = n_found + sum(found.values()), n_gold + sum(gold.values())
    precision, recall = hits / n_found if n_found else 0.0, hits / n_gold
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def speed(find: Finder, text: str, runs: int = 3) -> float:
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        find(text)
        times.append(time.perf_counter() - start)
    return len(text) / statistics.median(times)


ADVERSARIAL = {"brackets": "（", "quotes": "“”", "digits": "1", "dots": "..", "stops": "。", "negations": "未收到"}


def growth(piece: str, size: int) -> float:
    times = []
    for n in (size, 2 * size):
        text = (piece * n)[:n]
        start = time.perf_counter()
        extract(text)
        times.append(time.perf_counter() - start)
    return times[1] / times[0]


def main(*, as_json: bool = False) -> None:
    rules = [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]
    document = "\n".join(str(r["text"]) for r in rules)
    result: dict[str, object] = {}
    for name, find in peers().items():
        if find is None:
            result[name] = None
            continue
        precision, recall, score = f1(find, rules)
        result[name] = {
            "precision": round(precision, 4),
            "recall": round(recall, 4),
            "f1": round(score, 4),
            "chars_per_second": round(speed(find, document if name != "quantulum3" else document[:2000])),
        }
    numerals = {name: (None if read is None else numerals_right(read)) for name, read in numeral_readers().items()}
    ratios = {name: round(growth(piece, 500_000), 2) for name, piece in ADVERSARIAL.items()}
    if as_json:
        print(
            json.dumps(
                {"counts": result, "numerals": numerals, "growth_500k_to_1M": ratios}, ensure_ascii=False, indent=1
            )
        )
        return
    print(f"{len(rules)} golden rules, {sum(len(r['counts']) for r in rules)} counts")
    print(f"{'':24} {'precision':>9} {'recall':>7} {'F1':>7} {'chars/s':>12}")
    for name, row in result.items():
        if not isinstance(row, dict):
            print(f"{name:24} not installed")
            continue
        print(
            f"{name:24} {row['precision']:>9.4f} {row['recall']:>7.4f} {row['f1']:>7.4f} {row['chars_per_second']:>12,}"
        )
    for name, pair in numerals.items():
        print(
            f"numerals, {name:14} "
            + ("not installed" if pair is None else f"{pair[0]} of {len(NUMERALS)} right, {pair[1]} wrong values")
        )
    print("time of 1 MB over time of 0.5 MB:", ", ".join(f"{k} {v}" for k, v in ratios.items()))


if __name__ == "__main__":
    main(as_json="--json" in sys.argv)
