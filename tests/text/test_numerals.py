"""Numerals: exact, total, and the way back."""

from __future__ import annotations

import doctest
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp_reports.text import numerals
from nlp_reports.text.numerals import parse_number, to_grouped, to_han, to_mixed

VALUES = [
    ("0", "0"), ("０", "0"), ("零", "0"), ("〇", "0"), ("7", "7"), ("2,261", "2261"), ("１，０２４", "1024"), ("3.50", "3.50"),
    ("1.2万", "12000"), ("1.3万余", "13000"), ("278余万", "2780000"), ("3千余", "3000"), ("１千２百", "1200"), ("4百万", "4000000"),
    ("1亿2千万", "120000000"), ("12万3456", "123456"), ("3万亿", "3000000000000"), ("59237.2449", "59237.2449"), ("1 234", "1234"),
    ("十", "10"), ("十五", "15"), ("二十", "20"), ("廿三", "23"), ("卅", "30"), ("卌五", "45"), ("一百零五", "105"), ("一百五", "150"),
    ("一千零五十", "1050"), ("两万五", "25000"), ("一万零五十", "10050"), ("二十二万三千", "223000"), ("三点五万", "35000"),
    ("两千", "2000"), ("兩千", "2000"), ("一億", "100000000"), ("貳拾萬", "200000"), ("壹佰贰拾叁", "123"), ("參仟", "3000"),
    ("二〇二三", "2023"), ("二零零八", "2008"), ("百余", "100"), ("30多", "30"), ("3.5億", "350000000"), ("零点五", "0.5"),
]  # fmt: skip
NOTHING = [
    "", " ", "条", "1.2.3", "1,23", "12,34", ".", "1.", "万千", "三五", "一二", "数十", "几百", "三审", "1.5万3", "3千5", "3万5",
    "一百二三", "十十", "百十百", "二百零", "零五", "1e5", "-", "--3", "1/2", "½", "点五", "五点", "亿万", "九" * 31, "9" * 31,
    "9" * 1_000_000, "一" * 100_000, "1" + ",111" * 100_000, "万" * 1000, "abc", "\x00", "1\x002", "2023年",
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), VALUES)
def test_value(text: str, value: str) -> None:
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize("text", NOTHING, ids=lambda t: t[:12])
def test_no_numeral_or_two_readings_give_none(text: str) -> None:
    assert parse_number(text) is None


@given(st.integers(0, 10**12), st.sampled_from(["hans", "hant"]), st.booleans())
def test_chinese_numerals_come_back(value: int, script: str, financial: bool) -> None:
    assert parse_number(to_han(value, script=script, financial=financial)) == value


@given(st.integers(0, 10**12), st.sampled_from(["hans", "hant"]), st.booleans())
def test_mixed_and_grouped_numerals_come_back(value: int, script: str, wide: bool) -> None:
    assert parse_number(to_mixed(value, script=script)) == value
    assert parse_number(to_grouped(value, full_width=wide)) == value
    assert parse_number(str(value)) == value


@given(
    st.decimals(0, 10**12, places=4, allow_nan=False, allow_infinity=False),
    st.sampled_from(["", "万", "亿", "萬", "億"]),
)
def test_decimals_come_back(value: Decimal, unit: str) -> None:
    factor = {"": 1, "万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}[unit]
    assert parse_number(f"{value:f}{unit}") == value * factor
    assert parse_number(to_grouped(value)) == value


@given(st.text(max_size=40) | st.text("0123456789.,，一二十百千万亿零〇两点余多 ", max_size=20))
def test_any_text_is_answered(text: str) -> None:
    value = parse_number(text)
    assert value is None or (value.is_finite() and value >= 0)


@pytest.mark.parametrize("value", [-1, 10**16])
def test_out_of_range_is_refused(value: int) -> None:
    with pytest.raises(ValueError, match="out of range"):
        to_han(value)


def test_documentation_examples() -> None:
    assert doctest.testmod(numerals).failed == 0
