"""What the page says in both of its languages at once, so that its reader may turn from one to the other at the table."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from checker.report.words import Words, words_of

_JOINED = re.compile(r"(?<=[^\W_])_(?=[^\W_])")


class Both(NamedTuple):
    """A text in English and in Polish. `foreign`: there are no Polish words for it, and the Polish one is English."""

    en: str
    pl: str
    foreign: bool = False

    @property
    def alike(self) -> bool:
        """Whether it is the same in either language: a number, a name."""
        return self.en == self.pl and not self.foreign

    def map(self, change: Callable[[str], str]) -> Both:
        """Both changed in the same way."""
        return Both(change(self.en), change(self.pl), self.foreign)


def same(text: str) -> Both:
    """What is the same in either language."""
    return Both(text, text)


def english(text: str) -> Both:
    """What there is in English only: the judge's words, questions that a contract writes down."""
    return Both(text, text, True)


def capital(text: str) -> str:
    """A text with a capital letter in front."""
    return text[:1].upper() + text[1:]


def plain(text: str) -> str:
    """Words of the language as a reader would write them: `was_opened` is two words."""
    return _JOINED.sub(" ", text)


def joined(parts: Sequence[Both], between: str = ", ") -> Both:
    """Texts one after the other."""
    return Both(
        between.join(p.en for p in parts), between.join(p.pl for p in parts), any(p.foreign for p in parts)
    )


def quoted(text: Both) -> Both:
    """In the quotation marks of each language."""
    return Both(f"“{text.en}”", f"„{text.pl}”", text.foreign)


@dataclass(frozen=True)
class Tongues:
    """The words of the page, by key, in both languages."""

    english: Words = field(default_factory=lambda: words_of("en"))
    polish: Words = field(default_factory=lambda: words_of("pl"))

    def __call__(self, key: str, n: int | None = None, /, **values: Both | str) -> Both:
        """The text of a key. A value that differs by language is given in both. `n` as in `Words`."""
        en = {k: v.en if isinstance(v, Both) else v for k, v in values.items()}
        pl = {k: v.pl if isinstance(v, Both) else v for k, v in values.items()}
        return Both(self.english(key, n, **en), self.polish(key, n, **pl))

    def number(self, n: int) -> Both:
        """A whole number."""
        return Both(self.english.number(n), self.polish.number(n))

    def percent(self, share: float | None) -> Both:
        """A share from 0 to 1; a dash for none."""
        return Both(self.english.percent(share), self.polish.percent(share))

    def instant(self, text: str | None) -> Both:
        """An instant with its date, time and offset."""
        return Both(self.english.instant(text), self.polish.instant(text))
