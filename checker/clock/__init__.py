"""The clock: calendars, public holidays, clock changes and legal terms, in exact whole seconds.

Instants are ``int``: seconds since the Unix epoch, UTC. Where to find what:

- `checker.clock.windows`: calendars as data (`Window`, `CalendarSpec`).
- `checker.clock.calendar`: `calendar(spec)`, a `Calendar` (which seconds count, and until when); `ALWAYS`.
- `checker.clock.alternatives`: `possible(spec)`, bounds where the zone or the country is not on record.
- `checker.clock.terms`: terms in days, weeks, months and years by a contract's law; terms in working days.
- `checker.clock.days`: local days and calendar periods.
- `checker.clock.edges`: where windows and days begin and end when clocks change.
- `checker.clock.zones`, `checker.clock.holidays_data`: zone rules and public holidays, and their releases.
"""
