"""Agreements: an id, a contract, and facts as written; a YAML document each, or the rows of a table (CSV, Parquet)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from checker.clock import holidays_data
from checker.clock.zones import zone
from checker.record.facts import FORMAT_KEYS, check_dates, check_facts
from checker.record.files import Limits, column_of, is_parquet, is_table, opened
from checker.record.flaws import Flaw, instead_of, show
from checker.record.histories import History, history, merged
from checker.record.model import Agreement, AgreementHistory, Fault, Note, Place
from checker.record.uncollected import uncollected
from checker.record.values import kind_of, known_name, name, value
from checker.record.words import Words
from checker.record.yaml_text import Document, documents

if TYPE_CHECKING:
    from checker.record.agreement_columns import TableNames

NOT_FACTS: Final = frozenset({"agreement", "contract", "events", "records_missing", "gaps"})
"""The keys of an agreement that are not facts of the vocabulary."""

_OF_HISTORY: Final = frozenset({"events", "records_missing", "gaps"})
_NO_HISTORY: Final = History((), frozenset(), (), 0)
_COUNTRY: Final = re.compile("[A-Z]{2}(?:-[A-Z0-9]{1,3})?")


@uncollected()
def read_agreements(
    paths: Iterable[str | Path],
    *,
    limits: Limits | None = None,
    words: Words | None = None,
    notes: list[Note] | None = None,
    names: TableNames | None = None,
) -> list[Agreement]:
    """Read agreements from files, in the order in which they are written: a table by its name (CSV) or its first bytes
    (Parquet), all else YAML.

    `words`: facts have the types of these, and only these logs are missing (save in agreements of another contract than
    theirs). `notes` takes what is legal and yet looks wrong. `names`: what the headings of the tables mean.

    Raises:
        Fault: any flaw in any file: an agreement decides many verdicts, so none is left out quietly.
    """
    out: list[Agreement] = []
    seen: dict[str, Document] = {}
    for path in paths:
        before = len(out)
        said: list[Note] = []
        for document in _documents(path, words, names, limits):
            try:
                made = agreement_of(document.value, document, words=words, notes=said)
            except Flaw as flaw:
                raise document.fault(flaw) from None
            if made.id in seen:
                place, before_it = (each.place(("agreement",)) for each in (document, seen[made.id]))
                remedy = "give each agreement an id of its own"
                raise Fault(place, f"the agreement is already at {before_it}", show(made.id), remedy)
            seen[made.id] = document
            out.append(made)
        if len(out) == before:
            raise Fault(
                Place(str(path)), "the file holds no agreement", "", "write agreement: <id>, contract: <name>"
            )
        if notes is not None:
            notes += _counted(said)
    return out


def _documents(
    path: str | Path, words: Words | None, names: TableNames | None, limits: Limits | None
) -> list[Document]:
    if is_parquet(path):
        from checker.record.agreement_parquet import parquet_agreements

        return parquet_agreements(path, words=words, names=names, limits=limits)
    if is_table(path):
        from checker.record.agreement_table import csv_agreements

        return csv_agreements(path, words=words, names=names, limits=limits)
    return yaml_documents(path, limits=limits)


def _counted(notes: list[Note]) -> list[Note]:
    """The same note of many agreements once, at its first place."""
    found: dict[str, Note] = {}
    for note in notes:
        before = found.get(note.text)
        found[note.text] = note if before is None else replace(before, count=before.count + note.count)
    return list(found.values())


def yaml_documents(path: str | Path, *, limits: Limits | None = None) -> list[Document]:
    """The YAML documents of a file.

    Raises:
        Fault: the file is missing, empty, too large, not UTF-8, or not YAML.
    """
    limits = limits or Limits()
    with opened(path, limits=limits) as source:
        raw = source.stream.read(limits.yaml_bytes + 1)
    if len(raw) > limits.yaml_bytes:
        raise Fault(
            Place(str(path)), "the file is too large", f"more than {limits.yaml_bytes} bytes", "split it"
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # Counted in what the error is about: the bytes without their byte order mark.
        place = Place(str(path), error.object.count(b"\n", 0, error.start) + 1, column_of(error))
        found = f"byte 0x{error.object[error.start]:02x}"
        raise Fault(place, "the file is not UTF-8", found, "save it as UTF-8") from None
    return list(documents(text, str(path)))


def agreement_of(
    raw: object,
    document: Document | None = None,
    *,
    id: str | None = None,
    words: Words | None = None,
    notes: list[Note] | None = None,
) -> Agreement:
    """An agreement from its parsed mapping. `id` stands in for the key `agreement` (a case has none); `words` and
    `notes` as for `read_agreements`.

    Raises:
        Flaw: a rule of `schemas/agreement.json` is broken, or a fact has another type than `words` say.
    """
    if not isinstance(raw, dict):
        raise Flaw((), show(raw), f"an agreement is {kind_of(raw)}, not a mapping", "write agreement: <id>")
    facts = cast("dict[str, object]", raw)
    place = document.place() if document else None
    called = (
        id
        if id is not None and "agreement" not in facts
        else _named(facts, "agreement", "the agreement's id", words)
    )
    contract = _named(facts, "contract", "the contract's name", words)
    if words is not None and words.contract not in (None, contract):
        words = None  # an agreement of a contract that is not checked: which words it may use is not known
    if facts.get("time_zone") is not None:
        _check_zone(facts["time_zone"])
    country = facts.get("country")
    if country is not None and not (isinstance(country, str) and _COUNTRY.fullmatch(country)):
        hint = country.upper() if isinstance(country, str) and len(country) == 2 else "PL"
        raise Flaw(
            ("country",),
            show(country),
            "not a country code",
            f"write two capitals (ISO 3166), such as {hint}",
        )
    if country is not None and not holidays_data.supported(*holidays_data.place(country)):
        raise Flaw(
            ("country",),
            show(country),
            "a country or region whose public holidays are not known",
            "write the ISO 3166 code of a country (PL) or region (DE-BY), or null where it is not on record",
        )
    if "open_dates" in facts or "closed_dates" in facts:
        _check_exceptions(facts)
    own = not facts.keys().isdisjoint(_OF_HISTORY)
    body = history(facts, (), place, events_due=False, known=words) if own else _NO_HISTORY
    kept = {
        known_name(key, (key,), "the key"): value(found, (key,))
        for key, found in facts.items()
        if key not in NOT_FACTS
    }
    if words is not None:
        said = [*check_facts(facts, words), *((("events",), text) for text, _ in words.strays(body.events))]
        if notes is not None:
            notes += [Note(text, document.place(path) if document else None) for path, text in said]
    return Agreement(called, contract, kept, body.events, body.missing, body.gaps, place)


def with_histories(
    agreements: Iterable[Agreement], histories: Mapping[str, AgreementHistory]
) -> tuple[list[Agreement], list[AgreementHistory]]:
    """Agreements with what a log says of them merged in, and the histories of all other agreements."""
    left = dict(histories)
    out = []
    for agreement in agreements:
        own = left.pop(agreement.id, None)
        if own is not None:
            agreement = Agreement(
                agreement.id,
                agreement.contract,
                agreement.facts,
                merged((agreement.events, own.events)),
                agreement.missing | own.missing,
                tuple(sorted({*agreement.gaps, *own.gaps}, key=lambda gap: (gap.start, gap.end))),
                agreement.place,
            )
        out.append(agreement)
    return out, list(left.values())


def _named(facts: Mapping[str, object], key: str, what: str, words: Words | None) -> str:
    if key not in facts:
        # A fact that may well stand there is no misspelling.
        known = FORMAT_KEYS | (words.fields.get((), frozenset()) if words is not None else frozenset())
        hint = instead_of(key, facts.keys() - known)
        found = f"only {', '.join(list(facts)[:8])}" + (" …" if len(facts) > 8 else "") if facts else ""
        raise Flaw((key,), found, f"{key} is missing", hint or f"write {key}: <{what}>")
    return name(facts[key], (key,), what)


def _check_exceptions(facts: Mapping[str, object]) -> None:
    """Dated exceptions of the calendar: no day is both open and closed."""
    opens = check_dates(facts.get("open_dates"), ("open_dates",))
    closed = check_dates(facts.get("closed_dates"), ("closed_dates",))
    for i, day in enumerate(cast("list[str]", facts.get("closed_dates") or [])):
        if day in opens & closed:
            raise Flaw(
                ("closed_dates", i), show(day), "the day is among open_dates, too", "leave it in one of them"
            )


def _check_zone(found: object) -> None:
    if not isinstance(found, str):
        raise Flaw(
            ("time_zone",), show(found), f"the time zone is {kind_of(found)}, not text", "write Europe/Warsaw"
        )
    try:
        zone(found)
    except ValueError as error:
        _, _, hint = str(error).partition("; ")
        raise Flaw(("time_zone",), show(found), "unknown time zone", hint or "write an IANA name") from None
