"""Which count is a part of which total: 其中, brackets, colon lists, results and kinds of applicants, also across units."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from decimal import Decimal

from .labels import clause_start
from .scan import Draft

_MARK = re.compile(r"其中|包括|包含|(?<![内所饱])含(?=[^量义糊金])|分别为|分别是|分别有|分为|由.{0,4}组成")
_FRESH = re.compile(r"(?:^|[,。;、])\s*(?:此外|另外|同时|另有?|还有|还|全年|截至|累计|本年|并)")
_TOTAL_WORD = re.compile(r"(?:共计|合计|总计|累计|总共|共)(?:约|近|超过?|达|有|为|编发|发布|公开|制作并发布|编印)?")
_NOT_PART = re.compile(r"(?:^|[(,、;])\s*(?:另有?|不含|不包括|除外|较|比|同比|环比|人均|平均)")
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

    def latest(self, group: str, *, items: tuple[str, ...] = ()) -> Draft | None:
        """The last total of a class of units (or of an item)."""
        for draft in reversed(self.totals[-24:]):
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
            if first_part is not None and _ends_chain(s, first_part, draft):
                opened, total = {}, None
            first_part = first_part or draft
        elif chain and not _fresh(s, draft):
            total = chain.get(draft.group)
        if total is None and draft.opened < 0:
            total = _family(draft, here, memory) or _colon(s, draft, here, colon)
            if total is None and draft.item == "requests_carried_out" and last is not None:
                total = last.part_of if last.item.startswith("result_") else None  # 转下年度办理1件 after the results
        last = draft
        if total is not None and total is not draft:
            draft.part_of = total
        elif draft.opened < 0:
            here.append(draft)
    _backward(s, counted)
    here = [d for d in here if d.part_of is None]
    parts = [d for d in counted if d.part_of is not None and d.opened < 0]
    if counted:
        continues = parts and counted[-1].part_of is not None
        memory.chain = {d.group: d.part_of for d in parts if d.part_of is not None} if continues else {}
    if not s.rstrip().endswith((";", "、", ",")):
        memory.chain = {}
    memory.colon = counted[-1] if counted and s.rstrip().endswith(":") else (colon if not counted and colon else None)
    memory.totals.extend(here)


def _in_bracket(s: str, position: int) -> bool:
    return s.count("(", 0, position) > s.count(")", 0, position)


def _open(s: str, mark: int, draft: Draft, here: list[Draft], counted: list[Draft], memory: Memory) -> dict[str, Draft]:
    """The totals that a 其中 at ``mark`` refers to, by class of unit: of this unit, else of the units before."""
    totals = {d.group: d for d in here[-24:] if d.start < mark and d.part_of is None}
    if not totals and not any(d.start < mark and d.opened < 0 for d in counted):
        found = memory.latest(draft.group)
        groups = {d.group for d in counted}
        totals = {g: t for g in groups if (t := memory.latest(g)) is not None}
        if s[mark : mark + 2] != "其中" and found is None:
            totals = {}
        if s[mark : mark + 2] != "其中" and mark > 6:
            totals = {}  # 包括 in the middle of a sentence about something else
    elif totals and draft.group not in totals and len(totals) == 1 and draft.group == "":
        totals[""] = next(iter(totals.values()))
    return totals


def _bracket_total(s: str, draft: Draft, counted: list[Draft]) -> Draft | None:
    outer = [d for d in counted if d.unit_end <= draft.opened and d.opened < draft.opened]
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
