"""The text of one table cell as a value: a number, nothing, "not applicable", masked, or something else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from ..template import statute

ValueKind = Literal["number", "blank", "not_applicable", "masked", "text"]
_LONGEST = 80
_MASKED = re.compile(r"[0-9]{0,6}[*xX×○〇□■█]{1,8}[0-9]{0,6}")


@dataclass(frozen=True, slots=True)
class Value:
    """What a cell says. ``number`` is as printed, never scaled: ``16.482万元`` is 16.482, ``251000元`` is 251000.

    ``note`` is what the author wrote beside the number in brackets, ``unit`` the unit written after it.
    """

    kind: ValueKind
    number: Decimal | None = None
    unit: str = ""
    note: str = ""


BLANK = Value("blank")


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    words = statute().values
    units = "|".join(sorted(words.units, key=len, reverse=True))
    signs = "|".join((*words.increase, *words.decrease))
    return re.compile(
        rf"(?P<sign>[+\-−]|{signs})?(?P<whole>[0-9]{{1,3}}(?:,[0-9]{{3}}){{1,5}}|[0-9]{{1,15}})(?P<part>\.[0-9]{{1,6}})?"
        rf"(?P<unit>{units})?(?:[(\[【](?P<note>[^()\[\]【】]{{0,60}})[)\]】])?"
    )


@lru_cache(maxsize=4096)
def read_value(text: str) -> Value:
    """Read the folded text of a cell. Inner blanks are dropped: in one cell they only ever split a number.

    Example:
        >>> read_value("1,234").number, read_value("22(其中修订16件)").note, read_value("/").kind, read_value(" ").kind
        (Decimal('1234'), '其中修订16件', 'not_applicable', 'blank')
    """
    text = "".join(text[: 2 * _LONGEST].split())
    if not text:
        return BLANK
    words = statute().values
    if text in words.not_applicable:
        return Value("not_applicable")
    if len(text) > _LONGEST:
        return Value("text")
    if hit := _pattern().fullmatch(text):
        number = Decimal(hit["whole"].replace(",", "") + (hit["part"] or ""))
        if hit["sign"] and (hit["sign"] in "-−" or hit["sign"] in words.decrease):
            number = -number
        return Value("number", number, hit["unit"] or "", hit["note"] or "")
    if _MASKED.fullmatch(text):
        return Value("masked")
    return Value("text")
