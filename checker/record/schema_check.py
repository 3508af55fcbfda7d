"""The published JSON Schemas, and the first thing that breaks one, said in words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final, cast

from checker.record.flaws import Flaw, Path, did_you_mean, instead_of, one_of, show
from checker.record.values import kind_of

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

SCHEMAS: Final = ("agreement", "agreement-mapping", "history", "log", "mapping", "ticket")
"""The names of the schemas in `schemas/`."""

_KINDS: Final = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}


@cache
def schema(name: str) -> dict[str, Any]:
    """A published schema by its name, such as `ticket`."""
    text = resources.files("checker.record").joinpath("schemas", f"{name}.json").read_text(encoding="utf-8")
    return cast("dict[str, Any]", json.loads(text))


@cache
def validator(name: str) -> Draft202012Validator:
    """A validator of a published schema."""
    # Dear to load, and needed only where something is held against a schema.
    from jsonschema import Draft202012Validator

    return Draft202012Validator(schema(name))


def check(instance: object, name: str) -> None:
    """Check a value against a published schema.

    Raises:
        Flaw: the most telling of the things that break it.
    """
    errors = list(validator(name).iter_errors(instance))
    if errors:
        raise _flaw(_deepest(errors))


def _deepest(errors: Iterable[ValidationError]) -> ValidationError:
    """Down into alternatives: the branch that was meant, and what is wrong deepest inside it."""
    chosen = max(errors, key=lambda e: (len(e.absolute_path), e.validator != "oneOf"))
    while chosen.context:
        branches: dict[object, list[ValidationError]] = {}
        for error in chosen.context:
            branches.setdefault(error.schema_path[0] if error.schema_path else 0, []).append(error)
        # The branch meant is the one with the fewest complaints about its very shape.
        best = min(
            branches.values(), key=lambda found: (sum(_wrong_branch(e) for e in found), -_reach(found))
        )
        chosen = max(best, key=lambda e: (len(e.absolute_path), not _wrong_branch(e)))
    return chosen


def _wrong_branch(error: ValidationError) -> bool:
    return error.validator in ("type", "const", "required") and not error.path


def _reach(errors: list[ValidationError]) -> int:
    return max(len(error.absolute_path) for error in errors)


def _flaw(error: ValidationError) -> Flaw:
    path: Path = tuple(cast("Iterable[str | int]", error.absolute_path))
    found: Any = error.instance
    rule: Any = error.validator_value
    schema: Mapping[str, Any] = error.schema if isinstance(error.schema, Mapping) else {}
    match error.validator:
        case "additionalProperties":
            known = sorted(schema.get("properties", {}))
            extra = sorted(str(key) for key in found if key not in known)[0]
            return Flaw(
                (*path, extra),
                "",
                f"unknown key {show(extra)}",
                did_you_mean(extra, known) or f"write {one_of(known)}",
            )
        case "required":
            key = next(str(each) for each in rule if each not in found)
            return Flaw(path, "", f"{key} is missing", instead_of(key, found) or f"write {key}")
        case "enum":
            words = [each if isinstance(each, str) else show(each) for each in rule]
            hint = did_you_mean(found, words) if isinstance(found, str) else ""
            return Flaw(
                path, show(found), "not one of the words allowed here", hint or f"write {one_of(words)}"
            )
        case "const":
            return Flaw(path, show(found), "not the word allowed here", f"write {rule}")
        case "type":
            kinds = [_KINDS[each] for each in ([rule] if isinstance(rule, str) else rule)]
            needed = schema.get("required") if "object" in rule else None
            remedy = f"write {one_of(kinds)}" + (f" with {', '.join(needed)}" if needed else "")
            return Flaw(path, show(found), f"{kind_of(found)}, not {one_of(kinds)}", remedy)
        case "minItems" | "minProperties" | "minLength":
            return Flaw(path, show(found), "empty", "write at least one")
        case "uniqueItems":
            return Flaw(path, show(found), "a word occurs twice", "write it once")
        case "oneOf" if "required" in str(rule):
            keys = [each["required"][0] for each in rule if "required" in each]
            return Flaw(
                path, show(found), "not exactly one of the ways to say it", f"write one of {one_of(keys)}"
            )
        case "pattern":
            return Flaw(path, show(found), "not a name", "no blank at either end, no control character")
    return Flaw(path, show(found), error.message[:120], "see the published schema")
