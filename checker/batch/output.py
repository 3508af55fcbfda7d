"""Files that appear whole or not at all, and signals that end a run in order."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import BinaryIO

ENDING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
"""The signals that ask a run to end."""


NOTHING_WRITTEN = "nothing was written"
"""What an interrupted run says that leaves nothing."""
UNFINISHED = ".new"
"""How the name of a file ends that is not whole yet."""


class Interrupted(BaseException):
    """A signal asks the run to end; what was begun is cleared away on its way out."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number

    @property
    def name(self) -> str:
        """The signal's name."""
        return signal.Signals(self.number).name

    @property
    def code(self) -> int:
        """The exit code of a command that a signal ended."""
        return 128 + self.number


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """Signals that end a process raise Interrupted in here; a second one ends it at once.

    Does nothing outside the main thread, where signals do not arrive.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(number: int, frame: FrameType | None) -> None:
        if _held.depth:
            _held.came.append(number)
            return
        _held.came.clear()
        for each in before:
            signal.signal(each, signal.SIG_DFL)
        raise Interrupted(number)

    # What is ignored (a run without a terminal, by `nohup`) stays ignored.
    before = {each: signal.getsignal(each) for each in ENDING if signal.getsignal(each) != signal.SIG_IGN}
    for each in before:
        signal.signal(each, end)
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


class _Held:
    """How often signals are held back (one within the other), and which of them came meanwhile."""

    def __init__(self) -> None:
        self.depth = 0
        self.came: list[int] = []


_held = _Held()


@contextlib.contextmanager
def held_back() -> Iterator[None]:
    """Signals wait until what is in here is done. In the main thread.

    They are blocked, and one that another thread takes (a library's, say, that knows of no mask) is kept in mind.
    """
    masked = hasattr(signal, "pthread_sigmask")
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING) if masked else set()
    _held.depth += 1
    try:
        yield
    finally:
        if masked:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        _held.depth -= 1
        if not _held.depth and _held.came:
            number = _held.came[0]
            _held.came.clear()
            signal.raise_signal(number)


def let_go() -> list[int]:
    """In a process that was forked while signals were held back: they are so no longer; those that came meanwhile."""
    came, _held.depth, _held.came = _held.came, 0, []
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
    return came


class Pending:
    """A file that is being written beside the one whose place it will take, or in a folder there (`within`) that is nobody else's."""

    def __init__(self, path: Path, within: Path | None = None) -> None:
        """Raises OSError where the folder does not take it."""
        import tempfile

        self.path = path
        folder, prefix = (path.parent, f".{path.name}.") if within is None else (within, "")
        try:
            handle, name = tempfile.mkstemp(dir=folder, prefix=prefix, suffix=UNFINISHED)
        except OSError as error:
            # Of the file that was asked for, not of the one beside it.
            raise OSError(error.errno, error.strerror, str(path)) from None
        self.temporary = Path(name)
        self.stream: BinaryIO = os.fdopen(handle, "wb")

    def finish(self) -> None:
        """Bring it to the disk."""
        self.stream.flush()
        os.fsync(self.stream.fileno())
        self.stream.close()
        os.chmod(self.temporary, 0o666 & ~_umask())

    def take_place(self) -> None:
        """Put it in its place, in one step."""
        try:
            os.replace(self.temporary, self.path)
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(self.path)) from None

    def discard(self) -> None:
        """Clear it away, if it has not taken its place."""
        with contextlib.suppress(OSError):
            self.stream.close()
        self.temporary.unlink(missing_ok=True)


def settle(folder: Path) -> None:
    """Bring the names in a folder to the disk, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _umask() -> int:
    """The process's mask for new files, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
