"""Reconciliation: every number of a report checked against every other, with evidence on both sides.

The rules are data (``template/rules.yaml``). :class:`Reconciler` fits them to one report: the identities of the tables
are solved together (``system``, ``diagnose``), the numbers of the prose are compared with sets of candidate cells
(``narrative``) and with one another (``listing``, ``restated``), the report with the form (``form``, ``structure``).
"""

from __future__ import annotations

from .reconciler import Reconciler

__all__ = ["Reconciler"]
