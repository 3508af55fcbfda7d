"""What was asked for before, from the provenance of a result, so that it can be asked for again."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from checker.audit.library import contract_names
from checker.audit.provenance import file_digest
from checker.cli.reported import BESIDE, Asked
from checker.record.model import Fault, Place


def provenance_beside(result: Path, kind: str) -> dict[str, Any]:
    """The provenance of a result. `kind`: `report` or `check`, the command that wrote it.

    Raises:
        Fault: the result is not there, or its provenance, or that is none.
    """
    if not result.is_file():
        raise Fault(
            Place(str(result)), "there is no such file", "", f"name the file that `servanda {kind} -o` wrote"
        )
    beside = result.with_name(result.name + BESIDE)
    try:
        found = json.loads(beside.read_text(encoding="utf-8"))
        parts = [found[name] for name in ("asked", "result", "contract", "log", "agreements", "clauses")]
        parts.append(found["asked"]["report"] if kind == "report" else found["result"]["layout"])
    except FileNotFoundError:
        raise Fault(
            Place(str(beside)), "the provenance is not there", "", "keep it beside the result"
        ) from None
    except (ValueError, KeyError, TypeError):
        raise Fault(
            Place(str(beside)),
            f"this is no provenance of a {kind}",
            "",
            f"keep what `servanda {kind} -o` wrote",
        ) from None
    assert parts
    assert isinstance(found, dict)
    return found


def asked_again(
    before: Mapping[str, Any], result: Path, folders: tuple[Path, ...], contract: str | None
) -> Asked:
    """The same inputs and readings, the files found.

    `folders`: where to look; none: beside the result, then here. `contract`: where the contract lies, if it is not to be looked for.

    Raises:
        Fault: an input is not there.
    """
    looked = folders or (result.absolute().parent, Path())
    asked = before["asked"]

    def there(name: str) -> list[Path]:
        found = [folder / name for folder in looked if (folder / name).exists()]
        if found:
            return found
        where = ", ".join(str(folder) for folder in looked)
        raise Fault(
            Place(str(result)),
            f"its input {name} is not there",
            f"looked in {where}",
            "name its folder with --in",
        )

    def place(name: str) -> Path:
        return there(name)[0]

    # A name may be there in several folders: the file that was read is told by its hash.
    agreements = _matched(before["agreements"], there)
    table = asked["agreement_mapping"]
    mapped = agreements.pop() if table is not None else None
    called = contract or asked["contract"]
    if contract is None and called not in contract_names():
        called = str(place(called))
    mapping = asked["mapping"]
    if mapping is not None and Path(mapping).suffix:
        mapping = str(place(mapping))
    return Asked(
        contract=called,
        agreements=tuple(agreements),
        tickets=tuple(_matched(before["log"], there)),
        agreement_mapping=mapped,
        mapping=mapping,
        assume=tuple(f"{k}={v}" for k, v in asked["assume"].items()),
        as_of=before["audited_at"],
        reading=tuple(f"{k}={v}" for k, v in asked["readings"].items()),
        clause=tuple(before["clauses"]["asked_for"]),
    )


def _matched(files: Sequence[Mapping[str, Any]], there: Callable[[str], list[Path]]) -> list[Path]:
    """The paths of files of a provenance: of those that are there by their name, the one with the same content, else one that is no
    other's.
    """
    names = [str(x.get("name", x["file"])) for x in files]
    candidates = {
        name: list({p.resolve(): p for p in reversed(there(name))}.values())[::-1] for name in names
    }
    digests = {path: file_digest(path) for paths in candidates.values() if len(paths) > 1 for path in paths}
    found: dict[int, Path] = {}
    for same in (True, False):
        for i, (name, x) in enumerate(zip(names, files, strict=True)):
            free = [p for p in candidates[name] if p not in found.values()] or candidates[name]
            paths = [p for p in free if digests.get(p) == x["sha256"]] if same else free
            if i not in found and paths:
                found[i] = paths[0]
    return [found[i] for i in range(len(names))]
