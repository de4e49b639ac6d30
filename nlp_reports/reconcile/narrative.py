"""The numbers of the prose against the cells, with a set of candidates for each: 收到 and 办理 have several senses.

A number that equals any candidate is confirmed. It is called wrong only when it equals none, all candidates are known,
and nothing says that it counts something else: another body, another year, a running total, a part, a rounded number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from ..schema import Count, Fault
from ..template.rules import Rule, RuleSet
from ..text.normalize import fold
from .arithmetic import interval_text
from .cells import CellTable, Interval, Linear, RuleKey
from .drafts import Draft, count_identity, draft, number
from .prose import Prose, decimals

_FIGURES = re.compile(r"\d[\d,]*(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One meaning that a number may have."""

    expression: str
    zh: str
    bindings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """What the numbers of one item are compared with."""

    rule: Rule
    candidates: tuple[Candidate, ...]


def targets(rules: RuleSet, template: str) -> Mapping[str, Target]:
    """Item → rule and candidates, first come first served."""
    return _targets(RuleKey(rules), template)


@lru_cache(maxsize=32)
def _targets(key: RuleKey, template: str) -> Mapping[str, Target]:
    rules = key.rules
    found: dict[str, Target] = {}
    for rule in rules.active():
        if rule.kind != "narrative" or not rule.applies(template):
            continue
        listed = tuple(Candidate(c["expr"], c["zh"]) for c in rule.get("candidates", ()))
        for item in rule.get("items", ()):
            found.setdefault(item, Target(rule, listed))
        for item, column in rule.get("columns", {}).items():
            bound = tuple(Candidate(c.expression, c.zh, (("column", column),)) for c in listed)
            found.setdefault(item, Target(rule, bound))
        for item, entry in rule.get("results", {}).items():
            meanings = [Candidate(entry.get(template, entry["expr"]), entry["zh"])]
            meanings += [Candidate(expression, "") for expression in entry.get("wider", ())]
            found.setdefault(item, Target(rule, tuple(meanings)))
    return found


_CASES = ("requests", "result", "review", "lawsuit")
#: Measures of people, events and paper: 1名申请人, 两次听取, 四百页 are no cases.
_NO_CASES = frozenset(
    {"名", "人", "位", "人次", "家", "户", "页", "场", "期", "轮", "天", "篇", "封", "册", "种", "类"}
)
# 申请指引折页2.6万份: paper about applications.
_PAPER = re.compile(r"(?:折页|指引|手册|说明|指南|样?表|范本|案例|[书書]|卡片?|文件)$")
# 一件申请涉及征收 speaks of one of them, 共收到1件申请 of all.
_TAKEN = re.compile(
    r"收到|接到|受理|新收|收办|登记|办理|办结|答复|结转|发生|引发|提起|被|共|合计|总计|计|有|为|仅|只|收|接"
)
_BODY = re.compile(
    r"(?P<body>[\u4e00-\u9fff]{0,10}(?:政府办公室|政府办|府办|本级|[局委]|中心|街道|镇|乡))(?:直接|自行|单独|自身|共|累计|全年)?(?:受理|收到|接到|答复|办理|承办|登记|接收|收件)"
)
_WHICH_CASE = re.compile(r"复议后[^,。;]{0,4}(?:诉讼|起诉)|复议|诉讼|起诉|应诉|法院|判决")


class NarrativeCheck:
    """Compares every count that has a target with its candidates.

    ``wrong`` maps the ids of counts found wrong to their drafts, for checks that meet the same number again.
    """

    def __init__(self, prose: Prose, table: CellTable, rules: RuleSet, causes: Mapping[str, Draft]) -> None:
        self.prose, self.table, self.rules, self.causes = prose, table, rules, causes
        self.targets = targets(rules, prose.report.template)
        self.none_rule = rules.of_kind("told_none")
        self.wrong: dict[str, Draft] = {}
        # count id -> which of the candidates it equals
        self.right: dict[str, frozenset[int]] = {}
        # (sentence, item) -> the largest number there that the table bears out
        self.totals: dict[tuple[str, str], Decimal] = {}

    def told(self) -> dict[Decimal, str]:
        """Exact numbers of the prose that have a cell, for the diagnosis of the tables."""
        return {
            c.value: f"count:{c.count_id}"
            for c in self.prose.counts
            if c.item in self.targets and c.bound == "exact" and c.kind == "count" and c.part_of is None
        }

    def run(self) -> list[Draft]:
        """A draft for every count with a target."""
        drafts = []
        for count in self.prose.counts:
            target = self.targets.get(self._item(count))
            if target is None or count.kind in ("percent", "change") or count.section == "preamble":
                continue
            target = self._by_verb(count, target)
            drafts.append(self._compare(count, target))
        return drafts

    def _item(self, count: Count) -> str:
        """The item of a count, or the one that its label makes it."""
        target = self.targets.get(count.item)
        label = fold(count.label)
        for entry in target.rule.get("relabel", ()) if target is not None else ():
            if entry["item"] == count.item and re.search(entry["label"], label):
                return str(entry["to"])
        return count.item

    def _by_verb(self, count: Count, target: Target) -> Target:
        """收办 and 办结 ask for other candidates than 收到."""
        clause = self.prose.clause(count)
        candidates, rule = list(target.candidates), target.rule
        for pattern, rule_ids in target.rule.get("verbs", {}).items():
            if re.search(pattern, clause):
                for rule_id in rule_ids:
                    other = self.rules.rule(rule_id)
                    rule = other
                    candidates += [Candidate(c["expr"], c["zh"]) for c in other.get("candidates", ())]
        return Target(rule, tuple(candidates))

    # ------------------------------------------------------------------ one number
    def _compare(self, count: Count, target: Target) -> Draft:
        rule = target.rule
        if count.negated_zero and self.none_rule is not None:
            rule = self.none_rule
        table, identity = self.table, count_identity(count)
        surface = count.text.strip() or self.prose.report.text[count.start : count.end]
        known: list[tuple[Candidate, Linear, Interval]] = []
        for candidate in target.candidates:
            linear = table.expand(candidate.expression, dict(candidate.bindings))
            if table.has(linear):
                known.append((candidate, linear, table.evaluate(linear)))
        left = (f"count:{count.count_id}",)
        if not known:
            what = f"正文“{surface}”：没有读到相应的表格数字，无从核对。"
            return draft(rule, "not_comparable", what, identity, left=left, found=number(count.value))
        strict = target.rule.get("strict")
        if strict is not None and strict.search(self.prose.clause_before(count)):
            known = known[:1]
        fits = [n for n, (_, _, i) in enumerate(known) if i.fixed and self._agrees(count, target.rule, i.lo)]
        if count.value == 0:
            # none at all is only said of the whole: a part that happens to be nought does not bear it out
            fits = [n for n in fits if n == 0]
        if fits:
            self.right[count.count_id] = frozenset(fits)
            place = (count.sentence_id, count.item)
            self.totals[place] = max(count.value, self.totals.get(place, count.value))
            for candidate, linear, interval in known[fits[0] : fits[0] + 1]:
                what = f"正文“{surface}”与表中{self._name(candidate, linear)} {number(interval.lo)} 相符。"
                return draft(
                    rule,
                    "match",
                    what,
                    identity,
                    left=left,
                    right=self._refs(linear),
                    found=number(count.value),
                    expected=number(interval.lo),
                )
        candidate, linear, interval = known[0]
        main = candidate is target.candidates[0] or bool(candidate.zh)
        sides = {
            "left": left,
            "right": self._refs(linear),
            "found": number(count.value),
            "expected": interval_text(interval),
        }
        reason = self._excuse(count, target.rule) or ("" if main else "表格没有同一口径的数字")
        if reason:
            what = f"正文“{surface}”与表中{self._name(candidate, linear)} {sides['expected']} 不作比较：{reason}。"
            return draft(rule, "not_comparable", what, identity, **sides)
        if any(not i.fixed and i.holds(count.value) for _, _, i in known):
            open_one = next(k for k in known if not k[2].fixed and k[2].holds(count.value))
            what = (
                f"正文“{surface}”：{self._name(open_one[0], open_one[1])}有空格，"
                f"只知其为 {interval_text(open_one[2])}，可能相符，不能证实。"
            )
            return draft(rule, "not_comparable", what, identity, **sides)
        cause = self._cause(count, target.rule, known)
        what = self._accuse(surface, count, target, known)
        found = draft(rule, "mismatch", what, identity, cause=cause, **sides)
        found.fault = cause.fault if cause is not None else self._fault(linear)
        if cause is not None and cause.status == "not_comparable":
            found.status = "not_comparable"
        self.wrong[count.count_id] = found
        return found

    def _agrees(self, count: Count, rule: Rule, value: Decimal) -> bool:
        stated, most = count.value, count.value_max
        if most is not None:
            return stated <= value <= most
        if stated == value:
            return True
        if rule.get("precision") == "printed" and count.kind == "money":
            figures = _FIGURES.search(self.prose.text, count.number_start, count.end)
            if figures is None or not Decimal(figures[0].replace(",", "")):
                return False
            surface = figures[0]
            unit = stated / Decimal(surface.replace(",", ""))
            return abs(stated - value) < unit * Decimal(1).scaleb(-decimals(surface))
        if count.bound == "at_least":
            # 300余 stands for 326, hardly for 900
            return stated <= value <= 2 * max(stated, Decimal(5))
        if count.bound == "at_most":
            return value <= stated
        return count.bound == "about" and abs(value - stated) * 10 <= stated

    def _excuse(self, count: Count, rule: Rule) -> str:
        """Why a number that equals no candidate is still not called wrong; empty when nothing speaks for it."""
        prose = self.prose
        tight = prose.tight(count)
        if count.section == "problems_improvements":
            return "问题与改进部分所述多为个别事项"
        if prose.foreign(count):
            return "范围不同"
        if "carried" not in count.item and prose.other_year(count):
            return "所述为其他年份"
        if prose.cumulative(count):
            return "所述为累计数"
        if count.item.startswith(_CASES):
            one = self._one_of_them(count)
            if one:
                return one
        unless = rule.get("unless")
        if unless is not None and unless.search(tight):
            return "所述为其中一类"
        if rule.get("only") is not None and not rule.get("only").search(prose.clause(count)):
            return "所述口径与表不同"
        named = rule.get("named")
        if named is not None and not named.search(tight):
            return "所述不是该项"
        about = rule.get("about")
        told_there = count.section in ("requests", "review_litigation")
        if about is not None and not told_there and not about.search(self.prose.paragraph(count)):
            return "所述未必与信息公开有关"
        if rule.get("precision") == "printed" and count.kind == "count" and count.item == "admin_fees_wan":
            return "所述为项目数"
        if count.bound == "about":
            return "约数"
        parent = prose.by_id.get(count.part_of or "")
        if parent is not None and parent.item == count.item:
            return "所述为其中一部分"
        if parent is not None and self._elsewhere(parent):
            return "所属总数范围不同"
        return ""

    def _one_of_them(self, count: Count) -> str:
        """Why a number of applications, reviews or lawsuits is not the number of all of them; empty when it may be."""
        prose, unit = self.prose, fold(count.unit)
        if unit in _NO_CASES:
            return "所数不是件数"
        if _PAPER.search(fold(count.label)):
            return "所数不是申请或案件"
        before = prose.clause_before(count)
        if unit == "次" and count.item.startswith(("requests", "result")):
            return "所数不是件数"
        if count.rule == "count.after" and not _TAKEN.search(before):
            return "所述为个别事项"
        if self.totals.get((count.sentence_id, count.item), count.value - 1) >= count.value:
            return "同句另有总数"
        body = _BODY.search(before)
        if body is not None and not prose.names_author(before):
            return "所述为其中一个机关"
        if count.item.startswith("review"):
            said = _WHICH_CASE.findall(prose.text, prose.bounds(count)[0], count.number_start)
            if said and not said[-1].endswith("复议"):
                return "所述为诉讼"
        return ""

    def _elsewhere(self, parent: Count) -> bool:
        """Whether the whole that this is a part of is not the quantity of the tables."""
        target = self.targets.get(parent.item)
        if target is None:
            return bool(parent.item) and not parent.item.startswith(("requests", "result", "review", "lawsuit"))
        return parent.count_id not in self.right and bool(self._excuse(parent, target.rule))

    def _cause(self, count: Count, rule: Rule, known: list[tuple[Candidate, Linear, Interval]]) -> Draft | None:
        """The table fault that explains the difference, when the repaired cell would agree with the prose."""
        for _, linear, _ in known:
            suspects = [c for c in linear.cells if c in self.causes]
            if not suspects:
                continue
            repaired = self.table.evaluate(linear, repaired=True)
            if (repaired.fixed and self._agrees(count, rule, repaired.lo)) or not self.table.repaired.get(suspects[0]):
                return self.causes[suspects[0]]
        return None

    def _fault(self, linear: Linear) -> Fault:
        if self.table.doubtful(linear.cells):
            return "undecidable"
        return "undecidable" if any(n.fault == "reader" for n in self.prose.report.notes) else "author"

    # ------------------------------------------------------------------ wording
    def _name(self, candidate: Candidate, linear: Linear) -> str:
        column = dict(candidate.bindings).get("column", "")
        names = self.rules.names["t3"]
        if candidate.zh:
            return f"“{names.get(column, '')}{candidate.zh}”" if column else f"“{candidate.zh}”"
        more = "…" if len(linear.cells) > 3 else ""
        return f"“{'＋'.join(self.rules.cell_name(c) for c in linear.cells[:3])}{more}”"

    def _refs(self, linear: Linear) -> tuple[str, ...]:
        telling = [c for c in linear.cells if self.table.values.get(c) != 0] or list(linear.cells)
        return tuple(f"cell:{c}" for c in telling if c in self.table.cells)

    def _accuse(
        self, surface: str, count: Count, target: Target, known: list[tuple[Candidate, Linear, Interval]]
    ) -> str:
        candidate, linear, interval = known[0]
        others = [f"{self._name(c, ln)} {interval_text(i)}" for c, ln, i in known[1:3] if c.zh]
        what = f"正文称“{surface}”，表中{self._name(candidate, linear)}为 {interval_text(interval)}"
        if others:
            what += f"（{'，'.join(others)}，均不符）"
        like = self._lookalike(count.value, linear) if target.rule.get("lookalike") else ""
        return what + (f"；{like}" if like else "") + "。"

    def _lookalike(self, value: Decimal, linear: Linear) -> str:
        """Which single row, column or cell of the quantity has the number that the prose gives for the whole."""
        if value <= 0 or not linear.cells or not linear.cells[0].startswith("t3."):
            return ""
        rows = list(dict.fromkeys(c.split(".")[1] for c in linear.cells))
        for row in rows if len(rows) > 1 else ():
            if self._is(f"t3.{row}.total", value):
                return f"{number(value)} 恰为其中“{self.rules.names['t3'][row]}”一个子项"
        columns = [c for c in self.table.members("columns") if c != "total"]
        for column in columns:
            parts = [self.table.interval(f"t3.{row}.{column}") for row in rows]
            if len(rows) > 1 and all(p.fixed for p in parts) and sum(p.lo for p in parts) == value:
                return f"{number(value)} 恰为其中“{self.rules.names['t3'][column]}”一列"
        for row in rows:
            for column in columns:
                if self._is(f"t3.{row}.{column}", value):
                    return f"{number(value)} 恰为“{self.rules.cell_name(f't3.{row}.{column}')}”一格，只是其中一列"
        return ""

    def _is(self, cell: str, value: Decimal) -> bool:
        interval = self.table.interval(cell)
        return interval.fixed and interval.lo == value
