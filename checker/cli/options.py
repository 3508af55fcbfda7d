"""Options that commands share. They are declared without what they become (see `checker.cli.inputs`), which takes longer to load."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


_OPTIONS = {
    "contract": click.option(
        "--contract", "contract", required=True, metavar="NAME|FILE|FOLDER", help="the contract"
    ),
    "agreements": click.option(
        "--agreements",
        multiple=True,
        required=True,
        type=click.Path(path_type=Path),
        help="agreements: YAML, CSV or Parquet (several files: repeat)",
    ),
    "agreement_mapping": click.option(
        "--agreement-mapping",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="what the columns of a table of agreements mean",
    ),
    "tickets": click.option(
        "--tickets",
        multiple=True,
        required=True,
        type=click.Path(path_type=Path),
        help="ticket histories (several files: repeat)",
    ),
    "mapping": click.option("--mapping", metavar="NAME|FILE", help="how an export becomes histories"),
    "assume": click.option(
        "--assume", multiple=True, metavar="NAME=VALUE", help="set a named assumption of the mapping"
    ),
    "as_of": click.option("--as-of", metavar="INSTANT", help="the audit instant, ISO 8601 with offset"),
    "reading": click.option(
        "--reading",
        multiple=True,
        metavar="AMBIGUITY=READING",
        help="read an ambiguity otherwise than recommended",
    ),
    "clause": click.option(
        "--clause", multiple=True, metavar="GLOB", help="only these clauses (several: repeat)"
    ),
}


def audit_options(command: F) -> F:
    """--contract, --agreements, --agreement-mapping, --tickets, --mapping, --assume, --as-of, --reading, --clause."""
    return options(*_OPTIONS)(command)


def audit_options_or_none(command: F) -> F:
    """The same, none of them required: for a command that may find what was asked for elsewhere."""
    own = list(vars(command).get("__click_params__", ()))
    command = audit_options(command)
    for option in vars(command)["__click_params__"]:
        if option not in own:
            option.required = False
    return command


def options(*names: str) -> Callable[[F], F]:
    """Some of them, in this order."""

    def add(command: F) -> F:
        for name in reversed(names):
            command = _OPTIONS[name](command)
        return command

    return add
