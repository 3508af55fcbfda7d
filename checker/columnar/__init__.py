"""The columnar engine: a contract judged over all tickets at once, with the verdicts of the interpreter.

- `checker.columnar.possible`: moments and truths as columns.
- `checker.columnar.source`, `table`: the events of all cases as columns, and the pairs of occasions with the events of their case;
  `agreement_source`: agreements as cases.
- `checker.columnar.world`: all cases under one choice of readings, and what is asked of the interpreter once an agreement;
  `found`: results that are found once.
- `checker.columnar.values`, `events`, `moments`, `clocks`, `spans`, `conditions`, `amounts`, `sentences`, `judge`: the rules of
  evaluation, each as the module of that name in `checker.interpret` has them.
- `checker.columnar.states`, `stretches`, `courses`: states, occasions that last, and limits that follow an attribute
  (`course_line`: what they follow; `carried`: what older limits leave); `opening`: open time less what stops a clock; `anywhere`: a
  calendar of an unknown country; `across`: events on other tickets of the agreement.
- `checker.columnar.limits`, `refrain`, `rights`, `keeping`, `each_of`: what `sentences` puts together; `due`: the limit in a
  condition; `holding`: the stretch, period or entry that holds an occasion; `intervals`: sets of seconds.
- `checker.columnar.layers`, `outcomes`: clauses that look at each other; what is possible, what is shown of it, and the fold.
- `checker.columnar.reading`: a log in parts, each a source, without an object for each event. `reads`: what clauses read.
  `log`, `parts`: files become parts; `line_look`, `lines`, `json_block`, `json_recurring`, `json_told`: JSON Lines; `parquet`,
  `event_rows`, `regroup`: event rows; `batch`, `merged`, `history`: tickets as columns; `stamps`, `chars`, `arrow`, `attributes`,
  `seen`: what is checked of them. What is odd goes to `checker.record`.
- `checker.columnar.exported`: an export of snapshots by a mapping; `export_cells`, `export_stamps`: its cells and stamps; `export_told`:
  the histories that its rows tell; `ticket_source`: its tickets under their agreements, as columns and as objects.
- `checker.columnar.alike`: where results differ on another reading; `freed`: what the process keeps of the memory it frees.
- `checker.columnar.engine`: the run over cases, and what it leaves to the interpreter; `judges`: processes that hold cases and judge
  them again and again; `sent`: columns on their way from one process to another.

A form that has no columns yet leaves its clause to the interpreter, and what a rule cannot decide leaves that verdict: the two
never differ.
`checker.batch` runs audits in it; tests hold it against the interpreter, and the bench measures it.
"""
