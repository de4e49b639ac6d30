"""Fitting classifiers on a labelled corpus: one room, one module a backend."""
