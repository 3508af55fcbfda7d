"""The columns of a table of agreements: which fact, or which field of one, each column sets.

A name with points goes into a fact (`hours.from`). A fact that the vocabulary has as a list, or whose name ends in `[]`,
takes an entry from each row (`rates.name`, `rates[].name`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

from checker.record.cells import typed
from checker.record.facts import FORMAT_KEYS
from checker.record.flaws import Flaw, Path, instead_of, show
from checker.record.model import Fault, Place, Value
from checker.record.values import name
from checker.record.words import Words
from checker.record.yaml_text import as_json, documents, plain

Steps = tuple[str, ...]
Shapes = Mapping[Steps, str]
"""The type of each fact and of what is in it, by its path; an entry of a list is the step ""."""

_FORMAT: Final[Shapes] = {
    **{(key,): "string" for key in ("agreement", "contract", "time_zone", "country")},
    **{(key,): "list" for key in ("open_dates", "closed_dates", "records_missing", "gaps")},
    **{(key, ""): "string" for key in ("open_dates", "closed_dates", "records_missing")},
    ("gaps", ""): "map",
    ("gaps", "", "from"): "instant",
    ("gaps", "", "to"): "instant",
}
_LIST: Final = "[]"


@dataclass(frozen=True, slots=True)
class TableNames:
    """What a table's own headings mean, and the facts that all of its agreements have unless a row says otherwise.

    `columns`: the name of a heading in the table form; None: the column is not read. `file` is where that is written.
    """

    columns: Mapping[str, str | None] = field(default_factory=dict)
    facts: Mapping[str, object] = field(default_factory=dict)
    file: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, the fact that it sets, and the type of its cells ("": as written).

    `inner` is None for a fact outside a list; else the field of an entry, () where the cell is the entry.
    """

    title: str
    outer: Steps
    inner: Steps | None
    kind: str

    @property
    def path(self) -> Steps:
        """The path of the fact, with the step "" for an entry."""
        return self.outer if self.inner is None else (*self.outer, "", *self.inner)

    def value(self, cell: object, *, own: bool = True) -> object:
        """What a cell stands for; `own`: the agreement is under the contract whose words give the types.

        Raises:
            Flaw: the cell does not hold the type.
        """
        if not isinstance(cell, str):
            return cell
        kind = self.kind if own or self.path in _FORMAT else ""
        if cell[0] in "[{" and (kind in ("list", "map", "") or (self.inner == () and cell[0] == "[")):
            return _flow(cell, (self.title,))
        if kind in ("list", "map"):
            what, remedy = (
                ("a list", "[a, b]")
                if kind == "list"
                else ("a mapping", "{name: value}, or name.field columns")
            )
            raise Flaw((self.title,), show(cell), f"{what} is due", f"write {remedy}")
        if kind in ("bool", "int", "number"):
            whole = kind == "number" and cell.strip().isdecimal()
            return typed(cell, "int" if whole else kind, (self.title,))
        return cell if kind else _plain(cell, (self.title,))


def columns_of(
    header: Sequence[str], at: Callable[[int], Place], words: Words | None, names: TableNames
) -> list[Column | None]:
    """What each column of a table sets; None for one that is not read. `at` gives the place of a heading.

    Raises:
        Fault: a needed column is missing, two columns set the same, or a name is none.
    """
    shapes = {**(words.facts if words is not None else {}), **_FORMAT}
    out: list[Column | None] = []
    for i, title in enumerate(header):
        target = names.columns.get(title, title)
        if title in header[:i]:
            raise Fault(at(i), "the column occurs twice", show(title), "give each column a name of its own")
        try:
            out.append(None if target is None else _column(title, target, shapes))
        except Flaw as flaw:
            raise Fault(at(i), flaw.reason, flaw.found, flaw.remedy) from None
    _check_needed(header, at, out, names)
    _check_apart(out, at)
    return out


def _column(title: str, target: str, shapes: Shapes) -> Column:
    outer: list[str] = []
    inner: list[str] | None = None
    known: Steps = ()
    steps = target.split(".")
    for i, step in enumerate(steps):
        word = name(step.removesuffix(_LIST), (title,), "the column's name" if len(steps) == 1 else "a part")
        known = (*known, word)
        (outer if inner is None else inner).append(word)
        if not step.endswith(_LIST) and shapes.get(known) != "list":
            continue
        if inner is None:
            inner, known = [], (*known, "")
        elif i + 1 < len(steps):
            reason = "a list inside an entry has no columns of its own"
            raise Flaw((), show(title), reason, f"write {'.'.join(steps[: i + 1])}, and in its cells [a, b]")
    if outer[0] == "events":
        remedy = "write them in the log, with the agreement and no ticket"
        raise Flaw((), show(title), "events do not stand in a table of agreements", remedy)
    return Column(title, tuple(outer), None if inner is None else tuple(inner), shapes.get(known, ""))


def _check_needed(
    header: Sequence[str], at: Callable[[int], Place], found: Sequence[Column | None], names: TableNames
) -> None:
    shown = f"columns {', '.join(header[:12])}" + (" …" if len(header) > 12 else "")
    for title in names.columns:
        if title not in header:
            reason = f"the column {title}, which {names.file} names, is missing"
            raise Fault(at(0), reason, shown, instead_of(title, header) or "correct one of the two")
    for key in ("agreement", "contract"):
        if (key == "contract" and key in names.facts) or any(
            column is not None and column.outer == (key,) for column in found
        ):
            continue
        near = instead_of(key, [title for title in header if title not in FORMAT_KEYS])
        remedy = near or ("name the agreement in each row" if key == "agreement" else "name it in each row")
        raise Fault(at(0), f"the column {key} is missing", shown, remedy)


def _check_apart(found: Sequence[Column | None], at: Callable[[int], Place]) -> None:
    """No two columns set the same fact, or one a fact and the other something in it."""
    for (_, first), (j, second) in combinations(enumerate(found), 2):
        if first is None or second is None or first.outer[0] != second.outer[0]:
            continue
        short, long = sorted((first.path, second.path), key=len)
        # A fact is either a list or not: `rates[].name` and `rates.name` do not go together.
        mixed = any(
            one.inner is not None
            and _starts(other.path, one.outer)
            and not _starts(other.path, (*one.outer, ""))
            for one, other in ((first, second), (second, first))
        )
        if _starts(long, short) or mixed:
            reason = f"the columns {first.title} and {second.title} set the same fact"
            raise Fault(at(j), reason, show(second.title), "leave one of them out")


def _starts(long: Steps, short: Steps) -> bool:
    return long[: len(short)] == short


def _flow(cell: str, path: Path) -> object:
    """A list or a mapping in a cell, written as in YAML."""
    try:
        return as_json(cell)
    except ValueError:
        pass
    try:
        (document,) = documents(cell, "")
    except Fault as fault:
        raise Flaw(path, fault.found or show(cell), fault.message, fault.remedy) from None
    return document.value


def _plain(cell: str, path: Path) -> Value:
    try:
        return plain(cell)
    except Flaw as flaw:
        raise Flaw(path, flaw.found, flaw.reason, "write it as another word") from None
