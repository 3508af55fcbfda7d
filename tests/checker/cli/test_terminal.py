"""What stands on a terminal."""

from __future__ import annotations

import io

import pytest
from rich.table import Table

from checker.render import table


class Terminal(io.StringIO):
    """A text that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("wide", "found"), [("40", table.NARROWEST), ("80", table.NARROWEST), ("200", 200)])
def test_no_column_vanishes_on_a_narrow_terminal(
    wide: str, found: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", wide)
    out = Terminal()
    console = table.console(out)
    assert console.width == found
    long = {"ticket": "T-1", "clause": "x" * 40, "verdict": "breached"}
    long |= {"due": "2025-03-03T12:17:07+01:00", "done": "2025-03-03T12:17:07+01:00", "because": "no answer"}
    shown = Table(*long)
    shown.add_row(*long.values())
    console.print(shown)
    assert all(value in out.getvalue() for value in long.values())
