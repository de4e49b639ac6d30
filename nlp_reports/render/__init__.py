"""Self-contained HTML: one report, an overview of many, and the small view that notebooks show.

Pages load nothing from anywhere (a Content-Security-Policy with hashes says so), escape everything that comes from a
report, and can be read without JavaScript.
"""

from .diff import diff_page
from .overview import overview_page
from .page import notebook_view, report_page

__all__ = ["diff_page", "notebook_view", "overview_page", "report_page"]
