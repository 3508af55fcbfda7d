"""Rates and their confidence intervals."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from typing import Final

from checker.report.model import Interval, Rate

CONFIDENCE: Final = 0.95
_Z: Final = 1.959963984540054
"""The 0.975 quantile of the standard normal distribution."""
_DIGITS: Final = 6


def wilson(met: int, decided: int) -> tuple[float, float]:
    """The score interval of a share at 95 %, without correction for continuity.

    E. B. Wilson, Probable inference, the law of succession, and statistical inference, Journal of the American Statistical
    Association 22 (1927), 209-212. It holds its level for small numbers and for shares near 0 and 1, where the interval of the
    textbooks does not: L. D. Brown, T. T. Cai, A. DasGupta, Interval estimation for a binomial proportion, Statistical Science 16
    (2001), 101-133.
    """
    p, n, z2 = met / decided, decided, _Z * _Z
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z / (1 + z2 / n) * sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    # At the ends of the scale the bound is exact, and rounding would put it a little beyond.
    low = 0.0 if met == 0 else max(0.0, middle - half)
    high = 1.0 if met == decided else min(1.0, middle + half)
    return low, high


def rate(counts: Mapping[str, int], *, sample: bool) -> Rate:
    """What was met of what was decided. `sample`: whether the log is a sample, so that the rate has an interval."""
    met, breached, open_ = (counts[word] for word in ("met", "breached", "undetermined"))
    decided, all_ = met + breached, met + breached + open_
    interval = None
    if sample and decided:
        low, high = wilson(met, decided)
        interval = Interval("wilson", CONFIDENCE, round(low, _DIGITS), round(high, _DIGITS))
    return Rate(
        met,
        decided,
        round(met / decided, _DIGITS) if decided else None,
        round(met / all_, _DIGITS) if all_ else None,
        round((met + open_) / all_, _DIGITS) if all_ else None,
        interval,
    )
