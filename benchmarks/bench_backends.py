"""Every backend and three baselines on the test split (writers that nothing was fitted on) and, where at hand, on published reports.

python benchmarks/bench_backends.py [--models DIR] [--real DIR] [--intervals N] [--write FILE.md]

``--models DIR`` holds model folders beside the bundled ones, e.g. made by
``nlp-reports train --corpus corpus --split train,dev --backend spacy --out DIR/spacy`` (and ``transformers``).
Speed and memory are of one process on one core, each backend in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(Path(__file__).parent))

from real_reports import labelled_reports, outcomes_of  # noqa: E402

from nlp_reports.classify import Tags, load_backend  # noqa: E402
from nlp_reports.classify.context import Unit, units_of  # noqa: E402
from nlp_reports.classify.taxonomy import load_taxonomy  # noqa: E402
from nlp_reports.corpus.dataset import iter_records, labelled  # noqa: E402
from nlp_reports.evaluation import STATISTICS, Outcome, outcomes, score  # noqa: E402
from nlp_reports.evaluation.significance import bootstrap  # noqa: E402
from nlp_reports.schema import Report  # noqa: E402

CORPUS = ROOT / "corpus"
# One list of keywords a theme: what a first attempt looks like.
KEYWORDS = {
    "proactive_disclosure": "主动公开 公开信息 发布 公示", "disclosure_quality": "全面 质量 深度", "timeliness": "及时 滞后 更新",
    "policy_interpretation": "解读", "public_engagement": "互动 热线 留言 征集 信箱", "publicity": "宣传",
    "standardization": "标准化 规范化", "proposals": "建议 提案", "request_handling": "申请", "review_litigation": "复议 诉讼",
    "fees": "收费 处理费", "information_management": "审核 审查 保密 规范性文件", "platform_building": "网站 平台 新媒体 公众号 栏目",
    "supervision": "考核 监督 检查 通报", "organization": "领导小组 机制 制度", "awareness": "意识 认识 重视",
    "staffing": "人员 队伍 专职 兼职", "training": "培训 业务能力 学习",
}  # fmt: skip
STANCE_WORDS = {"problem": "不足 不够 有待 问题", "plan": "下一步 将 今后", "neutral": "根据 如下 无其他"}


class PerUnit:
    """A baseline that looks at one unit at a time."""

    name, digest = "baseline", ""

    def tags(self, unit: Unit) -> Tags:
        raise NotImplementedError

    def classify(self, report: Report) -> list[Tags]:
        return [Tags() if u.kind == "heading" else self.tags(u) for u in units_of(report.sentences)]


class Majority(PerUnit):
    """The most frequent theme set and stance of the training split."""

    name = "majority"

    def __init__(self) -> None:
        labels = [x for r in iter_records(CORPUS, split="train,dev") for x in labelled(r).labels if x is not None]
        self.themes = Counter(x.themes for x in labels).most_common(1)[0][0]
        self.stance = Counter(x.stances[0] for x in labels).most_common(1)[0][0]

    def tags(self, unit: Unit) -> Tags:
        return Tags(tuple(self.themes), {}, self.stance, {})


class Keywords(PerUnit):
    """A keyword list a theme, a few words a stance."""

    name = "keywords"

    def tags(self, unit: Unit) -> Tags:
        themes = tuple(t for t, words in KEYWORDS.items() if any(w in unit.text for w in words.split()))
        stance = next(
            (s for s, words in STANCE_WORDS.items() if any(w in unit.text for w in words.split())), "achievement"
        )
        return Tags(themes, {}, stance, {})


class PlainTfidf(PerUnit):
    """TF-IDF over character 1- to 3-grams of the unit alone and logistic regressions, cut at 0.5: no context, no calibration."""

    name = "TF-IDF + LR, no context"

    def __init__(self) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression

        texts, labels = [], []
        for record in iter_records(CORPUS, split="train,dev"):
            item = labelled(record)
            for unit, gold in zip(units_of(item.report.sentences), item.labels, strict=True):
                if gold is not None:
                    texts.append(unit.text)
                    labels.append(gold)
        self.vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=2, sublinear_tf=True)
        x = self.vectorizer.fit_transform(texts)
        self.themes = {
            t: LogisticRegression(C=10, max_iter=500).fit(x, [t in g.themes for g in labels])
            for t in load_taxonomy().theme_ids
        }
        self.stances = LogisticRegression(C=10, max_iter=500).fit(x, [g.stances[0] for g in labels])

    def tags(self, unit: Unit) -> Tags:
        x = self.vectorizer.transform([unit.text])
        themes = tuple(t for t, m in self.themes.items() if m.predict(x)[0])
        return Tags(themes, {}, str(self.stances.predict(x)[0]), {})


BASELINES = {"majority": Majority, "keywords": Keywords, "tfidf": PlainTfidf}


def build(name: str) -> Any:
    return BASELINES[name]() if name in BASELINES else load_backend(name)


def figures(found: Sequence[Outcome], intervals: int) -> dict[str, Any]:
    whole = score(found)
    result = {
        "micro_f1": whole["micro"]["f1"], "macro_f1": whole["macro_f1"], "stance_accuracy": whole["stance_accuracy"],
        "units": whole["units"],
    }  # fmt: skip
    hard = [o for o in found if o.gold.tags]
    if hard:
        result["hard_stance"] = sum(o.stance_right for o in hard) / len(hard)
    if intervals:
        result["intervals"] = bootstrap(found, statistics=STATISTICS, resamples=intervals)
    return result


def measure(name: str, real: Path | None, intervals: int) -> dict[str, Any]:
    """Everything about one backend; run in a process of its own."""
    started = time.perf_counter()
    backend = build(name)
    loading = time.perf_counter() - started
    result: dict[str, Any] = {"test": figures(outcomes(CORPUS, backend=backend, split="test"), intervals)}
    if real is not None:
        result["real"] = figures(outcomes_of(list(labelled_reports(real)), backend), intervals)
    reports = [labelled(r).report for r in iter_records(CORPUS, split="test")]
    units = sum(s.kind == "sentence" for r in reports for s in r.sentences)
    times = []
    for _ in range(3):
        started = time.perf_counter()
        for report in reports:
            backend.classify(report)
        times.append(time.perf_counter() - started)
    result["units_per_second"] = round(units / sorted(times)[1])
    result["load_seconds"] = round(loading, 2)
    result["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return result


def table(rows: dict[str, dict[str, Any]], real: bool) -> list[str]:
    def cell(row: dict[str, Any], key: str) -> str:
        low_high = row.get("intervals", {}).get(key)
        between = f" [{low_high[0]:.3f}, {low_high[1]:.3f}]" if low_high else ""
        return f"{row[key]:.3f}{between}"

    parts = ["test", "real"] if real else ["test"]
    lines = []
    for part in parts:
        title = (
            "Test split: writers that nothing was fitted on"
            if part == "test"
            else "Published reports, labelled by three people"
        )
        units = next(iter(rows.values()))[part]["units"]
        lines += [f"\n## {title} ({units} sentences)\n"]
        lines += ["| backend | theme micro-F1 | macro-F1 | stance | stance, hard cases |", "|---|---|---|---|---|"]
        for name, row in rows.items():
            f = row[part]
            hard = f"{f['hard_stance']:.3f}" if "hard_stance" in f else "–"
            lines.append(
                f"| {name} | {cell(f, 'micro_f1')} | {cell(f, 'macro_f1')} | {cell(f, 'stance_accuracy')} | {hard} |"
            )
    lines += ["\n## One core, one process\n", "| backend | units/s | load, s | peak memory, MB |", "|---|---|---|---|"]
    lines += [f"| {n} | {r['units_per_second']:,} | {r['load_seconds']} | {r['peak_mb']} |" for n, r in rows.items()]
    return lines


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--models", type=Path)
    parser.add_argument("--real", type=Path)
    parser.add_argument("--intervals", type=int, default=200)
    parser.add_argument("--write", type=Path)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(measure(arguments.one, arguments.real, arguments.intervals)))
        return
    names = {
        "majority": "majority",
        "keywords": "keywords",
        "TF-IDF + LR, no context": "tfidf",
        "rules": "rules",
        "linear (default)": "default",
    }
    for folder in sorted(arguments.models.iterdir()) if arguments.models else ():
        if (folder / "config.json").is_file() and not folder.name.endswith(".encoder"):
            names[folder.name] = str(folder)
    rows = {}
    one_core = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    for label, name in names.items():
        command = [sys.executable, __file__, "--one", name, "--intervals", str(arguments.intervals)]
        command += ["--real", str(arguments.real)] if arguments.real else []
        done = subprocess.run(command, capture_output=True, text=True, env=one_core, check=True)
        rows[label] = json.loads(done.stdout.splitlines()[-1])
        print(label, json.dumps(rows[label]), file=sys.stderr)
    lines = table(rows, arguments.real is not None)
    print("\n".join(lines))
    if arguments.write:
        head = "# Backends compared\n\nWritten by `benchmarks/bench_backends.py`; intervals are 95 % bootstrap intervals over reports; of five published reports they mean little.\n"
        arguments.write.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
