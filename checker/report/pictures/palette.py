"""The colours of pictures by what they mean, in a light and a dark look.

The hues are those of Okabe and Ito (Color Universal Design, 2008), which people with the common colour deficiencies tell apart. None
carries a meaning alone: late, stopped and missing time have patterns, and every number stands beside its bar.
"""

from __future__ import annotations

from typing import Final, Literal

Look = Literal["light", "variables"]
"""`light`: the colours themselves, for paper. `variables`: classes, for a page that has `stylesheet()` and so both looks."""

LIGHT: Final = {
    "ink": "#1b1f24",
    "soft": "#4d555e",
    "grid": "#d3d8de",
    "paper": "#fffffe",
    "wash": "#f1f3f5",
    "met": "#0072b2",
    "breached": "#d55e00",
    "undetermined": "#b9a3c9",
    "counted": "#3f8fc4",
    "stopped": "#e6c65c",
    "closed": "#c9ced5",
    "gap": "#d9a5b9",
    "value": "#dceaf4",
    "state": "#cfe6d8",
    "due": "#b34700",
    "done": "#00664b",
    "cited": "#1b2f48",
    "line1": "#0071b1",
    "line2": "#c65200",
    "line3": "#007a5a",
    "line4": "#9c4a80",
    "line5": "#6b5d00",
    "line6": "#444b52",
    "heat1": "#fdebd9",
    "heat2": "#fbc99a",
    "heat3": "#f09a55",
    "heat4": "#a84300",
    "hot": "#fffffd",
}
DARK: Final = {
    "ink": "#e8ebee",
    "soft": "#aeb7c0",
    "grid": "#3c444d",
    "paper": "#14181c",
    "wash": "#1e242a",
    "met": "#56b4e9",
    "breached": "#f58a3c",
    "undetermined": "#8a74a0",
    "counted": "#4a9fd6",
    "stopped": "#8f7620",
    "closed": "#59626c",
    "gap": "#8d5068",
    "value": "#23394a",
    "state": "#22402f",
    "due": "#ff9d57",
    "done": "#4fd3a9",
    "cited": "#cfe3f7",
    "line1": "#56b4e9",
    "line2": "#f58a3c",
    "line3": "#35c79c",
    "line4": "#e08fc2",
    "line5": "#d3c04a",
    "line6": "#c2cad2",
    "heat1": "#33261a",
    "heat2": "#5a3613",
    "heat3": "#8f4a0c",
    "heat4": "#f5a45f",
    "hot": "#15191d",
}
LINES: Final = ("line1", "line2", "line3", "line4", "line5", "line6")
HEAT: Final = ("heat1", "heat2", "heat3", "heat4")
ROLE: Final = {colour: role for role, colour in LIGHT.items()}
"""The role of a colour of the light look: no two roles share one."""

PATTERNS: Final = {
    "breached": (6, "M-1 1L1 -1M0 6L6 0M5 7L7 5", "paper", 1.3),
    "undetermined": (6, "M1.5 1.5h1.5v1.5h-1.5zM4.5 4.5h1.5v1.5h-1.5z", "ink", 0.0),
    "stopped": (6, "M-1 5L1 7M0 0L6 6M5 -1L7 1", "ink", 1.0),
    "closed": (6, "M2.2 2.2h1.4v1.4h-1.4z", "soft", 0.0),
    "gap": (8, "M0 0L8 8M0 8L8 0", "ink", 0.9),
}
"""What is drawn over the colour of a role: the side of the tile, a path, the role of its colour, the width of its strokes (0: filled)."""


def stylesheet() -> str:
    """The rules of a page with pictures of the look `variables`: dark where the reader's system, or `data-theme` of the root, says so."""
    light = "".join(f"--pic-{role}:{colour};" for role, colour in LIGHT.items())
    dark = "".join(f"--pic-{role}:{colour};" for role, colour in DARK.items())
    rules = "".join(f".pf-{r}{{fill:var(--pic-{r})}}.ps-{r}{{stroke:var(--pic-{r})}}" for r in LIGHT)
    return (
        f":root{{{light}}}\n"
        f"@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}\n"
        f":root[data-theme=dark]{{{dark}}}\n"
        f"@media print{{:root,:root:not([data-theme=light]),:root[data-theme=dark]{{{light}}}}}\n"
        f"{rules}\n"
    )
