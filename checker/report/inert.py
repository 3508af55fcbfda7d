"""Text from a log, a contract or a judge, made harmless to show: what would act or hide instead of being read is shown by a sign.

Escaping for a format (markup, formulas) is the renderer's own; this is about characters that no escaping makes visible.
"""

from __future__ import annotations

import re
from typing import Final

_ACTING: Final = re.compile(
    # Control characters, and the separators that some readers take for ends of lines.
    "[\x00-\x1f\x7f-\x9f\u2028\u2029"
    # Characters that turn the direction of writing (Unicode Standard Annex 9, section 2).
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    # Characters without a width, deprecated format characters, marks of annotation, and tags.
    "\u00ad\u180e\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
    # What XML refuses, and halves of characters, which no encoding writes.
    "\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)


def visible(text: str, keep: str = "") -> str:
    """The text with every character that acts or hides shown by a sign: `␛` for ESC, `⟨U+202E⟩` for a change of direction.

    `keep`: characters to leave as they are, such as a line feed where lines are meant.
    """
    if _ACTING.search(text) is None:
        return text
    return _ACTING.sub(lambda m: m[0] if m[0] in keep else _sign(ord(m[0])), text)


def cut(text: str, most: int, note: str) -> str:
    """The text, or its beginning and a note, `most` characters in all; `note` has `{n}` for the length of the whole."""
    if len(text) <= most:
        return text
    said = note.replace("{n}", str(len(text)))
    return text[: most - len(said)] + said


def _sign(code: int) -> str:
    if code < 0x20:
        return chr(0x2400 + code)
    return "\N{SYMBOL FOR DELETE}" if code == 0x7F else f"⟨U+{code:04X}⟩"
