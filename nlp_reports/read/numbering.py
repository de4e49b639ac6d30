"""Automatic numbers of Word paragraphs: ``一、`` and ``（一）`` that a page shows and the text does not hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_PLACE = re.compile(r"%([1-9])")
_HAN = "〇一二三四五六七八九"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")

Element = Any


@dataclass(slots=True)
class _Level:
    start: int = 1
    format: str = "decimal"
    text: str = ""


def _name(element: Element) -> str:
    tag = element.tag
    return tag[tag.rfind("}") + 1 :] if isinstance(tag, str) else ""


def _value(element: Element, name: str = "val") -> str:
    return next((str(v) for k, v in element.attrib.items() if k == name or k.endswith("}" + name)), "")


def _integer(text: str, default: int = 0) -> int:
    try:
        return int(text)
    except ValueError:
        return default


class Numbering:
    """The number definitions of a document, and the counters as its paragraphs go by."""

    def __init__(self, numbering: Element, styles: Element) -> None:
        self._abstract: dict[str, dict[int, _Level]] = {}
        self._numbers: dict[str, tuple[str, dict[int, _Level]]] = {}
        self._counters: dict[str, dict[int, int]] = {}
        self._styles: dict[str, tuple[str, int]] = {}
        if numbering is not None:
            self._read(numbering)
        if styles is not None:
            self._read_styles(styles)

    def _read(self, numbering: Element) -> None:
        for element in numbering:
            if _name(element) == "abstractNum":
                levels = {_integer(_value(e, "ilvl")): _level(e) for e in element if _name(e) == "lvl"}
                self._abstract[_value(element, "abstractNumId")] = levels
        for element in numbering:
            if _name(element) != "num":
                continue
            abstract = ""
            own: dict[int, _Level] = {}
            for item in element:
                if _name(item) == "abstractNumId":
                    abstract = _value(item)
                elif _name(item) == "lvlOverride":
                    index = _integer(_value(item, "ilvl"))
                    level = self._abstract.get(abstract, {}).get(index, _Level())
                    for inner in item:
                        if _name(inner) == "lvl":
                            level = _level(inner)
                        elif _name(inner) == "startOverride":
                            level = _Level(_integer(_value(inner), 1), level.format, level.text)
                    own[index] = level
            self._numbers[_value(element, "numId")] = (abstract, {**self._abstract.get(abstract, {}), **own})
            if own:  # a list that starts again counts for itself
                self._numbers[_value(element, "numId")] = (
                    f"num{_value(element, 'numId')}",
                    self._numbers[_value(element, "numId")][1],
                )

    def _read_styles(self, styles: Element) -> None:
        based: dict[str, str] = {}
        for style in styles:
            if _name(style) != "style":
                continue
            identity = _value(style, "styleId")
            for item in style:
                if _name(item) == "basedOn":
                    based[identity] = _value(item)
                elif _name(item) == "pPr" and (found := _num_pr(item)):
                    self._styles[identity] = found
        for identity in list(based):
            seen = {identity}
            parent = based[identity]
            while parent and parent not in seen and identity not in self._styles:
                seen.add(parent)
                if parent in self._styles:
                    self._styles[identity] = self._styles[parent]
                parent = based.get(parent, "")

    def label(self, paragraph: Element) -> str:
        """The number printed before ``paragraph``, counted on; empty without one (a bullet counts as none)."""
        if not self._numbers:
            return ""
        found: tuple[str, int] | None = None
        for item in paragraph:
            if _name(item) == "pPr":
                found = _num_pr(item)
                if found is None:
                    for style in item:
                        if _name(style) == "pStyle":
                            found = self._styles.get(_value(style))
                break
        if found is None or found[0] not in self._numbers:
            return ""
        number, index = found
        key, levels = self._numbers[number]
        level = levels.get(index)
        if level is None or level.format in ("bullet", "none"):
            return ""
        counters = self._counters.setdefault(key, {})
        counters[index] = counters.get(index, level.start - 1) + 1
        for deeper in [i for i in counters if i > index]:
            del counters[deeper]

        def shown(match: re.Match[str]) -> str:
            at = int(match.group(1)) - 1
            source = levels.get(at, level)
            return format_number(counters.get(at, source.start), source.format)

        text = _PLACE.sub(shown, level.text)
        return text if not text or text[-1] in "、.．)）。:：" else text + " "


def _level(element: Element) -> _Level:
    level = _Level()
    for item in element:
        name = _name(item)
        if name == "start":
            level.start = _integer(_value(item), 1)
        elif name == "numFmt":
            level.format = _value(item)
        elif name == "lvlText":
            level.text = _value(item)
    return level


def _num_pr(properties: Element) -> tuple[str, int] | None:
    for item in properties:
        if _name(item) == "numPr":
            number, index = "", 0
            for inner in item:
                if _name(inner) == "numId":
                    number = _value(inner)
                elif _name(inner) == "ilvl":
                    index = _integer(_value(inner))
            return (number, index) if number else None
    return None


def format_number(number: int, style: str) -> str:
    """``number`` as Word prints it in ``style`` (a value of ``w:numFmt``); unknown styles as digits.

    Example:
        >>> format_number(12, "chineseCounting"), format_number(3, "decimalEnclosedCircleChinese")
        ('十二', '③')
    """
    if style in (
        "chineseCounting",
        "chineseCountingThousand",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
        "japaneseCounting",
        "chineseLegalSimplified",
    ):
        return _counted(number)
    if style in ("ideographDigital", "taiwaneseDigital", "japaneseDigitalTenThousand"):
        return "".join(_HAN[int(d)] for d in str(max(number, 0)))
    if style in ("decimalEnclosedCircle", "decimalEnclosedCircleChinese") and 1 <= number <= 20:
        return _CIRCLED[number - 1]
    if style == "ideographTraditional":
        return _STEMS[(number - 1) % 10]
    if style == "ideographZodiac":
        return _BRANCHES[(number - 1) % 12]
    if style in ("decimalFullWidth", "decimalFullWidth2"):
        return str(number).translate(_FULL_WIDTH)
    if style in ("upperLetter", "lowerLetter") and number >= 1:
        letter = chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter if style == "upperLetter" else letter.lower()
    if style in ("upperRoman", "lowerRoman") and 1 <= number < 4000:
        roman = _roman(number)
        return roman if style == "upperRoman" else roman.lower()
    if style == "decimalZero":
        return f"{number:02d}"
    return str(number)


def _counted(number: int) -> str:
    if not 0 < number < 100:
        return str(number) if number else "〇"
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else _HAN[tens] + "十") + (_HAN[ones] if ones else "")


def _roman(number: int) -> str:
    out = ""
    for value, letters in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    ):
        out += letters * (number // value)
        number %= value
    return out
