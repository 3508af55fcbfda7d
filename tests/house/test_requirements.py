"""The locked requirements pin, with hashes, what pyproject.toml asks for."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.house.tree import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUNTIME = PROJECT["project"]["dependencies"]
EXTRAS = PROJECT["project"]["optional-dependencies"]
ENTRY = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>\S+) *(?P<rest>(?:\\\n.*)*)", re.MULTILINE)


def pins(lock: Path) -> dict[str, Version]:
    """Name and version of every pin in a locked file."""
    found = ENTRY.finditer(lock.read_text())
    return {canonicalize_name(entry["name"]): Version(entry["version"]) for entry in found}


@pytest.mark.parametrize(
    ("lock", "asked"),
    [
        ("runtime", RUNTIME),
        ("build", PROJECT["build-system"]["requires"]),
        ("dev", [*RUNTIME, *EXTRAS["test"], *EXTRAS["dev"]]),
        ("bench", [*RUNTIME, *EXTRAS["bench"], *EXTRAS["parquet"]]),
        ("spark", [*RUNTIME, *EXTRAS["spark"]]),
    ],
)
def test_lock_holds_what_is_asked(lock: str, asked: list[str]) -> None:
    pinned = pins(ROOT / "requirements" / f"{lock}.txt")
    assert asked
    for requirement in map(Requirement, asked):
        version = pinned.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement} is not locked: make lock"
        assert requirement.specifier.contains(version, prereleases=True), (
            f"{requirement}, locked {version}: make lock"
        )


@pytest.mark.parametrize("lock", ["runtime", "build", "dev", "bench", "spark"])
def test_every_pin_has_hashes(lock: str) -> None:
    entries = list(ENTRY.finditer((ROOT / "requirements" / f"{lock}.txt").read_text()))
    assert entries
    assert [entry["name"] for entry in entries if "--hash=sha256:" not in entry["rest"]] == []


def test_locks_agree() -> None:
    """The locks go into one environment: a package has one version in all."""
    runtime, build, dev, *others = (
        pins(ROOT / "requirements" / f"{lock}.txt") for lock in ("runtime", "build", "dev", "bench", "spark")
    )
    assert runtime.items() <= dev.items()
    assert build.items() <= dev.items()
    for other in others:
        assert {name: other[name] for name in other.keys() & dev.keys()} == {
            name: dev[name] for name in other.keys() & dev.keys()
        }


def test_runtime_ranges_are_bounded_below() -> None:
    for requirement in map(Requirement, RUNTIME):
        assert any(part.operator in {">=", "=="} for part in requirement.specifier), str(requirement)
