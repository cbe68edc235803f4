"""All words that a reader sees stand in ui/words.py, so that the page can be translated."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

UI = Path(__file__).parents[2] / "ui"
PROSE = re.compile(r"[A-Za-z’']{2,} [A-Za-z’']{2,}|^[A-Z][a-z]{2,}$")
# No reader sees these: settings and headers for programs, lines of the log, what is looked for in documents.
NOT_SHOWN = re.compile(
    r"False|default-src .*|A question could not be answered\.|\"[a-z -]+\"?|claim premise|per cent|[^<]* %s"
)


def _words(source: str) -> list[str]:
    return [text for text in _strings(source) if PROSE.search(_shown(text).strip()) and not NOT_SHOWN.fullmatch(text)]


def _strings(source: str) -> list[str]:
    """The texts of a Python file but for its docstrings and types."""
    tree = ast.parse(source)
    quiet = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
        for part in ast.walk(node.body[0])
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in quiet
    ]


def _shown(markup: str) -> str:
    """What of a text is no tag, no placeholder and no style."""
    return re.sub(r"<style>.*?</style>|<[^>]*>?|^[^<]*>|\{[^}]*\}|&\w+;", " ", markup, flags=re.DOTALL)


@pytest.mark.parametrize("path", sorted(UI.glob("*.py")), ids=lambda path: path.name)
def test_python_files_of_the_page_hold_no_words(path: Path) -> None:
    if path.name == "words.py":
        return
    assert _words(path.read_text("utf-8")) == []


def test_words_would_be_found() -> None:
    source = 'x = f"<p>{y}</p>"\nz = "<b>Ask now</b>"\nbutton("Save")\n'
    assert _words(source) == ["<b>Ask now</b>", "Save"]


@pytest.mark.parametrize("path", sorted(UI.glob("*.js")), ids=lambda path: path.name)
def test_scripts_of_the_page_hold_no_words(path: Path) -> None:
    code = re.sub(r"/\*.*?\*/|(?:(?<![:\"'`])//[^\n]*)", "", path.read_text("utf-8"), flags=re.DOTALL)
    texts = [next(filter(None, found), "") for found in re.findall(r'"([^"\n]*)"|\'([^\'\n]*)\'|`([^`]*)`', code)]
    labels = re.findall(r"(?:text|title|placeholder|\"aria-label\"): *[\"'`]([A-Za-z][^\"'`$]*)", code)
    assert [text for text in texts if re.search(r"^[A-Z][a-z]+ [a-z]|[a-z]{2,}[.?!…]$", text)] == []
    assert labels == []


def test_the_style_sheet_writes_no_words() -> None:
    sheet = (UI / "page.css").read_text("utf-8")
    assert [text for text in re.findall(r'content: *"([^"]*)"', sheet) if re.search(r"[A-Za-z]{2,}", text)] == []
