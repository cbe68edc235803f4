"""A folder in, its readable files out; a file in, a Document out.

The text of a .txt or .md file is its decoded bytes, of the other formats what index/loading/formats.py extracts.
Nothing here knows the store, the labels or the other documents.
"""

from __future__ import annotations

import codecs
import hashlib
import os
import re
import stat
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import BadDocument, UnusableFolder
from index.loading import formats
from index.loading.formats import Extract
from index.types import Document

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

SUFFIXES = {".txt", ".md", ".html", ".htm", ".pdf", ".docx"}
MAX_BYTES = 200_000_000  # guessed: the Bible is 4 MB, a scanned book 100 MB

# ── The folder ───────────────────────────────────────────────────────────────────────────────────────────────────────


def require_folder(folder: Path) -> None:
    """Refuse what is no folder.

    Raises:
        UnusableFolder: there is none, or it cannot be reached.
    """
    try:
        is_folder = stat.S_ISDIR(folder.stat().st_mode)
    except FileNotFoundError as error:
        raise UnusableFolder(folder, "There is no such folder", "Check the path") from error
    except OSError as error:
        raise UnusableFolder(folder, f"This cannot be reached ({error.strerror})", "Check the path") from error
    if not is_folder:
        raise UnusableFolder(folder, "This is a file, not a folder", "Give the folder that holds it")


def find(folder: Path) -> Iterator[Path]:
    """All files with a readable suffix, sorted by relative path, without what is hidden.

    Links to folders are not followed: what lies in the corpus is found under its own name, what lies outside is not
    part of it. Links to files are, unless they lead out. A link that leads nowhere is found, so that load reports it.

    Raises:
        UnusableFolder: the folder, or one within it, cannot be listed.
    """
    require_folder(folder)
    root = Path(os.path.realpath(folder))
    found: list[Path] = []
    for place, folders, files in os.walk(folder, onerror=_refuse_folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [path for name in files if _readable_name(name) and _in_corpus(path := Path(place, name), root)]
    return iter(sorted(found, key=lambda path: path.relative_to(folder).as_posix()))


def _refuse_folder(error: OSError) -> None:
    # os.walk passes over a folder that it cannot list, and its documents would look deleted.
    problem = f"This folder cannot be listed ({error.strerror})"
    raise UnusableFolder(error.filename, problem, "Allow reading it, or move it out of the corpus") from error


def _readable_name(name: str) -> bool:
    # "~$..." is what Word leaves beside a document that is open.
    return not name.startswith((".", "~$")) and os.path.splitext(name)[1].lower() in SUFFIXES


def _in_corpus(path: Path, root: Path) -> bool:
    try:
        mode = path.lstat().st_mode
    except OSError:
        return True  # so that load reports it
    if stat.S_ISLNK(mode):
        return Path(os.path.realpath(path)).is_relative_to(root)
    return stat.S_ISREG(mode)


# ── The document ─────────────────────────────────────────────────────────────────────────────────────────────────────


def load(path: Path, id: str) -> Document:
    """Read one file; `id` is its path relative to the corpus.

    Raises:
        BadDocument: the file cannot be read or holds no words; the reason is for the owner of the corpus.
    """
    suffix = path.suffix.lower()
    data = _read(path, id)
    extract = _extract(data, suffix, id)
    if not re.search(r"\w", extract.text):
        raise BadDocument(id, "The file holds no words", "Put text into it, or take it out of the folder")
    language = language_of(extract.text)
    return Document(
        id=id,
        text=extract.text,
        sha256=hashlib.sha256(data).hexdigest(),
        title=extract.title,
        outlet=extract.outlet,
        author=extract.author,
        kind=extract.kind,
        published=extract.published,
        language=language,
        declared=extract.declared,
        pages=extract.pages,
        warnings=(*extract.warnings, *_text_warnings(extract.text, language)),
        extractor=extractor_of(suffix),
    )


@cache
def extractor_of(suffix: str) -> str:
    """What turns files with this suffix into text, with its version. A change of it means: read them again."""
    # The first number is ours: count it up when the same bytes give another text.
    match suffix.lower():
        case ".html" | ".htm":
            return f"html 1, trafilatura {version('trafilatura')}"
        case ".pdf":
            return f"pdf 1, pypdf {version('pypdf')}"
        case ".docx":
            return f"docx 1, python-docx {version('python-docx')}"
        case _:
            return "text 1"


def _read(path: Path, id: str) -> bytes:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise BadDocument(id, "This is not a file with content", "Take it out of the folder")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise BadDocument(
            id, "The file is no longer there, or is a link that leads nowhere", "Index the folder again"
        ) from error
    except PermissionError as error:
        raise BadDocument(id, "The file may not be read by this user", "Change its permissions") from error
    except OSError as error:
        problem = f"The file cannot be read ({error.strerror})"
        raise BadDocument(id, problem, "Check the disk, and copy the file anew") from error
    if len(data) > MAX_BYTES:
        raise BadDocument(id, f"The file is larger than {MAX_BYTES // 1_000_000} MB", "Split it into parts")
    if not data:
        raise BadDocument(id, "The file is empty", "Put text into it, or take it out of the folder")
    return data


def _extract(data: bytes, suffix: str, id: str) -> Extract:
    match suffix:
        case ".pdf":
            return formats.read_pdf(data, id)
        case ".docx":
            return formats.read_docx(data, id)
        case ".html" | ".htm":
            text, warnings = decode(data, id, declared=_declared_encoding(data))
            return formats.with_warnings(formats.read_html(text, id), warnings)
        case _:
            text, warnings = decode(data, id)
            return formats.with_warnings(formats.read_text(text, markdown=suffix == ".md"), warnings)


def _text_warnings(text: str, language: str | None) -> Iterator[str]:
    if nuls := text.count("\0"):
        yield f"The text holds {nuls} NUL {'character' if nuls == 1 else 'characters'}, kept as found."
    if language not in (None, "en"):
        yield (
            f"The text seems to be in another language than English (code: {language}). The default embedding model "
            "was trained on English: search by meaning will find less in this document."
        )


# ── Bytes to characters ──────────────────────────────────────────────────────────────────────────────────────────────

_BOMS = (  # UTF-32 before UTF-16: the little-endian marks begin alike
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Encodings that files really have. Among all that it knows, charset-normalizer takes Polish for Nordic (iso8859_10).
_LEGACY: Sequence[str] = (
    "cp1252 cp1250 cp1251 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 iso8859_2 iso8859_5 iso8859_7 iso8859_9 iso8859_15 "
    "koi8_r koi8_u cp866 mac_roman cp932 euc_jp iso2022_jp gb18030 big5 cp949 cp874"
).split()
# WHATWG: what pages mean when they declare these.
_DECLARED = {"iso8859-1": "cp1252", "ascii": "cp1252", "shift_jis": "cp932", "gb2312": "gb18030", "gbk": "gb18030"}
_SAMPLE = 64_000  # bytes for the detection, which takes 0.1 s for them and grows with the length
_CONTROLS = "".join(map(chr, (*range(0x00, 0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20), 0x7F)))


def decode(data: bytes, id: str, declared: str | None = None) -> tuple[str, tuple[str, ...]]:
    """The characters of a file, without its byte order mark, and a sentence for everything guessed or lost.

    Args:
        declared: the encoding that the file names, believed unless the bytes contradict it.

    Raises:
        BadDocument: the bytes are no text in any encoding.
    """
    text, encoding, guessed = _decoded(data, declared)
    # A tenth of random bytes are control characters. Valid UTF-8 with some is damaged text; in bytes that are not
    # even UTF-8, a few mean that there is no text. One is always allowed: DOS ends a text with Ctrl-Z.
    if sum(text.count(sign) for sign in _CONTROLS) > 1 + len(text) * (0.01 if guessed else 0.1):
        raise BadDocument(
            id, "The file holds binary data, not text", "Save it as UTF-8 text, or give it its true suffix"
        )
    warnings: list[str] = []
    if guessed and encoding != "utf-8":
        warnings.append(f"Decoded as {encoding}: a guess, since the file is not UTF-8. Look for wrong letters.")
    if lost := _lost(data, text, encoding):
        warnings.append(
            f"{lost} {'character' if lost == 1 else 'characters'} could not be decoded as {encoding} "
            "and became U+FFFD, the replacement character."
        )
    return text, tuple(warnings)


def _decoded(data: bytes, declared: str | None) -> tuple[str, str, bool]:
    """The text, its encoding, and whether that is a guess."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace"), encoding, False
    # Before the declared encoding: saved pages are often UTF-8 under an old declaration, and text in another
    # encoding is hardly ever valid UTF-8 by chance. Pure ASCII may be ISO-2022-JP, so there the declaration counts.
    for encoding in ("utf-8", declared) if declared is None or not data.isascii() else (declared, "utf-8"):
        try:
            if encoding is not None:
                return data.decode(encoding), encoding, False
        except UnicodeDecodeError:
            continue
    text = data.decode("utf-8", "replace")
    # Damaged UTF-8: in other encodings the bytes of a letter hardly ever make a valid sequence.
    if text.count("\ufffd") < sum(len(run) for run in re.findall(r"[\x80-\ufffc\U00010000-\U0010ffff]+", text)):
        return text, "utf-8", False
    for encoding in ([declared] if declared else []) + _likely_encodings(data):
        guess = data.decode(encoding, "replace")
        if guess.count("\ufffd") * 100 <= len(guess):
            return guess, encoding, encoding != declared
    return text, "utf-8", True


def _likely_encodings(data: bytes) -> list[str]:
    from charset_normalizer import from_bytes

    first = next(place.start() for place in re.finditer(rb"[\x80-\xff]", data))
    begin = max(0, data.rfind(b"\n", 0, first) + 1, first - 2_000)
    sample = data[begin : begin + _SAMPLE]
    matches = list(from_bytes(sample, cp_isolation=list(_LEGACY)))
    encodings = [match.encoding for match in matches]
    # By far the most frequent one goes first where it reads the sample as well as the best guess does, or where the
    # sample holds too few odd letters to show any other language than English.
    few = len(re.findall(rb"[\x80-\xff]", sample)) < len(sample) * 0.02
    for match in matches:
        if "cp1252" in match.could_be_from_charset and (few or match.coherence >= matches[0].coherence):
            return ["cp1252", *encodings]
    return encodings


def _lost(data: bytes, text: str, encoding: str) -> int:
    """How many replacement characters decoding put in; a file may hold some of its own."""
    if "\ufffd" not in text:
        return 0
    return text.count("\ufffd") - data.decode(encoding, "ignore").count("\ufffd")


def _declared_encoding(data: bytes) -> str | None:
    """The encoding that an HTML page names in its first bytes, where that is one that pages have."""
    found = re.search(
        rb"""<(?:meta\b[^>]*charset|\?xml\b[^>]*encoding)\s*=\s*["']?\s*([\w.:-]+)""", data[:4_096], re.IGNORECASE
    )
    if found is None:
        return None
    try:
        name = codecs.lookup(found.group(1).decode("ascii")).name
    except LookupError:
        return None
    name = _DECLARED.get(name, name)
    return name if name in {codecs.lookup(legacy).name for legacy in _LEGACY} else None


# ── Language ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def language_of(text: str) -> str | None:
    """The ISO 639-1 code of the text's language; None where it is too short or too odd to tell."""
    sample = text[:3_000]
    if sum(sign.isalpha() for sign in sample) < 60:
        return None
    code, probability = _identifier().classify(sample)
    # "zxx" is the model's word for no language. The bound is guessed; real texts of this length come out above 0.8.
    return code if probability >= 0.7 and len(code) == 2 else None


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
