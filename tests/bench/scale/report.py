"""Figures of several sizes in; a Markdown table, the exponents and pictures of the curves out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tests.bench.scale.drawing import Curve, picture
from tests.bench.scale.fit import exponent
from tests.bench.scale.stages import Figures

_AIMED_AT = 1_000_000  # passages


@dataclass(frozen=True, slots=True)
class _Measure:
    """A row of the table, and maybe a curve."""

    key: str
    name: str
    drawn: str = ""  # the picture in which it is a curve
    aim: float | None = None  # at 1,000,000 passages, at most

    @property
    def built(self) -> bool:
        """Whether it says what building takes, which an index that is made to be read alone has less of."""
        return self.key.startswith(("build_", "store_"))

    def points(self, measured: Mapping[str, Figures]) -> tuple[tuple[float, float], ...]:
        """Passages and value, for each size that can be compared with the others."""
        there = (one for one in measured.values() if self.key in one and (one["chroma"] or not self.built))
        return tuple((one["passages"], one[self.key]) for one in there)


_MEASURES = (
    _Measure("articles", "articles"),
    _Measure("build_s", "build, s", "build"),
    _Measure("build_embedded", "passages embedded for it"),
    _Measure("build_peak_mb", "build, peak memory, MB", "memory"),
    _Measure("store_mb", "store, MB", "memory"),
    _Measure("library_mb", "of it texts and words, MB"),
    _Measure("vectors_mb", "of it vectors, MB"),
    _Measure("update_s", "update of 1 %, s", "build"),
    _Measure("update_passages", "passages embedded for it"),
    _Measure("update_embedding_s", "embedding these alone, s", "build"),
    _Measure("update_rest_s", "the rest of the update, s", "build"),
    _Measure("update_peak_mb", "update, peak memory, MB"),
    _Measure("open_s", "opening, process start to first hits, s", "build", 2),
    _Measure("opened_s", "of it our own, imports included, s"),
    _Measure("open_mb", "memory then, MB"),
    _Measure("alone_p50_ms", "question, p50, ms", "questions"),
    _Measure("alone_p95_ms", "question, p95, ms", "questions", 80),
    _Measure("alone_processor_p95_ms", "its processor time, p95, ms"),
    _Measure("perspective_p50_ms", "in one perspective, p50, ms"),
    _Measure("perspective_p95_ms", "in one perspective, p95, ms", "questions"),
    _Measure("perspective_processor_p95_ms", "its processor time, p95, ms"),
    _Measure("date_p50_ms", "in a span of dates, p50, ms"),
    _Measure("date_p95_ms", "in a span of dates, p95, ms", "questions"),
    _Measure("date_processor_p95_ms", "its processor time, p95, ms"),
    _Measure("several_p50_ms", "by perspectives, dates and voice, p50, ms"),
    _Measure("several_p95_ms", "by perspectives, dates and voice, p95, ms", "questions"),
    _Measure("several_processor_p95_ms", "its processor time, p95, ms"),
    _Measure("read_mb", "reading process after all of these, MB", "memory", 3_000),
    _Measure("read_files_mb", "of it pages of files, shared with others, MB"),
    _Measure("answer_p50_ms", "whole answer without a model, p50, ms"),
    _Measure("answer_p95_ms", "whole answer without a model, p95, ms"),
    _Measure("answer_processor_p95_ms", "its processor time, p95, ms"),
    _Measure("chroma_recall_10", "recall@10 of Chroma against the exact scan"),
    _Measure("chroma_recall_100", "recall@100 of Chroma against the exact scan"),
    _Measure("scan_recall_10", "recall@10 of the scan by signs"),
    _Measure("scan_recall_100", "recall@100 of the scan by signs"),
)
_PICTURES = {
    "build": ("Time of building, updating and opening", "s"),
    "questions": ("Time of a question, p50 and p95", "ms"),
    "memory": ("Memory and disk", "MB"),
}


def table(measured: Mapping[str, Figures]) -> str:
    """One column a size. Where vectors were recalled and not embedded, its head says so."""
    sizes = list(measured.values())
    heads = [f"{one['passages']:,.0f} passages{_made(one)}" for one in sizes]
    lines = [_line(["", *heads, "wanted at 1,000,000"]), _line(["---"] * (len(heads) + 2))]
    for measure in _MEASURES:
        if any(measure.key in one for one in sizes):
            wanted = "" if measure.aim is None else f"≤ {_number(measure.aim)}{_verdict(measure, sizes)}"
            cells = [_number(one[measure.key]) if measure.key in one else "" for one in sizes]
            lines.append(_line([measure.name, *cells, wanted]))
    return "\n".join(lines)


def exponents(measured: Mapping[str, Figures]) -> str:
    """For each row how it grows with the number of passages."""
    found = {measure.name: _exponent(measure, measured) for measure in _MEASURES if measure.drawn}
    grown = [f"{name} n^{value:.2f}" for name, value in found.items() if value is not None]
    return "Grows as: " + (", ".join(grown) if grown else "not to be told from one size") + "."


def pictures(measured: Mapping[str, Figures]) -> dict[str, str]:
    """By file name."""
    drawn: dict[str, str] = {}
    for key, (title, unit) in _PICTURES.items():
        curves = [Curve(_bare(measure.name), measure.points(measured)) for measure in _MEASURES if measure.drawn == key]
        aims = [(one.aim, _bare(one.name)) for one in _MEASURES if one.drawn == key and one.aim is not None]
        aim, of = aims[0] if aims else (None, "")
        drawn[f"growth-{key}.svg"] = picture(title, unit, curves, aim, of)
    return drawn


def _exponent(measure: _Measure, measured: Mapping[str, Figures]) -> float | None:
    points = measure.points(measured)
    return exponent([passages for passages, _ in points], [value for _, value in points])


def _verdict(measure: _Measure, sizes: list[Figures]) -> str:
    reached = [one[measure.key] for one in sizes if one["passages"] >= _AIMED_AT and measure.key in one]
    if not reached or measure.aim is None:
        return ""
    return ": met" if max(reached) <= measure.aim else ": missed"


def _made(figures: Figures) -> str:
    """How an index came to be whose documents were not all read and embedded."""
    if figures["real"]:
        return ""
    return ", vectors recalled" + ("" if figures["chroma"] else ", a quarter as long, no Chroma")


def _bare(name: str) -> str:
    """The name without its unit, which stands at the axis."""
    return name.rpartition(",")[0]


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _number(value: float) -> str:
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
