"""Whether what the page needs beyond the core is installed; importing this needs none of it."""

from __future__ import annotations

from importlib.util import find_spec

from checker.record.model import Fault, Place


def check_installed() -> None:
    """Raise a Fault where a library that the page needs is not installed."""
    lacking = [name for name in ("jinja2", "matplotlib") if find_spec(name) is None]
    if lacking:
        raise Fault(
            Place("--output"),
            f"a review needs {' and '.join(lacking)}",
            "not installed",
            "install it: pip install 'servanda[report]', or use `servanda compare`",
        )
