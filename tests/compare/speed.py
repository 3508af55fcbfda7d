"""How long comparing takes: python -m tests.compare.speed; CPU seconds, contracts checked beforehand."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from random import Random

import yaml

from checker.audit.library import load_contract, vocabulary
from checker.compare.variants import Asked, compared
from dsl import contract as ir
from dsl.check import check
from dsl.source import Source
from tests.compare.variant import variant

FOLDER = Path(__file__).parent / "variants"
HEAD = """servanda 1
contract sample "Sample"
  law polish-civil-code
  zone "Europe/Warsaw"
  holidays of "PL"
  provider "The provider"
  customer "The customer"

calendar office
  monday to friday {hours} save public holidays

list urgent
  {urgent}

fact plan-in-force
  means an entry of agreements

"""


def fifty(seed: str, *, new: bool) -> ir.Contract:
    """Fifty clauses of many kinds; in the new variant each of them says something else."""
    r = Random(seed)
    out = [
        HEAD.format(hours="08:00 to 16:00" if new else "09:00 to 17:00", urgent="1, A, B" if new else "1, A")
    ]
    for i in range(50):
        hours, days = r.randrange(1, 9), r.randrange(2, 9)
        more = r.randrange(1, 4) if new else 0
        limit = (
            f"within {hours + more} elapsed hours of opening",
            f"within {hours + more} hours of opening, counted in office",
            f"within {days + more} working days of opening, counted in office",
            f"within {days + more} days of opening",
        )[i % 4]
        gate = (
            "where severity of opening is in urgent",
            f"where channel of opening is one of phone, email{', fax' if new else ''}",
            f"save where language of opening is {'de' if new else 'en'}",
            "provided that plan-in-force is in force",
        )[(i // 4) % 4]
        act = ("response_sent", "work_started", "ticket_closed")[i % 3]
        out.append(
            f"clause sample.c{i}\n  concerns each ticket_opened as opening\n  {gate}\n"
            f"  the provider shall have {act}\n    {limit}\n"
        )
    return check([Source("sample.contract", "\n".join(out))], vocabulary())


def main() -> int:
    """Two contracts of fifty clauses that all differ, and the first variant of each contract."""
    old, new = fifty("fifty", new=False), fifty("fifty", new=True)
    begun = time.process_time()
    found = compared(old, new, vocabulary(), Asked())
    print(f"fifty clauses: {len(found.clauses)} differ, {time.process_time() - begun:.1f} s", flush=True)
    total = 0.0
    for file in sorted(FOLDER.glob("*.yaml")):
        case = yaml.safe_load(file.read_text("utf-8"))[0]
        old, new = load_contract(file.stem), variant(file.stem, *((a, b) for a, b in case["edits"]))
        begun = time.process_time()
        found = compared(old, new, vocabulary(), Asked())
        seconds = time.process_time() - begun
        total += seconds
        print(
            f"{file.stem}/{case['id']}: {len(new.clauses)} clauses, {len(found.clauses)} differ, {seconds:.1f} s",
            flush=True,
        )
    print(f"all five: {total:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
