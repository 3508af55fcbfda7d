"""JSON values to the nodes of a checked contract, by a reader made once for each type.

A reader takes a value that fits its type to the last field, and raises `Misfit` for any other, without a word: what does not
fit, and where, is said by `dsl.codec`, which then looks again.
"""

from __future__ import annotations

import dataclasses
import sys
import types
import typing
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any, TypeVar, Union

from dsl import contract as ir

Reader = Callable[[Any], Any]


class Misfit(Exception):
    """A value that is not of the type that its place asks for."""


@cache
def types_of(cls: type) -> dict[str, Any]:
    """The types of a class's fields, by name."""
    return typing.get_type_hints(cls, {**vars(ir), **vars(sys.modules[cls.__module__])})


@cache
def field_names(cls: type) -> tuple[str, ...]:
    """The fields of a class of the checked contract; none of any other class."""
    return tuple(f.name for f in dataclasses.fields(cls)) if dataclasses.is_dataclass(cls) else ()


def is_union(hint: Any) -> bool:
    """Whether a type is a choice of types."""
    return typing.get_origin(hint) in (Union, types.UnionType)


def variables(cls: type) -> tuple[Any, ...]:
    """The type variables of a generic class."""
    return typing.cast("tuple[Any, ...]", getattr(cls, "__parameters__", ()))


def contract_of(data: Any) -> ir.Contract:
    """The contract that plain JSON values describe, names unresolved. Raises Misfit, or RecursionError where it is too deep."""
    try:
        return typing.cast(ir.Contract, reader(ir.Contract)(data))
    except (KeyError, TypeError, AttributeError) as error:
        raise Misfit from error


@cache
def reader(hint: Any) -> Reader:
    """The reader of a type: one of ours, with its variables filled, or one that their fields have."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if is_union(hint):
        return _choice(args)
    if origin is tuple:
        return _tuple(args)
    if origin is typing.Literal:
        return _literal(args)
    if dataclasses.is_dataclass(origin or hint):
        return _object(typing.cast(type, origin or hint), args)
    return _date if hint is date else _plain(hint)


def _plain(kind: type) -> Reader:
    def read(data: Any) -> Any:
        if type(data) is not kind:
            raise Misfit
        return data

    return read


def _date(data: Any) -> date:
    try:
        value = date.fromisoformat(data)
    except ValueError:
        raise Misfit from None
    if value.isoformat() != data:
        raise Misfit
    return value


def _literal(args: tuple[Any, ...]) -> Reader:
    def read(data: Any) -> Any:
        if type(data) is not str or data not in args:
            raise Misfit
        return data

    return read


def _tuple(args: tuple[Any, ...]) -> Reader:
    if len(args) == 2 and args[1] is Ellipsis:
        one = reader(args[0])

        def read_all(data: Any) -> Any:
            if type(data) is not list:
                raise Misfit
            return tuple([one(each) for each in data]) if data else ()

        return read_all
    parts = tuple(reader(each) for each in args)

    def read_each(data: Any) -> Any:
        if type(data) is not list or len(data) != len(parts):
            raise Misfit
        return tuple([read(each) for read, each in zip(parts, data, strict=True)])

    return read_each


def _choice(args: tuple[Any, ...]) -> Reader:
    """Which of several types is meant shows in the name of the class, or in the kind of JSON value."""
    classes: dict[str, Reader] = {}
    others: dict[type, Reader] = {}
    for hint in args:
        cls = typing.get_origin(hint) or hint
        if dataclasses.is_dataclass(cls):
            classes[typing.cast(type, cls).__name__] = reader(hint)
        else:
            others.setdefault({tuple: list, date: str}.get(cls, cls), reader(hint))

    def read(data: Any) -> Any:
        if type(data) is dict:
            return classes[data["is"]](data)
        return others[type(data)](data)

    return read


def _object(cls: type, args: tuple[Any, ...]) -> Reader:
    name, size = cls.__name__, len(dataclasses.fields(cls)) + 1
    parts: list[tuple[str, Reader]] = []

    def read(data: Any) -> Any:
        if type(data) is not dict or len(data) != size or data["is"] != name:
            raise Misfit
        if not parts:
            # Only now: a class may hold itself, and most classes stand in no one contract.
            parts.extend(_fields(cls, args))
        return cls(*[part(data[field]) for field, part in parts])

    return read


def _fields(cls: type, args: tuple[Any, ...]) -> list[tuple[str, Reader]]:
    bound = dict(zip(variables(cls), args, strict=True)) if args else {}
    known = types_of(cls)
    return [(name, reader(_filled(known[name], bound))) for name in field_names(cls)]


def _filled(hint: Any, bound: Mapping[Any, Any]) -> Any:
    """A type with what its variables stand for."""
    if isinstance(hint, TypeVar):
        return bound[hint]
    wanted = getattr(hint, "__parameters__", ())
    return hint[tuple(bound[each] for each in wanted)] if wanted and bound else hint
