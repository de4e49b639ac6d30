"""Numerals as reports write them: a small total function from text to an exact value, and renderers back.

``parse_number`` reads Arabic digits (full-width, grouped by thousands, decimals), Chinese numerals of both
scripts, financial forms (壹貳參), 廿 and 卅, positional years (二〇二三) and any mixture with 十百千万亿 (``1亿2千万``,
``278余万``). It answers ``None`` for whatever is not a numeral or can be read in two ways; it never raises.
"""

from __future__ import annotations

import re
from decimal import Context, Decimal

from .normalize import fold

#: Longer numerals are identifiers, not quantities; they are answered with ``None``.
MAX_DIGITS = 30

_DIGITS = {
    c: value
    for value, chars in enumerate(
        ("零〇○", "一壹弌", "二贰两", "三叁参叄", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
    )
    for c in chars
}
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_SCORES = {"廿": 20, "卄": 20, "卅": 30, "卌": 40}
_LARGE = {"万": 10**4, "亿": 10**8}

#: Characters that a Chinese numeral is made of, on folded text; for regular expressions of other modules.
HAN_NUMERAL = "零〇一二三四五六七八九十百千万亿两廿卅壹贰叁参肆伍陆柒捌玖拾佰仟"

_ARABIC = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_GROUP = re.compile(r"(?P<arabic>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(?P<small>[十百千拾佰仟]?)(?P<fuzzy>[余多]?)")
_FUZZY_TAIL = re.compile(r"[余多]$")
_BLANK = re.compile(r"\s+")


def parse_number(text: str) -> Decimal | None:
    """Read one numeral; blanks inside are ignored, a trailing or inner 余/多 (``3千余``, ``278余万``) is dropped.

    Returns:
        The exact value, or ``None`` when ``text`` is not one numeral, can be read in two ways (``三五``, ``3千5``) or
        has more than 30 digits.

    Example:
        >>> [str(parse_number(s)) for s in ("１千２百", "1.2万", "1亿2千万", "貳拾萬")]
        ['1200', '12000', '120000000', '200000']
        >>> [str(parse_number(s)) for s in ("二〇二三", "廿三", "2,261", "三审")]
        ['2023', '23', '2261', 'None']
    """
    if len(text) > 4 * MAX_DIGITS:
        return None
    s = _BLANK.sub("", fold(text))
    if not s:
        return None
    s = _FUZZY_TAIL.sub("", s)
    if _ARABIC.fullmatch(s):
        return _arabic(s)
    return _han(s) if s and s[0] not in "0123456789" else _mixed(s)


def _arabic(s: str) -> Decimal | None:
    digits = s.replace(",", "")
    return Decimal(digits) if len(digits) <= MAX_DIGITS else None


# Wide enough that no product of a numeral of MAX_DIGITS digits is ever rounded.
_EXACT = Context(prec=2 * MAX_DIGITS)


def _times(value: Decimal, factor: int) -> Decimal:
    product = _EXACT.multiply(value, Decimal(factor))
    return Decimal(int(product)) if product == int(product) else product


def _mixed(s: str) -> Decimal | None:
    """Arabic groups with multipliers, each lower than the one before: 1亿2千万, 3千5, 1.2万, 12万3456."""
    position, total, section, ceiling, large_ceiling = 0, Decimal(0), Decimal(0), 10**4, 10**12
    decimals = 0
    while position < len(s):
        match = _GROUP.match(s, position)
        if match is None:
            return None
        value = _arabic(match["arabic"])
        if value is None:
            return None
        decimals += "." in match["arabic"]
        position = match.end()
        if match["small"]:
            unit = _SMALL[match["small"]]
            if unit >= ceiling:
                return None
            section, ceiling = _EXACT.add(section, _times(value, unit)), unit
        else:
            if (section or total) and len(match["arabic"]) == 1 and s[position : position + 1] not in ("万", "亿"):
                return None  # 3万5 is 35000 to some and 30005 to others
            if section and value >= ceiling:
                return None
            section, ceiling = _EXACT.add(section, value), 1
        if position < len(s) and s[position] in "万亿":
            unit = _LARGE[s[position]]
            position += 1
            if s[position : position + 1] == "亿" and unit == 10**4:
                unit, position = 10**12, position + 1
            if unit >= large_ceiling and large_ceiling != 10**12:
                return None
            total, section = _EXACT.add(total, _times(section, unit)), Decimal(0)
            ceiling, large_ceiling = 10**4, unit
            if s[position : position + 1] in ("余", "多"):
                position += 1
                break
        elif match["fuzzy"] and position < len(s):
            return None
    if position < len(s):
        return None
    if decimals and _GROUP.fullmatch(_strip_large(s)) is None:
        return None  # 1.5万3 has no agreed reading
    if section >= large_ceiling:
        return None
    return _EXACT.add(total, section)


def _strip_large(s: str) -> str:
    return re.sub(r"[余多]?[万亿]{1,2}[余多]?$", "", s)


def _han(s: str) -> Decimal | None:
    """Chinese numerals: 三千二, 十二, 一万零五十, 三点五万, 二〇二三."""
    whole, dot, rest = s.partition("点")
    if dot:
        return _han_decimal(whole, rest)
    if all(c in _DIGITS for c in s):
        if len(s) == 1:
            return Decimal(_DIGITS[s])
        if len(s) > MAX_DIGITS or (len(s) < 3 and "〇" not in s and "○" not in s):
            return None  # 三五 is "three to five" as often as 35
        return Decimal("".join(str(_DIGITS[c]) for c in s))
    total = section = 0
    digit: int | None = None
    zero = False
    ceiling, large_ceiling = 10**4, 10**12
    last = 1
    for i, c in enumerate(s):
        if c in _DIGITS:
            if digit is not None:
                return None
            if _DIGITS[c] == 0:
                if zero or (i == 0 and len(s) > 1):
                    return None
                zero = True
            else:
                digit = _DIGITS[c]
        elif c in _SCORES:
            if digit is not None or ceiling <= 10:
                return None
            section, ceiling, last, zero = section + _SCORES[c], 10, 10, False
        elif c in _SMALL:
            unit = _SMALL[c]
            if unit >= ceiling or (digit is None and unit != 10 and (section or total or i)):
                return None
            if digit is None and section and not zero:
                return None
            section, ceiling, last, digit, zero = (
                section + (1 if digit is None else digit) * unit,
                unit,
                unit,
                None,
                False,
            )
        elif c in _LARGE:
            unit = _LARGE[c]
            if digit is not None:
                section, digit = section + digit, None
            if c == "亿" and i and s[i - 1] == "万":
                total, section, large_ceiling, last = total * 10**8, 0, 10**8, 10**12
                continue
            if unit >= large_ceiling or (not section and i):
                return None
            total += max(section, 1) * unit
            section, ceiling, large_ceiling, last, zero = 0, 10**4, unit, unit, False
        else:
            return None
    if digit is not None:
        # 一百五 is 150 and 两万五 is 25000, but 一百零五 is 105 and 十五 is 15.
        section += digit * (last // 10 if not zero and last >= 100 else 1)
    elif zero and len(s) > 1:
        return None
    return Decimal(total + section)


def _han_decimal(whole: str, rest: str) -> Decimal | None:
    factor = 1
    while rest and rest[-1] in _LARGE:
        factor *= _LARGE[rest[-1]]
        rest = rest[:-1]
    head = _han(whole) if whole and "点" not in whole else None
    if head is None or not rest or len(rest) > MAX_DIGITS or any(c not in _DIGITS for c in rest) or factor > 10**12:
        return None
    return _times(Decimal(f"{head}." + "".join(str(_DIGITS[c]) for c in rest)), factor)


_HANS, _HANT = "零一二三四五六七八九", "零一二三四五六七八九"
_FINANCE = {"hans": ("零壹贰叁肆伍陆柒捌玖", "拾佰仟", "万亿"), "hant": ("零壹貳參肆伍陸柒捌玖", "拾佰仟", "萬億")}
_PLAIN = {"hans": (_HANS, "十百千", "万亿"), "hant": (_HANT, "十百千", "萬億")}


def to_han(value: int, *, script: str = "hans", financial: bool = False) -> str:
    """Write ``0 <= value < 10**16`` in Chinese numerals (``script``: ``hans`` or ``hant``).

    Raises:
        ValueError: when ``value`` is out of range.

    Example:
        >>> to_han(10050), to_han(230000, script="hant", financial=True)
        ('一万零五十', '貳拾參萬')
    """
    if not 0 <= value < 10**16:
        raise ValueError(f"out of range: {value}")
    digits, small, large = (_FINANCE if financial else _PLAIN)[script]
    if value == 0:
        return digits[0]
    groups: list[int] = []
    while value:
        value, low = divmod(value, 10**4)
        groups.append(low)
    units = ("", large[0], large[1], large[0] + large[1])
    out = ""
    for power in range(len(groups) - 1, -1, -1):
        group = groups[power]
        if not group:
            continue
        if out and (group < 1000 or (power + 1 < len(groups) and not groups[power + 1])):
            out += digits[0]
        suffix = units[power]
        if power == 3 and len(groups) > 2 and groups[2]:
            suffix = large[0]  # 一万二千亿: the 亿 is written once, after the lower group
            if groups[2] < 1000:
                out += _han_group(group, digits, small) + suffix
                continue
        out += _han_group(group, digits, small) + suffix
    return out


def _han_group(group: int, digits: str, small: str) -> str:
    out, gap = "", False
    for power in range(3, -1, -1):
        digit = group // 10**power % 10
        if not digit:
            gap = bool(out)
            continue
        out += (digits[0] if gap else "") + digits[digit] + (small[power - 1] if power else "")
        gap = False
    return out


def to_mixed(value: int, *, script: str = "hans") -> str:
    """Write ``value`` with Arabic digits and 万/亿 (``1亿2345万6789``).

    Example:
        >>> to_mixed(120000000), to_mixed(30005, script="hant")
        ('1亿2000万', '3萬0005')
    """
    wan, yi = ("万", "亿") if script == "hans" else ("萬", "億")
    high, rest = divmod(value, 10**8)
    middle, low = divmod(rest, 10**4)
    out = f"{high}{yi}" if high else ""
    out += f"{middle}{wan}" if middle else ""
    return out + ((f"{low:04}" if out else str(low)) if low or not out else "")


def to_grouped(value: Decimal | int, *, full_width: bool = False) -> str:
    """Write ``value`` with thousands separators, in full-width digits on request.

    Example:
        >>> to_grouped(1234567), to_grouped(42, full_width=True)
        ('1,234,567', '４２')
    """
    out = f"{value:,}"
    return out.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789.,"}) if full_width else out
