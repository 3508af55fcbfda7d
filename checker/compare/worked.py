"""Worked cases of a contract as histories to begin with: they show its clauses at their turning points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from random import Random
from typing import Any

import yaml

from checker.audit.library import case_files, contract_names
from checker.compare.draft import OTHER, Draft, Scene
from checker.compare.pools import Pool

_ABOUT_THE_CASE = ("agreement", "contract")


@lru_cache(maxsize=16)
def worked(contract: str) -> Mapping[str, tuple[Draft, ...]]:
    """The cases of a bundled contract by clause; none for another contract. What a case says of other tickets is left out."""
    out: dict[str, list[Draft]] = {}
    if contract not in contract_names():
        return {}
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for file in case_files(contract):
        defaults = file.with_name(f"{contract}.defaults.yaml")
        common: Any = {}
        if defaults.is_file():
            common = yaml.load(defaults.read_text("utf-8"), Loader=loader) or {}
        for case in yaml.load(file.read_text("utf-8"), Loader=loader) or ():
            made = _draft(case, common)
            if made is not None:
                out.setdefault(case["clause"], []).append(made)
    return {clause: tuple(drafts) for clause, drafts in out.items()}


def _draft(case: Mapping[str, Any], common: Mapping[str, Any]) -> Draft | None:
    if any("ticket" in e for e in case["events"]):
        return None
    facts = {**common.get("agreement", common), **(case.get("agreement") or {})}
    kept = {k: _text(v) for k, v in facts.items() if k not in _ABOUT_THE_CASE}
    try:
        events = [{**{k: _text(v) for k, v in e.items()}, "at": _second(e["at"])} for e in case["events"]]
        return Draft(kept, events, _second(case["as_of"]))
    except (ValueError, TypeError, KeyError):
        return None


def _second(at: Any) -> int:
    found = at if isinstance(at, datetime) else datetime.fromisoformat(str(at))
    if found.tzinfo is None:
        raise ValueError("an instant without an offset")
    return int(found.timestamp())


def _text(value: Any) -> Any:
    """Dates as the text that a file has."""
    if isinstance(value, dict):
        return {str(k): _text(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_text(v) for v in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def varied(drafts: Sequence[Draft], scene: Scene, r: Random) -> Iterator[Draft]:
    """The cases as they are, and then with a thing or two changed, again and again."""
    for draft in drafts:
        yield draft.copied()
    while drafts:
        draft = r.choice(drafts).copied()
        for _ in range(r.choice((1, 1, 2, 3))):
            _change(draft, scene, scene.pool, r)
        yield draft


def _change(draft: Draft, scene: Scene, pool: Pool, r: Random) -> None:
    kind = r.random()
    if kind < 0.4 and draft.events:
        event = r.choice(draft.events)
        event["at"] += r.choice((-1, 1)) * r.choice((1, 60, 3600, scene.step(), scene.step()))
    elif kind < 0.55:
        by = r.choice((3600, 6 * 3600, 86400, 2 * 86400, 5 * 86400, 30 * 86400)) * r.choice((-1, 1))
        for event in draft.events:
            event["at"] += by
        draft.last += by
    elif kind < 0.8 and draft.events:
        event = r.choice(draft.events)
        known = [k for k in event if k not in ("at", "event", "precision")]
        known += [a for a, _ in _told(scene, event) if a in pool.values]
        if known:
            key = r.choice(known)
            event[key] = scene.fitted(
                r.choice([*pool.values.get(key, ()), OTHER]), scene.kind(event["event"], key)
            )
    elif kind < 0.9 and len(draft.events) > 1:
        draft.events.remove(r.choice(draft.events))
    else:
        paths = [k for k in pool.values if isinstance(k, tuple) and len(k) == 1]
        if paths:
            path = r.choice(paths)
            draft.facts[path[0]] = r.choice([*pool.values[path], OTHER])


def _told(scene: Scene, event: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    word = scene.book.words.get(event["event"])
    return word.attributes if word is not None else ()
