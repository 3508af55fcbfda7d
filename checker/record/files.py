"""Bytes of a log file, line by line: plain, gzip or zip, with limits, and every failure a clear fault."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Final, cast

from checker.record.flaws import did_you_mean
from checker.record.model import Fault, Place

PARQUET: Final = b"PAR1"
"""How a Parquet file begins."""
_TABLES: Final = (".csv", ".tsv")
_PACKED: Final = (".gz", ".zip")


MARK: Final = b"\xef\xbb\xbf"
"""The byte order mark of UTF-8."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may cost before it is refused.

    `expanded_bytes`: size after unpacking. `ratio`: unpacked size over packed size, watched from
    `ratio_from` bytes on (real logs of repeated snapshots reach about 30). `line_bytes`: one line.
    `yaml_bytes`: one YAML file. `json_bytes`: one JSON document that has to be held whole.
    """

    expanded_bytes: int = 8 << 30
    ratio: int = 400
    ratio_from: int = 64 << 20
    line_bytes: int = 16 << 20
    yaml_bytes: int = 64 << 20
    json_bytes: int = 1 << 30


@dataclass(frozen=True, slots=True)
class Opened:
    """An open file: its name as given, its unpacked bytes, its size and hash on disk, its packing."""

    file: str
    stream: IO[bytes]
    bytes: int
    sha256: str
    packing: str

    def closed(self, sha256: str) -> Opened:
        """The same once all of it is read, with its hash."""
        return replace(self, stream=io.BytesIO(), sha256=sha256)


@contextmanager
def opened(
    path: str | Path, *, member: str | None = None, limits: Limits | None = None, digest: bool = True
) -> Iterator[Opened]:
    """Open a log file; gzip and zip are told by their first bytes, not by their name.

    `member` names the file inside a zip; without it the zip must hold a single one. `digest`: work out the hash.

    Raises:
        Fault: missing, a folder, a pipe or a device, unreadable, empty, damaged, or a zip without the one member.
    """
    file = str(path)
    place = Place(file)
    limits = limits or Limits()
    if Path(path).is_dir():
        raise Fault(place, "a folder where a file is due", "", "name the files in it")
    try:
        mode = os.stat(path).st_mode
        if not stat.S_ISREG(mode):
            # A file may be read more than once: for its hash, and without what is assumed of it.
            found = "a pipe" if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) else "a device"
            raise Fault(
                place, "not a file that can be read again", found, "save it to a file, and name that file"
            )
        with open(path, "rb") as raw:
            size = raw.seek(0, io.SEEK_END)
            if size == 0:
                raise Fault(place, "the file is empty", "0 bytes", "export it again")
            raw.seek(0)
            head = raw.read(4)
            raw.seek(0)
            sha256 = hashlib.file_digest(raw, "sha256").hexdigest() if digest else ""
            raw.seek(0)
            with _unpacked_faults(place):
                if head[:2] == b"\x1f\x8b":
                    with gzip.GzipFile(fileobj=raw) as packed:
                        yield Opened(file, io.BufferedReader(packed, 1 << 16), size, sha256, "gzip")
                elif head in (b"PK\x03\x04", b"PK\x05\x06"):
                    with (
                        zipfile.ZipFile(raw) as archive,
                        archive.open(_member(archive, member, place)) as inner,
                    ):
                        # A member's own `readline` is slow.
                        buffered = io.BufferedReader(cast(io.RawIOBase, inner), 1 << 16)
                        yield Opened(file, buffered, size, sha256, f"zip member {inner.name}")
                else:
                    yield Opened(file, raw, size, sha256, "")
    except FileNotFoundError:
        raise Fault(place, "there is no such file", "", "check the path") from None
    except OSError as error:
        raise Fault(
            place, "the file cannot be read", error.strerror or str(error), "check its permissions"
        ) from None


def digest_of(path: str | Path) -> str:
    """The SHA-256 of a file on disk, of which `opened` did not work it out."""
    digest = hashlib.sha256()
    block = bytearray(1 << 18)
    view = memoryview(block)
    with open(path, "rb", buffering=0) as raw:
        while size := raw.readinto(block):
            digest.update(view[:size])
    return digest.hexdigest()


def head(source: Opened, size: int) -> bytes:
    """The first bytes of a file, which are still to be read."""
    return cast(io.BufferedReader, source.stream).peek(size)[:size]


def lines(source: Opened, limits: Limits | None = None) -> Iterator[tuple[int, bytes | None]]:
    """The lines of a file, numbered from 1, without their line ends and without a UTF-8 byte order mark.

    A line longer than the limit is given as None: the caller sets it aside.

    Raises:
        Fault: the file unpacks to more than the limits allow, is damaged, or is UTF-16.
    """
    limits = limits or Limits()
    place = Place(source.file)
    total = 0
    number = 0
    read = source.stream.readline
    longest = limits.line_bytes + 1
    # Below this many bytes no limit can be broken.
    unwatched = min(limits.expanded_bytes, limits.ratio_from) if source.packing else limits.expanded_bytes
    while raw := read(longest):
        number += 1
        total += len(raw)
        kept: bytes | None = raw
        if len(raw) == longest and not raw.endswith(b"\n"):
            kept = None
            while raw and not raw.endswith(b"\n"):
                raw = read(longest)
                total += len(raw)
                _check_size(total, source, limits, place)
        if total > unwatched:
            _check_size(total, source, limits, place)
        if number == 1 and kept is not None:
            kept = without_mark(kept, place)
        yield number, None if kept is None else kept.rstrip(b"\r\n")


def chunks(source: Opened, limits: Limits | None = None, size: int = 1 << 16) -> Iterator[bytes]:
    """The bytes of a file, in pieces of at most so many.

    Raises:
        Fault: the file unpacks to more than the limits allow, or is damaged.
    """
    limits = limits or Limits()
    place = Place(source.file)
    total = 0
    while raw := source.stream.read(size):
        total += len(raw)
        _check_size(total, source, limits, place)
        yield raw


def whole_text(source: Opened, limits: Limits | None = None) -> str:
    """A file as text, UTF-8 with or without a byte order mark.

    Raises:
        Fault: as `chunks`; or the file is not UTF-8, or larger than one document may be.
    """
    limits = limits or Limits()
    place = Place(source.file)
    parts: list[bytes] = []
    total = 0
    for raw in chunks(source, limits):
        total += len(raw)
        if total > limits.json_bytes:
            found = f"more than {limits.json_bytes} bytes"
            raise Fault(place, "the document is too large", found, "export JSON Lines, or split the document")
        parts.append(raw)
    data = without_mark(b"".join(parts), place)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        place = Place(source.file, data.count(b"\n", 0, error.start) + 1, column_of(error))
        found = f"byte 0x{data[error.start]:02x}"
        raise Fault(place, "the file is not UTF-8", found, "save it as UTF-8") from None


def column_of(error: UnicodeDecodeError) -> int:
    """Which character of its line (from 1) the first byte is that is not UTF-8."""
    before = error.object[: error.start]
    return len(before[before.rfind(b"\n") + 1 :].decode("utf-8")) + 1


def _check_size(total: int, source: Opened, limits: Limits, place: Place) -> None:
    if total > limits.expanded_bytes:
        raise Fault(place, "the file is too large", f"more than {limits.expanded_bytes} bytes", "split it")
    if source.packing and total > limits.ratio_from and total > source.bytes * limits.ratio:
        found = f"{source.bytes} bytes that unpack to more than {total}"
        raise Fault(
            place, "the file unpacks to far more than a log does", found, "unpack it yourself and check it"
        )


def without_mark(first: bytes, place: Place) -> bytes:
    """The beginning of a file without a UTF-8 byte order mark.

    Raises:
        Fault: it has the mark of UTF-16.
    """
    if first.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Fault(place, "the file is not UTF-8", "a UTF-16 byte order mark", "save it as UTF-8")
    return first.removeprefix(MARK)


def _member(archive: zipfile.ZipFile, wanted: str | None, place: Place) -> str:
    names = [
        info.filename
        for info in archive.infolist()
        if not info.is_dir()
        and not info.filename.startswith("__MACOSX/")
        and not info.filename.endswith(".DS_Store")
    ]
    if wanted is not None:
        if wanted in names:
            return wanted
        hint = did_you_mean(wanted, names)
        raise Fault(
            place,
            f"the zip holds no {wanted}",
            ", ".join(names) or "nothing",
            hint or "name a member it holds",
        )
    if len(names) == 1:
        return names[0]
    found = f"{len(names)} files" if names else "nothing"
    raise Fault(
        place, "the zip does not hold exactly one file", found, "name the file with `member` in the mapping"
    )


@contextmanager
def _unpacked_faults(place: Place) -> Iterator[None]:
    remedy = "fetch or export it again"
    try:
        yield
    except EOFError:
        raise Fault(place, "the packed file is cut short", "its end is missing", remedy) from None
    except (gzip.BadGzipFile, zlib.error, zipfile.BadZipFile):
        raise Fault(place, "the packed file is damaged", "", remedy) from None
    except (RuntimeError, NotImplementedError) as error:
        # zipfile's ways to say: encrypted, or packed by a method it does not know. Ours raise neither.
        if isinstance(error, RecursionError) or (
            "password" not in str(error) and "compression" not in str(error)
        ):
            raise
        raise Fault(place, "the zip cannot be unpacked", str(error), "unpack it yourself") from None


def is_parquet(path: str | Path) -> bool:
    """Whether a file is Parquet, by its first bytes; by its name where there are none to read."""
    if Path(path).is_file():
        try:
            with open(path, "rb") as stream:
                return stream.read(len(PARQUET)) == PARQUET
        except OSError:
            pass
    return str(path).lower().endswith(".parquet")


def is_table(path: str | Path) -> bool:
    """Whether a file is a table of text by its name."""
    lower = str(path).lower()
    for packed in _PACKED:
        lower = lower.removesuffix(packed)
    return lower.endswith(_TABLES)
