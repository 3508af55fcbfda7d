"""A real browser for the tests of pages."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.checker.report.browser import chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    if chromium() is None:
        pytest.skip("there is no Chromium here")
    with playwright.sync_playwright() as engine:
        found = engine.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield found
        found.close()
