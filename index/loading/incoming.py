"""Files that somebody wants to add to a corpus in, what each of them would become out; then the copies.

Whoever offers a file may mean no good: its name and its content are checked before anything is written. A file of the
corpus is never written over: the new one goes beside it, or, where that is asked for, the old one is moved away first.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import stat
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePath

from index.errors import BadDocument, UnusableFolder
from index.library import FAILED, Entry
from index.loading.load import SUFFIXES, decode
from index.loading.removal import remove
from index.plan import stamp

MAX_FILES = 50
MAX_MB = 50
MAX_TOTAL_MB = 200  # of all that are added at a time
KEPT_FREE_MB = 500  # on the disk of the corpus: the index needs room as well
_NAME = 200  # bytes of a name; file systems take 255, and a number may have to be put behind it
_HEAD = 64_000  # bytes that are looked at
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)


class Becomes(StrEnum):
    """What an offered file would become."""

    NEW = "new"
    BESIDE = "beside"  # another file has its name: it gets a number
    REPLACES = "replaces"  # the file of its name is moved away
    SAME = "same"  # the corpus holds these bytes already: nothing is done
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Incoming:
    """An offered file, looked at."""

    file: Path
    name: str  # as it was offered
    becomes: Becomes
    to: str = ""  # its path in the corpus; where the same bytes lie, if it is SAME
    problem: str = ""  # why it is refused, as a sentence

    @property
    def is_added(self) -> bool:
        """Whether it would be copied."""
        return self.becomes in (Becomes.NEW, Becomes.BESIDE, Becomes.REPLACES)


def examine(
    corpus: Path,
    files: Sequence[Path],
    entries: Iterable[Entry],
    *,
    replace: bool = False,
    free: int | None = None,
) -> tuple[Incoming, ...]:
    """What these files would become. Nothing is written.

    Args:
        entries: what is indexed.
        replace: take the place of a file of the same name, instead of going beside it.
        free: bytes that the disk of the corpus has free; it is asked where they are not given.

    Raises:
        UnusableFolder: the corpus is not there.
    """
    # What has changed on the disk since does not hold these bytes any more.
    held = {
        entry.sha256: entry.id
        for entry in entries
        if entry.state != FAILED and entry.stamp and entry.stamp == stamp(corpus / entry.id)
    }
    replaced = {file.name for file in files if replace and os.path.lexists(corpus / file.name)}
    offered: dict[str, str] = {}  # by hash, where the bytes of an earlier one of these files go
    taken: set[str] = set()
    found: list[Incoming] = []
    room = _Room(_free_on(corpus) if free is None else free)
    for number, file in enumerate(files):
        try:
            if number >= MAX_FILES:
                raise BadDocument(
                    file.name, f"At most {MAX_FILES} files are added at a time", "Drop it once more later"
                )
            sha256, size = _checked(file)
            same = offered.get(sha256) or held.get(sha256)
            # A file that gives way to another one of these does not hold its bytes any more.
            if same is not None and (sha256 in offered or same == file.name or same not in replaced):
                found.append(Incoming(file, file.name, Becomes.SAME, same))
                continue
            room.take(file.name, size)
        except BadDocument as error:
            found.append(Incoming(file, file.name, Becomes.REFUSED, problem=error.reason))
            continue
        to, becomes = file.name, Becomes.NEW
        if os.path.lexists(corpus / to) or to in taken:
            may_go = to not in taken and _is_file(corpus / to)
            becomes = Becomes.REPLACES if replace and may_go else Becomes.BESIDE
            to = to if becomes is Becomes.REPLACES else _free(to, lambda name: name in taken or _there(corpus, name))
        taken.add(to)
        offered[sha256] = to
        found.append(Incoming(file, file.name, becomes, to))
    return tuple(found)


class _Room:
    """What may still be added, of what is added at a time and of what the disk has free."""

    def __init__(self, free: int) -> None:
        self._total, self._free = MAX_TOTAL_MB * 1_000_000, free - KEPT_FREE_MB * 1_000_000

    def take(self, name: str, size: int) -> None:
        if size > self._total:
            problem = f"With it, more than {MAX_TOTAL_MB} MB would be added at a time"
            raise BadDocument(name, problem, "Drop it once more when the others are indexed")
        if size > self._free:
            problem = f"With it, less than {KEPT_FREE_MB} MB would be left free on the disk of the corpus"
            raise BadDocument(name, problem, "Free some space, then drop it once more")
        self._total -= size
        self._free -= size


def _free_on(corpus: Path) -> int:
    try:
        return shutil.disk_usage(corpus).free
    except OSError as error:
        raise UnusableFolder(corpus, f"it cannot be read ({error.strerror})", "Check it") from error


def put(corpus: Path, incoming: Incoming) -> None:
    """Copy an examined file to where it goes. One that it replaces is moved away when the copy is whole.

    Raises:
        UnusableFolder: the corpus cannot be written, or the place was taken meanwhile.
    """
    target = corpus / incoming.to
    # Hidden, so that no index takes it for a document; in the same folder, so that it can be renamed.
    place = corpus / f".{secrets.token_hex(8)}.part" if incoming.becomes is Becomes.REPLACES else target
    try:
        with incoming.file.open("rb") as source, place.open("xb") as copy:
            try:
                shutil.copyfileobj(source, copy)
            except BaseException:
                place.unlink()
                raise
        if place != target:
            try:
                remove(corpus, incoming.to)
                place.rename(target)
            except BaseException:
                place.unlink(missing_ok=True)
                raise
    except OSError as error:
        problem = f"{incoming.name} could not be copied into it ({error.strerror})"
        raise UnusableFolder(corpus, problem, "Check it") from error


def check_name(name: str) -> None:
    """Refuse a name that no file of a corpus should have, on whatever machine the corpus is opened.

    Raises:
        BadDocument: the reason is a sentence for whoever offers the file.
    """
    shown = name if len(name) <= 100 else f"{name[:100]}…"
    if PurePath(name).suffix.lower() not in SUFFIXES:
        kinds = " ".join(sorted(SUFFIXES))
        raise BadDocument(shown, "Files of this kind cannot be read", f"These can: {kinds}")
    if len(name.encode("utf-8", "surrogatepass")) > _NAME:
        raise BadDocument(shown, f"Its name is longer than {_NAME} bytes", "Give it a shorter one")
    if name.startswith((".", "~$")):
        raise BadDocument(shown, "Its name is that of a hidden file", "Give it another one")
    if any(sign in "/\\:" or unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp") for sign in name):
        raise BadDocument(
            shown, "Its name holds characters that are invisible or belong to paths", "Give it another one"
        )
    if _DEVICES.fullmatch(name):
        raise BadDocument(shown, "Its name is that of a device on Windows", "Give it another one")


def _checked(file: Path) -> tuple[str, int]:
    """The SHA-256 of a file that can be added, and its size."""
    name = file.name
    check_name(name)
    try:
        status = file.lstat()
        if not stat.S_ISREG(status.st_mode):
            raise BadDocument(name, "This is not a file with content", "Drop the file itself")
        if status.st_size > MAX_MB * 1_000_000:
            remedy = "Put it into the corpus folder by hand, then update the index"
            raise BadDocument(name, f"The file is larger than {MAX_MB} MB", remedy)
        if not status.st_size:
            raise BadDocument(name, "The file is empty", "Put text into it")
        with file.open("rb") as opened:
            _check_content(opened.read(_HEAD), name)
            opened.seek(0)
            return hashlib.file_digest(opened, "sha256").hexdigest(), status.st_size
    except OSError as error:
        raise BadDocument(name, "The file is not there any more", "Drop it once more") from error


def _check_content(head: bytes, name: str) -> None:
    """Refuse a file whose first bytes belong to another kind than its ending says."""
    suffix = PurePath(name).suffix.lower()
    is_pdf, is_zip = b"%PDF-" in head[:1024], head.startswith(b"PK\x03\x04")
    remedy = "Give it its true ending, or save it as text"
    if suffix == ".pdf":
        if not is_pdf:
            raise BadDocument(name, "Its ending says PDF, and its content is something else", remedy)
    elif suffix == ".docx":
        if not is_zip:
            raise BadDocument(name, "Its ending says Word document, and its content is something else", remedy)
    elif head.startswith(b"%PDF-") or is_zip:
        kind = "a PDF" if is_pdf else "a packed file, such as a Word document"
        raise BadDocument(name, f"Its ending says text, and its content is {kind}", remedy)
    else:
        decode(head, name)  # refuses what is no text in any encoding


def _is_file(path: Path) -> bool:
    try:
        mode = path.lstat().st_mode
    except OSError:
        return False
    return stat.S_ISREG(mode) or stat.S_ISLNK(mode)


def _there(corpus: Path, name: str) -> bool:
    return os.path.lexists(corpus / name)


def _free(name: str, is_taken: Callable[[str], bool]) -> str:
    path, number = PurePath(name), 2
    while is_taken(free := f"{path.stem} ({number}){path.suffix}"):
        number += 1
    return free
