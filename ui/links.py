"""A place in a document in, the address of its passage out, and back. An address survives a restart.

    #p/<document, percent-encoded>/<start>-<end>/<8 hex digits of the text's hash><8 of the quote's hash>

The hashes tell whether the document has changed since.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

from assistant import Citation
from index import Document

_DIGITS = 8  # of each hash: enough to notice a change, which nobody forges here
_ADDRESS = re.compile(r"#p/([^/]{1,12000})/(\d{1,10})-(\d{1,10})/([0-9a-f]{16})")


@dataclass(frozen=True, slots=True)
class Link:
    """A stretch of a document, as the document was when somebody cited it."""

    document: str
    start: int
    end: int
    hash: str

    def __str__(self) -> str:
        name = quote(self.document, safe="", errors="surrogatepass")
        return f"#p/{name}/{self.start}-{self.end}/{self.hash}"

    def same_text(self, document: Document) -> bool:
        """Whether the document's text is what it was."""
        return self.hash[:_DIGITS] == document.text_sha256[:_DIGITS]

    def same_quote(self, document: Document) -> bool:
        """Whether the same characters stand at the same place."""
        return self.hash[_DIGITS:] == _hash(document.text[self.start : self.end])


def link_to(citation: Citation) -> Link:
    """The address of a citation."""
    document = citation.document
    return Link(document.id, citation.start, citation.end, document.text_sha256[:_DIGITS] + _hash(citation.quote))


def read_link(address: object) -> Link | None:
    """Take an address apart that came from a browser; None when it is not one."""
    found = _ADDRESS.fullmatch(address) if isinstance(address, str) else None
    if found is None:
        return None
    name, start, end, hash = found.groups()
    if int(start) >= int(end):
        return None
    return Link(unquote(name, errors="surrogatepass"), int(start), int(end), hash)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
