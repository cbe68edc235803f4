"""Schemathesis over the description of the HTTP service: what it sends is answered as the description says.

A real server on this machine; the same requests at each run.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from ferry import LABELS, TEXTS, listening
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from assistant import Assistant
from assistant.doors import tokens
from assistant.doors.http import application
from assistant.doors.limits import Limits
from index import Reader, Store
from index.update import update
from tests.fakes import WordEmbedder, write

REQUESTS = 40  # for each route, and as many that its description does not allow
NOTHING_TO_GET_WRONG = ("GET /v1/status", "GET /v1/update", "GET /healthz", "GET /readyz", "GET /metrics")
ROUTES = (
    *("POST /v1/ask", "POST /v1/search", "POST /v1/verify", "POST /v1/documents"),
    *("GET /v1/documents", "GET /v1/documents/{document}/text"),
    *NOTHING_TO_GET_WRONG,
)
TRIED = [
    (route, mode)
    for route in ROUTES
    for mode in GenerationMode
    if mode is GenerationMode.POSITIVE or route not in NOTHING_TO_GET_WRONG
]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = write(tmp_path_factory.mktemp("described") / "corpus", **TEXTS)
    (folder / "sources.toml").write_text(LABELS)
    update(folder, Store(folder / ".parallax"), WordEmbedder())
    with Assistant(Reader(Store(folder / ".parallax"), WordEmbedder())) as assistant:
        token = tokens.write(folder.parent / "tokens", "everything", tokens.Scope)
        known = tokens.Tokens(folder.parent / "tokens")
        app = application(assistant, tokens=known, limits=Limits(per_minute=1_000_000, burst=1_000_000))
        with listening(app) as url:
            while httpx.get(f"{url}/readyz").status_code != 200:
                time.sleep(0.02)
            schema = schemathesis.openapi.from_url(f"{url}/openapi.json")
            yield schema, {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize(("route", "mode"), TRIED, ids=lambda value: str(getattr(value, "value", value)))
def test_every_request_is_answered_as_the_description_says(
    service: Any, caplog: pytest.LogCaptureFixture, route: str, mode: GenerationMode
) -> None:
    schema, headers = service
    operation = schema.find_operation_by_label(route)

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=REQUESTS,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def answered(case: schemathesis.Case) -> None:
        # A request that fits its description can still ask for what is not there.
        case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])

    answered()
    assert not [record for record in caplog.records if record.exc_info]


def test_every_route_is_tried(service: Any) -> None:
    assert {operation.ok().label for operation in service[0].get_all_operations()} == set(ROUTES)


def test_another_answer_than_described_would_be_noticed(service: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    schema, headers = service
    monkeypatch.setattr("assistant.doors.reading.state", lambda _: {"unexpected": True})
    with pytest.raises(schemathesis.core.failures.FailureGroup):
        schema["/v1/status"]["GET"].Case().call_and_validate(headers=headers)
