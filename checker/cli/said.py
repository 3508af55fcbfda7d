"""What `servanda check` says on standard error beside its result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from checker.audit.run import Population
from checker.batch.choice import Engine
from checker.batch.pieces import Summary
from checker.cli.exits import say
from checker.interpret.verdicts import Verdict
from checker.record.model import Log


def say_set_aside(log: Log, population: Population) -> None:
    """The rows that were set aside, the first of them in full."""
    found = [*log.set_aside, *population.set_aside]
    for item in found[:20]:
        say(f"set aside: {item}")
    if len(found) > 20:
        say(f"set aside: … and {len(found) - 20} more (with -o, all of them stand in the provenance)")


def say_result(log: Log, population: Population, whole: Summary, record: Mapping[str, Any]) -> None:
    """What was read, what became of it, and what it came to."""
    tally = whole.tally
    r = record["account"]
    others = f" + {population.other_rows} of other contracts" if population.other_rows else ""
    say(f"rows: {r['rows_read']} read = {r['rows_used']} used + {r['rows_set_aside']} set aside{others}")
    other = f" + {population.other_tickets} of other contracts" if population.other_tickets else ""
    judged, aside = r["tickets_judged"], r["tickets_set_aside"]
    say(f"tickets: {r['tickets_read']} read = {judged} judged + {aside} set aside{other}")
    if r["tickets_with_gaps"]:
        lost = f", {r['revisions_missing']} revisions missing" if r["revisions_missing"] else ""
        say(f"gaps: {r['tickets_with_gaps']} tickets have gaps{lost}; silence inside a gap proves nothing")
    if population.other_contracts:
        say(
            f"agreements: {len(population.agreements)} judged, {population.other_contracts} of other contracts left out"
        )
    if population.stated:
        say(
            f"clauses: {len(population.clauses)} judged, {population.stated} stated only (nothing can decide them)"
        )
    for note in (*log.notes, *population.notes):
        where = f"{note.place}: " if note.place is not None else ""
        say(f"note: {where}{note.text}" + (f" ({note.count}x)" if note.count > 1 else ""))
    for a in log.assumptions:
        say(f"assumption: {a.name} = {a.value} ({a.text})")
    verdicts = ", ".join(f"{tally.total(v)} {v}" for v in Verdict if tally.total(v))
    say(f"verdicts: {verdicts or 'none'}; {sum(tally.contested.values())} contested")
    for (name, value, verdict), n in sorted(whole.claims.items()):
        if verdict in ("met", "breached"):
            say(f"claim of the source, not a fact: {name} = {value} where the verdict is {verdict}: {n}")
    say(
        f"audited as of {record['audited_at']}; contract {record['contract']['name']} {record['contract']['digest'][:12]}; "
        f"zone data {record['zone_data']}, holiday data {record['holiday_data']}"
    )


def say_engine(engine: Engine, whole: Summary) -> None:
    """What did not run in columns: the clauses, by the form that prevents it, and the single verdicts."""
    if engine == "interpreter":
        return
    forms = Counter(whole.interpreted.values())
    why = ", ".join(f"{n} {form}" for form, n in sorted(forms.items(), key=lambda f: (-f[1], f[0])))
    named = f"; {len(whole.interpreted)} clauses have forms of the interpreter ({why})" if forms else ""
    apart = f", {whole.whole} of them of agreements that are few or have many events" if whole.whole else ""
    say(f"engine: columns{named}; {whole.left} verdicts were left to the interpreter{apart}")
