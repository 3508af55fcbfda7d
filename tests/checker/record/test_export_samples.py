"""The sample exports under `fixtures/exports/`: each is read by its mapping into the histories written down beside it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from checker.audit.library import vocabulary
from checker.audit.words import words_of
from checker.cli.main import main
from checker.record.mapping_load import load_mapping, presets
from checker.record.model import Event, Gap, Log, Ticket
from checker.record.reading import read_log
from tests.checker.record.test_broken import accounted
from tests.house.tree import ROOT

SAMPLES = ROOT / "fixtures" / "exports"
NAMES = sorted(path.parent.name for path in SAMPLES.glob("*/mapping.yaml"))
OURS = {"mapping.yaml", "expected.yaml", "README.md"}
CLAUSES = "unified.reactive.sev?.first-response"


def files(name: str) -> list[Path]:
    return sorted(path for path in (SAMPLES / name).iterdir() if path.name not in OURS)


def read(name: str, **assume: str) -> Log:
    mapping = SAMPLES / name / "mapping.yaml"
    rules = load_mapping(mapping, assume=assume, words=words_of(vocabulary()))
    return read_log(files(name), mapping=rules, words=words_of(vocabulary()))


def stamp(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def span(found: Event | Gap) -> str:
    first, last = (found.at, found.until) if isinstance(found, Event) else (found.start, found.end)
    return stamp(first) if first == last else f"{stamp(first)}..{stamp(last)}"


def told(ticket: Ticket) -> dict[str, Any]:
    """A history as `expected.yaml` writes it."""
    out: dict[str, Any] = {
        "events": [
            " ".join([span(e), e.name, *(f"{k}={json.dumps(v)}" for k, v in e.attributes.items())])
            for e in ticket.events
        ]
    }
    if ticket.gaps:
        out["gaps"] = [span(gap) for gap in ticket.gaps]
    if ticket.claims:
        out["claims"] = dict(ticket.claims)
    return out


def account(log: Log, name: str) -> dict[str, Any]:
    folder = f"{SAMPLES / name}/"
    notes = [f"{n.place}: {n.text} ({n.count}x)" if n.place else f"{n.text} ({n.count}x)" for n in log.notes]
    return {
        "rows": [log.read.rows, log.read.rows_used, log.read.rows_set_aside],
        "tickets": {ticket.id: told(ticket) for ticket in log.tickets},
        "set_aside": [f"rows {s.count}: {s}".replace(folder, "") for s in log.set_aside],
        "notes": [note.replace(folder, "") for note in notes],
    }


def expected(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((SAMPLES / name / "expected.yaml").read_text(encoding="utf-8"))
    return found


def test_every_preset_has_a_sample() -> None:
    assert {*NAMES, "servicenow-incident-audit"} == set(presets())


def test_the_document_names_every_preset_and_its_mappings_can_be_used(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")
    assert [name for name in presets() if f"| `{name}` |" not in text] == []
    written = re.findall(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert len(written) == 2
    for i, mapping in enumerate(written):
        path = tmp_path / f"{i}.yaml"
        path.write_text(mapping, encoding="utf-8")
        assert load_mapping(path, words=words_of(vocabulary())).missing


@pytest.mark.parametrize("name", NAMES)
def test_histories(name: str) -> None:
    log = read(name)
    accounted(log)
    found = account(log, name)
    due = {key: value for key, value in expected(name).items() if key != "verdicts"}
    for ticket, history in due["tickets"].items():
        assert found["tickets"].get(ticket) == history, ticket
    assert found == due


@pytest.mark.parametrize("name", NAMES)
def test_a_check_from_end_to_end(name: str) -> None:
    command = ["check", "--contract", "unified", "--agreements", str(SAMPLES / "agreement.yaml")]
    command += ["--mapping", str(SAMPLES / name / "mapping.yaml"), "--clause", CLAUSES, "--format", "jsonl"]
    for path in files(name):
        command += ["--tickets", str(path)]
    done = CliRunner().invoke(main, command)
    assert done.exit_code in (0, 1), done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        if row["verdict"] != "not_applicable":
            found.setdefault(row["ticket"], {})[row["clause"].split(".")[2]] = row["verdict"]
    assert found == expected(name)["verdicts"]
    # The clocks of the system stand beside the verdicts, as JSON where they are a list.
    for row in rows:
        claims = expected(name)["tickets"][row["ticket"]].get("claims", {})
        claimed = dict(claim.split("=", 1) for claim in row["claims"])
        assert {key: json.loads(value) for key, value in claimed.items()} == claims
    read_, used, aside = expected(name)["rows"]
    assert f"rows: {read_} read = {used} used + {aside} set aside" in done.stderr
    for each in load_mapping(SAMPLES / name / "mapping.yaml").assumptions:
        assert f"assumption: {each.name} = {each.value}" in done.stderr
