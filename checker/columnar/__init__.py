"""The columnar engine: a contract judged over all tickets at once, with the verdicts of the interpreter.

- `possible`: moments and truths as columns.
- `table`: the events of all cases as columns, and the pairs of occasions with the events of their case.
- `plan`: which parts of a contract are evaluated in columns; what is not is the interpreter's.
- `values`, `events`, `moments`, `clocks`, `conditions`, `amounts`, `sentences`, `judge`: the rules of evaluation, each as
  the module of that name in `checker.interpret` has them.
- `engine`: the run over a population.

What a column cannot hold exactly (a case whose record is in doubt where the rule is written for certainty) is marked, and
judged by the interpreter: the two never differ.
"""
