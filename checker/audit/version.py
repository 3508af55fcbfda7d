"""Which Servanda this is."""

from __future__ import annotations


def engine_version() -> str:
    """The version of this package, or `unknown` when it runs uninstalled."""
    # Dear to load, and asked for once.
    from importlib import metadata

    try:
        return metadata.version("servanda")
    except metadata.PackageNotFoundError:
        return "unknown"
