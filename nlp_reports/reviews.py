"""Reviewers' decisions on findings, and baselines of findings already known.

Both are keyed by :attr:`~nlp_reports.schema.Finding.fingerprint`, which depends on the rule, the agency, the year and on
what is compared, so a decision survives a re-run, a corrected layout and a new version. The file is small and meant to
lie beside the corpus under version control: YAML or JSON, sorted, one entry a finding.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_args

from .errors import DataFileError, ReportError
from .schema import Finding, Report
from .template.yamlfile import load_yaml

Verdict = Literal["confirmed", "dismissed", "open"]
_KEYS = {"verdict", "note", "rule", "agency", "year", "explanation"}


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about one finding.

    ``verdict``: ``confirmed`` (the report is wrong), ``dismissed`` (it is right after all), ``open`` (only a note).
    ``rule``, ``agency``, ``year`` and ``explanation`` are copied from the finding, for a person who reads the file.
    """

    fingerprint: str
    verdict: Verdict
    note: str = ""
    rule: str = ""
    agency: str = ""
    year: int | None = None
    explanation: str = ""


class Reviews:
    """Decisions by fingerprint, kept in one file.

    Decisions on findings that a run does not show are kept: the finding may come back.

    Example:
        >>> finding = Finding("f1", "T4-SUM", "mismatch", "error", "11", "0", (), (), "f1", "author", "ab12", "…")
        >>> reviews = Reviews().decide(finding, "dismissed", note="checked by telephone")
        >>> reviews.verdict(finding), len(reviews)
        ('dismissed', 1)
    """

    def __init__(self, decisions: Mapping[str, Decision] | None = None) -> None:
        self.decisions: dict[str, Decision] = dict(decisions or {})

    def __len__(self) -> int:
        return len(self.decisions)

    def decide(self, finding: Finding, verdict: Verdict, *, note: str = "", report: Report | None = None) -> Reviews:
        """Record a decision; a later one on the same finding replaces it."""
        self.decisions[finding.fingerprint] = Decision(
            finding.fingerprint,
            verdict,
            note,
            finding.rule,
            report.agency if report is not None else "",
            report.year if report is not None else None,
            finding.explanation,
        )
        return self

    def of(self, finding: Finding) -> Decision | None:
        """The decision on a finding, or on nothing yet ``None``."""
        return self.decisions.get(finding.fingerprint)

    def verdict(self, finding: Finding) -> Verdict:
        """The verdict on a finding; ``open`` when nobody has looked at it."""
        decision = self.of(finding)
        return decision.verdict if decision is not None else "open"

    def undecided(self, findings: Iterable[Finding]) -> list[Finding]:
        """The findings that nobody has dismissed; what hangs under a dismissed root goes with it."""
        kept = list(findings)
        gone = {f.finding_id for f in kept if self.verdict(f) == "dismissed"}
        return [f for f in kept if f.finding_id not in gone and f.root not in gone]

    # ------------------------------------------------------------------ file
    @classmethod
    def load(cls, path: Path) -> Reviews:
        """Read a reviews file; a file that does not exist yet holds no decisions.

        Raises:
            DataFileError: NR301 naming the entry that cannot be used.
        """
        path = Path(path)
        if not path.exists():
            return cls()
        data = _read(path)
        entries = data.get("reviews", {}) if isinstance(data, dict) else None
        if not isinstance(entries, dict):
            raise DataFileError("NR301", path=str(path), detail="the file must hold a mapping `reviews`")
        decisions = {}
        for fingerprint, entry in entries.items():
            decisions[str(fingerprint)] = _decision(path, str(fingerprint), entry)
        return cls(decisions)

    def save(self, path: Path) -> None:
        """Write the file in one step: what was there stays whole if writing fails."""
        entries: dict[str, Any] = {}
        for fingerprint, d in sorted(self.decisions.items()):
            full = {
                "verdict": d.verdict,
                "note": d.note,
                "rule": d.rule,
                "agency": d.agency,
                "year": d.year,
                "explanation": d.explanation,
            }
            entries[fingerprint] = {key: value for key, value in full.items() if value not in ("", None)}
        _write(Path(path), {"version": 1, "reviews": entries})


def _decision(path: Path, fingerprint: str, entry: Any) -> Decision:
    where = f"review {fingerprint}"
    if not isinstance(entry, dict) or entry.get("verdict") not in get_args(Verdict):
        allowed = ", ".join(get_args(Verdict))
        raise DataFileError("NR301", path=str(path), detail=f"{where}: `verdict` must be one of {allowed}")
    unknown = sorted(set(entry) - _KEYS)
    if unknown:
        raise DataFileError("NR301", path=str(path), detail=f"{where}: unknown key `{unknown[0]}`")
    year = entry.get("year")
    return Decision(
        fingerprint,
        cast("Verdict", entry["verdict"]),
        str(entry.get("note", "")),
        str(entry.get("rule", "")),
        str(entry.get("agency", "")),
        int(year) if year is not None else None,
        str(entry.get("explanation", "")),
    )


def load_baseline(path: Path) -> frozenset[str]:
    """The fingerprints of known findings: a file of :func:`save_baseline`, a ``findings.jsonl``, or a reviews file.

    Of a reviews file the dismissed findings count as known.

    Raises:
        DataFileError: NR301, the file holds none of these.
    """
    path = Path(path)
    if path.suffix == ".jsonl":
        try:
            rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
            return frozenset(str(row["fingerprint"]) for row in rows if row.get("status") == "mismatch")
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DataFileError("NR301", path=str(path), detail=f"this is no table of findings ({error})") from None
    data = _read(path)
    if isinstance(data, dict) and isinstance(data.get("baseline"), dict):
        return frozenset(str(fingerprint) for fingerprint in data["baseline"])
    if isinstance(data, dict) and "reviews" in data:
        reviews = Reviews.load(path)
        return frozenset(f for f, d in reviews.decisions.items() if d.verdict == "dismissed")
    raise DataFileError("NR301", path=str(path), detail="the file must hold a mapping `baseline` or `reviews`")


def save_baseline(path: Path, reports: Iterable[Report]) -> int:
    """Write the mismatches of these reports as known; returns how many."""
    entries = {
        f.fingerprint: {"rule": f.rule, "agency": report.agency, "year": report.year, "explanation": f.explanation}
        for report in reports
        for f in report.findings
        if f.status == "mismatch"
    }
    _write(Path(path), {"version": 1, "baseline": dict(sorted(entries.items()))})
    return len(entries)


def _read(path: Path) -> Any:
    if path.suffix == ".json":
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise DataFileError("NR301", path=str(path), detail=f"this is not JSON ({error})") from None
    return load_yaml(path)


def _write(path: Path, data: Mapping[str, Any]) -> None:
    if path.suffix == ".json":
        text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    else:
        import yaml

        text = yaml.safe_dump(dict(data), allow_unicode=True, sort_keys=False, width=120)
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8")
        os.replace(part, path)  # noqa: PTH105 - atomic also where the target exists
    except OSError as error:
        raise ReportError("NR304", path=str(path), detail=str(error.strerror or error)) from None
