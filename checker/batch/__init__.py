"""Audits worked off partition by partition, in columns or by the interpreter, with the same rows either way.

- `checker.batch.choice`: which of the two judges, and what an extra that is not installed is told by.
- `checker.batch.partition`: the records of an audit in stretches, each worked off by itself; the place for readers of other sources.
- `checker.batch.pieces`: what comes of a partition: counts, claims, exceptions; rows from judgements.
- `checker.batch.wide`, `columns`: the same from columns; the interpreter is asked for what the columns cannot tell.
- `checker.batch.arrow`: rows as Parquet.
- `checker.batch.exported`: exports that a mapping reads into columns.
- `checker.batch.parts`: finished partitions in a folder, for a run that is interrupted and goes on.
- `checker.batch.processes`, `shares`: partitions divided among processes; `beside`: how these begin and end.
- `checker.batch.output`: files that appear whole, and signals.
- `checker.batch.run`: all of it together.

This room needs no NumPy and no pyarrow to be imported: the modules that do are imported where they are used.
"""
