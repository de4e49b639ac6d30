"""The order of work for one text: numerals, labels, meaning, items, links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from ..schema import Count, Sentence
from ..segment.sentences import segment_text
from ..text.normalize import fold
from .labels import assign, bare_verb, clause_start, scope_span, trim
from .lexicon import Item, Lexicon, load_lexicon
from .links import Memory, link
from .meaning import classify, stands_alone, take_label, unchanged
from .scan import Draft, scan
from .zero import zeros

#: A unit longer than this many characters is read in pieces.
WINDOW = 1200
_PLAIN = frozenset({"count", "money"})
_BREAK = re.compile(r".*[,。;、!?]", re.DOTALL)
_FROM = re.compile(r"[由从](?:年初|最初|最高时|高峰时|上一?年度?|去年|20\d\d年|原来|原先)?的?$")
_TO = re.compile(r"\s*[\u4e00-\u9fff]{0,4}(?:至|到|为|成)了?\s*")
_AMONG = re.compile(r"[里中],[^,。;:]{1,24}的(?:也|都)?(?:只有|仅有|仅|只|才)\s*$")
_TAIL = re.compile(r"[,。;!?(]")
_LIST_TAIL = re.compile(r"[,。;!?(、]")
_BAD = re.compile(r"(?:超期|逾期|延期|超时|违规|推诿|退件|不|应[^,]{1,6}未|个人隐私|涉密|[\u4e00-\u9fff]{0,4}收费)")
_CLEARED = re.compile(r"清理|梳理")
_SHARED = re.compile(r"(?:率|占比|比例|[人件条次]数|数量|量|的)$")
_APART = re.compile(r"分别(?:为|是|有|达|发布|公开|收到|办理|编发)?")


class Extractor:
    """Reads counts out of units of one text with one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.known = lexicon.patterns["known"]
        self._items: dict[tuple[str, str, str, str, str], str] = {}

    def counts(self, text: str, sentences: Sequence[Sentence]) -> list[Count]:
        """All counts of ``sentences`` (slices of ``text``), in order."""
        folded = fold(text)
        out: list[Count] = []
        memory = Memory()
        section = None
        previous = ""
        inherited: Draft | None = None
        for sentence in sentences:
            if sentence.section != section:
                section, memory, previous, inherited = sentence.section, Memory(), "", None
            if sentence.kind == "heading":
                memory, previous, inherited = Memory(), "", None
                continue
            for start, end in _windows(folded, sentence.start, sentence.end):
                s = folded[start:end]
                drafts = self.unit(s, text[start:end], sentence.heading_path, previous, inherited)
                link(s, drafts, memory)
                for number, draft in enumerate(drafts, len(out) + 1):
                    draft.count_id = f"c{number:04}"
                out.extend(_count(draft, start, sentence, text) for draft in drafts)
                previous = s[-80:]
                plain = [d for d in drafts if d.kind in ("count", "money") and d.label]
                named = [d for d in plain if d.origin != "state"] or plain
                inherited = named[-1] if named else inherited
        return out

    def unit(
        self, s: str, surface: str, headings: Sequence[str], previous: str, inherited: Draft | None
    ) -> list[Draft]:
        """The drafts of one unit of folded text, with everything but their links."""
        drafts = scan(s, surface, self.lexicon)
        nothing = zeros(s, self.lexicon)
        if not drafts and not nothing and "持平" not in s:
            return []
        drafts = [
            d for d in drafts if not any(z.start <= d.start < z.label_end for z in nothing if z.rule != "zero.subject")
        ]
        _share_unit(s, drafts)
        assign(s, drafts, self.lexicon, self.known)
        _in_order(s, drafts, self.lexicon)
        context = fold(" ".join(headings)) + " " + previous + " "
        for i, draft in enumerate(drafts):
            earlier = drafts[max(0, i - 24) : i]
            if earlier and draft.origin != "after" and _from_to(s, earlier[-1], draft):
                take_label(draft, earlier[-1])
            if earlier and earlier[-1].word == draft.word and _AMONG.search(s, earlier[-1].unit_end, draft.head):
                take_label(draft, earlier[-1])  # 14名联络员里，没有变动的只有4名
                draft.outcome = True
            if (not draft.label or draft.origin == "adjunct") and draft.kind == "count":
                self._fill(s, draft, earlier, inherited)
                if not draft.label and headings:
                    self._from_heading(draft, headings[-1])
            classify(s, draft, earlier, self.lexicon, inherited)
            draft.item = self.item(s, draft, context)
            if draft.origin == "state":
                draft.outcome = self.lexicon.patterns["outcome"].fullmatch(draft.label) is not None
                draft.item = draft.item or self._object_item(s, draft, earlier, inherited, context)
            if draft.item == "requests_other_org" and any(d.item.startswith("result_") for d in earlier):
                draft.item = "result_other"
            if not draft.rule:
                draft.rule = f"count.{draft.origin or 'bare'}"
        kept = [d for d in drafts if d.word is not None or d.shared is not None or stands_alone(s, d, self.lexicon)]
        for draft in kept:
            if draft.word is None and draft.shared is None and draft.kind == "count":
                draft.rule = "count.unitless"
        nothing += unchanged(s, kept, self.lexicon, inherited)
        for draft in nothing:  # 未出现超期答复 counts no reply
            draft.item = "" if _BAD.match(draft.label) else self.item(s, draft, context)
        kept = sorted([*kept, *nothing], key=lambda d: (d.start, d.label_start))
        for draft in kept:
            span = scope_span(s, draft)
            if span is not None:
                draft.scope = surface[span[0] : span[1]]
            elif draft.source is not None:
                draft.scope = draft.source.scope
            if draft.label_start >= 0:
                draft.shown = surface[draft.label_start : draft.label_end]
            elif draft.source is not None:
                draft.shown = draft.source.shown
        return kept

    def _fill(self, s: str, draft: Draft, before: list[Draft], inherited: Draft | None) -> None:
        """A label for a number that has none beside it: of the count before it, else the last known noun, else none."""
        earlier = [d for d in before if d.label]
        held = earlier and (earlier[-1].origin == "state" or _CLEARED.search(s, 0, draft.floor))
        if held and earlier[-1].group == draft.group:
            verb = bare_verb(s, draft, self.lexicon)
            if verb is not None:  # 清理文件，废止4件，保留21件
                draft.label, draft.label_start, draft.label_end = s[verb.start : verb.end], verb.start, verb.end
                draft.origin = "state"
                return
        nouns = [d for d in earlier if d.origin in ("object", "after") and d.opened == draft.opened]
        said = re.search(r"[\u4e00-\u9fff]", s[earlier[-1].unit_end : draft.head]) if earlier else None
        if nouns and said and earlier[-1].origin == "plain" and "其中" in s[nouns[-1].unit_end : earlier[-1].head]:
            take_label(draft, nouns[-1])  # 清理文件46件，其中继续有效38件、修改5件
            return
        for other in [d for d in earlier[::-1] if d.opened == draft.opened] or earlier[::-1]:
            if draft.opened < 0 or draft.opened >= other.opened:
                take_label(draft, other)
                return
        last = None
        for match in self.known.finditer(s, max(0, draft.head - 120), draft.head):
            last = match
        if draft.origin == "adjunct":
            return
        if last is not None:
            draft.label, draft.label_start, draft.label_end = last[0], last.start(), last.end()
            draft.origin = "far"
        elif inherited:
            take_label(draft, inherited)

    def _object_item(self, s: str, draft: Draft, earlier: list[Draft], inherited: Draft | None, context: str) -> str:
        """制定规范性文件4件，废止1件: what is repealed was said before; of other nouns the verb says enough."""
        other = replace(draft, label="", label_start=-1, label_end=-1, origin="")
        if earlier and earlier[-1].origin == "state" and earlier[-1].source is not None:
            take_label(other, earlier[-1].source)
        else:
            other.floor = 0  # the noun is wanted, not the verb again
            self._fill(s, other, [d for d in earlier if d.origin != "state"], inherited)
            other.floor = draft.floor
        draft.source, other.origin = other, "inherited"  # of several verbs only its own tells what became of it
        item = self.item(s, other, context)
        return item if item.startswith("normative_docs_") else ""

    def _from_heading(self, draft: Draft, heading: str) -> None:
        """收取信息处理费情况：2023年度收取0元. The heading names what its text counts."""
        last = None
        for match in self.known.finditer(fold(heading)):
            last = match
        if last is not None:
            draft.label, draft.shown, draft.origin = last[0], heading[last.start() : last.end()], "heading"

    def item(self, s: str, draft: Draft, context: str) -> str:
        """The canonical item of a draft, ``""`` when none fits."""
        start = clause_start(s, draft.head, stops=",。;:!?([")
        if draft.rule == "zero.numeral" and 0 <= draft.label_start < start:
            start = draft.label_start  # 信息处理费情况:全年为零
        # 印发规范性文件9件、宣布失效6件: what became of others is not said of these.
        stop = (_LIST_TAIL if "文件" in draft.label else _TAIL).search(s, draft.unit_end)
        if draft.origin == "inherited":  # 修改5件、废止3件: only its own verb tells them apart
            start = max(start, draft.floor)
            stop = _LIST_TAIL.search(s, draft.unit_end)
        near = s[start : min(stop.start() if stop else len(s), draft.unit_end + 60)]
        far = context + s[max(0, draft.unit_end - 200) : draft.unit_end]
        unit = draft.word.unit if draft.word else (draft.shared.unit if draft.shared else "")
        key = (draft.label, unit, draft.kind, near, far)
        if key not in self._items:
            if len(self._items) > 4096:
                self._items.clear()
            self._items[key] = next((i.id for i in self.lexicon.items if _fits(i, *key)), "")
        return self._items[key]


def _windows(folded: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The span itself; one that no real sentence is as long as, in pieces, so that the work stays linear."""
    while end - start > WINDOW:
        found = _BREAK.match(folded, start + WINDOW // 2, start + WINDOW)
        cut = found.end() if found else start + WINDOW
        yield start, cut
        start = cut
    yield start, end


def _fits(item: Item, label: str, unit: str, kind: str, near: str, far: str) -> bool:
    if kind not in (item.kinds or _PLAIN):
        return False  # a share or change of an item is not that item
    if item.units and unit not in item.units:
        return False
    if item.label is not None and not item.label.search(label):
        return False
    if item.near is not None and not item.near.search(near):
        return False
    if item.context is not None and not item.context.search(far) and not item.context.search(near):
        return False
    return item.excluded is None or not item.excluded.search(near)


def _from_to(s: str, first: Draft, second: Draft) -> bool:
    """账号由41个压减至20个: two numbers of one thing."""
    return bool(_FROM.search(s, max(0, first.head - 12), first.head) and _TO.fullmatch(s, first.unit_end, second.head))


def _share_unit(s: str, drafts: list[Draft]) -> None:
    """3、5件 after 分别: the number without a unit has that of the next."""
    for i in range(len(drafts) - 2, -1, -1):
        this, following = drafts[i], drafts[i + 1]
        if this.word is not None or this.opened != following.opened:
            continue
        word = following.word or following.shared
        between = s[this.unit_end : following.head].strip()
        if (
            word is not None
            and between in ("、", "和", "与", ",", "及")
            and "分别" in s[max(0, this.start - 60) : this.start]
        ):
            this.shared = word


def _in_order(s: str, drafts: list[Draft], lexicon: Lexicon) -> None:
    """网站、微信分别发布3、5条: the labels stand before 分别, in the order of the numbers."""
    for match in _APART.finditer(s):
        row = [d for d in drafts if d.start >= match.end() and d.opened < 0]
        run: list[Draft] = []
        for draft in row:
            gap = s[run[-1].unit_end if run else match.end() : draft.head]
            if run and gap.strip() not in ("、", "和", "与", ",", "及", "以及", ""):
                break
            if not run and len(gap) > 14:
                break
            run.append(draft)
        if len(run) < 2:
            continue
        end = match.start()
        start = clause_start(s, end, stops="。;:!?([")
        pieces: list[tuple[int, int]] = []
        a = start
        for join in re.finditer(r"[、和与及,]", s[start:end]):
            pieces.append((a, start + join.start()))
            a = start + join.end()
        pieces.append((a, end))
        pieces = [(a, b) for a, b in pieces if s[a:b].strip()]
        one = clause_start(s, end, floor=start, stops=",、")
        if _SHARED.search(s, one, end) and s[one - 1 : one] != "、" and not re.search("[和与及]", s[one:end]):
            pieces = [(one, end - (s[end - 1] == "的"))] * len(run)  # 公开率分别为97%、98%
        if len(pieces) < len(run):
            continue
        for draft, (a, b) in zip(run, pieces[-len(run) :], strict=True):
            label = trim(s, a, b, lexicon)
            if label is not None:
                draft.label, draft.label_start, draft.label_end = s[label.start : label.end], label.start, label.end
                draft.origin = "order"


def _count(draft: Draft, base: int, sentence: Sentence, text: str) -> Count:
    word = draft.word
    label_at = draft.label_start >= 0
    spans = [(draft.head, draft.unit_end)] + ([(draft.label_start, draft.label_end)] if label_at else [])
    start, end = base + min(a for a, _ in spans), base + max(b for _, b in spans)
    unit = text[base + draft.unit_start : base + draft.unit_end] if word and draft.unit_end > draft.unit_start else ""
    if word and word.unit == "%":
        unit = "%"
    if draft.shared:
        unit = draft.shared.unit
    value = draft.value
    return Count(
        count_id=draft.count_id,
        sentence_id=sentence.sentence_id,
        section=sentence.section,
        text=text[start:end],
        start=start,
        end=end,
        number_start=base + draft.start,
        number_end=base + draft.end,
        label=draft.shown,
        label_start=base + draft.label_start if label_at else -1,
        label_end=base + draft.label_end if label_at else -1,
        value=value,
        value_max=draft.value_max,
        unit=unit,
        kind=draft.kind,  # type: ignore[arg-type]
        bound=draft.bound,  # type: ignore[arg-type]
        negated_zero=draft.zero,
        part_of=draft.part_of.count_id if draft.part_of is not None else None,
        scope=draft.scope,
        item=draft.item,
        rule=draft.rule,
    )


def extract(text: str, *, lexicon: Path | None = None) -> list[Count]:
    """The counts of any text; offsets are into ``text``, every line is a paragraph.

    Example:
        >>> [(c.label, str(c.value), c.unit) for c in extract("全年公开信息1.2万余条，其中微信350条。")]
        [('信息', '12000', '条'), ('微信', '350', '条')]
    """
    sentences = [
        Sentence(f"s{i + 1:04}", "unknown", u.kind, u.text, u.start, u.end, u.marker, u.level, u.heading_path)
        for i, u in enumerate(segment_text(text))
    ]
    return Extractor(load_lexicon(lexicon)).counts(text, sentences)
