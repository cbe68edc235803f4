"""Documents that labels do not tell apart, told without every card. Run: python -m pytest tests/index/test_alike.py"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import pytest

from index.alike import Alike
from index.labelling.labels import Labels
from index.library import INDEXED, Head
from index.types import Source

_BOTH = """
[perspectives.left]
label = "Left"
[perspectives.right]
label = "Right"
"""
_FOLDERS = ("", "left/", "left/essays/", "right/", "misc/")
_DATES = (None, "2019", "2020-02-02")
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
    "pattern of both": (
        (
            "sources.toml",
            "",
            f"{_BOTH}[patterns]\nfilename = '^(?P<perspective>left|right)_.*?(?P<published>\\d{{4}})?\\.txt$'\n".encode(),
        ),
    ),
    "dates": (
        (
            "sources.toml",
            "",
            f'{_BOTH}[[source]]\nmatch = "left/*"\npublished = "2011"\n[[source]]\nmatch = "**/b*"\n'
            'published = "2012"\n[[source]]\nmatch = "misc/a.txt"\npublished = "2013-01"\n'.encode(),
        ),
        ("right/sources.toml", "right/", b"[patterns]\nfilename = '(?P<published>\\d{4})'\n"),
    ),
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
    published: str | None = None
    title: str | None = None
    outlet: str | None = None
    kind: str | None = None


HEADS = [
    Head(number, f"{folder}{prefix}{name}", INDEXED, f"{number % 7:064}", declared, _DATES[number % 5 % 3], None)
    for number, (folder, name, (prefix, declared)) in enumerate(
        product(_FOLDERS, _NAMES, (("", None), ("right_", "right"), ("own", "own view")))
    )
]


def card(labels: Labels, head: Head) -> Source:
    return labels.resolve(Whole(head.id, head.sha256, head.declared, head.published))


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("suggested", [None, _SUGGESTED], ids=["unsuggested", "suggested"])
@pytest.mark.parametrize("dated", [False, True], ids=["sides", "sides and dates"])
def test_what_is_alike_has_the_sides_of_each_card_and_its_date(name: str, suggested: bytes | None, dated: bool) -> None:
    labels = Labels(FILES[name], (), suggested)
    groups = Alike(labels, dated=dated).groups(HEADS)
    assert sorted(head.key for group in groups for head in group) == [head.key for head in HEADS]
    for group in groups:
        first, cards = card(labels, group[0]), [card(labels, head) for head in group]
        assert [one.sides for one in cards] == [first.sides] * len(cards)
        assert not dated or [one.published for one in cards] == [first.published] * len(cards)


def test_groups_and_their_documents_keep_their_order() -> None:
    groups = Alike(Labels(FILES["nested"])).groups(HEADS)
    assert [group[0].key for group in groups] == sorted(group[0].key for group in groups)
    assert all(group == sorted(group) for group in groups)


@pytest.mark.parametrize(
    ("name", "dated", "count"),
    [
        ("folders", False, 2),
        ("folders", True, 2),
        ("pattern of dates", False, 2),
        ("pattern of dates", True, 8),  # four years in either folder
        ("pattern", False, 2),
    ],
)
def test_documents_of_one_folder_are_told_apart_only_by_what_is_read_in_their_names(
    name: str, dated: bool, count: int
) -> None:
    names = [f"{folder}/{at}-{2020 + at % 4}.txt" for folder in ("left", "right") for at in range(40)]
    heads = [Head(at, id, INDEXED, "", None, None, None) for at, id in enumerate(names)]
    assert len(Alike(Labels(FILES[name]), dated=dated).groups(heads)) == count


def test_documents_that_are_dated_by_themselves_are_told_apart_by_it_where_that_is_asked() -> None:
    heads = [Head(at, f"left/{at}.txt", INDEXED, "", None, f"{2020 + at % 3}", None) for at in range(30)]
    assert [len(Alike(Labels(()), dated=dated).groups(heads)) for dated in (False, True)] == [1, 3]
