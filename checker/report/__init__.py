"""Reports of an audit: one model, in the order of an audit working paper, and a renderer for each format.

- `checker.report.model`: the figures of a report, frozen and plain; what every renderer shows.
- `checker.report.rows`: findings, explanations and the testing grid: as many as there are, so they come one after the other.
- `checker.report.sums`, `seen`, `columns`: what is added up while an audit is judged, by either engine.
- `checker.report.build`: figures from sums, the population, the log and the contract.
- `checker.report.fresh`, `saved`: a report of a run, and of verdicts that a run has written.
- `checker.report.timeline`: what a picture of a ticket's time line shows.
- `checker.report.words`: every word that a reader sees, by language.
- `checker.report.renderers`: one file for each format.
"""
