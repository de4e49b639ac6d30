"""Contradictions to plant, as published reports hold them: each changes the composition and says what it did.

Every entry of :data:`SLIPS` takes the composition and a source of chance and returns what was planted, or ``None`` when
this report offers no place for it.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from ..template.load import statute
from .compose import Composition, Said, retell
from .ledger import APPLICANTS, OUTCOMES, Ledger
from .mutate import slipped


@dataclass(frozen=True, slots=True)
class Planted:
    """One planted contradiction.

    ``slip`` is the key in :data:`SLIPS`; ``rules`` the rules of which one should tell it; ``cells`` what was changed in
    the tables; ``text`` the sentence that was changed; ``before`` and ``after`` the number or words.
    """

    slip: str
    rules: tuple[str, ...]
    cells: tuple[str, ...] = ()
    text: str = ""
    before: str = ""
    after: str = ""


def plant(composition: Composition, names: list[str], rng: random.Random) -> list[Planted]:
    """Plant the slips named, in order; what finds no place is left out.

    Raises:
        KeyError: a name that is not in :data:`SLIPS`.
    """
    return [done for name in names if (done := SLIPS[name](composition, rng)) is not None]


def _put(ledger: Ledger, cell: str, value: Decimal | int) -> None:
    ledger.values[cell] = Decimal(value)


def _row(ledger: Ledger, row: str) -> list[str]:
    return [c.cell_id for c in statute().row("t3", row).cells]


def _total_displaced(c: Composition, rng: random.Random) -> Planted | None:
    cells = _row(c.ledger, "total_processed")
    total = c.ledger.number(cells[-1])
    free = [cell for cell in cells[:-1] if c.ledger.number(cell) != total]
    if not total or not free:
        return None
    before = " ".join(c.ledger.text(cell) for cell in cells)
    chosen = rng.choice(free)
    for cell in cells:
        _put(c.ledger, cell, total if cell == chosen else 0)
    after = " ".join(c.ledger.text(cell) for cell in cells)
    return Planted("total_displaced", ("T3-DISP",), tuple(cells), "", before, after)


def _row_shifted(c: Composition, rng: random.Random) -> Planted | None:
    rows = [r for r in ("new_received", "total_processed") if c.ledger.number(_row(c.ledger, r)[0]) > 0]
    if not rows:
        return None
    cells = _row(c.ledger, rng.choice(rows))
    old = [c.ledger.values[cell] for cell in cells]
    for cell, value in zip(cells, [Decimal(0), *old[:-1]], strict=True):
        c.ledger.values[cell] = value
    return Planted(
        "row_shifted", ("T3-DISP", "T3-ROW"), tuple(cells), before=_join(old), after=_join([Decimal(0), *old[:-1]])
    )


def _join(values: list[Decimal | None]) -> str:
    return " ".join("" if v is None else str(int(v)) for v in values)


def _one_cell(
    c: Composition, rng: random.Random, slip: str, rules: tuple[str, ...], kind: str, cells: list[str]
) -> Planted | None:
    places = [x for x in cells if slipped(c.ledger.text(x), kind) is not None]
    if not places:
        return None
    cell = rng.choice(places)
    before = c.ledger.text(cell)
    after = slipped(before, kind) or ""
    _put(c.ledger, cell, Decimal(after))
    return Planted(slip, rules, (cell,), before=before, after=after)


def _t3(c: Composition) -> list[str]:
    return [x for x in c.ledger.values if x.startswith("t3.")]


def _cell_wrong(c: Composition, rng: random.Random) -> Planted | None:
    return _one_cell(c, rng, "cell_wrong", ("T3-ROW", "T3-COL", "T3-BAL"), "plus_one", _t3(c))


def _digits_transposed(c: Composition, rng: random.Random) -> Planted | None:
    return _one_cell(c, rng, "digits_transposed", ("T3-ROW", "T3-COL", "T3-BAL"), "transposed", _t3(c))


def _digit_dropped(c: Composition, rng: random.Random) -> Planted | None:
    return _one_cell(c, rng, "digit_dropped", ("T3-ROW", "T3-COL", "T3-BAL"), "digit_dropped", _t3(c))


def _review_total_omitted(c: Composition, rng: random.Random) -> Planted | None:
    blocks = [b for b in ("review", "litigation_direct", "litigation_after_review") if c.ledger.number(f"t4.{b}.total")]
    if not blocks:
        return None
    cell = f"t4.{rng.choice(blocks)}.total"
    before = c.ledger.text(cell)
    _put(c.ledger, cell, 0)
    return Planted("review_total_omitted", ("T4-SUM",), (cell,), before=before, after="0")


def _split_cell(c: Composition, rng: random.Random) -> Planted | None:
    """As bad extractors do: 20 becomes 2 and 0, the row runs one cell over and loses its last."""
    rows = [r for r in ("new_received", *c.ledger.results()) if c.ledger.number(f"t3.{r}.natural_person") >= 10]
    if not rows:
        return None
    cells = _row(c.ledger, rng.choice(rows))
    old = [c.ledger.text(cell) for cell in cells]
    new = [old[0][:-1], old[0][-1], *old[2:]]
    for cell, text in zip(cells, new, strict=True):
        _put(c.ledger, cell, Decimal(text))
    return Planted(
        "split_cell", ("T3-ROW", "T3-DISP", "T3-COL"), tuple(cells[:2]), before=old[0], after=f"{new[0]} {new[1]}"
    )


def _stock_not_kept(c: Composition, rng: random.Random) -> Planted | None:
    issued, repealed = "t2.normative_documents.issued", "t2.normative_documents.repealed"
    if c.ledger.number(issued) <= c.ledger.number(repealed):
        return None
    before = c.ledger.text("t2.normative_documents.in_force")
    _put(c.ledger, "t2.normative_documents.in_force", 0)
    return Planted("stock_not_kept", ("T2-STOCK0",), ("t2.normative_documents.in_force",), before=before, after="0")


def _rules_misunderstood(c: Composition, rng: random.Random) -> Planted | None:
    if c.template != "f2021" or not c.agency.endswith(("镇人民政府", "乡人民政府", "县人民政府")):
        return None
    for name in ("issued", "in_force"):
        _put(c.ledger, f"t2.regulations.{name}", 2)
    return Planted(
        "rules_misunderstood", ("T2-RULES",), ("t2.regulations.issued", "t2.regulations.in_force"), after="2"
    )


def _items_for_cases(c: Composition, rng: random.Random) -> Planted | None:
    if c.template != "f2019":
        return None
    row = "t2_2019.administrative_license"
    for name, value in (("prior_year_items", 22), ("item_change", 1), ("decisions", 23)):
        _put(c.ledger, f"{row}.{name}", value)
    return Planted("items_for_cases", ("T2-2019-MISREAD",), (f"{row}.decisions",), after="23")


def _totals_blank(c: Composition, rng: random.Random) -> Planted | None:
    cells = [f"t3.{row}.total" for row in c.ledger.results() if c.ledger.number(f"t3.{row}.total")]
    if not cells:
        return None
    for cell in cells:
        c.ledger.values[cell] = None
    return Planted("totals_blank", ("T3-TOTBLANK",), tuple(cells), after="")


def _strokes(c: Composition, rng: random.Random) -> Planted | None:
    cells = [f"t4.{b}.{o}" for b in ("litigation_direct", "litigation_after_review") for o in OUTCOMES]
    cells = [x for x in cells if c.ledger.number(x) == 0]
    for cell in cells:
        c.ledger.values[cell] = None
        c.ledger.printed[cell] = "/"
    return Planted("strokes", ("S-EMPTYCELL",), tuple(cells), after="/") if cells else None


def _told(c: Composition, facts: set[str]) -> list[tuple[str, int, int, int]]:
    return [
        (name, p, s, n)
        for name, paragraphs in c.sections.items()
        for p, sentences in enumerate(paragraphs)
        for s, said in enumerate(sentences)
        for n, told in enumerate(said.told)
        if told.fact in facts and not told.negated_zero
    ]


def _retell(c: Composition, where: tuple[str, int, int, int], figures: str) -> tuple[str, str]:
    name, p, s, n = where
    said = c.sections[name][p][s]
    before = said.text[said.told[n].start : said.told[n].end]
    c.sections[name][p][s] = retell(said, n, figures)
    return before, c.sections[name][p][s].text


def _column_as_total(c: Composition, rng: random.Random) -> Planted | None:
    """The prose gives one column of the table for the whole, as 予以公开 of natural persons only."""
    rows = {"granted": "granted", "partial": "partially_granted"}
    for where in _told(c, set(rows)):
        name, p, s, n = where
        row = rows[c.sections[name][p][s].told[n].fact]
        for column in APPLICANTS:
            value = c.ledger.number(f"t3.{row}.{column}")
            total = c.ledger.number(f"t3.{row}.total")
            both = c.ledger.number("t3.granted.total", "t3.partially_granted.total")
            if 0 < value < total and value != both:
                before, text = _retell(c, where, str(value))
                return Planted("column_as_total", ("NT-GRANT",), (f"t3.{row}.{column}",), text, before, str(value))
    return None


def _parts(c: Composition, rng: random.Random, slip: str, sign: int) -> Planted | None:
    # only a complete listing decides its parts
    places = [(n, p, s, i) for n, p, s, i in _told(c, {"site_news", "wechat"}) if "等" not in c.sections[n][p][s].text]
    if not places:
        return None
    where = rng.choice(places)
    name, p, s, n = where
    value = c.sections[name][p][s].told[n].value + sign * rng.randint(1, 9)
    before, text = _retell(c, where, str(max(value, Decimal(0))))
    return Planted(slip, ("NN-SUM", "NN-LE"), (), text, before, str(value))


def _parts_exceed(c: Composition, rng: random.Random) -> Planted | None:
    return _parts(c, rng, "parts_exceed", 1)


def _parts_short(c: Composition, rng: random.Random) -> Planted | None:
    return _parts(c, rng, "parts_short", -1)


def _restated_differs(c: Composition, rng: random.Random) -> Planted | None:
    places = _told(c, {"hot"})
    if len(places) < 2:
        return None
    where = places[-1]
    name, p, s, n = where
    value = str(c.sections[name][p][s].told[n].value - rng.randint(1, 9))
    before, text = _retell(c, where, value)
    return Planted("restated_differs", ("NN-SAME",), (), text, before, value)


def _share_wrong(c: Composition, rng: random.Random) -> Planted | None:
    places = _told(c, {"granted_share", "unavailable_share"})
    if not places:
        return None
    where = rng.choice(places)
    name, p, s, n = where
    value = str(c.sections[name][p][s].told[n].value + Decimal("3.7"))
    before, text = _retell(c, where, value)
    return Planted("share_wrong", ("NN-PCT",), (), text, before, value)


def _number_missing(c: Composition, rng: random.Random) -> Planted | None:
    text = "全年主动公开信息条，均按时更新。"
    c.sections["overview"].insert(1, [Said(text)])
    return Planted("number_missing", ("S-MISSINGNUM",), (), text)


def _instructions_left(c: Composition, rng: random.Random) -> Planted | None:
    text = "该部分以表格形式报告。"
    c.sections["overview"].append([Said(text)])
    return Planted("instructions_left", ("S-LEAK",), (), text)


def _year_stale(c: Composition, rng: random.Random) -> Planted | None:
    text = f"{c.year - 2}年，{c.own_name}继续按要求做好公开工作。"
    if not c.own_name.startswith(("我", "本")):
        return None
    c.sections["overview"].insert(0, [Said(text)])
    return Planted("year_stale", ("M-STALE",), (), text, str(c.year), str(c.year - 2))


def _period_wrong(c: Composition, rng: random.Random) -> Planted | None:
    wrong = c.preamble.replace(f"{c.year}年1月1日", f"{c.year - 1}年1月1日").replace(
        f"{c.year}年12月", f"{c.year - 1}年12月"
    )
    if wrong == c.preamble:
        return None
    c.preamble = wrong
    return Planted("period_wrong", ("M-YEAR",), (), wrong, str(c.year), str(c.year - 1))


def _agency_differs(c: Composition, rng: random.Random) -> Planted | None:
    other = c.agency.removesuffix("办公室") if c.agency.endswith("办公室") else "白石县水利局"
    if c.agency not in c.preamble:
        return None
    c.preamble = c.preamble.replace(c.agency, other)
    return Planted("agency_differs", ("M-AGENCY",), (), c.preamble, c.agency, other)


def _old_notice(c: Composition, rng: random.Random) -> Planted | None:
    if c.year < 2021:
        return None
    c.preamble += "本报告按照国办公开办函〔2019〕60号格式编制。"
    return Planted("old_notice", ("M-DOCNO",), (), c.preamble)


def _section_lost(c: Composition, rng: random.Random) -> Planted | None:
    c.titles.pop("problems_improvements")
    return Planted("section_lost", ("S-SIX",), ())


def _section_five_empty(c: Composition, rng: random.Random) -> Planted | None:
    c.sections["problems_improvements"] = [[Said("无。")]]
    return Planted("section_five_empty", ("Q-EMPTY5",), (), "无。")


SLIPS: dict[str, Callable[[Composition, random.Random], Planted | None]] = {
    "total_displaced": _total_displaced,
    "row_shifted": _row_shifted,
    "cell_wrong": _cell_wrong,
    "digits_transposed": _digits_transposed,
    "digit_dropped": _digit_dropped,
    "split_cell": _split_cell,
    "review_total_omitted": _review_total_omitted,
    "totals_blank": _totals_blank,
    "strokes": _strokes,
    "stock_not_kept": _stock_not_kept,
    "rules_misunderstood": _rules_misunderstood,
    "items_for_cases": _items_for_cases,
    "column_as_total": _column_as_total,
    "parts_exceed": _parts_exceed,
    "parts_short": _parts_short,
    "restated_differs": _restated_differs,
    "share_wrong": _share_wrong,
    "number_missing": _number_missing,
    "instructions_left": _instructions_left,
    "year_stale": _year_stale,
    "period_wrong": _period_wrong,
    "agency_differs": _agency_differs,
    "old_notice": _old_notice,
    "section_lost": _section_lost,
    "section_five_empty": _section_five_empty,
}
