"""Checked contract to JSON and back, its published schema, and its digest.

Every node is an object with `is` naming its class; tuples are arrays, dates are ISO text. The mapping is derived from the
dataclasses of `dsl.contract`, so that codec and schema cannot disagree with them.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import typing
from collections.abc import Callable
from datetime import date
from functools import cache
from json.encoder import encode_basestring
from operator import attrgetter
from typing import Any, TypeVar

from dsl import contract as ir
from dsl.readers import Misfit, contract_of, is_union, types_of, variables
from dsl.resolve import unresolved

SCHEMA_VERSION = "1"


class CodecError(ValueError):
    """A JSON document that is no checked contract; the message names the place."""


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
    if indent is None:
        return _text(contract)
    return json.dumps(to_json(contract), ensure_ascii=False, sort_keys=True, indent=indent)


def _text(value: Any) -> str:
    """What `json.dumps` makes of `to_json(value)`, without making the values in between."""
    kind: Any = type(value)
    if kind is str:
        return encode_basestring(value)
    if kind is tuple:
        return f"[{','.join([_text(v) for v in value])}]" if value else "[]"
    if value is None:
        return "null"
    frame = _frame(kind)
    if frame is not None:
        return frame[0] % tuple([_text(v) for v in frame[1](value)])
    return json.dumps(to_json(value), ensure_ascii=False)


@cache
def _frame(cls: type) -> tuple[str, Callable[[Any], tuple[Any, ...]]] | None:
    """The object of a class with its keys in order and a place for each field, and the fields in that order."""
    if not dataclasses.is_dataclass(cls):
        return None
    names = sorted(f.name for f in dataclasses.fields(cls))
    keys = sorted([*names, "is"])
    places = [f'"is":"{cls.__name__}"' if key == "is" else f'"{key}":%s' for key in keys]
    got = attrgetter(*names) if names else lambda value: ()
    return f"{{{','.join(places)}}}", got if len(names) != 1 else lambda value: (got(value),)


def digest(contract: ir.Contract) -> str:
    """SHA-256 (hex) of what the contract means: its canonical JSON without the places in the policy files."""
    bare = dataclasses.replace(
        contract, clauses=tuple(dataclasses.replace(c, file="", line=0) for c in contract.clauses)
    )
    return hashlib.sha256(dumps(bare).encode()).hexdigest()


def loads(text: str) -> ir.Contract:
    """The checked contract of a JSON text. Raises CodecError naming the place that does not fit, or the name that means nothing."""
    try:
        value = from_json(json.loads(text, object_pairs_hook=_once))
    except json.JSONDecodeError as error:
        raise CodecError(f"not JSON: {error}") from error
    except RecursionError as error:
        raise CodecError("nested deeper than a contract can be") from error
    wrong = unresolved(value)
    if wrong is not None:
        raise CodecError(wrong)
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise CodecError(
            f"the field {next(n for n in names if names.count(n) > 1)!r} stands twice in one object"
        )
    return found


def from_json(data: Any) -> ir.Contract:
    """The contract that plain JSON values describe, every value of the type that its place asks for; names unresolved."""
    try:
        return contract_of(data)
    except Misfit:
        # Slower, and says what does not fit, and where.
        return typing.cast(ir.Contract, _read(data, ir.Contract, {}, "$"))


_Bound = dict[Any, Any]
"""What the type variable of a generic class stands for."""


def _read(data: Any, hint: Any, bound: _Bound, path: str) -> Any:
    hint = bound.get(hint, hint) if isinstance(hint, TypeVar) else hint
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if is_union(hint):
        return _read_union(data, args, bound, path)
    if origin is tuple:
        return _read_tuple(data, args, bound, path)
    if origin is typing.Literal:
        if isinstance(data, str) and data in args:
            return data
        raise CodecError(f"{path}: {_shown(data)} is none of {', '.join(args)}")
    cls = origin or hint
    if dataclasses.is_dataclass(cls):
        return _read_object(data, typing.cast(type, cls), args, bound, path)
    if hint is date and isinstance(data, str):
        return _read_date(data, path)
    if hint is type(None) and data is None:
        return None
    if hint in (str, int, bool) and type(data) is hint:
        return data
    raise CodecError(f"{path}: {_shown(data)} is no {'null' if hint is type(None) else hint.__name__}")


def _read_union(data: Any, hints: tuple[Any, ...], bound: _Bound, path: str) -> Any:
    """The one alternative whose kind of JSON value, or class, the data names."""
    if data is None and type(None) in hints:
        return None
    if isinstance(data, dict):
        classes = {_class_of(h).__name__: h for h in hints if dataclasses.is_dataclass(_class_of(h))}
        name = data.get("is")
        if isinstance(name, str) and name in classes:
            return _read(data, classes[name], bound, path)
        if classes:
            raise CodecError(f"{path}: {_shown(name)} is none of {', '.join(sorted(classes))}")
    for hint in hints:
        takes = tuple if typing.get_origin(hint) is tuple else str if hint is date else hint
        if takes is (tuple if isinstance(data, list) else type(data)):
            return _read(data, hint, bound, path)
    raise CodecError(f"{path}: no value of this kind stands here: {_shown(data)}")


def _class_of(hint: Any) -> Any:
    return typing.get_origin(hint) or hint


def _read_tuple(data: Any, args: tuple[Any, ...], bound: _Bound, path: str) -> tuple[Any, ...]:
    if not isinstance(data, list):
        raise CodecError(f"{path}: {_shown(data)} is no array")
    if len(args) == 2 and args[1] is Ellipsis:
        hints = args[:1] * len(data)
    elif len(args) == len(data):
        hints = args
    else:
        raise CodecError(f"{path}: {len(data)} values where {len(args)} are due")
    return tuple(_read(v, h, bound, f"{path}[{i}]") for i, (v, h) in enumerate(zip(data, hints, strict=True)))


def _read_object(data: Any, cls: type, args: tuple[Any, ...], bound: _Bound, path: str) -> Any:
    if not isinstance(data, dict) or data.get("is") != cls.__name__:
        found = data.get("is") if isinstance(data, dict) else data
        raise CodecError(f"{path}: {_shown(found)} where {cls.__name__} is due")
    fields = {f.name for f in dataclasses.fields(cls)}
    extra, missing = set(data) - fields - {"is"}, fields - set(data)
    if extra or missing:
        raise CodecError(
            f"{path}: {cls.__name__} has fields {sorted(extra)} too many, {sorted(missing)} missing"
        )
    inner = {t: bound.get(a, a) for t, a in zip(variables(cls), args, strict=True)} if args else {}
    known = types_of(cls)
    return cls(**{f: _read(data[f], known[f], inner, f"{path}.{f}") for f in sorted(fields)})


def _read_date(data: str, path: str) -> date:
    try:
        value = date.fromisoformat(data)
    except ValueError:
        value = None
    if value is None or value.isoformat() != data:
        raise CodecError(f"{path}: {data!r} is no date")
    return value


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else f"{text[:40]}…"


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the checked contract."""
    defs: dict[str, Any] = {}
    root = _type_schema(ir.Contract, {}, defs)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"servanda/contract-{SCHEMA_VERSION}",
        "title": "Servanda checked contract",
        **root,
        "$defs": dict(sorted(defs.items())),
    }


def _object_schema(cls: type, args: tuple[Any, ...], defs: dict[str, Any]) -> dict[str, Any]:
    """A reference to the definition of a class; a generic one has a definition for each type that it holds."""
    name = "-of-".join([cls.__name__, *(_union_name(a) for a in args)])
    if name not in defs:
        defs[name] = {}  # a class may hold itself
        bound = dict(zip(variables(cls), args, strict=True)) if args else {}
        known = types_of(cls)
        properties: dict[str, Any] = {"is": {"const": cls.__name__}}
        for f in dataclasses.fields(cls):
            properties[f.name] = _type_schema(known[f.name], bound, defs)
        defs[name] = {
            "type": "object",
            "description": (cls.__doc__ or "").strip().splitlines()[0],
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        }
    return {"$ref": f"#/$defs/{name}"}


def _union_name(hint: Any) -> str:
    """The name of a union in the module of the contract, or the names of its members."""
    if not is_union(hint):
        return str(_class_of(hint).__name__)
    alias = next((n for n, v in vars(ir).items() if is_union(v) and v == hint), None)
    return alias or "-or-".join(sorted(_class_of(a).__name__ for a in typing.get_args(hint)))


_PLAIN: dict[Any, dict[str, Any]] = {
    type(None): {"type": "null"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    str: {"type": "string"},
    date: {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
}


def _type_schema(hint: Any, bound: _Bound, defs: dict[str, Any]) -> dict[str, Any]:
    hint = bound.get(hint, hint) if isinstance(hint, TypeVar) else hint
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if hint in _PLAIN:
        return dict(_PLAIN[hint])
    if origin is typing.Literal:
        return {"enum": list(args)}
    if is_union(hint):
        return {"anyOf": [_type_schema(a, bound, defs) for a in args]}
    if origin is tuple:
        if len(args) == 2 and args[1] is Ellipsis:
            return {"type": "array", "items": _type_schema(args[0], bound, defs)}
        items = [_type_schema(a, bound, defs) for a in args]
        return {"type": "array", "prefixItems": items, "items": False, "minItems": len(args)}
    cls = _class_of(hint)
    if dataclasses.is_dataclass(cls):
        return _object_schema(typing.cast(type, cls), tuple(bound.get(a, a) for a in args), defs)
    raise TypeError(f"no schema for {hint!r}")
