"""Agreements from YAML: facts as written."""

from decimal import Decimal
from pathlib import Path

from checker.record.agreements import agreement_of, read_agreements
from checker.record.yaml_text import documents


def test_facts_are_kept_as_written(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(
        """\
agreement: acme
contract: gold
time_zone: Europe/Oslo
country: NO
fees_paid: true
signed_at: 2025-01-01
until: 2025-01-01T10:00:00+01:00
opens: 08:30
code: 007
month: 2026-07
fee: 12.50
hours: -3
local_language_available: null
answer: yes
unknown:
plans:
- {level: "1", from: 2025-01-01, to: '2025-12-31'}
gaps: [{from: 2025-03-03T00:00:00Z, to: 2025-03-04T00:00:00Z}]
records_missing: [payments]
events:
- {at: 2025-03-03T00:00:00Z, event: payment_received, precision: day}
---
# The next one.
agreement: second
contract: gold
time_zone: UTC+02:00
---
---
agreement: third
contract: silver
time_zone: ~
country:
"""
    )
    first, second, third = read_agreements([path])
    assert first.facts == {
        "time_zone": "Europe/Oslo",
        "country": "NO",
        "fees_paid": True,
        "signed_at": "2025-01-01",
        "until": "2025-01-01T10:00:00+01:00",
        "opens": "08:30",
        "code": "007",
        "month": "2026-07",
        "fee": Decimal("12.50"),
        "hours": -3,
        "local_language_available": None,
        "answer": "yes",
        "unknown": None,
        "plans": [{"level": "1", "from": "2025-01-01", "to": "2025-12-31"}],
    }
    assert (first.id, first.contract, first.missing) == ("acme", "gold", {"payments"})
    assert [(g.start, g.end) for g in first.gaps] == [(1740960000, 1741046400)]
    assert [(e.name, e.until - e.at) for e in first.events] == [("payment_received", 86_399)]
    assert second.place is not None
    assert second.place.line is not None
    assert (second.id, second.facts) == ("second", {"time_zone": "UTC+02:00"})
    assert third.facts == {"time_zone": None, "country": None}


def test_positions_point_at_the_value() -> None:
    (document,) = documents("a:\n  - b: 1\n    c: [x,\n      y]\n", "f")
    assert (document.place(("a", 0, "c", 1)).line, document.place(("a", 0, "c", 1)).column) == (4, 7)
    assert document.place(("a", 0, "c", 9, "z")).line == 3


def test_a_case_has_no_id_of_its_own() -> None:
    made = agreement_of({"contract": "gold", "plan": None}, id="case")
    assert (made.id, made.facts) == ("case", {"plan": None})
