"""A second opinion on an explanation: is its clock right, from the events and the calendar data it names alone?

This room imports nothing of the rest, so that an error there cannot hide itself here. Zone rules come from the `tzdata`
package, public holidays from the `holidays` library; everything else is counted anew, in another way: not by intervals and
totals, but by asking of single seconds whether the calendar is open.

What it cannot see: which events the clause means by its names, and whether the start of the clock is the one the clause asks
for. Those are the contract's, and the explanation quotes them in words.
"""

from checker.recheck.recheck import recheck

__all__ = ["recheck"]
