"""What a reader says of a document beside its open text in, a sentence about what became of it out.

Labels and voices are corrected in the owner's own labels files, and taken back there. Anybody can call these functions
with anything: every argument is checked, and what is wrong gets a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from assistant import Assistant, AssistantError, Step, badge_of, step, voice_of
from index import UNLABELLED, CorpusError, VoiceKind
from ui import words
from ui.palette import Palette

_LONGEST = 20_000  # characters of a stretch that is corrected
_MANY = 50  # perspectives that one request may name
_WHO = ("author", "named", "unclear")

Data = dict[str, Any]


class NotUnderstood(Exception):
    """A request is none that the page makes, or no longer fits the document; the text is the sentence shown."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Words of a document that a request names."""

    document: str
    text: str  # of the whole document
    start: int
    end: int


class Corrector:
    """Corrects the labels and voices of one assistant's corpus."""

    def __init__(self, assistant: Assistant) -> None:
        self._corpus = assistant.corpus

    def functions(self) -> list[Callable[[Any], Any]]:
        """What the panel's script may call, as plain functions: Gradio writes on them, which methods do not allow."""

        def standing(asked: object) -> Data:
            return self.standing(asked)

        def relabel(asked: object) -> Data:
            return self.relabel(asked)

        def reach(asked: object) -> Data:
            return self.reach(asked)

        def correct(asked: object) -> Data:
            return self.correct(asked)

        def undo(asked: object) -> Data:
            return self.undo(asked)

        def reindex(_: object) -> Data:
            return self.reindex()

        return [standing, relabel, reach, correct, undo, reindex]

    def standing(self, asked: object) -> Data:
        """Where the document of `{"document"}` stands, where it may stand, and what else would follow it."""

        def look() -> Data:
            document = _text(_given(asked), "document")
            _, source = self._corpus.document(document)
            palette = Palette.of(self._corpus.perspectives())
            chosen = {side.id for side in source.sides}
            alike = len(self._corpus.alike(document))
            return {
                "sides": [
                    {
                        "id": side.id,
                        "style": palette.style(side.id),
                        "name": f"{palette.glyph(side.id)} {side.label}",
                        "chosen": side.id in chosen,
                    }
                    for side in self._corpus.sides()
                ],
                "alike": words.alike(alike, source.outlet) if alike and source.outlet else "",
            }

        return _answered(look)

    def relabel(self, asked: object) -> Data:
        """Say where a document stands, given as `{"document", "perspectives", "alike", "by"}`."""

        def change() -> Data:
            given = _given(asked)
            document, by = _text(given, "document"), _text(given, "by", "")
            chosen = given.get("perspectives")
            if not isinstance(chosen, list) or len(chosen) > _MANY or not all(isinstance(id, str) for id in chosen):
                raise NotUnderstood(words.NOT_UNDERSTOOD)
            before = self._corpus.perspectives()
            key = self._corpus.relabel(document, chosen, by, alike=given.get("alike") is True)
            sides = [side.label for side in self._corpus.document(document)[1].sides if side != UNLABELLED]
            said = words.STANDS_FOR.format(sides=", ".join(sides)) if sides else words.STANDS_FOR_NONE
            return {"said": said, "undo": key, "others": self._corpus.perspectives() != before}

        return _answered(change)

    def reach(self, asked: object) -> Data:
        """Words of a document, given as `{"document", "hash", "start", "end", "step"}`, a sentence further."""

        def look() -> Data:
            given = _given(asked)
            found, to = self._stretch(given), _text(given, "step")
            if to not in list(Step):
                raise NotUnderstood(words.NOT_UNDERSTOOD)
            start, end = step(found.text, (found.start, found.end), Step(to))
            if end - start > _LONGEST:
                raise NotUnderstood(words.TOO_LONG)
            return {"start": start, "end": end}

        return _answered(look)

    def correct(self, asked: object) -> Data:
        """Say who speaks in words of a document.

        Args:
            asked: `{"document", "hash", "start", "end", "words", "who", "speaker", "indirect", "by"}`, where `who` is
                "author", "named" or "unclear", and `words` are those that the reader sees there.
        """

        def change() -> Data:
            given = _given(asked)
            found, who, by = self._stretch(given), _text(given, "who"), _text(given, "by", "")
            if who not in _WHO or found.text[found.start : found.end] != given.get("words"):
                raise NotUnderstood(words.NOT_UNDERSTOOD)
            speaker = _text(given, "speaker", "").strip() if who == "named" else None
            if speaker == "":
                raise NotUnderstood(words.NO_SPEAKER)
            own = VoiceKind.INDIRECT if given.get("indirect") is True else VoiceKind.DIRECT
            kind = {"named": own, "unclear": VoiceKind.UNCLEAR}.get(who)
            key = self._corpus.hear(found.document, found.start, found.end, speaker, by, kind)
            _, source, voices = self._corpus.read(found.document)
            heard = badge_of(voice_of(voices, found.start, found.end), source.title)
            return {"said": words.CORRECTED.format(voice=heard), "undo": key}

        return _answered(change)

    def undo(self, asked: object) -> Data:
        """Take back the change of `{"key"}`."""

        def change() -> Data:
            self._corpus.take_back(_text(_given(asked), "key"))
            return {"said": words.TAKEN_BACK}

        return _answered(change)

    def reindex(self) -> Data:
        """Bring the index up to the state of the folder."""

        def change() -> Data:
            report = self._corpus.update()
            return {"said": words.REINDEXED.format(plan=report.plan)}

        return _answered(change)

    def _stretch(self, given: Mapping[str, Any]) -> _Stretch:
        """The words that a request names, if they are those that it saw and those that were indexed."""
        document, seen = _text(given, "document"), _text(given, "hash")
        start, end = given.get("start"), given.get("end")
        if type(start) is not int or type(end) is not int or not 0 <= start < end:
            raise NotUnderstood(words.NOT_UNDERSTOOD)
        indexed, now = self._corpus.document(document)[0], self._corpus.current(document)
        if now is None or not seen == now.text_sha256 == indexed.text_sha256:
            raise NotUnderstood(words.NOT_AS_INDEXED)
        if end > len(now.text):
            raise NotUnderstood(words.NOT_UNDERSTOOD)
        if end - start > _LONGEST:
            raise NotUnderstood(words.TOO_LONG)
        return _Stretch(document, now.text, start, end)


def _answered(does: Callable[[], Data]) -> Data:
    """What was asked for; where that cannot be done, the sentence that says why."""
    try:
        return does()
    except (AssistantError, CorpusError, NotUnderstood) as error:
        return {"problem": str(error)}


def _given(asked: object) -> Mapping[str, Any]:
    if not isinstance(asked, dict):
        raise NotUnderstood(words.NOT_UNDERSTOOD)
    return asked


def _text(given: Mapping[str, Any], key: str, default: str | None = None) -> str:
    """What a request says under a key, where that is a text; the default where it says nothing."""
    value = given.get(key)
    if value is None and default is not None:
        return default
    if not isinstance(value, str):
        raise NotUnderstood(words.NOT_UNDERSTOOD)
    return value
