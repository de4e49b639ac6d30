"""Writes docs/errors.md from the catalogue in nlp_reports/errors.py."""

from pathlib import Path

from nlp_reports.errors import CATALOGUE

HEAD = """# Error codes

Every error reads `CODE file: what was wrong. What to do.` In a batch it costs that file and no other: the report has
status `error` (or `partial`, when a later stage failed) and the message stands in its `error` column and in `run.json`.

| code | what was wrong | what to do |
|---|---|---|
"""


def main() -> None:
    rows = [f"| {code} | {what} | {todo} |" for code, (what, todo) in CATALOGUE.items()]
    page = HEAD + "\n".join(rows) + "\n\nA part in braces is filled in from the case at hand.\n"
    (Path(__file__).parent.parent / "errors.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
