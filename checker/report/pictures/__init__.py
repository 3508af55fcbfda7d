"""The pictures of a report as SVG text, drawn by Matplotlib without a browser: the same bytes from the same figures, everywhere.

One drawing serves all formats: `look="variables"` for a page that has `stylesheet()` in it, `look="light"` for paper.
"""

from checker.report.pictures.canvas import Picture
from checker.report.pictures.charts import curves, hours, margins, months, months_by_clause
from checker.report.pictures.palette import Look, stylesheet
from checker.report.pictures.timeline import timeline, timelines

__all__ = [
    "Look",
    "Picture",
    "curves",
    "hours",
    "margins",
    "months",
    "months_by_clause",
    "stylesheet",
    "timeline",
    "timelines",
]
