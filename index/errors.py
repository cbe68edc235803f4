"""What can go wrong with a corpus, as sentences for its owner.

CorpusError
├── UnusableFolder   the folder cannot be read, or holds nothing to read
├── BadDocument      one file cannot be read (the run goes on without it)
├── BadLabels        a labels file contradicts itself or names what does not exist
├── IndexMissing     no index has been built yet
├── StoreFormat      the index was written by another version of Parallax
├── WrongEmbedder    the index was built with another embedding model
├── StoreBusy        another process is updating the same index
├── StoreDamaged     the index does not hold what its manifest promises
├── StoreUnwritable  the index cannot be written: the disk is full, or read-only
├── VectorsUnavailable  the Chroma server that holds the vectors is not set, down, or without them
├── PlaceUnusable    where copies of an index lie cannot be reached, or what lies there cannot be used
├── IsReplica        the index is a copy, which is not changed where it is read
├── EngineUnavailable  nobody prepares documents where that was asked for: no Ray, no such cluster
└── EmbedderUnavailable  no vectors can be computed: weights missing, endpoint down
"""

from __future__ import annotations


class CorpusError(Exception):
    """A failure that the owner of the corpus can do something about; its text is the sentence shown."""

    def __reduce__(self) -> tuple[object, ...]:
        """What another process is told: the sentence as it is, and not what it was made of."""
        return _again, (type(self), self.args, self.__dict__)


def _again(kind: type[CorpusError], said: tuple[object, ...], rest: dict[str, object]) -> CorpusError:
    error = kind.__new__(kind, *said)
    error.args = said
    error.__dict__.update(rest)
    return error


class UnusableFolder(CorpusError):
    """The folder given cannot be used as a corpus."""

    def __init__(self, folder: object, problem: str, remedy: str) -> None:
        super().__init__(f"{folder}: {problem}. {remedy}")


class BadDocument(CorpusError):
    """One file cannot be turned into text. `reason` is what `parallax status` lists."""

    def __init__(self, document: str, problem: str, remedy: str) -> None:
        self.document = document
        self.reason = f"{problem}. {remedy}"
        super().__init__(f"{document}: {self.reason}")


class BadLabels(CorpusError):
    """A labels file cannot be followed."""

    def __init__(self, file: object, problem: str, remedy: str) -> None:
        super().__init__(f"{file}: {problem}. {remedy}")


class IndexMissing(CorpusError):
    """There is nothing to ask yet."""

    def __init__(self, store: object) -> None:
        super().__init__(f"There is no index in {store}. Build one with: parallax index FOLDER")


class StoreFormat(CorpusError):
    """The store's format is not the one that this version reads."""

    def __init__(self, store: object, found: object, expected: int) -> None:
        super().__init__(
            f"The index in {store} has format {found}, this version of Parallax reads format {expected}. "
            "Build it anew with: parallax index FOLDER --rebuild"
        )


class WrongEmbedder(CorpusError):
    """Vectors of two models cannot be compared."""

    def __init__(self, store: object, built_with: str, asked_with: str) -> None:
        super().__init__(
            f"The index in {store} was built with the embedding model {built_with}, and {asked_with} is set now. "
            "Set the first one again, or build the index anew with: parallax index FOLDER --rebuild"
        )


class StoreBusy(CorpusError):
    """Somebody else holds the writer's lock."""

    def __init__(self, store: object) -> None:
        super().__init__(
            f"Another process is updating the index in {store}. Wait until it has finished, then try again."
        )


class StoreDamaged(CorpusError):
    """What is on the disk does not agree with itself."""

    def __init__(self, store: object, problem: str) -> None:
        super().__init__(
            f"The index in {store} is damaged: {problem}. Build it anew with: parallax index FOLDER --rebuild"
        )


class StoreUnwritable(CorpusError):
    """The new state of the index could not be written; the old one is as it was."""

    def __init__(self, store: object, problem: str) -> None:
        super().__init__(
            f"The index in {store} could not be written ({problem}). Nothing was lost, and it answers as before. "
            "Free some space or choose another place with --store, then run the same command again."
        )


class VectorsUnavailable(CorpusError):
    """The server that holds the vectors cannot be asked."""

    def __init__(self, place: str, problem: str, remedy: str) -> None:
        super().__init__(f"{place} {problem}. {remedy}.")


class PlaceUnusable(CorpusError):
    """A place for copies of an index cannot be used, or holds what must not be taken from it."""

    def __init__(self, place: str, problem: str, remedy: str) -> None:
        super().__init__(f"{place} {problem}. {remedy}.")


class IsReplica(CorpusError):
    """Somebody wants to change a copy."""

    def __init__(self, store: object, origin: str) -> None:
        super().__init__(
            f"The index in {store} is a replica of {origin}. Change documents and labels where it was made, and "
            "publish them there with: parallax publish"
        )


class EngineUnavailable(CorpusError):
    """Documents cannot be prepared where that was asked for."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem}. {remedy}")


class EmbedderUnavailable(CorpusError):
    """No vector can be computed."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem}. {remedy}")
