"""Whether the log of an audit is read straight into columns; what that needs is loaded where it is."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from checker.audit.library import vocabulary
from checker.audit.words import words_of
from checker.cli import inputs as shared
from checker.cli.first_look import possible

if TYPE_CHECKING:
    from checker.batch.exported import Exported
    from checker.batch.held import Held
    from checker.batch.straight import Given, Straight
    from checker.columnar.log import LookedAt


def straight_of(
    got: shared.Inputs,
    tickets: tuple[Path, ...],
    engine: str,
    format_: str,
    layout: str,
    partition: int | None,
    also: Collection[str] = (),
    looked_at: LookedAt = MappingProxyType({}),
) -> Straight | None:
    """An audit whose log is read while it is judged, where it can be had so. See `checker.batch.straight.straight`."""
    if not possible(engine, format_, layout, tickets):
        return None
    from checker.batch.straight import straight

    return straight(_given(got, tickets, looked_at), engine, partition, also)


def held_of(
    got: shared.Inputs,
    tickets: tuple[Path, ...],
    engine: str,
    format_: str,
    layout: str,
    also: Collection[str] = (),
    looked_at: LookedAt = MappingProxyType({}),
    *,
    shown: bool = False,
) -> Held | None:
    """An audit whose log is held in columns, where it can be had so. See `checker.batch.held.held`."""
    if not possible(engine, format_, layout, tickets):
        return None
    from checker.batch.held import held

    return held(_given(got, tickets, looked_at), engine, also, shown=shown)


def _given(got: shared.Inputs, tickets: tuple[Path, ...], looked_at: LookedAt) -> Given:
    from checker.batch.straight import Given

    return Given(
        got.contract,
        got.agreements,
        tickets,
        got.now,
        got.readings,
        got.clauses,
        words_of(vocabulary(), got.contract),
        shared.attribute_types(),
        looked_at,
    )


def exported_of(
    got: shared.Inputs, tickets: tuple[Path, ...], mapping: str, engine: str, format_: str, layout: str
) -> Exported | None:
    """An audit whose export is read into columns, where it can be had so. See `checker.batch.exported.exported`."""
    if not possible(engine, format_, layout, tickets):
        return None
    from checker.batch.exported import Given, exported

    words = words_of(vocabulary(), got.contract)
    given = Given(got.contract, got.agreements, got.now, got.readings, got.clauses, words)
    return exported(given, shared.rules_of(mapping, got.assumed, contract=got.contract), tickets, engine)
