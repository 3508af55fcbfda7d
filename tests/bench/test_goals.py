"""The lines of the goals, and the page that is written from a run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import Any

import pytest

from tests.bench import goals
from tests.bench.bench import table
from tests.bench.registry import GROUP, PROGRAMS, ROOT, environment, missing
from tests.bench.report import HEAD, PAGE, page

RESULTS = {
    "interpreter": [{"run": 30.0, "load_run": 40.0, "rss": 1.0, "explain": 0.004}] * 2
    + [{"run": 60.0, "load_run": 70.0, "rss": 1.0, "explain": 0.004}],
    "python_closures": [{"run": 1.2, "load_run": 4.0, "rss": 1.0}] * 3,
}
LINE = re.compile(r"[a-z0-9-]+ \d+\.\d{3} \d+\.\d{3} (?:holds|falls short)")


def test_a_line_to_each_goal() -> None:
    assert goals.lines(RESULTS, {"python": (100, 0), "interpreter": (100, 0)}) == [
        "interpreter-per-core 0.040 0.031 holds",
        "explanation-in-10-ms 2.500 1.000 holds",
        "cells-equal 1.000 1.000 holds",
    ]


def test_what_falls_short_says_so() -> None:
    one = goals.Goal("slow", "interpreter", "python_closures", 0.05)
    assert goals.lines(RESULTS, {}, [one]) == ["slow 0.040 0.050 falls short"]
    # A single cell in a million is not rounded away.
    assert goals.lines({}, {"python": (1_000_000, 1)}) == ["cells-equal 0.999 1.000 falls short"]


def test_a_goal_that_was_not_measured_has_no_line() -> None:
    other = goals.Goal("other", "engine", "polars", 1.0)
    assert goals.lines(RESULTS, {}, [other]) == []


def test_the_page_is_made_of_runs() -> None:
    machine = {"cores": 2, "system": "Linux", "processor": "x", "python": "3.11", "versions": {"numpy": "2"}}
    rows = table(RESULTS, 1000, set(PROGRAMS))
    one = {"tickets": 1000, "rounds": 3, "machine": machine, "table": rows, "goals": ["a 1.0 1.0 holds"]}
    text = page([{**one, "tickets": 100_000}, one])
    assert text.index("## 1,000 tickets") < text.index("## 100,000 tickets")
    assert "| interpreter | 30000 (30000-60000) |" in text


def test_the_page_was_made_by_a_run() -> None:
    text = PAGE.read_text()
    assert text.startswith(HEAD)
    said = [line for line in text.splitlines() if line.endswith((" holds", " falls short"))]
    assert said
    assert all(LINE.fullmatch(line) for line in said)
    assert {goal.name for goal in goals.GOALS} <= {line.split()[0] for line in said}


@pytest.mark.skipif(not missing(GROUP), reason="the group is installed")
def test_smoke_is_skipped_with_a_message() -> None:
    command = [sys.executable, "-m", "tests.bench.bench", "100", "--rounds", "1"]
    run: dict[str, Any] = {
        "cwd": ROOT,
        "env": environment() | {"PATH": os.defpath},
        "capture_output": True,
        "text": True,
    }
    done = subprocess.run([*command, "--smoke"], check=False, **run)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("bench-smoke skipped: the group `bench` is not installed (")
    asked = subprocess.run(command, check=False, **run)
    assert asked.returncode == 1
    assert "`make bench` installs it" in asked.stderr
