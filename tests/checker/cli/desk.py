"""A little desk to audit: a contract, its cases, agreements and tickets in a folder; and `servanda` run on them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from checker.cli.main import main

ROOT = Path(__file__).resolve().parents[3]

CONTRACT = """\
servanda 1

contract desk "A desk"
  law polish-civil-code
  zone time_zone
  holidays of country
  provider "Provider"
  customer "Customer"

ambiguity desk-clock
  asks "In which hours does the limit run?"
  reading hours "In office hours" recommended
  reading elapsed "Always"

calendar office
  monday to friday 09:00 to 17:00 save public holidays

clause desk.closing
  title "Closed in three days"
  title pl "Zamknięte w trzy dni"
  concerns each ticket_opened as opening
  where channel of opening is recorded as phone
  the provider expects to have ticket_closed
    within 3 days of opening

clause desk.payment
  title "Paid at all"
  title pl "Zapłacone"
  concerns each payment_received as payment
  the customer shall ensure that amount of payment is more than 0

clause desk.response
  title "Answered in two office hours"
  title pl "Odpowiedź w dwie godziny"
  cite lines 7-9 "point 3"
  concerns each ticket_opened as opening
  superseded by desk.response-gold
  the provider shall have response_sent
    within 2 hours of opening, counted in office
    or on reading desk-clock.elapsed
      within 2 elapsed hours of opening

clause desk.response-gold
  title "Gold: answered in an hour"
  title pl "Złoto: odpowiedź w godzinę"
  concerns each ticket_opened as opening
  where subscription of opening is recorded as gold
  the provider shall have response_sent
    within 1 elapsed hour of opening

clause desk.tone
  title "Politely"
  title pl "Uprzejmie"
  concerns each ticket_opened as opening
  stated "whether it was polite cannot be seen"
"""
AGREEMENTS = """\
agreement: acme
contract: desk
time_zone: Europe/Warsaw
country: PL
"""
OTHERS = """\
---
agreement: zeta
contract: desk
time_zone: Europe/Warsaw
country: PL
---
agreement: other
contract: counter
time_zone: Europe/Warsaw
country: PL
"""
CASES = """\
- id: in-time
  clause: desk.response
  agreement: {time_zone: Europe/Warsaw, country: PL}
  events:
  - {at: '2025-03-10T09:00:00+01:00', event: ticket_opened}
  - {at: '2025-03-10T10:00:00+01:00', event: response_sent}
  as_of: '2025-12-31T12:00:00+01:00'
  expect: {verdict: met, due: '2025-03-10T11:00:00+01:00'}
- id: wrong
  clause: desk.response
  agreement: {time_zone: Europe/Warsaw, country: PL}
  events:
  - {at: '2025-03-10T09:00:00+01:00', event: ticket_opened}
  as_of: '2025-12-31T12:00:00+01:00'
  expect: {verdict: met}
- id: unwritten
  clause: desk.none
  agreement: {}
  events: []
  as_of: '2025-12-31T12:00:00+01:00'
  expect: {verdict: met}
"""
AS_OF = "2025-12-31T12:00:00+01:00"


def event(at: str, name: str, **carried: Any) -> dict[str, Any]:
    """An event of March 2025: `10T09:00`."""
    return {"at": f"2025-03-{at}:00+01:00", "event": name, **carried}


def ticket(name: str | None, *events: dict[str, Any], agreement: str | None = "acme") -> str:
    """A line of a ticket log."""
    line: dict[str, Any] = {"ticket": name} if name is not None else {}
    if agreement is not None:
        line["agreement"] = agreement
    return json.dumps(line | {"events": list(events)}) + "\n"


MET = ticket("T-met", event("10T09:00", "ticket_opened"), event("10T10:00", "response_sent"))
BREACHED = ticket("T-late", event("10T09:00", "ticket_opened"), event("10T12:00", "response_sent"))
# Friday at 16:00, answered on Saturday: in time in office hours, late on the clock.
CONTESTED = ticket("T-friday", event("14T16:00", "ticket_opened"), event("15T12:00", "response_sent"))
UNDETERMINED = ticket(
    "T-unknown",
    event("10T09:00", "ticket_opened"),
    {**event("10T11:00", "response_sent"), "precision": "minute"},
)
GOLD = ticket(
    "T-gold", event("10T09:00", "ticket_opened", subscription="gold"), event("10T09:30", "response_sent")
)
NOTHING = ticket("T-none", event("10T09:00", "response_sent"))
PAID = ticket(None, event("10T09:00", "payment_received", amount=5))
BROKEN = '{"ticket": "T-broken", "agreement": "acme", "events": [{"event": "ticket_opened"}]}\n'


@dataclass(frozen=True)
class Desk:
    """The folder, and `servanda` run in this process with its files."""

    folder: Path

    @property
    def contract(self) -> Path:
        """The contract file."""
        return self.folder / "desk.contract"

    def write(self, name: str, text: str | bytes) -> Path:
        """A file of the folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def inputs(
        self, tickets: str | bytes, agreements: str = AGREEMENTS, as_of: str | None = AS_OF
    ) -> list[str]:
        """The options of an audit."""
        found = [
            *("--contract", str(self.contract)),
            *("--agreements", str(self.write("agreements.yaml", agreements))),
            *("--tickets", str(self.write("tickets.jsonl", tickets))),
        ]
        return found + (["--as-of", as_of] if as_of is not None else [])

    def check(
        self, tickets: str | bytes, *options: str, agreements: str = AGREEMENTS, as_of: str | None = AS_OF
    ) -> Run:
        """`servanda check` on these tickets."""
        return servanda("check", *self.inputs(tickets, agreements, as_of), *options)


@dataclass(frozen=True)
class Run:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Standard output as JSON Lines."""
        return [json.loads(line) for line in self.out.splitlines()]


def servanda(*arguments: str) -> Run:
    """Run a command in this process. It always ends by itself: an error that nobody caught is raised here."""
    done = CliRunner().invoke(main, [str(a) for a in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert "Traceback" not in done.stderr
    return Run(done.exit_code, done.stdout, done.stderr)


def process(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command as a process of its own, in another environment."""
    code = "import sys; from checker.cli.main import main; sys.argv[0] = 'servanda'; main()"
    kept = {
        "PATH": os.environ.get("PATH", os.defpath),
        "SERVANDA_CACHE": os.environ["SERVANDA_CACHE"],
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=cwd,
        env=kept | environment,
        capture_output=True,
        check=False,
    )


def setup(folder: Path) -> Desk:
    """A desk in a folder."""
    desk = Desk(folder)
    desk.write("desk.contract", CONTRACT)
    return desk
