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
    from assistant.answering.echoed import echo_lines as echo_lines
    from assistant.assistant import Assistant as Assistant
    from assistant.badge import COMMENT as COMMENT
    from assistant.badge import COMMENTS as COMMENTS
    from assistant.badge import badge_of as badge_of
    from assistant.badge import who as who
    from assistant.care.cards import Card as Card
    from assistant.care.cards import Cards as Cards
    from assistant.care.cards import Justification as Justification
    from assistant.care.cards import Labelled as Labelled
    from assistant.care.cards import justified as justified
    from assistant.care.stretches import Step as Step
    from assistant.care.stretches import step as step
    from assistant.checking.cuts import voice_of as voice_of
    from assistant.corpora import Corpora as Corpora
    from assistant.corpora import Opened as Opened
    from assistant.corpora import Unopened as Unopened
    from assistant.corpus import Corpus as Corpus
    from assistant.corpus import Listed as Listed
    from assistant.corpus import Status as Status
    from assistant.errors import AssistantError as AssistantError
    from assistant.errors import BadFilter as BadFilter
    from assistant.errors import BadQuestion as BadQuestion
    from assistant.errors import HistoryUnusable as HistoryUnusable
    from assistant.errors import ModelUnavailable as ModelUnavailable
    from assistant.errors import UnknownDocument as UnknownDocument
    from assistant.errors import UnknownPerspective as UnknownPerspective
    from assistant.errors import UnknownSpeaker as UnknownSpeaker
    from assistant.exporting.bundle import export as export
    from assistant.exporting.bundle import exported_text as exported_text
    from assistant.exporting.proof import Check as Check
    from assistant.exporting.proof import Finding as Finding
    from assistant.exporting.proof import Proof as Proof
    from assistant.exporting.proof import Verdict as Verdict
    from assistant.exporting.proof import check as check
    from assistant.exporting.proof import proven as proven
    from assistant.exporting.shape import WrongShape as WrongShape
    from assistant.exporting.verification import verify as verify
    from assistant.keeping.history import Conversation as Conversation
    from assistant.keeping.history import History as History
    from assistant.keeping.judgement import Fault as Fault
    from assistant.keeping.judgement import Judgement as Judgement
    from assistant.keeping.saved import Reopened as Reopened
    from assistant.keeping.saved import reopen as reopen
    from assistant.labelling.framing import Term as Term
    from assistant.labelling.framing import Use as Use
    from assistant.overview.glance import Glance as Glance
    from assistant.overview.passage_map import PassageMap as PassageMap
    from assistant.overview.passage_map import Point as Point
    from assistant.overview.quoting import Quoting as Quoting
    from assistant.overview.quoting import Who as Who
    from assistant.overview.timeline import Dated as Dated
    from assistant.overview.timeline import Timeline as Timeline
    from assistant.question.narrowing import Choice as Choice
    from assistant.question.narrowing import Narrowing as Narrowing
    from assistant.question.next_questions import Next as Next
    from assistant.question.rewrite import cited_names as cited_names
    from assistant.tables.agreement import borne_by as borne_by
    from assistant.tables.agreement import missing as missing
    from assistant.tables.agreement import rows_of as rows_of
    from assistant.tables.table import By as By
    from assistant.tables.table import Cell as Cell
    from assistant.tables.table import Column as Column
    from assistant.tables.table import Difference as Difference
    from assistant.tables.table import Part as Part
    from assistant.tables.table import Row as Row
    from assistant.tables.table import RowType as RowType
    from assistant.tables.table import Same as Same
    from assistant.tables.table import Stance as Stance
    from assistant.tables.table import Table as Table
    from assistant.tables.table import TableMode as TableMode
    from assistant.tables.table_forms import to_csv as to_csv
    from assistant.tables.table_forms import to_markdown as to_markdown
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
    from assistant.watching.watched import WatchedQuestion as WatchedQuestion
    from assistant.watching.watched import WatchedQuestions as WatchedQuestions

_HOMES = {
    "tables.agreement": ("borne_by", "missing", "rows_of"),
    "assistant": ("Assistant",),
    "badge": ("COMMENT", "COMMENTS", "badge_of", "who"),  # and `badge`, which has to be imported from its module
    "exporting.bundle": ("export", "exported_text"),
    "care.cards": (
        "Card",
        "Cards",
        "Justification",
        "Labelled",
        "justified",
    ),  # and `cards`, which has to be imported from its module
    "corpora": ("Corpora", "Opened", "Unopened"),
    "corpus": ("Corpus", "Listed", "Status"),
    "checking.cuts": ("voice_of",),
    "answering.echoed": ("echo_lines",),
    "errors": (
        *("AssistantError", "BadFilter", "BadQuestion", "HistoryUnusable", "ModelUnavailable", "UnknownDocument"),
        *("UnknownPerspective", "UnknownSpeaker"),
    ),
    "labelling.framing": ("Term", "Use"),
    "overview.glance": ("Glance",),
    "keeping.history": ("Conversation", "History"),
    "keeping.judgement": ("Fault", "Judgement"),
    "question.narrowing": ("Choice", "Narrowing"),
    "overview.passage_map": ("PassageMap", "Point"),
    "question.next_questions": ("Next",),
    "exporting.proof": ("Check", "Finding", "Proof", "Verdict", "check", "proven"),
    "overview.quoting": ("Quoting", "Who"),
    "question.rewrite": ("cited_names",),
    "keeping.saved": ("Reopened", "reopen"),
    "exporting.shape": ("WrongShape",),
    "care.stretches": ("Step", "step"),
    "tables.table": (
        *("By", "Cell", "Column", "Difference", "Part", "Row", "RowType", "Same", "Stance"),
        *("Table", "TableMode"),
    ),
    "tables.table_forms": ("to_csv", "to_markdown"),
    "overview.timeline": ("Dated", "Timeline"),
    "types": (
        *("Answer", "Assumption", "Citation", "Claim", "Echo", "Event", "Found", "Mode", "Outcome", "Reason"),
        *("Removed", "Standing", "State", "Turn", "Verified", "Writing"),
    ),
    "exporting.verification": ("verify",),
    "watching.watched": ("WatchedQuestion", "WatchedQuestions"),
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
