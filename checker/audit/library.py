"""Finding contracts, their cases and the vocabulary: beside the checkout, in the installed package, or where a path points."""

from __future__ import annotations

import os
import sys
from functools import lru_cache
from pathlib import Path

import checker
from checker.record.agreements import yaml_documents
from checker.record.flaws import did_you_mean
from checker.record.model import Fault, Place
from dsl import codec
from dsl.contract import Contract
from dsl.diagnostics import ContractError
from dsl.files import SUFFIX, read_sources
from dsl.kept import Shelf
from dsl.source import Source
from dsl.vocabulary import VOCABULARY, Vocabulary, parse_vocabulary

AMBIGUITIES = "ambiguities.yaml"
KEPT = "_kept"
"""The folder of the installed package in which the checked contracts lie that were made with it."""
CACHE = "SERVANDA_CACHE"
"""The variable that names the folder in which checked contracts are kept; empty: none are."""


@lru_cache(maxsize=1)
def policies() -> Path:
    """The folder of the bundled contracts: in a checkout beside the code, else inside the installed package."""
    here = Path(checker.__file__).resolve().parent
    for folder in (here.parent / "policies", here / "_policies"):
        if (folder / VOCABULARY).is_file():
            return folder
    raise Fault(Place(str(here)), "the bundled contracts are not there", "", "install the package again")


@lru_cache(maxsize=1)
def fixtures() -> Path:
    """The folder of the bundled fixtures, found as `policies`."""
    here = Path(checker.__file__).resolve().parent
    for folder in (here.parent / "fixtures", here / "_fixtures"):
        if folder.is_dir():
            return folder
    raise Fault(Place(str(here)), "the bundled fixtures are not there", "", "install the package again")


def shelf() -> Shelf:
    """Where checked contracts are kept: in the installed package, and in the user's folder for such things."""
    return Shelf(Path(checker.__file__).resolve().parent / KEPT, _cache())


def _cache() -> Path | None:
    """The folder of what this user keeps: as the environment says, else where the system keeps such files."""
    named = os.environ.get(CACHE)
    if named is not None:
        return Path(named) if named else None
    roots = {"win32": os.environ.get("LOCALAPPDATA", ""), "darwin": "~/Library/Caches"}
    root = Path(os.environ.get("XDG_CACHE_HOME") or roots.get(sys.platform) or "~/.cache")
    try:
        root = root.expanduser()
    except RuntimeError:  # nobody knows where this user is at home
        return None
    return root / "servanda" if root.is_absolute() else None


@lru_cache(maxsize=1)
def _vocabulary_file() -> bytes:
    return (policies() / VOCABULARY).read_bytes()


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The bundled vocabulary."""
    data = _vocabulary_file()
    return shelf().vocabulary(data, lambda: parse_vocabulary(data))


@lru_cache(maxsize=1)
def known_ambiguities() -> dict[str, frozenset[str]]:
    """Every ambiguity described for the bundled contracts, with its readings; a contract declares those it decides."""
    listed = yaml_documents(policies() / AMBIGUITIES)[0].value
    assert isinstance(listed, list)
    return {a["id"]: frozenset(a["readings"]) for a in listed}


def contract_names() -> list[str]:
    """Names of the bundled contracts, sorted."""
    return sorted(p.name for p in policies().iterdir() if p.is_dir() and any(p.glob(f"*{SUFFIX}")))


def contract_path(name: str) -> Path:
    """The path of a contract: a file or folder if `name` is one, else the bundled contract of that name.

    Raises Fault with the names there are.
    """
    bundled = policies() / name
    if name in contract_names():
        return bundled
    path = Path(name)
    if path.exists():
        return path
    names = contract_names()
    remedy = did_you_mean(name, names) or f"name one of {', '.join(names)}, or a file or folder"
    raise Fault(Place(name), "no such contract", "", remedy)


def sources_of(name: str) -> list[Source]:
    """The source files of a contract."""
    return read_sources(contract_path(name))


def load_contract(name: str) -> Contract:
    """The checked contract of a name, file or folder; a `.json` file holds a checked contract already.

    Raises ContractError or Fault.
    """
    path = contract_path(name)
    if path.suffix == ".json":
        try:
            return codec.loads(path.read_text(encoding="utf-8"))
        except codec.CodecError as error:
            raise Fault(
                Place(name), "not a checked contract", str(error), "export it with `show --format json`"
            ) from error
    try:
        return shelf().contract(read_sources(path), _vocabulary_file(), _check)
    except ContractError as error:
        # The text knows its files from its own folder on; who asked looks for them from here.
        folder = path.parent.as_posix()
        raise (error if folder == "." else error.beneath(folder)) from None


def _check(sources: list[Source]) -> Contract:
    # The parser is dear to load, and needed for none but a text that was not checked before.
    from dsl.check import check

    return check(sources, vocabulary())


DISPUTED = ".disputed.yaml"
"""How the name of a file ends that says which cases of a contract stand against its text, and why."""


def disputed_file(contract: str) -> Path:
    """Where a bundled contract keeps what is argued against cases about it."""
    return policies() / contract / "cases" / f"{contract}{DISPUTED}"


def case_files(contract: str) -> list[Path]:
    """The case files bundled with a contract."""
    folder = policies() / contract / "cases"
    return (
        sorted(p for p in folder.glob("*.yaml") if not p.name.endswith((".defaults.yaml", DISPUTED)))
        if folder.is_dir()
        else []
    )
