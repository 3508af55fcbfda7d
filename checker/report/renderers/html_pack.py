"""The findings and explanations of a page, packed: columns and dictionaries in pieces, each deflated, in a file until they are written.

A piece of findings is a JSON object. `count`: its rows; `text`: columns of text, `of`: columns as places in the lists of `names`, `at`:
columns of instants as local seconds since 1970 (the limit and the act as so much after the first event, where there is one), `offset`: the
offsets of their zones as places in `names.offset`, `whole`: columns of whole numbers. None stands where there is no value.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import IO, Any, Final

from checker.report.inert import MOST
from checker.report.model import Conclusion
from checker.report.pages import Note, short
from checker.report.rows import Finding, Report

MOST_EXCEPTIONS: Final = 200_000
"""Breaches in a page; of more than that, as many of each clause as fit if the clauses with the most are cut first."""
MOST_OTHERS: Final = 60_000
"""The same for findings that are no breach."""
FINDINGS_BYTES: Final = 15_000_000
EXPLANATIONS_BYTES: Final = 2_000_000
"""Deflated bytes: a third more of them are in the page."""
PIECE_ROWS: Final = 20_000
PIECE_TEXT: Final = 8_000_000
EXPLANATIONS_TOGETHER: Final = 10
MOST_PICTURES: Final = 150
"""Time lines that are drawn: each takes some forty milliseconds. The others are lists of their events."""
EXPLANATION_TEXT: Final = 300_000
"""Characters of one explanation as JSON: of a longer one the page has the finding alone."""
MOST_ID: Final = 200
MOST_REASON: Final = 500
FIRST_ROWS: Final = 25
"""Findings of each kind that are in the page's own text, for readers without scripts."""
KINDS: Final = ("exceptions", "contested", "undetermined")

_EPOCH = datetime(1970, 1, 1)
_TEXT = ("ticket",)
_NAMED = (
    "agreement",
    "clause",
    "verdict",
    "strength",
    "party",
    "month",
    "zone",
    "because",
    "turns",
    "missing",
)
_INSTANTS = ("opened", "due", "done")

Draw = Callable[[int, Mapping[str, Any]], str]
"""The picture of the time line of a finding, by its number; empty where there is nothing to draw."""


def kinds_of(f: Finding) -> list[str]:
    """Among which kinds of findings one is: a contested breach is both."""
    found = {
        "exceptions": f.verdict == "breached",
        "contested": f.contested,
        "undetermined": f.verdict == "undetermined",
    }
    return [kind for kind in KINDS if found[kind]]


@dataclass
class Packed:
    """What was packed, into a file. `listed`: findings in the page, by kind; `first`: the first of each; `left_out`: those that the page
    has not but the report has. `explained`: the findings whose explanation is in the page.
    """

    file: IO[bytes]
    ranked: tuple[str, ...]
    note: Note
    draw: Draw
    listed: Counter[str] = field(default_factory=Counter)
    first: dict[str, list[Finding]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    left_out: int = 0
    explained: int = 0
    _pieces: dict[str, list[tuple[int, int, str]]] = field(default_factory=dict)

    def pieces(self, kind: str) -> Iterator[tuple[str, str]]:
        """The pieces of a kind (`findings`, `explanations`): what is noted of each, and its Base64."""
        for start, length, noted in self._pieces.get(kind, ()):
            self.file.seek(start)
            yield noted, b64encode(self.file.read(length)).decode("ascii")

    def size(self, kind: str) -> int:
        """The bytes of a kind."""
        return sum(length for _, length, _ in self._pieces.get(kind, ()))

    def add(self, kind: str, data: bytes, noted: str) -> None:
        """Keep a deflated piece."""
        start = self.file.seek(0, 2)
        self.file.write(data)
        self._pieces.setdefault(kind, []).append((start, len(data), noted))


def packed(report: Report, note: Note, draw: Draw, file: IO[bytes]) -> Packed:
    """Pack the rows of a report into a file. `draw`: the picture of a time line. Memory is that of a piece, however many rows there are."""
    out = Packed(file, report.figures.ranked, note, draw)
    _explanations(report, out, _findings(report, out))
    return out


def level(counts: Iterable[int], room: int) -> int:
    """How many of each may be taken at most, so that all together are no more than `room`: the greatest such number."""
    ordered = sorted(counts)
    for at, count in enumerate(ordered):
        rest = len(ordered) - at
        if count * rest > room:
            return room // rest
        room -= count
    return ordered[-1] if ordered else 0


# --------------------------------------------------------------------------- findings
def _findings(report: Report, out: Packed) -> set[int]:
    """Pack them; the numbers of those that have an explanation."""
    found = report.figures.conclusions
    most = {
        True: level(_by_clause(found, lambda c: c.counts["breached"]), MOST_EXCEPTIONS),
        False: level(_by_clause(found, lambda c: c.counts["undetermined"] + c.contested), MOST_OTHERS),
    }
    used: Counter[tuple[str, bool]] = Counter()
    explained: set[int] = set()
    piece = _Piece(out)
    for f in report.findings():
        kinds = kinds_of(f)
        breach = f.verdict == "breached"
        for kind in kinds:
            if len(out.first[kind]) < FIRST_ROWS:
                out.first[kind].append(_short(f, out.note))
        if used[f.clause, breach] >= most[breach] or out.size("findings") >= FINDINGS_BYTES:
            out.left_out += 1
            continue
        used[f.clause, breach] += 1
        out.listed.update(kinds)
        if f.explained:
            explained.add(f.number)
        piece.add(_short(f, out.note))
        if piece.full:
            out.add("findings", piece.deflated(), str(piece.count))
            piece = _Piece(out)
    if piece.count:
        out.add("findings", piece.deflated(), str(piece.count))
    return explained


def _by_clause(found: Iterable[Conclusion], of: Callable[[Conclusion], int]) -> Iterable[int]:
    counts: Counter[str] = Counter()
    for c in found:
        counts[c.clause] += of(c)
    return counts.values()


def _short(f: Finding, note: Note) -> Finding:
    """A finding whose texts are visible and short: as nearly all are."""
    texts = "".join(
        (f.agreement, f.ticket, f.because or "", f.place, *f.missing, *(f.turns or ()), *f.ranked.values())
    )
    if len(texts) <= MOST_ID and texts.isprintable():
        return f

    def cut(text: str, most: int = MOST_ID) -> str:
        return short(text, most, note)

    return f._replace(
        agreement=cut(f.agreement),
        ticket=cut(f.ticket),
        turns=tuple(map(cut, f.turns)) if f.turns is not None else None,
        because=cut(f.because, MOST_REASON) if f.because is not None else None,
        missing=tuple(map(cut, f.missing[:20])),
        ranked={k: cut(v) for k, v in f.ranked.items()},
        place=cut(f.place),
    )


class _Piece:
    """Some findings, and their columns."""

    def __init__(self, out: Packed) -> None:
        self._ranked = out.ranked
        self._rows: list[Finding] = []
        self._size = 0

    @property
    def count(self) -> int:
        return len(self._rows)

    @property
    def full(self) -> bool:
        return self.count >= PIECE_ROWS or self._size >= PIECE_TEXT

    def add(self, f: Finding) -> None:
        self._rows.append(f)
        self._size += len(f.ticket) + len(f.because or "") + len(f.place)

    def deflated(self) -> bytes:
        rows = self._rows
        names: dict[str, list[Any]] = {}
        of: dict[str, list[int]] = {}

        def named(column: str, values: Iterable[Any]) -> None:
            codes: dict[Any, int] = {}
            of[column] = [codes.setdefault(value, len(codes)) for value in values]
            names[column] = list(codes)

        for name in _NAMED:
            named(name, map(attrgetter(name), rows))
        for name in self._ranked:
            named(f"ranked.{name}", (f.ranked.get(name) for f in rows))
        places = [_place(f.place) for f in rows]
        named("file", (file for file, _ in places))
        at, offset = _instants(rows, names)
        return _deflated(
            {
                "count": self.count,
                "text": {name: [getattr(f, name) for f in rows] for name in _TEXT},
                "names": names,
                "of": of,
                "at": at,
                "offset": offset,
                "whole": {
                    "number": _steps([f.number for f in rows]),
                    "line": _steps([line for _, line in places]),
                    "margin_s": [f.margin_s for f in rows],
                    "late_s": [f.late_s for f in rows],
                    "contested": [int(f.contested) for f in rows],
                    "explained": [int(f.explained) for f in rows],
                },
            }
        )


def _instants(
    rows: list[Finding], names: dict[str, list[Any]]
) -> tuple[dict[str, list[int | None]], dict[str, list[int]]]:
    """The columns of instants and of their offsets; the offsets go into the names."""
    at: dict[str, list[int | None]] = {name: [] for name in _INSTANTS}
    offset: dict[str, list[int]] = {name: [] for name in _INSTANTS}
    offsets: dict[str, int] = {}
    for f in rows:
        base = 0
        for name, text in (("opened", f.opened), ("due", f.due), ("done", f.done)):
            if text is None:
                at[name].append(None)
                offset[name].append(0)
                continue
            seconds, written = _instant(text)
            at[name].append(seconds - base)
            offset[name].append(offsets.setdefault(written, len(offsets)))
            if name == "opened":
                base = seconds
    names["offset"] = list(offsets)
    return at, offset


def _steps(column: list[int | None]) -> list[int | None]:
    """Each number less the one before it: small numbers, which deflate well."""
    out: list[int | None] = []
    before = 0
    for value in column:
        out.append(None if value is None else value - before)
        before = before if value is None else value
    return out


def _place(place: str) -> tuple[str, int | None]:
    file, colon, line = place.rpartition(":")
    return (
        (file, int(line)) if colon and line.isascii() and line.isdigit() and len(line) < 10 else (place, None)
    )


def _instant(text: str) -> tuple[int, str]:
    """Local seconds since 1970, and the offset as it is written: `+01:00`."""
    at = datetime.fromisoformat(text)
    passed = at.replace(tzinfo=None) - _EPOCH
    offset = at.strftime("%z")
    return passed.days * 86_400 + passed.seconds, f"{offset[:3]}:{offset[3:5]}" if offset else ""


# --------------------------------------------------------------------------- explanations
def _explanations(report: Report, out: Packed, kept: set[int]) -> None:
    drawn = _drawn(report, kept)
    together: list[tuple[int, str]] = []
    for e in report.explanations():
        if e.number not in kept or out.size("explanations") >= EXPLANATIONS_BYTES:
            continue
        line = _cut(e.timeline, out.note)
        told = _told(e.explanation, out.note)
        picture = out.draw(e.number, line) if e.number in drawn else ""
        text = _json({"explanation": told, "timeline": line, "picture": picture})
        if len(text) > EXPLANATION_TEXT:
            continue
        together.append((e.number, text))
        if len(together) == EXPLANATIONS_TOGETHER:
            _add_explanations(out, together)
            together = []
    if together:
        _add_explanations(out, together)


def _drawn(report: Report, kept: set[int]) -> set[int]:
    """The findings whose time lines are drawn: those with a clock first."""
    clocked: list[int] = []
    others: list[int] = []
    for e in report.explanations():
        if e.number in kept:
            (clocked if e.timeline["spans"] else others).append(e.number)
    return set([*clocked, *others][:MOST_PICTURES])


def _add_explanations(out: Packed, together: list[tuple[int, str]]) -> None:
    body = "[" + ",".join(text for _, text in together) + "]"
    out.add(
        "explanations",
        zlib.compress(body.encode("ascii"), 6),
        " ".join(str(number) for number, _ in together),
    )
    out.explained += len(together)


MOST_OCCASIONS: Final = 12
"""Occasions of an explanation that are laid open; the one that decides is always among them."""


def _told(e: Mapping[str, Any], note: Note) -> Any:
    """What the page tells of an explanation: the events are on its time line."""
    occasions = [
        {**o, "at": i + 1} for i, o in enumerate(e["occasions"]) if i < MOST_OCCASIONS or i == e["deciding"]
    ]
    told = {k: v for k, v in e.items() if k not in ("events", "severity", "outcomes", "stands_for")}
    stands_for = [
        {k: x[k] for k in ("clause", "verdict", "because") if k in x} for x in e.get("stands_for", ())
    ]
    return _cut(
        {**told, "occasions": occasions, "occasions_in_all": len(e["occasions"]), "stands_for": stands_for},
        note,
    )


def _cut(value: Any, note: Note) -> Any:
    """The same with every text, names too, visible and short."""
    if isinstance(value, str):
        return short(value, MOST, note)
    if isinstance(value, Mapping):
        return {short(str(k), MOST_ID, note): _cut(v, note) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_cut(v, note) for v in value]
    return value


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


def _deflated(value: Any) -> bytes:
    """In the form of zlib, which `DecompressionStream("deflate")` reads and which bears no date."""
    return zlib.compress(_json(value).encode("ascii"), 6)
