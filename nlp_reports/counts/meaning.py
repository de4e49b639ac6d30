"""What a number means: its kind, its bound, and whether a number without a unit is a count at all."""

from __future__ import annotations

import re
from decimal import Decimal

from .labels import clause_start, trim
from .lexicon import Lexicon
from .scan import Draft

_ENDS = ",。;、)( !?”’]\n"
_SHARE = re.compile(r"(?:总)?占(?:比|到|了)?")
# 按照100%比例开展检查, 100%答复: what the share is of stands after it.
_RATIO = re.compile(r"\s?(?:的)?(?:比例|比率|标准)(?:进行|开展|实施|实行|组织|对)?(?P<what>[^,。;:、()]{2,30})")
_DONE = re.compile(
    r"\s?(?P<what>(?:覆盖|答复|办结|回复|公开|解读|整改|满意|按时|按期|完成|上网|公示)[^,。;:、()]{0,12})"
)
_UNITLESS_ITEMS = ("result_", "requests_", "review", "lawsuit")


def bound(s: str, draft: Draft, lexicon: Lexicon) -> str:
    """``exact``, ``about``, ``at_least`` or ``at_most``."""
    p = lexicon.patterns
    head, tail = draft.head, draft.unit_end
    while head > 0 and s[head - 1] == " ":
        head -= 1
    low = max(0, head - 8)
    most, found = p["at_most_before"].search(s, low, head), p["at_least_before"].search(s, low, head)
    if most and (not found or most.start() < found.start()):
        return "at_most"
    if p["about_before"].search(s, low, head):
        return "about"
    if draft.fuzzy or (found and (draft.han or s[head - 1] != "上")):
        return "at_least"
    while tail < len(s) and s[tail] == " ":
        tail += 1
    if p["about_after"].match(s, tail):
        return "about"
    if p["at_most_after"].match(s, tail):
        return "at_most"
    if p["at_least_after"].match(s, tail):
        return "at_least"
    return "exact"


def classify(s: str, draft: Draft, drafts: list[Draft], lexicon: Lexicon, inherited: Draft | None) -> None:
    """Set kind, bound and rule of ``draft``; shares and changes get the label of what they are a share or change of."""
    p = lexicon.patterns
    draft.bound = bound(s, draft, lexicon)
    group = draft.group
    start = clause_start(s, draft.head, stops=",。;:!?([")
    clause = s[start : draft.head]
    if group == "money":
        draft.kind, draft.rule = "money", "money.amount"
    elif group == "points":
        _change(s, draft, drafts, start, lexicon, inherited)
    elif group in ("percent", "times"):
        compared = p["compare"].search(clause) or p["direction"].search(clause)
        if group == "times" or (compared and not p["level"].search(clause)):
            _change(s, draft, drafts, start, lexicon, inherited)
        else:
            draft.kind, draft.rule = "percent", "percent.rate"
            _share(s, draft, drafts, start, lexicon, inherited)
    else:
        wide = s[clause_start(s, start - 1, stops=",。;:!?([") : draft.head] if start else clause
        moved = p["direction"].search(clause)
        compared = p["compare"].search(clause) or (moved and p["compare"].search(wide))
        if (
            compared and not p["level"].search(clause) and (moved or p["direction"].search(s, start, draft.label_start))
        ) or (moved and draft.origin in ("", "subject") and re.search(r"(?:增加|减少|增长|下降)了?$", clause)):
            _change(s, draft, drafts, start, lexicon, inherited)


def _change(s: str, draft: Draft, drafts: list[Draft], start: int, lexicon: Lexicon, inherited: Draft | None) -> None:
    draft.kind, draft.rule = "change", "change.compared"
    p = lexicon.patterns
    turn = p["compare"].search(s, start, draft.head) or re.search(
        "|".join(map(re.escape, lexicon.cues["direction"])), s[start : draft.head]
    )
    turn_start = turn.start() + (0 if turn.re is p["compare"] else start) if turn else start
    subject = trim(s, start, turn_start, lexicon) if turn_start > start else None
    if subject is not None and not _empty(s[subject.start : subject.end]):
        _set(s, draft, subject.start, subject.end, "plain")
    elif (draft.origin == "object" and draft.label_start > turn_start) or (
        draft.origin == "after" and draft.word is not None and draft.word.group not in ("percent", "points", "times")
    ):
        return
    else:
        _inherit(draft, drafts, inherited, whole=True)


def _share(s: str, draft: Draft, drafts: list[Draft], start: int, lexicon: Lexicon, inherited: Draft | None) -> None:
    found = _SHARE.search(s, start, draft.head)
    if not found:
        following = _RATIO.match(s, draft.unit_end) or (None if draft.label else _DONE.match(s, draft.unit_end))
        if following:
            _set(s, draft, *following.span("what"), "after")
        elif draft.label and _empty(draft.label):
            _inherit(draft, drafts, inherited, whole=False)
        return
    draft.rule = "percent.share"
    end = found.start()
    if end > start and s[end - 1] in "中内里":
        end -= 1
    subject = trim(s, start, end, lexicon) if end > start else None
    if subject is not None and not _empty(s[subject.start : subject.end]):
        _set(s, draft, subject.start, subject.end, "plain")
    else:
        _inherit(draft, drafts, inherited, whole=False)
        if not draft.label and found[0].endswith("比"):
            _set(s, draft, *found.span(), "plain")


def _empty(text: str) -> bool:
    return not text or text in ("其", "分别", "总", "同", "较", "比", "约", "共")


def _set(s: str, draft: Draft, a: int, b: int, origin: str) -> None:
    draft.label, draft.label_start, draft.label_end, draft.origin = s[a:b], a, b, origin


def _inherit(draft: Draft, drafts: list[Draft], inherited: Draft | None, *, whole: bool) -> None:
    """Take the label of the count before it: of the last total (``whole``) or of the last one at all."""
    source = inherited
    for other in drafts:
        wanted = other.kind in ("count", "money") or (other.kind == "percent" and draft.group == "points")
        if wanted and other.label and (not whole or other.opened < 0):
            source = other
    take_label(draft, source)


def take_label(draft: Draft, source: Draft | None) -> None:
    """Give ``draft`` the label of ``source``, said elsewhere."""
    draft.label, draft.source = (source.label, source) if source else ("", None)
    draft.label_start, draft.label_end, draft.origin = -1, -1, "inherited"


# 粉丝由3万涨到9.4万: the number that was left behind.
_GROWS = re.compile(r"(?:增长?|增加|上?涨|上升|升|提升|提高|扩大|发展|下?降|减少?)[至到为]")


def stands_alone(s: str, draft: Draft, lexicon: Lexicon) -> bool:
    """Whether a number without a unit is a count: a metric (粉丝数54373), a rounded number, or a cell of a list."""
    following = s[draft.unit_end : draft.unit_end + 1]
    if following and following not in _ENDS and not _GROWS.match(s, draft.unit_end):
        return False
    if not draft.label or draft.origin == "after":
        return False
    if lexicon.patterns["metric"].search(draft.label):
        return True
    if draft.fuzzy or s[draft.start : draft.end].endswith(("万", "亿")):
        return draft.origin in ("plain", "object", "subject")
    adjacent = draft.head - draft.label_end <= 2
    plausible = not 1949 <= draft.value <= 2099 or draft.value != int(draft.value)
    return adjacent and plausible and draft.item.startswith(_UNITLESS_ITEMS)


def unchanged(s: str, drafts: list[Draft], lexicon: Lexicon, inherited: Draft | None) -> list[Draft]:
    """与上年持平: a change of zero, said in words."""
    out = []
    for match in lexicon.patterns["unchanged"].finditer(s):
        a, b = match.span()
        draft = Draft(a, b, Decimal(0), None, None, b, b, head=a, zero=True, kind="change", rule="change.unchanged")
        start = clause_start(s, a, stops=",。;:!?([")
        subject = trim(s, start, a, lexicon) if a > start else None
        if subject is not None and not _empty(s[subject.start : subject.end]):
            _set(s, draft, subject.start, subject.end, "plain")
        else:
            _inherit(draft, [d for d in drafts if d.start < a], inherited, whole=True)
        out.append(draft)
    return out
