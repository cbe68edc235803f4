"""An answer in, what to say of its echoes out: how many origins its articles have, and which of them are one.

Worded here for every way out of the program. What documents and labels are called is in it as it is: whoever shows it
takes care of that. Pure functions.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.types import Answer, Echo, origins

_NAMED = 4  # documents that a sentence lists


def echo_lines(answer: Answer) -> list[str]:
    """A sentence each; none where every article is an origin of its own and nothing is said twice."""
    articles, independent = origins(answer.citations, answer.echoes)
    lines = [f"{articles} articles, {_count(independent, 'origin')}."] if independent < articles else []
    for echo in answer.echoes:
        lines.append(f"{''.join(f'[{number}]' for number in echo.citations)} {_joined(answer, echo)}.")
        for variant in echo.variants:
            own = answer.citation(variant.citation)
            lines.append(
                f"Two near-identical texts differ here: “{own.quote}” ({own.document.id})"
                f" and “{variant.quote}” ({variant.document})."
            )
    return lines


def _joined(answer: Answer, echo: Echo) -> str:
    """Why these documents are one origin."""
    cited = sorted({answer.citation(number).document.id for number in echo.citations})
    if echo.kind == "copy":
        return f"{len(echo.documents)} near-identical texts, 1 origin: {_listed(echo.documents)}"
    if echo.kind == "reworded":
        few = f"{_count(len(cited), 'of them is', 'of them are')} cited"
        return f"{len(echo.documents)} articles say much the same in other words; {few}: {_listed(cited)}"
    words = f"the same words of {echo.by}" if echo.by else "the same words"
    more = [id for id in echo.documents if id not in cited]
    if len(cited) == 1:
        return f"{words} stand in {_count(len(more), 'more document')}: {_listed(more)}"
    also = f"; also in {_listed(more)}" if more else ""
    return f"{len(echo.documents)} articles, 1 origin: {words} in {_listed(cited)}{also}"


def _listed(documents: Sequence[str]) -> str:
    more = len(documents) - _NAMED
    return ", ".join(documents[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
