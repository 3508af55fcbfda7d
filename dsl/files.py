"""The files of a contract: which they are, and their texts."""

from __future__ import annotations

from pathlib import Path

from dsl.diagnostics import ContractError, Diagnostic
from dsl.source import Source, Span

SUFFIX = ".contract"
"""The ending of a contract file."""


def read_sources(path: Path) -> list[Source]:
    """The contract files of a path: the file itself, or every `*.contract` below a folder, sorted.

    Raises ContractError where there is none, or where one is not UTF-8 text.
    """
    return [
        Source(file.relative_to(path.parent).as_posix() if path.is_dir() else file.name, text)
        for file, text in read_texts(path)
    ]


def read_texts(path: Path) -> list[tuple[Path, str]]:
    """The contract files of a path with their texts, as they stand there to the last character.

    Raises ContractError where there is none, or where one is not UTF-8 text.
    """
    files = sorted(path.rglob(f"*{SUFFIX}")) if path.is_dir() else [path]
    if not files:
        raise ContractError(
            [Diagnostic("E100", f"{path}: no *{SUFFIX} file", None, "name a contract file or its folder")]
        )
    out = []
    for file in files:
        try:
            data = file.read_bytes()
            out.append((file, data.decode("utf-8")))
        except OSError as error:
            raise ContractError(
                [Diagnostic("E100", f"{file}: {error.strerror}", None, "name a file that can be read")]
            ) from error
        except UnicodeDecodeError as error:
            name = file.relative_to(path.parent).as_posix() if path.is_dir() else file.name
            raise ContractError([_not_text(name, data, error.start)]) from error
    return out


def _not_text(name: str, data: bytes, at: int) -> Diagnostic:
    line = data.count(b"\n", 0, at) + 1
    before = data[data.rfind(b"\n", 0, at) + 1 : at].decode("utf-8", "replace").removeprefix("\ufeff")
    span = Span(name, line, len(before) + 1, line, len(before) + 2)
    message = f"the file is not UTF-8 text: found the byte 0x{data[at]:02x}"
    return Diagnostic("E100", message, span, "save the file as UTF-8")
