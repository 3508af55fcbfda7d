"""The review as one HTML page: no network, nothing loaded from outside, readable from disk, on paper and without scripts.

Everything stands in the page's text in both languages; its script turns from one to the other and sifts the clauses.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from markupsafe import Markup

from checker.render.rows import Sink
from checker.report.pages import HOUSE, environment, file, island, policy, program
from checker.report.pictures import stylesheet
from checker.report.review.gathered import anchor_of
from checker.report.review.lives import MOST_PICTURES
from checker.report.review.marked import Row, runs
from checker.report.review.model import Clause, Review
from checker.report.review.tongues import Both, Tongues, capital

_PACKAGE: Final = "checker.report.review"
_SIGNS: Final = {
    "equivalent": "=",
    "stricter": "▲",
    "laxer": "▼",
    "incomparable": "◆",
    "different": "≠",
    "not_proved": "?",
}


def render(review: Review, language: str, out: Sink) -> None:
    """Write the page. `language`: the one that it shows at first, `en` or `pl`."""
    view = _View(review, language)
    script, style = _script(), _style()
    template = environment(_PACKAGE, "page", view.note).get_template("page.html")
    parts = template.generate(
        {
            "v": view,
            "script": Markup(script),
            "style": Markup(style),
            "policy": policy(script, style, "'none'"),
            "facts": island(view.facts()),
        }
    )
    for part in parts:
        out.write(part.encode("utf-8"))


class _View:
    """The review as the templates ask for it. `r`: the review."""

    most_pictures = MOST_PICTURES

    def __init__(self, review: Review, language: str) -> None:
        self.r, self.language = review, language
        self.tongues = Tongues()
        name = str(review.new["title"] or review.new["contract"])
        self.title = self.u("review.title").map(lambda said: f"{said}: {name}")
        self._anchors = {c.id: c.anchor for c in review.clauses}

    @property
    def _words(self) -> dict[str, Any]:
        return {"en": self.tongues.english, "pl": self.tongues.polish}

    def u(self, key: str, n: int | None = None, /, **values: Both | str) -> Both:
        """Words of the page."""
        return self.tongues(key, n, **values)

    def word(self, key: str, language: str) -> str:
        """The same in one language."""
        return str(self._words[language](key))

    def counted(self, key: str, n: int, language: str) -> str:
        """Words beside a number, in one language."""
        return str(self._words[language](key, n))

    def runs(self, rows: Sequence[Row]) -> list[tuple[bool, list[Row]]]:
        """The lines of a text in runs, those that are alike apart."""
        return runs(rows)

    def say(self, b: Both) -> str:
        """A text in the language that the page shows at first."""
        return b.pl if self.language == "pl" else b.en

    def note(self, n: int) -> str:
        """What is said of so many characters that are left out."""
        return str(self._words[self.language]("html.more_characters", n))

    def sign(self, code: str) -> str:
        """The sign of an answer."""
        return _SIGNS[code]

    def sentence(self, text: str) -> str:
        """Half sentences as one."""
        return capital(text.rstrip(".")) + "."

    def anchor(self, clause: str) -> str:
        """The anchor of a clause."""
        return self._anchors[clause]

    def anchor_of(self, kind: str, name: str) -> str:
        """The anchor of anything else."""
        return anchor_of(kind, name)

    def link(self, c: Clause) -> Both:
        """What a link to a clause is called."""
        told = self.u("review.link")
        return Both(f"{told.en}: {c.id}", f"{told.pl}: {c.id}")

    def alike(self, c: Clause) -> bool:
        """Whether a clause that changes has the same words in both variants."""
        return c.answer.answer != "equivalent" and all(a == b for a, b in c.rows[0])

    def svg(self, picture: str) -> Markup:
        """A picture as markup: made by our own, its texts escaped."""
        return Markup(picture)

    def points(self, kept: Sequence[float]) -> Both:
        """By how much a rate changes, in points."""
        by = 100 * (kept[1] - kept[0])
        sign = "+" if by >= 0 else "\N{MINUS SIGN}"
        w = self.tongues
        said = Both(w.english.decimal(abs(by)), w.polish.decimal(abs(by))).map(lambda x: sign + x)
        return self.u("review.effect.change", points=said)

    @property
    def flips(self) -> int:
        """How many verdicts of the log flip."""
        return sum(row.count for row in self.r.effect.rows) if self.r.effect is not None else 0

    def sections(self) -> list[str]:
        """The parts of the page, in order."""
        names = [
            "answer",
            "open",
            "scope",
            "figures",
            "definitions",
            "clauses",
            "effect",
            "questions",
            "alike",
            "provenance",
        ]
        return [n for n in names if n != "definitions" or self.r.definitions]

    def facts(self) -> dict[str, Any]:
        """What the script knows."""
        return {
            "clauses": [
                {
                    "id": c.id,
                    "text": f"{c.id} {c.was or ''} {c.title.en} {c.title.pl}"[:500],
                    "answer": c.answer.answer,
                    "views": {v.party: v.answer for v in c.answer.views},
                    "open": bool(c.answer.not_proved or any(o.answer.not_proved for o in c.otherwise)),
                }
                for c in self.r.clauses
            ],
            "words": {
                "shown": {k: w.entry("review.count.shown") for k, w in self._words.items()},
                "nothing": {k: w("review.filter.nothing") for k, w in self._words.items()},
            },
        }


@lru_cache(maxsize=1)
def _script() -> str:
    return program(file(_PACKAGE, "page/review.js"))


@lru_cache(maxsize=1)
def _style() -> str:
    return stylesheet() + file(*HOUSE) + file(_PACKAGE, "page/review.css")
