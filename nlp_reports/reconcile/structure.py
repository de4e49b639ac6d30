"""The report against the form: sections, tables, empty cells, fees, signs, and text that should not be there."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from ..schema import FindingStatus, Report, Section
from ..template.rules import Rule, RuleSet
from ..text.normalize import compact, fold
from .arithmetic import each_binding
from .cells import CellTable
from .drafts import Draft, count_identity, draft, number
from .prose import Prose, refs

_SIX = ("overview", "proactive_disclosure", "requests", "review_litigation", "problems_improvements", "other_matters")
_NUMERALS = dict(zip(_SIX, "一二三四五六", strict=True))
_MOST_REFS = 40
_SPACE = re.compile(r"[\s\u200b\ufeff]+")


class StructureCheck:
    """The S-*, Q-*, F-* rules and the remarks on single cells."""

    def __init__(self, prose: Prose, table: CellTable, rules: RuleSet, causes: Mapping[str, Draft]) -> None:
        self.prose, self.table, self.rules, self.causes = prose, table, rules, causes
        self.report: Report = prose.report
        self.folded = prose.text

    def run(self) -> list[Draft]:
        """All drafts of the active rules of this family."""
        checks: dict[str, Callable[[Rule], list[Draft]]] = {
            "sign": self._sign,
            "blank": self._blank,
            "reserved": self._reserved,
            "all_zero": self._all_zero,
            "suspicious_sum": self._suspicious_sum,
            "both_or_none": self._both_or_none,
            "all_done": self._all_done,
            "mention": self._mention,
            "fee_part": self._fee_part,
            "fee_note": self._fee_note,
            "fee_tariff": self._fee_tariff,
            "fee_unexplained": self._fee_unexplained,
            "six_sections": self._six,
            "tables": self._tables,
            "empty_cells": self._empty_cells,
            "leak": self._pattern,
            "missing_number": self._pattern,
            "thin_section": self._thin,
            "generic": self._generic,
        }
        drafts = []
        for rule in self.rules.active():
            if rule.kind in checks and rule.applies(self.report.template):
                drafts.extend(checks[rule.kind](rule))
        return drafts

    # ------------------------------------------------------------------ single cells
    def _cells(self, patterns: Sequence[str], binding: tuple[tuple[str, str], ...] = ()) -> tuple[str, ...]:
        return self.table.cells_of(patterns, binding)

    def _sign(self, rule: Rule) -> list[Draft]:
        counts = [c for c in self._cells(rule.get("cells")) if c in self.table.values]
        amounts = [c for c in self._cells(rule.get("amounts", ())) if c in self.table.values]
        found = []
        for cell in (*counts, *amounts):
            value = self.table.values[cell]
            if value >= 0 and (cell in amounts or value == value.to_integral_value()):
                continue
            what = f"{self.rules.cell_name(cell)}印作 {number(value)}，" + (
                "不能为负。" if value < 0 else "件数应为整数。"
            )
            found.append(
                draft(
                    rule,
                    "mismatch",
                    what,
                    cell,
                    expected=">= 0",
                    found=number(value),
                    left=(f"cell:{cell}",),
                    fault="undecidable" if self.table.doubtful([cell]) else "author",
                    cause=self.causes.get(cell),
                )
            )
        if not found and (counts or amounts):
            return [draft(rule, "match", f"{rule.zh}：{len(counts) + len(amounts)} 格均成立。", "all")]
        return found

    def _blank(self, rule: Rule) -> list[Draft]:
        empty = []
        for binding in each_binding(self.table, rule):
            cells = self._cells(rule.get("cells"), binding)
            beside = self.table.expand(rule.get("beside"), dict(binding)).cells
            if any(self.table.values.get(c) for c in beside):
                empty += [c for c in cells if c in self.table.cells and self.table.cells[c].status == "missing"]
        if not empty:
            return []
        names = "、".join(self.rules.cell_name(c) for c in empty[:4]) + ("等" if len(empty) > 4 else "")
        what = f"总计栏有 {len(empty)} 格为空，而各类申请人有数：{names}。"
        return [draft(rule, "mismatch", what, "totals", left=_cell_refs(empty), fault="author")]

    def _reserved(self, rule: Rule) -> list[Draft]:
        agency = compact(self.report.agency)
        positive = [c for c in self._cells(rule.get("cells")) if self.table.values.get(c, Decimal(0)) > 0]
        if not positive:
            return []
        sides = {"left": _cell_refs(positive), "found": number(self.table.values[positive[0]]), "expected": "0"}
        if not rule.get("agency").search(agency) or (rule.get("unless") and rule.get("unless").search(agency)):
            return [draft(rule, "not_comparable", "从机关名称不能断定其有无规章制定权。", "regulations", **sides)]
        what = f"{self.report.agency}没有规章制定权，表二规章却填有数字，疑把规章制度计为规章。"
        return [draft(rule, "mismatch", what, "regulations", fault="author", **sides)]

    def _all_zero(self, rule: Rule) -> list[Draft]:
        cells = self._cells(rule.get("cells"))
        named = rule.get("agency").search(compact(self.report.agency))
        if not named or any(self.table.values.get(c) != 0 for c in cells):
            return []
        return [draft(rule, "mismatch", f"{rule.zh}。", "zero", left=_cell_refs(cells), fault="undecidable")]

    def _suspicious_sum(self, rule: Rule) -> list[Draft]:
        found = []
        for binding in each_binding(self.table, rule):
            left, right, nonzero = (self.table.expand(rule.get(k), dict(binding)) for k in ("left", "right", "nonzero"))
            values = [self.table.printed(x) for x in (left, right, nonzero)]
            if None in values or not values[2] or values[0] != values[1]:
                continue
            what = f"{self.rules.cell_name(right.cells[0])}恰等于上一年项目数量与本年增减之和，疑将事项数填作件数。"
            found.append(
                draft(
                    rule,
                    "mismatch",
                    what,
                    binding[0][1],
                    left=_cell_refs(left.cells),
                    right=_cell_refs(right.cells),
                    fault="undecidable",
                )
            )
        return found

    def _both_or_none(self, rule: Rule) -> list[Draft]:
        cells = self._cells(rule.get("cells"))
        values = [self.table.values.get(c) for c in cells]
        if None in values or len({bool(v) for v in values}) == 1:
            return []
        pairs = [(c, v) for c, v in zip(cells, values, strict=True) if v is not None]
        what = "、".join(f"{self.rules.cell_name(c)} {number(v)}" for c, v in pairs) + "：一有一无。"
        return [draft(rule, "mismatch", what, "procurement", left=_cell_refs(cells), fault="undecidable")]

    # ------------------------------------------------------------------ statements
    def _all_done(self, rule: Rule) -> list[Draft]:
        cell = rule.get("cell")
        interval = self.table.interval(cell)
        for sentence in self.report.sentences:
            text = self.folded[sentence.start : sentence.end]
            match = rule.get("pattern").search(text)
            if match is None or "申请" not in text or sentence.section == "problems_improvements":
                continue
            sides = {
                "left": (f"text:{sentence.start + match.start()}-{sentence.start + match.end()}",),
                "right": _cell_refs([cell]),
                "expected": "0",
            }
            if interval.fixed and interval.lo == 0:
                return [draft(rule, "match", "正文称申请均已办结，表中结转下年度为 0。", "all done", **sides)]
            what = "正文称申请均已办理，表中尚有结转下年度；常指到期申请，不作判断。"
            return [draft(rule, "not_comparable", what, "all done", **sides)]
        return []

    def _bodies(self, section: str) -> list[Section]:
        return [s for s in self.report.sections if s.section == section]

    def _body(self, section: str) -> str:
        return "".join(_SPACE.sub("", self.folded[s.body_start : s.end]) for s in self._bodies(section))

    def _mention(self, rule: Rule) -> list[Draft]:
        sections = [s for name in rule.get("sections") for s in self._bodies(name)]
        elsewhere = rule.get("elsewhere")
        if not sections:
            return []
        if any(rule.get("pattern").search(self._body(name)) for name in rule.get("sections")):
            return [draft(rule, "match", "第六部分说明了信息处理费情况。", "fees")]
        if elsewhere is not None and elsewhere.search(self.folded):
            return [draft(rule, "match", "正文说明了信息处理费情况。", "fees")]
        what = "第六部分没有说明信息处理费收取情况。"
        ref = f"text:{sections[0].start}-{sections[0].end}"
        return [draft(rule, "mismatch", what, "fees", left=(ref,), fault="author")]

    def _fee_part(self, rule: Rule) -> list[Draft]:
        cell, amount = rule.get("cell"), self.table.values.get(rule.get("cell"))
        if amount is None:
            return []
        found = []
        for count in self.prose.counts:
            if count.item != rule.get("item") or count.kind != "money" or count.part_of or count.value <= 0:
                continue
            sides = {
                "left": refs([count]),
                "right": _cell_refs([cell]),
                "found": number(count.value),
                "expected": f"<= {number(amount)} 万元",
            }
            fits = count.value / 10000 <= amount + rule.tolerance
            if fits or self.prose.foreign(count) or self.prose.other_year(count):
                status, what = (
                    ("match", "信息处理费不大于表二行政事业性收费金额。")
                    if fits
                    else ("not_comparable", "信息处理费的范围或年份与表二不同。")
                )
            else:
                larger = f"信息处理费 {number(count.value)} 元大于表二行政事业性收费 {number(amount)} 万元"
                status, what = "mismatch", f"{larger}，前者应计入后者。"
            found.append(draft(rule, status, what, count_identity(count), **sides))  # type: ignore[arg-type]
        return found

    def _fee_note(self, rule: Rule) -> list[Draft]:
        match = rule.get("pattern").search(self.folded)
        interval = self.table.interval(rule.get("cell"))
        if match is None or not interval.fixed:
            return []
        sides = {
            "left": (f"text:{match.start()}-{match.end()}",),
            "right": _cell_refs([rule.get("cell")]),
            "expected": "0",
            "found": number(interval.lo),
        }
        if interval.lo == 0:
            return [draft(rule, "match", "未发出收费通知，逾期不缴费为 0。", "fee note", **sides)]
        what = f"正文称未发出收费通知，表三逾期未按收费通知缴费却为 {number(interval.lo)} 件。"
        return [draft(rule, "mismatch", what, "fee note", fault="author", **sides)]

    def _fee_tariff(self, rule: Rule) -> list[Draft]:
        unit = Decimal(str(rule.get("unit")))
        return [
            draft(
                rule,
                "mismatch",
                f"信息处理费“{' '.join(c.text.split())}”不是 {unit} 元的整数倍，与收费标准不合。",
                count_identity(c),
                left=refs([c]),
                found=number(c.value),
                fault="author",
            )
            for c in self.prose.counts
            if c.item == rule.get("item")
            and c.kind == "money"
            and c.bound == "exact"
            and c.value % unit
            and "万" not in self.folded[c.number_start : c.end]
        ]

    def _fee_unexplained(self, rule: Rule) -> list[Draft]:
        sections = self._bodies("other_matters")
        cells = (rule.get("fees"), *self._cells(rule.get("cells")))
        fees = [c for c in cells if self.table.values.get(c, Decimal(0)) > 0]
        if not sections or not fees or rule.get("pattern").search(self._body("other_matters")):
            return []
        if rule.get("pattern").search("".join(s.text for s in self.report.sentences)):
            return []
        name = self.rules.cell_name(fees[0])
        what = f"表中{name}为 {number(self.table.values[fees[0]])}，第六部分没有说明收费情况。"
        ref = f"text:{sections[0].start}-{sections[0].end}"
        return [draft(rule, "mismatch", what, "fees", left=_cell_refs(fees), right=(ref,), fault="author")]

    # ------------------------------------------------------------------ sections and tables
    def _six(self, rule: Rule) -> list[Draft]:
        if not self.report.sections:
            return [draft(rule, "not_comparable", "没有识别出章节。", "sections")]
        order = [s.section for s in self.report.sections if s.section in _SIX]
        missing = [s for s in _SIX if s not in order]
        repeated = sorted({s for s in order if order.count(s) > 1}, key=_SIX.index)
        extra = [s for s in self.report.sections if s.section == "unknown"]
        ranks = [_SIX.index(s) for s in dict.fromkeys(order)]
        faults = []
        if missing:
            faults.append("缺第" + "、".join(_NUMERALS[s] for s in missing) + "部分")
        if repeated:
            faults.append("第" + "、".join(_NUMERALS[s] for s in repeated) + "部分重复")
        if ranks != sorted(ranks):
            faults.append("顺序不符")
        if extra:
            faults.append(f"另有 {len(extra)} 个部分")
        sides = {"expected": "6", "found": str(len(order) + len(extra))}
        if not faults:
            return [draft(rule, "match", "六个部分齐全、各一次、按顺序。", "sections", **sides)]
        marks = tuple(f"text:{s.start}-{s.body_start}" for s in self.report.sections if s.section != "preamble")
        return [
            draft(
                rule,
                "mismatch",
                f"章节与格式不符：{'，'.join(faults)}。",
                "sections",
                left=marks[:12],
                fault="undecidable",
                **sides,
            )
        ]

    def _tables(self, rule: Rule) -> list[Draft]:
        if self.report.template == "pre2019":
            return []
        tables = self.table.tables
        if {"t2", "t2_2019"} <= tables:
            return [draft(rule, "mismatch", "表二同时含有2019年与2021年两种格式。", "tables", fault="undecidable")]
        wanted = (("表二", {"t2", "t2_2019"}), ("表三", {"t3"}), ("表四", {"t4"}))
        missing = [zh for zh, ids in wanted if not ids & tables]
        if not missing:
            return [draft(rule, "match", "表二、表三、表四齐备。", "tables")]
        notes = "；".join(n.message for n in self.report.notes if "table" in n.code or "表" in n.message)[:200]
        note = f"（{notes}）" if notes else ""
        what = f"没有读到{'、'.join(missing)}，可能以图片、附件发布或未能识别{note}。"
        return [draft(rule, "not_comparable", what, "tables")]

    def _empty_cells(self, rule: Rule) -> list[Draft]:
        found = []
        for name in rule.get("tables"):
            if name not in self.table.tables:
                continue
            missing = [c for c in self.table.cells.values() if c.table == name and c.status == "missing"]
            empty = [c for c in missing if c.row not in self.table.absent]
            blank = [c.cell_id for c in empty if (c.fault != "reader" and c.start >= 0) or c.fault == "author"]
            if not empty:
                continue
            stroke = sum(1 for c in empty if c.raw.strip())
            what = (
                f"{'表三' if name == 't3' else '表四'}有 {len(empty)} 格没有数字"
                + (f"，其中 {stroke} 格为“/”一类符号" if stroke else "")
                + "；无则应填 0。"
            )
            status: FindingStatus = (
                "mismatch" if blank or not any(c.fault == "reader" for c in empty) else "not_comparable"
            )
            found.append(
                draft(
                    rule,
                    status,
                    what,
                    name,
                    found=str(len(empty)),
                    expected="0",
                    left=_cell_refs([c.cell_id for c in empty]),
                    fault="author" if status == "mismatch" else "reader",
                )
            )
        return found

    def _thin(self, rule: Rule) -> list[Draft]:
        section = rule.get("section")
        present = self._bodies(section)
        if not present:
            # a missing section is told by the rule on the six sections
            return []
        body = self._body(section)
        none = rule.get("none").match(body)
        if not none and len(body) >= int(rule.get("least")):
            return [draft(rule, "match", f"第{_NUMERALS[section]}部分有内容。", section)]
        what = f"第{_NUMERALS[section]}部分" + (f"只有“{body}”。" if body else "为空。")
        ref = f"text:{present[0].start}-{present[0].end}"
        fault = "author" if body else "undecidable"
        return [draft(rule, "mismatch", what, section, found=body, left=(ref,), fault=fault)]

    # ------------------------------------------------------------------ wording
    def _pattern(self, rule: Rule) -> list[Draft]:
        found = []
        spans = [(s.start, s.end) for s in self.report.sentences if s.kind == "sentence"]
        if not spans:
            spans = [(0, len(self.folded))]
        for start, end in spans:
            for match in rule.get("pattern").finditer(self.folded, start, end):
                surface = self.report.text[match.start() : match.end()]
                what = f"{rule.zh}：“{surface}”。"
                found.append(
                    draft(
                        rule,
                        "mismatch",
                        what,
                        re.sub(r"\s", "", match[0])[:24],
                        found=surface,
                        left=(f"text:{match.start()}-{match.end()}",),
                        fault="author",
                    )
                )
        return found[:12]

    def _generic(self, rule: Rule) -> list[Draft]:
        text = "".join(self.folded[s.start : s.end] for s in self.report.sentences if s.section == "overview")
        if len(text) < int(rule.get("least")) or any(c.section == "overview" for c in self.prose.counts):
            return []
        agency = fold(self.report.agency)
        if rule.get("own").search(text) or (agency and (agency in text or agency[-4:] in text)):
            return []
        return [draft(rule, "mismatch", "第一部分既未提到本机关，也没有任何数字。", "overview", fault="author")]


def _cell_refs(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"cell:{c}" for c in cells[:_MOST_REFS])
