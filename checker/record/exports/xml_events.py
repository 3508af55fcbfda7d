"""XML read as it comes, and never expanded: no document type, no entity, nothing from outside the document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from xml.parsers import expat

from checker.record.model import Fault, Place

MOST_DEPTH: Final = 64


class XmlReader:
    """Feeds a document to handlers: `start` gets a name without its prefix and the attributes, `end` the name.

    `path` are the names of the elements that are open, the one handled included.
    """

    def __init__(
        self,
        file: str,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None],
        text: Callable[[str], None] | None = None,
    ) -> None:
        self.path: list[str] = []
        self._file, self._start, self._end = file, start, end
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._opened
        parser.EndElementHandler = self._closed
        parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = self._refused
        parser.EntityDeclHandler = self._refused
        parser.ExternalEntityRefHandler = self._reference
        self._parser = parser

    @property
    def line(self) -> int:
        """The line that is being read."""
        return self._parser.CurrentLineNumber

    def feed(self, raw: bytes, *, last: bool = False) -> None:
        """Read on.

        Raises:
            Fault: not XML; a document type or an entity; nested deeper than 64 levels.
        """
        try:
            self._parser.Parse(raw, last)
        except expat.ExpatError as error:
            reason = f"not XML: {expat.ErrorString(error.code)}"
            place = Place(self._file, error.lineno, error.offset + 1)
            raise Fault(place, reason, "", "export it again") from None
        except (UnicodeError, LookupError, ValueError) as error:
            raise self.fault(f"not XML: {error}", "", "save it as UTF-8") from None

    def fault(self, reason: str, found: str, remedy: str) -> Fault:
        """A fault at the line that is being read."""
        return Fault(Place(self._file, self.line), reason, found, remedy)

    def _opened(self, name: str, attributes: dict[str, str]) -> None:
        if len(self.path) >= MOST_DEPTH:
            raise self.fault("nested too deep", f"more than {MOST_DEPTH} levels", "flatten the document")
        name = name.rpartition(":")[2]
        self.path.append(name)
        self._start(name, attributes)

    def _closed(self, name: str) -> None:
        self._end(name.rpartition(":")[2])
        self.path.pop()

    def _refused(self, *_: object) -> None:
        reason = "a document type or an entity: an export has none"
        raise self.fault(reason, "<!DOCTYPE or <!ENTITY", "remove the declaration")

    def _reference(self, context: str, base: str | None, system: str | None, public: str | None) -> int:
        self._refused()
        return 0
