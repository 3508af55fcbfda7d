"""Formulas compared branch by branch, against every combination tried one by one."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from random import Random

import pytest

from checker.compare import logic
from checker.compare.due import Place
from checker.compare.formula import Form, T, atoms, every, negated, order_of, some, value
from checker.compare.logic import Groups, TooMany, alike, counterexample
from checker.compare.order import Order
from checker.compare.single import certainly, two_valued
from dsl.vocabulary import EventWord, Vocabulary

PLACES: tuple[Place, ...] = (("Europe/Warsaw", "PL"),)
FREE: tuple[Form, ...] = tuple(("atom", i) for i in range(4))
ROW: Form = ("OccasionRow",)
VALUE: Form = ("AttributeOf", "channel", ROW)
ON_VALUE: tuple[Form, ...] = tuple(("is", VALUE, among) for among in (("a",), ("b",), ("a", "b")))


def _formula(r: Random, depth: int, among: tuple[Form, ...]) -> Form:
    if depth == 0 or r.random() < 0.2:
        atom = r.choice(among)
        return negated(atom) if r.random() < 0.4 else atom
    parts = [_formula(r, depth - 1, among) for _ in range(r.choice((1, 2, 2, 3)))]
    return (every if r.random() < 0.5 else some)(parts)


def _all(f: Form, g: Form, kinds: tuple[int, ...]) -> list[Mapping[Form, int]]:
    found = list(dict.fromkeys([*atoms(f), *atoms(g)]))
    return [dict(zip(found, told, strict=True)) for told in product(kinds, repeat=len(found))]


@pytest.mark.parametrize("seed", range(150))
def test_free_conditions(seed: int) -> None:
    r = Random(seed)
    f, g = (_formula(r, 3, FREE) for _ in range(2))
    groups = Groups(lambda v: False)
    three = _all(f, g, (0, 1, 4))
    expected = any(order_of(value(f, w.__getitem__)) > order_of(value(g, w.__getitem__)) for w in three)
    found = counterexample(f, g, groups, lambda a, b: False)
    assert (found is not None) == expected
    five = _all(f, g, (0, 1, 2, 3, 4))
    assert alike(f, g, groups) == all(value(f, w.__getitem__) == value(g, w.__getitem__) for w in five)


@pytest.mark.parametrize("seed", range(60))
def test_ties(seed: int) -> None:
    r = Random(f"ties {seed}")
    f, g = (_formula(r, 3, FREE) for _ in range(2))

    def linked(a: Form, b: Form) -> bool:
        return (a, b) == (FREE[0], FREE[1])

    def covered(a: Form, b: Form) -> bool:
        return {a, b} == {FREE[2], FREE[3]}

    def allowed(w: Mapping[Form, int]) -> bool:
        of = {a: order_of(w[a]) for a in w}
        one = not {FREE[0], FREE[1]} <= set(w) or of[FREE[0]] <= of[FREE[1]]
        return one and (not {FREE[2], FREE[3]} <= set(w) or of[FREE[2]] + of[FREE[3]] >= 2)

    expected = any(
        order_of(value(f, w.__getitem__)) > order_of(value(g, w.__getitem__))
        for w in _all(f, g, (0, 1, 4))
        if allowed(w)
    )
    assert (counterexample(f, g, Groups(lambda v: False), linked, covered) is not None) == expected


def _combinations(values: tuple[tuple[str, ...], ...]) -> list[Mapping[Form, int]]:
    """What the conditions on one value say for each value that a row may have, and for none."""
    out: list[Mapping[Form, int]] = [dict.fromkeys(ON_VALUE, kind) for kind in (1, 2, 3)]
    for held in values:
        out.append({a: T if set(held) & set(a[2]) else 0 for a in ON_VALUE})
    return out


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("several", [True, False])
def test_conditions_on_what_a_row_says(seed: int, several: bool) -> None:
    r = Random(f"value {seed}")
    f, g = (_formula(r, 3, ON_VALUE) for _ in range(2))
    held = (("a",), ("b",), ("c",), *((("a", "b"), ("b", "c")) if several else ()))
    expected = all(value(f, w.__getitem__) == value(g, w.__getitem__) for w in _combinations(held))
    assert alike(f, g, Groups(lambda v: not several)) == expected


def test_a_large_formula_is_settled_where_branches_close_early() -> None:
    wide = tuple(("wide", i) for i in range(30))
    groups = Groups(lambda v: False)
    assert counterexample(every(wide), every(wide[:20]), groups, lambda a, b: False) is None
    assert counterexample(every(wide[:20]), every(wide), groups, lambda a, b: False) is not None


def test_too_many_ways_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    f = some(every((FREE[i], negated(FREE[i - 1]))) for i in range(4))
    groups = Groups(lambda v: False)
    assert not alike(f, every((f, some((FREE[0], FREE[1])))), groups)
    monkeypatch.setattr(logic, "MOST", 2)
    with pytest.raises(TooMany):
        alike(f, every((f, some((FREE[0], FREE[1])))), groups)


def test_what_a_reader_holds_to_one_value() -> None:
    words = Vocabulary(
        events={
            "opened": EventWord("opened", "ticket", {"channel": "string", "topics": "list", "urgent": "bool"})
        },
        facts={"paid": "bool", "plan": "string", "channels": "list"},
    )
    single, only = certainly(words), two_valued(words)
    assert single(("FactValue", ("plan",)))
    assert not single(("FactValue", ("channels",)))
    assert only(("FactValue", ("paid",))) == {True, False}
    assert only(("FactValue", ("plan",))) is None
    # Of a bare attribute nothing is known, unless the event is.
    assert not single(VALUE)


def test_thresholds_and_moments_cover_one_another() -> None:
    order = Order(PLACES, (2026, 2026), Groups(lambda v: False))
    count: Form = ("Count", "rows")
    three, four = (("Number", n, None) for n in (3, 4))
    at_most_3, at_least_3, at_least_4 = (
        ("at-most", count, three, False), ("at-most", three, count, False), ("at-most", four, count, False),
    )  # fmt: skip
    assert order.cover(at_most_3, at_least_3) == frozenset()
    # Between three and four there is room for an amount that is not whole.
    assert order.cover(at_most_3, at_least_4) is None
    assert order.cover(at_most_3, ("at-most", three, count, True)) is None
    before: Form = ("stands", ("Pick", "x"), "before", ("Pick", "y"))
    after: Form = ("stands", ("Pick", "y"), "no-later", ("Pick", "x"))
    assert order.cover(before, after) == frozenset()
    assert order.cover(before, ("stands", ("Pick", "y"), "before", ("Pick", "x"))) is None
    assert order.atom(before, ("stands", ("Pick", "x"), "no-later", ("Pick", "y"))) == frozenset()
    assert order.atom(("stands", ("Pick", "x"), "no-later", ("Pick", "y")), before) is None
