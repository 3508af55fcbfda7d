"""The files of an installed library, as what they are: data that verdicts rest on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable


def package_digest(package: str) -> str:
    """SHA-256 of the names and bytes of every file of a library, in the order of their names; without what Python compiles from them."""
    digest = hashlib.sha256()
    for name, file in sorted(_files(resources.files(package), ""), key=lambda each: each[0]):
        data = file.read_bytes()
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()


def _files(folder: Traversable, lead: str) -> Iterator[tuple[str, Traversable]]:
    for each in folder.iterdir():
        name = f"{lead}{each.name}"
        if each.is_dir():
            if each.name != "__pycache__":
                yield from _files(each, name + "/")
        elif not name.endswith((".pyc", ".pyo")):
            yield name, each
