"""One line of text for models that read text only: the unit behind its context.

``section ▸ innermost heading ▸ lead-in ▸ item head ▸ unit``; numbers are folded to one zero as for the linear model.
"""

from __future__ import annotations

from .context import Unit
from .features import normal

SEPARATOR = "▸"
_SECTION = {
    "preamble": "前言", "overview": "总体", "proactive_disclosure": "主动", "requests": "申请", "review_litigation": "复议",
    "problems_improvements": "问题", "other_matters": "其他", "unknown": "未知",
}  # fmt: skip


def contextual(unit: Unit, *, limit: int = 220) -> str:
    """The unit with its context as one string of at most about ``limit`` code points; the unit itself is cut last."""
    parts = [_SECTION.get(unit.section, ""), *(normal(h)[:24] for h in unit.headings[-1:])]
    parts += [normal(x)[:36] for x in (unit.lead_in, unit.head) if x]
    front = SEPARATOR.join(p for p in parts if p)
    return f"{front}{SEPARATOR}{normal(unit.text)[: max(limit - len(front), 60)]}"
