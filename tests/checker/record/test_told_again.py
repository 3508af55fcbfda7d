"""An export told again by another mapping is the log that reading it anew gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from checker.audit.library import vocabulary
from checker.audit.words import words_of
from checker.record.collect import Collector
from checker.record.mapped import Export, read_export
from checker.record.mapping_load import load_mapping
from checker.record.mapping_model import Mapping
from checker.record.model import Fault, Log
from checker.record.reading import read_log
from tests.checker.record.test_export_samples import NAMES, SAMPLES, files

WORDS = words_of(vocabulary())

ASSUMED = {"response-is": "active"}
ACTIVE = {"column": "state", "changes": {"from": ["New"], "to": ["Active"]}, "once": True}
RULES: dict[str, Any] = {
    "mapping": 1,
    "name": "desk",
    "source": {"format": "csv", "missing": ["?"]},
    "shape": "snapshot-per-update",
    "ticket": {"column": "id"},
    "time": {
        "column": "when",
        "formats": [{"format": "%d/%m/%Y %H:%M", "precision": "minute"}],
        "zone": {"assume": "Europe/Warsaw"},
    },
    "revision": {"column": "rev", "first": 0},
    "contradictions": "set-aside",
    "tables": {"severity": {"values": {"P1": "1", "P2": "A"}, "otherwise": "refuse"}},
    "events": [
        {
            "event": "ticket_opened",
            "when": "first-row",
            "attributes": {"severity": {"column": "priority", "table": "severity"}},
        },
        {"event": "severity_changed", "when": {"column": "priority", "changes": True}},
        {
            "event": "response_sent",
            "assuming": ASSUMED,
            "when": ACTIVE,
            "attributes": {"automated": {"constant": False}},
        },
        {"event": "ticket_closed", "when": {"column": "state", "enters": ["Closed"]}},
    ],
    "records_missing": [{"record": "response_sent", "unless": "response-is"}],
    "assumptions": {"response-is": {"text": "What stands for a response is {value}."}},
    "assume": {"response-is": "active"},
    "complete_to": "last-row",
}
ROWS = """\
id,when,rev,priority,state
A,3/3/2025 09:00,0,P1,New
A,3/3/2025 09:10,1,P2,Active
A,3/3/2025 09:10,1,P2,Active
A,3/3/2025 10:10,3,P2,Closed
B,3/3/2025 09:00,0,P1,New
B,31/2/2025 09:10,1,P2,Active
C,3/3/2025 09:00,1,P1,New
C,3/3/2025 09:30,0,P1,Active
D,3/3/2025 09:00,0,P7,New
E,3/3/2025 09:00,0,P1
E,3/3/2025 09:05,1,P1,New
F,3/3/2025 09:00
 x,3/3/2025 09:00,0,P1,New
?,3/3/2025 09:00,0,P1,New
"G,3/3/2025 09:00,0,P1,New
H,4/3/2025 09:00,0,P1,New
H,4/3/2025 09:20,1,?,Active
"""


def both(paths: list[Path], rules: Mapping, other: Mapping) -> tuple[Log, Export, Log]:
    log, export = read_export(paths, rules, Collector(words=WORDS))
    return log, export, read_log(paths, mapping=other, words=WORDS)


def beside_stamps(log: Log) -> list[object]:
    notes = [note for note in log.notes if not note.text.startswith("suspicion: ")]
    return [getattr(log, name) for name in Log.__slots__ if name != "notes"] + [notes]


@pytest.mark.parametrize("name", NAMES)
def test_the_samples_told_without_an_assumption(name: str) -> None:
    mapping = SAMPLES / name / "mapping.yaml"
    rules = load_mapping(mapping, words=WORDS)
    others = [rules]
    for assumption in rules.assumptions:
        try:
            others.append(load_mapping(mapping, without=[assumption.name], words=WORDS))
        except Fault:
            continue
    for other in others:
        _, export, anew = both(files(name), rules, other)
        again = export.told(other)
        if (other.source, other.columns) == (rules.source, rules.columns):
            assert again is not None
            assert beside_stamps(again) == beside_stamps(anew)
        else:
            assert again is None


def test_rows_set_aside_are_accounted_for_in_both(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(yaml.dump(RULES, sort_keys=False), encoding="utf-8")
    (tmp_path / "rows.csv").write_text(ROWS, encoding="utf-8")
    rules = load_mapping(tmp_path / "m.yaml", words=WORDS)
    bare = load_mapping(tmp_path / "m.yaml", without=["response-is"], words=WORDS)
    log, export, anew = both([tmp_path / "rows.csv"], rules, bare)
    again = export.told(bare)
    assert again is not None
    assert beside_stamps(again) == beside_stamps(anew)
    assert log.set_aside == again.set_aside
    assert len(log.set_aside) > 5
    assert [t.id for t in log.tickets] == ["A", "H"]
    assert [e.name for e in log.tickets[0].events].count("response_sent") == 1
    assert "response_sent" not in [e.name for e in again.tickets[0].events]
    assert export.told(rules) == log


def test_a_mapping_that_reads_other_cells_needs_the_file(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(yaml.dump(RULES, sort_keys=False), encoding="utf-8")
    fewer = {**RULES, "claims": {"state": {"column": "priority"}}, "source": {"format": "csv", "missing": []}}
    (tmp_path / "n.yaml").write_text(yaml.dump(fewer, sort_keys=False), encoding="utf-8")
    (tmp_path / "rows.csv").write_text(ROWS, encoding="utf-8")
    rules, other = (load_mapping(tmp_path / name, words=WORDS) for name in ("m.yaml", "n.yaml"))
    _, export = read_export([tmp_path / "rows.csv"], rules, Collector(words=WORDS))
    assert export.told(other) is None


def test_no_ticket_left_is_a_fault(tmp_path: Path) -> None:
    closing = {"event": "ticket_closed", "when": {"column": "state", "enters": ["Never"]}}
    priority = {"event": "severity_changed", "when": {"column": "priority", "enters": ["Never"]}}
    only = {**RULES, "events": [closing, priority, {**closing, "assuming": ASSUMED, "when": ACTIVE}]}
    (tmp_path / "m.yaml").write_text(yaml.dump(only, sort_keys=False), encoding="utf-8")
    (tmp_path / "rows.csv").write_text(ROWS, encoding="utf-8")
    rules = load_mapping(tmp_path / "m.yaml", words=WORDS)
    bare = load_mapping(tmp_path / "m.yaml", without=["response-is"], words=WORDS)
    _, export = read_export([tmp_path / "rows.csv"], rules, Collector(words=WORDS))
    with pytest.raises(Fault, match="no ticket can be used"):
        export.told(bare)
