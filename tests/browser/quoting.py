"""A request to a model in; what kind it is, and true quotes from the passages in it, out."""

from __future__ import annotations

from typing import Any

from tests.scripted_model import holding


def quoted(request: dict[str, Any], words: str) -> tuple[int, str]:
    """Words with the number of the passage that they stand in."""
    return holding(request, words), words


def is_rewriting(request: dict[str, Any]) -> bool:
    """Whether the model is asked for a follow-up in full, and not for an answer."""
    return request["messages"][1]["content"].startswith("EARLIER QUESTIONS")


def is_repair(request: dict[str, Any]) -> bool:
    """Whether the model is asked once more for sentences that could not be proven."""
    return "failed the check" in request["messages"][1]["content"]
