"""Writes docs/rules.md from nlp_reports/template/rules.yaml, with an example for every rule that is run while writing."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from reconcile.helpers import MARK, build  # noqa: E402

from nlp_reports.reconcile import Reconciler  # noqa: E402
from nlp_reports.schema import Finding  # noqa: E402
from nlp_reports.template.rules import Rule, load_rules  # noqa: E402

PAGE = ROOT / "docs" / "rules.md"
HEAD = """# Consistency rules

Written from `nlp_reports/template/rules.yaml` by `docs/tools/rules_page.py`; every example below was run when this page was
written, and is run again by the tests. Base tables of the examples: `tests/reconcile/helpers.py`.

**Outcome.** `match`, `mismatch`, or `not_comparable` with the reason. **Severity.** A mismatch is an `error` only where
arithmetic or a definition makes it certain; `warning` where there are honest exceptions; `info` where a look is worth while.
What follows from another finding hangs under it (`root`) and is `info`. **Fault.** `author` where the cells were read without
doubt, `reader` where they were not (the finding is then `not_comparable`), `undecidable` where nobody can tell from the file,
as with digits recognised in a picture.

**Blanks.** An empty cell, `/` or an unreadable one is the interval from 0 upwards. An identity over it is *proved* (`match`)
when other identities leave only values that satisfy it, *impossible* (`mismatch`) when none does, else *possible*
(`not_comparable`).

**Causes.** All identities of the tables are solved together for the smallest set of cells whose change would satisfy them. One
root finding per cause names the cells and, where one fits, the slip: 总计漏填, 总计误填入某列, 总计只填了其中一项, 数字颠倒,
漏写或多写一位数字, 末尾多零或少零, 两格数字互换, 一格数字被拆成两格, 整行右移或左移一格, 整行数字错列, 填成另一行的数字,
误填相邻格数字, 漏填, 现行有效件数未填, 沿用上年数字. Equal candidates are all named; numbers of the prose decide between them.
Nothing is ever repaired.

**Prose.** A number is held against a set of candidates and is wrong only when it equals none of them and nothing says that it
counts something else: another body, another year, a running total, a rounded number, a part, another channel.

## Your own rules

`nlp-reports check --rules own.yaml` (in Python `Reconciler(rules=Path("own.yaml"))`) lays a file of the same shape over the
packaged one. A known `id` changes the keys it names, a new one adds a rule; slips are reported with the line (`NR301`).

```yaml
rules:
- {id: NT-LIC, enabled: false}
- {id: T2-STOCK0, severity: info}
- id: X-LICENSE
  kind: identity
  zh: 行政许可不少于行政处罚
  en: Licences are at least as many as penalties
  source: 本单位规定
  severity: warning
  left: t2.administrative_license.decisions
  relation: '>='
  right: t2.administrative_penalty.decisions
```

"""
FAMILIES = {
    "T3": "Table 3: applications",
    "T4": "Table 4: reviews and lawsuits",
    "T2": "Table 2: documents, decisions, fees",
    "NT": "Prose against tables",
    "F": "Fees",
    "NN": "Prose against prose",
    "M": "Title, period, agency, documents cited",
    "S": "Structure",
    "Q": "Quality",
}


def examples() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for name in ("contradictions.jsonl", "rule_examples.jsonl"):
        for line in (ROOT / "tests" / "golden" / name).read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            found.setdefault(case["rule"], case)
    return found


def run(case: dict[str, Any]) -> Finding:
    keys = ("cells", "template", "agency", "section", "preamble", "tables", "other", "without")
    report = Reconciler()(build(case["text"], **{k: case[k] for k in keys if k in case}))
    found = [f for f in report.findings if f.rule == case["rule"]]
    wanted = case.get("status", "mismatch")
    return next(f for f in found if f.status == wanted)


def plain(text: str) -> str:
    return MARK.sub(lambda m: m[1], text).replace("\n", " / ")


def example(rule: Rule, case: dict[str, Any]) -> str:
    finding = run(case)
    given = []
    filler = "各项工作有序开展。"
    if case.get("preamble"):
        given.append(f"preamble “{case['preamble']}”")
    if case["text"] != filler:
        given.append(f"“{plain(case['text'])}”")
    if case.get("other", "").strip():
        given.append(f"section six “{plain(case['other'])}”")
    if case.get("agency"):
        given.append(f"agency {case['agency']}")
    if case.get("without"):
        given.append(f"section `{case['without']}` left out")
    if case.get("cells"):
        cells = ", ".join(f"`{c}` = {'empty' if v is None else v}" for c, v in case["cells"].items())
        given.append(f"cells {cells}")
    if case.get("tables") is False:
        given.append("no tables read")
    what = "; ".join(given) or "base tables"
    return f"Example: {what} → `{finding.status}`, {finding.severity}: {finding.explanation}"


def page() -> str:
    rules = load_rules()
    shown = examples()
    out = [HEAD]
    for family, title in FAMILIES.items():
        out.append(f"## {title}\n")
        for rule in rules.rules:
            if rule.id.split("-")[0] != family:
                continue
            facts = [f"**{rule.severity}**" + ("" if rule.enabled else ", off unless switched on")]
            if rule.templates:
                facts.append("forms " + ", ".join(f"`{t}`" for t in rule.templates))
            if rule.tolerance:
                facts.append(f"tolerance {rule.tolerance}")
            facts.append(f"source: {rule.source}")
            out.append(f"### {rule.id}\n\n{rule.zh}。 {rule.en}.\n\n{'; '.join(facts)}.\n")
            if rule.kind == "identity":
                relation = rule.get("relation", "=")
                each = "".join(f" for every `{v}` of `{s}`" for v, s in rule.get("each", {}).items())
                out.append(f"`{rule.get('left')} {relation} {rule.get('right')}`{each}\n")
            candidates = [f"{c['zh']} (`{c['expr']}`)" for c in rule.get("candidates", ())]
            if candidates:
                out.append("Candidates: " + "; ".join(candidates) + "\n")
            if rule.get("results"):
                rows = [f"`{item}`: {entry['zh']}" for item, entry in rule.get("results").items()]
                out.append("Items: " + "; ".join(rows) + "\n")
            if rule.id in shown:
                out.append(example(rule, shown[rule.id]) + "\n")
    return "\n".join(out)


def main() -> None:
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
