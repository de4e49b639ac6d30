"""Measuring classifiers: scores, intervals, comparisons, agreement of labellers, corrected shares."""

from .corpus import evaluate_corpus, outcomes
from .scores import STATISTICS, Outcome, score, slices

__all__ = ["STATISTICS", "Outcome", "evaluate_corpus", "outcomes", "score", "slices"]
