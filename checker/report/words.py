"""Every word of a report that a reader sees, by language; dates, numbers and plurals as the language has them.

The words are data: `words/<language>.yaml`, and `words/review-<language>.yaml` for the review of two variants, nested by what they are
about; a key is the way to an entry, `verdict.met`. An entry is a text
with `{names}`, or, where it depends on a number, its forms: English `one` and `many`, Polish `one` (1), `few` (2 to 4, 22 to 24, ...) and
`many` (Unicode CLDR, cardinal plural rules).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from importlib import resources
from typing import Any, Final

import yaml

LANGUAGES: Final = ("en", "pl")
_FORMS: Final = {"en": ("one", "many"), "pl": ("one", "few", "many")}
"""The forms of a word beside a number, by language."""
_NO_BREAK: Final = "\N{NO-BREAK SPACE}"
_GROUP: Final = {"en": ",", "pl": _NO_BREAK}
_POINT: Final = {"en": ".", "pl": ","}
_PERCENT: Final = {"en": "%", "pl": "%"}


class Words:
    """The words of a language. `language`: one of LANGUAGES, which is also the tag that HTML and PDF name."""

    def __init__(self, language: str, entries: Mapping[str, Any]) -> None:
        self.language = language
        self._entries = entries

    def __call__(self, key: str, n: int | None = None, /, **values: object) -> str:
        """The text of a key. `n`: the number beside it, which picks the form and stands for `{n}`.

        Raises:
            KeyError: there is no such key: a defect of a renderer, never of an input.
        """
        entry = self._entries[key]
        if isinstance(entry, dict):
            assert n is not None, f"{key} has forms, and no number beside it"
            entry = entry[form_of(self.language, n)]
        if n is not None:
            values["n"] = self.number(n)
        return str(entry).format_map({k: str(v) for k, v in values.items()})

    @property
    def of_the_judge(self) -> str:
        """What a reader is told of the language in which the judge speaks; nothing where that is the one that is read."""
        return "" if self.language == "en" else self("findings.in_english")

    def said(self, key: str, code: str) -> str:
        """The text of `key.code`; the code itself where the language has none for it (names that a contract or a log gave)."""
        entry = self._entries.get(f"{key}.{code}")
        return str(entry) if isinstance(entry, str) else code

    def entry(self, key: str) -> Any:
        """A text as it is written, its names in braces, or its forms: for a page whose script puts them together."""
        return self._entries[key]

    def keys(self) -> Iterator[str]:
        """All keys."""
        return iter(self._entries)

    def fields(self, key: str) -> set[str]:
        """The names in braces of an entry, over all its forms."""
        from string import Formatter

        entry = self._entries[key]
        texts = entry.values() if isinstance(entry, dict) else [entry]
        return {name for text in texts for _, name, _, _ in Formatter().parse(str(text)) if name}

    def forms(self, key: str) -> set[str]:
        """The forms of an entry; none for one that does not depend on a number."""
        entry = self._entries[key]
        return set(entry) if isinstance(entry, dict) else set()

    # ---------------------------------------------------------------- numbers
    def number(self, n: int) -> str:
        """A whole number, its thousands apart (in Polish from five digits on)."""
        text = f"{n:,}"
        if self.language == "pl" and abs(n) < 10_000:
            return str(n)
        return text.replace(",", _GROUP[self.language])

    def decimal(self, x: float, digits: int = 1) -> str:
        """A number with so many digits after the point."""
        whole, _, rest = f"{x:.{digits}f}".partition(".")
        return self.number(int(whole)).replace("-0", "0") + (_POINT[self.language] + rest if rest else "")

    def percent(self, share: float | None, digits: int = 1) -> str:
        """A share from 0 to 1 in percent; a dash for none. What is not all is never rounded up to 100, nor what is some down to 0."""
        if share is None:
            return self("none")
        step = 10**-digits
        value = share * 100
        if 0 < share < 1:
            value = min(max(value, step), 100 - step)
        return self.decimal(value, digits) + _PERCENT[self.language]

    def duration(self, seconds: int | None) -> str:
        """A length in days, hours, minutes and seconds; a dash for none."""
        if seconds is None:
            return self("none")
        if seconds == 0:
            return self("unit.s", n_text="0")
        out = []
        rest = abs(seconds)
        for unit, size in (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1)):
            n, rest = divmod(rest, size)
            if n:
                out.append(self(f"unit.{unit}", n_text=self.number(n)))
        return ("\N{MINUS SIGN}" if seconds < 0 else "") + " ".join(out)

    # ---------------------------------------------------------------- time
    def instant(self, text: str | None) -> str:
        """An instant (ISO 8601 with an offset) with its date, time and offset; a dash for none."""
        if text is None:
            return self("none")
        at = datetime.fromisoformat(text)
        offset = at.strftime("%z")
        return f"{self.day(text)}, {at:%H:%M:%S} {offset[:3]}:{offset[3:5]}"

    def day(self, text: str) -> str:
        """The date of an instant: `3 March 2025`, `3 marca 2025`."""
        at = datetime.fromisoformat(text)
        return f"{at.day} {self(f'month_of_date.{at.month}')} {at.year}"

    def month(self, text: str) -> str:
        """A month `2025-03`: `March 2025`, `marzec 2025`."""
        year, _, month = text.partition("-")
        return f"{self(f'month.{int(month)}')} {year}"


def form_of(language: str, n: int) -> str:
    """The form of a word beside a whole number, by the cardinal plural rules of Unicode CLDR."""
    n = abs(n)
    if n == 1:
        return "one"
    if language == "pl" and n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14):
        return "few"
    return "many"


def forms_of(language: str) -> frozenset[str]:
    """The forms that an entry beside a number has in a language."""
    return frozenset(_FORMS[language])


@lru_cache(maxsize=4)
def words_of(language: str) -> Words:
    """The words of a language, one of LANGUAGES."""
    folder = resources.files("checker.report").joinpath("words")
    entries: dict[str, Any] = {}
    for name in (f"{language}.yaml", f"review-{language}.yaml"):
        text = folder.joinpath(name).read_text(encoding="utf-8")
        entries |= _flat(yaml.safe_load(text), "", frozenset(_FORMS[language]))
    return Words(language, entries)


def _flat(node: Any, lead: str, forms: frozenset[str]) -> Iterator[tuple[str, Any]]:
    for key, value in node.items():
        if isinstance(value, dict) and set(value) != forms:
            yield from _flat(value, f"{lead}{key}.", forms)
        else:
            yield f"{lead}{key}", value
