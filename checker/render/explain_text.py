"""An explanation as text: one sentence, what decided, each limit with its clock, the time line, the readings."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from checker.render.timeline import draw
from dsl.phrase import duration

WIDTH = 100
"""The widest line; only what cannot be broken is wider."""
MOST_OCCASIONS = 12
"""How many occasions are laid open; of the others one line is given."""

_SAYS = {
    "met": "was kept",
    "breached": "was not kept",
    "not_applicable": "does not apply",
    "excluded": "does not bind, as a carve-out holds",
    "not_entitled": "gives no right here",
    "pending": "is not decided yet",
    "undetermined": "cannot be decided from this record",
}
_USED = {"met": "was used within its bounds", "not_entitled": "was exceeded"}
"""What a verdict means for a right."""
_MISSED = {
    "estimate": "was missed (an estimate: to miss it is no breach of the contract)",
    "target": "was missed (a target: an endeavour is owed, not the result)",
    "may": "was exceeded (a right, used beyond its bounds)",
    "discretion": "was exceeded (a right, used beyond its bounds)",
}
"""What a verdict of *breached* means for a clause that is no guarantee."""


def _occasion_of(e: dict[str, Any]) -> dict[str, Any]:
    """The occasion that decides; empty where there is none."""
    which: int = e["deciding"]
    found: dict[str, Any] = e["occasions"][which] if which < len(e["occasions"]) else {}
    return found


def _below(o: dict[str, Any]) -> str:
    """What lies below the named condition of a gate that fails: the condition that rests on the record."""
    for g in o.get("gates", []):
        if g["passes"] == "false" and g.get("decisive") and not g["text"].endswith(g["decisive"]):
            return f" ({g['decisive']}: not so)"
    return ""


def one_sentence(e: dict[str, Any]) -> str:
    """Who, clause, limit, measured, by how much: in one sentence."""
    subject = f"Ticket {e['ticket']}" if e["ticket"] else f"Agreement {e['agreement']}"
    said = _SAYS[e["verdict"]]
    if e["strength"] in ("may", "discretion"):
        said = _USED.get(e["verdict"], said)
    if e["verdict"] == "breached":
        said = _MISSED.get(e["strength"], said)
        if e["party"] and e["party"] != "the provider":
            said += f" by {e['party']}"
    text = f"{subject}: “{e['title'] or e['clause']}” {said}: {e['because']}{_below(_occasion_of(e))}."
    if e["strength"] in ("may", "discretion"):
        return text
    if (
        e["due"]
        and e["done"]
        and e["margin_s"] is not None
        and e["verdict"] in ("met", "breached", "excluded")
    ):
        text += f" Due {e['due']}, done {e['done']}: {_distance(e)}."
    elif e["due"]:
        text += f" Due {e['due']}."
    return text


def _distance(e: dict[str, Any]) -> str:
    """How far from the limit, in the clause's own clock; and by the wall clock where that clock had stopped."""
    late = int((datetime.fromisoformat(e["done"]) - datetime.fromisoformat(e["due"])).total_seconds())
    if late <= 0:
        return f"{duration(e['margin_s'])} to spare" if e["margin_s"] else "not a second to spare"
    if e["margin_s"] == 0:
        return f"{duration(late)} late, outside the hours that count"
    return f"{duration(-e['margin_s'])} late"


def as_text(e: dict[str, Any], *, everything: bool = False) -> str:
    """The whole explanation. `everything`: all readings that were consulted, and all words of the contract."""
    out = [*_wrapped("", one_sentence(e)), ""]
    cite = e["cite"]
    place = f"{cite['place']} ({_lines(cite['lines'])})" if cite else "not cited"
    out += [
        f"  verdict   {e['verdict'].upper()}"
        + (" (contested)" if any(o["turns"] for r in e["readings"] for o in r["others"]) else ""),
        f"  clause    {e['clause']} ({', '.join(x for x in (e['strength'], e['party']) if x)})",
        *_wrapped("  text      ", place),
        f"  audit     as of {e['audited_at']}, zone {e['zone'] or 'not on record'}",
    ]
    for i, occasion in enumerate(e["occasions"]):
        if i < MOST_OCCASIONS or i == e["deciding"]:
            out += ["", *_occasion(occasion, i, e)]
    if len(e["occasions"]) > MOST_OCCASIONS:
        out += ["", "The other occasions"]
        out += [
            f"  {o['start'] or '…'}  {o['verdict']}, {o['because']}" for o in e["occasions"][MOST_OCCASIONS:]
        ]
    for inner in e["stands_for"]:
        text = f"{inner['clause']}: {inner['verdict']}, {inner['because']}"
        out += ["", *_wrapped("  stands for ", text)]
    line = draw(e)
    if line:
        out += ["", "Time line", *line]
    out += _quality(e)
    if e["would_turn"]:
        out += ["", "What would turn it"]
        for text in e["would_turn"]:
            out += _wrapped("  - ", text)
    out += _readings(e, everything)
    out += _words(e, everything)
    return "\n".join(out) + "\n"


def _lines(ranges: list[list[int]]) -> str:
    texts = [str(a) if a == b else f"{a}-{b}" for a, b in ranges]
    one = len(ranges) == 1 and ranges[0][0] == ranges[0][1]
    return f"line{'' if one else 's'} {', '.join(texts)}"


def _wrapped(lead: str, text: str) -> list[str]:
    """A text after a lead, broken at blanks; what follows is indented as far as the lead."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=lead,
        subsequent_indent=" " * len(lead) if lead else "  ",
        break_long_words=False,
        break_on_hyphens=False,
    ) or [lead]


# --------------------------------------------------------------------------- occasions and gates
def _occasion(o: dict[str, Any], i: int, e: dict[str, Any]) -> list[str]:
    count = len(e["occasions"])
    head = f"Occasion {i + 1} of {count}" if count > 1 else "What decided"
    if count > 1 and i == e["deciding"]:
        head += " (it decides)"
    start = f", from {o['start']}" if o["start"] else ""
    out = _wrapped("", f"{head}{start}: {o['verdict']}, {o['because']}{_below(o)}")
    for g in o["gates"]:
        out += _layer(g) if g["kind"] == "superseded" else _gate(g)
    for s in o["sentences"]:
        out += _sentence(s)
    return out


_PASSES = {"true": "[ok]  ", "false": "[no]  ", "unknown": "[?]   "}
_BITES = {"true": "[ok]  ", "false": "[bites]", "unknown": "[?]   "}


def _gate(g: dict[str, Any]) -> list[str]:
    save = g["kind"] == "save"
    mark = (_BITES if save else _PASSES)[g["passes"]]
    text = g["text"]
    if save and g["passes"] == "true":
        text = f"no carve-out: {text.removeprefix('save where ')}: not so"
    elif save:
        text = f"carve-out: {text.removeprefix('save where ')}"
    out = _wrapped(f"  {mark} ", text)
    proof = g.get("proof")
    if proof is not None:
        out += _proof(proof, "         ", top=True)
    for cause in g.get("causes", []):
        out += _wrapped("         ", cause)
    return out


def _layer(g: dict[str, Any]) -> list[str]:
    """Whether the clause gives way to others, and why."""
    out: list[str] = []
    for other in g["others"]:
        name = f"{other['clause']} (“{other['title']}”)" if other["title"] else other["clause"]
        if other["takes_over"] == "true":
            out += _wrapped(
                "  [gives way] ", f"to {name}: it applies here and the customer is entitled to it"
            )
        elif other["takes_over"] == "false":
            out += _wrapped("  [ok]   ", f"not superseded by {name}")
        else:
            out += _wrapped("  [?]    ", f"whether superseded by {name}")
        if "why" in other:
            out += _wrapped("         ", other["why"])
        for proof in other.get("gates", []):
            out += _proof(proof, "         ")
    for cause in g.get("causes", []):
        out += _wrapped("         ", cause)
    return out


_TRUTH = {"true": "yes", "false": "no", "unknown": "?"}


def _proof(p: dict[str, Any], indent: str, *, top: bool = False) -> list[str]:
    """What a condition rests on: of several parts those that decide it."""
    text = f"{p['joined']} of {len(p['parts'])}" if p.get("group") else p["text"]
    out = [] if top else _wrapped(f"{indent}{_TRUTH[p['truth']]}: ", text)
    inner = indent if top else indent + "   "
    for found in p["rests_on"]:
        out += _wrapped(f"{inner}- ", found)
    for part in _deciding(p):
        out += _proof(part, inner)
    return out


def _deciding(p: dict[str, Any]) -> list[dict[str, Any]]:
    """The parts by which a condition is what it is: all of a true `all of`, one of a false one, and so on."""
    parts: list[dict[str, Any]] = p["parts"]
    truth = p["truth"]
    if p.get("negated") and truth != "unknown":
        truth = "false" if truth == "true" else "true"
    joined = p.get("joined", "all")
    if joined == "none" and truth != "unknown":
        joined, truth = "any", "false" if truth == "true" else "true"
    if truth == "unknown":
        return [x for x in parts if x["truth"] == "unknown"]
    one = "true" if joined == "any" else "false"
    if truth == one:
        return [x for x in parts if x["truth"] == one][:1]
    return parts


# --------------------------------------------------------------------------- sentences and clocks
def _sentence(s: dict[str, Any]) -> list[str]:
    out = _wrapped("  > ", s["text"])
    out += _wrapped("      ", s["finding"])
    for label, lines in (
        ("note: ", s["notes"]),
        ("by ", s["because_of"][:6]),
        ("refused by ", s.get("refusals", [])),
        ("did not count: ", s.get("passed_over", [])),
        ("", s["causes"]),
    ):
        for text in lines:
            out += _wrapped(f"      {label}", text)
    for proof in s.get("parts", []):
        out += _proof(proof, "      ")
    shown = [x for x in s["limits"] if x["steps"] and not _is_the_clock(x, s)]
    for x in shown:
        out += _wrapped("      ", f"{x['text']}: {_at(x['at'], x['relation'])}")
        for step in x["steps"]:
            out += _step(step, len(x["steps"]) > 1)
    if s["clock"] is not None and not shown:
        out += _ledger(s["clock"])
    elif not shown and s["clock"] is None:
        for x in s["limits"]:
            out += _wrapped("      ", f"{x['text']}: {_at(x['at'], x['relation'])}")
    for x in s.get("stretches", []):
        out.append(f"        {x['state']} {x['from']} .. {x['to']}")
    return out


def _is_the_clock(x: dict[str, Any], s: dict[str, Any]) -> bool:
    """Whether a limit is told in full by the sentence's own ledger, which goes on to what was done."""
    plain = len(x["steps"]) == 1 and "clock" in x["steps"][0] and "clause" not in x
    if "clause" in x and len(s["limits"]) == 1:
        plain = "clock" in x["steps"][0]
    return plain and s["clock"] is not None


def _at(m: dict[str, Any] | None, relation: str) -> str:
    if m is None:
        return "not known"
    lead = {"no-later": "due ", "before": "due before ", "no-sooner": "from ", "after": "after "}[relation]
    if "at" in m:
        return f"{lead}{m['at']}"
    lo, hi = m["no_sooner_than"], m["no_later_than"]
    if lo and hi:
        return f"{lead}between {lo} and {hi}"
    return f"{lead}not before {lo}" if lo else f"{lead}by {hi}" if hi else "not known"


def _step(step: dict[str, Any], named: bool) -> Iterator[str]:
    if named:
        yield from _wrapped("        ", f"{step['text']}: {_at(step['to'], 'no-later').removeprefix('due ')}")
    if step.get("term") is not None:
        yield from _term(step["term"])
    elif step.get("clock") is not None:
        yield from _rows(step["clock"])


def _term(t: dict[str, Any]) -> Iterator[str]:
    """A legal term: its first day, what was skipped, where it ends and whether that moved."""
    first = f"{t['first_day']} {'is the first day' if t['first_day_counted'] else 'is not counted'}"
    if t["counting"] == "working":
        yield f"        {t['length']} in {t['calendar']}: {first}"
        for x in t["skipped"]:
            yield f"        {x['day']}  not a working day  {x['why']}"
        for i, day in enumerate(t["counted"], start=1):
            yield f"        {day}  working day {i}"
        yield f"        it ends on {t['last_day']}, due {t['due']}"
        return
    yield f"        a term of {t['length']} by {t['law']}: {first}"
    for x in t["moved_over"]:
        yield f"        {x['day']}  the end is moved off a free day  {x['why']}"
    ends = f"it ends on {t['ends_on']}"
    if t["moved_over"]:
        ends += f", moved to {t['last_day']}"
    yield from _wrapped("        ", f"{ends}, due {t['due']} ({'; '.join(t['sources'])})")


def _ledger(clock: dict[str, Any]) -> list[str]:
    limit = duration(clock["limit_s"])
    text = f"{limit}, {clock['counts']}, from {clock['start']}, due {clock['due']}"
    return [*_wrapped("      clock: ", text), *_rows(clock)]


def _rows(clock: dict[str, Any]) -> Iterator[str]:
    for row in clock["ledger"]:
        why = f"  {row['why']}" if row["why"] else ""
        text = f"{row['from']} .. {row['to']}  {row['kind']:8} {duration(row['seconds'])}"
        # The reason goes on in a line of its own where it would be wider than the page.
        yield f"        {text}{why}" if len(text + why) <= WIDTH - 8 else f"        {text}"
        if len(text + why) > WIDTH - 8:
            yield f"        {why.strip():>{WIDTH - 8}}"


# --------------------------------------------------------------------------- the record, the readings, the words
def _quality(e: dict[str, Any]) -> list[str]:
    out = []
    if e["gaps"]:
        out += ["", "The record has gaps", *(f"  - {g['from']} to {g['to']}" for g in e["gaps"][:12])]
        if len(e["gaps"]) > 12:
            out.append(f"  and {len(e['gaps']) - 12} more")
    if e["records_missing"]:
        out += ["", f"Records missing: {', '.join(e['records_missing'])}"]
    if e["left_out_after_audit"]:
        out += ["", f"{e['left_out_after_audit']} event(s) after the audit instant were left out"]
    return out


def _readings(e: dict[str, Any], everything: bool) -> list[str]:
    """The readings that would turn the verdict in full; the others that were consulted, by name."""
    turning = [r for r in e["readings"] if any(o["turns"] for o in r["others"])]
    shown = e["readings"] if everything else turning
    out: list[str] = []
    if shown:
        out += ["", "Readings on which it rests" if everything else "Readings that would turn it"]
    for r in shown:
        out += _wrapped("  - ", f"{r['question']} {r['ambiguity']}: {r['taken']} (“{r['means']}”)")
        for o in r["others"]:
            lead = "TURNS IT" if o["turns"] else "no change"
            out += _wrapped(f"      {lead}: ", f"{o['reading']} (“{o['means']}”) -> {o['verdict']}")
    silent = [r["ambiguity"] for r in e["readings"] if r not in shown]
    if silent:
        text = f"Consulted, and without effect on the verdict: {', '.join(silent)}"
        out += ["", *_wrapped("", text)]
    return out


def _words(e: dict[str, Any], everything: bool) -> list[str]:
    """The definitions that the sentences and gates name; with `everything` all that these rest on, too."""
    shown = e["words"] if everything else {k: v for k, v in e["words"].items() if _is_named(k, e)}
    if not shown:
        return []
    out = ["", "Words of the contract"]
    for word, lines in shown.items():
        out += _wrapped("  ", f"{word}: {lines[0] if lines else ''}")
        for line in lines[1:]:
            out += _wrapped(" " * (6 + len(line) - len(line.lstrip())), line.lstrip())
    return out


def _is_named(word: str, e: dict[str, Any]) -> bool:
    kind, _, name = word.partition(" ")
    if kind == "condition":
        return False  # opened up where it stands
    deciding = [o for i, o in enumerate(e["occasions"]) if i == e["deciding"]]
    texts = [x["text"] for o in deciding for x in (*o["gates"], *o["sentences"])]
    texts += [x["text"] for o in deciding for s in o["sentences"] for x in s["limits"]]
    return any(name in text.replace(",", " ").replace("(", " ").replace(")", " ").split() for text in texts)
