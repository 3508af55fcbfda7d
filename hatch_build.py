"""What the wheel holds beyond the sources: the bundled contracts, checked, so that nobody has to compile them again."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CheckedContracts(BuildHookInterface[Any]):
    """Puts `checker/_kept` into a wheel. An editable install has none: its contracts are kept where they are used."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Check every contract of `policies`, and name the files that this makes."""
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        try:
            from dsl.kept import keep_all
        finally:
            sys.path.remove(self.root)
        self.made = tempfile.TemporaryDirectory()
        for file in keep_all(Path(self.root) / "policies", Path(self.made.name)):
            build_data["force_include"][str(file)] = f"checker/_kept/{file.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was made."""
        if version != "editable":
            self.made.cleanup()
