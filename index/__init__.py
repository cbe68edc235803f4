"""Files in, labelled passages out. Import from here; what is not named here belongs to the package alone.

Names are looked up when they are first used: the heavy libraries behind some of them load no earlier.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from index.balance import diversify as diversify
    from index.build import Progress as Progress
    from index.embed import Embedder as Embedder
    from index.embed import LocalEmbedder as LocalEmbedder
    from index.embed import RemoteEmbedder as RemoteEmbedder
    from index.errors import BadDocument as BadDocument
    from index.errors import BadLabels as BadLabels
    from index.errors import CorpusError as CorpusError
    from index.errors import IndexMissing as IndexMissing
    from index.errors import UnusableFolder as UnusableFolder
    from index.errors import WrongEmbedder as WrongEmbedder
    from index.filter import EVERYTHING as EVERYTHING
    from index.filter import Filter as Filter
    from index.filter import is_date as is_date
    from index.generation import STORE_NAME as STORE_NAME
    from index.generation import Store as Store
    from index.labelling.labels import LabelFiles as LabelFiles
    from index.labelling.labels import Labels as Labels
    from index.library import Entry as Entry
    from index.loading.load import SUFFIXES as SUFFIXES
    from index.plan import Plan as Plan
    from index.query import Query as Query
    from index.reader import Reader as Reader
    from index.retrieve import Retriever as Retriever
    from index.speaking.whom import AUTHOR as AUTHOR
    from index.types import UNLABELLED as UNLABELLED
    from index.types import Document as Document
    from index.types import Hit as Hit
    from index.types import Label as Label
    from index.types import Passage as Passage
    from index.types import Perspective as Perspective
    from index.types import Provenance as Provenance
    from index.types import Source as Source
    from index.types import Voice as Voice
    from index.types import VoiceKind as VoiceKind
    from index.types import Voices as Voices
    from index.update import Report as Report

_HOMES = {
    "balance": ("diversify",),
    "build": ("Progress",),
    "embed": ("Embedder", "LocalEmbedder", "RemoteEmbedder"),
    "errors": ("BadDocument", "BadLabels", "CorpusError", "IndexMissing", "UnusableFolder", "WrongEmbedder"),
    "filter": ("EVERYTHING", "Filter", "is_date"),
    "generation": ("STORE_NAME", "Store"),
    "labelling.labels": ("LabelFiles", "Labels"),
    "library": ("Entry",),
    "loading.load": ("SUFFIXES",),
    "plan": ("Plan",),
    "query": ("Query",),
    "reader": ("Reader",),
    "retrieve": ("Retriever",),
    "types": (
        *("UNLABELLED", "Document", "Hit", "Label", "Passage", "Perspective", "Provenance", "Source"),
        *("Voice", "VoiceKind", "Voices"),
    ),
    "update": ("Report",),  # and the function of that name, which has to be imported from its module
    "speaking.whom": ("AUTHOR",),
}
_MODULES = {name: module for module, names in _HOMES.items() for name in names}
__all__ = list(_MODULES)  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module 'index' has no attribute {name!r}")
    return getattr(import_module(f"index.{_MODULES[name]}"), name)
