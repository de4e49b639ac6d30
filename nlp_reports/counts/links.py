"""Which count is a part of which total: 其中, brackets, colon lists, results and kinds of applicants, also across units."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from decimal import Decimal

from .labels import clause_start
from .scan import Draft

_MARK = re.compile(
    r"其中|包括|包含|(?<![内所饱])含(?=[^量义糊金])|分别为|分别是|分别有|分为|由.{0,4}组成"
    r"|按[^,。;:\d]{1,10}(?:区分|划分|来分|分类|分|统计|来?看),|从[^,。;:\d]{1,10}来?看,?"
)
_FRESH = re.compile(r"(?:^|[,。;、])\s*(?:此外|另外|同时|另有?|还有|还|当[年月日]|全年|截至|累计|本年|并)")
_TOTAL_WORD = re.compile(
    r"(?:共计|合计|总计|累计|总共|(?<!公)共(?![同享产青建]))(?:约|近|超过?|达|有|为|编发|发布|公开|制作并发布|编印)?"
)
_NOT_PART = re.compile(r"(?:^|[(,、;])\s*(?:另有?|不含|不包括|除外|较|比|同比|环比|人均|平均)")
# 问了40位牧民，有33位没听说过; 14名联络员里，没有变动的4名: the number refers back to what was counted.
_BACK = re.compile(r"(?:已|仍|也|就|却|尚|只|仅)?有?")
_LEFT = re.compile(r"[\u4e00-\u9fff]{1,2}了")
_AMONG = re.compile(r"[^,。;:、()]{0,24}(?:(?:里|中|当中|之中|里面),[^。;:()]{0,30}|[里中](?:只|仅)?有|中)")
_LISTING = re.compile(r"(?:其中)?(?:主要)?(?:包括|包含|其中|有):")
# 清理文件122件，继续有效87件，修改6件: what became of what was gone through.
_SORTED = re.compile(r"清理|梳理|排查|摸排|摸底|筛查|复核|核查|复查")
_SORTED_INTO = re.compile(
    r"(?:继续|现行)?有效|保留|废止|修[改订]|失效|宣布失效|废止和(?:宣布)?失效|拟?修[改订]|关停.{0,2}|整合|注销|撤并|合并"
)
_BY_ATTRIBUTE = re.compile(r"(?:主动|依申请|不予)公开(?:类)?")
_REST = ("其余", "其他", "其它", "余下", "剩余")
# Classes that one work may be measured in: 解读稿21篇，其中音频解读6期.
_WORKS = frozenset({"things", "events", "copies", "kinds"})
_APPLICANTS = (
    "requests_natural_person",
    "requests_org",
    "requests_commercial",
    "requests_research",
    "requests_public_welfare",
    "requests_legal_service",
    "requests_other_org",
)
_FAMILIES = (
    (("result_",), ("requests_completed", "requests_received")),
    ((*_APPLICANTS, "requests_channel_"), ("requests_received", "requests_completed")),
    (("review_",), ("reviews",)),
    (("lawsuit_", "lawsuits_"), ("lawsuits",)),
)
_CASES = ("review_", "lawsuit_", "lawsuits_")
_BREAKS = (
    "requests_carried_out",
    "requests_completed",
    "requests_carried_in",
    "reviews",
    "lawsuits",
    "reviews_and_lawsuits",
)


@dataclass(slots=True)
class Memory:
    """What earlier units of the section left open: totals in order, the chain of parts, a colon that announced them."""

    totals: list[Draft] = field(default_factory=list)
    chain: dict[str, Draft] = field(default_factory=dict)
    colon: Draft | None = None
    listing: bool = False  # the mark of the chain is followed by a colon: its members are units of their own

    def latest(self, group: str, *, items: tuple[str, ...] = (), least: Draft | None = None) -> Draft | None:
        """The last total of a class of units (or of an item); with ``least`` one that can hold this part."""
        for draft in reversed(self.totals[-24:]):
            if least is not None and least.word == draft.word and least.value > draft.value:
                continue
            if (draft.item in items) if items else draft.group == group:
                return draft
        return None


def link(s: str, drafts: list[Draft], memory: Memory) -> None:
    """Set ``part_of`` of the drafts of one unit, in order, and update ``memory``."""
    marks = [m.start() for m in _MARK.finditer(s) if not _in_bracket(s, m.start())]
    counted = [d for d in drafts if d.kind in ("count", "money") and not d.zero]
    chain, colon = memory.chain, memory.colon
    here: list[Draft] = []  # totals of this unit
    opened: dict[str, Draft] = {}  # class -> total of the 其中 that is open
    mark_at = -1
    first_part: Draft | None = None
    last: Draft | None = None
    for i, draft in enumerate(counted):
        place = bisect_left(marks, draft.start)
        mark = marks[place - 1] if place and marks[place - 1] > draft.opened else -1
        total: Draft | None = None
        if draft.opened >= 0:
            total = _bracket_total(s, draft, counted[max(0, i - 24) : i])
        elif mark >= 0:
            if mark != mark_at:
                mark_at, first_part = mark, None
                opened = _open(s, mark, draft, here, counted, memory)
            total = opened.get(draft.group)
            if total is None and (
                first_part is None or s[first_part.unit_end : draft.head].strip(",、; ") == draft.label
            ):
                total = _other_measure(draft, opened)
            if first_part is not None and (_ends_chain(s, first_part, draft) or _other_matter(draft, total)):
                opened, total = {}, None
            if total is not None and draft.item.startswith(_CASES) and not total.item.startswith(_CASES):
                total = _family(draft, here, memory) or total  # 复议2件、诉讼1件，其中复议纠错1件
            first_part = first_part or draft
        elif chain and not _fresh(s, draft):
            total = chain.get(draft.group)
            total = None if _other_matter(draft, total) or (total is not None and _exceeds(draft, total)) else total
        # What a mark or a bracket ties together stays so: a part larger than its whole is then the author's error.
        said = total is not None
        if total is None and draft.opened < 0:
            total = (
                _family(draft, here, memory) or _colon(s, draft, here, colon) or _referred(s, draft, counted[:i][-12:])
            )
            if total is None and draft.item == "requests_carried_out" and last is not None:
                total = last.part_of if last.item.startswith("result_") else None  # 转下年度办理1件 after the results
        if total is not None and not said and _exceeds(draft, total):
            total = None
        if total is None and last is not None and last.part_of is not None and draft.opened < 0:
            total = _another(s, draft, last, counted[:i])
        last = draft
        if total is not None and total is not draft:
            draft.part_of = total
        elif draft.opened < 0:
            here.append(draft)
    _backward(s, counted)
    _divided(s, counted)
    here = [d for d in here if d.part_of is None]
    parts = [d for d in counted if d.part_of is not None and d.opened < 0]
    if counted:
        continues = parts and counted[-1].part_of is not None
        memory.chain = {d.group: d.part_of for d in parts if d.part_of is not None} if continues else {}
    memory.listing = memory.listing if not marks else _LISTING.search(s, marks[-1]) is not None
    if not (counted or memory.listing) or not s.rstrip().endswith((";", "、", ",")):
        memory.chain = {}
    memory.colon = counted[-1] if counted and s.rstrip().endswith(":") else (colon if not counted and colon else None)
    memory.totals.extend(here)


def _exceeds(part: Draft, total: Draft) -> bool:
    """No part is larger than the whole."""
    return part.word == total.word and part.value > total.value


def _any_noun(draft: Draft) -> bool:
    """个 goes with any noun: 整合19个部门的条款，其中拆出要点1207个 counts two things."""
    return draft.word is not None and draft.word.unit in ("个", "项")


def _other_measure(draft: Draft, opened: dict[str, Draft]) -> Draft | None:
    if draft.group not in _WORKS:
        return None
    found = [t for g, t in opened.items() if g in _WORKS]
    return found[-1] if found else None


def _other_matter(draft: Draft, total: Draft | None) -> bool:
    """93条，其中乡村类12条，白沙镇等27个乡镇…: another measure with a noun of its own begins something new."""
    return total is not None and total.word != draft.word and draft.origin == "after"


def _referred(s: str, draft: Draft, before: list[Draft]) -> Draft | None:
    """What a number without a noun of its own refers back to: 发出意见15条，采纳13条; 5件文件，3件由局长写稿."""
    people = draft.group == "people"
    same = [d for d in before if d.opened < 0 and d.word and (d.word == draft.word or (people and d.group == "people"))]
    if not same:
        return None
    nearest = same[-1]
    whole = nearest.part_of if nearest.part_of is not None and nearest.part_of in same else nearest
    floor = max(nearest.unit_end, nearest.label_end if nearest.origin == "after" else 0)
    start = clause_start(s, draft.head, floor=floor, stops=",。;:!?、([")
    clause = s[start : draft.head].strip()
    if draft.label_start >= 0 and s.startswith(_REST, draft.label_start) and nearest.part_of is not None:
        return nearest.part_of
    requests = nearest.item.startswith("requests_") or nearest.label.endswith(("申请", "申请件"))
    if draft.item in _BREAKS and requests:
        return None
    held = s[clause_start(s, whole.head, stops="。;!?") : draft.head]
    gone_through = whole.origin != "state" and "继续" not in whole.label and not _SORTED_INTO.fullmatch(whole.label)
    made = re.search(r"新|制[定发订]|出台|印发", s[max(0, whole.head - 8) : whole.head])
    if _SORTED_INTO.fullmatch(draft.label) and gone_through and not made and _SORTED.search(held):
        if _exceeds(draft, whole):
            return None
        return whole
    if _BY_ATTRIBUTE.fullmatch(draft.label) and whole.label.endswith(("公文", "文件")) and not _exceeds(draft, whole):
        return whole
    if draft.outcome and draft.value <= whole.value:
        if draft.item in _BREAKS:
            draft.item = ""  # 受理诉求30件，办结28件: not of requests
        return whole
    if clause.startswith("属") and clause.endswith("的"):
        return whole
    if clause.startswith("除") and (len(clause) == 1 or s.startswith("外", draft.unit_end)):
        return whole
    if _LEFT.fullmatch(clause) and start == floor:
        return whole  # 9名骨干走了6名
    if draft.origin == "inherited" and clause and _BACK.fullmatch(clause):
        return whole
    if draft.origin == "inherited" and not clause and s[draft.unit_end : draft.unit_end + 1] not in ",。;、":
        return whole
    return nearest if _AMONG.fullmatch(s, nearest.unit_end, draft.head) else None


_ANOTHER = re.compile(r"(?:^|[,;、])\s*(?:还有|另有|另|其余|余下|剩余)(?:外)?的?$")


def _another(s: str, draft: Draft, last: Draft, before: list[Draft]) -> Draft | None:
    """维持2件，另1件撤回: one more part, as long as the parts do not exceed their whole."""
    total = last.part_of
    if total is None or draft.word != last.word or not _ANOTHER.search(s, last.unit_end, draft.head):
        return None
    held = sum((d.value for d in before if d.part_of is total), draft.value)
    return total if held <= total.value else None


def _in_bracket(s: str, position: int) -> bool:
    return s.count("(", 0, position) > s.count(")", 0, position)


def _open(s: str, mark: int, draft: Draft, here: list[Draft], counted: list[Draft], memory: Memory) -> dict[str, Draft]:
    """The totals that a 其中 at ``mark`` refers to, by class of unit: of this unit, else of the units before."""
    before = [d for d in here[-24:] if d.start < mark and d.part_of is None]
    # Of several, one that can be the whole; else one that should be: the author may be wrong about his numbers.
    totals = {d.group: d for d in before if d.word != draft.word}
    same = [d for d in before if d.word == draft.word and d.kind == draft.kind]
    together = sum((d.value for d in same[-6:]), Decimal(0))
    if len(same) < 2 or draft.value > together:  # 建议3件、提案2件，其中4件上网: of both together
        totals |= {d.group: d for d in same if not _any_noun(draft)}
    totals |= {d.group: d for d in before if d.word == draft.word and not _exceeds(draft, d)}
    for other in counted:  # 无法提供35件，其中…: a part is divided again
        divided = other.start < mark and other.opened < 0 and other.part_of is not None
        if divided and not _exceeds(draft, other) and getattr(totals.get(other.group), "start", -1) < other.start:
            totals[other.group] = other
    if not totals and not any(d.start < mark and d.opened < 0 for d in counted):
        found = memory.latest(draft.group)
        groups = {d.group for d in counted}
        # Across units nothing but 其中 ties the two together: what cannot be the whole is not it.
        totals = {g: t for g in groups if (t := memory.latest(g, least=draft)) is not None}
        if s[mark : mark + 2] != "其中" and found is None:
            totals = {}
        if s[mark : mark + 2] != "其中" and mark > 6:
            totals = {}  # 包括 in the middle of a sentence about something else
    elif totals and draft.group not in totals and len(totals) == 1 and draft.group == "":
        totals[""] = next(iter(totals.values()))
    return totals


def _bracket_total(s: str, draft: Draft, counted: list[Draft]) -> Draft | None:
    outer = [
        d
        for d in counted
        if d.unit_end <= draft.opened
        and (d.opened < 0 or (d.opened < draft.opened and ")" not in s[d.unit_end : draft.opened]))
    ]
    if not outer:
        return None
    total = outer[-1]
    between = s[max(total.unit_end, total.label_end if total.origin == "after" else 0) : draft.opened]
    piece = s[clause_start(s, draft.head, floor=draft.opened, stops=",;(") - 1 : draft.head]
    if re.search(r"[,。;]", between) or len(between) > 12 or _NOT_PART.match(piece):
        return None
    return total if total.group == draft.group or not draft.group else None


def _ends_chain(s: str, first: Draft, draft: Draft) -> bool:
    between = s[max(first.unit_end, draft.head - 200) : draft.head]
    if _FRESH.search(between):
        return True
    clause = s[clause_start(s, draft.head, floor=first.unit_end, stops=",;、") : draft.head]
    if _TOTAL_WORD.search(clause):
        return True
    return draft.item in _BREAKS and not first.item.startswith("result_") and first.item != draft.item


def _fresh(s: str, draft: Draft) -> bool:
    if draft.item in _BREAKS:
        return True
    clause = s[max(0, draft.head - 200) : draft.head]
    return bool(_FRESH.search(clause) or _TOTAL_WORD.search(clause))


def _family(draft: Draft, here: list[Draft], memory: Memory) -> Draft | None:
    """A result is a part of the requests, 维持 of the reviews, whatever stands between them."""
    for prefixes, totals in _FAMILIES:
        if not draft.item.startswith(prefixes):
            continue
        for item in totals:
            for other in reversed(here[-24:]):
                if other.item == item and other.group in (draft.group, "things"):
                    return other
            found = memory.latest("", items=(item,))
            if found is not None:
                return found
    return None


def _colon(s: str, draft: Draft, here: list[Draft], colon: Draft | None) -> Draft | None:
    """发布信息100条：微信50条、微博50条, the colon in this unit or at the end of the one before."""
    if here and s[here[-1].unit_end : here[-1].unit_end + 1] == ":" and here[-1].group == draft.group:
        return here[-1]
    if colon is not None and not here and colon.group == draft.group:
        return colon
    return None


# Things that are divided; events and kinds that happen to add up are counted on their own.
_DIVISIBLE = frozenset({"things", "people", "copies", "money", "bodies"})


def _divided(s: str, counted: list[Draft]) -> None:
    """刊发信息5312条，乡镇报送4120条、本级采编1192条: what follows a total and adds up to it exactly is its division."""
    for i, total in enumerate(counted):
        if total.part_of is not None or total.opened >= 0 or total.group not in _DIVISIBLE or total.value < 4:
            continue
        if total.origin == "order" or total.item.startswith("normative_docs_"):
            continue  # what was repealed and what is in force do not divide what was published
        running = Decimal(0)
        parts: list[Draft] = []
        for other in counted[i + 1 : i + 12]:
            if other.opened >= 0:
                continue
            gap = s[(parts[-1] if parts else total).unit_end : other.head]
            if (
                other.word != total.word
                or other.origin == "order"
                or other.part_of not in (None, total)
                or "。" in gap
                or ";" in gap
            ):
                break
            running += other.value
            parts.append(other)
            if running >= total.value:
                break
        if running == total.value and (len(parts) > 2 or (len(parts) == 2 and total.value >= 10)):
            for part in parts:
                part.part_of = total


def _backward(s: str, counted: list[Draft]) -> None:
    """微信20条、微博30条，共50条: parts before their total, when they add up."""
    for i, total in enumerate(counted):
        lead = s[max(0, total.head - 6) : total.head]
        if total.part_of is not None or not re.search(r"(?:共计|合计|总计|总共|共)(?:有|为|达)?$", lead) or i < 2:
            continue
        parts: list[Draft] = []
        running = Decimal(0)
        for other in reversed(counted[max(0, i - 40) : i]):
            if other.group != total.group or other.part_of is not None or other.opened != total.opened:
                break
            running += other.value
            parts.append(other)
            if running >= total.value:
                break
        if len(parts) > 1 and running == total.value:
            for part in parts:
                part.part_of = total
