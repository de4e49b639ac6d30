"""The report against itself as a document: title, preamble, period, agency, cited documents, publication date."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from ..template.rules import Rule, RuleSet
from ..text.normalize import compact
from .drafts import Draft, draft
from .prose import Prose

_PREAMBLE_LENGTH = 1500


class Squeezed:
    """Folded text without blanks, with the way back: PDF and web text break titles and dates anywhere."""

    def __init__(self, folded: str) -> None:
        self.places = [at for at, char in enumerate(folded) if char not in " \n\u200b\ufeff"]
        self.text = "".join(char for char in folded if char not in " \n\u200b\ufeff")

    def ref(self, start: int, end: int) -> str:
        """A reference to a stretch of the squeezed text."""
        return f"text:{self.places[start]}-{self.places[end - 1] + 1}"


class FormCheck:
    """The M-* rules."""

    def __init__(self, prose: Prose, rules: RuleSet) -> None:
        self.report, self.rules, self.folded = prose.report, rules, prose.text
        report = prose.report
        first = min((s.start for s in report.sections if s.section != "preamble"), default=len(report.text))
        self.preamble = Squeezed(self.folded[: min(first, _PREAMBLE_LENGTH)])
        self.title = compact(report.title)

    def run(self) -> list[Draft]:
        """All drafts of the active rules of this family."""
        checks: dict[str, Callable[[Rule], list[Draft]]] = {
            "year": self._year,
            "period": self._period,
            "agency": self._agency,
            "stale_year": self._stale,
            "cited": self._cited,
            "deadline": self._deadline,
        }
        drafts = []
        for rule in self.rules.active():
            if rule.kind in checks and rule.applies(self.report.template):
                drafts.extend(checks[rule.kind](rule))
        return drafts

    def _title_ref(self) -> tuple[str, ...]:
        evidence = next((e for e in self.report.evidence if e.name in ("title", "agency")), None)
        if evidence is not None:
            return (f"text:{evidence.start}-{evidence.end}",)
        at = self.preamble.text.find(self.title) if self.title else -1
        return (self.preamble.ref(at, at + len(self.title)),) if at >= 0 else ()

    # ------------------------------------------------------------------ year and period
    def _stated_period(self, rule: Rule) -> re.Match[str] | None:
        for match in rule.get("period").finditer(self.preamble.text):
            if rule.get("near").search(self.preamble.text[max(0, match.start() - 24) : match.end() + 4]):
                return match  # type: ignore[no-any-return]
        return None

    def _year(self, rule: Rule) -> list[Draft]:
        years = set(rule.get("title").findall(self.title))
        period = self._stated_period(rule)
        if len(years) != 1 or period is None:
            what = "标题或引言没有写明年度，无从核对。"
            return [draft(rule, "not_comparable", what, "title|period")]
        title, stated = years.pop(), period["y1"]
        sides = {
            "expected": title,
            "found": stated,
            "left": self._title_ref(),
            "right": (self.preamble.ref(period.start(), period.end()),),
        }
        if title == stated:
            return [draft(rule, "match", f"标题与统计期限均为{title}年。", "title|period", **sides)]
        what = f"标题为{title}年度，统计期限却自{stated}年{period['m1']}月{period['d1']}日起。"
        return [draft(rule, "mismatch", what, "title|period", fault="author", **sides)]

    def _period(self, rule: Rule) -> list[Draft]:
        year_rule = next((r for r in self.rules.rules if r.kind == "year"), None)
        period = self._stated_period(year_rule) if year_rule is not None else None
        if period is None:
            return []
        begin = (int(period["y1"]), int(period["m1"]), int(period["d1"]))
        end = (int(period["y2"] or period["y1"]), int(period["m2"]), int(period["d2"]))
        sides = {
            "expected": f"{begin[0]}-1-1—{begin[0]}-12-31",
            "found": "{}-{}-{}—{}-{}-{}".format(*begin, *end),
            "left": (self.preamble.ref(period.start(), period.end()),),
        }
        if begin[1:] == (1, 1) and end == (begin[0], 12, 31):
            return [draft(rule, "match", "统计期限为整个年度。", "period", **sides)]
        what = f"统计期限写作“{period[0]}”，不是一个完整年度的1月1日至12月31日。"
        return [draft(rule, "mismatch", what, "period", fault="author", **sides)]

    # ------------------------------------------------------------------ agency
    def _agency(self, rule: Rule) -> list[Draft]:
        match = rule.get("title").match(self.title)
        title = match["agency"] if match else compact(self.report.agency)
        stated = next(
            (
                m
                for m in rule.get("preamble").finditer(self.preamble.text)
                if (rule.get("body").search(m["agency"]) and m["agency"] != title) or m["agency"] == title
            ),
            None,
        )
        if not title or stated is None:
            return [draft(rule, "not_comparable", "标题或引言没有写明发布机关，无从核对。", "title|preamble")]
        name = stated["agency"]
        sides = {
            "expected": title,
            "found": name,
            "left": self._title_ref(),
            "right": (self.preamble.ref(stated.start("agency"), stated.end("agency")),),
        }
        verdict, why = self._same_body(rule, title, name)
        if verdict == "match":
            return [draft(rule, "match", f"标题与引言的发布机关一致：{name}{why}。", "title|preamble", **sides)]
        if verdict == "not_comparable":
            what = f"标题为“{title}”，引言为“{name}”：{why}。"
            return [draft(rule, "not_comparable", what, "title|preamble", **sides)]
        what = f"标题的发布机关是“{title}”，引言却是“{name}”：{why}。"
        return [draft(rule, "mismatch", what, "title|preamble", fault="author", **sides)]

    def _same_body(self, rule: Rule, title: str, name: str) -> tuple[str, str]:
        """Whether two names mean one body, and why."""
        if title == name:
            return "match", ""
        if rule.get("pronoun").search(name) or rule.get("not_body").search(name):
            return "not_comparable", "引言用的是代称"
        office = rule.get("office")
        a, b = office.sub("", title), office.sub("", name)
        if (a != title) != (b != name) and (a.endswith(b) or b.endswith(a)) and _government(a) and _government(b):
            return "mismatch", "政府与其办公室各有报告"
        if title.endswith(name) or name.endswith(title):
            return "match", "（简称）"
        if re.sub(r"人民政府$|政府$", "", title) == re.sub(r"人民政府$|政府$", "", name):
            return "match", "（简称）"
        short, long = sorted((title, name), key=len)
        if _subsequence(short, long) or len(set(short) - set(long)) <= 1:
            return "not_comparable", "可能是简称"
        return "mismatch", "两个名称不是同一机关"

    # ------------------------------------------------------------------ years and documents in the text
    def _stale(self, rule: Rule) -> list[Draft]:
        if self.report.year is None:
            return []
        folded = self.folded
        found = []
        for section in self.report.sections:
            if section.section not in rule.get("sections"):
                continue
            body = folded[section.body_start : section.end]
            for match in rule.get("pattern").finditer(body):
                if int(match["year"]) == self.report.year:
                    continue
                at = section.body_start + match.start("year")
                what = f"第一部分以{match['year']}年的口吻叙述，而报告年度为{self.report.year}年。"
                found.append(
                    draft(
                        rule,
                        "mismatch",
                        what,
                        f"overview {match['year']}",
                        expected=str(self.report.year),
                        found=match["year"],
                        left=(f"text:{at}-{at + len(match[0])}",),
                        fault="author",
                    )
                )
        return found

    def _cited(self, rule: Rule) -> list[Draft]:
        folded = self.folded
        found = []
        misspelt = rule.get("misspelt")
        if misspelt is not None and (match := misspelt.search(folded)) is not None:
            what = f"文号用字有误：“{match[0]}”。"
            left = (_text(match),)
            found.append(draft(rule, "mismatch", what, "misspelt", found=match[0], left=left, fault="author"))
        old = rule.get("pattern").search(folded)
        if self.report.year is not None and self.report.year >= int(rule.get("from_year")) and old is not None:
            unless = rule.get("unless")
            if unless is None or not unless.search(folded):
                what = f"{self.report.year}年度报告仍引用2019年试行格式“{old[0]}”，应引用国办公开办函〔2021〕30号。"
                found.append(draft(rule, "mismatch", what, "cited", found=old[0], left=(_text(old),), fault="author"))
        return found

    def _deadline(self, rule: Rule) -> list[Draft]:
        match = rule.get("pattern").search(self.folded)
        if match is None or self.report.year is None:
            return []
        try:
            published = date(int(match["y"]), int(match["m"]), int(match["d"]))
        except ValueError:
            return []
        if not (self.report.year < published.year <= self.report.year + 1):
            return []
        government = rule.get("government").search(compact(self.report.agency)) is not None
        limit = date(self.report.year + 1, 3 if government else 1, 31)
        sides = {"expected": f"<= {limit}", "found": str(published), "left": (_text(match),)}
        if published <= limit:
            return [draft(rule, "match", f"{published}公布，在{limit}之前。", "published", **sides)]
        return [draft(rule, "mismatch", f"{published}公布，晚于{limit}。", "published", fault="author", **sides)]


def _government(name: str) -> bool:
    return name.endswith(("人民政府", "政府", "省", "市", "县", "区", "旗"))


def _text(match: re.Match[str]) -> str:
    return f"text:{match.start()}-{match.end()}"


def _subsequence(short: str, long: str) -> bool:
    rest = iter(long)
    return all(char in rest for char in short)
