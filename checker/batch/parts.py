"""The rows of finished partitions in a folder, so that a run that was interrupted can go on.

The folder lies beside the result (`.NAME.parts`), belongs to one run at a time, and is cleared away when the result is whole. In
it `key` says what the parts were made of: parts of other inputs, another contract, other options or another version are never used.
A part is its rows and a file that sums them up and bears their checksum; that file comes last, and what does not agree
with it does not count.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

from checker.batch.output import UNFINISHED
from checker.batch.pieces import Summary
from checker.record.model import Fault, Place

_KEY: Final = "key"
_LOCK: Final = "lock"
_FOREIGN: Final = 200
"""At most so many characters of a key are compared."""


class Parts:
    """A folder of parts. `key`: what they are made of."""

    def __init__(self, folder: Path, key: str, *, temporary: bool) -> None:
        self.folder = folder
        self.key = key
        self._temporary = temporary
        self._lock: int | None = None
        self.found: dict[int, Summary] = {}
        """The parts that were there already, by their numbers."""
        self.other = False
        """Whether there were parts of something else."""

    # ---------------------------------------------------------------- beginning and end
    @staticmethod
    def apart() -> Parts:
        """A folder of no lasting, for a result that is no file."""
        import tempfile

        return Parts(Path(tempfile.mkdtemp(prefix="servanda-")), "", temporary=True)

    @staticmethod
    def beside(output: Path, key: str, *, resume: bool) -> Parts:
        """The folder beside a result. `resume`: go on with the parts that are there, if they are of the same key.

        Raises:
            Fault: another run is writing this result, or there is a file or a foreign folder of that name.
        """
        folder = output.with_name(f".{output.name}.parts")
        parts = Parts(folder, key, temporary=False)
        parts._take(resume)
        return parts

    def _take(self, resume: bool) -> None:
        if self.folder.is_symlink() or (self.folder.exists() and not self._is_ours()):
            raise Fault(
                Place(str(self.folder)),
                "this is no folder of parts of an audit",
                "something else",
                "move it away, or name another output",
            )
        self.folder.mkdir(exist_ok=True)
        self._lock = _locked(self.folder / _LOCK)
        told = self.folder / _KEY
        before = told.read_text(encoding="utf-8")[:_FOREIGN] if told.is_file() else ""
        for unfinished in self.folder.glob(f"*{UNFINISHED}"):
            # Of a run that was killed: nobody goes on with it.
            unfinished.unlink()
        if resume and before == self.key:
            self.found = dict(self._whole())
        else:
            self.other = resume and bool(before)
            for path in self.folder.iterdir():
                if path.name != _LOCK:
                    path.unlink()
        _write(told, self.key.encode())

    def _is_ours(self) -> bool:
        """Whether the folder holds nothing but what a run puts there."""
        if not self.folder.is_dir():
            return False
        ours = (".rows", ".json", UNFINISHED)
        return all(p.name in (_KEY, _LOCK) or p.suffix in ours for p in self.folder.iterdir())

    def clear(self) -> None:
        """Clear the folder away."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.release()

    def release(self) -> None:
        """Let others have the folder."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def leave(self) -> int:
        """End before the result is whole: keep finished parts for another run, if any, and say how many."""
        kept = 0 if self._temporary else sum(1 for _ in self.folder.glob("*.json"))
        if kept:
            self.release()
        else:
            self.clear()
        return kept

    # ---------------------------------------------------------------- one part
    def rows(self, number: int) -> Path:
        """The file with the rows of a part."""
        return self.folder / f"{number:06}.rows"

    @contextlib.contextmanager
    def writing(self, number: int) -> Iterator[Written]:
        """Write one part; it counts when its sum is set and nothing went wrong."""
        path = self.rows(number).with_suffix(UNFINISHED)
        with path.open("wb") as stream:
            written = Written(stream)
            yield written
        if written.summary is None:
            raise ValueError("a part without its sum")
        os.replace(path, self.rows(number))
        data = {"sum": written.summary.as_data(), **written.seal()}
        _write(self.rows(number).with_suffix(".json"), json.dumps(data, ensure_ascii=False).encode())

    def _whole(self) -> Iterator[tuple[int, Summary]]:
        for told in sorted(self.folder.glob("*.json")):
            try:
                data: dict[str, Any] = json.loads(told.read_bytes())
                rows = told.with_suffix(".rows")
                if rows.stat().st_size == data["bytes"] and _sha256(rows) == data["sha256"]:
                    yield int(told.stem), Summary.of_data(data["sum"])
            except (OSError, ValueError, KeyError, TypeError):
                # Not whole: it is made again.
                continue


class Written:
    """The rows of a part while they are written, with their checksum; `summary` is what they come to."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._digest = hashlib.sha256()
        self._bytes = 0
        self.summary: Summary | None = None
        # What pyarrow asks of a file.
        self.closed = False

    def write(self, block: bytes, /) -> int:
        """Write some bytes; how many."""
        self._stream.write(block)
        self._digest.update(block)
        self._bytes += len(block)
        return len(block)

    def seal(self) -> dict[str, Any]:
        """How many bytes were written, and their SHA-256."""
        return {"bytes": self._bytes, "sha256": self._digest.hexdigest()}


def _locked(path: Path) -> int | None:
    """A lock that goes with this process; None where the system has none. Raises Fault where another process has it."""
    try:
        import fcntl
    except ImportError:
        return None
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise Fault(
            Place("--output"),
            "another run is writing this file",
            str(path.parent),
            "wait for it, or name another",
        ) from None
    return handle


def _write(path: Path, content: bytes) -> None:
    temporary = path.with_name(path.name + UNFINISHED)
    temporary.write_bytes(content)
    os.replace(temporary, path)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


__all__ = ["Parts", "Written"]
