"""The sides of many documents, told without every card. Run: python -m pytest tests/index/test_sides.py"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import pytest

from index.errors import BadLabels
from index.labelling.labels import Labels
from index.library import INDEXED, Head
from index.sides import Sides
from index.types import Source

_BOTH = """
[perspectives.left]
label = "Left"
[perspectives.right]
label = "Right"
"""
_FOLDERS = ("", "left/", "left/essays/", "right/", "misc/")
_NAMES = ("a.txt", "b-2025.txt", "right_c.txt", "[x].txt")
FILES: Mapping[str, tuple[tuple[str, str, bytes], ...]] = {
    "none": (),
    "folders": (("sources.toml", "", f'{_BOTH}[[source]]\nmatch = "left/*"\nperspective = "left"\n'.encode()),),
    "below": (("sources.toml", "", f'{_BOTH}[[source]]\nmatch = "left/**"\nperspective = "left"\n'.encode()),),
    "deeper": (("sources.toml", "", f'{_BOTH}[[source]]\nmatch = "*/*/*"\nperspective = "right"\n'.encode()),),
    "names": (("sources.toml", "", f'{_BOTH}[[source]]\nmatch = "**/*-2025.txt"\nperspective = "right"\n'.encode()),),
    "one": (
        (
            "sources.toml",
            "",
            f'{_BOTH}[[source]]\nmatch = "left/*"\nperspective = "left"\n'
            '[[source]]\nmatch = "left/a.txt"\nperspective = "right"\n'.encode(),
        ),
    ),
    "odd name": (("sources.toml", "", f'{_BOTH}[[source]]\nmatch = "misc/[x].txt"\nperspective = "left"\n'.encode()),),
    "content": (("sources.toml", "", f'{_BOTH}[[source]]\nsha256 = "{3:064}"\nperspective = "right"\n'.encode()),),
    "pattern": (("sources.toml", "", f"{_BOTH}[patterns]\nfilename = '^(?P<perspective>left|right)_'\n".encode()),),
    "pattern of dates": (("sources.toml", "", f"{_BOTH}[patterns]\nfilename = '-(?P<published>\\d{{4}})'\n".encode()),),
    "default": (("sources.toml", "", f'{_BOTH}[defaults]\nperspective = "left"\n'.encode()),),
    "nested": (
        ("sources.toml", "", f'{_BOTH}[defaults]\nperspective = "left"\n'.encode()),
        ("left/sources.toml", "left/", b'[[source]]\nmatch = "*"\nperspective = "right"\n'),
    ),
    "trusted": (("sources.toml", "", f"{_BOTH}[defaults]\ntrust_front_matter = true\n".encode()),),
}
_SUGGESTED = f'[[source]]\nmatch = "misc/a.txt"\nsha256 = "{5:064}"\nperspective = "right"\n'.encode()


@dataclass(frozen=True)
class Whole:
    """A document as labels see it."""

    id: str
    sha256: str
    declared: str | None
    title: str | None = None
    outlet: str | None = None
    kind: str | None = None
    published: str | None = None


HEADS = [
    Head(number, f"{folder}{prefix}{name}", INDEXED, f"{number % 7:064}", declared, None)
    for number, (folder, name, (prefix, declared)) in enumerate(
        product(_FOLDERS, _NAMES, (("", None), ("right_", "right"), ("own", "own view")))
    )
]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("suggested", [None, _SUGGESTED], ids=["unsuggested", "suggested"])
def test_each_document_has_the_sides_of_its_card(name: str, suggested: bytes | None) -> None:
    labels = Labels(FILES[name], (), suggested)
    cards = {head.id: labels.resolve(Whole(head.id, head.sha256, head.declared)) for head in HEADS}
    found = Sides(labels).of(HEADS, lambda head: labels.resolve(Whole(head.id, head.sha256, head.declared)))
    assert found == [cards[head.id].sides for head in HEADS]


def test_of_a_folder_one_card_is_made() -> None:
    labels, made = Labels(FILES["folders"]), list[str]()

    def card(head: Head) -> Source:
        made.append(head.id)
        return labels.resolve(Whole(head.id, head.sha256, head.declared))

    heads = [
        Head(at, f"{folder}/{at}.txt", INDEXED, "", None, None) for folder in ("left", "right") for at in range(50)
    ]
    Sides(labels).of(heads, card)
    assert made == ["left/0.txt", "right/0.txt"]


def test_contradicting_labels_are_told_of_the_first_document_that_has_them() -> None:
    content = (
        f'{_BOTH}[[source]]\nmatch = "left/*"\nperspective = "left"\n[[source]]\nmatch = "*/*"\nperspective = "right"\n'
    )
    labels = Labels((("sources.toml", "", content.encode()),))
    heads = [Head(at, f"left/{at}.txt", INDEXED, "", None, None) for at in range(3)]
    with pytest.raises(BadLabels, match=r"left/0\.txt gets different labels"):
        Sides(labels).of(heads, lambda head: labels.resolve(Whole(head.id, head.sha256, None)))
