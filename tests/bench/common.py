"""Shared by every hand-written program: vocabulary, limits, verdict codes and calendar tables. The clauses in words: README.md.

- verdict codes: 0 met, 1 breached, 2 not_applicable, 3 excluded, 4 not_entitled, 5 pending
- precedence: not_applicable, then excluded, then not_entitled, then met / breached / pending
- AS_OF: the audit instant; an unanswered ticket is pending until its limit has passed at AS_OF
- deadline: kept when the event comes at or before `due`, the first second at which the clock has run the whole limit. The
  array programs test the same thing as: clock(event - 1 s) < limit
- severity: C1-C4 in force at the first human response (at AS_OF if none); C6 and C11 at opening
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import holidays
import numpy as np

CLAUSES = [
    "c1_frt_sev1_azure",
    "c2_frt_1h",
    "c3_frt_b",
    "c4_frt_c",
    "c5_human_first",
    "c6_channel",
    "c7_language",
    "c8_region",
    "c9_agreement",
    "c10_resolution",
    "c11_coverage",
]
VERDICTS = ["met", "breached", "not_applicable", "excluded", "not_entitled", "pending"]
MET, BREACHED, NA, EXCLUDED, NOT_ENTITLED, PENDING = range(6)

EVENTS = [
    "ticket_opened",
    "severity_changed",
    "response_sent",
    "work_paused",
    "work_resumed",
    "ticket_resolved",
    "ticket_closed",
]
SEV = ["1", "A", "B", "C"]
AZURE_FAST = [
    "Azure Virtual Machines",
    "Azure SQL",
    "Azure Kubernetes Service",
    "Azure Storage",
    "Azure Virtual Network",
]
AZURE_EXCL = ["Azure DevOps", "Azure IoT", "Azure Maps"]
AZURE = AZURE_FAST + AZURE_EXCL
PRODUCTS = [*AZURE, "Microsoft 365", "Dynamics 365", "Windows", "Office"]
CHANNELS = ["phone", "web", "email", "chat"]
CH_OK = CHANNELS[:2]
LANGS = ["pl", "en", "de", "fr"]
LANG_OK = LANGS[:3]
REGIONS = ["EU-PL", "EU-DE", "EU-FR", "EU-NORD", "UK", "US"]
REGION_OK = REGIONS[:4]
DOMAINS = {
    "event": EVENTS,
    "severity": SEV,
    "product": PRODUCTS,
    "channel": CHANNELS,
    "language": LANGS,
    "region": REGIONS,
}
L15, L60, LB, LC, LRES = 900, 3600, 2 * 3600, 4 * 3600, 5 * int(8.5 * 3600)

TZ = ZoneInfo("Europe/Warsaw")
EPOCH = dt.date(1970, 1, 1)
# The first possible opening, and the audit instant.
START = int(dt.datetime(2024, 1, 1, tzinfo=dt.UTC).timestamp())
AS_OF = int(dt.datetime(2026, 1, 1, tzinfo=dt.UTC).timestamp())
# The extent of the calendar tables; arrays hold seconds since T0, their first instant.
DAY_A, DAY_Z = dt.date(2023, 12, 31), dt.date(2026, 1, 3)
T0 = int(dt.datetime.combine(DAY_A, dt.time(), dt.UTC).timestamp())
T1 = int(dt.datetime.combine(DAY_Z, dt.time(), dt.UTC).timestamp())
# Every boundary of the calendar is a multiple of 30 minutes in UTC.
SLOT = 1800


def business_intervals() -> list[tuple[int, int]]:
    """Start and end in epoch seconds: 09:00-17:30 local, Monday to Friday, minus Polish public holidays."""
    free = set(holidays.country_holidays("PL", years=range(DAY_A.year, DAY_Z.year + 1)))
    days = [DAY_A + dt.timedelta(i) for i in range((DAY_Z - DAY_A).days + 1)]

    def at(day: dt.date, hour: int, minute: int) -> int:
        return int(dt.datetime.combine(day, dt.time(hour, minute), TZ).timestamp())

    return [(at(d, 9, 0), at(d, 17, 30)) for d in days if d.weekday() < 5 and d not in free]


def slot_tables() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Per slot since T0: business seconds before it, business or not, local day number, inside 08:00-20:00 local."""
    n = (T1 - T0) // SLOT
    opn = np.zeros(n, np.int32)
    for s, e in business_intervals():
        assert (s - T0) % SLOT == 0
        assert (e - T0) % SLOT == 0
        opn[max((s - T0) // SLOT, 0) : (e - T0) // SLOT] = 1
    cum = np.concatenate([[0], np.cumsum(opn * SLOT)[:-1]]).astype(np.int32)
    local = [dt.datetime.fromtimestamp(T0 + i * SLOT, TZ) for i in range(n)]
    days = np.array([(x.date() - EPOCH).days for x in local], np.int32)
    return cum, opn, days, np.array([8 <= x.hour < 20 for x in local])
