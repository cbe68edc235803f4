"""Questions in, cited answers out.

    from assistant import Assistant, ask

    answer = ask("Does Putin want a deal?")          # the index that was built last
    with Assistant.open("my-articles") as assistant:  # or this one, for several questions
        answer = assistant.ask("And what does Macron say?", history=[answer.question])

Names are looked up when they are first used, so that importing the package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.agreement import borne_by as borne_by
    from assistant.agreement import missing as missing
    from assistant.agreement import rows_of as rows_of
    from assistant.assistant import Assistant as Assistant
    from assistant.badge import COMMENT as COMMENT
    from assistant.badge import COMMENTS as COMMENTS
    from assistant.badge import badge_of as badge_of
    from assistant.badge import who as who
    from assistant.bundle import export as export
    from assistant.bundle import exported_text as exported_text
    from assistant.cards import Card as Card
    from assistant.cards import Cards as Cards
    from assistant.cards import Justification as Justification
    from assistant.cards import Labelled as Labelled
    from assistant.cards import justified as justified
    from assistant.corpora import Corpora as Corpora
    from assistant.corpora import Opened as Opened
    from assistant.corpora import Unopened as Unopened
    from assistant.corpus import Corpus as Corpus
    from assistant.corpus import Listed as Listed
    from assistant.corpus import Status as Status
    from assistant.cuts import voice_of as voice_of
    from assistant.echoed import echo_lines as echo_lines
    from assistant.errors import AssistantError as AssistantError
    from assistant.errors import BadFilter as BadFilter
    from assistant.errors import BadQuestion as BadQuestion
    from assistant.errors import HistoryUnusable as HistoryUnusable
    from assistant.errors import ModelUnavailable as ModelUnavailable
    from assistant.errors import UnknownDocument as UnknownDocument
    from assistant.errors import UnknownPerspective as UnknownPerspective
    from assistant.errors import UnknownSpeaker as UnknownSpeaker
    from assistant.framing import Term as Term
    from assistant.framing import Use as Use
    from assistant.glance import Glance as Glance
    from assistant.history import Conversation as Conversation
    from assistant.history import History as History
    from assistant.judgement import Fault as Fault
    from assistant.judgement import Judgement as Judgement
    from assistant.narrowing import Choice as Choice
    from assistant.narrowing import Narrowing as Narrowing
    from assistant.next_questions import Next as Next
    from assistant.passage_map import PassageMap as PassageMap
    from assistant.passage_map import Point as Point
    from assistant.proof import Check as Check
    from assistant.proof import Finding as Finding
    from assistant.proof import Proof as Proof
    from assistant.proof import Verdict as Verdict
    from assistant.proof import check as check
    from assistant.proof import proven as proven
    from assistant.quoting import Quoting as Quoting
    from assistant.quoting import Who as Who
    from assistant.rewrite import cited_names as cited_names
    from assistant.saved import Reopened as Reopened
    from assistant.saved import reopen as reopen
    from assistant.shape import WrongShape as WrongShape
    from assistant.stretches import Step as Step
    from assistant.stretches import step as step
    from assistant.table import By as By
    from assistant.table import Cell as Cell
    from assistant.table import Column as Column
    from assistant.table import Difference as Difference
    from assistant.table import Part as Part
    from assistant.table import Row as Row
    from assistant.table import RowType as RowType
    from assistant.table import Same as Same
    from assistant.table import Stance as Stance
    from assistant.table import Table as Table
    from assistant.table import TableMode as TableMode
    from assistant.table_forms import to_csv as to_csv
    from assistant.table_forms import to_markdown as to_markdown
    from assistant.timeline import Dated as Dated
    from assistant.timeline import Timeline as Timeline
    from assistant.types import Answer as Answer
    from assistant.types import Assumption as Assumption
    from assistant.types import Citation as Citation
    from assistant.types import Claim as Claim
    from assistant.types import Echo as Echo
    from assistant.types import Event as Event
    from assistant.types import Found as Found
    from assistant.types import Mode as Mode
    from assistant.types import Outcome as Outcome
    from assistant.types import Reason as Reason
    from assistant.types import Removed as Removed
    from assistant.types import Standing as Standing
    from assistant.types import State as State
    from assistant.types import Turn as Turn
    from assistant.types import Verified as Verified
    from assistant.types import Writing as Writing
    from assistant.verification import verify as verify
    from assistant.watched import WatchedQuestion as WatchedQuestion
    from assistant.watched import WatchedQuestions as WatchedQuestions

_HOMES = {
    "agreement": ("borne_by", "missing", "rows_of"),
    "assistant": ("Assistant",),
    "badge": ("COMMENT", "COMMENTS", "badge_of", "who"),  # and `badge`, which has to be imported from its module
    "bundle": ("export", "exported_text"),
    "cards": (
        "Card",
        "Cards",
        "Justification",
        "Labelled",
        "justified",
    ),  # and `cards`, which has to be imported from its module
    "corpora": ("Corpora", "Opened", "Unopened"),
    "corpus": ("Corpus", "Listed", "Status"),
    "cuts": ("voice_of",),
    "echoed": ("echo_lines",),
    "errors": (
        *("AssistantError", "BadFilter", "BadQuestion", "HistoryUnusable", "ModelUnavailable", "UnknownDocument"),
        *("UnknownPerspective", "UnknownSpeaker"),
    ),
    "framing": ("Term", "Use"),
    "glance": ("Glance",),
    "history": ("Conversation", "History"),
    "judgement": ("Fault", "Judgement"),
    "narrowing": ("Choice", "Narrowing"),
    "passage_map": ("PassageMap", "Point"),
    "next_questions": ("Next",),
    "proof": ("Check", "Finding", "Proof", "Verdict", "check", "proven"),
    "quoting": ("Quoting", "Who"),
    "rewrite": ("cited_names",),
    "saved": ("Reopened", "reopen"),
    "shape": ("WrongShape",),
    "stretches": ("Step", "step"),
    "table": ("By", "Cell", "Column", "Difference", "Part", "Row", "RowType", "Same", "Stance", "Table", "TableMode"),
    "table_forms": ("to_csv", "to_markdown"),
    "timeline": ("Dated", "Timeline"),
    "types": (
        *("Answer", "Assumption", "Citation", "Claim", "Echo", "Event", "Found", "Mode", "Outcome", "Reason"),
        *("Removed", "Standing", "State", "Turn", "Verified", "Writing"),
    ),
    "verification": ("verify",),
    "watched": ("WatchedQuestion", "WatchedQuestions"),
}
_MODULES = {name: module for module, names in _HOMES.items() for name in names}
__all__ = [*_MODULES, "ask"]  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module 'assistant' has no attribute {name!r}")
    return getattr(import_module(f"assistant.{_MODULES[name]}"), name)


def ask(question: str, history: tuple[str, ...] = (), *, store: str | None = None, **only: Any) -> Answer:
    """Answer one question from an index; without a store, from the one that was built last.

    Arguments and errors as in `Assistant.stream`. For more than one question open an `Assistant`: it keeps the index
    and the model in memory.
    """
    from assistant.assistant import Assistant

    with Assistant.open(store) as assistant:
        return assistant.ask(question, history, **only)
