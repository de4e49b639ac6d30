"""Findings in the making: collected by the checks, linked to their causes, numbered and fingerprinted at the end."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from ..schema import Count, Fault, Finding, FindingStatus, Report, Severity
from ..template.rules import Rule
from ..text.normalize import compact


@dataclass(slots=True)
class Draft:
    """A finding before it has its id. ``identity`` says what is compared, in words that survive a re-run.

    ``cause`` is the draft of the root cause; ``None`` when it is its own.
    """

    rule: str
    status: FindingStatus
    severity: Severity
    explanation: str
    identity: str
    expected: str = ""
    found: str = ""
    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    fault: Fault = "undecidable"
    cause: Draft | None = None

    def root(self) -> Draft:
        """The draft at the end of the chain of causes."""
        draft = self
        for _ in range(8):
            if draft.cause is None or draft.cause is draft:
                break
            draft = draft.cause
        return draft


def draft(rule: Rule, status: FindingStatus, explanation: str, identity: str, **fields: object) -> Draft:
    """A draft with the severity of its rule."""
    return Draft(rule.id, status, rule.severity, explanation, identity, **fields)  # type: ignore[arg-type]


def number(value: Decimal) -> str:
    """A number as a person writes it: no exponent, no trailing zeros.

    Example:
        >>> number(Decimal("1.50")), number(Decimal("1E+3"))
        ('1.5', '1000')
    """
    if value == value.to_integral_value():
        return str(int(value))
    return format(value.normalize(), "f")


def count_identity(count: Count) -> str:
    """What a count is about: item, label and section, never where it stands or what it says."""
    return f"{count.item}/{compact(count.label)}/{compact(count.scope)}@{count.section}"


def finish(report: Report, drafts: Iterable[Draft]) -> tuple[Finding, ...]:
    """Number, link and fingerprint the drafts; what follows from a cause is kept as information beside it."""
    kept = list(drafts)
    subject = f"{compact(report.agency)}|{report.year or ''}"
    seen: dict[str, int] = {}
    ids = {id(d): f"f{n:04d}" for n, d in enumerate(kept, 1)}
    findings = []
    for d in kept:
        base = f"{d.rule}|{d.identity}"
        times = seen[base] = seen.get(base, 0) + 1
        key = f"{subject}|{base}|{times}" if times > 1 else f"{subject}|{base}"
        own = ids[id(d)]
        root_id = own if d.cause is None else ids.get(id(d.root()), own)
        findings.append(
            Finding(
                finding_id=own,
                rule=d.rule,
                status=d.status,
                severity="info" if root_id != own and d.status == "mismatch" else d.severity,
                expected=d.expected,
                found=d.found,
                left=d.left,
                right=d.right,
                root=root_id,
                fault=d.fault,
                fingerprint=hashlib.sha256(key.encode()).hexdigest()[:16],
                explanation=d.explanation,
            )
        )
    return tuple(findings)
