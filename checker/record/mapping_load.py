"""Mappings from YAML: presets by name, files by path, and a file that extends another one by assumptions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from collections.abc import Mapping as AbstractMapping
from importlib import resources
from pathlib import Path
from typing import Any, cast

from checker.record.agreements import yaml_documents
from checker.record.flaws import Flaw, did_you_mean, one_of, show
from checker.record.mapping_build import build
from checker.record.mapping_model import Mapping
from checker.record.model import Fault, Place
from checker.record.schema_check import check
from checker.record.words import Words
from checker.record.yaml_text import Document, documents


def presets() -> list[str]:
    """The names of the mappings that come with the package."""
    folder = resources.files("checker.record").joinpath("presets")
    return sorted(
        entry.name.removesuffix(".yaml") for entry in folder.iterdir() if entry.name.endswith(".yaml")
    )


def load_mapping(
    which: str | Path,
    *,
    assume: AbstractMapping[str, str] | None = None,
    without: Collection[str] = (),
    words: Words | None = None,
) -> Mapping:
    """A mapping: a preset by its name, or a file (a path, or a name that ends in `.yaml` or `.yml`).

    `assume` switches assumptions on, over what the mapping itself assumes; `without` switches some off again. `words`
    are those that its `records_missing` may use.

    Raises:
        Fault: no such mapping, a flaw in it, an assumption it does not declare, a zone that nobody named, or a log that
        nobody knows.
    """
    chain = _chain(which)
    outer, full = chain[0], chain[-1]
    raw = dict(cast("dict[str, Any]", full.value))
    values: dict[str, str] = {}
    for document in reversed(chain):
        own = cast("dict[str, Any]", document.value)
        values.update(own.get("assume", {}))
        if document is not full:
            raw["source"] = {**raw["source"], **own.get("source", {})}
            raw["time"] = {**raw["time"], **own.get("time", {})}
            raw.update({key: own[key] for key in ("name", "about") if key in own})
    values.update(assume or {})
    for name in without:
        values.pop(name, None)
    effective = {**raw, "assume": values}
    text = json.dumps(effective, sort_keys=True, ensure_ascii=False, default=str)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    try:
        made = build(raw, values, file=outer.file, sha256=sha256)
        if words is not None:
            _check_missing(raw.get("records_missing", ()), words)
        return made
    except Flaw as flaw:
        if flaw.path[:1] == ("assume",):
            given = flaw.path in outer.marks
            raise flaw.fault(outer.place(flaw.path) if given else Place(outer.file)) from None
        raise full.fault(flaw) from None


def assumed_content(
    rules: Mapping, which: str | Path, assume: AbstractMapping[str, str] | None
) -> frozenset[str]:
    """The assumptions in force that say what happened: without them other events, or other attributes, would be read.

    The others (a zone, an agreement, the end of the record) only say how to read what is there.
    """
    out = set()
    for a in rules.assumptions:
        try:
            bare = load_mapping(which, assume=assume, without=[a.name])
        except Fault:
            continue
        read = (bare.events, bare.source, bare.revision)
        if read != (rules.events, rules.source, rules.revision):
            out.add(a.name)
    return frozenset(out)


def _check_missing(listed: Iterable[str | dict[str, str]], words: Words) -> None:
    for i, each in enumerate(listed):
        if isinstance(each, str):
            words.check_missing(each, ("records_missing", i))
        else:
            words.check_missing(each["record"], ("records_missing", i, "record"))


def _chain(which: str | Path) -> list[Document]:
    """The mapping asked for, and those it extends; the last one is whole."""
    found = [_document(str(which), None)]
    files = {found[0].file}
    while "extends" in cast("dict[str, Any]", found[-1].value):
        here = found[-1]
        base = cast("dict[str, Any]", here.value)["extends"]
        document = _document(base, here)
        if document.file in files:
            raise Fault(
                here.place(("extends",)), "a mapping extends itself", show(base), "extend another one"
            )
        files.add(document.file)
        found.append(document)
    return found


def _document(which: str, asker: Document | None) -> Document:
    if which.endswith((".yaml", ".yml")) or "/" in which or "\\" in which:
        path = Path(which)
        if asker is not None and not path.is_absolute():
            path = Path(asker.file).parent / path
        parts = yaml_documents(path)
    else:
        parts = _preset(which, asker)
    if len(parts) != 1:
        file = parts[1].file if parts else which
        raise Fault(
            Place(file),
            "a mapping file holds one document",
            f"{len(parts)}",
            "write one mapping in each file",
        )
    try:
        check(parts[0].value, "mapping")
    except Flaw as flaw:
        raise parts[0].fault(flaw) from None
    return parts[0]


def _preset(name: str, asker: Document | None) -> list[Document]:
    known = presets()
    if name not in known:
        place = asker.place(("extends",)) if asker else Place(name)
        remedy = did_you_mean(name, known) or f"write {one_of(known)}, or the path of a mapping file"
        raise Fault(place, "there is no preset of this name", show(name), remedy)
    text = resources.files("checker.record").joinpath("presets", f"{name}.yaml").read_text(encoding="utf-8")
    return list(documents(text, f"preset {name}"))
