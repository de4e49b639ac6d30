"""Coded errors: what was wrong, with which file, and what to do.

Every message reads ``CODE file: what was wrong. Remedy.`` so that a person can act on it and a search finds it.
The codes are documented in ``docs/errors.md``; a test holds both lists together.
"""

from __future__ import annotations

#: code -> (what is wrong, what to do). ``{…}`` are filled from the keyword arguments of the error.
CATALOGUE: dict[str, tuple[str, str]] = {
    "NR101": ("the path does not exist", "Check the spelling, or quote it if it holds spaces."),
    "NR102": ("the file cannot be opened ({detail})", "Check its permissions."),
    "NR103": ("the file is empty", "Download it again; nothing can be read from 0 bytes."),
    "NR104": (
        "this is {detail}, which is not a format that reports come in",
        "Give text, HTML, Markdown, DOCX, DOC, WPS, RTF, ODT, PDF, OFD, an image or a ZIP of these.",
    ),
    "NR105": ("the folder holds no file that could be a report", "Check the folder, or name the files."),
    "NR106": ("the text encoding cannot be told ({detail})", "Convert the file to UTF-8."),
    "NR107": ("the document is damaged ({detail})", "Download it again, or open and save it in its own program."),
    "NR108": ("the document is encrypted", "Save it without a password first."),
    "NR109": (
        "no text was found in it ({detail})",
        "If it is a scan or a picture, install the `ocr` extra; else check the source.",
    ),
    "NR110": ("reading {detail} needs a program or package that is not installed", "{remedy}"),
    "NR111": ("the article stands in a script, not in the page", "Save the page from a browser after it has loaded."),
    "NR112": ("the archive member cannot be read ({detail})", "Unpack the archive and look at this member alone."),
    "NR113": ("the file is larger than the limit ({detail})", "Split it, or raise --max-bytes."),
    "NR114": (
        "the archive holds {detail} documents, one was asked for",
        "Name the archive on the command line, or use read_bytes.",
    ),
    "NR201": (
        "the stage {detail} failed on this report",
        "Run again with --debug for the traceback and report it with the file.",
    ),
    "NR202": (
        "nothing of an annual disclosure report was found in it (no title, no section, no statutory table)",
        "Check that this is the right file; what was found is given all the same.",
    ),
    "NR301": ("{detail}", "Correct the line and run again."),
    "NR302": (
        "the model cannot be used: {detail}",
        "Train it again with this version, or choose another with --model.",
    ),
    "NR303": ("the package {detail} is not installed", "{remedy}"),
    "NR304": ("the output folder cannot be written ({detail})", "Choose another --out."),
}


class ReportError(Exception):
    """An error with a code, the file it is about and a remedy.

    Args:
        code: a key of :data:`CATALOGUE`.
        path: the file (and ``archive.zip!member``) concerned; empty when none is.
        detail: what fills ``{detail}`` in the catalogue's sentence.
        remedy: what fills ``{remedy}``.

    Example:
        >>> str(ReportError("NR103", path="a.txt"))
        'NR103 a.txt: the file is empty. Download it again; nothing can be read from 0 bytes.'
    """

    def __init__(self, code: str, *, path: str = "", detail: str = "", remedy: str = "") -> None:
        what, todo = CATALOGUE[code]
        self.code, self.path, self.detail = code, path, detail
        self.what = what.replace("{detail}", detail)
        self.remedy = todo.replace("{remedy}", remedy)
        super().__init__(f"{code} {path + ': ' if path else ''}{self.what}. {self.remedy}")

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (self.code, self.path, self.detail, self.remedy))


def _rebuild(code: str, path: str, detail: str, remedy: str) -> ReportError:
    return ReportError(code, path=path, detail=detail, remedy=remedy)


class DataFileError(ReportError):
    """A data file (lexicon, rules, corpus, model) that does not say what it must; ``detail`` names file and line."""


class MissingExtra(ReportError):
    """An optional package is not installed; the message holds the command that installs it."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__("NR303", detail=package, remedy=f"Install it with: pip install 'nlp-reports[{extra}]'")
        self.package, self.extra = package, extra

    def __reduce__(self) -> tuple[object, ...]:
        return (MissingExtra, (self.package, self.extra))
