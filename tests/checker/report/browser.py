"""A real browser for tests: Chromium without a window, driven by Playwright. It may ask nothing of the network."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome")
READY = "html[data-ready=yes]"
PATIENCE_S = 30


def chromium() -> str | None:
    """The program of the browser: that of SERVANDA_CHROMIUM, or the first that is installed."""
    asked = os.environ.get("SERVANDA_CHROMIUM")
    return asked or next((found for name in NAMES if (found := shutil.which(name))), None)


class Tab:
    """A page that is open. `noise`: what its console and its errors said; `asked`: addresses that it asked for."""

    def __init__(self, page: Any, path: Path) -> None:
        self.page = page
        self.address = path.as_uri()
        self.noise: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda message: self.noise.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.noise.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))

    def open(self, fragment: str = "", *, ready: bool = True) -> None:
        """Load the page at a fragment, and wait until its findings are there."""
        self.page.goto("about:blank")
        self.page.goto(self.address + fragment)
        if ready:
            self.page.wait_for_selector(READY, state="attached", timeout=60_000)

    def until(self, holds: str) -> None:
        """Wait until an expression of JavaScript holds; after PATIENCE_S it fails.

        Playwright's `wait_for_function` evaluates a text within the page as soon as it has to ask twice, which the
        page's policy forbids; here each question is one of the browser's protocol.
        """
        end = time.monotonic() + PATIENCE_S
        while not self.page.evaluate(holds):
            assert time.monotonic() < end, f"not so after {PATIENCE_S} s: {holds}"
            self.page.wait_for_timeout(20)

    @property
    def fragment(self) -> str:
        """What stands after the page's name in the address, as the page itself has it: the browser tells of it later."""
        return str(self.page.evaluate("location.href")).removeprefix(self.address)

    @property
    def status(self) -> str:
        """What the live region says."""
        return str(self.page.locator("#status").text_content())

    def back(self, steps: int = 1) -> None:
        """Go back, or with a number below zero on, and wait until the page has heard of it."""
        self.page.evaluate(
            """steps => new Promise(heard => {
                 window.addEventListener('popstate', () => setTimeout(heard), {once: true});
                 history.go(-steps);
               })""",
            steps,
        )

    def column(self, at: int) -> list[str]:
        """The texts of a column of the table of findings."""
        cells = self.page.locator(f"#table tbody tr > :nth-child({at})").all_inner_texts()
        return [" ".join(text.split()) for text in cells]

    @property
    def tickets(self) -> list[str]:
        """The tickets of the table of findings."""
        return [str(text) for text in self.page.locator("#table tbody th a").all_inner_texts()]

    def quiet(self) -> None:
        """Nothing went wrong, and nothing was asked for but the page itself."""
        assert self.noise == []
        assert {url.partition("#")[0] for url in self.asked} <= {self.address, "about:blank"}


@contextmanager
def tab(browser: Any, path: Path, **asked: Any) -> Iterator[Tab]:
    """A page in a context of its own. `asked`: what Playwright's `new_context` takes."""
    context = browser.new_context(**asked)
    try:
        yield Tab(context.new_page(), path)
    finally:
        context.close()
