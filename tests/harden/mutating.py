"""A file in, another file out that somebody might have damaged, or made to do harm. By a seed, always the same."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

SUFFIXES = (".txt", ".md", ".html", ".htm", ".pdf", ".docx")
_ENCODINGS = ("utf-16", "utf-32", "utf-16-be", "cp1251", "koi8_r", "shift_jis", "iso2022_jp", "cp037", "utf-7", "hz")
_NAMES = (
    "a\nb{}",
    "\x1b[31mred{}",
    "\u202egnp.exe{}",
    "-rf {}",
    "$(touch x){}",
    "'; DROP TABLE documents; --{}",
    "<img src=x onerror=alert(1)>{}",
    "{{}} ${{x}} %s{}",
    "name with \t tab{}",
    "e\u0301{}",  # decomposed
    "\u00e9{}",
    "CON{}",
    "..{}",
    "a" * 200 + "{}",
    "\u200b\u200b{}",
    "sources.toml{}",
    "\u200bzero{}",
    "\udce9\udcff{}",  # bytes that are no UTF-8
    "\U0001f70f\U00010380{}",
    "\ufdfd{}",
)


def mutated(files: Sequence[Path], count: int, seed: int) -> list[tuple[str, bytes]]:
    """So many files, each with a name that none of the others has."""
    chance = random.Random(seed)
    contents = [(file.suffix.lower(), file.read_bytes()) for file in files]
    made: list[tuple[str, bytes]] = []
    for number in range(count):
        suffix, data = chance.choice(contents)
        way = chance.choice(_WAYS)
        name = f"{number:04}-{way.__name__.strip('_')}"
        suffix, data = way(suffix, data, contents, chance)
        if way is _named:
            name = f"{number:04} " + chance.choice(_NAMES).format("")
        made.append((name + suffix, data))
    return made


_Contents = Sequence[tuple[str, bytes]]


def _flipped(suffix: str, data: bytes, _: _Contents, chance: random.Random) -> tuple[str, bytes]:
    made = bytearray(data)
    for _ in range(chance.choice((1, 8, 64, 512)) if made else 0):
        made[chance.randrange(len(made))] ^= 1 << chance.randrange(8)
    return suffix, bytes(made)


def _zeroed(suffix: str, data: bytes, _: _Contents, chance: random.Random) -> tuple[str, bytes]:
    start = chance.randrange(len(data) + 1)
    size = chance.choice((1, 100, 4096))
    return suffix, data[:start] + bytes(min(size, len(data) - start)) + data[start + size :]


def _truncated(suffix: str, data: bytes, _: _Contents, chance: random.Random) -> tuple[str, bytes]:
    return suffix, data[: chance.randrange(len(data) + 1)]


def _beheaded(suffix: str, data: bytes, _: _Contents, chance: random.Random) -> tuple[str, bytes]:
    return suffix, data[chance.randrange(len(data) + 1) :]


def _spliced(suffix: str, data: bytes, all: _Contents, chance: random.Random) -> tuple[str, bytes]:
    _, other = chance.choice(all)
    return suffix, data[: chance.randrange(len(data) + 1)] + other[chance.randrange(len(other) + 1) :]


def _repeated(suffix: str, data: bytes, _: _Contents, chance: random.Random) -> tuple[str, bytes]:
    start = chance.randrange(len(data) + 1)
    piece = data[start : start + chance.choice((3, 50, 2000))]
    return suffix, data[:start] + piece * min(chance.choice((10, 300)), 200_000 // (len(piece) or 1)) + data[start:]


def _resuffixed(_: str, data: bytes, __: _Contents, chance: random.Random) -> tuple[str, bytes]:
    return chance.choice(SUFFIXES), data


def _encoded(suffix: str, data: bytes, _: _Contents, chance: random.Random) -> tuple[str, bytes]:
    text = data[:60_000].decode("utf-8", "replace")
    return chance.choice((".txt", ".md", ".html", suffix)), text.encode(chance.choice(_ENCODINGS), "replace")


def _named(suffix: str, data: bytes, _: _Contents, chance: random.Random) -> tuple[str, bytes]:
    return chance.choice((suffix, ".txt")), data[:20_000]


def _nested(_: str, __: bytes, ___: _Contents, chance: random.Random) -> tuple[str, bytes]:
    """What a parser that calls itself would not come back from."""
    deep = chance.choice((500, 5_000, 50_000))
    word = b"The crane of Tarnby is mended. "
    return chance.choice(
        (
            (".html", b"<html><body>" + b"<div>" * deep + word * 20 + b"</div>" * deep),
            (".html", b"<table><tr><td>" * deep + word * 20),
            (".html", b"<ul><li>" * deep + word * 20),
            (".html", word * 20 + b"&lt;" * deep + b"<" * deep),
            (".md", b"> " * deep + word + b"\n" + b"[" * deep),
            (".md", b"---\na: " + b"[" * deep + b"\n---\n" + word),
            (
                ".md",
                b"---\na: &a [x, x]\n"
                + b"".join(b"b%d: &b%d [*a, *a, *a]\n" % (n, n) for n in range(9))
                + b"---\n"
                + word,
            ),
            (".txt", "“".encode() * deep + word + "”".encode() * deep),
            (".txt", (b"she said that " * deep) + b"."),
            (".txt", b"(" * deep + word),
            (".txt", b"a" * deep * 10),
            (".txt", b"\n" * deep * 10 + word),
            (".txt", ("é" + "\u0301" * deep).encode() + word),
            (".pdf", b"%PDF-1.7\n1 0 obj\n" + b"[" * deep + b"\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF"),
            (
                ".pdf",
                b"%PDF-1.7\n1 0 obj<</Type/Pages/Kids[1 0 R]/Count 9999999>>endobj\ntrailer<</Root<</Pages 1 0 R>>>>",
            ),
        )
    )


def _packed(_: str, __: bytes, ___: _Contents, chance: random.Random) -> tuple[str, bytes]:
    """An archive that becomes far more than it is, or holds what leads elsewhere."""
    size = chance.choice((1, 20, 60)) << 20
    body = chance.choice(
        (b" " * size, b"<w:p><w:r><w:t>crane </w:t></w:r></w:p>" * (size // 60), b"<w:p>" * (size // 60))
    )
    head = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    space = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
    document = chance.choice((b"", head)) + space + body + chance.choice((b"</w:body></w:document>", b"&b;"))
    types = (
        b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default '
        b'Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName='
        b'"/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.'
        b'main+xml"/></Types>'
    )
    relations = (
        b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        b'officeDocument" Target="word/document.xml"/></Relationships>'
    )
    parts = {
        "[Content_Types].xml": types,
        "_rels/.rels": relations,
        "word/document.xml": document,
        "../../../../parallax-escaped": b"x",
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, part in parts.items():  # a name alone would be packed with the time of day
            archive.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return ".docx", made.getvalue()


_Way = Callable[[str, bytes, _Contents, random.Random], tuple[str, bytes]]
_WAYS: tuple[_Way, ...] = (
    *(_flipped, _zeroed, _truncated, _beheaded, _spliced, _repeated, _resuffixed, _encoded, _named) * 2,
    _nested,
    _packed,
)
