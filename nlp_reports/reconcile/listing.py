"""Wholes and their parts in the prose: sums, single parts, shares.

A listing is called wrong when it exceeds its whole, or falls short although it is complete. 其中 may name only some
parts, 等 says so; one sentence may divide a whole twice (by applicant and by result), and a sum may run on over a
semicolon.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from ..schema import Count
from ..template.rules import Rule, RuleSet
from .cells import CellTable
from .drafts import Draft, count_identity, draft, number
from .narrative import NarrativeCheck
from .prose import Prose, decimals, folded_unit, near, refs

_REQUESTS = ("requests_received", "requests_completed", "requests_handled")


class ListingCheck:
    """The checks of numbers of the prose against one another inside a sentence or list."""

    def __init__(self, prose: Prose, table: CellTable, rules: RuleSet, narrative: NarrativeCheck) -> None:
        self.prose, self.table, self.rules, self.narrative = prose, table, rules, narrative
        self.fee_items = frozenset(
            item for rule in rules.active() if rule.kind == "fee_sum" for item in rule.get("items")
        )

    def run(self) -> list[Draft]:
        """All drafts of the active rules of this family."""
        drafts: list[Draft] = []
        by_kind = {rule.kind: rule for rule in self.rules.active()}
        for parent_id, children in self.prose.children.items():
            whole = self.prose.by_id[parent_id]
            parts = [c for c in children if c.kind == whole.kind and c.count_id != parent_id]
            if not parts or whole.kind not in ("count", "money"):
                continue
            larger = self._larger(by_kind.get("part_of"), whole, parts)
            drafts.extend(larger)
            rule = by_kind.get("fee_sum" if whole.item in self.fee_items else "parts")
            if rule is not None:
                drafts.extend(self._sums(rule, by_kind.get("parts", rule), whole, parts, larger))
        if (rule := by_kind.get("percent")) is not None:
            drafts.extend(self._shares(rule, by_kind.get("percent_total")))
        if (rule := by_kind.get("told_balance")) is not None:
            drafts.extend(self._balance(rule))
        if (rule := by_kind.get("rate")) is not None:
            drafts.extend(self._rates(rule))
        return drafts

    # ------------------------------------------------------------------ parts
    def _same_unit(self, whole: Count, part: Count) -> bool:
        return folded_unit(whole.unit) == folded_unit(part.unit)

    def _larger(self, rule: Rule | None, whole: Count, parts: Sequence[Count]) -> list[Draft]:
        """A single part that is larger than its whole."""
        if rule is None or whole.bound != "exact":
            return []
        most = max(value for value, _ in self._wholes(whole))
        found: list[Draft] = []
        for part in parts:
            if part.bound != "exact" or not self._same_unit(whole, part) or part.value <= most:
                continue
            if self._confirmed(whole, [part]) or self.prose.other_year(part) or self.prose.cumulative(part):
                continue
            what = f"“{self._show(part)}”是“{self._show(whole)}”的一部分，却大于总数。"
            one = draft(
                rule,
                "mismatch",
                what,
                f"{count_identity(part)}|{count_identity(whole)}",
                expected=f"<= {number(whole.value)}",
                found=number(part.value),
                left=refs([part]),
                right=refs([whole]),
                fault="author",
            )
            if not rule.get("certain").search(self.prose.between(whole, part)):
                one.severity = "warning"
                one.fault = "undecidable"
            # one whole that is too small makes every larger part look wrong
            one.cause = self._known_wrong([whole, part]) or (found[0] if found else None)
            found.append(one)
        return found

    def _sums(
        self, rule: Rule, parts_rule: Rule, whole: Count, parts: Sequence[Count], larger: Sequence[Draft]
    ) -> list[Draft]:
        drafts = []
        for family, members in self._families(parts_rule, parts).items():
            one = self._sum(rule, parts_rule, whole, members, family)
            if one is not None:
                if one.status == "mismatch" and larger and one.cause is None:
                    one.cause = larger[0]
                drafts.append(one)
        return drafts

    def _families(self, rule: Rule, parts: Sequence[Count]) -> dict[int, list[Count]]:
        families: dict[int, list[Count]] = {}
        for part in parts:
            kind = next((n for n, p in enumerate(rule.get("families")) if re.match(p, part.item)), -1)
            families.setdefault(kind, []).append(part)
        return families

    def _wholes(self, whole: Count, *, fixed: bool = False) -> list[tuple[Decimal, str]]:
        """What the whole may stand for: itself, or, for applications, new and carried in together.

        With ``fixed`` only when the sentence itself adds what was carried in.
        """
        rule = self.rules.of_kind("parts")
        carried = rule.get("carried") if rule is not None else None
        if not carried or not re.match(carried["whole"], whole.item):
            return [(whole.value, "")]
        values = [(whole.value, "")]
        for other in self.prose.counts:
            same = not fixed or other.sentence_id == whole.sentence_id
            if same and re.match(carried["told"], other.item) and other.bound == "exact":
                values.append((whole.value + other.value, f"加“{self._show(other)}”"))
        if fixed:
            return values
        for key, base in (("plus", whole.value), ("instead", Decimal(0))):
            for expression in carried.get(key, ()):
                interval = self.table.evaluate(self.table.expand(expression), repaired=True)
                if interval.fixed:
                    names = "＋".join(self.rules.cell_name(c) for c in self.table.expand(expression).cells)
                    sense = f"加表中{names} {number(interval.lo)}" if base else f"（表中{names} {number(interval.lo)}）"
                    values.append((base + interval.lo, sense))
        return values

    def _sum(self, rule: Rule, parts_rule: Rule, whole: Count, parts: list[Count], family: int) -> Draft | None:
        identity = f"{count_identity(whole)}|{'+'.join(sorted(count_identity(p) for p in parts))}"
        sides = {"left": refs([whole]), "right": refs(parts), "found": number(whole.value)}
        same = [p for p in parts if self._same_unit(whole, p)]
        wholes = dict(reversed(self._wholes(whole, fixed=family in parts_rule.get("fixed", ()))))
        for chosen in (parts, same):
            run = self._run(chosen, wholes)
            if run:
                sense = wholes[_total(run)]
                what = f"“{self._show(whole)}”{sense}等于所列各项之和：{self._adds(run)}。"
                return draft(rule, "match", what, identity, **(sides | {"expected": number(_total(run))}))
        if len(same) < 2 and not (family >= 0 and len(same) == len(parts)):
            return None
        total = _total(same)
        sides["expected"] = number(total)
        inexact = [c for c in (whole, *same) if c.bound != "exact"]
        if inexact:
            what = f"“{self._show(whole)}”与所列各项之和 {number(total)} 不作比较：含约数或限定数。"
            return draft(rule, "not_comparable", what, identity, **sides)
        reason = ""
        if total < whole.value and not self._complete_elsewhere(whole):
            reason = self._partial(parts_rule, whole, same, len(same) < len(parts))
        if any(self.prose.other_year(p) or self.prose.cumulative(p) for p in same):
            reason = "各项期间不同"
        if not reason and family not in parts_rule.get("fixed", ()) and self._confirmed(whole, same):
            reason = "总数与各项分别与表格相符，口径不同"
        if reason:
            what = f"“{self._show(whole)}”与所列各项之和 {number(total)} 不作比较：{reason}。"
            return draft(rule, "not_comparable", what, identity, **sides)
        relation = "大于" if total > whole.value else "小于"
        what = f"“{self._show(whole)}”，所列各项之和为 {self._adds(same)}，{relation}总数{self._hint(whole, same)}。"
        one = draft(rule, "mismatch", what, identity, fault="author", **sides)
        one.cause = self._known_wrong([whole, *same])
        return one

    def _run(self, parts: Sequence[Count], wholes: Mapping[Decimal, str]) -> list[Count]:
        """The first parts, up to some point, that add up to the whole: a sum may end before the list does."""
        taken: list[Count] = []
        total = Decimal(0)
        for part in parts:
            taken.append(part)
            total += part.value
            if total in wholes and (len(taken) > 1 or len(parts) == 1 or part is parts[-1]):
                return taken
        return []

    def _partial(self, rule: Rule, whole: Count, parts: Sequence[Count], mixed: bool) -> str:
        """Why a listing may be incomplete; empty when it is a complete one."""
        prose = self.prose
        last = max(parts, key=lambda c: c.number_end)
        first = min(parts, key=lambda c: c.number_start)
        between = prose.text[whole.number_end : last.number_end] + prose.after(last, 8).split("。")[0]
        if mixed:
            return "各项量词不同"
        if self.rules.cues["open_list"].search(between):
            return "列举未尽（等、主要）"
        if last.number_start < whole.number_start:
            return "各项不是总数的列举"
        items = {p.item for p in parts}
        if any(set(group) <= items for group in rule.get("exhaustive", ())):
            return ""
        lead = prose.text[whole.number_end : first.number_start]
        if self.rules.cues["closed_list"].search(lead):
            return ""
        bracket = re.match(r" ?[^\d,。;:()]{0,4}\((?!其中|含|包括|包含)", lead)
        closing = prose.text.find(")", whole.number_end, last.number_end + 12)
        if bracket and (closing < 0 or closing >= last.number_end) and len(parts) > 1:
            return ""
        if re.match(r" ?[^\d,。;:()]{0,4}:(?!其中)", lead) and len(parts) > 1:
            return ""
        return "其中所列可能只是一部分"

    def _complete_elsewhere(self, whole: Count) -> bool:
        """Whether the same agencies are listed with another quantity (cases beside money) whose sum is right."""
        if whole.item not in self.fee_items:
            return False
        for other_id, parts in self.prose.children.items():
            other = self.prose.by_id[other_id]
            if other_id != whole.count_id and other.item in self.fee_items and other.sentence_id == whole.sentence_id:
                cases = [p for p in parts if p.kind == other.kind]
                return len(cases) == len(self.prose.children[whole.count_id]) and _total(cases) == other.value
        return False

    def _hint(self, whole: Count, parts: Sequence[Count]) -> str:
        difference = _total(parts) - whole.value
        for part in parts:
            if difference and part.value == difference:
                return f"，多出的 {number(difference)} 恰为“{self._show(part)}”"
        return f"，差 {number(abs(difference))}"

    def _confirmed(self, whole: Count, parts: Sequence[Count]) -> bool:
        right = self.narrative.right
        return whole.count_id in right and all(p.count_id in right for p in parts)

    def _known_wrong(self, counts: Sequence[Count]) -> Draft | None:
        return next((self.narrative.wrong[c.count_id] for c in counts if c.count_id in self.narrative.wrong), None)

    def _show(self, count: Count) -> str:
        return " ".join(count.text.split()) or number(count.value)

    def _adds(self, parts: Sequence[Count]) -> str:
        shown = "＋".join(number(p.value) for p in parts[:12]) + ("＋…" if len(parts) > 12 else "")
        return f"{shown}＝{number(_total(parts))}"

    # ------------------------------------------------------------------ shares
    def _shares(self, rule: Rule, total_rule: Rule | None) -> list[Draft]:
        """Percentages that follow their number: recomputed over every base that the sentence or the table offers."""
        found: list[tuple[Count, Count]] = []
        by_sentence: dict[str, list[Count]] = {}
        for count in self.prose.counts:
            by_sentence.setdefault(count.sentence_id, []).append(count)
        for counts in by_sentence.values():
            for share in counts:
                if share.kind != "percent":
                    continue
                before = [c for c in counts if c.kind == "count" and c.number_end <= share.number_start]
                if before:
                    part = max(before, key=lambda c: c.number_end)
                    if rule.get("pattern").match(self.prose.between(part, share)):
                        found.append((part, share))
        drafts = []
        for part, share in found:
            siblings = [(p, s) for p, s in found if s is not share and self._near_paragraph(s, share)]
            drafts.append(self._share(rule, part, share, siblings))
        if total_rule is not None:
            drafts.extend(self._hundred(total_rule, found))
        return drafts

    def _hundred(self, rule: Rule, found: Sequence[tuple[Count, Count]]) -> list[Draft]:
        """Shares of all parts of a whole that the parts add up to."""
        groups: dict[str, list[tuple[Count, Count]]] = {}
        for part, share in found:
            if part.part_of in self.prose.by_id:
                groups.setdefault(str(part.part_of), []).append((part, share))
        drafts = []
        for parent, pairs in groups.items():
            parts, shares = [p for p, _ in pairs], [s for _, s in pairs]
            whole = self.prose.by_id[parent].value
            if len(pairs) < 2 or _total(parts) != whole or not whole:
                continue
            if not any(near(p.value * 100 / whole, s.value, self._places(s)) for p, s in pairs):
                # shares of another whole
                continue
            total = _total(shares)
            slack = sum((Decimal(1).scaleb(-self._places(s)) for s in shares), Decimal(0))
            what = f"各项占比之和为 {number(total)}%"
            identity = "|".join(count_identity(p) for p in parts)
            sides = {"left": refs(shares), "right": refs(parts), "expected": "100%", "found": f"{number(total)}%"}
            if abs(total - 100) <= slack:
                drafts.append(draft(rule, "match", f"{what}。", identity, **sides))
            else:
                drafts.append(draft(rule, "mismatch", f"{what}，应为 100%。", identity, fault="author", **sides))
        return drafts

    def _near_paragraph(self, a: Count, b: Count) -> bool:
        one, two = self.prose.sentences.get(a.sentence_id), self.prose.sentences.get(b.sentence_id)
        return a.sentence_id == b.sentence_id or (
            one is not None and two is not None and one.paragraph == two.paragraph and abs(a.start - b.start) < 200
        )

    def _bases(self, rule: Rule, part: Count) -> list[tuple[str, Decimal, str]]:
        bases: list[tuple[str, Decimal, str]] = []
        parent = self.prose.by_id.get(part.part_of or "")
        if parent is not None and parent.value > 0:
            bases.append((self._show(parent), parent.value, f"count:{parent.count_id}"))
        for other in self.prose.counts:
            if other.section == part.section and other.item in _REQUESTS:
                bases.append((self._show(other), other.value, f"count:{other.count_id}"))
        if part.item.startswith(("result_", "requests_")):
            for expression in rule.get("bases"):
                linear = self.table.expand(expression)
                interval = self.table.evaluate(linear)
                if self.table.has(linear) and interval.fixed:
                    names = "＋".join(self.rules.cell_name(c) for c in linear.cells)
                    bases.append((names, interval.lo, f"cell:{linear.cells[0]}"))
        if parent is not None:
            for value, sense in self._wholes(parent)[1:]:
                bases.append((self._show(parent) + sense, value, f"count:{parent.count_id}"))
        return [b for b in bases if b[1] > 0]

    def _share(self, rule: Rule, part: Count, share: Count, siblings: Sequence[tuple[Count, Count]]) -> Draft:
        surface = self.prose.text[share.number_start : share.number_end]
        places = decimals(surface)
        identity = f"{count_identity(part)}|{count_identity(share)}"
        bases = self._bases(rule, part)
        for name, base, ref in bases:
            if near(part.value * 100 / base, share.value, places):
                what = f"“{self._show(part)}”占“{name}”（{number(base)}）的 {surface}%，相符。"
                return draft(rule, "match", what, identity, left=refs([share]), right=(*refs([part]), ref))
        # A base that another share of the same passage confirms is the one that is meant.
        sure = [
            b
            for b in bases
            if any(0 < s.value < 100 and near(p.value * 100 / b[1], s.value, self._places(s)) for p, s in siblings)
        ]
        parent = self.prose.by_id.get(part.part_of or "")
        plain = rule.get("plain").search(self.prose.between(part, share)) is not None
        direct = parent is not None and plain and parent.bound == "exact" and part.value <= parent.value
        chosen = sure or (bases[:1] if direct and not siblings else [])
        if not chosen and plain and part.item.startswith("result_") and part.count_id in self.narrative.right:
            # a result that the table bears out is a share of what was answered
            chosen = [b for b in bases if b[2].startswith("cell:")][:1]
        if not chosen or part.bound != "exact" or share.bound != "exact":
            what = f"“{self._show(part)}”占 {surface}%：同段未说明以何数为总数，不作比较。"
            return draft(rule, "not_comparable", what, identity, left=refs([share]), right=refs([part]))
        name, base, ref = chosen[0]
        actual = (part.value * 100 / base).quantize(Decimal(1).scaleb(-max(places, 1)))
        what = f"“{self._show(part)}”称占 {surface}%，而 {number(part.value)}÷{number(base)}（{name}）为 {actual}%。"
        one = draft(
            rule,
            "mismatch",
            what,
            identity,
            expected=f"{actual}%",
            found=f"{surface}%",
            left=refs([share]),
            right=(*refs([part]), ref),
            fault="author",
        )
        wrong = self.narrative.wrong.get(part.count_id)
        expected = _number(wrong.expected) if wrong is not None else None
        if expected is not None and any(near(expected * 100 / b, share.value, places) for _, b, _ in bases):
            # with the number of the table the share would be right: one slip, not two
            one.cause = wrong
        return one

    def _places(self, count: Count) -> int:
        return decimals(self.prose.text[count.number_start : count.number_end])

    # ------------------------------------------------------------------ balance and rates
    def _balance(self, rule: Rule) -> list[Draft]:
        """收到、上年结转、办结、结转下年 told in one paragraph."""
        names = ("received", "carried_in", "completed", "carried_out")
        groups: dict[int, dict[str, list[Count]]] = {}
        for count in self.prose.counts:
            sentence = self.prose.sentences.get(count.sentence_id)
            for name in names:
                if count.item == rule.get(name) and count.bound == "exact" and sentence is not None:
                    groups.setdefault(sentence.paragraph, {}).setdefault(name, []).append(count)
        drafts = []
        for group in groups.values():
            if any(len(group.get(name, ())) != 1 for name in names):
                continue
            a, b, c, d = (group[name][0] for name in names)
            right = c.value + d.value
            identity = "|".join(count_identity(x) for x in (a, b, c, d))
            n = [number(x.value) for x in (a, b, c, d)]
            equation = f"{n[0]}＋{n[1]}，办结与结转 {n[2]}＋{n[3]}＝{number(right)}"
            sides: dict[str, object] = {"left": refs([a, b]), "right": refs([c, d])}
            sides |= {"expected": number(a.value + b.value), "found": number(right)}
            if right in (a.value + b.value, a.value):
                drafts.append(draft(rule, "match", f"正文收到与结转 {equation}，平衡。", identity, **sides))
            elif any(self.prose.foreign(x) or x.part_of for x in (a, b, c, d)) or self._confirmed(a, [b, c, d]):
                what = f"正文收到与结转 {equation}，口径不同。"
                drafts.append(draft(rule, "not_comparable", what, identity, **sides))
            else:
                one = draft(rule, "mismatch", f"正文收到与结转 {equation}，不平衡。", identity, fault="author", **sides)
                one.cause = self._known_wrong([a, b, c, d])
                drafts.append(one)
        return drafts

    def _rates(self, rule: Rule) -> list[Draft]:
        """办结率100% beside numbers that say otherwise: often said loosely, so never more than a remark."""
        drafts = []
        for rate in self.prose.counts:
            if rate.kind != "percent" or rate.value != 100:
                continue
            if not rule.get("pattern").search(self.prose.clause_before(rate)):
                continue
            near_by = {c.item: c for c in self.prose.counts if c.sentence_id == rate.sentence_id}
            done, due = near_by.get(rule.get("done")), near_by.get(rule.get("due"))
            if done is None or due is None:
                continue
            equal = done.value in dict(self._wholes(due))
            what = f"“{self._show(rate)}”：收到 {number(due.value)}，办结 {number(done.value)}" + (
                "，相符。" if equal else "；常指已到期的申请，不作判断。"
            )
            status = "match" if equal else "not_comparable"
            drafts.append(
                draft(rule, status, what, count_identity(rate), left=refs([rate]), right=refs([done, due]))  # type: ignore[arg-type]
            )
        return drafts


def _total(counts: Sequence[Count]) -> Decimal:
    return sum((c.value for c in counts), Decimal(0))


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except ArithmeticError:
        return None
