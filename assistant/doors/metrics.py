"""Figures of the service for Prometheus: counts and times by route and outcome. No word of a question is in them."""

from __future__ import annotations

import time
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.assistant import Assistant
from assistant.errors import AssistantError
from assistant.types import Answer
from index.errors import CorpusError

_METHODS = ("GET", "HEAD", "POST")
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)
_MODEL_FAILED = ("model_unavailable", "no_claim_left")


class Metrics:
    """The figures of one service."""

    def __init__(self, assistant: Assistant) -> None:
        self._registry = registry = CollectorRegistry()
        registry.register(_Index(assistant))
        self.requests = Counter(
            "parallax_http_requests", "Requests answered.", ["route", "method", "status"], registry=registry
        )
        self.seconds = Histogram(
            "parallax_http_request_seconds",
            "Seconds until the last byte of an answer was sent.",
            ["route", "outcome"],
            buckets=_SECONDS,
            registry=registry,
        )
        self.present = Gauge(
            "parallax_http_requests_in_progress", "Requests that are being answered.", registry=registry
        )
        self._answers = Counter(
            "parallax_answers", "Questions answered, by who wrote it.", ["mode", "outcome", "reason"], registry=registry
        )
        self._failures = Counter(
            "parallax_model_failures",
            "Answers for which the model gave nothing that could be shown.",
            registry=registry,
        )

    def note(self, answer: Answer) -> None:
        """Count an answer."""
        reason = answer.reason.code if answer.reason else "none"
        self._answers.labels(str(answer.mode), str(answer.outcome), reason).inc()
        if reason in _MODEL_FAILED:
            self._failures.inc()

    def text(self) -> bytes:
        """All of them, as Prometheus reads them."""
        return generate_latest(self._registry)


class Measured:
    """Stands in front of everything, and measures it."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, status = time.perf_counter(), 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        self._metrics.present.inc()
        try:
            await self._app(scope, receive, watched)
        finally:
            self._metrics.present.dec()
            # The path itself would name documents, and be another one with each request.
            route = getattr(scope.get("route"), "path", "other")
            method = scope["method"] if scope["method"] in _METHODS else "other"
            self._metrics.requests.labels(route, method, str(status or "none")).inc()
            self._metrics.seconds.labels(route, _outcome(status)).observe(time.perf_counter() - begun)


def _outcome(status: int) -> str:
    """What became of a request: done, refused, failed, or left by whoever asked."""
    return "left" if not status else "done" if status < 400 else "refused" if status < 500 else "failed"


class _Index(Collector):
    """What the index is now."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def collect(self) -> Iterator[GaugeMetricFamily | InfoMetricFamily]:
        """The figures, read when they are asked for; none where the index cannot be read."""
        try:
            with self._assistant.reader.pinned() as (generation, _):
                name, manifest = generation.name, generation.manifest
        except (AssistantError, CorpusError):
            yield GaugeMetricFamily("parallax_index_up", "Whether the index can be read.", 0)
            return
        yield GaugeMetricFamily("parallax_index_up", "Whether the index can be read.", 1)
        yield GaugeMetricFamily("parallax_index_passages", "Passages in the index.", manifest.passages)
        yield GaugeMetricFamily("parallax_index_documents", "Documents in the index.", manifest.documents)
        yield InfoMetricFamily("parallax_index", "The state of the index that answers.", {"generation": name})
