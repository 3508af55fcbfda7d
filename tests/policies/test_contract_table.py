"""The README's table of contracts is current."""

from __future__ import annotations

from tests.policies.contract_table import in_readme, table


def test_the_table_is_current() -> None:
    assert in_readme() == table(), "run `make readme`"
