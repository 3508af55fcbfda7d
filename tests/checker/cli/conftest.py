"""The desk that these tests audit."""

from pathlib import Path

import pytest

from tests.checker.cli.desk import Desk, setup


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk in an empty folder."""
    return setup(tmp_path)
