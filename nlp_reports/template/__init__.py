"""Statutory knowledge as data: tables, sections, and the crosswalk to the reports before 2019."""

from .load import (
    CellSpec,
    Crosswalk,
    Indicator,
    RowSpec,
    SectionRule,
    SectionRules,
    Statute,
    crosswalk,
    section_rules,
    statute,
)

__all__ = [
    "CellSpec",
    "Crosswalk",
    "Indicator",
    "RowSpec",
    "SectionRule",
    "SectionRules",
    "Statute",
    "crosswalk",
    "section_rules",
    "statute",
]
