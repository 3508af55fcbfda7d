"""Making conditions of clauses come true, or false, in a draft: best effort, and what it comes to is judged afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from checker.compare.draft import OTHER, Raw, Scene, stamp
from checker.compare.pools import SECONDS, key_of, listed
from dsl import contract as ir

_DAY = 86400


class Wishes:
    """Changes a scene's draft so that conditions hold, or do not. `row`: the row at hand inside a definition."""

    def __init__(self, scene: Scene, depth: int = 0) -> None:
        self.s = scene
        self.row: Raw | None = None
        self.depth = depth

    # ---------------------------------------------------------------- conditions
    def wish(self, c: ir.Condition, want: bool) -> None:
        """Make a condition hold, or not."""
        rule = getattr(self, "_" + type(c).__name__.lower(), None)
        if rule is not None:
            rule(c, want != getattr(c, "negated", False) if hasattr(c, "negated") else want)

    def _group(self, c: ir.Group, want: bool) -> None:
        lines = self.s.lines(c.of)
        if c.quantifier == "none":
            want = not want
        every = (c.quantifier == "all") == want if c.quantifier != "none" else not want
        chosen = lines if every else [self.s.r.choice(lines)] if lines else []
        for x in chosen:
            self.wish(x, want)

    def _holds(self, c: ir.Holds, want: bool) -> None:
        if self.depth > 6:
            return
        if c.kind == "condition":
            lines = self.s.lines(self.s.book.conditions[c.name].lines)
            for x in lines if want else [self.s.r.choice(lines)] if lines else []:
                Wishes.wish(self, x, want)
            return
        inner = Wishes(self.s, self.depth + 1)
        clause = self.s.book.clauses[c.name]
        if want:
            inner.gates(clause)
            inner.sentences(clause, keep=True)

    def _isoneof(self, c: ir.IsOneOf, want: bool) -> None:
        key = key_of(c.value)
        self.put(c.value, self.s.pick(key, c.among) if want else self.s.other(key, c.among))

    def _inlist(self, c: ir.InList, want: bool) -> None:
        values = listed(self.s.book, c.list)
        kept = [x for x in self.s.lines(self.s.book.lists[c.list].lines) if isinstance(x, ir.KeptIn)]
        if kept and (not values or self.s.r.random() < 0.3):
            self.s.set_fact(kept[0].fact.path, [OTHER] if not want else ["listed"])
            values = ["listed"] if want else values
        for k in kept:
            if self.s.fact(k.fact.path) is None:
                self.s.set_fact(k.fact.path, ["listed"])
        if values or not want:
            key = key_of(c.value)
            self.put(c.value, self.s.pick(key, values) if want else self.s.other(key, tuple(values)))

    def _recorded(self, c: ir.Recorded, want: bool) -> None:
        if want:
            pool = c.among or tuple(self.s.pool.values.get(key_of(c.value) or "", ())) or (OTHER,)
            self.put(c.value, self.s.r.choice(pool))
        elif c.among:
            self.put(c.value, self.s.other(key_of(c.value), c.among))
        else:
            self.put(c.value, None)

    def _samevalue(self, c: ir.SameValue, want: bool) -> None:
        found = self.get(c.right)
        if found is None:
            found = "one"
            self.put(c.right, found)
        self.put(c.left, found if want else OTHER)

    def _among(self, c: ir.Among, want: bool) -> None:
        found = self.get(c.value)
        if found is None:
            found = "one"
            self.put(c.value, found)
        self.put(c.of, [found] if want else [OTHER])

    def _mentions(self, c: ir.Mentions, want: bool) -> None:
        self.put(c.value, f"about {c.word}" if want else "nothing of the kind")

    def _compareranks(self, c: ir.CompareRanks, want: bool) -> None:
        ranks = self.s.book.attributes[c.attribute].ranks
        if len(ranks) > 1:
            i = self.s.r.randrange(len(ranks) - 1)
            high, low = (c.left, c.right) if c.higher == want else (c.right, c.left)
            self.put(high, ranks[i])
            self.put(low, ranks[i + 1])

    def _inforce(self, c: ir.InForce, want: bool) -> None:
        entry = self.entry(c.fact)
        if want:
            entry["from"], entry["to"] = self.s.day(-200), self.s.day(400)
        else:
            entry["from"], entry["to"] = self.s.day(-200), self.s.day(-100)

    def _occurred(self, c: ir.Occurred, want: bool) -> None:
        if want:
            self.happen(c.rows)

    def _compareinstants(self, c: ir.CompareInstants, want: bool) -> None:
        early = (c.relation in ("before", "no-later")) == want
        step = self.s.step()
        moved = self._movable(c.left)
        if moved is not None:
            about = self.about(c.right)
            moved["at"] = about - step - 1 if early else about + step + 1
            return
        moved = self._movable(c.right)
        if moved is not None:
            about = self.about(c.left)
            moved["at"] = about + step + 1 if early else about - step - 1
            return
        for dated, other, sooner in ((c.left, c.right, early), (c.right, c.left, not early)):
            if isinstance(dated, ir.DateOf):
                about = self.about(other) + (-step - _DAY if sooner else step + _DAY)
                self.put(dated.value, stamp(about))
                return

    def _compareamounts(self, c: ir.CompareAmounts, want: bool) -> None:
        less = c.relation in ("at-most", "less")
        if c.relation == "exactly":
            target, off = self.number(c.right), 0 if want else 1
        else:
            edge = self.s.r.choice((0, 0, 1, 2))
            off = -edge if less == want else edge
            if (c.relation in ("at-most", "at-least")) != want:
                off = off - 1 if less == want else off + 1
            target = self.number(c.right)
        if not self.make(c.left, target + off):
            self.make(c.right, self.number(c.left) - off)

    # ---------------------------------------------------------------- amounts
    def number(self, a: ir.Amount) -> int:
        """About what an amount is."""
        if isinstance(a, ir.Number):
            return a.amount
        if isinstance(a, ir.AmountOf):
            found = self.get(a.value)
            if not isinstance(found, int) or isinstance(found, bool):
                found = self.s.r.choice((1, 2, 5, 10))
                self.put(a.value, found)
            return found
        if isinstance(a, ir.FigureRef):
            for x in self.s.lines(self.s.book.figures[a.name].lines):
                if isinstance(x, ir.MeansAmount):
                    return self.number(x.amount)
                if isinstance(x, ir.FromTable):
                    self.put(ir.EntryBy(x.table, x.by), 4)
                    return 4
        if isinstance(a, ir.Share):
            return self.number(a.of) * a.hundredths // 10000
        return 1

    def make(self, a: ir.Amount, amount: int) -> bool:
        """Make an amount so much, where it can be."""
        if isinstance(a, ir.AmountOf):
            self.put(a.value, amount)
            return True
        if isinstance(a, ir.SizeOf):
            self.put(a.of, [f"item {i}" for i in range(max(0, min(amount, 30)))])
            return True
        if isinstance(a, ir.Count):
            for _ in range(min(max(0, amount - 1), 12)):
                self.happen(a.rows)
            return True
        if isinstance(a, ir.Total):
            self.happen(a.rows)[a.attribute] = amount
            return True
        if isinstance(a, ir.RoundedUp):
            return self.make(a.of, amount)
        return False

    # ---------------------------------------------------------------- values
    def put(self, value: ir.Value, to: Any) -> None:
        """Make a value be this; None: not on record."""
        s = self.s
        if isinstance(value, ir.FactValue):
            s.set_fact(value.path, to)
        elif isinstance(value, ir.EntryBy):
            key = self.get(value.by)
            if key is None:
                key = "one"
                self.put(value.by, key)
            s.set_fact((*value.table.path, str(key)), to)
        elif isinstance(value, ir.AttributeAsOf):
            self._write(self._carrier(value.attribute), value.attribute, to)
        elif isinstance(value.row, ir.FactRow):
            self.entry(value.row.fact)[value.attribute] = to
        elif isinstance(value.row, ir.EventRow):
            self._write(self.event(value.row.event), value.attribute, to)
        else:
            row = (
                self.row
                if self.row is not None
                else s.draft.row
                if s.draft.row is not None
                else s.draft.entry
            )
            if row is not None:
                self._write(row, value.attribute, to)

    def _write(self, row: Raw, attribute: str, to: Any) -> None:
        if to is None:
            row.pop(attribute, None)
        else:
            row[attribute] = self.s.fitted(to, self.s.kind(row["event"], attribute)) if "event" in row else to

    def get(self, value: ir.Value) -> Any:
        """What a value is in the draft."""
        s = self.s
        if isinstance(value, ir.FactValue):
            return s.fact(value.path)
        if isinstance(value, ir.EntryBy):
            return s.fact((*value.table.path, str(self.get(value.by))))
        if isinstance(value, ir.AttributeAsOf):
            return self._carrier(value.attribute).get(value.attribute)
        if isinstance(value.row, ir.FactRow):
            return self.entry(value.row.fact).get(value.attribute)
        if isinstance(value.row, ir.EventRow):
            return self.event(value.row.event).get(value.attribute)
        row = self.row if self.row is not None else s.draft.row if s.draft.row is not None else s.draft.entry
        return row.get(value.attribute) if row is not None else None

    def _carrier(self, attribute: str) -> Raw:
        """The event that sets a followed attribute by the time of the occasion."""
        s = self.s
        found = s.book.attributes.get(attribute)
        setters = found.set_by if found is not None and found.set_by else s.book.carriers(attribute)
        bases = {b for e in setters for b in s.bases(e)}
        for e in (s.draft.row, *s.draft.events):
            if e is not None and e["event"] in bases and e["at"] <= s.opening:
                return e
        return s.add(s.base(setters[0]) if setters else attribute, s.opening)

    def entry(self, fact: str) -> Raw:
        """The entry of a named fact, made where there is none."""
        s = self.s
        lines = s.lines(s.book.facts[fact].lines)
        path = next(x.fact.path for x in lines if isinstance(x, ir.EntryOf))
        found = s.fact(path)
        wheres = [x.condition for x in lines if isinstance(x, ir.Where)]
        tag = ("entry", fact)
        kept = (
            next((e for e in found if isinstance(e, dict) and e.get("_of") == tag), None)
            if isinstance(found, list)
            else None
        )
        if kept is None:
            kept = {"_of": tag, "from": s.day(-200), "to": s.day(400)}
            s.set_fact(path, [*(found if isinstance(found, list) else []), kept])
            inner, self.row = self.row, kept
            for w in wheres:
                self.wish(w, True)
            self.row = inner
        return kept

    # ---------------------------------------------------------------- events
    def event(self, name: str) -> Raw:
        """An event of this name, made where there is none."""
        s = self.s
        bases = s.bases(name)
        if s.draft.row is not None and s.draft.row["event"] in bases:
            return s.draft.row
        found = next((e for e in s.draft.events if e["event"] in bases), None)
        return found if found is not None else self.new(name, s.opening + s.step())

    def new(self, name: str, at: int) -> Raw:
        """A new event of this name, with what qualifies it."""
        base = self.s.base(name)
        made = self.s.add(base, at)
        if self.depth < 6:
            inner, self.row = self.row, made
            self.depth += 1
            for w in self.s.wheres(name, base):
                self.wish(w, True)
            self.depth -= 1
            self.row = inner
        return made

    def happen(self, rows: ir.Rows) -> Raw:
        """An event within restrictions."""
        s = self.s
        at = s.opening + s.r.choice((0, 60, -60, s.step(), -s.step()))
        made = self.new(s.r.choice(rows.events), at)
        self.restrict(made, rows.restrictions)
        return made

    def restrict(self, made: Raw, restrictions: Iterable[Any]) -> None:
        """Put an event within restrictions."""
        s = self.s
        row = self.row if self.row is not None else s.draft.row
        for x in restrictions:
            if isinstance(x, ir.When):
                about = self.about(x.moment)
                early = x.relation in ("before", "no-later")
                made["at"] = about - s.r.choice((1, 60, 3600)) if early else about + s.r.choice((1, 60, 3600))
            elif isinstance(x, ir.WithinOf):
                length = self.seconds(x.length)
                made["at"] = self.about(x.of) + s.r.choice((0, length // 2, length, length + 1))
            elif isinstance(x, ir.SameAs) and row is not None:
                if row.get(x.attribute) is None:
                    self._write(row, x.attribute, "one")
                made[x.attribute] = row.get(x.attribute)
            elif isinstance(x, ir.Including):
                found = self.get(x.value)
                if found is None:
                    found = "one"
                    self.put(x.value, found)
                self._write(made, x.attribute, found)
            elif isinstance(x, ir.Answering):
                made["at"] = s.opening + s.r.choice((0, 60, 3600))

    def _movable(self, term: ir.Instant) -> Raw | None:
        if isinstance(term, ir.Pick):
            found = self.event(term.event)
            return found if found is not self.s.draft.row else None
        return None

    def about(self, term: ir.Instant) -> int:
        """About when a moment is."""
        s = self.s
        if isinstance(term, ir.Pick):
            return int(self.event(term.event)["at"])
        if isinstance(term, ir.It):
            return int(self.row["at"]) if self.row is not None and "at" in self.row else s.opening
        if isinstance(term, ir.Shift):
            return self.about(term.base) + (-1 if term.back else 1) * self.seconds(term.length)
        if isinstance(term, ir.Extreme):
            return (max if term.latest else min)(self.about(t) for t in term.of)
        if isinstance(term, ir.MomentRef):
            means = [x for x in s.lines(s.book.moments[term.name].lines) if isinstance(x, ir.MeansMoment)]
            return self.about(means[0].moment) if means else s.opening
        if isinstance(term, ir.UnitOf):
            return self.about(term.of)
        if isinstance(term, ir.DateOf) and self.get(term.value) is None:
            self.put(term.value, stamp(s.opening + s.step()))
        return s.opening

    def seconds(self, length: ir.Length) -> int:
        """About how long a length is."""
        amount = length.amount if isinstance(length.amount, int) else self.number(ir.FigureRef(length.amount))
        return amount * SECONDS[length.unit]

    # ---------------------------------------------------------------- clauses
    def gates(self, clause: ir.Clause) -> None:
        """Let a clause apply: what it is about and its prerequisites hold, its carve-outs do not."""
        for g in self.s.lines(clause.gates):
            if isinstance(g, ir.Gate):
                self.wish(g.condition, g.kind != "save")

    def sentences(self, clause: ir.Clause, *, keep: bool) -> None:
        """Let what a clause asks be done, or not."""
        for x in self.s.lines(clause.sentences):
            self.sentence(x, keep=keep)

    def sentence(self, x: ir.Sentence, *, keep: bool) -> None:
        """The same for one sentence."""
        s = self.s
        if isinstance(x, ir.Ensure):
            lines = s.lines(x.conditions)
            for c in lines if keep else [s.r.choice(lines)] if lines else []:
                self.wish(c, keep)
        elif isinstance(x, ir.Perform | ir.Refrain):
            limits = s.lines(x.limits)
            for y in limits:
                if isinstance(y, ir.OnlyWhere):
                    self.wish(y.condition, keep or s.r.random() < 0.5)
            if keep or not isinstance(x, ir.Perform):
                made = self.new(s.r.choice(x.events), s.opening + s.r.choice((0, 60, 600, s.step())))
                self.restrict(made, [y.fit for y in limits if isinstance(y, ir.Fitting)])
            refused = [e for y in limits if isinstance(y, ir.RefusedBy) for e in y.events]
            if refused and not keep:
                self.new(s.r.choice(refused), s.opening + 60)
        elif isinstance(x, ir.Keep):
            self.state(x.state)

    def state(self, name: str) -> None:
        """Let a state begin, and perhaps end."""
        s = self.s
        pairs = [x for x in s.lines(s.book.states[name].lines) if isinstance(x, ir.FromUntil)]
        if pairs:
            pair = s.r.choice(pairs)
            at = s.opening + s.r.choice((0, 60, 3600, s.step()))
            self.new(s.r.choice(pair.start), at)
            if s.r.random() < 0.8:
                self.new(s.r.choice(pair.end), at + s.r.choice((1, 600, 3600, s.step())))
