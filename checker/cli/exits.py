"""Exit codes, and how a fault ends a command: one message on standard error, never a traceback."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from checker.interpret.verdicts import Verdict
from checker.record.model import Fault
from dsl.diagnostics import ContractError

if TYPE_CHECKING:
    from checker.audit.run import Tally

KEPT = 0
BREACHED = 1
FAULT = 2
UNDETERMINED = 3
NOTHING_APPLIES = 4

F = TypeVar("F", bound=Callable[..., Any])


def say(text: str) -> None:
    """A message on standard error."""
    click.echo(text, err=True)


def leave(code: int) -> NoReturn:
    """End the command with this exit code."""
    sys.stdout.flush()
    raise SystemExit(code)


def exit_code(tally: Tally, fail_on: str | None) -> int:
    """How an audit ends. `fail_on`: `undetermined`, or None."""
    if tally.total(Verdict.BREACHED):
        return BREACHED
    if fail_on == "undetermined" and tally.total(Verdict.UNDETERMINED):
        return UNDETERMINED
    total = sum(sum(c.values()) for c in tally.by_clause.values())
    if total == tally.total(Verdict.NOT_APPLICABLE):
        return NOTHING_APPLIES
    return KEPT


def guarded(command: F) -> F:
    """Turn faults of contracts, files and options into one clear message and exit code 2."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except ContractError as error:
            say(error.render())
            count = len(error.diagnostics)
            say(f"\n{count} error{'s' if count != 1 else ''}: the contract cannot be used")
            leave(FAULT)
        except Fault as fault:
            say(f"error: {fault}")
            leave(FAULT)
        except BrokenPipeError:
            leave(FAULT)
        except OSError as error:
            say(f"error: {error.filename or ''}: {error.strerror}")
            leave(FAULT)

    return run  # type: ignore[return-value]
