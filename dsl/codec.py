"""Checked contract to JSON and back, its published schema, and its digest.

Every node is an object with `is` naming its class; tuples are arrays, dates are ISO text. The mapping is derived from the
dataclasses of `dsl.contract`, so that codec and schema cannot disagree with them.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import types
import typing
from datetime import date
from functools import cache
from typing import Any, TypeVar, Union

from dsl import contract as ir

SCHEMA_VERSION = "1"


class CodecError(ValueError):
    """A JSON document that is no checked contract; the message names the place."""


@cache
def _classes() -> dict[str, type]:
    return {n: c for n, c in vars(ir).items() if dataclasses.is_dataclass(c) and isinstance(c, type)}


@cache
def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls, vars(ir))


def to_json(value: Any) -> Any:
    """Plain JSON values (dict, list, str, int, bool, None) of a checked contract or any node of it."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        out: dict[str, Any] = {"is": type(value).__name__}
        for f in dataclasses.fields(value):
            out[f.name] = to_json(getattr(value, f.name))
        return out
    if isinstance(value, tuple):
        return [to_json(v) for v in value]
    if isinstance(value, date):
        return value.isoformat()
    return value


def dumps(contract: ir.Contract, *, indent: int | None = None) -> str:
    """Canonical JSON text: sorted keys, no spaces unless indented, non-ASCII as it is."""
    separators = (",", ":") if indent is None else (",", ": ")
    return json.dumps(
        to_json(contract), ensure_ascii=False, sort_keys=True, indent=indent, separators=separators
    )


def digest(contract: ir.Contract) -> str:
    """SHA-256 (hex) of what the contract means: its canonical JSON without the places in the policy files."""
    bare = dataclasses.replace(
        contract, clauses=tuple(dataclasses.replace(c, file="", line=0) for c in contract.clauses)
    )
    return hashlib.sha256(dumps(bare).encode()).hexdigest()


def loads(text: str) -> ir.Contract:
    """The checked contract of a JSON text. Raises CodecError naming the place that does not fit."""
    try:
        data = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise CodecError(f"not JSON: {error}") from error
    value = from_json(data)
    if not isinstance(value, ir.Contract):
        raise CodecError("not a contract")
    return value


def from_json(data: Any) -> Any:
    """The node that plain JSON values describe."""
    return _read(data, None, "$")


def _read(data: Any, hint: Any, path: str) -> Any:
    if isinstance(data, dict):
        name = data.get("is")
        cls = _classes().get(name) if isinstance(name, str) else None
        if cls is None:
            raise CodecError(f"{path}: {name!r} is no node of a contract")
        fields = {f.name for f in dataclasses.fields(cls)}
        extra = set(data) - fields - {"is"}
        missing = fields - set(data)
        if extra or missing:
            raise CodecError(f"{path}: {name} has fields {sorted(extra)} too many, {sorted(missing)} missing")
        return cls(**{f: _read(data[f], _hints(cls)[f], f"{path}.{f}") for f in fields})
    if isinstance(data, list):
        return tuple(_read(v, None, f"{path}[{i}]") for i, v in enumerate(data))
    if isinstance(data, str) and _wants_date(hint):
        try:
            return date.fromisoformat(data)
        except ValueError as error:
            raise CodecError(f"{path}: {data!r} is no date") from error
    if data is None or isinstance(data, str | int | bool):
        return data
    raise CodecError(f"{path}: a contract holds no {type(data).__name__}")


def _wants_date(hint: Any) -> bool:
    return hint is date or (_is_union(hint) and date in typing.get_args(hint))


def _is_union(hint: Any) -> bool:
    return typing.get_origin(hint) in (Union, types.UnionType)


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the checked contract."""
    defs = {name: _object_schema(cls) for name, cls in sorted(_classes().items())}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"servanda/contract-{SCHEMA_VERSION}",
        "title": "Servanda checked contract",
        "$ref": "#/$defs/Contract",
        "$defs": defs,
    }


def _object_schema(cls: type) -> dict[str, Any]:
    hints = _hints(cls)
    properties: dict[str, Any] = {"is": {"const": cls.__name__}}
    for f in dataclasses.fields(cls):
        properties[f.name] = _type_schema(hints[f.name])
    doc = (cls.__doc__ or "").strip().splitlines()[0]
    return {
        "type": "object",
        "description": doc,
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _type_schema(hint: Any) -> dict[str, Any]:
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if hint is type(None):
        return {"type": "null"}
    if hint is bool:
        return {"type": "boolean"}
    if hint is int:
        return {"type": "integer"}
    if hint is str:
        return {"type": "string"}
    if hint is date:
        return {"type": "string", "format": "date"}
    if origin is typing.Literal:
        return {"enum": list(args)}
    if isinstance(hint, TypeVar):
        return {"type": "object", "required": ["is"]}
    if _is_union(hint):
        return {"anyOf": [_type_schema(a) for a in args]}
    if origin is tuple:
        if len(args) == 2 and args[1] is Ellipsis:
            return {"type": "array", "items": _type_schema(args[0])}
        return {
            "type": "array",
            "prefixItems": [_type_schema(a) for a in args],
            "items": False,
            "minItems": len(args),
        }
    if dataclasses.is_dataclass(origin):
        return _generic_schema(typing.cast(type, origin), args[0])
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return {"$ref": f"#/$defs/{hint.__name__}"}
    raise TypeError(f"no schema for {hint!r}")


def _generic_schema(origin: type, arg: Any) -> dict[str, Any]:
    """`Line[X]` and its kin: the generic object, its content left to the reader, plus what X allows directly."""
    return {"$ref": f"#/$defs/{origin.__name__}"}
