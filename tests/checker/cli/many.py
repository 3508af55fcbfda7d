"""Many agreements and a ticket for each, made from a seed: in ten zones and countries, with what is to be expected.

The expectation is worked out by hand, with nothing of the checker: local days, and the free days of the holiday data.
"""

from __future__ import annotations

import csv
import io
import json
import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays

PLACES = {
    "PL": "Europe/Warsaw",
    "DE-BY": "Europe/Berlin",
    "NO": "Europe/Oslo",
    "GB-SCT": "Europe/London",
    "US": "America/New_York",
    "BR": "America/Sao_Paulo",
    "IN": "Asia/Kolkata",
    "JP": "Asia/Tokyo",
    "AU-NSW": "Australia/Sydney",
    "NZ": "Pacific/Auckland",
}
CONTRACT = """\
servanda 1

contract many "One desk for the world"
  law polish-civil-code
  zone time_zone
  holidays of country
  provider "the desk"
  customer "the customer"

calendar office
  monday to friday 09:00 to 17:00 save public holidays

fact cover
  means an entry of agreements
  where type is gold

clause many.response
  title "Answered in two office hours"
  title pl "Odpowiedź w dwie godziny"
  concerns each ticket_opened as opening
  provided that cover is in force
  the provider shall have response_sent
    within 2 hours of opening, counted in office
"""
AS_OF = "2025-12-31T12:00:00Z"
COLUMNS = (
    "agreement",
    "contract",
    "time_zone",
    "country",
    "agreements.type",
    "agreements.from",
    "agreements.to",
)


@dataclass(frozen=True)
class Made:
    """An agreement with its periods, its ticket, and the verdict and due instant to expect."""

    name: str
    country: str
    periods: tuple[tuple[str, date, date], ...]
    opened: datetime
    answered: datetime
    verdict: str
    due: datetime | None

    @property
    def zone(self) -> str:
        """The zone of the agreement."""
        return PLACES[self.country]


def free_days(country: str) -> set[date]:
    """The public holidays of a country or region."""
    land, _, region = country.partition("-")
    return set(holidays.country_holidays(land, subdiv=region or None, years=(2025, 2026)))


def made(count: int, seed: int = 7) -> list[Made]:
    """So many agreements: the same for the same seed."""
    draw = random.Random(seed)
    free = {country: free_days(country) for country in PLACES}
    return [_one(draw, f"A{i:04d}", free) for i in range(1, count + 1)]


def _one(draw: random.Random, name: str, free: dict[str, set[date]]) -> Made:
    country = draw.choice(list(PLACES))
    zone = ZoneInfo(PLACES[country])

    def works(day: date) -> bool:
        return day.weekday() < 5 and day not in free[country]

    def later(day: date) -> date:
        day += timedelta(1)
        return day if works(day) else later(day)

    day = date(2025, 1, 1) + timedelta(draw.randrange(330))
    day = day if works(day) else later(day)
    # Opened an hour before closing: an hour is left for the next day that counts, wherever that lies.
    opened = datetime.combine(day, time(16), zone)
    due = datetime.combine(later(day), time(10), zone)
    late = draw.choice((-3600, 0, 1, 86_400))
    answered = datetime.fromtimestamp(due.timestamp() + late, zone)
    last = day + timedelta(draw.choice((-1, 0, 200)))
    periods = [("gold", date(2024, 7, 1), last)]
    if draw.random() < 0.5:
        periods.insert(draw.randrange(2), ("silver", date(2024, 1, 1), date(2026, 12, 31)))
    entitled = last >= day
    verdict = "not_entitled" if not entitled else "breached" if late > 0 else "met"
    return Made(name, country, tuple(periods), opened, answered, verdict, due if entitled else None)


def as_yaml(agreements: list[Made]) -> str:
    """The agreements as YAML documents in one file."""
    return "---\n".join(
        f"agreement: {a.name}\ncontract: many\ntime_zone: {a.zone}\ncountry: {a.country}\nagreements:\n"
        + "".join(f"- {{type: {kind}, from: {first}, to: {last}}}\n" for kind, first, last in a.periods)
        for a in agreements
    )


def as_rows(agreements: list[Made]) -> list[tuple[str, ...]]:
    """The agreements as rows of a table: what all rows of one say stands in the first."""
    out: list[tuple[str, ...]] = []
    for a in agreements:
        head = (a.name, "many", a.zone, a.country)
        for i, (kind, first, last) in enumerate(a.periods):
            out.append((*(head if i == 0 else (a.name, "", "", "")), kind, str(first), str(last)))
    return out


def as_csv(agreements: list[Made]) -> str:
    """The agreements as CSV."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([COLUMNS, *as_rows(agreements)])
    return out.getvalue()


def as_log(agreements: list[Made]) -> str:
    """A ticket for each agreement."""
    return "".join(
        json.dumps(
            {
                "ticket": f"T-{a.name}",
                "agreement": a.name,
                "events": [
                    {"at": a.opened.isoformat(), "event": "ticket_opened"},
                    {"at": a.answered.isoformat(), "event": "response_sent"},
                ],
            }
        )
        + "\n"
        for a in agreements
    )
