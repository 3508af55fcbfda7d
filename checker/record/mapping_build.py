"""From the checked YAML of a mapping to its rules: names resolved, assumptions applied."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping as AbstractMapping
from dataclasses import replace
from typing import Any, Literal, cast

from checker.clock.zones import zone
from checker.record.flaws import Flaw, Path, did_you_mean, one_of, show
from checker.record.mapping_model import (
    EventRule,
    Mapping,
    RevisionRule,
    SourceRule,
    StampFormat,
    TimeRule,
    ValueRule,
    ValueTable,
    When,
)
from checker.record.model import Assumption
from checker.record.stamps import DIRECTIVES, EPOCH, ISO
from checker.record.values import instant, value

Raw = dict[str, Any]


def build(raw: Raw, values: AbstractMapping[str, str], *, file: str, sha256: str) -> Mapping:
    """The rules of a mapping whose YAML keeps the schema; `values` are the assumptions switched on.

    Raises:
        Flaw: a name that is not declared, a column under `leaks` that a rule reads, an assumption without
        need or outside its choices, a zone that nobody named.
    """
    return _Builder(raw, values).mapping(file, sha256)


class _Builder:
    def __init__(self, raw: Raw, values: AbstractMapping[str, str]) -> None:
        self._raw = raw
        self._values = values
        self._declared: Raw = raw.get("assumptions", {})
        self._used: set[str] = set()
        self._read: list[tuple[str, Path]] = []
        self._idle: list[tuple[str, Path]] = []
        self._zone_assumed: Assumption | None = None
        self._tables = {
            name: ValueTable(
                name,
                {
                    word: value(found, ("tables", name, "values", word))
                    for word, found in each["values"].items()
                },
                each.get("otherwise", "refuse"),
            )
            for name, each in raw.get("tables", {}).items()
        }

    def mapping(self, file: str, sha256: str) -> Mapping:
        raw = self._raw
        self._check_assumed()
        self._check_missing_marks()
        self._read.append((raw["ticket"]["column"], ("ticket", "column")))
        rules = [self._event(each, ("events", i)) for i, each in enumerate(raw["events"])]
        source = raw["source"]
        revision = raw.get("revision")
        if revision and revision["column"] in source.get("absent", ()):
            revision = None
        if revision:
            self._read.append((revision["column"], ("revision", "column")))
        made = Mapping(
            name=raw["name"],
            about=raw.get("about", ""),
            source=SourceRule(
                source["format"],
                source.get("encoding"),
                source.get("delimiter"),
                source.get("member"),
                frozenset(source.get("missing", ())) | {""},
                source.get("columns", {}),
                self._switched(source.get("unchanged"), ("source", "unchanged")) is not None,
                self._object_type(source),
                frozenset(source.get("absent", ())),
            ),
            shape=raw["shape"],
            ticket=raw["ticket"]["column"],
            agreement=self._from(raw["agreement"], ("agreement",)) if "agreement" in raw else None,
            kind=self._from(raw["kind"], ("kind",)) if "kind" in raw else None,
            time=self._time(raw["time"]),
            revision=self._revision(revision) if revision else None,
            across_gaps=raw.get("across_gaps", "within"),
            contradictions=raw.get("contradictions", "set-aside"),
            events=tuple(rule for rule in rules if rule is not None),
            claims=self._all_from(raw.get("claims", {}), ("claims",)),
            missing=frozenset(self._missing()),
            leaks=frozenset(raw.get("leaks", ())),
            complete_to=self._complete_to(),
            assumptions=(),
            file=file,
            sha256=sha256,
            closed={column: frozenset(values) for column, values in raw.get("closed", {}).items()},
        )
        self._read += [(column, ("closed", column)) for column in made.closed]
        for name in self._declared:
            if name not in self._used:
                raise Flaw(("assumptions", name), "", f"no rule needs the assumption {name}", "leave it out")
        for column, path in (*self._read, *self._idle):
            if column in made.leaks:
                reason = f"the rule reads {column}, which holds final values on every row"
                raise Flaw(
                    path, show(column), reason, "read the change of another column, or take it off leaks"
                )
        columns = tuple(dict.fromkeys(column for column, _ in self._read))
        for i, column in enumerate(source.get("absent", ())):
            if column in (made.ticket, made.time.column):
                reason = "without this column nothing can be read"
                raise Flaw(("source", "absent", i), show(column), reason, "name it under columns")
        return replace(made, columns=columns, assumptions=tuple(self._assumptions()))

    def _check_assumed(self) -> None:
        for name, given in self._values.items():
            path = ("assume", name)
            if name not in self._declared:
                hint = did_you_mean(name, self._declared)
                known = f"write {one_of(sorted(self._declared))}" if self._declared else "leave it out"
                raise Flaw(path, show(name), "the mapping declares no such assumption", hint or known)
            choices = self._declared[name].get("choices")
            if choices is not None and given not in choices:
                hint = did_you_mean(given, choices) or f"write {one_of(sorted(choices))}"
                raise Flaw(path, show(given), "not one of the choices of the assumption", hint)

    def _check_missing_marks(self) -> None:
        """No table and no rule waits for a word that is read as *not on record*: it would wait in vain."""
        marks = {"", *self._raw["source"].get("missing", ())}
        found: list[tuple[object, Path]] = [
            (word, ("tables", name, "values", word))
            for name, table in self._tables.items()
            for word in table.values
        ]
        for i, rule in enumerate(self._raw["events"]):
            found += _scalars(rule["when"], ("events", i, "when"))
        for word, path in found:
            if word in marks and path[-1] != "column":
                reason = (
                    "the word is read as not on record, by missing of the source: nothing comes of it here"
                )
                raise Flaw(path, show(word), reason, "leave it out here, or take it off missing")

    def _assumptions(self) -> Iterator[Assumption]:
        if self._zone_assumed is not None:
            yield self._zone_assumed
        for name, given in sorted(self._values.items()):
            rule = self._declared[name]
            text = rule.get("choices", {}).get(given) or rule["text"].replace("{value}", given)
            yield Assumption(name, text, given)

    def _assumed(self, name: str, path: Path) -> str | None:
        if name not in self._declared:
            hint = did_you_mean(name, self._declared) or "declare it under assumptions"
            raise Flaw(path, show(name), "the assumption is not declared", hint)
        self._used.add(name)
        return self._values.get(name)

    def _revision(self, rule: Raw) -> RevisionRule:
        harmless = rule.get("jumps_harmless")
        path = ("revision", "jumps_harmless", "assumption")
        jumps = harmless is not None and self._assumed(harmless["assumption"], path) is not None
        return RevisionRule(rule["column"], rule.get("first"), rule.get("shared", False), jumps)

    def _object_type(self, source: Raw) -> str | None:
        named = source.get("object_type")
        found = self._switched(named, ("source", "object_type"))
        if found is None and source["format"] == "ocel":
            reason = "nobody named the type of the objects that are tickets"
            name = named["assumption"] if named else ""
            path: Path = ("assume", name) if named else ("source", "object_type")
            raise Flaw(path, "", reason, f"assume {name}, such as {name}: ticket" if named else "name it")
        return found

    def _switched(self, found: str | Raw | None, path: Path) -> str | None:
        """A word of the mapping, or what an assumption says; None if it is off."""
        if isinstance(found, dict):
            return self._assumed(found["assumption"], (*path, "assumption"))
        return found

    def _from(self, rule: Raw, path: Path) -> ValueRule | None:
        """The rule for a value; None for an assumption that is off."""
        if "assumption" in rule:
            given = self._assumed(rule["assumption"], (*path, "assumption"))
            return None if given is None else ValueRule("constant", constant=given)
        if "constant" in rule:
            return ValueRule("constant", constant=value(rule["constant"], (*path, "constant")))
        table = None
        if "table" in rule:
            table = self._tables.get(rule["table"])
            if table is None:
                hint = did_you_mean(rule["table"], self._tables) or "declare it under tables"
                raise Flaw((*path, "table"), show(rule["table"]), "the table is not declared", hint)
        source: Literal["column", "previous", "latest"] = (
            "column" if "column" in rule else "latest" if "latest" in rule else "previous"
        )
        self._read.append((rule[source], (*path, source)))
        return ValueRule(source, rule[source], None, table, rule.get("type", "string"))

    def _all_from(self, rules: Raw, path: Path) -> dict[str, ValueRule]:
        found = {name: self._from(rule, (*path, name)) for name, rule in rules.items()}
        return {name: rule for name, rule in found.items() if rule is not None}

    def _event(self, rule: Raw, path: Path) -> EventRule | None:
        before = len(self._read)
        attributes = self._all_from(rule.get("attributes", {}), (*path, "attributes"))
        when = _when(rule["when"])
        if when.column:
            self._read.append((when.column, (*path, "when", "column")))
        at = rule["at"]["column"] if "at" in rule else None
        if at is not None:
            self._read.append((at, (*path, "at", "column")))
        holds = True
        for name, wanted in rule.get("assuming", {}).items():
            here = (*path, "assuming", name)
            given = self._assumed(name, here)
            choices = self._declared[name].get("choices")
            if choices is not None and wanted not in choices:
                hint = did_you_mean(wanted, choices) or f"write {one_of(sorted(choices))}"
                raise Flaw(here, show(wanted), "not one of the choices of the assumption", hint)
            holds = holds and given == wanted
        if holds:
            return EventRule(rule["event"], when, at, attributes)
        self._idle += self._read[before:]
        del self._read[before:]
        return None

    def _time(self, rule: Raw) -> TimeRule:
        formats = tuple(StampFormat(each["format"], each["precision"]) for each in rule["formats"])
        for i, form in enumerate(formats):
            _check_format(form, ("time", "formats", i, "format"))
        found = rule["zone"]
        name: str | None = None
        column: str | None = None
        path: Path = ("time", "zone")
        local = any(not _carries_offset(form.format) for form in formats)
        if found == "in-stamp":
            if local:
                remedy = "name the zone: {assume: Europe/Warsaw}, {assumption: …} or {column: …}"
                raise Flaw(path, "in-stamp", "a format has no offset, and nobody named the zone", remedy)
        elif "assume" in found:
            name = found["assume"]
            text = f"Times without an offset are local times of {name}."
            self._zone_assumed = Assumption("time zone", text, cast(str, name))
        elif "assumption" in found:
            assumed = found["assumption"]
            name = self._assumed(assumed, (*path, "assumption"))
            path = ("assume", assumed)
            if name is None:
                reason = f"the stamps of {rule['column']} are local times, and nobody named their zone"
                raise Flaw(path, "", reason, f"assume {assumed}, such as {assumed}: Europe/Warsaw")
        else:
            column = cast(str, found["column"])
            self._read.append((column, (*path, "column")))
        self._read.append((rule["column"], ("time", "column")))
        if name is not None:
            try:
                zone(name)
            except ValueError as error:
                _, _, hint = str(error).partition("; ")
                raise Flaw(path, show(name), "unknown time zone", hint or "write an IANA name") from None
        return TimeRule(rule["column"], formats, name, column, rule.get("clock_changes", "reject"))

    def _missing(self) -> Iterator[str]:
        for i, each in enumerate(self._raw.get("records_missing", ())):
            if isinstance(each, str):
                yield each
            elif self._assumed(each["unless"], ("records_missing", i, "unless")) is None:
                yield each["record"]

    def _complete_to(self) -> int | Literal["last-row"] | None:
        path: Path = ("complete_to",)
        found = self._raw.get("complete_to")
        if isinstance(found, dict):
            name = found["assumption"]
            found = self._assumed(name, (*path, "assumption"))
            path = ("assume", name)
        if found is None:
            return None
        return "last-row" if found == "last-row" else instant(found, path)[0]


def _when(rule: str | Raw) -> When:
    if isinstance(rule, str):
        return When("first-row")
    column, once = rule["column"], rule.get("once", False)
    if "changes" in rule:
        narrowed: Raw = rule["changes"] if isinstance(rule["changes"], dict) else {}
        old, new = narrowed.get("from"), narrowed.get("to")
        return When(
            "changes",
            column,
            None if old is None else frozenset(old),
            None if new is None else frozenset(new),
            once,
            rule["changes"] in ("any", "any-from-first-row"),
            rule["changes"] == "any-from-first-row",
        )
    if "leaves" in rule:
        return When("leaves", column, frozenset(rule["leaves"]), None, once)
    kind: Literal["enters", "is"] = "enters" if "enters" in rule else "is"
    return When(kind, column, None, frozenset(rule[kind]), once)


def _scalars(found: object, path: Path) -> list[tuple[object, Path]]:
    if isinstance(found, dict):
        return [each for key, item in found.items() for each in _scalars(item, (*path, key))]
    if isinstance(found, list):
        return [each for i, item in enumerate(found) for each in _scalars(item, (*path, i))]
    return [(found, path)] if isinstance(found, str) else []


def _carries_offset(form: str) -> bool:
    return form in EPOCH or form == ISO or "%z" in form


def _check_format(stamp: StampFormat, path: Path) -> None:
    form = stamp.format
    if form in EPOCH or form == ISO:
        return
    written = re.findall(r"%(.)", form.replace("%%", ""))
    used = set(written)
    for directive in sorted(x for x in used if written.count(x) > 1):
        raise Flaw(
            path, f"%{directive}", "it stands in the format more than once", "write each part of a time once"
        )
    for directive in sorted(used - DIRECTIVES):
        known = " ".join(f"%{each}" for each in sorted(DIRECTIVES))
        raise Flaw(path, f"%{directive}", "a directive that is not read here", f"write {known}")
    if not (used & {"Y", "y"} and used & {"m", "b"} and "d" in used):
        raise Flaw(
            path, show(form), "a time format without year, month or day", "write all three, as in %d/%m/%Y"
        )
    if "I" in used and "p" not in used:
        raise Flaw(path, show(form), "hours to twelve without AM or PM", "add %p, or write %H")
    coarse = stamp.precision == "second" and "S" not in used
    if coarse or (stamp.precision != "day" and not used & {"H", "I"}):
        remedy = "state the precision of what is written: minute or day"
        raise Flaw(
            (*path[:-1], "precision"), stamp.precision, "the format is coarser than its precision", remedy
        )
