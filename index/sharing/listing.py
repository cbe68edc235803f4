"""What is written down of a published state: which blocks its files consist of. All of it is untrusted when read.

    URL/
      CURRENT            the name of the published state, with the hash and the size of its listing
      states/NAME.json   its listing; the last few are kept, for those who are reading them
      blocks/ab/ab12...  stretches of files, each named by its SHA-256; states share those that they have in common

A listing names no path. A state has three files, whose names this program knows: the library, the matrix and the
labels. Vectors for the search of the whole corpus are made from the matrix by whoever reads the copy.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.errors import PlaceUnusable
from index.sharing.blocks import LARGEST

POINTER = "CURRENT"
LONGEST_POINTER, LONGEST_LISTING = 1 << 12, 1 << 26  # bytes
LABELS, LIBRARY, MATRIX = "labels.json", "library.sqlite", "matrix.f32"

_Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
_Part = tuple[_Sha256, Annotated[int, Field(ge=1, le=LARGEST)]]
_Count = Annotated[int, Field(ge=0, le=1 << 40)]
_Word = Annotated[str, Field(max_length=300)]


class Pointer(BaseModel):
    """Which state is published."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    format: Literal[1]
    state: Annotated[str, Field(pattern=r"^[0-9]{8}-[0-9a-f]{8}$")]
    sha256: _Sha256
    size: Annotated[int, Field(ge=1, le=LONGEST_LISTING)]

    @property
    def path(self) -> str:
        """Where its listing lies."""
        return f"states/{self.state}.json"


class Listing(BaseModel):
    """A published state."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1]
    index: int  # the format of the store
    corpus: _Word  # what its folder is called
    generation: _Word
    embedder: _Word
    embedder_name: _Word
    dimensions: Annotated[int, Field(ge=1, le=1 << 16)]
    passages: _Count
    documents: _Count
    built: _Word
    published: _Word  # ISO time, UTC
    # That holds its vectors on a Chroma server.
    collection: Annotated[str, Field(pattern=r"^parallax-[0-9a-f]{16}-g[0-9]{6,12}-[0-9a-f]{8}$")] | None
    library: tuple[_Part, ...]
    matrix: tuple[_Part, ...]
    labels: tuple[_Part, ...]

    @property
    def files(self) -> dict[str, tuple[_Part, ...]]:
        """The parts of its files, by their names in a generation."""
        return {LIBRARY: self.library, MATRIX: self.matrix, LABELS: self.labels}

    @property
    def parts(self) -> Iterator[_Part]:
        """Those of all files."""
        for parts in self.files.values():
            yield from parts


def block_path(sha256: str) -> str:
    """Where a block lies."""
    return f"blocks/{sha256[:2]}/{sha256}"


def read_pointer(place: str, data: bytes) -> Pointer:
    """What CURRENT says.

    Raises:
        PlaceUnusable: that cannot be followed.
    """
    return _read(Pointer, place, POINTER, data)


def read_listing(place: str, path: str, data: bytes) -> Listing:
    """What a listing says; errors as in `read_pointer`."""
    return _read(Listing, place, path, data)


_Model = TypeVar("_Model", bound=BaseModel)


def _read(model: type[_Model], place: str, path: str, data: bytes) -> _Model:
    try:
        return model.model_validate_json(data)
    except ValidationError as error:
        raise PlaceUnusable(
            place, f"holds a {path} that this Parallax cannot follow", "Publish there again with: parallax publish"
        ) from error
