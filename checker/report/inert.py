"""Text from a record or a contract made harmless to show: what cannot be seen is made visible, and what is too long is cut, said so.

A reader must see what stands there. Characters that turn the direction of writing (Unicode standard annex 9), that have no width or that
steer a terminal would show one name as another, so a sign stands for each. Escaping for a format is the renderer's.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

MOST: Final = 2_000
"""Characters of one text that are shown; what is beyond is counted."""

_PICTURES: Final = 0x2400
"""Where Unicode has its pictures of the control characters."""
# Cc, Cf, Cs, Zl and Zp of Unicode's general categories, and the noncharacters that XML refuses.
_UNSEEN: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0001-\U000e007f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def visible(text: str, keep: str = "") -> str:
    """A text in which every character is seen: `\\x1b` as `␛`, a right-to-left override as `⟨U+202E⟩`.

    `keep`: characters to leave as they are, such as a line feed where lines are meant.
    """
    if text.isprintable():
        return text
    return _UNSEEN.sub(lambda m: m[0] if m[0] in keep else _sign(m[0]), text)


def cut(text: str, most: int, note: str) -> str:
    """A text, or its beginning and a note, `most` characters in all; `note` has `{n}` for the length of the whole."""
    if len(text) <= most:
        return text
    said = note.replace("{n}", str(len(text)))
    return text[: most - len(said)] + said


def shortened(text: str, most: int = MOST) -> tuple[str, int]:
    """The first characters of a text, made visible, and how many are left out."""
    if len(text) <= most:
        return visible(text), 0
    return visible(text[:most]), len(text) - most


@lru_cache(maxsize=256)
def _sign(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(_PICTURES + code)
    if code == 0x7F:
        return "\N{SYMBOL FOR DELETE}"
    return f"⟨U+{code:04X}⟩"
