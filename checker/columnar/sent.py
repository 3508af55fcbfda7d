"""Columns sent from one process to another: they are not copied on their way into the line."""

from __future__ import annotations

import pickle
from multiprocessing.connection import Connection
from typing import Any


def send(to: Connection, what: object) -> None:
    """Send something.

    Raises:
        TypeError, pickle.PicklingError: it cannot be sent; nothing was.
        BrokenPipeError: nobody takes it.
    """
    buffers: list[pickle.PickleBuffer] = []
    head = pickle.dumps(what, 5, buffer_callback=buffers.append)
    to.send_bytes(head)
    to.send(len(buffers))
    for buffer in buffers:
        to.send_bytes(buffer.raw())


def received(line: Connection) -> Any:
    """What was sent.

    Raises:
        EOFError: whoever sends is gone.
    """
    head = line.recv_bytes()
    buffers = [line.recv_bytes() for _ in range(line.recv())]
    return pickle.loads(head, buffers=buffers)
