"""Golden texts: what the readers said last time; `SERVANDA_UPDATE_GOLDEN=1` writes them anew."""

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "golden"


def stored(name: str, said: dict[str, str]) -> dict[str, str]:
    """The named sections of a golden file; they become what is said now if the environment asks for it."""
    path = FOLDER / f"{name}.txt"
    if os.environ.get("SERVANDA_UPDATE_GOLDEN") == "1":
        text = "\n".join(f"## {title}\n{body}\n" for title, body in said.items())
        path.write_text(text, encoding="utf-8")
    sections = path.read_text(encoding="utf-8").removeprefix("## ").split("\n## ")
    return {title: body.rstrip("\n") for title, body in (section.split("\n", 1) for section in sections)}
