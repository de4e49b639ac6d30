"""Intervals, comparisons, agreement and corrected shares against values worked out by hand or by simulation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp_reports.classify import Tags
from nlp_reports.corpus.dataset import Labels
from nlp_reports.evaluation import STATISTICS, Outcome, score, slices
from nlp_reports.evaluation.agreement import agreement, cohen_kappa, krippendorff_alpha, masi
from nlp_reports.evaluation.prevalence import corrected_share, rogan_gladen
from nlp_reports.evaluation.significance import bootstrap, compare, mcnemar, randomisation


def outcome(
    report: int,
    gold: set[str],
    predicted: set[str],
    stance: str = "plan",
    said: str = "plan",
    tags: tuple[str, ...] = (),
) -> Outcome:
    record = {"id": f"r{report}", "writer": "w", "level": "city", "year": 2023, "script": "hans"}
    return Outcome(record, "…", Labels(frozenset(gold), (stance,), tags=tags), Tags(tuple(predicted), {}, said, {}))


def test_scores_by_hand() -> None:
    found = [
        outcome(1, {"staffing"}, {"staffing"}),
        outcome(1, {"staffing", "training"}, {"staffing", "fees"}),
        outcome(2, set(), {"fees"}, stance="problem", said="plan", tags=("no_cue",)),
    ]
    result = score(found)
    assert result["themes"]["staffing"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0, "support": 2}
    assert result["themes"]["fees"]["precision"] == 0.0 and result["themes"]["training"]["recall"] == 0.0
    assert result["micro"]["precision"] == pytest.approx(2 / 4) and result["micro"]["recall"] == pytest.approx(2 / 3)
    assert result["macro_f1"] == pytest.approx((1 + 0) / 2)  # fees has no gold unit and is left out
    assert result["stance_accuracy"] == pytest.approx(2 / 3)
    assert slices(found)["hard:no_cue"]["stance_accuracy"] == 0.0
    natural = replace(found[0], record={**found[0].record, "sampling": "natural"})
    assert slices([natural, *found[1:]])["sampling:natural"] == {"units": 1, "micro_f1": 1.0, "stance_accuracy": 1.0}


def test_optional_themes_are_neither_right_nor_wrong() -> None:
    labels = Labels(frozenset({"fees"}), ("plan",), frozenset({"training"}))
    found = Outcome({"id": "a"}, "", labels, Tags(("fees", "training"), {}, "plan", {}))
    assert score([found])["micro"]["f1"] == 1.0


def test_bootstrap_is_reproducible_and_holds_the_figure() -> None:
    rng = np.random.default_rng(1)
    found = [outcome(i // 5, {"fees"}, {"fees"} if rng.random() < 0.8 else set()) for i in range(200)]
    first = bootstrap(found, statistics=STATISTICS, resamples=200)
    assert first == bootstrap(found, statistics=STATISTICS, resamples=200)
    low, high = first["micro_f1"]
    assert low < score(found)["micro"]["f1"] < high and high - low < 0.2


def test_randomisation_tells_a_difference_from_none() -> None:
    good = [outcome(i, {"fees"}, {"fees"}) for i in range(30)]
    bad = [outcome(i, {"fees"}, set() if i % 2 else {"fees"}) for i in range(30)]
    statistic = STATISTICS["micro_f1"]
    assert randomisation(good, bad, statistic=statistic, rounds=400) < 0.01
    assert randomisation(good, good, statistic=statistic, rounds=100) == 1.0
    result = compare(good, bad, statistics=STATISTICS)
    assert result["mcnemar_themes"] == {"only_first": 15, "only_second": 0, "p": pytest.approx(2 / 2**15)}


def test_mcnemar_without_differences() -> None:
    assert mcnemar([True, False], [True, False]) == (0, 0, 1.0)


def test_kappa_known_values() -> None:
    # 50 items, 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no: the textbook example with κ = 0.4.
    a = ["y"] * 25 + ["n"] * 25
    b = ["y"] * 20 + ["n"] * 5 + ["y"] * 10 + ["n"] * 15
    assert cohen_kappa(a, b) == pytest.approx(0.4)
    assert cohen_kappa("aaa", "aaa") == 1.0


@given(st.frozensets(st.sampled_from("abcd")), st.frozensets(st.sampled_from("abcd")))
def test_masi_is_a_distance(a: frozenset[str], b: frozenset[str]) -> None:
    assert masi(a, b) == masi(b, a) and 0 <= masi(a, b) <= 1 and (masi(a, b) == 0) == (a == b)


def test_alpha_and_agreement() -> None:
    same = [(frozenset({"fees"}), frozenset({"fees"}))] * 4 + [(frozenset(), frozenset())] * 4
    assert krippendorff_alpha(same) == 1.0
    units = [(frozenset({"fees"}), "plan"), (frozenset({"training"}), "problem")]
    assert agreement(units, units, themes=["fees", "training"])["stance_kappa"] == 1.0


def test_corrected_share_covers_the_truth_where_the_raw_share_does_not() -> None:
    rng = np.random.default_rng(3)
    truth = rng.random(4000) < 0.10
    tagged = np.where(truth, rng.random(4000) < 0.8, rng.random(4000) < 0.08)
    share = corrected_share(tagged=int(tagged.sum()), units=4000, tp=160, fn=40, fp=144, tn=1656)
    assert abs(share.raw - 0.10) > 0.04
    assert share.low is not None and share.high is not None and share.low < truth.mean() < share.high
    assert corrected_share(tagged=5, units=10, tp=1, fn=1, fp=1, tn=1).corrected is None
    assert rogan_gladen(0.5, sensitivity=0.5, specificity=0.5) is None
