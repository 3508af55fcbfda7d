"""Exit codes, and how a fault ends a command: one message on standard error, never a traceback."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn, TypeVar

import click

from checker.record.model import Fault
from dsl.diagnostics import ContractError

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
