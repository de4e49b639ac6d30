"""Where a count stands: its clause, its sentence, and the words around it that change what it means."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from ..schema import Count, Report, Sentence
from ..template.rules import RuleSet
from ..text.normalize import compact, fold

_CLAUSE = frozenset(",。;!?\n:")
_TIGHT = _CLAUSE | frozenset("、()")
_YEAR = re.compile(r"(?<!\d)(20\d\d) ?年")
_REACH = 160
_OWN = re.compile(r"[本我](?:局|委|办|厅|镇|乡|县|市|区|州|旗|街道|单位|机关|中心|院|校|公司|部门)")


class Prose:
    """The counts of a report with the folded text around them. Offsets are those of ``report.text``."""

    def __init__(self, report: Report, rules: RuleSet) -> None:
        self.report, self.cues = report, rules.cues
        self.text = fold(report.text)
        self.sentences: dict[str, Sentence] = {s.sentence_id: s for s in report.sentences}
        self.counts: tuple[Count, ...] = report.counts
        self.by_id: dict[str, Count] = {c.count_id: c for c in self.counts}
        self.children: dict[str, list[Count]] = defaultdict(list)
        for count in self.counts:
            if count.part_of is not None and count.part_of in self.by_id:
                self.children[count.part_of].append(count)
        self.government = not report.agency or bool(self.cues["government"].search(fold(report.agency)))

    # ------------------------------------------------------------------ spans
    def bounds(self, count: Count) -> tuple[int, int]:
        """The sentence that holds the count."""
        sentence = self.sentences.get(count.sentence_id)
        if sentence is None:
            return max(0, count.start - _REACH), min(len(self.text), count.end + _REACH)
        return sentence.start, sentence.end

    def _left(self, count: Count, at: int, stops: frozenset[str]) -> int:
        low = max(self.bounds(count)[0], at - _REACH)
        while at > low and not self._stop(at - 1, stops):
            at -= 1
        return at

    def _right(self, count: Count, at: int, stops: frozenset[str]) -> int:
        high = min(self.bounds(count)[1], at + _REACH)
        while at < high and not self._stop(at, stops):
            at += 1
        return at

    def _stop(self, at: int, stops: frozenset[str]) -> bool:
        char = self.text[at]
        # a comma or point inside a number ends nothing
        grouped = char == "," and self.text[at - 1 : at].isdigit() and self.text[at + 1 : at + 2].isdigit()
        return char in stops and not grouped

    def clause(self, count: Count) -> str:
        """The words between the commas, semicolons or stops around the number."""
        return self.text[self._left(count, count.number_start, _CLAUSE) : self._right(count, count.number_end, _CLAUSE)]

    def clause_before(self, count: Count) -> str:
        """The clause up to the number."""
        return self.text[self._left(count, count.number_start, _CLAUSE) : count.number_start]

    def tight(self, count: Count) -> str:
        """The clause cut at brackets and list commas too: what is said of this number alone."""
        return self.text[self._left(count, count.number_start, _TIGHT) : self._right(count, count.number_end, _TIGHT)]

    def sentence(self, count: Count) -> str:
        """The folded sentence."""
        start, end = self.bounds(count)
        return self.text[start:end]

    def paragraph(self, count: Count) -> str:
        """The folded paragraph, with the headings above it."""
        sentence = self.sentences.get(count.sentence_id)
        if sentence is None:
            return self.sentence(count)
        same = [s for s in self.report.sentences if s.paragraph == sentence.paragraph and s.section == sentence.section]
        return fold("".join((*sentence.heading_path, *(s.text for s in same))))

    def between(self, first: Count, last: Count) -> str:
        """The text from the end of one number to the start of another."""
        return self.text[first.number_end : last.number_start]

    def after(self, count: Count, length: int = 12) -> str:
        """What follows the number."""
        return self.text[count.number_end : count.number_end + length]

    # ------------------------------------------------------------------ meaning
    def other_year(self, count: Count) -> bool:
        """Whether the number is told of another year than the report's."""
        if self.cues["other_year"].search(self.clause_before(count)):
            return True
        if self.report.year is None:
            return False
        before = self.text[self.bounds(count)[0] : count.number_start]
        years = _YEAR.findall(before)
        return bool(years) and int(years[-1]) != self.report.year

    def cumulative(self, count: Count) -> bool:
        """Whether the number is a running total, not this year's."""
        clause = self.clause_before(count)
        match = self.cues["cumulative"].search(clause)
        if match is None:
            return False
        # 截至12月31日 of the report's own year is the end of the period, and 全年累计 is the year's total
        own_end = self.cues["period_end"].search(clause)
        if own_end is not None and not self.cues["cumulative"].search(clause.replace(own_end[0], "")):
            return False
        return not self.cues["within_year"].search(clause) and not (
            self.report.year is not None and re.search(rf"{self.report.year} ?年", clause)
        )

    def foreign(self, count: Count) -> bool:
        """Whether the number belongs to another body than the one whose tables these are."""
        scope = self.scope(count)
        if scope:
            return not (self.government and self.cues["territory"].match(scope))
        if count.scope and self.cues["own_scope"].search(fold(count.scope)):
            return False
        clause = self.clause_before(count)
        territory = self.cues["territory"].search(clause)
        if territory is not None:
            return not self.government
        return bool(self.cues["other_body"].search(clause)) and not self.names_author(clause)

    def scope(self, count: Count) -> str:
        """Whose number it is said to be; empty when nobody's or the author's own."""
        scope = self.cues["scope_lead"].sub("", compact(count.scope))
        if self.cues["no_scope"].match(scope) or self.cues["own_scope"].search(scope):
            return ""
        agency = compact(self.report.agency)
        own = len(scope) >= 3 and (agency.endswith(scope) or (scope.endswith(agency) and bool(agency)))
        return "" if own else scope

    def names_author(self, clause: str) -> bool:
        """Whether the body that a clause names is the author: 本局, or the end of the agency's name with or without 人民."""
        if _OWN.search(clause):
            return True
        agency = fold(self.report.agency)
        return len(agency) >= 4 and (agency[-6:] in clause or agency.replace("人民", "")[-6:] in clause)

    def verbs(self, count: Count) -> frozenset[str]:
        """The verbs of the clause before the number."""
        return frozenset(self.cues["verb"].findall(self.clause_before(count)))

    def channels(self, count: Count) -> frozenset[str]:
        """Media and places named in the clause before the number."""
        return frozenset(self.cues["channel"].findall(self.clause_before(count)))


@lru_cache(maxsize=1024)
def folded_unit(unit: str) -> str:
    """A measure word in simplified letters; there are few, and they are compared often."""
    return fold(unit)


def decimals(surface: str) -> int:
    """How many digits stand behind the point.

    Example:
        >>> decimals("34.90"), decimals("12")
        (2, 0)
    """
    _, point, rest = surface.partition(".")
    return len(rest.rstrip()) if point else 0


def near(value: Decimal, stated: Decimal, places: int) -> bool:
    """Whether ``stated`` is ``value`` within one unit in its last printed place.

    Example:
        >>> near(Decimal("4.347"), Decimal("4.34"), 2), near(Decimal("32.04"), Decimal("33.9"), 1)
        (True, False)
    """
    return abs(value - stated) < Decimal(1).scaleb(-places)


def refs(counts: Sequence[Count]) -> tuple[str, ...]:
    """References to counts."""
    return tuple(f"count:{c.count_id}" for c in counts)
