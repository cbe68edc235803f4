"""The scripts as the page gets them: each is one function, often put together from several files that share its scope."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from fakes import WordEmbedder, write

import ui
from assistant import Assistant
from index import Reader, Store
from index.update import update
from ui.app import build

# What is declared at the left edge is declared for the whole script; a list in braces may declare several names.
DECLARED = re.compile(r"^(?:const|let|var|(?:async )?function\*?|class) +(\w+|[{\[][^=]*[}\]])", re.MULTILINE)


def declared_twice(script: str) -> list[str]:
    names = [
        re.split(r"[:=]", part)[-1].strip(" {}[]\n") for found in DECLARED.findall(script) for part in found.split(",")
    ]
    return [name for name, times in Counter(names).items() if times > 1]


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """By the id of the component that each draws."""
    folder: Path = tmp_path_factory.mktemp("scripts")
    update(write(folder / "corpus", notes="The crane must be mended.\n"), Store(folder / "store"), WordEmbedder())
    with Assistant(Reader(Store(folder / "store"), WordEmbedder())) as assistant:
        page, _ = build(assistant)
        parts = [one["props"] for one in page.get_config_file()["components"]]
    drawn = [one for one in parts if one.get("js_on_load")]
    return {one.get("elem_id") or f"part {at}": one["js_on_load"] for at, one in enumerate(drawn)}


def test_a_script_declares_no_name_twice(scripts: Mapping[str, str]) -> None:
    chat = ("function look()", "function editable()", "function drawer(")  # of chat.js, edit.js and panel.js
    assert sum(all(name in script for name in chat) for script in scripts.values()) == 1
    assert len(scripts) >= 8
    assert {id: twice for id, script in scripts.items() if (twice := declared_twice(script))} == {}


@pytest.mark.parametrize(
    "script",
    [
        "const a = 1;\nfunction a() {}",
        "let a;\nasync function a() {}",
        "const { b, a } = c;\nconst a = 1;",
        "const { b: a } = c;\nconst [d, a] = e;",
        "function a() {}\nfunction a() {}",
    ],
)
def test_a_name_declared_twice_would_be_found(script: str) -> None:
    assert declared_twice(script) == ["a"]


def test_a_page_whose_browser_stores_nothing_is_asked_in_one_place_only() -> None:
    """Whoever reads `localStorage` itself is dead where the browser refuses it."""
    scripts = {path.name: path.read_text("utf-8") for path in Path(ui.__file__).parent.glob("*.[jp][sy]")}
    assert "localStorage" in scripts["kept.js"]
    assert [
        name for name, text in scripts.items() if name != "kept.js" and re.search(r"(local|session)Storage[.\[]", text)
    ] == []
