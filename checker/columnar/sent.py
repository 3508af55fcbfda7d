"""Columns sent from one process to another: they are not copied on their way into the line."""

from __future__ import annotations

import pickle
from multiprocessing.connection import Connection
from typing import Any

Packed = tuple[bytes, list[memoryview]]
"""Something as it is sent: what is pickled, and the columns beside it."""


def packed(what: object) -> Packed:
    """Something, to be sent. Raises what pickle raises where it cannot be."""
    buffers: list[pickle.PickleBuffer] = []
    head = pickle.dumps(what, 5, buffer_callback=buffers.append)
    return head, [buffer.raw() for buffer in buffers]


def send(to: Connection, what: Packed) -> None:
    """Send it.

    Raises:
        OSError: nobody takes it.
    """
    head, buffers = what
    to.send_bytes(head)
    to.send(len(buffers))
    for buffer in buffers:
        to.send_bytes(buffer)


def received(line: Connection) -> Any:
    """What was sent.

    Raises:
        EOFError: whoever sends is gone.
        OSError: the same, in the middle of it.
    """
    head = line.recv_bytes()
    buffers = [line.recv_bytes() for _ in range(line.recv())]
    return pickle.loads(head, buffers=buffers)
