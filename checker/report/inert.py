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
# Cc, Cf, Cs, Zl and Zp of Unicode's general categories, save the line feed and the tab.
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0001-\U000e007f\ud800-\udfff]"
)


def visible(text: str) -> str:
    """A text in which every character is seen: `\\x1b` as `␛`, a right-to-left override as `⟨U+202E⟩`. Line feeds and tabs stay."""
    return text if text.isprintable() else _UNSEEN.sub(_sign, text)


def shortened(text: str, most: int = MOST) -> tuple[str, int]:
    """The first characters of a text, and how many are left out; made visible."""
    if len(text) <= most:
        return visible(text), 0
    return visible(text[:most]), len(text) - most


def _sign(found: re.Match[str]) -> str:
    return _sign_of(found[0])


@lru_cache(maxsize=256)
def _sign_of(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(_PICTURES + code)
    if code == 0x7F:
        return "\N{SYMBOL FOR DELETE}"
    return f"⟨U+{code:04X}⟩"
