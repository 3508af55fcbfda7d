"""Files that appear whole or not at all, and signals that end a run in order."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import BinaryIO, NoReturn

_ENDING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


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

    def end(number: int, frame: FrameType | None) -> NoReturn:
        for each in before:
            signal.signal(each, signal.SIG_DFL)
        raise Interrupted(number)

    # What is ignored (a run without a terminal, by `nohup`) stays ignored.
    before = {each: signal.getsignal(each) for each in _ENDING if signal.getsignal(each) != signal.SIG_IGN}
    for each in before:
        signal.signal(each, end)
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@contextlib.contextmanager
def held_back() -> Iterator[None]:
    """Signals wait until what is in here is done."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def of_another() -> None:
    """In a process forked while signals were held back: those of the terminal are for the whole group, of which the first process
    says what becomes of the others; the one that it sends ends this process at once."""
    for number in _ENDING:
        signal.signal(number, signal.SIG_DFL if number == signal.SIGTERM else signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)


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
