"""The figures of a report, in the order of an audit working paper. Plain frozen values: what one renderer shows, all show.

Instants are ISO 8601 text with the offset of a zone, months `2025-03`, lengths whole seconds, shares fractions from 0 to 1. Words of a
language occur only where the contract, the record or the judge wrote them; everything else is a code that `checker.report.words` knows.
Counts of verdicts are mappings from the seven words of `checker.interpret.verdicts` to numbers; all seven are there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

FORMAT = 1
"""The version of the model; it changes when a field changes its meaning."""

Counts = Mapping[str, int]
Group = Literal["guarantee", "target", "estimate", "right", "duty", "other"]
"""Guarantees, targets and estimates of the provider, rights (`may`, discretion), the customer's duties, and what binds nobody so."""
GROUPS: tuple[Group, ...] = ("guarantee", "target", "estimate", "right", "duty", "other")
PROMISES: tuple[Group, ...] = ("guarantee", "target", "estimate")
"""What the provider owes, aims at and expects: never added up together."""


# --------------------------------------------------------------------------- scope
@dataclass(frozen=True, slots=True)
class Scope:
    """What was audited. `first` and `last`: the first and the last event on record; `zone`: that in which these and the audit
    instant are given, that of the agreements that name one, if it is one, else UTC; `clauses` of the contract: those judged, those
    that are stated only, and the globs that were asked for (none: all).
    """

    contract: str
    title: str
    first: str | None
    last: str | None
    audited_at: str
    zone: str
    judged: int
    stated: int
    asked_for: tuple[str, ...]
    sample: bool


# --------------------------------------------------------------------------- population
@dataclass(frozen=True, slots=True)
class Reason:
    """A reason for which something was set aside: how many rows and whole tickets, and the first place."""

    reason: str
    field: str
    rows: int
    tickets: int
    first: str


@dataclass(frozen=True, slots=True)
class OfAgreement:
    """An agreement that was judged: its records (tickets, and the agreement itself where a clause judges it), and verdicts of the
    provider's guarantees, targets and estimates, each apart.
    """

    agreement: str
    zone: str | None
    records: int
    guarantees: Counts
    targets: Counts
    estimates: Counts

    @property
    def promises(self) -> tuple[tuple[Group, Counts], ...]:
        """Those of the three that apply to a record; the guarantees where none does."""
        all_of = tuple(zip(PROMISES, (self.guarantees, self.targets, self.estimates), strict=True))
        apply = (n for n in all_of if any(k for v, k in n[1].items() if v != "not_applicable"))
        return tuple(apply) or all_of[:1]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of ticket as the source states it (empty: not stated), and how many were judged."""

    kind: str
    tickets: int


@dataclass(frozen=True, slots=True)
class Population:
    """What was read and what became of it: `read = judged + set aside + of other contracts`, for rows and for tickets."""

    rows_read: int
    rows_used: int
    rows_set_aside: int
    rows_of_other_contracts: int
    tickets_read: int
    tickets_judged: int
    tickets_set_aside: int
    tickets_of_other_contracts: int
    agreements_judged: int
    agreements_of_other_contracts: int
    set_aside: tuple[Reason, ...]
    agreements: tuple[OfAgreement, ...]
    kinds: tuple[Kind, ...]


# --------------------------------------------------------------------------- method
@dataclass(frozen=True, slots=True)
class ReadingTaken:
    """How an ambiguity of the text was read. `others`: the readings not taken, with what they mean. What ends in `_pl` is in Polish, and
    empty where the contract has no such words.
    """

    ambiguity: str
    question: str
    question_pl: str
    taken: str
    recommended: str
    means: str
    means_pl: str
    others: tuple[tuple[str, str], ...]
    others_pl: tuple[tuple[str, str], ...]

    def said_in(self, language: str) -> ReadingTaken:
        """The same with `question`, `means` and `others` in a language, as far as there are words."""
        if language != "pl":
            return self
        others = dict(self.others_pl)
        return replace(
            self,
            question=self.question_pl or self.question,
            means=self.means_pl or self.means,
            others=tuple((name, others.get(name) or means) for name, means in self.others),
        )


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar of the contract, as its lines say it."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Method:
    """How it was judged. `source`: the contract's text, its SHA-256; `engine`: the version of Servanda. Whether columns or the
    interpreter judged is no part of it: a report is the same whichever did, and its provenance file names them.
    """

    contract_digest: str
    contract_version: str | None
    language: str
    source: str | None
    source_sha256: str | None
    readings: tuple[ReadingTaken, ...]
    calendars: tuple[Calendar, ...]
    zones: tuple[str, ...]
    engine: str
    zone_data: str
    holiday_data: str


# --------------------------------------------------------------------------- conclusion
@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval of a rate, where the log is a sample. `method`: `wilson`."""

    method: str
    confidence: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Rate:
    """How much of what was decided was met.

    `decided` = met + breached, the denominator of `rate` (None: nothing was decided). `low` and `high`: the same if everything that
    is undetermined were breached, or met: their denominator is decided + undetermined.
    """

    met: int
    decided: int
    rate: float | None
    low: float | None
    high: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Bin:
    """Margins from `from_s` (inclusive) to `to_s` (exclusive), in seconds on the clause's clock: below 0 is late. None: no bound."""

    from_s: int | None
    to_s: int | None
    met: int
    breached: int


@dataclass(frozen=True, slots=True)
class Point:
    """Of the acts of a curve, so many took at most this part of the limit (in percent; 100 is the limit)."""

    percent: int
    done: int


@dataclass(frozen=True, slots=True)
class Curve:
    """How much of the limit acts took, as a cumulative curve: of clauses whose limit is one length on a clock. `acts`: how many have an
    exact instant on record; those beyond the last point took longer. `decided`: the decided verdicts of these clauses; those that are
    more than the acts have no exact act, or none at all, and are not on the curve.
    """

    acts: int
    decided: int
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """The verdicts of a month, that of the first event on the ticket's record; without those that do not apply."""

    month: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class Hours:
    """Breaches by when the limit ran out, local time of the agreement: a row for each weekday from Monday, a column for each hour.
    Empty where there are none. `undated`: those without an instant.
    """

    breaches: tuple[tuple[int, ...], ...]
    undated: int


@dataclass(frozen=True, slots=True)
class Pictures:
    """The figures of the pictures. `undated`: verdicts that belong to no month."""

    months: tuple[Month, ...]
    undated: int
    curve: Curve | None
    hours: Hours
    margins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class Cause:
    """Evidence that is missing (without the stamp of the event that lacks it), and how many of the undetermined verdicts with their
    reason name it."""

    what: str
    count: int


@dataclass(frozen=True, slots=True)
class Conclusion:
    """One clause, as far as it binds one party with one strength.

    `applicable`: judged less not_applicable. `limit_s`: the limit, where it is one length on a clock: that of `limit_calendar` (None:
    real time), which the states in `limit_stopped` stop. `cite`: where the text says it; `cite_pl`: the same in Polish, empty where
    there are no words for a part of it. `missing`: the evidence that its undetermined verdicts lack, of those with their reason, what
    is named most often first.
    """

    clause: str
    title: str
    title_pl: str
    cite: str
    cite_pl: str
    lines: tuple[tuple[int, int], ...]
    strength: str
    party: str
    group: Group
    level: Literal["ticket", "agreement"]
    judged: int
    applicable: int
    counts: Counts
    contested: int
    rate: Rate
    missing: tuple[Cause, ...]
    limit_s: int | None
    limit_calendar: str | None
    limit_stopped: tuple[str, ...]
    pictures: Pictures

    def cited_in(self, language: str) -> str:
        """Where the text says it, in a language, as far as there are words."""
        return self.cite_pl or self.cite if language == "pl" else self.cite

    @property
    def open(self) -> bool:
        """Whether nothing can be said about it: all that applies is undetermined."""
        return 0 < self.applicable == self.counts["undetermined"]


@dataclass(frozen=True, slots=True)
class Total:
    """All clauses of a group."""

    group: Group
    clauses: int
    judged: int
    applicable: int
    counts: Counts
    contested: int
    rate: Rate
    pictures: Pictures


# --------------------------------------------------------------------------- findings and quality
@dataclass(frozen=True, slots=True)
class Listed:
    """How many findings of a kind there are, and how many the report lists; how many have their reason, how many an explanation."""

    found: int
    listed: int
    with_reason: int
    explained: int


@dataclass(frozen=True, slots=True)
class Turned:
    """A reading that would turn verdicts of a clause: into what, and how many of the contested ones with their reason."""

    ambiguity: str
    reading: str
    clause: str
    verdict: str
    to: str
    count: int


@dataclass(frozen=True, slots=True)
class Findings:
    """The findings that the rows list one by one: breaches, contested verdicts, undetermined ones. A contested breach is both."""

    exceptions: Listed
    contested: Listed
    undetermined: Listed
    missing: tuple[Cause, ...]
    turned: tuple[Turned, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that a reader of the result should know. `suspicion`: it throws doubt on the record itself."""

    text: str
    place: str
    count: int
    suspicion: bool


@dataclass(frozen=True, slots=True)
class Quality:
    """The quality of the record: gaps, revisions that are missing, events whose stamp is not to the second, and what was noticed."""

    tickets_with_gaps: int
    revisions_missing: int
    events: int
    rough_events: int
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """What the tool that kept the log claims, beside our verdicts of a clause: never a fact."""

    name: str
    value: str
    clause: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something that the export cannot say and the user of a mapping set."""

    name: str
    value: str
    means: str


@dataclass(frozen=True, slots=True)
class Without:
    """The verdicts without the assumptions that say what happened: their names, and the counts of all clauses then and now."""

    names: tuple[str, ...]
    without: Counts
    with_them: Counts


@dataclass(frozen=True, slots=True)
class Claims:
    """The tool's own verdicts against ours, and the assumptions of the mapping with the figures without them."""

    claims: tuple[Claim, ...]
    assumptions: tuple[Assumption, ...]
    without: Without | None


# --------------------------------------------------------------------------- the whole
@dataclass(frozen=True, slots=True)
class Figures:
    """Everything in a report but its rows. `provenance`: as `checker.audit.provenance` writes it, and what was asked of the report.

    `conclusions`: in the order of the contract. `ranked`: the attributes by whose value a finding can be sifted.
    """

    format: int
    scope: Scope
    population: Population
    method: Method
    totals: tuple[Total, ...]
    conclusions: tuple[Conclusion, ...]
    findings: Findings
    quality: Quality
    claims: Claims
    ranked: tuple[str, ...]
    months: tuple[str, ...]
    provenance: Mapping[str, Any]
