"""What was asked for before, from the provenance of a result, so that it can be asked for again."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from checker.audit.library import contract_names
from checker.audit.provenance import file_digest
from checker.cli.reported import BESIDE, Asked
from checker.record.model import Fault, Place
from checker.report.gathered import Limits
from checker.report.words import LANGUAGES

_FILES: Final = [{"file": str, "sha256": str}]
_BOTH: Final = {
    "asked": {
        "contract": str,
        "agreement_mapping": (str, None),
        "mapping": (str, None),
        "assume": dict,
        "readings": dict,
    },
    "result": {"file": str, "format": str, "sha256": str},
    "contract": {"digest": str},
    "log": _FILES,
    "agreements": _FILES,
    "mapping": ({"sha256": str}, None),
    "clauses": {"asked_for": [str]},
    "audited_at": str,
    "judged_by": {"engine": str},
}
"""What is asked of a provenance, whatever it is of: by key, what is there; a list has any number of such, and a tuple one of them."""
_AGAIN: Final = {
    "asked": {"report": {"sample": bool, **dict.fromkeys(Limits._fields, int)}},
    "contract_files": _FILES,
}
_BY_KIND: Final = {
    "check": {"result": {"layout": str}},
    "report": {**_AGAIN, "result": {"lang": LANGUAGES, "verdicts_sha256": str}},
    "sample": {**_AGAIN, "sample": {"seed": int, "of_each_stratum": int, "verdicts": [str]}},
}
"""And what is, of each kind of result. What was made again is compared with all else as it is."""


def _fits(found: object, shape: Any) -> bool:
    """Whether a value of a provenance has a shape."""
    if isinstance(shape, dict):
        return isinstance(found, dict) and all(k in found and _fits(found[k], s) for k, s in shape.items())
    if isinstance(shape, list):
        return isinstance(found, list) and all(_fits(x, shape[0]) for x in found)
    if isinstance(shape, tuple):
        return any(_fits(found, s) for s in shape)
    if isinstance(shape, type):
        return isinstance(found, shape) and not (shape is int and isinstance(found, bool))
    return bool(found == shape)


def provenance_beside(result: Path, kind: str) -> dict[str, Any]:
    """The provenance of a result. `kind`: `report` or `check`, the command that wrote it; that of a sample is one of a report.

    Raises:
        Fault: the result is not there, or its provenance, or that is none: it lacks what is needed to make the result again.
    """
    if not result.is_file():
        raise Fault(
            Place(str(result)), "there is no such file", "", f"name the file that `servanda {kind} -o` wrote"
        )
    beside = result.with_name(result.name + BESIDE)
    try:
        found: Any = json.loads(beside.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Fault(
            Place(str(beside)), "the provenance is not there", "", "keep it beside the result"
        ) from None
    except (ValueError, RecursionError):
        found = None
    if kind == "report" and isinstance(found, dict) and "sample" in found:
        kind = "sample"
    words = [{"of": str, "file": str, "sha256": str}]
    if not (_fits(found, _BOTH) and _fits(found, _BY_KIND[kind]) and _fits(found.get("words", []), words)):
        raise Fault(
            Place(str(beside)),
            f"this is no provenance of a {kind}",
            "",
            f"keep what `servanda {kind} -o` wrote",
        )
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
        # A provenance is no more than a file that somebody sent: it leads to no other folder.
        name = Path(name).name
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
