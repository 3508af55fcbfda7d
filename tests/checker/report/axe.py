"""axe-core, which judges whether a page can be read by everybody: fetched from the npm registry once, and known by its hash.

`python -m tests.checker.report.axe` fetches it to build/browser (`make axe`); tests that need it are skipped where it is not there.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tempfile
from hashlib import sha256
from pathlib import Path

from tests.house.tree import ROOT

VERSION = "4.14.1"
SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
"""Of axe.min.js in that version."""
PLACE = ROOT / "build" / "browser" / f"axe-{VERSION}.min.js"


def axe() -> str | None:
    """The source of axe-core; None where it was not fetched, or is not what was asked for."""
    if not PLACE.exists():
        return None
    text = PLACE.read_bytes()
    return text.decode("utf-8") if sha256(text).hexdigest() == SHA256 else None


def fetch() -> None:
    """Fetch it with npm.

    Raises:
        SystemExit: npm could not, or what came is not what was asked for.
    """
    if axe() is not None:
        return
    with tempfile.TemporaryDirectory() as folder:
        asked = ["npm", "pack", "--silent", f"axe-core@{VERSION}", "--pack-destination", folder]
        try:
            subprocess.run(asked, check=True, cwd=folder, stdout=subprocess.DEVNULL)
        except (OSError, subprocess.CalledProcessError) as fault:
            raise SystemExit(f"axe-core {VERSION} could not be fetched: {fault}") from fault
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as package:
            member = package.extractfile("package/axe.min.js")
            text = member.read() if member is not None else b""
    found = sha256(text).hexdigest()
    if found != SHA256:
        raise SystemExit(f"axe-core {VERSION}: its SHA-256 is {found}, expected {SHA256}")
    PLACE.parent.mkdir(parents=True, exist_ok=True)
    PLACE.write_bytes(text)


if __name__ == "__main__":
    fetch()
    sys.stdout.write(f"axe-core {VERSION} lies in {PLACE.relative_to(ROOT)}\n")
