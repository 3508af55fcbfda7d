"""Audits on Apache Spark: the tickets of a log divided among executors, each judged as on one machine. Needs the extra `spark`.

- `checker.spark.run`: an audit from its parts to rows as Parquet and their provenance; begin here.
- `checker.spark.source`: the driver's side of reading: files, rows with their places, the agreements' own rows.
- `checker.spark.told`: what the executors are told once, and what they make of it.
- `checker.spark.tickets`: the rows of whole tickets as tickets, by the rules of the local reader.
- `checker.spark.work`: what an executor does with its rows.
- `checker.spark.account`: what was read and what became of it, added up over all executors.
- `checker.spark.session`: Spark itself, and its errors in our words.

Spark is imported here alone, and only where an audit runs on it.
"""
