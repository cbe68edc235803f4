"""What happened in, the sentence for the reader out. No word of a model or of an endpoint stands in one."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.errors import ModelUnavailable
from assistant.types import Reason
from assistant.writing.llm import Model
from index.filter import Filter


def unavailable(error: ModelUnavailable, *, stands: bool) -> Reason:
    """The model failed: before anything was verified, or in the middle."""
    rest = (
        "What was verified before that is shown."
        if stands
        else "So no text was generated; below are the sources' own words."
    )
    return Reason("model_unavailable", f"{error} {rest}")


def no_claim_left(model: Model, sentences: int, removed: int) -> Reason:
    """Everything that the model wrote failed its checks.

    Args:
        sentences: of what was removed, those that were in the form asked for.
    """
    if sentences:
        wrote = f"wrote {_count(sentences)}, none of which could be proven from the passages"
    else:
        wrote = "did not answer in the form asked for" if removed else "wrote nothing that could be checked"
    return Reason("no_claim_left", f"The model at {model.host} {wrote}. Below are the sources' own words.")


def no_row_left(model: Model, rows: int, broken: int) -> Reason:
    """Nothing that the model proposed for a table stands.

    Args:
        broken: what was to be a row, and is not in the form asked for.
    """
    if rows:
        wrote = f"proposed {'one row' if rows == 1 else f'{rows} rows'}, none of which could be proven"
    else:
        wrote = "did not answer in the form asked for" if broken else "proposed no row"
    return Reason("no_claim_left", f"The model at {model.host} {wrote}. Below are the sources' own words.")


def table_stopped() -> Reason:
    """The reader ended a table before its rows were there."""
    return Reason("stopped", "You stopped this table. Below are the sources' own words.")


def filtered_out(only: Filter) -> Reason:
    """No document passes what the reader chose to search in."""
    undated = " One without a date passes no filter by date." if only.since or only.until else ""
    return Reason("filtered_out", f"No document passes all of these filters, so nothing was searched.{undated}")


def stopped(*, stands: bool) -> Reason:
    """The reader pressed Stop."""
    what = "What was verified by then is shown" if stands else "No sentence was verified by then"
    return Reason("stopped", f"You stopped this answer. {what}.")


def not_answered(model: Model, passages: int) -> Reason:
    """The model read what was found, and said that it does not answer the question."""
    shown = f"{passages} passages" if passages != 1 else "the one passage"
    return Reason("not_answered", f"The model at {model.host} read {shown} and found no answer in them.")


def partly_answered(missing: Sequence[str]) -> Reason:
    """The model said so; the parts are the reader's own words."""
    parts = ", ".join(f"“{part}”" for part in missing)
    what = f"this part of your question: {parts}" if parts else "a part of your question"
    return Reason("partly_answered", f"No passage was found that answers {what}.")


def with_rule(failure: Reason, rule: Reason) -> Reason:
    """A model failed, and a rule holds that the corpus does not answer: both are said, the failure first."""
    return Reason(failure.code, f"{failure.text} {rule.text}")


def answering(model: Model | None, embedding_host: str | None, vectors_host: str | None = None) -> str:
    """Who writes the answers and what leaves this machine.

    Args:
        embedding_host, vectors_host: where texts are embedded and where vectors are kept, if that is elsewhere.
    """
    apart = [f"Questions and passages are sent to {embedding_host} to be embedded."] if embedding_host else []
    if vectors_host:
        apart.append(f"The vectors of questions and passages, not their words, are sent to {vectors_host}.")
    if model is None:
        sent = apart or ["Nothing leaves this machine."]
        return " ".join(["No model is set: answers are digests, the sources' own sentences.", *sent])
    writes = (
        f"Answers are written by {model.shown_name}; no sentence is shown before it is checked against its passages."
    )
    sent_to = f"Questions and the passages found are sent to {model.host}"
    if model.is_here:
        sent_to += ", on this machine" if apart else ", on this machine; nothing leaves it"
    return " ".join([writes, f"{sent_to}.", *apart])


def _count(sentences: int) -> str:
    return "one sentence" if sentences == 1 else f"{sentences} sentences"
