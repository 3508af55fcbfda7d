"""The reference semantics: one ticket (or agreement) and one clause at a time, with the reason.

- `possible`: moments, truths and amounts of which only bounds may be known.
- `case`: the record of one ticket or agreement, and what its silence proves.
- `world`: a contract, a case, an audit instant and a choice of readings; look-ups shared by the rest.
- `moments`, `events`, `spans`, `amounts`, `conditions`: the terms of the language over a case.
- `sentences`, `courses`: what the parties owe, and limits that follow a changing attribute.
- `judge`: occasions, gates, the fold over occasions, and verdicts contested by other readings.
"""
