"""Specimens from the worked cases of a bundled contract: as they stand, and with some things in them changed."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from functools import lru_cache
from random import Random

from checker.audit.library import case_files
from checker.record.agreements import agreement_of, yaml_documents
from checker.record.flaws import Flaw
from checker.record.instants import parse_instant
from tests.soak.made import PLACES, readers, stated
from tests.soak.reads import examples
from tests.soak.specimen import Raw, Specimen, book, ticket_of, words_at

_STEPS = (1, -1, 59, 60, -60, 3600, -3600, 86400, -86400, 7 * 86400, 30 * 86400)
_RECORD_KEYS = frozenset({"agreement", "contract", "events", "records_missing", "gaps"})


@lru_cache(maxsize=8)
def worked(contract: str) -> tuple[Raw, ...]:
    """The cases of a contract, with the facts that they have in common."""
    clauses = book(contract).clauses
    out: list[Raw] = []
    for path in case_files(contract):
        defaults = path.parent / f"{contract}.defaults.yaml"
        common = yaml_documents(defaults)[0].value if defaults.is_file() else {}
        for document in yaml_documents(path):
            for case in document.value if isinstance(document.value, list) else ():
                clause = clauses.get(case["clause"])
                if clause is not None and not stated(clause):
                    out.append({**case, "agreement": {**common, **case["agreement"]}})
    return tuple(out)


def parts(contract: str, case: Raw, name: str) -> tuple[Raw, list[Raw]]:
    """The agreement of a case with its own events, and its tickets, whose ids begin with that of the agreement."""
    level = {n: w.level for n, w in book(contract).words.items()}
    shared: list[Raw] = []
    of_ticket: dict[str, list[Raw]] = {}
    for event in deepcopy(case["events"]):
        if "ticket" not in event and level.get(event["event"], "ticket") == "agreement":
            shared.append(event)
        else:
            of_ticket.setdefault(f"{name}-{event.pop('ticket', 'T')}", []).append(event)
    facts = {k: v for k, v in deepcopy(case["agreement"]).items() if k not in ("agreement", "events")}
    agreement = {"agreement": name, **facts, "contract": contract, "events": shared}
    tickets = of_ticket or {f"{name}-T": []}
    return agreement, [{"ticket": t, "agreement": name, "events": found} for t, found in tickets.items()]


class Changer:
    """Changes a thing or two in a record, by chance."""

    def __init__(self, contract: str, clause: str, r: Random) -> None:
        self.contract = contract
        self.r = r
        self.reads = readers(contract).reads(clause)
        self.cases = worked(contract)

    def change(self, agreement: Raw, tickets: list[Raw]) -> None:
        """One change."""
        r = self.r
        events = [e for history in (agreement, *tickets) for e in history["events"]]
        kind = r.choice(
            ("time", "time", "time", "value", "value", "drop", "twice", "rough", "fact", "fact", "hole")
        )
        if kind == "fact":
            self._fact(agreement)
        elif kind == "hole" and events:
            start = parse_instant(r.choice(events)["at"])[0] + r.choice(_STEPS)
            gap = {"from": _stamp(start), "to": _stamp(start + r.choice((0, 60, 86400)))}
            r.choice((agreement, *tickets)).update(
                {"gaps": [gap]}
                if r.random() < 0.6
                else {"records_missing": [r.choice([*examples()["records"]])]}
            )
        elif kind in ("drop", "twice"):
            history = r.choice([h for h in (agreement, *tickets) if h["events"]] or [agreement])
            if history["events"]:
                i = r.randrange(len(history["events"]))
                event = history["events"].pop(i) if kind == "drop" else deepcopy(history["events"][i])
                if kind == "twice":
                    history["events"].append(self._moved(event))
        elif events:
            event = r.choice(events)
            if kind == "time":
                event.update(self._moved(event))
            elif kind == "rough":
                event["precision"] = r.choice(("minute", "minute", "day"))
            else:
                self._value(event)

    def _moved(self, event: Raw) -> Raw:
        lengths = [s for s in self.reads.seconds if s < 400 * 86400]
        step = self.r.choice((*_STEPS, *lengths, *(-s for s in lengths)))
        return {**event, "at": _stamp(parse_instant(event["at"])[0] + step)}

    def _value(self, event: Raw) -> None:
        """Another value of an attribute: one that the clause compares with, or that another case has; or none."""
        r = self.r
        names = [k for k in event if k not in ("at", "event", "precision", "revision", "not_before")]
        names += [a for a in self.reads.events.get(event["event"], {}) if a not in names]
        if names:
            name = r.choice(names)
            beside = [
                e[name]
                for c in r.sample(self.cases, min(60, len(self.cases)))
                for e in c["events"]
                if name in e
            ]
            pool = [*self.reads.values.get(name, ()), *beside, None]
            event[name] = deepcopy(r.choice(pool))

    def _fact(self, agreement: Raw) -> None:
        r = self.r
        names = sorted(
            {path[0] for path in self.reads.facts} | {k for k in agreement if k not in _RECORD_KEYS}
        )
        name = r.choice(names)
        if name in ("time_zone", "country"):
            agreement["time_zone"], agreement["country"] = r.choice(PLACES)
            return
        beside = [c["agreement"][name] for c in self.cases if name in c["agreement"]]
        agreement[name] = deepcopy(r.choice([*beside, None]))


def _stamp(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def legal(contract: str, agreement: Raw, tickets: list[Raw]) -> bool:
    """Whether a record can say that."""
    words = words_at(contract)
    try:
        agreement_of(agreement, words=words)
        for ticket in tickets:
            ticket_of(ticket, words)
    except Flaw:
        return False
    return True


def plain(contract: str, case: Raw) -> Specimen:
    """A case as it stands."""
    agreement, tickets = parts(contract, case, "a")
    as_of = _stamp(parse_instant(str(case["as_of"]))[0])
    return Specimen(contract, (agreement,), tuple(tickets), as_of, (case["clause"],), case["id"])


def specimen(contract: str, seed: str, *, cases: int = 3, copies: int = 3) -> Specimen:
    """Some cases of a contract, each as it stands and with things changed, judged together."""
    r = Random(seed)
    chosen = r.sample(worked(contract), min(cases, len(worked(contract))))
    agreements: list[Raw] = []
    tickets: list[Raw] = []
    for case in chosen:
        changer = Changer(contract, case["clause"], r)
        for copy in range(copies):
            agreement, mine = parts(contract, case, f"a{len(agreements)}")
            for _ in range(r.randint(1, 3) if copy else 0):
                changer.change(agreement, mine)
            if legal(contract, agreement, mine):
                agreements.append(agreement)
                tickets += mine
    as_of = parse_instant(str(chosen[0]["as_of"]))[0]
    times = [parse_instant(e["at"])[0] for t in tickets for e in t["events"]]
    if times and r.random() < 0.3:
        as_of = r.choice(times) + r.choice((-1, 0, 1, 3600, 86400))
    clauses = sorted({c["clause"] for c in chosen})
    return Specimen(contract, tuple(agreements), tuple(tickets), _stamp(as_of), tuple(clauses), seed)
