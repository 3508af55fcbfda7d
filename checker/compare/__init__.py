"""Comparing two variants of a contract: what changed, for whom it is stricter, and a history that shows it.

Where to find what:

- `checker.compare.normal`: clauses with every name replaced by what it means; equal forms are equal functions.
- `checker.compare.formula`: formulas over conditions, in three values and in five.
- `checker.compare.order`: what certainly implies what, and which instant is never later than which.
- `checker.compare.proof`: what is proved of two clauses.
- `checker.compare.draft`, `checker.compare.witness`: histories built from what clauses ask, replayed by the interpreter, made small.
- `checker.compare.fare`: how a party fares under a verdict.
- `checker.compare.variants`: the whole question, answered.
"""
