"""Finding words that belong to one contract in code that must serve any contract."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml


def contract_names(policies: Path) -> frozenset[str]:
    """The contracts that a policies folder holds: its sub-folders with a contract or cases."""
    found = [*policies.glob("*/*.contract"), *policies.glob("*/cases")]
    return frozenset(path.parent.name for path in found)


def clause_ids(policies: Path) -> frozenset[str]:
    """The clause ids that the contracts' own cases name."""
    named = re.compile(r"\bclause:\s*['\"]?([a-z0-9-]+(?:\.[a-z0-9-]+)+)")
    files = sorted(policies.glob("*/cases/*.yaml"))
    return frozenset(found for file in files for found in named.findall(file.read_text(encoding="utf-8")))


def neutral_words(vocabulary: Path) -> frozenset[str]:
    """The names of events, attributes and facts: words of the common vocabulary, whoever used them first."""
    words: set[str] = set()
    document = yaml.safe_load(vocabulary.read_text(encoding="utf-8")) if vocabulary.is_file() else {}
    for section in ("events", "facts"):
        for name, entry in (document.get(section) or {}).items():
            words.add(name)
            attributes = entry.get("attributes") or () if isinstance(entry, dict) else ()
            words.update(attribute["name"] for attribute in attributes)
    return frozenset(words)


PLAIN = frozenset(
    {"agreements", "contract", "country", "documents", "level", "month", "options", "order", "period"}
    | {"records_missing", "time_zone"}
    | {"previous_value"}
)
"""Facts whose names are plain English, or belong to the form of every agreement: code may say them.

`previous_value` is also a key of the audits that one ticket system exports.
"""


def engine_foreign_words(vocabulary: Path) -> frozenset[str]:
    """The words of the vocabulary that no code of the engine says.

    Events and facts, and the attributes that are no single plain word (`channel` is one, `order_number` is not).
    """
    document = yaml.safe_load(vocabulary.read_text(encoding="utf-8")) if vocabulary.is_file() else {}
    words: set[str] = set()
    for section in ("events", "facts"):
        for name, entry in (document.get(section) or {}).items():
            words.add(name)
            attributes = entry.get("attributes") or () if isinstance(entry, dict) else ()
            words.update(a["name"] for a in attributes if "_" in a["name"])
    return frozenset(words - PLAIN)


def spoken(text: str, words: frozenset[str]) -> Iterator[tuple[int, str]]:
    """Line number and word for every one of these words in a text, docstrings and comments included."""
    for number, line in enumerate(text.splitlines(), start=1):
        for found in re.findall(r"[A-Za-z0-9_]+", line):
            if found in words:
                yield number, found


def findings(
    text: str, names: Iterable[str], clauses: Iterable[str], neutral: frozenset[str]
) -> Iterator[tuple[int, str]]:
    """Line number and word for every contract name, clause id, or tail of a clause id, in a text.

    A name stands between characters that are neither letter nor digit (`x_name_y` holds the name `name`). The
    tail of an id, without its contract, is looked for only if it has a dot and a hyphen.
    """
    tails = {tail for clause in clauses if "-" in (tail := clause.partition(".")[2]) and "." in tail}
    wanted = sorted({*names, *tails}, key=lambda word: (-len(word), word))
    if not wanted:
        return
    pattern = re.compile(
        r"(?<![A-Za-z0-9])(?:" + "|".join(map(re.escape, wanted)) + r")(?![A-Za-z0-9])", re.IGNORECASE
    )
    word = re.compile(r"\w+")
    for number, line in enumerate(text.splitlines(), start=1):
        kept = word.sub(lambda found: " " if found.group() in neutral else found.group(), line)
        for found in pattern.finditer(kept):
            yield number, found.group()
