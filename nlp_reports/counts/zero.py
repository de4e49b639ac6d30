"""Zero said in words: 未收到申请, 没有出现泄密事件, 行政复议均未发生, 零败诉."""

from __future__ import annotations

import re
from decimal import Decimal

from .labels import clause_start, trim
from .lexicon import Lexicon
from .scan import Draft

_JOIN = re.compile(r"[、和与及或]|以及")
# 没有公民向我局提出政府信息公开申请: what is zero is what they would have handed in.
_HANDED = re.compile(r"(?:提出|提交|递交)过?的?(?=政府信息|信息公开|公开|依申请|行政)")
# 未发生因…被追究责任的情形: what closes with one of these is an event, whatever it is; 应当报告的情况 is none.
_CASE = re.compile(r".*(?:情形|情况|事件|事故|案件|事项|现象|行为)")
_NO_CASE = re.compile(
    r"其他|其它|需要?(?:说明|报告)|应当?(?:说明|报告|收费)|变化|改变|变更|变动|不及时|滞后|不足|不到位|不规范|不全|不够|缓慢"
)
# 没有因公开不力被追究责任的人员: whom or what it would have been.
_BARE_CASE = re.compile(
    r".*(?:情形|(?:被|因|由于|不予|需要?)[^,。;]*的(?:情况|现象|问题|事项|单位和个人|单位|人员|个人))"
)
_HAPPEN = ("发生", "出现", "存在", "发现", "产生")
_EVENT = re.compile(r".[^、和与及或]{2,}(?:事件|事故|案件)$")
_STOP = re.compile(r"[,。;:!?()\n]")
_AGAIN = re.compile(r"、(?=无|没有|未)")
_NOUN = re.compile(r"(?:申请|收费|收缴|诉讼|复议)(?=[、,。;:!?()\s]|$)")
_ALSO = re.compile(r"^(?:因[^,。;]{0,30}?)?(?:被)?(?:申请|提起|提出|发生)?(?=行政复议|行政诉讼|诉讼|复议)")
# 行政诉讼零发生
_ZERO_HAPPENED = re.compile(r"(?:均|全年|保持)?零(?=发生\s*(?:[,。;、)!]|$))")
_ZERO_VALUE = re.compile(r"(?:为|是|均为|都是|共)零(?=\s*(?:[,。;、)!]|$))|零(?=[件条次个起例宗份](?!距离|跑))")


def zeros(s: str, lexicon: Lexicon) -> list[Draft]:
    """The zero statements of one unit of folded text, in order."""
    p = lexicon.patterns
    out: list[Draft] = []
    if not any(c in s for c in "未没无零不"):
        return out
    done = 0
    for match in p["zero"].finditer(s):
        if match.start() < done:
            continue
        if p["zero_wish"].search(s, max(0, match.start() - 24), match.start()):
            continue
        if match["neg"] and _in_name(s, match.start()):
            continue
        found = _object(s, match, lexicon) or _subject(s, match, lexicon)
        if found:
            out.extend(found)
            done = max(d.label_end for d in found)
    for match in (*_ZERO_VALUE.finditer(s), *_ZERO_HAPPENED.finditer(s)):
        a = match.end() - 1
        start = clause_start(s, match.start(), stops=",。;:!?、([")
        stop = match.start()
        while stop > start and s[stop - 1] in "的均都":
            stop -= 1
        label = trim(s, start, stop, lexicon)
        if label is None and s[start - 1 : start] == ":":  # 收取信息处理费情况:全年为零
            before = clause_start(s, start - 1, stops=",。;:!?([")
            case = re.search("情况$", s[before : start - 1])
            label = trim(s, before, start - 1 - (2 if case else 0), lexicon)
        if label is None:
            continue
        word = lexicon.units.get(s[a + 1 : a + 2])
        end = a + 2 if word else a + 1
        spans = [(label.start, label.end)]
        if s[start - 1 : start] == "、" and (match[0][0] in "均都" or match.re is _ZERO_HAPPENED):  # 复议、诉讼均为零
            row = clause_start(s, match.start(), stops=",。;:!?([")
            spans = _members(s, row, label.end, lexicon) if label.start - row <= 24 else spans
        for span in spans if len(spans) > 1 else [(label.start, label.end)]:
            draft = _zero(s, a, a + 1, *span, "zero.numeral")
            draft.word, draft.unit_start, draft.unit_end = word, a + 1, end
            out.append(draft)
    return sorted(out, key=lambda d: d.start)


def _in_name(s: str, position: int) -> bool:
    """“信息不存在”答复: a negation in a short quotation is a name."""
    opened = s.rfind("“", max(0, position - 12), position)
    return opened >= 0 and s.find("”", opened, position) < 0 and s.find("”", position, position + 8) >= 0


def _zero(s: str, start: int, end: int, label_start: int, label_end: int, rule: str) -> Draft:
    draft = Draft(start, end, Decimal(0), None, None, end, end, head=start, zero=True, rule=rule)
    draft.label, draft.label_start, draft.label_end, draft.origin = (
        s[label_start:label_end],
        label_start,
        label_end,
        "zero",
    )
    if re.search(r"(?<!收)费(?:用)?$", draft.label):
        draft.kind = "money"
    return draft


def _object(s: str, match: re.Match[str], lexicon: Lexicon) -> list[Draft]:
    """未收到 + object. The object ends at the next mark; of 、 lists every member that is an item of its own counts."""
    p = lexicon.patterns
    start = match.end()
    bare = match["verb"] is None
    noun = None
    if not bare and match["neg"].endswith(("有", "无", "不存在")):  # 无申请, 无收费: a noun that is a verb elsewhere
        noun = _NOUN.match(s, match.end("neg"))
        if noun:
            start, bare = match.end("neg"), True
    stop_match = _STOP.search(s, start, min(len(s), start + 90))
    stop = stop_match.start() if stop_match else min(len(s), start + 90)
    again = _AGAIN.search(s, start, stop)
    stop = again.start() if again else stop  # 无申请、无复议: the second has its own negation
    text = s[start:stop]
    if bare and not match["zero"] and not match["neg"].endswith(("有", "无", "不存在")):
        return []  # 未被纠错: no verb of happening
    if not text.strip() or (re.search(r"\d", text[:40]) and re.search(r"\d+\s?[件条次个起例宗]", text)):
        return []
    if bare and not match["zero"] and p["zero_not"].match(text):
        return []
    lead = p["zero_lead"].match(text)
    if lead and start + lead.end() < stop:
        start += lead.end()
    tail = p["zero_tail"].search(s, start, stop)
    stop = _list_end(s, start, tail.start() if tail and tail.start() > start else stop, p["zero_head"])
    of = s.rfind("的", start, stop)
    if not match["zero"] and of >= 0 and stop - of - 1 >= 2 and not p["zero_tail"].fullmatch(s[of:stop]):
        start = of + 1
    for handed in _HANDED.finditer(s, start, stop):
        start = handed.end()
    tail = p["zero_tail"].search(s, start, stop)
    end = tail.start() if tail and tail.start() > start else stop
    if match["zero"]:
        head = p["zero_start"].match(s, start)
        end = head.end() if head else start
    again = _ALSO.match(s[start:end])
    if again:
        start += again.end()
    surface = s[start:end]
    open_verb = match["verb"] is not None and not noun and p["zero_open"].fullmatch(match["verb"])
    while surface.endswith(("的", "等")):
        end, surface = end - 1, surface[:-1]
    if not surface:
        return []
    happens = match["verb"] is not None and match["verb"].rstrip("过").endswith(_HAPPEN)
    if not open_verb and not p["zero_head"].search(surface):
        whole = s[match.end() : stop_match.start() if stop_match else len(s)]
        if len(whole) > 40:
            return []  # no clause that names one case; the patterns below must not run over a page
        happens = happens or (bare and _BARE_CASE.fullmatch(whole) is not None)
        if not happens or not (_CASE.fullmatch(whole) or _BARE_CASE.fullmatch(whole)) or _NO_CASE.search(whole):
            return []
        start, end, surface = match.end(), match.end() + len(whole), whole
        return [_zero(s, match.start(), match.end(), start, end, "zero.object")] if len(surface) <= 40 else []
    if len(surface) > 40:
        return []
    rule = "zero.word" if match["zero"] else "zero.object"
    return [_zero(s, match.start(), match.end(), a, b, rule) for a, b in _members(s, start, end, lexicon)]


def _list_end(s: str, start: int, stop: int, head: re.Pattern[str]) -> int:
    """不存在泄密事故、积极自查…: the list ends with its last member that ends in a head."""
    joins = [*(j.span() for j in _JOIN.finditer(s, start, stop)), (stop, stop)]
    ends = [bool(head.search(s, start, a)) for a, _ in joins]
    for (a, _), this, following in zip(joins, ends, ends[1:], strict=False):
        if this and not following:
            return a
    return stop


def _members(s: str, start: int, end: int, lexicon: Lexicon) -> list[tuple[int, int]]:
    """Split 行政复议、行政诉讼 (two nouns), keep 安全、泄密事故 (two modifiers of one noun)."""
    head = lexicon.patterns["zero_split"]
    parts: list[tuple[int, int]] = []
    a = start
    for join in _JOIN.finditer(s, start, end):
        parts.append((a, join.start()))
        a = join.end()
    parts.append((a, end))
    cleaned: list[tuple[int, int]] = []
    for a, b in parts:
        again = _ALSO.match(s[a:b])
        a += again.end() if again else 0
        if a < b:
            cleaned.append((a, b))
    events = [bool(_EVENT.search(s, a, b)) for a, b in cleaned]
    if len(cleaned) > 1 and all(events):
        return cleaned  # 泄密事件和安全事故
    strong = [bool(head.search(s[a:b])) for a, b in cleaned]
    if len(cleaned) > 1 and all(strong):
        return cleaned
    return [(start, end)]


def _subject(s: str, match: re.Match[str], lexicon: Lexicon) -> list[Draft]:
    """行政复议、行政诉讼均未发生。 The noun stands before the negation, which closes its clause."""
    if match["zero"] or match["verb"] is None:
        return []
    rest = s[match.end() :]
    if rest and not _STOP.match(rest) and not re.match(r"(?:的)?(?:情况|情形|现象|过)?(?:[,。;:!?]|$)", rest):
        return []
    end = match.start()
    start = clause_start(s, end, stops=",。;:!?([")
    label = trim(s, start, end, lexicon)
    if label is None or not lexicon.patterns["zero_head"].search(s[label.start : label.end]):
        return []
    return [
        _zero(s, match.start(), match.end(), a, b, "zero.subject")
        for a, b in _members(s, label.start, label.end, lexicon)
    ]
