"""Reading: the bytes of one file to one report, its text and blocks fixed, whatever its format."""

from __future__ import annotations

from nlp_reports.read.sources import Source, iter_sources, read, read_all, read_bytes

__all__ = ["Source", "iter_sources", "read", "read_all", "read_bytes"]
