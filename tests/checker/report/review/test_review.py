"""The review without a browser: its figures are those of the comparison, its sentences say what changed, and nothing in it acts."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from checker.audit.library import load_contract, vocabulary
from checker.compare.answer import Part
from checker.compare.due import Bends
from checker.compare.order import HOLIDAYS, STAMPS
from checker.compare.proof import SET_ONCE, WHOLE
from checker.compare.variants import Asked, compared
from checker.report.pictures.canvas import width_of
from checker.report.pictures.timeline import timeline
from checker.report.review import lives
from checker.report.review.marked import rows, runs
from checker.report.review.model import Clause, Review
from checker.report.words import words_of
from tests.checker.report.page import HOSTILE, Node, parsed
from tests.checker.report.review.made import ASKED, comparison, contracts, hostile, page, review, unproved
from tests.compare.variant import variant

EN, PL = words_of("en"), words_of("pl")


@pytest.fixture(scope="module")
def made() -> Review:
    return review()


@pytest.fixture(scope="module")
def tree(made: Review) -> Node:
    return parsed(page(made))


def said(clause: Clause) -> list[str]:
    return [x.said.en for x in clause.changes]


# --------------------------------------------------------------------------- the figures of the comparison
def test_the_answer_is_that_of_the_comparison(tree: Node) -> None:
    told = comparison().told()
    section = tree.one("section", id="answer")
    assert EN("review.scope.only", globs=", ".join(ASKED.clauses)) in section.text
    cards = {n.attributes["data-party"]: n.attributes["data-answer"] for n in section.all("article")}
    assert cards == {party: view["answer"].replace(" ", "_") for party, view in told["views"].items()}
    counts = {
        n.attributes["data-count"]: int(str(n.attributes["data-n"]))
        for n in section
        if "data-count" in n.attributes
    }
    wanted = {k.replace(" ", "_"): n for k, n in told["counts"].items() if n}
    wanted["other_reading"] = wanted.pop("on_another_reading_only", 0)
    assert counts == {k: n for k, n in wanted.items() if n}


def test_each_clause_is_that_of_the_comparison(tree: Node) -> None:
    told = comparison().told()["clauses"]
    articles = tree.all("article", class_="clause")
    assert [a.attributes["data-clauses"] for a in articles] == [c["clause"] for c in told]
    for article, c in zip(articles, told, strict=True):
        chips = article.all("ul", class_="chips")[0]
        views = {n.attributes.get("data-party"): n.attributes["data-answer"] for n in chips.all("li")}
        assert views == {p: v["answer"].replace(" ", "_") for p, v in c["views"].items()} or not c["views"]
        examples = [*c["examples"], *(e for r in c["readings"] for e in r["examples"])]
        shown = [
            tuple(n.attributes["data-verdict"] for n in e.all("tr") if "data-variant" in n.attributes)
            for e in article.all("div", class_="example")
        ]
        assert shown == [(e["old"]["verdict"] or "", e["new"]["verdict"] or "") for e in examples]
        for e, node in zip(examples, article.all("div", class_="example"), strict=True):
            for side in ("old", "new"):
                if e[side]["due"] is not None:
                    assert EN.instant(e[side]["due"]) in node.text


def test_the_log_is_that_of_the_comparison(tree: Node) -> None:
    told = comparison().told()["effect"]
    bodies = tree.one("table", class_="effect").all("tbody")
    assert [b.attributes["data-clauses"] for b in bodies] == [row["clause"] for row in told["clauses"]]
    assert bodies
    for body, row in zip(bodies, told["clauses"], strict=True):
        assert [n.attributes["data-v"] for n in body.all("td", class_="n flips")] == [str(row["flips"])]
        assert [n.attributes["data-v"] for n in body.all("td", class_="n")] == [
            str(by["count"]) for by in row["by"]
        ]
        names = [n.text for td in body.all("td", class_="tickets") for n in td.all("bdi")]
        assert names == [ticket for by in row["by"] for ticket in by["tickets"]]
        assert EN.percent(row["kept_old"]) in body.text
        assert PL.percent(row["kept_new"]) in body.text


def test_every_figure_of_the_comparison_is_in_the_redline(tree: Node, made: Review) -> None:
    rows = tree.one("table", class_="figures").all("tbody")[0].all("tr")
    for c in comparison().clauses:
        for part in c.parts:
            if part.part in ("limit", "calendar", "condition") and part.old != part.new:
                assert any(c.clause in str(row.attributes["data-clauses"]).split() for row in rows)
    marks = {(d.text, i.text) for row in rows for d in row.all("del")[:1] for i in row.all("ins")[:1]}
    assert ("[deleted: 3 ]", "[inserted: 5 ]") in marks
    assert ("[deleted: 99.9 ]", "[inserted: 99.5 ]") in marks
    reached = next(f for f in made.figures if "agreed-channel" in f.part.en)
    assert len(reached.clauses) > 1


# --------------------------------------------------------------------------- sentences
def test_sentences_say_what_changed(made: Review) -> None:
    activation = made.clause("cloudorama.sla.licence-activation")
    assert activation.changes[0].said.en == (
        "The provider's limit for “licence activated” rises from 3 working days to 5 working days, counted in working-days."
    )
    assert activation.changes[0].said.pl == (
        "Termin dostawcy na czynność „aktywacja licencji” wydłuża się z 3 dni roboczych do 5 dni roboczych, "
        "według kalendarza „dni robocze”."
    )
    assert activation.answer.tail.en == "laxer for the provider; stricter for the customer"
    assert activation.answer.tail.pl == "łagodniej dla dostawcy; surowiej dla klienta"
    outage = made.clause("cloudorama.sla.microsoft-availability")
    assert said(outage)[0] == "The share of time that Microsoft owes falls from 99.9% to 99.5%."
    hours = made.clause("cloudorama.sla.supported-hours")
    assert any("is read otherwise: “They are not”" in text for text in said(hours))
    assert any(text.startswith("Condition “agreed-channel” reads otherwise") for text in said(hours))
    links = {x.link for x in hours.changes if x.link}
    assert {"questions", "d-condition-agreed-channel"} <= links


def test_each_change_stands_in_both_languages(tree: Node) -> None:
    for article in tree.all("article", class_="clause"):
        english, polish = article.all("div", class_="plainly")
        assert (english.attributes["lang"], polish.attributes["lang"]) == ("en", "pl")
        assert len(english.all("p")) == len(polish.all("p")) > 1
        assert english.text != polish.text


def test_a_variant_that_only_words_otherwise(made: Review) -> None:
    first = comparison().clauses[0]
    same = replace(
        first,
        parts=(),
        readings=(),
        structure="reworded",
        read=replace(first.read, answer="equivalent", views=(), examples=()),
    )
    (clause,) = review(replace(comparison(), clauses=[same])).clauses
    assert said(clause) == ["Only the wording, order or place changes: proved that no verdict changes."]


def test_clauses_that_are_there_once(made: Review) -> None:
    whole = comparison()
    first = whole.clauses[0]
    for structure, words in (("added", "The clause is new:"), ("removed", "The clause is removed. It said:")):
        (clause,) = review(replace(whole, clauses=[replace(first, structure=structure, parts=())])).clauses
        assert [text[: len(words)] for text in said(clause)] == [words]
        sides = [x is None for x in clause.titles]
        assert sides == [structure == "added", structure == "removed"]
        assert all((a is None) == (structure == "added") for a, _ in clause.rows[0])


@pytest.mark.parametrize(
    "part",
    [
        "reading",
        "contract",
        "version",
        "course",
        "pause",
        "start",
        "refusal",
        "act",
        "occasion",
        "sentence",
        "party",
    ],
)
def test_every_part_has_a_sentence(part: str) -> None:
    whole = comparison()
    c = next(c for c in whole.clauses if c.clause.endswith("licence-activation"))
    (limit,) = (p for p in c.parts if p.part == "limit")
    old, new = {"reading": (("stands on these readings",), ("does not stand on these readings",))}.get(
        part, (limit.old, limit.new)
    )
    changed = replace(c, parts=(Part(part, old, new),))
    (clause,) = review(replace(whole, clauses=[changed])).clauses
    assert clause.changes
    assert all(x.said.en and x.said.pl for x in clause.changes)


@pytest.mark.parametrize(
    ("answer", "says"),
    [("different", "on another one it does"), ("not proved", "whether one does on another is not proved")],
)
def test_another_reading_is_not_said_to_turn_what_nobody_proved(answer: str, says: str) -> None:
    whole = comparison()
    c = next(c for c in whole.clauses if c.read.answer == "different" and c.structure == "changed")
    same = replace(c.read, answer="equivalent", examples=(), not_proved=())
    ambiguity = contracts()[1].ambiguities[0]
    elsewhere = ((ambiguity.name, ambiguity.readings[0][0], replace(c.read, answer=answer, examples=())),)
    changed = replace(c, parts=(), read=same, readings=elsewhere)
    (clause,) = review(replace(whole, clauses=[changed])).clauses
    assert any(says in text for text in said(clause))


# --------------------------------------------------------------------------- what is not proved, ambiguities
def test_what_is_not_proved_is_said_by_name() -> None:
    found = unproved()
    made = review(found)
    assert [(c, what.en, why.en) for c, _, what, why in made.not_proved] == [
        (found.clauses[0].clause, what, why)
        for what, why in (
            ("whether the provider ever fares worse", "time: the limit for one question ran out"),
            (
                "whether the customer ever fares better, beyond this assumption: limits are compared for openings of 2026–2028 in "
                "Europe/Warsaw (PL), America/New_York (US), Asia/Kolkata (IN); without pauses, and without dates that the agreement "
                "opens or closes; the attribute that the limit follows is set once on a ticket",
                "none of 120 histories that were tried shows it",
            ),
            (
                "whether Microsoft ever fares worse",
                "there is no proof, and none of 1 history that was tried shows it",
            ),
            (
                "that the verdicts are the same",
                "no history was found that tells them apart, and there is no proof",
            ),
        )
    ]
    assert not any(what.foreign or why.foreign for _, _, what, why in made.not_proved)
    assert {v.party: v.answer for v in made.views}["provider"] == found.views()["provider"].answer.replace(
        " ", "_"
    )
    tree = parsed(page(made))
    box = tree.one("section", id="open")
    assert box.attributes["class"] == "warn"
    assert len(box.all("tbody")[0].all("tr")) == 4
    article = tree.all("article", class_="clause")[0]
    assert len(article.all("div", class_="warn")[0].all("li")) == 4


def test_every_assumption_has_words_in_both_languages() -> None:
    whole = comparison()
    bends = Bends(tuple((z, c) for z, c in whole.settings["places"]), tuple(whole.settings["years"])).scope
    scope = frozenset({HOLIDAYS, STAMPS, SET_ONCE, WHOLE, bends})
    first = whole.clauses[0]
    read = replace(first.read, scope=scope, examples=())
    (clause,) = review(replace(whole, clauses=[replace(first, read=read, readings=())])).clauses
    assert len(clause.answer.scope) == len(scope)
    assert not any(x.foreign for x in clause.answer.scope)


def test_ambiguities_and_what_became_of_them(made: Review) -> None:
    states = {q.name: q.state for q in made.questions}
    assert states["cloudorama-holidays"] == "read_otherwise"
    assert "open" in states.values()
    question = next(q for q in made.questions if q.name == "cloudorama-holidays")
    assert {name: [m.en for m in marks] for name, _, marks, _ in question.readings} == {
        "included": ["recommended in OLD"],
        "excluded": ["recommended in NEW"],
    }
    old, new = contracts()
    gone = replace(
        new, ambiguities=tuple(a for a in new.ambiguities if a.name != "cloudorama-activation-start")
    )
    bare = replace(
        comparison(),
        clauses=[replace(c, readings=(), read=replace(c.read, examples=())) for c in comparison().clauses],
    )
    less = {q.name: q.state for q in review(bare, old, gone).questions}
    assert less["cloudorama-activation-start"] == "settled"
    more = {q.name: q.state for q in review(bare, gone, new).questions}
    assert more["cloudorama-activation-start"] == "new"


# --------------------------------------------------------------------------- pictures
def test_pictures_show_both_clocks(made: Review) -> None:
    (example,) = made.clause("cloudorama.sla.licence-activation").answer.examples
    assert example.pictures is not None
    english, polish = example.pictures
    for key in ("drawn.clock_old", "drawn.clock_new", "drawn.due_old", "drawn.due_new", "picture.done"):
        assert EN(key) in english
        assert PL(key) in polish
    assert "fill:" not in english


def test_no_more_pictures_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lives, "MOST_PICTURES", 0)
    made = review()
    assert not any(e.drawn or e.pictures for c in made.clauses for e in c.answer.examples)
    assert EN("review.example.not_drawn", n="60") in parsed(page(made)).text


# --------------------------------------------------------------------------- hostile values, both languages, one file
def test_hostile_values_are_text() -> None:
    data = page(hostile())
    tree = parsed(data)
    assert len(tree.all("script")) == 2
    assert not tree.all("img")
    assert not tree.all("iframe")
    assert len(data) < 5_000_000
    text = tree.text
    assert "</script><script>alert(1)</script>" in text
    assert "\u202e" not in data.decode()
    assert "⟨U+202E⟩" in text
    assert "{{ 7*7 }}" in text
    for node in tree:
        for name, value in node.attributes.items():
            assert not name.startswith("on")
            if name in ("href", "src"):
                assert str(value).startswith("#")
    assert any(value[:12] in text for value in HOSTILE)


def test_one_file_that_asks_for_nothing(tree: Node, made: Review) -> None:
    policy = next(n.attributes["content"] for n in tree.all("meta") if n.attributes.get("http-equiv"))
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "trusted-types 'none'" in policy
    assert not [n for n in tree for name in n.attributes if name in ("src", "srcset", "action")]
    text = page(made).decode()
    assert set(re.findall(r"https?://[^\"'\s<]*", text)) <= {"http://www.w3.org/2000/svg"}
    assert "{" not in tree.one("section", id="answer").text


def test_anchors_are_there_and_are_one(tree: Node) -> None:
    ids = [n.attributes["id"] for n in tree if "id" in n.attributes]
    assert len(ids) == len(set(ids))
    for link in tree.all("a"):
        assert str(link.attributes["href"]).removeprefix("#") in ids
    for node in tree:
        for name in ("aria-labelledby", "for"):
            for target in str(node.attributes.get(name) or "").split():
                assert target in ids


def test_both_languages_are_in_either_page(made: Review) -> None:
    english, polish = (parsed(page(made, language)) for language in ("en", "pl"))
    assert english.one("html", lang="en").attributes["data-say"] == "en"
    assert polish.one("html", lang="pl").attributes["data-say"] == "pl"
    for tree in (english, polish):
        assert EN("review.section.figures") in tree.one("main").text
        assert PL("review.section.figures") in tree.one("main").text


def test_the_same_review_gives_the_same_bytes(made: Review) -> None:
    assert page(made) == page(review())


def test_a_label_at_the_end_of_the_axis_is_in_the_picture() -> None:
    told = {
        "zone": "Europe/Warsaw",
        "start": "2026-05-01T00:00:00+02:00",
        "due": "2026-05-08T00:00:00+02:00",
        "done": None,
    }
    empty: dict[str, Any] = {name: [] for name in ("spans", "values", "states", "gaps", "events")}
    picture = timeline({**told, **empty, "events_left_out": 0}, words_of("en"), "k", "t")
    assert picture is not None
    ends = [
        float(x) + width_of(text, 10) / 2
        for x, text in re.findall(r'x="([\d.]+)"[^>]*>(2026-05-\d\d)<', picture.svg)
    ]
    assert ends
    assert max(ends) <= picture.width


def test_an_entry_that_says_nothing_is_told() -> None:
    """What is empty is said to be, and is no blank."""
    whole = comparison()
    first = next(c for c in whole.clauses if c.read.examples)
    example = replace(
        first.read.examples[0], agreement={"agreement": "a", "contract": "c", "agreements": [{}], "plans": []}
    )
    changed = replace(first, read=replace(first.read, examples=(example,)), readings=())
    (clause,) = review(replace(whole, clauses=[changed])).clauses
    (shown,) = clause.answer.examples
    assert [(name.en, value.en, value.pl) for name, value in shown.facts] == [
        ("agreements", "an entry that says nothing", "wpis, który nic nie mówi"),
        ("plans", "none", "brak"),
    ]


def test_a_clock_is_drawn_up_to_its_limit() -> None:
    """By how much a limit was missed is no time that counted towards it."""
    spans = [
        {"kind": "counted", "from": "2026-05-04T09:00:00+02:00", "to": "2026-05-04T17:00:00+02:00"},
        {"kind": "counted", "from": "2026-05-05T09:00:00+02:00", "to": "2026-05-05T17:00:00+02:00"},
    ]
    due = "2026-05-04T13:00:00+02:00"
    assert list(lives.up_to(due, spans)) == [{**spans[0], "to": due}]
    assert list(lives.up_to("2026-05-05T17:00:00+02:00", spans)) == spans


def test_lines_that_are_alike_are_runs_of_their_own() -> None:
    lines = rows(["a", "b", "c one", "d"], ["a", "b", "c two", "d"])
    found = runs(lines)
    assert [(alike, len(run)) for alike, run in found] == [(True, 2), (False, 2)]


def test_contracts_of_two_names_are_said_to_be_two() -> None:
    whole = comparison()
    other = replace(whole, new={**whole.new, "contract": "another"})
    assert b"two contracts, not two variants" in page(review(other))
    assert b"two contracts, not two variants" not in page(review(whole))


def test_figures_that_differ_on_another_reading_only_are_not_denied() -> None:
    old, new = (
        load_contract("poly"),
        variant("poly", ("within 1 working day of need", "within 2 working days of need")),
    )
    other = review(compared(old, new, vocabulary(), Asked(seconds=1.0, tries=40)), old, new)
    assert other.counts["other_reading"] == 1
    section = parsed(page(other)).one("section", id="figures")
    assert "On the recommended readings no figure differs" in section.text
    assert "No figure differs" not in section.text
