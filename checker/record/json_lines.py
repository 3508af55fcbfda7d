"""Ticket histories as JSON Lines: one ticket, one agreement's own history, or the log's header on each line.

`schemas/ticket.json`, `schemas/history.json` and `schemas/log.json` are normative; the checks here enforce
the same. Beyond JSON itself (RFC 8259) a line may not repeat a key, hold NaN or Infinity, or a number
beyond 2**53 - 1.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from copy import copy
from typing import Final

from checker.record.collect import Collector
from checker.record.files import column_of
from checker.record.flaws import Flaw, instead_of, show
from checker.record.histories import (
    ALL_TIME,
    HISTORY_KEYS,
    OUT_OF_ORDER,
    TICKET_KEYS,
    claims,
    history,
    kind,
    known_keys,
)
from checker.record.json_text import DECODER, Refused, misread
from checker.record.model import AgreementHistory, Fault, Place, SetAside, Ticket
from checker.record.values import instant, kind_of, name, only_keys, words
from checker.record.words import Words

_HEADER: Final = re.compile(rb'\s*\{\s*"log"\s*:')


def read_json_lines(
    file: str,
    numbered: Iterable[tuple[int, bytes | None]],
    into: Collector,
    *,
    agreement: str | None = None,
    known: Words | None = None,
) -> bool:
    """Read the lines of one file into a collector; a faulty line is set aside, whatever is wrong with it. Whether the file says how far
    it reaches.

    `agreement` is given to tickets that name none. `known` are the words that lines may use.

    Raises:
        Fault: the header is faulty: what it declares holds for every line.
    """
    reader = LineReader(file, into, agreement=agreement, known=known)
    for number, raw in numbered:
        reader.take(number, raw)
    reader.end()
    return reader.complete_to is not None


class LineReader:
    """Reads lines of one file into a collector, one after the other; those that another reader takes may be left out.

    `complete_to`, `recorded`: what the header declares, once it is read. `tickets`: whether a ticket was seen, by whomever.
    `first`: the next line is the first of the file.
    """

    def __init__(
        self, file: str, into: Collector, *, agreement: str | None = None, known: Words | None = None
    ) -> None:
        self.file = file
        self.complete_to: int | None = None
        self.recorded: frozenset[str] | None = None
        self.tickets = False
        self.first = True
        self._into = into
        self._agreement = agreement
        self._known = known

    def beside(self, into: Collector) -> LineReader:
        """The same reader, in the midst of the file, for another account."""
        out = copy(self)
        out._into = into
        return out

    def take(self, number: int, raw: bytes | None) -> None:
        """Read one line; None is one that is too long.

        Raises:
            Fault: it is the header, and faulty.
        """
        into = self._into
        if raw is not None and not raw.strip():
            return
        place = Place(self.file, number)
        try:
            line, trusted = _parse(raw)
            if "log" in line:
                if not self.first:
                    into.saw_row()
                    remedy = "put it first, once"
                    into.put_aside(
                        Flaw(("log",), "", "the log's header is not the first line", remedy).set_aside(place)
                    )
                else:
                    self.complete_to, self.recorded = _header(line, self._known)
                self.first = False
                return
            self.first = False
            into.saw_row()
            if _is_history(line):
                own, moved = _history(line, place, trusted, self._known)
                into.add_history(own)
            else:
                self.tickets = True
                into.saw_ticket()
                ticket, moved = ticket_of(
                    line,
                    place,
                    trusted_text=trusted,
                    agreement=self._agreement,
                    recorded=self.recorded,
                    known=self._known,
                )
                into.add_ticket(ticket)
            if moved:
                into.note(OUT_OF_ORDER, place, moved)
        except _BadLine as bad:
            if self.first and raw is not None and _HEADER.match(raw):
                fault = Fault(
                    Place(self.file, number, bad.column), f"log: {bad.reason}", bad.found, bad.remedy
                )
                raise fault from None
            into.saw_row()
            into.saw_ticket()
            self.tickets, self.first = True, False
            into.put_aside(
                SetAside(
                    Place(self.file, number, bad.column), "", bad.found, bad.reason, bad.remedy, whole=True
                )
            )
        except Flaw as flaw:
            if self.first:
                raise flaw.fault(place) from None
            whole = not _is_history(line)
            into.put_aside(flaw.set_aside(place, ticket=_id_of(line) if whole else None, whole=whole))
            if not whole and flaw.path != ("agreement",):
                # What the lost line said is unknown: nothing may be concluded from an absence.
                lost = AgreementHistory(str(line["agreement"]), (), gaps=(ALL_TIME,), place=place)
                into.add_history(lost, rows=0)

    def again(self, number: int, raw: bytes) -> Ticket:
        """The ticket of a line that is known to be one without a flaw."""
        line, trusted = _parse(raw)
        found, _ = ticket_of(
            line,
            Place(self.file, number),
            trusted_text=trusted,
            agreement=self._agreement,
            recorded=self.recorded,
            known=self._known,
        )
        return found

    def end(self) -> None:
        """The file is at its end."""
        # A file of agreements' histories alone need not declare where the tickets' record ends.
        if self.tickets or self.complete_to is not None:
            self._into.ended(self.complete_to)


def ticket_of(
    line: dict[str, object],
    place: Place | None,
    *,
    trusted_text: bool = False,
    agreement: str | None = None,
    recorded: frozenset[str] | None = None,
    known: Words | None = None,
) -> tuple[Ticket, int]:
    """A ticket from its parsed line, and how many of its events stood out of order.

    Raises:
        Flaw: a rule of `schemas/ticket.json` is broken.
    """
    if "ticket" not in line:
        hint = instead_of("ticket", line)
        raise Flaw(
            ("ticket",), "", "ticket is missing", hint or 'write the id of the ticket, as "ticket": "…"'
        )
    ticket = name(line["ticket"], ("ticket",), "the ticket's id")
    known_keys(line, TICKET_KEYS)
    if "agreement" in line:
        agreement = name(line["agreement"], ("agreement",), "the agreement's id")
    what = kind(line["kind"], ("kind",)) if "kind" in line else ""
    body = history(line, (), place, trusted_text=trusted_text, known=known)
    said = claims(line["claims"], ("claims",)) if "claims" in line else {}
    made = Ticket(ticket, agreement, what, body.events, body.missing, body.gaps, said, place, recorded)
    return made, body.moved


class _BadLine(Exception):
    def __init__(self, reason: str, found: str, remedy: str, column: int | None = None) -> None:
        super().__init__(reason)
        self.reason, self.found, self.remedy, self.column = reason, found, remedy, column


def _parse(raw: bytes | None) -> tuple[dict[str, object], bool]:
    """The line as a mapping, and whether its text needs no check (valid UTF-8, no escape)."""
    if raw is None:
        raise _BadLine("the line is too long", "", "split the history, or raise the limit")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        found = f"byte 0x{raw[error.start]:02x}"
        raise _BadLine("the line is not UTF-8", found, "save the file as UTF-8", column_of(error)) from None
    if "\0" in text:
        raise _BadLine("the line holds a null byte", "\\u0000", "remove it", text.index("\0") + 1)
    try:
        line = DECODER.decode(text)
    except (json.JSONDecodeError, Refused, RecursionError) as error:
        wrong = misread(error, text, end="the end of the line")
        remedy = "write one JSON object on each line"
        if text.lstrip().startswith("["):
            remedy = "write each element of the array on a line of its own"
        raise _BadLine(wrong.reason, wrong.found, wrong.remedy or remedy, wrong.at + 1) from None
    if not isinstance(line, dict):
        raise _BadLine(
            f"the line is {kind_of(line)}, not a mapping",
            show(line),
            'write {"ticket": …, "events": […]}',
            len(text) - len(text.lstrip()) + 1,
        )
    return line, "\\u" not in text


def _header(line: dict[str, object], known: Words | None) -> tuple[int | None, frozenset[str] | None]:
    only_keys(line, (), ("log",))
    log = line["log"]
    if not isinstance(log, dict):
        raise Flaw(
            ("log",),
            show(log),
            f"log is {kind_of(log)}, not a mapping",
            'write {"log": {"complete_to": "…"}}',
        )
    only_keys(log, ("log",), ("complete_to", "records"))
    end = instant(log["complete_to"], ("log", "complete_to"))[0] if "complete_to" in log else None
    check = known.check_recorded if known is not None else None
    return end, words(log["records"], ("log", "records"), check) if "records" in log else None


def _is_history(line: dict[str, object]) -> bool:
    """Whether a line is an agreement's own history, and not a ticket's whose id is missing or misspelt."""
    if "ticket" in line or "agreement" not in line or "events" not in line:
        return False
    return "kind" not in line and "claims" not in line and not instead_of("ticket", line)


def _history(
    line: dict[str, object], place: Place, trusted: bool, known: Words | None
) -> tuple[AgreementHistory, int]:
    agreement = name(line["agreement"], ("agreement",), "the agreement's id")
    known_keys(line, HISTORY_KEYS)
    body = history(line, (), place, trusted_text=trusted, known=known)
    return AgreementHistory(agreement, body.events, body.missing, body.gaps, place), body.moved


def _id_of(line: dict[str, object]) -> str | None:
    found = line.get("ticket")
    return found if isinstance(found, str) and len(found) <= 200 else None
