"""Calibration figures and their diagram."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp_reports.evaluation.calibration import expected_calibration_error, reliability, reliability_svg


def test_a_confident_liar_is_told() -> None:
    assert expected_calibration_error([0.95] * 10, [True] * 5 + [False] * 5) == pytest.approx(0.45)
    assert expected_calibration_error([0.5] * 10, [True] * 5 + [False] * 5) == 0


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60))
def test_bins_hold_every_prediction_once(rows: list[tuple[float, bool]]) -> None:
    found = reliability([p for p, _ in rows], [y for _, y in rows])
    assert sum(b.n for b in found) == len(rows)
    assert sum(b.n * b.observed for b in found) == pytest.approx(sum(y for _, y in rows))
    assert all(b.low - 1e-9 <= b.predicted <= b.high + 1e-9 for b in found)
    assert 0 <= expected_calibration_error([p for p, _ in rows], [y for _, y in rows]) <= 1


def test_the_diagram_is_well_formed_and_has_a_dot_a_bin() -> None:
    found = reliability([0.05, 0.15, 0.95], [False, False, True])
    root = ET.fromstring(reliability_svg(found, title="themes"))
    assert len(root.findall("{http://www.w3.org/2000/svg}circle")) == len(found) == 3


def test_lengths_that_differ_are_refused() -> None:
    with pytest.raises(ValueError):
        reliability([0.5], [])
