"""Contracts that were checked before, kept as JSON so that an unchanged text is not compiled again.

What is kept lies in a file named by its key: the digest of everything that it was made of, which is the compiler itself
(the sources of `dsl`), the vocabulary, and the names and texts of the contract's files. A change in any of them is another
key, so that nothing stale is ever found. The first line of a file says its form, its key and the digest of the rest; a file
that does not say them truly is as good as none, and is made anew.

The files are data, read by the strict readers of `dsl.codec`; no code can stand in them.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

from dsl import codec
from dsl.contract import Contract
from dsl.files import SUFFIX, read_sources
from dsl.resolve import unknown_place
from dsl.source import Source
from dsl.vocabulary import VOCABULARY, Vocabulary, parse_vocabulary, vocabulary_from_json, vocabulary_to_json

_FORM: Final = "servanda-kept-1"
_SUFFIX: Final = ".kept"
_MOST: Final = 200
"""How many files are kept in a folder; the oldest give way."""


@cache
def compiler() -> bytes | None:
    """What the compiler is: the digest of the sources and the grammar of `dsl`. None where they are not there to be read."""
    found = hashlib.sha256()
    files = sorted(
        (f for f in resources.files("dsl").iterdir() if f.name.endswith((".py", ".lark"))),
        key=lambda file: file.name,
    )
    if not {"check.py", "grammar.lark"} <= {file.name for file in files}:
        return None
    _add(found, ((file.name, file.read_bytes()) for file in files))
    return found.digest()


def _add(to: Any, parts: Iterable[tuple[str, bytes]]) -> None:
    """Names and contents, each with its length before it, so that no two lists of them look the same."""
    for name, data in parts:
        for part in (name.encode(), data):
            to.update(len(part).to_bytes(8, "big"))
            to.update(part)


def _key(what: str, parts: Iterable[tuple[str, bytes]]) -> str | None:
    """The key of something made of these parts by the compiler as it is; None where that is not known."""
    by = compiler()
    if by is None:
        return None
    found = hashlib.sha256()
    _add(found, [(_FORM, by), (what, b""), *parts])
    return found.hexdigest()


@dataclass(frozen=True)
class Shelf:
    """Where kept files lie.

    `shipped`: a folder that belongs to the installation, and is only read. `own`: the folder of who runs this, read and
    written; None keeps nothing.
    """

    shipped: Path | None = None
    own: Path | None = None

    def vocabulary(self, data: bytes, make: Callable[[], Vocabulary]) -> Vocabulary:
        """The vocabulary of a file with this content: the kept one, else the one that `make` reads, which is kept."""
        key = _key("vocabulary", [("", data)])
        found = self._read(key)
        if found is not None:
            with suppress(ValueError, KeyError, TypeError, AttributeError):
                return vocabulary_from_json(json.loads(found))
        made = make()
        self._write(key, json.dumps(vocabulary_to_json(made), ensure_ascii=False, separators=(",", ":")))
        return made

    def contract(
        self, sources: Iterable[Source], vocabulary: bytes, make: Callable[[list[Source]], Contract]
    ) -> Contract:
        """The checked contract of its files: the kept one, else the one that `make` checks, which is kept.

        `vocabulary` is the content of the vocabulary's file. A contract with faults is never kept: `make` raises
        ContractError every time.
        """
        texts = list(sources)
        key = _key("contract", [("", vocabulary), *((s.name, s.text.encode()) for s in texts)])
        found = self._read(key)
        if found is not None:
            with suppress(codec.CodecError, ValueError, RecursionError), _no_collection():
                contract = codec.from_json(json.loads(found))
                # The zones and countries there are depend on the libraries of the day, not on the text.
                if unknown_place(contract) is None:
                    return contract
        made = make(texts)
        self._write(key, codec.dumps(made))
        return made

    def _read(self, key: str | None) -> bytes | None:
        """What is kept under a key, or None where nothing is, or nothing sound."""
        if key is None:
            return None
        for folder in (self.shipped, self.own):
            if folder is not None:
                with suppress(OSError), (folder / f"{key}{_SUFFIX}").open("rb") as stream:
                    if folder == self.shipped or _is_ours(stream.fileno()):
                        head, _, body = stream.read().partition(b"\n")
                        if head == _head(key, body):
                            return body
        return None

    def _write(self, key: str | None, text: str) -> None:
        """Keep a text under a key. The file appears whole or not at all; where it cannot be written, nothing is kept."""
        if key is None or self.own is None:
            return
        import tempfile

        body = text.encode()
        with suppress(OSError):
            self.own.mkdir(mode=0o700, parents=True, exist_ok=True)
            # A name of its own to each process; the last one to finish stands, and all wrote the same.
            handle, temporary = tempfile.mkstemp(dir=self.own, suffix=".new")
            try:
                with os.fdopen(handle, "wb") as stream:
                    stream.write(_head(key, body) + b"\n" + body)
                os.replace(temporary, self.own / f"{key}{_SUFFIX}")
            except BaseException:
                with suppress(OSError):
                    os.unlink(temporary)
                raise
            _make_room(self.own)


def keep_all(policies: Path, into: Path) -> list[Path]:
    """Check every contract of a folder by its vocabulary, and keep them and it in a folder; the files, sorted.

    Raises ContractError for a contract with faults, RuntimeError where the compiler's sources cannot be read.
    """
    from dsl.check import check

    data = (policies / VOCABULARY).read_bytes()
    shelf = Shelf(own=into)
    words = shelf.vocabulary(data, lambda: parse_vocabulary(data))
    folders = sorted(p for p in policies.iterdir() if p.is_dir() and any(p.glob(f"*{SUFFIX}")))
    for folder in folders:
        shelf.contract(read_sources(folder), data, lambda sources: check(sources, words))
    made = sorted(into.glob(f"*{_SUFFIX}"))
    if len(made) != len(folders) + 1:
        raise RuntimeError(
            f"{len(folders)} contracts and a vocabulary were to be kept, {len(made)} files were"
        )
    return made


def _head(key: str, body: bytes) -> bytes:
    return f"{_FORM} {key} {hashlib.sha256(body).hexdigest()}".encode()


def _is_ours(handle: int) -> bool:
    """Whether nobody but the one who runs this can have written an open file."""
    if not hasattr(os, "getuid"):
        return True
    status = os.fstat(handle)
    return status.st_uid == os.getuid() and not status.st_mode & 0o022


def _make_room(folder: Path) -> None:
    """Let the oldest files go where there are too many; those of a process that was stopped are among them."""
    entries = [e for e in os.scandir(folder) if e.name.endswith((_SUFFIX, ".new"))]
    if len(entries) > _MOST:
        for entry in sorted(entries, key=lambda e: e.stat().st_mtime)[: len(entries) - _MOST]:
            with suppress(OSError):
                os.unlink(entry.path)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Hold the cycle collector still: a contract is many objects, all kept, none in a cycle."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
