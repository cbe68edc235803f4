"""A place in a document in, the address of its passage out, and back; also for a claim table, and for what alone is
searched. They survive a restart.

    #p/<document>/<start>-<end>/<SHA-256 of the text>/<the 32 characters before>/<the quote>/<the 32 characters after>
    #t/<the question>/<what alone is searched, part by part>
    #f/p.<a perspective>/d.<a document>/s.<a speaker>/f.<from this date>/t.<until this date>

The document is percent-encoded, the words are in Base64: nothing that a document says is to be found in the code of the
page. So an address holds all that its passage claims, and whoever opens it can be told whether that still stands.
Anybody can write one: what it says is looked for in the document, and never shown itself.
"""

from __future__ import annotations

import binascii
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from urllib.parse import quote, unquote

from assistant import Citation, Proof
from index import EVERYTHING, Filter

MOST_PARTS = 200  # that a search is narrowed to

_WORDS = r"[A-Za-z0-9_-]{0,400000}"
# A part without a letter is a perspective, as addresses of earlier versions have them.
_PARTS = rf"((?:/(?:[pdsft]\.)?[A-Za-z0-9_-]{{1,30000}}){{0,{MOST_PARTS}}})"
_TABLE = re.compile(rf"#t/([A-Za-z0-9_-]{{1,30000}}){_PARTS}")
_ONLY = re.compile(rf"#f{_PARTS}")
_ADDRESS = re.compile(
    rf"#p/([^/]{{1,12000}})/(\d{{1,10}})-(\d{{1,10}})/([0-9a-f]{{64}})/({_WORDS})/({_WORDS})/({_WORDS})"
)


def link_to(citation: Citation) -> str:
    """The address of a citation."""
    return address(citation.proof)


def address(proof: Proof) -> str:
    """The address of a stretch of a document."""
    document = quote(proof.document, safe="", errors="surrogatepass")
    words = "/".join(_encoded(part) for part in (proof.before, proof.quote, proof.after))
    return f"#p/{document}/{proof.start}-{proof.end}/{proof.text_sha256}/{words}"


def read_link(address: object) -> Proof | None:
    """What an address that came from a browser claims; None when it is not one."""
    found = _ADDRESS.fullmatch(address) if isinstance(address, str) else None
    if found is None:
        return None
    document, start, end, text_sha256, *encoded = found.groups()
    try:
        document = unquote(document, errors="surrogatepass")
        before, words, after = (_decoded(part) for part in encoded)
    except (UnicodeDecodeError, binascii.Error):
        return None
    return Proof(document, text_sha256, int(start), int(end), words, before, after) if int(start) < int(end) else None


def table_link(question: str, only: Filter = EVERYTHING) -> str:
    """The address of the claim table of a question, asked of what alone is searched."""
    return "/".join((f"#t/{_encoded(question)}", *parts(only)))


def read_table_link(address: object) -> tuple[str, Filter] | None:
    """The question and the filter of an address that came from a browser; None when it is not one."""
    found = _TABLE.fullmatch(address) if isinstance(address, str) else None
    if found is None:
        return None
    try:
        return _decoded(found.group(1)), _filter(found.group(2))
    except (UnicodeDecodeError, binascii.Error):
        return None


def parts(only: Filter) -> Iterator[str]:
    """A filter as the parts of an address, one for each thing that is chosen."""
    since, until = ((date,) if date else () for date in (only.since, only.until))
    chosen = {"p": only.perspectives, "d": only.documents, "s": only.speakers, "f": since, "t": until}
    for letter, values in chosen.items():
        for value in values:
            yield f"{letter}.{_encoded(value)}"


def filter_link(only: Filter) -> str:
    """The address of a filter."""
    return "/".join(("#f", *parts(only)))


def read_filter(address: object) -> Filter | None:
    """What alone is to be searched, as an address that came from a browser says; None when it is not one."""
    found = _ONLY.fullmatch(address) if isinstance(address, str) else None
    if found is None:
        return None
    try:
        return _filter(found.group(1))
    except (UnicodeDecodeError, binascii.Error):
        return None


def _filter(written: str) -> Filter:
    chosen: dict[str, list[str]] = {letter: [] for letter in "pdsft"}
    for part in written.split("/")[1:]:
        letter, dot, value = part.rpartition(".")
        chosen[letter if dot else "p"].append(_decoded(value))
    since, until = (chosen[letter][-1] if chosen[letter] else None for letter in "ft")
    perspectives, documents, speakers = (tuple(dict.fromkeys(chosen[letter])) for letter in "pds")
    return Filter(perspectives, documents, since, until, speakers)


def _encoded(text: str) -> str:
    return urlsafe_b64encode(text.encode("utf-8", "surrogatepass")).decode().rstrip("=")


def _decoded(part: str) -> str:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode("utf-8", "surrogatepass")
