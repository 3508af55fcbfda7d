"""A file of lines in blocks of whole lines, for readers that take many lines at once."""

from __future__ import annotations

from collections.abc import Iterator

from checker.record.files import Limits, Opened, chunks, without_mark
from checker.record.model import Place

BLOCK = 4 << 20
"""How many bytes a block has, about."""


def blocks(source: Opened, limits: Limits | None = None, size: int | None = None) -> Iterator[bytes | None]:
    """The lines of a file, many at a time, with all their line ends (that of the last line of the file, too) and without a UTF-8 byte
    order mark. None stands for a single line that is longer than the limit. `size`: about so many bytes; None: as many as usual.

    Raises:
        Fault: the file unpacks to more than the limits allow, is damaged, or is UTF-16.
    """
    limits = limits or Limits()
    size = size or BLOCK
    held: list[bytes] = []
    length = 0
    first = True
    for piece in chunks(source, limits, size):
        if first:
            piece, first = without_mark(piece, Place(source.file)), False
        end = piece.rfind(b"\n") + 1
        if end and length + end >= size // 2:
            yield from _cut(b"".join((*held, memoryview(piece)[:end])), limits.line_bytes)
            held, length = [piece[end:]], len(piece) - end
            continue
        held.append(piece)
        length += len(piece)
        if length > max(size, limits.line_bytes) * 2 and not any(b"\n" in each for each in held):
            # A line that is too long is not held: its beginning is enough to say so.
            held, length = [b"".join(held)[: limits.line_bytes + 1]], limits.line_bytes + 1
    rest = b"".join(held)
    if rest:
        yield from _cut(rest if rest.endswith(b"\n") else rest + b"\n", limits.line_bytes)


def _cut(data: bytes, longest: int) -> Iterator[bytes | None]:
    """A block without the lines that are too long, each of which is one of its own."""
    if len(data) <= longest:
        yield data
        return
    start = begin = 0
    while begin < len(data):
        end = data.index(b"\n", begin) + 1
        if end - begin - 1 > longest:
            if begin > start:
                yield data[start:begin]
            yield None
            start = end
        begin = end
    if start < len(data):
        yield data[start:]
