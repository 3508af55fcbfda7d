"""A country's holidays are the library's, however its module was loaded."""

import os
import subprocess
import sys

from tests.house.tree import ROOT

ALONE = """
import sys
from checker.clock.country import class_of
from checker.clock.holidays_data import free_days, require
for code, region in (("PL", None), ("DE", "BY"), ("US", None), ("JP", None)):
    require(code, region)
    free_days(code, region, 2025)
print("holidays.countries" in sys.modules)
"""
SAME = """
import sys
from checker.clock import holidays_data
from checker.clock.country import class_of
def days(alone):
    found = {}
    for code in holidays_data.countries():
        for name in [m for m in sys.modules if alone and m.startswith("holidays.countries")]:
            del sys.modules[name]
        own = class_of(code)
        assert own.__module__.startswith("checker.clock.country.") == alone
        if own.start_year <= 2025 <= own.end_year:
            found[code] = dict(holidays_data.free_days(code, None, 2025)), holidays_data._regions(code)
    return found
alone = days(True)
class_of.cache_clear()
holidays_data.free_days.cache_clear()
import holidays.countries
assert days(False) == alone
print(len(alone))
"""

THREADS = """
import sys
from concurrent.futures import ThreadPoolExecutor
from checker.clock.holidays_data import NoHolidayDataError, countries, free_days
sys.setswitchinterval(1e-5)
def days(order):
    found = 0
    for code in order:
        try:
            found += len(free_days(code, None, 2025))
        except NoHolidayDataError:
            pass
    return found
codes = list(countries())
orders = [codes, codes[::-1], codes[50:] + codes[:50], codes[100:] + codes[:100]]
with ThreadPoolExecutor(len(orders)) as pool:
    print(len(set(pool.map(days, orders))))
"""


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_one_country_does_not_load_all_of_them() -> None:
    assert run(ALONE) == "False"


def test_the_days_are_those_of_the_library() -> None:
    assert int(run(SAME)) > 150


def test_threads_load_countries_one_after_the_other() -> None:
    assert run(THREADS) == "1"
