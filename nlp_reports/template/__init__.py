"""Statutory knowledge as data: tables, sections, and the crosswalk to the reports before 2019."""

from .load import CellSpec, Indicator, RowSpec, SectionRule, SectionRules, Statute, section_rules, statute

__all__ = ["CellSpec", "Indicator", "RowSpec", "SectionRule", "SectionRules", "Statute", "section_rules", "statute"]
