"""Suggestions in, `sources.suggested.toml` beside the documents out, and a table for a terminal.

That file is all that suggesting writes: the owner's own labels are never touched. A new run takes the place of the
one before it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from assistant.commands.show import plain, table
from assistant.labelling.suggest import Report, Suggestion
from assistant.writing.llm import Model
from index.labelling import label_edit
from index.labelling.labels import SUGGESTED

BY = "parallax labels suggest"
_HEAD = (
    "# Written by: parallax labels suggest. Nobody has confirmed these labels: they read “inferred” in every answer.",
    "# A new run takes their place. What you confirm goes into sources.toml, which no run changes.",
    "version = 1",
)


def write(corpus: Path, suggestions: Sequence[Suggestion], on: str) -> Path | None:
    """Put the suggestions that name a perspective beside the documents, in one step. Returns the file.

    Args:
        on: today, as an ISO date.

    Returns:
        None where there is nothing to write and no earlier file to take the place of.

    Raises:
        UnusableFolder: the folder cannot be written. What stood there before stands there still.
    """
    named = [suggestion for suggestion in suggestions if suggestion.perspective]
    if not named and not (corpus / SUGGESTED).exists():
        return None
    content = "\n".join([*_HEAD, *_entries(named, on), ""])
    return label_edit.write_suggestions(corpus, content.encode("utf-8", "replace"))


def _entries(suggestions: Iterable[Suggestion], on: str) -> Iterator[str]:
    for suggestion in suggestions:
        assert suggestion.perspective
        yield "\n[[source]]"
        if _is_text(suggestion.document):
            yield f"match = {_string(suggestion.document)}"
        yield f"sha256 = {_string(suggestion.sha256)}"
        yield f"perspective = {_string(suggestion.perspective.id)}"
        yield 'provenance = "inferred"'
        yield f"margin = {suggestion.margin:.3f}"
        yield f"by = {_string(f'{BY}, the model agreed' if suggestion.agreed else BY)}"
        yield f"on = {_string(on)}"
        yield f"quotes = [{', '.join(_string(quote) for _, quote in suggestion.sentences if _is_text(quote))}]"


def _is_text(text: str) -> bool:
    """Whether it can be written at all: half a character, as a damaged name holds it, cannot."""
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def _string(text: str) -> str:
    """A TOML string. JSON escapes all that TOML wants escaped but one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def asking(model: Model | None) -> str:
    """Before anything is sent: what goes where."""
    if model is None:
        return "No model is set, so the labelled documents alone decide."
    where = ", on this machine" if model.is_here else ""
    return f"The authors' own sentences of documents without a label are sent to {model.host}{where}."


def lines(report: Report) -> str:
    """Suggestions as a table, the sentences that decided below one another, then what was measured. For a terminal."""
    rows: list[tuple[str, str, str, str]] = []
    for suggestion in report.suggestions:
        quotes = [" ".join(quote.split()) for _, quote in suggestion.sentences] if suggestion.perspective else []
        first, *more = quotes or [_why(suggestion)]
        label = suggestion.perspective.label if suggestion.perspective else "unknown"
        label += " (the model agrees)" if suggestion.perspective and suggestion.agreed else ""
        rows += [
            (suggestion.document, label, f"{suggestion.margin:.2f}", first),
            *(("", "", "", line) for line in more),
        ]
    shown = (
        table(("document", "perspective", "margin", "decided by"), rows) if rows else ["Every document has a label."]
    )
    return plain("\n".join([*shown, "", *report.remarks]))


def _why(suggestion: Suggestion) -> str:
    near = f"; nearest: {suggestion.nearest.label}" if suggestion.nearest else ""
    return f"({suggestion.reason}{near})"
