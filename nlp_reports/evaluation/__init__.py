"""Measuring classifiers: scores, intervals, comparisons, agreement of labellers, corrected shares."""

from .corpus import STATISTICS, Outcome, evaluate_corpus, outcomes, score, slices

__all__ = ["STATISTICS", "Outcome", "evaluate_corpus", "outcomes", "score", "slices"]
