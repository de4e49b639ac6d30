"""The consistency rules as data: loading, checking with line numbers, merging a user's own file.

``rules.yaml`` beside this module holds every identity that one report decides. The kinds of rule that code can
interpret, with the keys each takes, are listed in :data:`KINDS`; everything else about a rule is data.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ..errors import DataFileError
from .lines import error_at, fail
from .yamlfile import load_yaml

if TYPE_CHECKING:
    from ..schema import Severity, Template

RULES_FILE = Path(__file__).with_name("rules.yaml")

_BASE = {"id", "kind", "zh", "en", "source", "severity", "templates", "enabled", "tolerance"}
#: kind -> (keys it needs, keys it may have)
KINDS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    kind: (frozenset(need.split()), frozenset(may.split()))
    for kind, need, may in (
        ("identity", "left right", "each relation"),
        ("sign", "cells", "amounts integer"),
        ("displaced", "", ""),
        ("blank", "cells beside", "each"),
        ("reserved", "cells agency", "unless"),
        ("all_zero", "cells agency", ""),
        ("suspicious_sum", "left right nonzero", "each"),
        ("both_or_none", "cells", ""),
        (
            "narrative",
            "",
            "items candidates columns results verbs unless only about named relabel strict lookalike precision",
        ),
        ("told_none", "", ""),
        ("told_balance", "received carried_in completed carried_out", ""),
        ("all_done", "pattern cell", ""),
        ("mention", "sections pattern", "elsewhere"),
        ("fee_part", "item cell", ""),
        ("fee_note", "pattern cell", ""),
        ("fee_sum", "items", ""),
        ("fee_tariff", "item unit", ""),
        ("parts", "families", "exhaustive carried fixed"),
        ("part_of", "certain", ""),
        ("restated", "general column", ""),
        ("restated_cumulative", "", ""),
        ("percent", "pattern plain bases", ""),
        ("percent_total", "", ""),
        ("rate", "pattern done due", ""),
        ("two_units", "", ""),
        ("year", "title period near", ""),
        ("period", "", ""),
        ("agency", "title preamble body not_body pronoun office", ""),
        ("stale_year", "sections pattern", ""),
        ("cited", "pattern from_year", "unless misspelt"),
        ("deadline", "pattern government", ""),
        ("six_sections", "", ""),
        ("tables", "", ""),
        ("empty_cells", "tables", ""),
        ("leak", "pattern", ""),
        ("missing_number", "pattern", ""),
        ("thin_section", "section least none", ""),
        ("fee_unexplained", "cells fees pattern", ""),
        ("generic", "least own", ""),
    )
}
# Keys that hold regular expressions; compiled when loaded so that a slip is found with its line.
_PATTERNS = frozenset(
    [
        "agency",
        "unless",
        "only",
        "pattern",
        "elsewhere",
        "general",
        "column",
        "title",
        "preamble",
        "period",
        "near",
        "pronoun",
        "office",
        "misspelt",
        "government",
        "none",
        "own",
        "certain",
        "plain",
        "strict",
        "about",
        "named",
        "body",
        "not_body",
    ]
)
_SEVERITIES = ("error", "warning", "info")
_TEMPLATES = ("f2021", "f2019", "pre2019", "unknown")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``params`` holds the keys of its kind; patterns among them are compiled."""

    id: str
    kind: str
    zh: str
    en: str
    source: str
    severity: Severity
    templates: tuple[Template, ...] = ()
    enabled: bool = True
    tolerance: Decimal = Decimal(0)
    params: Mapping[str, Any] = field(default_factory=dict)

    def get(self, key: str, default: Any = None) -> Any:
        """The value of a key of this rule's kind."""
        return self.params.get(key, default)

    def applies(self, template: str) -> bool:
        """Whether the rule is meant for reports of this format generation (an unknown one counts as any)."""
        return not self.templates or template in self.templates or template == "unknown"


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All rules in order, with the sets, display names and cues they refer to."""

    rules: tuple[Rule, ...]
    sets: Mapping[str, tuple[str, ...]]
    names: Mapping[str, Mapping[str, str]]
    cues: Mapping[str, re.Pattern[str]]
    _active: tuple[Rule, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "_active", tuple(rule for rule in self.rules if rule.enabled))

    def active(self) -> tuple[Rule, ...]:
        """The rules that are not switched off."""
        return self._active

    def of_kind(self, kind: str) -> Rule | None:
        """The first active rule of a kind."""
        return next((rule for rule in self._active if rule.kind == kind), None)

    def rule(self, rule_id: str) -> Rule:
        """The rule with this id.

        Raises:
            KeyError: there is none.
        """
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)

    def cell_name(self, cell_id: str) -> str:
        """A short display name of a cell, in Chinese.

        Example:
            >>> load_rules().cell_name("t3.granted.natural_person")
            '（一）予以公开·自然人'
        """
        table, *rest = cell_id.split(".")
        names = self.names.get(table, {})
        return "·".join(names.get(part, part) for part in rest)

    def without(self, rule_ids: tuple[str, ...]) -> RuleSet:
        """A copy with some rules switched off; an id may end in ``*``.

        Raises:
            DataFileError: an id that no rule has.
        """
        for wanted in rule_ids:
            if not any(_matches(rule.id, wanted) for rule in self.rules):
                raise DataFileError("NR301", detail=f"no rule has the id {wanted}")
        rules = tuple(
            replace(rule, enabled=False) if any(_matches(rule.id, wanted) for wanted in rule_ids) else rule
            for rule in self.rules
        )
        return replace(self, rules=rules)


def _matches(rule_id: str, wanted: str) -> bool:
    return rule_id.startswith(wanted[:-1]) if wanted.endswith("*") else rule_id == wanted


def load_rules(path: Path | None = None) -> RuleSet:
    """The rules of the package, or these overlaid with the file at ``path``.

    A user's file has the same shape: an entry with a known ``id`` changes the keys it names (``enabled: false``,
    ``severity: info`` …), one with a new ``id`` adds a rule; ``sets``, ``names`` and ``cues`` are added to.

    Raises:
        DataFileError: NR301 with the file and the line: unknown keys or kinds, missing keys, a pattern that is none.

    Example:
        >>> load_rules().rule("T3-ROW").severity
        'error'
    """
    return _packaged() if path is None else _overlay(_packaged_data(), Path(path))


@lru_cache(maxsize=1)
def _packaged_data() -> Mapping[str, Any]:
    return _read(RULES_FILE)


@lru_cache(maxsize=1)
def _packaged() -> RuleSet:
    return _build(_packaged_data(), RULES_FILE, frozenset())


def _read(path: Path) -> dict[str, Any]:
    data = load_yaml(path)
    if not isinstance(data, dict):
        raise DataFileError("NR301", path=str(path), detail="line 1: the file must be a mapping with a list `rules`")
    return cast("dict[str, Any]", data)


def _overlay(base: Mapping[str, Any], path: Path) -> RuleSet:
    own = _read(path)
    known = {entry["id"]: dict(entry) for entry in base["rules"]}
    entries = own.get("rules") or []
    if not isinstance(entries, list):
        raise error_at(path, own, ("rules",), "`rules` must be a list")
    for number, entry in enumerate(entries):
        if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
            raise error_at(path, own, ("rules", number), "a rule must be a mapping with an `id`")
        if entry["id"] in known and "kind" not in entry:
            unknown = sorted(set(entry) - _allowed(known[entry["id"]]["kind"]))
            if unknown:
                raise error_at(
                    path, own, ("rules", number, unknown[0]), f"rule {entry['id']} has no key `{unknown[0]}`"
                )
            known[entry["id"]] |= entry
        else:
            known[entry["id"]] = dict(entry)
    merged: dict[str, Any] = {"rules": list(known.values())}
    for key in ("sets", "cues"):
        merged[key] = {**base.get(key, {}), **(own.get(key) or {})}
    merged["names"] = {t: {**n} for t, n in base["names"].items()}
    for table, names in (own.get("names") or {}).items():
        merged["names"].setdefault(table, {}).update(names)
    for key in own:
        if key not in ("rules", "sets", "cues", "names", "version"):
            raise error_at(path, own, (key,), f"unknown key `{key}`")
    return _build(merged, path, frozenset(e["id"] for e in entries))


def _allowed(kind: str) -> set[str]:
    need, may = KINDS[kind]
    return _BASE | need | may


def _build(data: Mapping[str, Any], path: Path, own: frozenset[str]) -> RuleSet:
    """Check and freeze. ``own`` are the ids whose lines stand in ``path`` (all, for the package's file)."""
    sets = _expand_sets(data, path)
    rules: list[Rule] = []
    seen: set[str] = set()
    for entry in data["rules"]:
        rule = _rule(entry, path, sets)
        if rule.id in seen:
            raise fail(path, rule.id, "", f"the id {rule.id} stands twice")
        seen.add(rule.id)
        rules.append(rule)
    cues: dict[str, re.Pattern[str]] = {}
    for name, pattern in data.get("cues", {}).items():
        try:
            cues[name] = re.compile(pattern)
        except (re.error, TypeError) as error:
            raise error_at(path, None, ("cues", name), f"the cue `{name}` is no regular expression ({error})") from None
    return RuleSet(tuple(rules), sets, data.get("names", {}), cues)


def _expand_sets(data: Mapping[str, Any], path: Path) -> dict[str, tuple[str, ...]]:
    raw = data.get("sets", {})
    done: dict[str, tuple[str, ...]] = {}

    def expand(name: str, above: tuple[str, ...]) -> tuple[str, ...]:
        if name in above or name not in raw:
            raise error_at(
                path, None, ("sets", above[-1] if above else name), f"the set `{name}` is unknown or circular"
            )
        items: list[str] = []
        for item in raw[name]:
            items.extend(expand(item[1:], (*above, name)) if item.startswith("@") else (item,))
        return tuple(items)

    for name in raw:
        done[name] = expand(name, ())
    return done


def _rule(entry: Mapping[str, Any], path: Path, sets: Mapping[str, tuple[str, ...]]) -> Rule:
    rule_id = str(entry.get("id", ""))
    kind = entry.get("kind")
    if kind not in KINDS:
        raise fail(path, rule_id, "kind", f"rule {rule_id}: unknown kind `{kind}`")
    need, may = KINDS[kind]
    for key in ("zh", "en", "source", "severity"):
        if not isinstance(entry.get(key), str):
            raise fail(path, rule_id, key, f"rule {rule_id}: the text `{key}` is missing")
    unknown = sorted(set(entry) - _BASE - need - may)
    if unknown:
        raise fail(path, rule_id, unknown[0], f"rule {rule_id}: unknown key `{unknown[0]}`")
    missing = sorted(need - set(entry))
    if missing:
        raise fail(path, rule_id, "", f"rule {rule_id}: the key `{missing[0]}` is missing")
    if entry["severity"] not in _SEVERITIES:
        raise fail(path, rule_id, "severity", f"rule {rule_id}: severity must be one of {', '.join(_SEVERITIES)}")
    templates = tuple(entry.get("templates", ()))
    if any(template not in _TEMPLATES for template in templates):
        raise fail(path, rule_id, "templates", f"rule {rule_id}: templates must be among {', '.join(_TEMPLATES)}")
    try:
        tolerance = Decimal(str(entry.get("tolerance", 0)))
    except InvalidOperation:
        raise fail(path, rule_id, "tolerance", f"rule {rule_id}: tolerance must be a number") from None
    params: dict[str, Any] = {}
    for key in need | may:
        if key not in entry:
            continue
        value = entry[key]
        # `column` of NN-SAME is a pattern; `period`, `title` of other kinds are patterns too, `columns` is a mapping
        if key in _PATTERNS and not isinstance(value, re.Pattern):
            try:
                value = re.compile(value)
            except (re.error, TypeError) as error:
                raise fail(path, rule_id, key, f"rule {rule_id}: `{key}` is no regular expression ({error})") from None
        params[key] = value
    _check_expressions(rule_id, params, path, sets)
    return Rule(
        id=rule_id,
        kind=kind,
        zh=entry["zh"],
        en=entry["en"],
        source=entry["source"],
        severity=cast("Severity", entry["severity"]),
        templates=cast("tuple[Template, ...]", templates),
        enabled=bool(entry.get("enabled", True)),
        tolerance=tolerance,
        params=params,
    )


_TERM = re.compile(r"\s*([+-])?\s*(?:(\d+)\s*\*\s*)?([a-z0-9_]+(?:\.(?:[a-z0-9_]+|\[[a-z0-9_]+\]|\{[a-z]+\}))+|\d+)\s*")


@dataclass(frozen=True, slots=True)
class Term:
    """``factor`` times the cells of ``cell`` (a pattern with ``[set]`` and ``{variable}``), or a constant."""

    factor: int
    cell: str


@lru_cache(maxsize=512)
def parse_expression(text: str) -> tuple[Term, ...]:
    """Read a sum or difference of cell patterns; no evaluation, no nesting.

    Raises:
        ValueError: the text is no such expression.

    Example:
        >>> parse_expression("t3.new_received.{c} - 2 * t3.carried_over.total")
        (Term(factor=1, cell='t3.new_received.{c}'), Term(factor=-2, cell='t3.carried_over.total'))
    """
    terms: list[Term] = []
    at = 0
    while at < len(text):
        match = _TERM.match(text, at)
        if match is None or (terms and not match[1]):
            raise ValueError(f"cannot read `{text[at : at + 30]}`")
        sign = -1 if match[1] == "-" else 1
        terms.append(Term(sign * int(match[2] or 1), match[3]))
        at = match.end()
    if not terms:
        raise ValueError("the expression is empty")
    return tuple(terms)


def _check_expressions(
    rule_id: str, params: Mapping[str, Any], path: Path, sets: Mapping[str, tuple[str, ...]]
) -> None:
    variables = set(params.get("each", {})) | ({"column"} if "columns" in params else set())
    texts: list[tuple[str, str]] = [
        (k, params[k]) for k in ("left", "right", "nonzero", "beside", "cell", "fees") if k in params
    ]
    texts += [("cells", c) for c in params.get("cells", ())] + [("amounts", c) for c in params.get("amounts", ())]
    texts += [("bases", b) for b in params.get("bases", ())]
    texts += [("candidates", c["expr"]) for c in params.get("candidates", ())]
    for entry in params.get("results", {}).values():
        texts.append(("results", entry["expr"]))
        texts += [("results", wider) for wider in entry.get("wider", ())]
        texts += [("results", entry[form]) for form in _TEMPLATES if form in entry]
    for key, text in texts:
        try:
            terms = parse_expression(str(text))
        except ValueError as error:
            raise fail(path, rule_id, key, f"rule {rule_id}: `{key}`: {error}") from None
        for term in terms:
            for name in re.findall(r"\[([a-z0-9_]+)\]", term.cell):
                if name not in sets:
                    raise fail(path, rule_id, key, f"rule {rule_id}: `{key}`: there is no set `{name}`")
            for name in re.findall(r"\{([a-z]+)\}", term.cell):
                if name not in variables:
                    what = f"rule {rule_id}: `{key}`: the variable {name} is not bound by `each`"
                    raise fail(path, rule_id, key, what)
    for name in params.get("each", {}).values():
        if name not in sets:
            raise fail(path, rule_id, "each", f"rule {rule_id}: there is no set `{name}`")
    if params.get("relation", "=") not in ("=", ">=", "<="):
        raise fail(path, rule_id, "relation", f"rule {rule_id}: relation must be =, >= or <=")
