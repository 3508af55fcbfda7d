"""Figures as plain data and back, and the JSON Schema of a report: both follow from the model's types, so that they cannot differ."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal, TypeVar, get_args, get_origin

from checker.report.model import FORMAT, Figures
from checker.report.rows import Explained, Finding

T = TypeVar("T")


def as_data(value: Any) -> Any:
    """Plain JSON values of figures, or of any part of them."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: as_data(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {k: as_data(v) for k, v in value._asdict().items()}
    if isinstance(value, list | tuple):
        return [as_data(v) for v in value]
    if isinstance(value, Mapping):
        return {k: as_data(v) for k, v in value.items()}
    return value


def leaves(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Nested plain data as the ways to its values, `log[1].sha256`, and these as text; nothing for null."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from leaves(inner, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list | tuple):
        for n, inner in enumerate(value, 1):
            yield from leaves(inner, f"{name}[{n}]")
    elif value is not None:
        yield name, str(value)


def of_data(kind: type[T], data: Any) -> T:
    """What `as_data` made plain."""
    made: T = _made(kind, data)
    return made


def _made(kind: Any, data: Any) -> Any:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (typing.Union, types.UnionType):
        if data is None:
            return None
        return _made(next(k for k in inner if k is not type(None)), data)
    if origin is tuple:
        if len(inner) == 2 and inner[1] is Ellipsis:
            return tuple(_made(inner[0], each) for each in data)
        return tuple(_made(k, each) for k, each in zip(inner, data, strict=True))
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return kind(**{name: _made(of, data[name]) for name, of in _fields(kind).items()})
    if isinstance(kind, type) and hasattr(kind, "_fields"):
        return kind(**{name: _made(of, data[name]) for name, of in _fields(kind).items()})
    return data


@cache
def _fields(kind: Any) -> dict[str, Any]:
    """The fields of a class of the model, with their types."""
    hints = typing.get_type_hints(kind)
    names = kind._fields if hasattr(kind, "_fields") else [f.name for f in dataclasses.fields(kind)]
    return {name: hints[name] for name in names}


# --------------------------------------------------------------------------- the schema
def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a report as JSON."""
    defs: dict[str, Any] = {}
    figures = _schema_of(Figures, defs)
    out = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A report of Servanda",
        "description": f"Format {FORMAT}. The figures, then the rows, in the order of the record.",
        "type": "object",
        "properties": {
            "figures": figures,
            "set_aside": {"type": "array", "items": {"type": "object"}},
            "findings": {"type": "array", "items": _schema_of(Finding, defs)},
            "explanations": {"type": "array", "items": _schema_of(Explained, defs)},
        },
        "required": ["figures", "set_aside", "findings", "explanations"],
        "additionalProperties": False,
    }
    out["$defs"] = dict(sorted(defs.items()))
    return out


_PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}


def _schema_of(kind: Any, defs: dict[str, Any]) -> dict[str, Any]:
    origin, inner = get_origin(kind), get_args(kind)
    if kind is Any:
        return {}
    if kind in _PLAIN:
        return {"type": _PLAIN[kind]}
    if origin is Literal:
        return {"enum": list(inner)}
    if origin in (typing.Union, types.UnionType):
        return {"anyOf": [_schema_of(k, defs) for k in inner]}
    if origin is tuple and len(inner) == 2 and inner[1] is Ellipsis:
        return {"type": "array", "items": _schema_of(inner[0], defs)}
    if origin is tuple:
        parts = [_schema_of(k, defs) for k in inner]
        return {"type": "array", "prefixItems": parts, "minItems": len(parts), "maxItems": len(parts)}
    if origin is not None and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _schema_of(inner[1], defs)}
    name = kind.__name__
    if name not in defs:
        defs[name] = {}
        fields = _fields(kind)
        defs[name] = {
            "description": " ".join((kind.__doc__ or "").split()),
            "type": "object",
            "properties": {k: _schema_of(of, defs) for k, of in fields.items()},
            "required": list(fields),
            "additionalProperties": False,
        }
    return {"$ref": f"#/$defs/{name}"}
