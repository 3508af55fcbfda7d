"""Every claim about mutated contracts held against histories by chance, judged in columns: python -m tests.compare.survey

What the histories show is observed first, pair by pair, and written to a journal; then the claims are made and held against it: an
*equivalent* may not differ on any history, a breach that is proved never to come, or to go, may not, and every history shown replays.
With --journal a run that was ended goes on where it was: all pairs first come to a part of their histories, then to all of them.
Clauses that columns do not hold come to fewer, as the interpreter takes a hundred times as long; with --whole they come to all as well.
Several processes may write one journal, each with its --part of the mutations; a run without --part then does what is left and holds.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from checker.audit.library import contract_names, load_contract, vocabulary
from checker.columnar.freed import keep_freed
from checker.compare.answer import DIFFERENT, EQUIVALENT, ClauseAnswer, Comparison, Read
from checker.compare.order import SETTLING
from checker.compare.variants import Asked, compared
from checker.interpret.verdicts import Verdict
from dsl.codec import digest
from tests.compare.mutations import mutated
from tests.compare.observed import Observed, observe, of_told, pairs_of

BLOCK = 200_000
"""Histories between two lines of the journal."""
STEP = 50_000
"""The same of clauses that the interpreter judges."""
_DECIDED = tuple(
    str(v)
    for v in (Verdict.MET, Verdict.BREACHED, Verdict.NOT_APPLICABLE, Verdict.EXCLUDED, Verdict.NOT_ENTITLED)
)
_ASKED = Asked(seconds=0.6, tries=40, readings=False)


@dataclass
class Survey:
    """What was held against what. `wrong`: claims that a history refutes; each is a defect of the first order.

    `histories`: of all pairs together. `held`, `held_on`: equivalents, and the histories that they were held against, all together;
    `bound_on`: those of them on which somebody is bound. `shown`: clauses answered with a history on which verdicts differ; `found`:
    those of them that the histories by chance tell apart as well; `unfound`: the others. `missed`: answered *not proved*, and told
    apart by chance.
    """

    mutations: int = 0
    histories: int = 0
    cells: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    views: Counter[str] = field(default_factory=Counter)
    causes: Counter[str] = field(default_factory=Counter)
    held: int = 0
    held_on: int = 0
    bound_on: int = 0
    examples: int = 0
    shown: int = 0
    found: int = 0
    missed: list[str] = field(default_factory=list)
    unfound: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def __str__(self) -> str:
        return (
            f"{self.mutations} mutations, {self.histories:,} histories, {self.cells:,} pairs of verdicts; "
            f"clauses that a mutation reaches: {dict(self.answers)}, views {dict(self.views)}; "
            f"{self.held} equivalents held on {self.held_on:,} histories, {self.bound_on:,} of them binding; "
            f"{self.examples} histories shown, all replayed; of {self.shown} clauses shown to differ chance finds {self.found}, "
            f"and {len(self.missed)} that are not proved; {len(self.wrong)} claims wrong; comparing took {self.seconds:.0f} s"
        )


def survey(contract: str, seed: str, count: int, out: Survey) -> None:
    """One mutation of a bundled contract: observed, compared, and held against what was observed."""
    old = load_contract(contract)
    new, _ = mutated(old, seed)
    seen: dict[str, Observed] = {}
    for pair in pairs_of(old, new, seed):
        seen |= observe(pair, seed, count)
    hold(contract, seed, seen, out)


def hold(contract: str, seed: str, seen: Mapping[str, Observed], out: Survey) -> None:
    """Hold what is claimed of a mutation against what was observed."""
    old = load_contract(contract)
    new, what = mutated(old, seed)
    begun = time.process_time()
    found = compared(old, new, vocabulary(), _ASKED)
    out.seconds += time.process_time() - begun
    out.mutations += 1
    _count(found, out)
    by_id = {c.clause: c for c in found.clauses}
    out.histories += max((o.histories for o in seen.values()), default=0)
    for clause, o in seen.items():
        answer = by_id.get(clause)
        out.cells += o.histories
        name = f"{contract} {seed} {clause} ({what[:160]})"
        claim = _refuted(answer, o)
        if claim is not None:
            out.wrong.append(
                f"{contract} {seed}: {what}\n  {clause} {claim}: {dict(o.turns)}, such as\n  {o.example}"
            )
        if answer is not None and answer.read.answer == DIFFERENT:
            # Where only the strength differs, no verdict does.
            if all(e.old.verdict == e.new.verdict for e in answer.read.examples):
                continue
            out.shown += 1
            out.found += o.differ > 0
            if not o.differ:
                out.unfound.append(name)
        elif answer is None or answer.read.answer == EQUIVALENT:
            out.held += not o.differ
            out.held_on += o.histories
            out.bound_on += o.binding
        elif o.differ:
            out.missed.append(name)


def _count(found: Comparison, out: Survey) -> None:
    for c in found.clauses:
        out.answers[c.read.answer] += 1
        out.views.update(way.answer for _, way in c.read.views)
        out.examples += len(c.read.examples)


def _refuted(answer: ClauseAnswer | None, o: Observed) -> str | None:
    """What was claimed and is not so."""
    if not o.differ:
        return None
    if answer is None or answer.read.answer == EQUIVALENT:
        return "is claimed equivalent"
    return _one_way(answer.read, o)


def _one_way(read: Read, o: Observed) -> str | None:
    """Whether a breach comes or goes although it is proved, whatever the record, that it does not."""
    binding = [(p, w) for p, w in read.views if w.scope <= SETTLING]
    if len(read.views) != 2 or len(binding) != 2:
        return None
    breached = str(Verdict.BREACHED)
    for turn in o.turns:
        old, _, new = turn.partition(">")
        if old not in _DECIDED or new not in _DECIDED or (old == breached) == (new == breached):
            continue
        # Of the two parties one is bound; a breach that neither may ever see is wrong.
        if all(w.worse == "no" and w.better == "no" for _, w in binding):
            return "is claimed alike for each party"
        bound = next((w for p, w in binding if p == read.bound), None)
        if bound is not None and new == breached and bound.worse == "no":
            return "is claimed never worse"
        if bound is not None and old == breached and bound.better == "no":
            return "is claimed never better"
    return None


# --------------------------------------------------------------------------- journal
class Journal:
    """What was observed so far: a line for each block of a pair. `path` None: kept in memory alone."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.seen: dict[str, dict[str, Observed]] = {}
        self.blocks: Counter[str] = Counter()
        self.digests: dict[str, str] = {}
        for line in path.read_text("utf-8").splitlines() if path is not None and path.is_file() else ():
            entry = json.loads(line)
            found = {c: of_told(o) for c, o in entry["clauses"].items()}
            self._add(entry["seed"], entry["digest"], found, more=entry.get("more", False))

    def _add(self, seed: str, variant: str, found: Mapping[str, Observed], *, more: bool) -> None:
        if self.digests.setdefault(seed, variant) != variant:
            raise ValueError(
                f"{self.path}: the mutation {seed} is another one than it was; begin a new journal"
            )
        self.blocks[seed] += not more
        there = self.seen.setdefault(seed, {})
        for clause, o in found.items():
            there.setdefault(clause, Observed()).add(o)

    def add(
        self, seed: str, variant: str, found: Mapping[str, Observed], seconds: float, *, more: bool = False
    ) -> None:
        """One block of a pair; `variant`: the digest of the mutated contract; `more`: of clauses that blocks do not judge on all."""
        self._add(seed, variant, found, more=more)
        if self.path is not None:
            told = {c: o.told() for c, o in found.items()}
            entry = {
                "seed": seed,
                "digest": variant,
                "seconds": round(seconds, 1),
                "more": more,
                "clauses": told,
            }
            line = (json.dumps(entry, ensure_ascii=False) + "\n").encode("utf-8")
            # One write: others may append to the same file.
            to = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
            try:
                os.write(to, line)
            finally:
                os.close(to)

    @property
    def histories(self) -> int:
        """Of all pairs together."""
        return sum(max((o.histories for o in s.values()), default=0) for s in self.seen.values())


def part_of(text: str) -> tuple[int, int]:
    """`K/N`: the K-th of N parts, from 1."""
    k, _, n = text.partition("/")
    if not (k.isdigit() and n.isdigit() and 1 <= int(k) <= int(n)):
        raise argparse.ArgumentTypeError(f"{text!r}: should be K/N, such as 1/2, with K from 1 to N")
    return int(k), int(n)


def work(
    mutations: int, histories: int, seed: int, part: tuple[int, int] = (1, 1)
) -> Iterator[tuple[str, str, int]]:
    """Contract, seed and block: first one block of each pair, then four, then all; of a part of the pairs."""
    names = contract_names()
    blocks = max(1, -(-histories // BLOCK))
    done = 0
    for upto in sorted({min(1, blocks), min(4, blocks), blocks}):
        for i in range(part[0] - 1, mutations, part[1]):
            for k in range(done, upto):
                yield names[i % len(names)], f"{seed} {i}", k
        done = upto


def rest(a: argparse.Namespace, journal: Journal) -> None:
    """Observe, with the interpreter, what columns did not hold until it came to all histories, too, or the time is over."""
    names, begun = contract_names(), time.monotonic()
    k, n = a.part or (1, 1)
    for i in range(k - 1, a.mutations, n):
        seed = f"{a.seed} {i}"
        while short := {c for c, o in journal.seen.get(seed, {}).items() if o.histories < a.histories}:
            if time.monotonic() - begun > 60 * a.minutes:
                return
            started = time.process_time()
            old = load_contract(names[i % len(names)])
            new, _ = mutated(old, seed)
            found: dict[str, Observed] = {}
            for pair in pairs_of(old, new, seed):
                mine = [c for c in pair.clauses if c in short]
                if mine:
                    have = min(journal.seen[seed][c].histories for c in mine)
                    most = min(STEP, a.histories - have)
                    few = replace(pair, clauses=mine)
                    found |= observe(
                        few, f"{seed} more {have}", most, base=most // 50 + 1, times=50, most=most
                    )
            if not any(o.histories for o in found.values()):
                # Another choice of clauses than the journal's: of these no more are made.
                break
            journal.add(seed, digest(new), found, time.process_time() - started, more=True)
            print(
                f"{seed}: {', '.join(f'{c} {journal.seen[seed][c].histories:,}' for c in found)}", flush=True
            )


def run(a: argparse.Namespace, journal: Journal) -> None:
    """Observe until all is done, or the time is over."""
    begun = time.monotonic()
    said = 0.0
    for contract, seed, block in work(a.mutations, a.histories, a.seed, a.part or (1, 1)):
        if block < journal.blocks[seed]:
            continue
        if time.monotonic() - begun > 60 * a.minutes:
            return
        started = time.process_time()
        old = load_contract(contract)
        new, _ = mutated(old, seed)
        found: dict[str, Observed] = {}
        for pair in pairs_of(old, new, seed):
            found |= observe(pair, f"{seed} {block}", min(BLOCK, a.histories - block * BLOCK))
        journal.add(seed, digest(new), found, time.process_time() - started)
        if time.monotonic() - said > 60 * a.every:
            said = time.monotonic()
            print(
                f"after {(said - begun) / 60:.1f} minutes: {len(journal.seen)} pairs, {journal.histories:,} histories",
                flush=True,
            )


def in_parts(a: argparse.Namespace) -> None:
    """Observe in several processes, which write one journal; one that fails stops nothing: the rest is done when all are over."""
    asked = [
        f"--{n}={getattr(a, n)}" for n in ("mutations", "histories", "seed", "minutes", "every", "journal")
    ]
    begun = [sys.executable, "-m", "tests.compare.survey", *asked, *(["--whole"] if a.whole else [])]
    for one in [subprocess.Popen([*begun, f"--part={k + 1}/{a.jobs}"]) for k in range(a.jobs)]:
        one.wait()


def main() -> int:
    """Survey as the command line asks."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--mutations", type=int, default=300)
    p.add_argument("--histories", type=int, default=1_000_000)
    p.add_argument("--seed", default="1", help="begun with `places `: where calendars are is changed")
    p.add_argument("--minutes", type=float, default=float("inf"), help="observe no longer than this")
    p.add_argument("--every", type=float, default=5.0, help="minutes between two reports")
    p.add_argument("--journal", type=Path, default=None, help="what was observed, to go on from")
    p.add_argument("--part", type=part_of, default=None, help="observe only these mutations, such as 1/2")
    p.add_argument("--jobs", type=int, default=1, help="processes that observe, each a part; needs --journal")
    p.add_argument(
        "--whole", action="store_true", help="all histories for clauses that columns do not hold, too"
    )
    p.add_argument("--out", type=Path, default=None, help="the figures as JSON")
    a = p.parse_args()
    if a.jobs > 1:
        if a.journal is None or a.part is not None:
            p.error("--jobs needs --journal, in which the processes meet, and takes the place of --part")
        in_parts(a)
    keep_freed()
    journal = Journal(a.journal)
    if a.jobs == 1 or a.minutes == float("inf"):
        run(a, journal)
        if a.whole:
            rest(a, journal)
    if a.part is not None:
        return 0
    out, names = Survey(), contract_names()
    for i in range(a.mutations):
        seed, name = f"{a.seed} {i}", names[i % len(names)]
        if seed in journal.digests and journal.digests[seed] != digest(mutated(load_contract(name), seed)[0]):
            raise ValueError(f"the mutation {seed} is another one than it was; begin a new journal")
        hold(name, seed, journal.seen.get(seed, {}), out)
    print(out)
    for wrong in out.wrong:
        print(f"WRONG {wrong}")
    if a.out is not None:
        told = {"told": str(out), "wrong": out.wrong, "missed": out.missed, "unfound": out.unfound}
        a.out.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return int(bool(out.wrong))


if __name__ == "__main__":
    sys.exit(main())
