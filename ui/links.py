"""A place in a document in, the address of its passage out, and back; also for a claim table. Both survive a restart.

    #p/<document>/<start>-<end>/<SHA-256 of the text>/<the 32 characters before>/<the quote>/<the 32 characters after>
    #t/<the question>/<a perspective that it is asked of>/<another one>

The document is percent-encoded, the words are in Base64: nothing that a document says is to be found in the code of the
page. So an address holds all that its passage claims, and whoever opens it can be told whether that still stands.
Anybody can write one: what it says is looked for in the document, and never shown itself.
"""

from __future__ import annotations

import binascii
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from urllib.parse import quote, unquote

from assistant import Citation, Proof

_WORDS = r"[A-Za-z0-9_-]{0,400000}"
_TABLE = re.compile(r"#t((?:/[A-Za-z0-9_-]{1,30000}){1,200})")
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


def table_link(question: str, perspectives: Sequence[str] = ()) -> str:
    """The address of the claim table of a question, asked of these perspectives, by id; of all where none is named."""
    return "/".join(("#t", *(_encoded(part) for part in (question, *perspectives))))


def read_table_link(address: object) -> tuple[str, tuple[str, ...]] | None:
    """The question and the perspectives of an address that came from a browser; None when it is not one."""
    found = _TABLE.fullmatch(address) if isinstance(address, str) else None
    if found is None:
        return None
    try:
        question, *perspectives = (_decoded(part) for part in found.group(1)[1:].split("/"))
    except (UnicodeDecodeError, binascii.Error):
        return None
    return question, tuple(perspectives)


def _encoded(text: str) -> str:
    return urlsafe_b64encode(text.encode("utf-8", "surrogatepass")).decode().rstrip("=")


def _decoded(part: str) -> str:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode("utf-8", "surrogatepass")
