"""Watched questions and what changed in them in, text for a terminal out. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.commands.show import plain
from assistant.watching.watched import Checked, News, WatchedQuestion
from index.filter import Filter


def listed(questions: Sequence[WatchedQuestion]) -> str:
    """Every question with its id, and what changed last."""
    if not questions:
        return "No question is watched. Watch one with: parallax watch add QUESTION"
    lines: list[str] = []
    for one in questions:
        lines += [f"{one.id}  {one.question}", *_only(one.only)]
        lines += [f"  {one.problem}"] if one.problem else []
        lines += _news(one.news[0]) if one.news else [f"  nothing changed since {_day(one.added)}"]
        lines += [f"  and before that, {_count(len(one.news) - 1, 'time')}: --json prints all"] if one.news[1:] else []
        lines += [""]
    return plain("\n".join(lines[:-1]))


def checked(found: Checked, questions: Sequence[WatchedQuestion]) -> str:
    """What a round of checks found."""
    asked = {one.id: one for one in questions}
    lines: list[str] = []
    for news in found.news:
        lines += [asked[news.question].question, *_news(news), ""] if news.question in asked else []
    changed = len({news.question for news in found.news})
    lines += [f"{_count(found.checked, 'question')} looked at, {changed} changed."]
    lines += [f"There was no time for {found.left} more; the next check begins with them."] if found.left else []
    return plain("\n".join(lines))


def _news(news: News) -> list[str]:
    lines = [f"  {_day(news.at)}"]
    for change in news.changes:
        lines += [f"  - {change['text']}"]
        lines += [f"      “{passage['quote']}” ({_place(passage)})" for passage in change["passages"]]
    return lines


def _place(passage: Mapping[str, Any]) -> str:
    labels = " / ".join(label["label"] for label in passage["perspectives"])
    return f"{labels}; {passage['document']}, characters {passage['start']}–{passage['end']}"


def _only(only: Filter) -> list[str]:
    parts = [*only.perspectives, *only.documents, *only.speakers]
    parts += [f"from {only.since} on"] if only.since else []
    parts += [f"until {only.until}"] if only.until else []
    return [f"  searched only: {', '.join(parts)}"] if parts else []


def _day(at: str) -> str:
    return at.replace("T", " ").removesuffix("Z") + " UTC"


def _count(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"
