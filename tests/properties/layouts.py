"""A strategy for the ways in which one contract can be laid out: spacing, blank lines, comments, depths of indentation."""

from __future__ import annotations

import re

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, composite

_TOKEN = re.compile(r'"[^"]*"|[,()]|[^\s,()"]+')
_REMARKS = ("# a remark", "#", '# a "quoted" remark, and more', "#  two  spaces", "# ą ę – 'x' ( , )")


@composite
def layouts(draw: DrawFn, text: str) -> str:
    """The text with other white space and with comments: the same words in the same order, line by line."""
    step = draw(st.sampled_from([2, 1, 4]))
    ending = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    noise = draw(st.lists(st.integers(0, 7), min_size=1, max_size=40))
    out: list[str] = []
    for i, line in enumerate(text.split("\n")):
        kind = noise[i % len(noise)]
        body = line.strip()
        depth = (len(line) - len(line.lstrip())) // 2 * step
        if kind == 1 and out:
            out += ["", "   "]
        if kind in (2, 3) and out:
            out.append(" " * draw(st.integers(0, 9)) + draw(st.sampled_from(_REMARKS)))
        if not body:
            out.append("")
            continue
        words = _TOKEN.findall(body)
        glue = draw(st.sampled_from([" ", "  ", "\t", "   \t "])) if kind == 4 else " "
        spaced = glue.join(words)
        if kind == 5:
            spaced = re.sub(r" ?([,()]) ?(?=[\w\"]|$)", r"\1", body) if '"' not in body else body
            spaced = spaced if len(_TOKEN.findall(spaced)) == len(words) else body
        tail = "  " + draw(st.sampled_from(_REMARKS)) if kind == 6 else " " if kind == 7 else ""
        out.append(" " * depth + spaced + tail)
    return ending.join(out) + draw(st.sampled_from(["\n", "", "\n\n", "\n# the end\n"]))
