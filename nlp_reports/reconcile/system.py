"""The linear identities of a report as one system: what is violated, what blanks must be, what a repair would need.

Bounds are propagated through the identities until nothing changes: from ``a + b = c`` with ``c`` printed follows how
large ``a`` can be. For the forms at hand, where each identity soon has one unknown left, this is complete; it is exact.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from ..template.rules import Rule, RuleSet
from .cells import CellTable, Interval, Linear, RuleKey, blank, expand, linear, members

_MAX_STEPS = 4000


@dataclass(frozen=True, slots=True, eq=False)
class Identity:
    """``left relation right`` for one binding, and the same as ``difference relation 0``."""

    rule: Rule
    binding: tuple[tuple[str, str], ...]
    left: Linear
    right: Linear
    difference: Linear
    relation: str
    subject: str  # for a person: 表三“予以公开”一行
    bound: str  # the values of the binding

    @property
    def key(self) -> str:
        """The rule and what it is bound to: ``T3-ROW granted``."""
        return " ".join((self.rule.id, *(value for _, value in self.binding)))


def identities_of(rules: RuleSet, undivided: bool, template: str) -> tuple[Identity, ...]:
    """All identities of the active rules for reports of one form."""
    return _identities(RuleKey(rules), undivided, template)


@lru_cache(maxsize=32)
def _identities(key: RuleKey, undivided: bool, template: str) -> tuple[Identity, ...]:
    found: list[Identity] = []
    for rule in key.rules.active():
        if rule.kind != "identity" or not rule.applies(template):
            continue
        for binding in bindings_of(key.rules, undivided, rule):
            left = expand(key.rules, undivided, rule.get("left"), binding)
            right = expand(key.rules, undivided, rule.get("right"), binding)
            factors: dict[str, int] = {}
            for sign, side in ((1, left), (-1, right)):
                for factor, cell in side.terms:
                    factors[cell] = factors.get(cell, 0) + sign * factor
            difference = linear(factors, left.constant - right.constant)
            relation, bound = rule.get("relation", "="), " ".join(value for _, value in binding)
            subject = _subject(key.rules, rule, binding, difference)
            found.append(Identity(rule, binding, left, right, difference, relation, subject, bound))
    return tuple(found)


TABLE_NAMES = {"t2": "表二", "t2_2019": "表二", "t3": "表三", "t4": "表四"}


def _subject(rules: RuleSet, rule: Rule, binding: tuple[tuple[str, str], ...], difference: Linear) -> str:
    if not binding:
        return rule.zh
    table = difference.cells[0].split(".", 1)[0]
    names = rules.names[table]
    bound = "·".join(names.get(v, v) for _, v in binding)
    kind = {"r": "一行", "c": "一列"}.get(binding[0][0], "")
    return f"{TABLE_NAMES.get(table, '')}“{bound}”{kind}"


def bindings_of(rules: RuleSet, undivided: bool, rule: Rule) -> list[tuple[tuple[str, str], ...]]:
    """Every way to bind the variables of ``each``."""
    ways: list[tuple[tuple[str, str], ...]] = [()]
    for variable, name in rule.get("each", {}).items():
        ways = [(*way, (variable, item)) for way in ways for item in members(rules, undivided, name)]
    return ways


@lru_cache(maxsize=64)
def _present(
    identities: tuple[Identity, ...], tables: frozenset[str]
) -> tuple[tuple[Identity, ...], Mapping[str, tuple[int, ...]], Mapping[str, tuple[str, ...]]]:
    """The identities over tables that were read, the numbers of those that touch a cell, the cells of each row."""
    kept = tuple(i for i in identities if i.difference.tables <= tables)
    touching: dict[str, list[int]] = {}
    for number, identity in enumerate(kept):
        for cell in identity.difference.cells:
            touching.setdefault(cell, []).append(number)
    rows: dict[str, list[str]] = {}
    for cell in touching:
        rows.setdefault(cell.rpartition(".")[0], []).append(cell)
    return (
        kept,
        {cell: tuple(numbers) for cell, numbers in touching.items()},
        {row: tuple(cells) for row, cells in rows.items()},
    )


class System:
    """The identities whose tables were read, and the cells they touch."""

    def __init__(self, table: CellTable, identities: tuple[Identity, ...]) -> None:
        self.table = table
        self.identities, self.touching, self.rows = _present(identities, table.tables)
        #: Left and right of every identity from printed numbers alone; ``None`` for a side with a blank.
        self.sums: list[tuple[Decimal | None, Decimal | None]] = [
            (table.printed(identity.left), table.printed(identity.right)) for identity in self.identities
        ]

    def violated(self) -> list[int]:
        """The identities that no filling of the blanks can satisfy, each looked at alone."""
        found = []
        for n, (identity, (left, right)) in enumerate(zip(self.identities, self.sums, strict=True)):
            if identity.relation == "=" and left is not None and right is not None:
                holds = left == right or abs(left - right) <= identity.rule.tolerance
            else:
                holds = self._possible(identity, {})
            if not holds:
                found.append(n)
        return found

    def _possible(self, identity: Identity, changed: Mapping[str, Interval]) -> bool:
        values, interval = self.table.values, self.table.interval
        total = Decimal(identity.difference.constant)
        low_open = high_open = False
        high = total
        for factor, cell in identity.difference.terms:
            part = changed.get(cell)
            if part is None:
                value = values.get(cell)
                if value is not None:
                    total += factor * value
                    high += factor * value
                    continue
                part = blank(cell) if cell not in self.table.derived else interval(cell)
            lo, hi = part
            if factor > 0:
                low_open |= lo.is_infinite()
                high_open |= hi is None
                total += Decimal(0) if lo.is_infinite() else factor * lo
                high += Decimal(0) if hi is None else factor * hi
            else:
                low_open |= hi is None
                high_open |= lo.is_infinite()
                total += Decimal(0) if hi is None else factor * hi
                high += Decimal(0) if lo.is_infinite() else factor * lo
        tolerance = identity.rule.tolerance
        if identity.relation in ("=", ">=") and not high_open and high < -tolerance:
            return False
        return not (identity.relation in ("=", "<=") and not low_open and total > tolerance)

    def solve(
        self, free: Iterable[str], *, skip: frozenset[int] = frozenset()
    ) -> tuple[dict[str, Interval], dict[str, int], int | None]:
        """Let the cells of ``free`` and all blank ones take any value that the identities allow.

        Returns:
            the intervals left, the identity that fixed each cell, and the number of an identity that cannot hold
            (``None`` when all can). ``skip`` names identities that are not asked.
        """
        domain: dict[str, Interval] = {cell: blank(cell) for cell in free}
        for cell in self.touching:
            if cell not in self.table.values:
                domain.setdefault(cell, blank(cell))
        fixed_by: dict[str, int] = {}
        queue = deque(sorted({n for cell in domain for n in self.touching.get(cell, ())} - skip))
        queued = set(queue)
        steps = 0
        while queue and steps < _MAX_STEPS:
            number = queue.popleft()
            queued.discard(number)
            steps += 1
            identity = self.identities[number]
            if not self._possible(identity, domain):
                return domain, fixed_by, number
            for cell in self._narrow(identity, domain):
                if domain[cell].fixed:
                    fixed_by.setdefault(cell, number)
                for other in self.touching[cell]:
                    if other not in queued and other not in skip:
                        queue.append(other)
                        queued.add(other)
        return domain, fixed_by, None

    def _narrow(self, identity: Identity, domain: dict[str, Interval]) -> list[str]:
        """Tighten the bounds of the open cells of one identity; returns the cells that changed."""
        if identity.rule.tolerance:
            return []
        open_cells = [(f, c) for f, c in identity.difference.terms if c in domain and not domain[c].fixed]
        if not open_cells:
            return []
        values = self.table.values
        base = Decimal(identity.difference.constant)
        for factor, cell in identity.difference.terms:
            part = domain.get(cell)
            if part is None:
                base += factor * values[cell]
            elif part.fixed:
                base += factor * part.lo
        lows: list[Decimal | None] = []
        highs: list[Decimal | None] = []
        for factor, cell in open_cells:
            lo, hi = domain[cell]
            low = None if lo.is_infinite() else factor * lo
            high = None if hi is None else factor * hi
            lows.append(low if factor > 0 else high)
            highs.append(high if factor > 0 else low)
        low_total, high_total = _Total(lows), _Total(highs)
        changed: list[str] = []
        for at, (factor, cell) in enumerate(open_cells):
            lo, hi = domain[cell]
            # base + factor * x + rest = 0, so x lies between what the extremes of the rest leave
            rest_low, rest_high = low_total.without(lows[at]), high_total.without(highs[at])
            bounds: list[Decimal | None] = [None, None]
            if identity.relation in ("=", "<=") and rest_low is not None:
                bounds[factor > 0] = -(base + rest_low) / factor
            if identity.relation in ("=", ">=") and rest_high is not None:
                bounds[factor < 0] = -(base + rest_high) / factor
            new_lo = lo if bounds[0] is None else max(lo, bounds[0])
            new_hi = bounds[1] if hi is None else hi if bounds[1] is None else min(hi, bounds[1])
            if new_lo != lo or new_hi != hi:
                domain[cell] = Interval(new_lo, new_hi)
                changed.append(cell)
                low = None if new_lo.is_infinite() else factor * new_lo
                high = None if new_hi is None else factor * new_hi
                low, high = (low, high) if factor > 0 else (high, low)
                low_total.swap(lows[at], low)
                high_total.swap(highs[at], high)
                lows[at], highs[at] = low, high
        return changed


class _Total:
    """A running sum of which some parts may be without bound."""

    __slots__ = ("open", "sum")

    def __init__(self, parts: list[Decimal | None]) -> None:
        self.open = parts.count(None)
        self.sum = sum((part for part in parts if part is not None), Decimal(0))

    def without(self, part: Decimal | None) -> Decimal | None:
        """The sum of the others; ``None`` when one of them is without bound."""
        if part is None:
            return self.sum if self.open == 1 else None
        return self.sum - part if not self.open else None

    def swap(self, old: Decimal | None, new: Decimal | None) -> None:
        """Put ``new`` in the place of ``old``."""
        self.open += (new is None) - (old is None)
        self.sum += (new or 0) - (old or 0)
