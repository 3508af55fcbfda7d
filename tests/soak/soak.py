"""The columns held against the interpreter for as long as asked: python -m tests.soak.soak [--minutes 240] [--every 10] [--seed N]

Contracts and histories of the property tests' strategies; each bundled contract with histories of its own vocabulary, and with its
worked cases, as they stand and changed; in turn.
Says every so often, and at the end, how much was compared. The first difference ends it (not with --keep-going): it is made
smaller, printed, and written as a file that `--replay FILE` judges again. Exit code 1 when any cell differs.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from checker.audit.library import contract_names
from checker.record.flaws import Flaw
from tests.soak import generated, made, worked
from tests.soak.compare import Compared, Difference, compare
from tests.soak.shrink import differs_like, shrunk
from tests.soak.specimen import Specimen, read

ROOT = Path(__file__).resolve().parents[2]
GENERATED = "generated"
ROUND = 20
"""Specimens of one bundled contract in a row."""

SMALL = 5
"""So many times as many of the strategies, which are small."""

Say = Callable[[str], None]


@dataclass
class Soak:
    """What was compared of each kind, and the differences that were found: kinds, and files of small specimens.

    After the first difference nothing more is compared, unless it has to `keep_going`; nor after `until`. Every so many seconds
    (`every`) it says how far it is.
    """

    out: Path
    say: Say
    until: float = math.inf
    every: float = 600.0
    shrink_seconds: float = 120.0
    keep_going: bool = False
    totals: dict[str, Compared] = field(default_factory=dict)
    found: dict[tuple[str, ...], Path] = field(default_factory=dict)
    refused: int = 0
    begun: float = field(default_factory=time.monotonic)
    _said: float = field(default_factory=time.monotonic)

    @property
    def over(self) -> bool:
        """Whether the time, or a difference, ended it."""
        return (bool(self.found) and not self.keep_going) or time.monotonic() >= self.until

    def judge(self, kind: str, specimen: Specimen) -> None:
        """Compare one specimen, and look closer at a difference of a new kind."""
        if self.over:
            return
        try:
            said = compare(specimen)
        except Flaw as flaw:
            self.refused += 1
            self.say(f"a record that cannot be read was made ({specimen.seed}): {flaw}")
            return
        self.totals.setdefault(kind, Compared()).add(said)
        if time.monotonic() - self._said >= self.every:
            self._said = time.monotonic()
            self.say(self.report())
        for difference in said.differences:
            of_clause = difference.clause if kind != GENERATED else ""
            key = (kind, of_clause, *difference.kind)
            if key not in self.found and not self.over:
                self.found[key] = self._close(kind, specimen, difference)

    def _close(self, kind: str, specimen: Specimen, difference: Difference) -> Path:
        self.say(f"\nDIFFERENT ({kind}, {specimen.seed}): {difference}\nmaking it smaller ...")
        first = replace(specimen, clauses=(difference.clause,)) if difference.clause else specimen
        fails = differs_like(difference)
        small = shrunk(first if fails(first) else specimen, fails, self.shrink_seconds)
        path = self.out / f"{kind}-{len(self.found) + 1}.json"
        small.write(path)
        self.say(told(small))
        self.say(f"written: {path}; again: python -m tests.soak.soak --replay {path}\n")
        return path

    def report(self) -> str:
        """What was compared so far."""
        minutes = (time.monotonic() - self.begun) / 60
        whole = Compared()
        for each in self.totals.values():
            whole.add(each)
        lines = [f"after {minutes:.1f} minutes: {whole}"]
        lines += [f"  {kind}: {each}" for kind, each in sorted(self.totals.items())]
        forms = ", ".join(f"{form} {n:,}" for form, n in whole.forms.most_common(8))
        lines += [f"  clauses left to the interpreter whole, by form: {forms}"] if forms else []
        lines += [f"  {self.refused} specimens could not be read"] if self.refused else []
        return "\n".join(lines)


def told(specimen: Specimen) -> str:
    """A specimen in full, to be read."""
    contract = specimen.contract
    name = f"contract {contract}" if contract in contract_names() else contract.rstrip()
    rows = [json.dumps(x, ensure_ascii=False) for x in (*specimen.agreements, *specimen.tickets)]
    clauses = f"clauses: {', '.join(specimen.clauses)}" if specimen.clauses else "all clauses"
    lines = [name, "", *rows, f"as of {specimen.as_of}; {clauses}"]
    try:
        lines += [str(d) for d in compare(specimen).differences[:3]]
    except Exception as error:
        lines.append(f"breaks off: {error!r}")
    return "\n".join(lines)


def run(soak: Soak, kinds: list[str], seed: int, *, rounds: int | None = None, count: int = ROUND) -> bool:
    """Compare until it is over, or so many rounds of each kind are; whether nothing differed."""
    number = 0
    while (rounds is None or number < rounds) and not soak.over:
        for kind in kinds:
            if kind == GENERATED:
                name = f"{GENERATED} {seed + number} x {SMALL * count}"

                def work(specimen: Specimen, name: str = name) -> None:
                    soak.judge(GENERATED, replace(specimen, seed=name))

                generated.each(seed + number, SMALL * count, work)
                continue
            for i in range(count):
                if not soak.over:
                    name = f"{kind} {seed} {number} {i}"
                    soak.judge(kind, made.specimen(kind, name))
                    soak.judge(kind, worked.specimen(kind, f"{name} worked"))
        number += 1
    return not soak.found


def replay(path: Path) -> int:
    """Judge a written specimen again: 1 if the two still differ."""
    specimen = read(path)
    print(told(specimen))
    return int(bool(compare(specimen).differences))


def arguments() -> argparse.Namespace:
    """The command line."""
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--minutes", type=float, default=240)
    a.add_argument("--every", type=float, default=10, help="minutes between two reports")
    a.add_argument("--seed", type=int, default=None, help="where to begin; the time if none is given")
    a.add_argument(
        "--only", default="", help=f"{GENERATED}, or names of bundled contracts, with commas between"
    )
    a.add_argument("--out", type=Path, default=ROOT / "build" / "soak")
    a.add_argument("--keep-going", action="store_true", help="look for other differences after the first")
    a.add_argument("--replay", type=Path)
    found = a.parse_args()
    kinds = [GENERATED, *contract_names()]
    found.kinds = [k for k in found.only.split(",") if k] or kinds
    if unknown := set(found.kinds) - set(kinds):
        a.error(f"no contracts of this name: {', '.join(sorted(unknown))}; there are {', '.join(kinds)}")
    return found


def _printed(text: str) -> None:
    print(text, flush=True)


def main() -> int:
    """Soak as the command line asks."""
    a = arguments()
    if a.replay:
        return replay(a.replay)
    seed = int(time.time()) if a.seed is None else a.seed
    print(f"seed {seed}; {a.minutes:g} minutes of {', '.join(a.kinds)}", flush=True)
    until = time.monotonic() + 60 * a.minutes
    soak = Soak(a.out, _printed, until, 60 * a.every, keep_going=a.keep_going)
    good = run(soak, a.kinds, seed)
    print(soak.report())
    for key, path in soak.found.items():
        print(f"differs: {' '.join(k for k in key if k)}: {path}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
