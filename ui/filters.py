"""What a reader narrows a search to: looked up by a few letters, named in words, and told where it is gone.

Anybody can call this with anything: every argument is checked, and what is wrong gets a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import gradio as gr

from assistant import Assistant, AssistantError, BadFilter, Choice, Narrowing
from index import AUTHOR, CorpusError, Filter, is_date
from ui import words
from ui.links import parts, read_filter
from ui.narrowed import Narrowed
from ui.palette import Palette
from ui.scripts import script
from ui.words import count

_OFFERED = 12  # documents or speakers, of however many
_NAMED = 3  # perspectives, in the line of an answer
_LONGEST = 200  # characters of what is typed

Data = dict[str, Any]


class Filters:
    """What the searches with one assistant can be narrowed to."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._narrowing = Narrowing(assistant.reader)

    def narrowed(self, only: Filter) -> tuple[Narrowed, ...]:
        """A filter in words, one for each thing that is chosen; also what no longer exists is named."""
        if not only:
            return ()
        texts = [self._narrowing.title(document) for document in only.documents]
        texts += [words.THE_AUTHORS if name.casefold() == AUTHOR else name for name in only.speakers]
        texts += [words.SINCE.format(date=only.since)] if only.since else []
        texts += [words.UNTIL.format(date=only.until)] if only.until else []
        rest = parts(replace(only, perspectives=()))
        return (*self._sides(only), *(Narrowed(part, text) for part, text in zip(rest, texts, strict=True)))

    def _sides(self, only: Filter) -> Iterator[Narrowed]:
        """The perspectives of a filter as one part: those that it names, or those that it leaves out."""
        if not only.perspectives:
            return
        known = self._assistant.corpus.perspectives()
        palette, labels = Palette.of(known), {side.id: side.label for side in known}
        out = [id for id in labels if id not in only.perspectives]
        few = 0 < len(out) < len(only.perspectives) and set(only.perspectives) <= set(labels)
        named = [f"{palette.glyph(id)} {labels.get(id, id)}" for id in (out if few else only.perspectives)]
        more = [words.AND_MORE.format(count=len(named) - _NAMED)] if len(named) > _NAMED else []
        said = ", ".join([*named[:_NAMED], *more])
        yield Narrowed(
            "/".join(parts(Filter(perspectives=only.perspectives))), words.ALL_BUT.format(sides=said) if few else said
        )

    def known(self, asked: object) -> Data:
        """What there is to choose, and what of the filter of `{"only"}` still exists, in words."""
        only = read_filter(asked.get("only") if isinstance(asked, dict) else None)
        if only is None:
            return {"note": words.NOT_UNDERSTOOD}
        try:
            left = self._narrowing.left(only)
            known = self._assistant.corpus.perspectives()
            counts = {
                "documents": self._narrowing.documents("", 0).count,
                "speakers": self._narrowing.speakers("", 0).count,
            }
            chosen = self.narrowed(replace(left, perspectives=()))
        except (AssistantError, CorpusError) as error:
            return {"note": str(error)}
        palette = Palette.of(known)
        gone = Filter(
            perspectives=_without(only.perspectives, left.perspectives),
            documents=_without(only.documents, left.documents),
            speakers=_without(only.speakers, left.speakers),
        )
        lost = ", ".join((*gone.perspectives, *gone.documents, *gone.speakers))
        return {
            "perspectives": [
                {"part": next(parts(Filter((side.id,)))), "name": f"{palette.glyph(side.id)} {side.label}"}
                for side in known
            ],
            "chosen": [{"part": entry.part, "name": entry.text} for entry in chosen],
            "gone": list(parts(gone)),
            "counts": counts,
            "notes": {"since": _problem(words.FROM, only.since), "until": _until(only)},
            "note": words.FILTERS_GONE.format(names=lost) if lost else "",
        }

    def suggest(self, asked: object) -> Data:
        """The first documents or speakers that fit `{"kind", "text"}`, and how many do."""
        kind, text = (asked.get("kind"), asked.get("text")) if isinstance(asked, dict) else (None, None)
        if kind not in ("documents", "speakers") or not isinstance(text, str):
            return {"note": words.NOT_UNDERSTOOD, "options": []}
        try:
            look = self._narrowing.documents if kind == "documents" else self._narrowing.speakers
            found = look(text[:_LONGEST], _OFFERED)
        except (AssistantError, CorpusError) as error:
            return {"note": str(error), "options": []}
        options = [_option(choice, kind) for choice in found.shown]
        if kind == "speakers" and not text.strip():
            options.insert(0, _option(Choice(AUTHOR, words.THE_AUTHORS), kind))
        if not found.count:
            return {"note": words.NOTHING_FITS, "options": options}
        more = found.count - len(found.shown)
        return {"note": words.MORE_FIT.format(count=f"{more:,}") if more else "", "options": options}

    def functions(self) -> list[Callable[[Any], Any]]:
        """What the script may call, as plain functions: Gradio writes on them, which methods do not allow."""

        def known(asked: object) -> Data:
            return self.known(asked)

        def suggest(asked: object) -> Data:
            return self.suggest(asked)

        return [known, suggest]


def checked(only: Filter) -> Filter:
    """The same filter.

    Raises:
        BadFilter: a date is none; named as the page names it.
    """
    for name, value in ((words.FROM, only.since), (words.TO, only.until)):
        if value is not None and not is_date(value):
            raise BadFilter(name, value)
    return only


def filters_view(filters: Filters) -> None:
    """Lay the filters out; everything in them is drawn by their script."""
    gr.HTML(
        elem_id="narrow",
        html_template=f'<section class="filters" aria-label="{words.FILTERS}"></section>',
        js_on_load=script("filters.js", given=words.NARROW),
        server_functions=filters.functions(),
        apply_default_css=False,
    )


def _option(choice: Choice, kind: str) -> Data:
    only = Filter(documents=(choice.value,)) if kind == "documents" else Filter(speakers=(choice.value,))
    spoken = words.SPEAKS_IN.format(documents=count(choice.documents, "document")) if choice.documents else ""
    return {"part": next(parts(only)), "name": choice.name, "facts": spoken or " · ".join(choice.facts)}


def _without(names: Sequence[str], left: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name not in left)


def _problem(name: str, value: str | None) -> str:
    return "" if value is None or is_date(value) else str(BadFilter(name, value))


def _until(only: Filter) -> str:
    """What is wrong with the second date: alone, or beside the first."""
    if only.until is None or not is_date(only.until) or only.since is None or not is_date(only.since):
        return _problem(words.TO, only.until)
    shorter = min(len(only.since), len(only.until))
    return words.NO_TIME if only.since[:shorter] > only.until[:shorter] else ""
