"""What is counted: the noun phrase before the number, after its unit, or said earlier.

The shortest phrase that names what is counted is wanted: what stands before the number since the last verb that takes
it as object, or what stands after the unit up to the next verb.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .lexicon import Lexicon
from .scan import Draft

_DELIMITERS = ",。;:、!?()[]{}|\n"
_REACH = 60  # characters looked at on either side
AGENCY = re.compile(
    r"(?:(?:我|本|各)?[^,。;]{0,16}(?:局|委|委员会|厅|办|办公室|政府|中心|镇|乡|街道|县|市|区|省|州|旗|盟|院|处|所|部门|单位|机关|公司|集团|开发区|园区)|我们|其)$"
)
_SCOPE = re.compile(
    r"(?:全[国省市县区镇乡局系办委厅院校](?:道|统|域|年)?|[省市县区镇乡]级|[省市县区]本级|各级|各[县市区镇乡街部][^,。;、]{0,6}|以上|"
    r"(?:全[国省市县区镇乡])?各?级?(?:行政机关|部门))+(?:政府|系统)?$"
)
_POINTING = re.compile(r"(?:其[他它余]|上述|以上|这|那|该|本|首批|首轮.{0,2}|共|各|另外?)$")
_TIME = re.compile(
    r"(?:20\d\d年度?|\d+月|上一?年度?|去年|前年|今年|本年度?|上半年|下半年|年中|年底|年初|期间|同期|累计|截至[^,]*|全年|.{0,24}以来)+$"
)
# 解读类, 办结率, 受理点: the verb is the first half of a compound.
_COMPOUND = re.compile(
    r"[类率量数件员型性点书单]|工作|结果|情况|材料|稿|人数|人次|电话|服务|平台|系统|函|比例|占比|意见|窗口|事项|活动|会"
)
_LIGHT = frozenset({"开展", "进行", "组织", "举办", "召开", "实施", "完成", "举行", "实现", "组织开展"})
_MEASURE = re.compile(r"率|量|数|类")
_ETC = re.compile(r"(?<![中高平初对])等(?![级待候])")
# 6大类30条: the end of another number.
_NUMBERED = re.compile(r"\d(?:大|小)?类$|\d个?方面$|^\d[^\d]{0,2}$")
_ALONE = re.compile(
    r"(?:另外?|还|其中|中|里|包括|全年|共|分别|本年度?|以及|同时|其|含|为|约|等|年|度|月|日|和|及|与|或|的)+$"
)
# 动态信息经审核后先后发布: what stands between a noun and the verb that closes the clause.
_ADVERBIAL = re.compile(
    r"(?:先后|前后|全文|实际|新|至少|最多|至多|不少于|一次性|陆续|及时|全年|累计|共计|均|已|共|统一|主动|集中|对外|依法|积极|全面|全部|同步|又|再|(?:经|在|待)[^,]{1,12}?[后中])+$"
)
# 网站访问量: the site is not what is counted.
_CHANNEL = re.compile(
    r".*(?:网站|平台|公众号|视频号|抖音号|头条号|账号|帐号|栏目|专栏|客户端|门户|小程序|矩阵|”)(?=总?(?:访问|浏览|阅读|点击|播放|观看|点赞|转发|粉丝|关注|用户|注册))|.*信箱(?=来信|留言)|.*热线(?=工单|来电|诉求)"
)
# 编辑全旗只有2人: whose they are, between the noun and its number.
_WHOSE = re.compile(r"(?<=[^,。;:、()])全[国省市县区镇乡旗州局系](?:统)?$")
# 目录内9项决策, 市政府网站建站以来的18万条数据: where or since when, not what.
_PLACE = re.compile(r".+(?:[内里]|之中|当中)")
# 领导14次作出批示: how often, between the subject and what they did.
_OFTEN = re.compile(
    r"\s?(?:[对就向为][^,。;]{1,20})?(?:作出|做出|进行|开展|召开|组织|举办|听取|研究|审议)(?P<what>[^,。;、()]{2,12})"
)
# 对2名短期内反复申请的申请人: a relative clause between unit and noun has a verb or a negation.
_CLAUSE = re.compile(r"[不未没非无]|有|索要|反复|批量|多次|长期")
# 另1件尚未审结: a state that stands behind its number.
_PENDING = re.compile(r"(?:尚|仍|还)?未(?:审结|办结|结案)|(?:正在|尚在|仍在)(?:审理|办理)中?")
_NEXT = re.compile(r"[至到]?(?:[上下次]一?年|20\d\d年)")
# 由28家扩充至35家: no noun between the two numbers.
_GROWN = re.compile(r"[\u4e00-\u9fff]{1,4}(?:至|到|为|成)了?\s*$")
# 邀请市民走进机关38人次: who came, not where.
_CAME = re.compile(r"(?:走进|走入)[^,。;]{2,16}$")
# 致3件答复在复议中被纠正: nouns that are verbs elsewhere.
_NOMINAL = re.compile(r"(?:答复|解读|回复|咨询|报道)(?=[在被经已均因])")
_BY_RULE = re.compile(r"依[规法]")
# 9名骨干走了6名: the verb of the next number.
_LEFT = re.compile(r"[\u4e00-\u9fff]了$")
_QUOTES = '“”‘’"《》〈〉 '
_LIST_END = re.compile(r"等(?:各类|各项|共计?|合计|共)?$")


@dataclass(slots=True)
class Label:
    """A label and how it was found: ``object``, ``plain``, ``subject``, ``after``, ``list``, ``inherited``."""

    start: int
    end: int
    origin: str


def clause_start(s: str, position: int, *, floor: int = 0, stops: str = ",。;:!?([") -> int:
    """Where the clause of ``position`` begins; bracket groups on the way are skipped."""
    depth = 0
    i = position
    low = max(floor, position - 120)
    while i > low:
        c = s[i - 1]
        if c in ")]":
            depth += 1
        elif c in "([":
            if depth:
                depth -= 1
            elif c in stops or not depth:
                return i
        elif not depth and c in stops:
            return i
        i -= 1
    return max(i, floor)


def before(s: str, draft: Draft, floor: int, lexicon: Lexicon) -> tuple[Label | None, str]:
    """The label before the number and the bare text it was taken from."""
    p = lexicon.patterns
    end = draft.head
    for _ in range(3):
        found = p["connector"].search(s, max(floor, end - 20), end)
        end = found.start() if found else end
        if end > floor and s[end - 1] in ")]":
            opened = _opening(s, end - 1, floor)
            if opened is None:
                return None, ""
            end = opened
        elif not found:
            break
    whose = _WHOSE.search(s, max(floor, end - 4), end)
    end = whose.start() if whose else end
    came = _CAME.search(s, max(floor, end - 18), end) if draft.group == "people" else None
    end = came.start() if came else end
    if 0 <= draft.opened < end and not s[draft.opened + 1 : end].strip():
        return _named_before(s, draft.opened, lexicon), ""
    joined = _LIST_END.search(s, max(floor, end - 4), end)
    if joined:
        end = joined.start()
    start = clause_start(s, end, floor=floor, stops=",。;:!?、([" if not joined else ",。;:!?([")
    raw = s[start:end]
    if end - start <= 36 and (state := p["state"].fullmatch(s, start, end)):
        return Label(*state.span("state"), "state"), raw
    label = trim(s, start, end, lexicon, joined=bool(joined))
    if label is not None and joined:
        label.origin = "list"
    if draft.group == "events" and (label is None or label.origin == "adjunct"):
        label = _event(s, start, end, lexicon) or label
    return label, raw


def _named_before(s: str, opened: int, lexicon: Lexicon) -> Label | None:
    """规划许可(96件): the number alone in its bracket belongs to the noun before it, unless that has a number too."""
    end = opened
    while end > 0 and s[end - 1] == " ":
        end -= 1
    start = clause_start(s, end, stops=",。;:!?、([")
    return None if re.search(r"\d", s[start:end]) else trim(s, start, end, lexicon)


def bare_verb(s: str, draft: Draft, lexicon: Lexicon) -> Label | None:
    """The verb that stands alone before the number: 保留21件."""
    return _event(s, clause_start(s, draft.head, floor=draft.floor, stops=",。;:!?、(["), draft.head, lexicon)


def _event(s: str, start: int, end: int, lexicon: Lexicon) -> Label | None:
    """更新两次: of an event that only a verb names, the verb is the label."""
    last = None
    for match in lexicon.patterns["verb"].finditer(s, max(start, end - 12), end):
        last = match
    if last is None or last.end() != end or not last["verb"] or last["verb"] in _LIGHT:
        return None
    return Label(last.start(), last.end(), "verb")


def _opening(s: str, closing: int, floor: int) -> int | None:
    depth = 0
    for i in range(closing, max(floor, closing - 200) - 1, -1):
        if s[i] in ")]":
            depth += 1
        elif s[i] in "([":
            depth -= 1
            if not depth:
                return i
    return None


def trim(s: str, start: int, end: int, lexicon: Lexicon, *, joined: bool = False) -> Label | None:
    """The noun phrase that ends at ``end``: after the last verb, preposition or 的, without openers and quotes."""
    p = lexicon.patterns
    origin = "plain"
    cut = start
    for match in p["verb"].finditer(s, max(start, end - _REACH), end):
        if match["noun"] or _quoted(s, start, match.start()):
            continue
        rest = s[match.end() : end].strip(_QUOTES)
        if match["soft"] and (not rest or _COMPOUND.match(rest)):
            continue
        if match["soft"] == "结转" and _NEXT.match(rest):
            return Label(match.start(), end, "plain")
        if match["verb"] and _MEASURE.match(rest):
            continue
        if rest and rest not in ("的", "了", "过"):
            cut, origin = match.end(), "prep" if match["prep"] else "object"
        elif match["verb"] or match["prep"]:
            # 微信公众号发布350条: the verb stands last, what is before it is its subject or its object in front.
            if match.start() <= cut:
                return None
            adverb = _ADVERBIAL.search(s, max(start, match.start() - 24), match.start())
            if match["verb"] == "主动公开" and not s[start : match.start()].strip("其中 "):
                return Label(match.start(), match.end(), "plain")  # 其中主动公开132件: a class of documents
            inner = trim(s, start, adverb.start() if adverb else match.start(), lexicon)
            if inner is not None:
                inner.origin = "adjunct" if inner.origin == "prep" else "subject"
            return inner
    of = s.rfind("的", cut, end)
    if of >= 0 and end - of - 1 >= 2 and not joined:
        cut = of + 1
    for etc in _ETC.finditer(s, cut, end):
        if etc.end() < end and not joined:
            cut = etc.end()
    opener = p["opener"].match(s, cut, end)
    if opener:
        cut = opener.end()
    while cut < end and s[cut] in _QUOTES and not (s[cut] in "“《" and "”》"["“《".index(s[cut])] in s[cut : end - 1]):
        cut += 1
    while cut < end and s[end - 1] in _QUOTES:
        end -= 1
    channel = _CHANNEL.match(s, cut, end)
    if channel:
        cut = channel.end()
    inner_text = s[cut:end]
    if "“" in inner_text and "”" not in inner_text:
        cut += inner_text.index("“") + 1
    elif "”" in inner_text and "“" not in inner_text:
        close = inner_text.index("”")
        if close + 1 < len(inner_text):
            cut += close + 1
    if "《" in inner_text and "》" not in inner_text:
        cut += inner_text.index("《") + 1
    if _NUMBERED.search(s, cut, end) or _TIME.fullmatch(s, cut, end) or _ADVERBIAL.fullmatch(s, cut, end):
        return None
    if cut >= end or not re.search(r"[\u4e00-\u9fffA-Za-z]", s[cut:end]) or _ALONE.fullmatch(s, cut, end):
        return None
    return Label(cut, end, origin)


def _quoted(s: str, start: int, position: int) -> bool:
    """Whether ``position`` stands inside a quotation or title: “云岭发布” holds no verb."""
    return any(s.count(a, start, position) > s.count(b, start, position) for a, b in ("“”", "《》", "‘’"))


def after(s: str, draft: Draft, limit: int, lexicon: Lexicon) -> Label | None:
    """The noun phrase after the unit, up to ``limit`` (the next number)."""
    p = lexicon.patterns
    start = draft.unit_end
    while start < limit and s[start] == " ":
        start += 1
    stop = start
    top = min(limit, start + _REACH)
    while stop < top and s[stop] not in _DELIMITERS:
        stop += 1
    if stop == start or (s[draft.head - 1] in "由从" and _GROWN.match(s, start, limit)):
        return None
    pending = _PENDING.match(s, start, top)
    if pending:
        return Label(*pending.span(), "after")
    often = _OFTEN.match(s, start, top) if draft.word is not None and draft.word.unit == "次" else None
    if often:
        return Label(*often.span("what"), "often")
    head = _relative(s, draft, start, top, lexicon)
    if head:
        start, stop = head, max(stop, head)
        while stop < top and s[stop] not in _DELIMITERS:
            stop += 1
    elif p["relative"].match(s, start, stop) and "的" in s[start:stop]:
        start = s.rindex("的", start, stop) + 1
    elif p["after_bar"].match(s, start, stop):
        return None
    rule = _BY_RULE.match(s, start, stop)
    start = rule.end() if rule else start
    nominal = _NOMINAL.match(s, start, stop)
    for match in p["after_stop"].finditer(s, nominal.end() if nominal else start, stop):
        if match["stop"]:
            stop = match.start()
            break
    for match in p["metric_after"].finditer(s, start, stop):
        if match.start() > start:
            stop = match.start()
            break
    left_behind = _LEFT.search(s, start, stop) if stop == limit < len(s) else None
    stop = left_behind.start() if left_behind and left_behind.start() - start > 1 else stop
    while start < stop and s[start] in _QUOTES:
        start += 1
    if s[draft.head - 1 : draft.head] == "除" and s[start:stop].endswith("外"):
        stop -= 2 if s[stop - 2] in "以之" else 1
    if s[start:stop] in ("外", "以外", "之外"):
        return None
    while start < stop and (
        s[stop - 1] in _QUOTES or s[stop - 1] == "中" or (s[stop - 1] == "里" and stop - start > 2)
    ):
        stop -= 1
    if start >= stop or not re.search(r"[\u4e00-\u9fffA-Za-z]", s[start:stop]):
        return None
    return Label(start, stop, "after")


def _relative(s: str, draft: Draft, start: int, top: int, lexicon: Lexicon) -> int:
    """Where the noun begins in 对2名短期内反复申请的申请人, 0 when no relative clause stands after the unit."""
    if not _prenominal(draft) or not s[max(0, draft.head - 3) : draft.head].rstrip().endswith(tuple("对向给将把就")):
        return 0
    end = start
    while end < top and s[end] not in ",。;:!?()":
        end += 1
    of = s.find("的", start, end)
    if of < 0 or of + 2 >= end or s[of + 1].isdigit():
        return 0
    p = lexicon.patterns
    acts = _CLAUSE.search(s, start, of) or any(m["verb"] or m["soft"] for m in p["verb"].finditer(s, start, of))
    return of + 1 if acts else 0


def is_weak(text: str) -> bool:
    """Whether ``text`` names who or when, not what."""
    return bool(
        _SCOPE.fullmatch(text)
        or _TIME.fullmatch(text)
        or AGENCY.fullmatch(text)
        or _POINTING.fullmatch(text)
        or _PLACE.fullmatch(text)
    )


_AREA = re.compile(r"全[国省市县区镇乡](?:域)?|[省市县区镇乡]级|[省市县区]本级|全街道|全系统")
_BODY = re.compile(
    r"[\u4e00-\u9fff]{2,16}?(?:政府办公室|政府办|人民政府|政府|局|委员会|委|厅|街道|开发区|园区|镇|乡|县|区|市)(?=[\u4e00-\u9fff]|$)"
)
_NO_BODY = re.compile(r"各|全部|有关|相关|[我本其]|.*(?:通过|因|由|对|向|在|把)")


def scope_span(s: str, draft: Draft) -> tuple[int, int] | None:
    """Whose count it is, when said: the area or body that the label is or begins with, or the area before it."""
    if draft.label_start < 0:
        return None
    a, b = draft.label_start, draft.label_end
    if AGENCY.fullmatch(s, a, b) and not _NO_BODY.match(s, a, b) and b - a > 2:
        return a, b
    area = _AREA.match(s, a, b)
    if area:
        return area.span()
    if _AREA.fullmatch(s, a, b):
        return a, b
    body = _BODY.match(s, a, b)
    if body and body.end() < b and not _NO_BODY.match(s, a, body.end()):
        return body.span()
    last = None
    for match in _AREA.finditer(s, clause_start(s, a, stops="。;!?(["), a):
        last = match
    return last.span() if last else None


def assign(s: str, drafts: list[Draft], lexicon: Lexicon, known: re.Pattern[str]) -> None:
    """Give each draft its label. ``known`` finds a noun of the lexicon in a label."""
    consumed = 0
    for i, draft in enumerate(drafts):
        floor = draft.opened + 1
        for earlier in drafts[max(0, i - 24) : i]:
            if earlier.opened == draft.opened:
                floor = max(floor, earlier.unit_end, earlier.label_end if earlier.origin == "after" else 0)
        floor = max(floor, consumed if consumed <= draft.start else 0) if draft.opened < 0 else floor
        draft.floor = floor
        limit = drafts[i + 1].head if i + 1 < len(drafts) else len(s)
        left, _ = before(s, draft, floor, lexicon)
        right = after(s, draft, limit, lexicon) if draft.word is not None else None
        choice = _choose(s, draft, left, right, known, lexicon)
        if choice is not None and _TIME.fullmatch(s, choice.start, choice.end):
            choice = None
        if choice is not None:
            draft.label_start, draft.label_end, draft.origin = choice.start, choice.end, choice.origin
            draft.label = s[choice.start : choice.end]
            if choice.origin == "after" and draft.opened < 0:
                consumed = choice.end


def _choose(
    s: str, draft: Draft, left: Label | None, right: Label | None, known: re.Pattern[str], lexicon: Lexicon
) -> Label | None:
    if right is None or left is None:
        return left if right is None else right
    p_soft, p_verb = lexicon.patterns["soft"], lexicon.patterns["after_stop"]
    before_text, after_text = s[left.start : left.end], s[right.start : right.end]
    soft = left.origin == "state" or right.origin == "often" or p_soft.fullmatch(before_text)
    if (
        soft
        or left.origin in ("list", "verb")
        or is_weak(before_text)
        or left.origin in ("subject", "adjunct")
        or (draft.han and _prenominal(draft))
    ):
        return right
    modifies = s[draft.head - 1] == "的"
    if before_text.endswith(("和", "及", "与")):
        return right  # 门户网站和15家部门网站: the other noun of a pair
    people = draft.word is not None and draft.word.unit in ("人", "人次")
    if modifies and not people and not p_verb.match(after_text):
        return right  # 标注“依申请公开”的41份旧文
    left_known, right_known = known.search(before_text), known.search(after_text)
    if _prenominal(draft):
        if modifies or s[left.end : draft.head].startswith("的"):
            return right
        if left.origin == "object":
            return right if right_known and not left_known else left
        return right if right_known or not left_known else left
    if left.origin == "object" or left_known:
        return left
    return right if right_known else left


def _prenominal(draft: Draft) -> bool:
    return draft.word is not None and draft.word.prenominal
