"""A user's path: 200 own labelled sentences with one new theme → import → retrain with ours → evaluate → tag."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("backends")

PLACES = ("青河", "云岭", "白沙", "东桥", "海浦", "石门", "柳湾", "长坪", "北港", "南塘")
OWN = (
    "{p}乡组织村民代表到政务公开现场观摩农田水利工程账目",
    "{p}街道请居民代表逐笔核对小区公共收益的收支明细",
    "{p}镇把集体资产租赁合同摆到村民议事会上逐条念",
    "{p}社区开晾晒会，把帮扶物资的去向当面说清",
)
OTHER = (
    ("{p}县政府网站新开设优化营商环境专栏", "platform_building", "achievement"),
    ("{p}区举办政务公开业务培训，讲解新修订的工作规程", "training", "achievement"),
    ("{p}镇仍有栏目更新不及时", "timeliness", "problem"),
    ("{p}乡从事公开工作的人员多为兼职，变动频繁", "staffing", "problem"),
)


def run(*args: str | Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "nlp_reports.cli", *map(str, args)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_own_theme_from_spreadsheet_to_tags(root: Path, tmp_path: Path) -> None:
    rows = []
    for i in range(200):
        place = PLACES[i % 10] + "东西南北中"[i // 10 % 5]
        if i % 2:
            text = OWN[i // 2 % 4].format(p=place) + f"，全年{i % 7 + 1}次。"
            rows.append({"text": text, "themes": "open_ledger", "stance": "achievement"})
        else:
            text, theme, stance = OTHER[i // 2 % 4]
            rows.append({"text": text.format(p=place) + "。", "themes": theme, "stance": stance})
        rows[-1] |= {
            "agency": f"{place}政府",
            "section": "problems_improvements" if rows[-1]["stance"] == "problem" else "overview",
        }
    with (tmp_path / "mine.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    (tmp_path / "themes.yaml").write_text(
        "themes:\n  open_ledger: {name: 晒账本, group: 主动公开, note: accounts read out to residents}\n",
        encoding="utf-8",
    )
    corpus, model = tmp_path / "mine.jsonl", tmp_path / "model"
    assert "200 sentences" in run("corpus", "import", tmp_path / "mine.csv", "--out", corpus)
    run(
        "train",
        "--corpus",
        root / "corpus",
        "--corpus",
        corpus,
        "--split",
        "all",
        "--taxonomy",
        tmp_path / "themes.yaml",
        "--out",
        model,
    )
    scores = json.loads(run("evaluate", "--corpus", corpus, "--split", "all", "--model", model, "--format", "json"))
    assert scores["themes"]["open_ledger"]["f1"] > 0.95 and scores["stance_accuracy"] > 0.9
    report = tmp_path / "new.txt"
    report.write_text(
        "石桥镇人民政府2024年政府信息公开工作年度报告\n一、总体情况\n石桥镇请居民代表逐笔核对食堂收支明细。\n镇政府网站改版。\n",
        encoding="utf-8",
    )
    run("tag", report, "--out", tmp_path / "out", "--format", "jsonl", "--model", model)
    tagged = [json.loads(line) for line in (tmp_path / "out" / "sentences.jsonl").read_text("utf-8").splitlines()]
    assert [s["themes"] for s in tagged if "居民代表" in s["text"]] == [["open_ledger"]]
    assert ["platform_building"] in [s["themes"] for s in tagged if "改版" in s["text"]]


@pytest.mark.parametrize(
    ("line", "message"),
    [("正文,,", "line 2: text and stance"), ("正文,fees,plan,nowhere", "line 2: unknown section 'nowhere'")],
)
def test_import_names_the_line(line: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text(f"text,themes,stance,section\n{line}\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "nlp_reports.cli", "corpus", "import", str(tmp_path / "bad.csv"), "--out", str(tmp_path / "x.jsonl")],
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 2 and message in done.stderr and not (tmp_path / "x.jsonl").exists()
