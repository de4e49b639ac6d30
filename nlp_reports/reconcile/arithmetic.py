"""The identities of the tables: each one a finding, the violated ones grouped by their cause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from ..schema import Fault, Report, Severity
from ..template.rules import Rule, RuleSet
from .cells import CellTable, Interval, Linear
from .diagnose import Cause, Solution, diagnose
from .drafts import Draft, draft, number
from .system import TABLE_NAMES, Identity, System, bindings_of, identities_of


class TableCheck:
    """Runs every table rule over one report; afterwards ``table`` knows what blanks must be and which cells are wrong.

    ``causes`` maps each suspected cell to the draft of the cause, so that prose which agrees with the repair can be
    hung under it.
    """

    def __init__(self, report: Report, table: CellTable, rules: RuleSet) -> None:
        self.report, self.table, self.rules = report, table, rules
        self.causes: dict[str, Draft] = {}
        # A digit that was recognised in a picture may have been misread; nothing is certain then.
        self.recognised = report.format in ("ocr", "image", "scan") or any(
            note.fault == "reader" and note.code.startswith("ocr") for note in report.notes
        )

    def run(self, told: Mapping[Decimal, str], previous: Mapping[str, Decimal]) -> list[Draft]:
        """All drafts of the linear identities; see :func:`~.diagnose.diagnose` for the arguments."""
        identities = identities_of(self.rules, self.table.undivided, self.report.template)
        drafts = self._absent(identities)
        system = System(self.table, identities)
        violated = system.violated()
        causes = diagnose(system, violated, told, previous) if violated else []
        fixed_by, contradiction = self._derive(system, causes)
        if contradiction is not None and not causes:
            # it only shows when blanks are filled through several identities
            causes = [Cause((contradiction,), (), False)]
        broken: dict[int, Draft] = {}
        for cause in causes:
            drafts.extend(self._cause(system, cause, broken))
        for at, identity in enumerate(system.identities):
            if at not in broken:
                drafts.append(self._unbroken(system, identity, at, fixed_by))
        return drafts

    def _absent(self, identities: Sequence[Identity]) -> list[Draft]:
        """One remark per rule whose table was not read."""
        drafts = []
        for rule_id in dict.fromkeys(i.rule.id for i in identities):
            mine = [i for i in identities if i.rule.id == rule_id]
            if not any(self.table.has(i.difference) for i in mine):
                name = mine[0].difference.cells[0].split(".", 1)[0]
                what = f"没有读到{TABLE_NAMES.get(name, '该表')}的数字，{mine[0].rule.zh}无从核对。"
                drafts.append(draft(mine[0].rule, "not_comparable", what, f"table {name}"))
        return drafts

    def _derive(self, system: System, causes: Sequence[Cause]) -> tuple[dict[str, int], int | None]:
        """What the identities force blanks to be, the suspected cells left out of the reasoning.

        Returns which identity fixed each cell, and the identity that cannot hold, if there is one.
        """
        suspects = {cell for cause in causes for s in cause.solutions[: 1 if cause.sure else None] for cell in s.cells}
        unexplained = frozenset(n for cause in causes if not cause.solutions for n in cause.identities)
        domain, fixed_by, contradiction = system.solve(suspects, skip=unexplained)
        if contradiction is not None:
            return {}, contradiction
        self.table.suspects = frozenset(suspects)
        self.table.derived = {cell: i for cell, i in domain.items() if cell not in self.table.values}
        self.table.repaired = {cell: domain[cell] for cell in suspects if domain[cell].fixed}
        return fixed_by, None

    # ------------------------------------------------------------------ one identity
    def _unbroken(self, system: System, identity: Identity, at: int, fixed_by: Mapping[str, int]) -> Draft:
        table, rule = self.table, identity.rule
        printed, other = system.sums[at]
        if printed is not None and other is not None and identity.relation == "=":
            # most identities of most reports: said in short, and the sum is only taken once
            value = number(printed)
            left, right = self._refs(identity.left), self._refs(identity.right)
            what = f"{identity.subject}：两边均为 {value}。"
            return draft(rule, "match", what, identity.bound, expected=value, found=value, left=left, right=right)
        blanks = [c for c in identity.difference.cells if c not in table.values]
        sides = self._sides(identity)
        if not blanks:
            what = f"{identity.subject}：{self._equation(identity)}。"
            return draft(rule, "match", what, identity.bound, **sides)
        open_cells = [c for c in blanks if not table.interval(c).fixed]
        # What this identity itself has filled in does not prove it, unless another one fills in the same.
        circular = [c for c in blanks if fixed_by.get(c) == at and not self._borne_out(system, c, at, fixed_by)]
        names = "、".join(self.rules.cell_name(c) for c in blanks[:4]) + ("等" if len(blanks) > 4 else "")
        if not open_cells and not circular and table.evaluate(identity.difference).lo == 0:
            what = f"{identity.subject}：空格（{names}）由其他勾稽关系确定，等式成立。"
            return draft(rule, "match", what, identity.bound, **sides)
        what = f"{identity.subject}：{names}为空或未读出，等式可能成立，不能证实。"
        fields = sides | {"fault": "reader" if table.doubtful(blanks) else "author"}
        return draft(rule, "not_comparable", what, identity.bound, **fields)

    def _borne_out(self, system: System, cell: str, at: int, fixed_by: Mapping[str, int]) -> bool:
        """Whether an identity other than ``at`` gives this blank the same value."""
        for other in system.touching[cell]:
            identity = system.identities[other]
            if other == at or identity.relation != "=":
                continue
            rest = [c for c in identity.difference.cells if c != cell]
            if any(fixed_by.get(c) == at or not self.table.interval(c).fixed for c in rest):
                continue
            if self.table.evaluate(identity.difference) == Interval(Decimal(0), Decimal(0)):
                return True
        return False

    def _sides(self, identity: Identity) -> dict[str, object]:
        left, right = identity.left, identity.right
        return {
            "expected": self._value(left) if identity.relation == "=" else f"{identity.relation} {self._value(right)}",
            "found": self._value(right) if identity.relation == "=" else self._value(left),
            "left": self._refs(left),
            "right": self._refs(right),
        }

    def _value(self, linear: Linear) -> str:
        value = self.table.printed(linear)
        if value is not None:
            return number(value)
        return interval_text(self.table.evaluate(linear))

    def _refs(self, linear: Linear) -> tuple[str, ...]:
        """The cells that carry the sum; zeros only when there is nothing else."""
        values, cells = self.table.values, self.table.cells
        telling = [c for c in linear.cells if values.get(c, True)]
        return tuple(["cell:" + c for c in (telling or linear.cells) if c in cells])

    def _equation(self, identity: Identity) -> str:
        left, right = self._side_text(identity, identity.left), self._side_text(identity, identity.right)
        holds = self.table.printed(identity.difference)
        sign = identity.relation if holds is not None and _fulfils(holds, identity) else "≠"
        if identity.relation != "=" and sign == "≠":
            sign = {"<=": "＞", ">=": "＜"}[identity.relation]
        return f"{left} {sign.replace('>=', '≥').replace('<=', '≤')} {right}"

    def _side_text(self, identity: Identity, side: Linear) -> str:
        total = self._value(side)
        shown = [(f, c) for f, c in side.terms if self.table.values.get(c) != 0] or list(side.terms[:1])
        shown.sort(key=lambda term: term[0] < 0)
        if not side.terms:
            return number(Decimal(side.constant))
        bound = {v for _, v in identity.binding}
        parts: list[str] = []
        for factor, cell in shown[:6]:
            value = self.table.values.get(cell)
            label = "·".join(
                self.rules.names[cell.split(".", 1)[0]].get(p, p) for p in cell.split(".")[1:] if p not in bound
            )
            sign = "－" if factor < 0 else "＋"
            parts.append(f"{sign if parts or factor < 0 else ''}{label} {'空' if value is None else number(value)}")
        text = "".join(parts) + ("＋…" if len(shown) > 6 else "")
        return f"{text}＝{total}" if len(shown) > 1 else text

    # ------------------------------------------------------------------ one cause
    def _cause(self, system: System, cause: Cause, broken: dict[int, Draft]) -> list[Draft]:
        identities = [system.identities[n] for n in cause.identities]
        cells = [c for s in cause.solutions[:1] for c in s.cells]
        root = self._root(system, cause, identities)
        drafts = [root]
        for n, identity in zip(cause.identities, identities, strict=True):
            if root.identity == identity.bound and root.rule == identity.rule.id:
                broken[n] = root
                continue
            what = f"{identity.subject}：{self._equation(identity)}。"
            dependent = draft(
                identity.rule, "mismatch", what, identity.bound, fault=root.fault, cause=root, **self._sides(identity)
            )
            broken[n] = dependent
            drafts.append(dependent)
        suspects = cells if cause.sure else [c for s in cause.solutions for c in s.cells]
        for cell in suspects:
            self.causes.setdefault(cell, root)
        if root.status == "not_comparable":
            for dependent in drafts[1:]:
                dependent.status = "not_comparable"
        return drafts

    def _root(self, system: System, cause: Cause, identities: Sequence[Identity]) -> Draft:
        table = self.table
        involved = [c for i in identities for c in i.difference.cells]
        unread = [c for c in involved if c in table.cells and table.cells[c].fault == "reader"]
        fault, severity = self._fault(cause, unread)
        best = cause.solutions[0] if cause.solutions else None
        primary = self._primary(identities, best)
        diagnosis = self._diagnosis(cause)
        if cause.row and best is not None and self._has_rule("T3-DISP"):
            rule = self.rules.rule("T3-DISP")
            names = table.members("columns")
            row = [f"t3.{cause.row}.{name}" for name in names]
            printed = " ".join("空" if table.values.get(c) is None else number(table.values[c]) for c in row)
            want = " ".join(interval_text(best.needed[c]) if c in best.needed else _cell(table, c) for c in row)
            label = self.rules.names["t3"][cause.row]
            others = tuple(dict.fromkeys(c for c in involved if c not in row and table.values.get(c)))
            what = f"表三“{label}”一行印作 {printed}，各勾稽关系共同要求 {want}：{best.slip_zh}。"
            found = Draft(rule.id, "mismatch", rule.severity, what, f"row {cause.row}", want, printed)
            found.left, found.right = tuple(f"cell:{c}" for c in others), tuple(f"cell:{c}" for c in row)
        else:
            what = f"{primary.subject}：{self._equation(primary)}{diagnosis}。"
            found = draft(primary.rule, "mismatch", what, primary.bound, **self._sides(primary))
            found.severity = _gravest(i.rule for i in identities)
        if unread:
            found.status = "not_comparable"
            found.explanation += "其中有未能可靠读出的格，不作判断。"
        found.fault = fault
        if severity is not None and found.severity == "error":
            found.severity = severity
        return found

    def _has_rule(self, rule_id: str) -> bool:
        return any(rule.id == rule_id for rule in self.rules.active())

    def _primary(self, identities: Sequence[Identity], best: Solution | None) -> Identity:
        """The identity that shows the fault best: the first that holds a suspected cell."""
        if best is not None:
            for identity in identities:
                if set(best.cells) & set(identity.difference.cells):
                    return identity
        return identities[0]

    def _fault(self, cause: Cause, unread: Sequence[str]) -> tuple[Fault, Severity | None]:
        if unread:
            return "reader", None
        if self.recognised:
            return "undecidable", "warning"
        tables = {cell.split(".", 1)[0] for s in cause.solutions for cell in s.cells}
        if any(c.table in tables and c.fault == "reader" for c in self.report.cells):
            # where some cells of a table were lost, others may have been taken for them
            return "undecidable", "warning"
        if not cause.solutions and self.report.format not in ("html", "docx"):
            # so many numbers at odds in a flattened table are sooner a fault of reading than of writing
            return "undecidable", "warning"
        if self.report.format == "pdf" and any(s.slip in ("split_cell", "row_permuted") for s in cause.solutions):
            # text positions of a PDF can split or shift cells; the page itself has to be looked at
            return "undecidable", "warning"
        return "author", None

    def _diagnosis(self, cause: Cause) -> str:
        """What the cause is, in half a sentence."""
        if not cause.solutions:
            return "；涉及多格，不能归到一处"
        texts = []
        for solution in cause.solutions[: 1 if cause.sure else 4]:
            cells = "、".join(
                f"{self.rules.cell_name(c)}印作 {_cell(self.table, c)}，应为 {interval_text(solution.needed[c])} 才成立"
                for c in solution.cells
            )
            texts.append(cells + (f"（{solution.slip_zh}）" if solution.slip_zh else ""))
        if cause.sure or len(texts) == 1:
            return f"；{texts[0]}" + ("，正文所述数字亦如此" if cause.solutions[0].support else "")
        more = "等" if len(cause.solutions) > 4 else ""
        return "；可能是：" + "，或 ".join(texts) + more


def _fulfils(difference: Decimal, identity: Identity) -> bool:
    tolerance = identity.rule.tolerance
    if identity.relation == "=":
        return abs(difference) <= tolerance
    return difference >= -tolerance if identity.relation == ">=" else difference <= tolerance


def _gravest(rules: object) -> Severity:
    order: tuple[Severity, ...] = ("error", "warning", "info")
    return min((rule.severity for rule in rules), key=order.index)  # type: ignore[attr-defined]


def _cell(table: CellTable, cell: str) -> str:
    value = table.values.get(cell)
    return "空" if value is None else number(value)


def interval_text(interval: Interval) -> str:
    """An interval for a person: ``6``, ``≥ 1``, ``0–5``.

    Example:
        >>> interval_text(Interval(Decimal(1), None))
        '≥ 1'
    """
    lo, hi = interval
    if interval.fixed:
        return number(lo)
    if hi is None:
        return "任意" if lo.is_infinite() else f"≥ {number(lo)}"
    return f"≤ {number(hi)}" if lo.is_infinite() or lo == 0 else f"{number(lo)}–{number(hi)}"


def each_binding(table: CellTable, rule: Rule) -> list[tuple[tuple[str, str], ...]]:
    """The bindings of a rule in this report."""
    return bindings_of(table.rules, table.undivided, rule)
