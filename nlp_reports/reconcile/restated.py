"""The same quantity told twice. Deliberately narrow: most nouns that recur in a report name different things each time.

Two numbers are held against each other only when noun, unit, verb, medium and body agree and both are totals of the
year. What is published in a column named after its subject is that subject.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from itertools import combinations

from ..schema import Count
from ..template.rules import Rule, RuleSet
from ..text.normalize import compact
from .drafts import Draft, count_identity, draft, number
from .narrative import NarrativeCheck
from .prose import Prose, folded_unit, refs

_SMALLEST_ECHO = 10


class RestatedCheck:
    """NN-SAME and NN-CUM."""

    def __init__(self, prose: Prose, rules: RuleSet, narrative: NarrativeCheck) -> None:
        self.prose, self.narrative = prose, narrative
        self.same = rules.of_kind("restated")
        self.units = rules.of_kind("two_units")
        self.cumulative = rules.of_kind("restated_cumulative")

    def run(self) -> list[Draft]:
        """Every pair of numbers of one quantity."""
        if self.same is None:
            return []
        groups: dict[str, list[tuple[Count, bool]]] = defaultdict(list)
        echoes: dict[str, list[Count]] = defaultdict(list)
        for count in self.prose.counts:
            if count.kind != "count" or count.negated_zero or count.section == "preamble":
                continue
            name = self._column(count)
            if name:
                groups[name].append((count, True))
                continue
            label = compact(count.label).strip('“”"《》‘’')
            channels = self.prose.channels(count)
            if label and channels and count.part_of is None and self.same.get("general").match(label):
                # all that one named medium published is a quantity of its own
                groups[f"{'、'.join(sorted(channels))}{label}"].append((count, False))
            if not label or self.same.get("general").match(label):
                if (count.value >= _SMALLEST_ECHO and count.part_of is None) or count.value >= 100:
                    echoes[number(count.value)].append(count)
                continue
            groups[label].append((count, False))
        drafts: list[Draft] = []
        if self.units is not None:
            drafts.extend(self._units(self.units, groups))
        for label, members in groups.items():
            for (a, a_column), (b, b_column) in combinations(members[:12], 2):
                one = self._pair(label, a, b, a_column or b_column)
                if one is not None:
                    drafts.append(one)
        for counts in echoes.values():
            drafts.extend(self._echo(counts))
        return drafts

    def _units(self, rule: Rule, groups: Mapping[str, list[tuple[Count, bool]]]) -> list[Draft]:
        """One noun with one number and two measure words."""
        drafts = []
        for label, members in groups.items():
            units = {folded_unit(c.unit): c for c, _ in members if c.unit}
            if len(units) > 1 and len({c.value for c in units.values()}) == 1:
                what = f"“{label}”先后用“{'”“'.join(units)}”计数。"
                drafts.append(draft(rule, "mismatch", what, label, left=refs(list(units.values())), fault="author"))
        return drafts

    def _column(self, count: Count) -> str:
        """The name of the quoted column in which this number was published, when that is what is said."""
        assert self.same is not None
        pattern = self.same.get("column")
        if pattern is None:
            return ""
        start = self.prose.bounds(count)[0]
        before = self.prose.text[start : count.number_start]
        matches = list(pattern.finditer(before))
        if matches and len(before) - matches[-1].end() <= 2:
            return compact(matches[-1]["name"])
        return ""

    def _pair(self, label: str, a: Count, b: Count, column: bool) -> Draft | None:
        assert self.same is not None
        if (a.sentence_id == b.sentence_id and not column) or folded_unit(a.unit) != folded_unit(b.unit):
            return None
        identity = f"{label}|{count_identity(a)}|{count_identity(b)}"
        sides = {"left": refs([a]), "right": refs([b]), "expected": number(a.value), "found": number(b.value)}
        show = f"“{' '.join(a.text.split())}”与“{' '.join(b.text.split())}”"
        if a.value == b.value and a.value > 0:
            return draft(self.same, "match", f"同一事项两处所述一致：{show}。", identity, **sides)
        reason = self._different(a, b, column)
        a_cumulative, b_cumulative = self._running(a), self._running(b)
        if not reason and a_cumulative != b_cumulative:
            year, total = (b, a) if a_cumulative else (a, b)
            if total.value >= year.value:
                rule = self.cumulative or self.same
                what = f"{show}：一为本年数，一为累计数，累计数不小于本年数。"
                return draft(rule, "match", what, identity, **sides)
            what = f"同一事项“{label}”前后不一：{show}，累计数反小于本年数。"
        elif not reason:
            what = f"同一事项“{label}”前后不一：{show}。"
        else:
            return draft(self.same, "not_comparable", f"{show}不作比较：{reason}。", identity, **sides)
        one = draft(self.same, "mismatch", what, identity, fault="author", **sides)
        wrong = self.narrative.wrong
        one.cause = wrong.get(a.count_id) or wrong.get(b.count_id)
        return one

    def _running(self, count: Count) -> bool:
        """Whether 累计 and its like stand before the number without a word for the year."""
        return self.prose.cumulative(count)

    def _different(self, a: Count, b: Count, column: bool) -> str:
        """Why the two may be different quantities; empty when nothing tells them apart."""
        prose = self.prose
        if a.bound != "exact" or b.bound != "exact":
            return "含约数"
        if (a.part_of is None) != (b.part_of is None) or (a.part_of and a.part_of != b.part_of):
            return "一为总数，一为其中一部分"
        if "problems_improvements" in (a.section, b.section):
            return "问题与改进部分所述多为个别事项"
        if prose.scope(a) != prose.scope(b) or prose.foreign(a) != prose.foreign(b):
            return "范围不同"
        if prose.other_year(a) or prose.other_year(b):
            return "期间不同"
        if a.count_id in self.narrative.right and b.count_id in self.narrative.right:
            return "两数分别与表格相符，口径不同"
        if column:
            return ""
        one, two = prose.sentences.get(a.sentence_id), prose.sentences.get(b.sentence_id)
        if one is not None and two is not None and one.paragraph == two.paragraph:
            return "同段所述多为不同事项"
        if prose.channels(a) != prose.channels(b):
            return "渠道不同"
        if self._acts(a) != self._acts(b):
            return "所述行为不同"
        if not all(prose.cues["yearly"].search(prose.text[prose.bounds(c)[0] : c.number_start]) for c in (a, b)):
            return "未说明为全年总数"
        return ""

    def _acts(self, count: Count) -> frozenset[str]:
        """What was done, all ways of making public taken as one."""
        published = self.prose.cues["published"]
        return frozenset("公开" if published.match(verb) else verb for verb in self.prose.verbs(count))

    def _echo(self, counts: list[Count]) -> list[Draft]:
        """General nouns prove nothing when they differ, but the same number twice for the same thing agrees."""
        assert self.same is not None
        drafts = []
        for a, b in combinations(counts[:4], 2):
            if a.sentence_id == b.sentence_id or not self._alike(a, b):
                continue
            what = f"同一数字两处所述一致：“{' '.join(a.text.split())}”与“{' '.join(b.text.split())}”。"
            drafts.append(
                draft(
                    self.same,
                    "match",
                    what,
                    f"{count_identity(a)}|{count_identity(b)}",
                    left=refs([a]),
                    right=refs([b]),
                    expected=number(a.value),
                    found=number(b.value),
                )
            )
        return drafts

    def _alike(self, a: Count, b: Count) -> bool:
        return compact(a.label)[-2:] == compact(b.label)[-2:] != ""
