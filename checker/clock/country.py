"""The holidays of one country, without those of all others.

The library loads every country's module with the first one that is asked for, which takes longer than most audits of a few tickets. The
module of a country needs none but those that it names itself, and so it is loaded from its file alone. Where it is not to be
found there, or the others are loaded anyway, the library does as it always does.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from threading import RLock
from typing import Any

import holidays

_LOADING = RLock()
"""Modules of the library ask for each other: of two threads one would meet what the other has only begun to load."""


@lru_cache(maxsize=512)
def class_of(code: str) -> Any:
    """The library's class of a country that it knows by this code."""
    with _LOADING:
        found = _found(code)
        return found.get_entity() if hasattr(found, "get_entity") else found


def _found(code: str) -> Any:
    """The class, or what loads it when it is looked into."""
    known = getattr(holidays, code)
    package, _, name = str(getattr(known, "module_name", "")).rpartition(".")
    if package != "holidays.countries" or package in sys.modules:
        return known
    file = Path(holidays.__file__).parent / "countries" / f"{name}.py"
    spec = spec_from_file_location(f"{__name__}.{name}", file) if file.is_file() else None
    if spec is None or spec.loader is None:
        return known
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, known.entity_name, known)
