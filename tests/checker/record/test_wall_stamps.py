"""Stamps read without `strptime` are read as `strptime` reads them."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.record.flaws import Flaw
from checker.record.instants import Precision
from checker.record.mapping_model import StampFormat, TimeRule
from checker.record.stamps import StampReader
from checker.record.wall_stamps import Wall, WallFormat

FORMATS = (
    "%d/%m/%Y %H:%M",
    "%d-%m-%Y %H:%M:%S",
    "%Y%m%d%H%M%S",
    "%Y-%m-%dT%H:%M:%S",
    "%d.%m.%Y",
    "%Y %m %d %H%M",
)
DIRECTIVES = [f"%{c}" for c in "YmdHMS"]
SIGNS = ["/", "-", ".", ":", " ", "", "", "T", "_", "+", "(", "\\", "^", "]", "2", "  "]


@st.composite
def formats(draw: st.DrawFn) -> str:
    """Year, month and day, perhaps with a time of day, in any order and with anything between them."""
    time = draw(st.integers(0, 3))
    parts = draw(st.permutations(DIRECTIVES[: 3 + time]))
    return "".join(part + draw(st.sampled_from(SIGNS)) for part in parts)


@st.composite
def texts(draw: st.DrawFn, form: str) -> str:
    """A text of a format or nearly so: fields of one digit and of two, some beyond the calendar, some signs wrong."""
    text = form
    for directive in DIRECTIVES:
        most = 2100 if directive == "%Y" else draw(st.sampled_from([12, 31, 60, 99]))
        number = draw(st.integers(0, most))
        width = draw(st.sampled_from([4, 4, 4, 1])) if directive == "%Y" else draw(st.sampled_from([1, 2]))
        text = text.replace(directive, f"{number:0{width}d}")
    if draw(st.booleans()):
        return text
    at = draw(st.integers(0, len(text)))
    return (
        text[:at]
        + draw(st.sampled_from(["", " ", "0", "9", "/", "-", "٣", "t"]))
        + text[at + draw(st.integers(0, 1)) :]
    )


def by_strptime(text: str, form: str) -> Wall | None:
    try:
        found = datetime.strptime(text, form)
    except ValueError:
        return None
    return Wall(found.year, found.month, found.day, found.hour, found.minute, found.second)


@given(st.data())
def test_what_is_read_is_what_strptime_reads(data: st.DataObject) -> None:
    form = data.draw(st.sampled_from(FORMATS) | formats())
    text = data.draw(texts(form))
    known = WallFormat(form)
    found, due = known.read(text), by_strptime(text, form)
    assert found is None or found == due
    assert due is None or not known.other(text)


@given(st.data(), st.datetimes(datetime(1000, 1, 1), datetime(2099, 12, 31)))
def test_whole_stamps_of_usual_formats_need_no_strptime(data: st.DataObject, at: datetime) -> None:
    form = data.draw(st.sampled_from(FORMATS))
    assert WallFormat(form).read(at.strftime(form)) == by_strptime(at.strftime(form), form)


def test_single_digits_are_read() -> None:
    assert WallFormat("%d/%m/%Y %H:%M").read("9/2/2016 1:5") == Wall(2016, 2, 9, 1, 5, 0)


@pytest.mark.parametrize(
    "form", ["%d %b %Y", "%d/%m/%y", "%m/%d/%Y %I:%M %p", "%Y-%m-%d %H:%M:%S%z", "%d/%m/%Y %H:%M:%S.%f"]
)
def test_other_directives_are_left_to_strptime(form: str) -> None:
    assert WallFormat(form).read(datetime(2016, 2, 9, 1, 5).strftime(form)) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("31/2/2016 10:00", "there is no such date"),
        ("29/2/2015 10:00", "there is no such date"),
        ("1/1/0000 10:00", "there is no such date"),
        ("1/1/1950 10:00", "the year 1950 lies outside 1970 to 2099"),
        ("1/1/2016 24:00", "not a time in the format %d/%m/%Y %H:%M or %d-%m-%Y %H:%M"),
        ("1/13/2016 10:00", "not a time in the format %d/%m/%Y %H:%M or %d-%m-%Y %H:%M"),
        ("1-2/2016 10:00", "not a time in the format %d/%m/%Y %H:%M or %d-%m-%Y %H:%M"),
        ("2016", "not a time in the format %d/%m/%Y %H:%M or %d-%m-%Y %H:%M"),
    ],
)
def test_what_is_wrong_with_a_stamp(text: str, reason: str) -> None:
    minute: Precision = "minute"
    forms = tuple(StampFormat(form, minute) for form in ("%d/%m/%Y %H:%M", "%d-%m-%Y %H:%M"))
    reader = StampReader(TimeRule("at", forms, "Europe/Warsaw", None, "either"))
    with pytest.raises(Flaw) as found:
        reader.read(text, None, "at")
    assert found.value.reason == reason
