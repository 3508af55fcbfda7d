"""What differs between a report and the same report made again: by their provenances."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple


class Difference(NamedTuple):
    """Something that is not as it was. `what` says it in words."""

    what: str
    before: str
    now: str

    def __str__(self) -> str:
        return f"{self.what}: was {self.before}, is {self.now}"


_WORDS: Final = {"common": "the Polish words of all contracts", "own": "the contract's own Polish words"}
_VERSIONS: Final = {
    "engine": "the version of Servanda",
    "language": "the version of the language",
    "explanation": "the version of explanations",
    "zone_data": "the version of the time zone data",
    "zone_data_sha256": "the time zone data",
    "holiday_data": "the version of the holiday data",
    "holiday_data_sha256": "the holiday data",
    "audited_at": "the audit instant",
    "judged_by": "what judged",
    "asked": "what was asked for",
    "assumptions": "the assumptions",
    "readings": "the readings taken",
    "clauses": "the clauses judged",
    "account": "the account of rows and tickets",
}


def inputs_differ(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[Difference]:
    """What differs of what a report was made from."""
    return [*_inputs(before, now)]


def _inputs(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    for name, called in (
        ("log", "the log"),
        ("agreements", "the agreements"),
        ("contract_files", "the contract's text"),
    ):
        old, new = _files(before.get(name)), _files(now.get(name))
        for file in [*old, *(f for f in new if f not in old)]:
            yield from _differ(f"{called}, {file}", old.get(file), new.get(file))
    old, new = ({x["of"]: x["sha256"] for x in r.get("words", ())} for r in (before, now))
    for of in [*old, *(x for x in new if x not in old)]:
        yield from _differ(_WORDS.get(of, of), old.get(of), new.get(of))
    yield from _differ("the contract", before["contract"]["digest"], now["contract"]["digest"])
    yield from _differ("the mapping", _sha(before["mapping"]), _sha(now["mapping"]))
    for name, called in _VERSIONS.items():
        yield from _differ(called, before.get(name), now.get(name))
    old, new = (x["result"].get("made_with", {}) for x in (before, now))
    for name in sorted({*old, *new}):
        yield from _differ(f"the library {name}", old.get(name), new.get(name))


def verdicts_differ(before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether the verdicts are other ones: the counts of a clause, or a finding."""
    return bool(before["result"]["verdicts_sha256"] != now["result"]["verdicts_sha256"])


def _files(listed: Any) -> dict[str, str]:
    return {x["file"]: x["sha256"] for x in listed or ()}


def _sha(mapping: Any) -> str | None:
    return mapping["sha256"] if mapping is not None else None


def _differ(what: str, before: Any, now: Any) -> Iterator[Difference]:
    if before != now:
        yield Difference(what, _shown(before), _shown(now))


def _shown(value: Any) -> str:
    if value is None:
        return "not there"
    text = str(value)
    return text[:12] + "…" if len(text) == 64 else text
